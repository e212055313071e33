"""Good resources that hold no credential."""

from __future__ import annotations

import base64

from policies.cloudnative_pg import OBJECT_STORE
from policies.config_maps import CONFIG_MAP_TYPE
from policies.rules.secrets.objects import BOOTSTRAP_ANNOTATION, SECRET
from policies.values import Secret
from tests.policies.rules.cases import good


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


INLINE = good(
    SECRET,
    {
        "metadata": {"name": "vault-unseal", "annotations": {BOOTSTRAP_ANNOTATION: "Vault cannot unseal itself without it"}},
        "stringData": {"password": "hunter2"},
    },
)
BARE = good(SECRET, {"metadata": {"name": "token"}})
STORE = good(
    OBJECT_STORE,
    {
        "metadata": {"name": "backups"},
        "spec": {
            "configuration": {
                "destinationPath": "s3://backups/",
                "s3Credentials": {"secretAccessKey": {"name": "backups", "key": "secret"}},
            },
            "instanceSidecarConfiguration": {"env": [{"name": "AWS_REQUEST_CHECKSUM_CALCULATION", "value": "when_required"}]},
        },
    },
)
SETTINGS = good(CONFIG_MAP_TYPE, {"data": {"url": "postgres://db/app", "script": "read -s password; echo done"}})
MARKED = good(CONFIG_MAP_TYPE, {"data": {"url": Secret("postgres://app:hunter2@db/app")}})
