from __future__ import annotations

import json

from components.cluster.eks.iam import secrets_key_policy


def test_the_control_plane_may_use_its_key_and_no_other() -> None:
    (statement,) = json.loads(secrets_key_policy("arn:aws:kms:eu-west-1:111122223333:key/k"))["Statement"]
    assert statement["Resource"] == "arn:aws:kms:eu-west-1:111122223333:key/k"
    assert "kms:*" not in statement["Action"]
    assert {"kms:Encrypt", "kms:Decrypt"} <= set(statement["Action"])
