"""Settings that are right, for tests to break one at a time, and how the engine hands settings over."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import pytest
import yaml

from stacks.errors import SettingsError
from stacks.loading import load_settings
from stacks.merge import merge
from stacks.settings.aws import AwsStack
from tests.runs import PRODUCT

T = TypeVar("T")

STACK_FILES = sorted(PRODUCT.glob("Pulumi.*.yaml"))

GOOD: Mapping[str, Any] = {
    "environment": "production",
    "team": "platform_team",
    "aws": {"region": "eu-west-1", "account": "111122223333"},
    "network": {"cidr": "10.20.0.0/16", "zones": ["eu-west-1a", "eu-west-1b", "eu-west-1c"], "access": {"sessionManager": {}}},
    "cluster": {"adminRoleArns": ["arn:aws:iam::111122223333:role/platform-admin"]},
    "namespaces": {"orders": {}},
    "nats": {
        "streams": {"orders": {"subjects": ["orders.>"], "maxAge": "7d", "maxBytes": "1Gi", "consumers": {"billing": {}}}},
        "clients": {"shop": {"namespace": "orders", "publishes": ["orders.>"], "consumes": ["orders"]}},
    },
    "observability": {
        "runbookBaseUrl": "https://runbooks.example.com",
        "routing": {"slack": {"webhook": {"secret": "alerting", "key": "webhook"}, "channel": "#alerts"}},
    },
}
"""Deviations of a production stack, complete and no more."""

RABBITMQ: Mapping[str, Any] = {
    "kind": "operator",
    "nodes": 3,
    "storage": "20Gi",
    "cpu": "1",
    "memory": "2Gi",
    "recovery": {"rpo": "0s", "rto": "5m"},
}
"""RabbitMQ in the cluster, with nothing declared in it."""


def read_stack_file(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def as_config(settings: Mapping[str, Any]) -> dict[str, str]:
    """Objects become JSON and scalars text, under the project's namespace, as Pulumi does it."""
    return {f"plinth:{key}": value if isinstance(value, str) else json.dumps(value) for key, value in settings.items()}


def load(deviations: Mapping[str, Any] | None = None) -> AwsStack:
    settings = load_settings(as_config(merge(GOOD, deviations or {})))
    assert isinstance(settings, AwsStack)
    return settings


def nested(path: str, value: Any) -> dict[str, Any]:
    """``{"a": {"b": value}}`` for the path ``a.b``."""
    for key in reversed(path.split(".")):
        value = {key: value}
    assert isinstance(value, dict)
    return value


def complaints(settings: Mapping[str, Any]) -> dict[str, str]:
    """The problems of settings that have to be refused, by path."""
    with pytest.raises(SettingsError) as refused:
        load_settings(as_config(settings))
    return {problem.path: problem.message for problem in refused.value.problems}


def given(part: T | None) -> T:
    """A part of the settings that may be left out, and is not."""
    assert part is not None
    return part
