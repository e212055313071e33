from __future__ import annotations

from facts.tiers import Tier
from policies.rules.storage.classes import storage_class_allows_expansion, storage_class_encrypts_volumes, storage_class_retains_volumes
from tests.policies.rules.cases import accepts, cases, refuses, undecided
from tests.policies.rules.storage.good import AZURE_CLASS, DATABASE, FAST

CASES = (
    *cases(
        storage_class_allows_expansion,
        accepts(FAST),
        accepts(AZURE_CLASS),
        refuses(FAST, {"allowVolumeExpansion": False}, beside=[DATABASE]),
        refuses(FAST, {"allowVolumeExpansion": None}, beside=[DATABASE]),
        refuses(AZURE_CLASS, {"allowVolumeExpansion": None}),
        undecided(AZURE_CLASS, "allowVolumeExpansion"),
        undecided(FAST, "allowVolumeExpansion"),
    ),
    *cases(
        storage_class_retains_volumes,
        accepts(FAST),
        accepts(AZURE_CLASS),
        accepts(FAST, {"reclaimPolicy": "Delete"}, beside=[DATABASE], tier=Tier.STAGING),
        refuses(FAST, {"reclaimPolicy": "Delete"}, beside=[DATABASE]),
        refuses(FAST, {"reclaimPolicy": None}, beside=[DATABASE]),
        refuses(AZURE_CLASS, {"reclaimPolicy": None}),
        undecided(FAST, "reclaimPolicy"),
    ),
    *cases(
        storage_class_encrypts_volumes,
        accepts(FAST),
        accepts(AZURE_CLASS),
        accepts(AZURE_CLASS, {"parameters.skuName": "PremiumV2_LRS", "parameters.diskEncryptionSetID": "/subscriptions/…"}),
        refuses(FAST, {"parameters.encrypted": "false"}, beside=[DATABASE]),
        refuses(FAST, {"parameters.encrypted": None}, beside=[DATABASE]),
        refuses(FAST, {"parameters": None}, at="parameters.encrypted", beside=[DATABASE]),
        undecided(FAST, "parameters.encrypted"),
        undecided(FAST, "provisioner"),
    ),
)
