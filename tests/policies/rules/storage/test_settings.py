from __future__ import annotations

from facts.tiers import Tier
from policies.model import Stack
from policies.rules.storage.claims import ApprovedClasses, volumes_name_approved_storage_class
from tests.policies.rules.cases import changed
from tests.policies.rules.storage.good import DATABASE


def test_the_packs_configuration_replaces_the_approved_names() -> None:
    given = ApprovedClasses.model_validate({"storageClasses": ["fast"]})
    stack = Stack(name="production", project="plinth", tier=Tier.PRODUCTION, settings={ApprovedClasses: given})
    preset = changed(DATABASE, {"spec.volumeClaimTemplates[0].spec.storageClassName": "gp3-retain"})
    assert list(volumes_name_approved_storage_class.check([DATABASE], stack)) == []
    (finding,) = volumes_name_approved_storage_class.check([preset], stack)
    assert finding.value == "'gp3-retain'"
