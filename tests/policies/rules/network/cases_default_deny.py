from __future__ import annotations

from typing import Any

from policies.model import Resource
from policies.namespaces import NAMESPACE_TYPE
from policies.rules.network.default_deny import NETWORK_POLICY, namespaces_deny_by_default
from policies.values import UNKNOWN
from tests.policies.rules.cases import accepts, cases, changed, good, refuses, undecided

DENY = good(
    NETWORK_POLICY,
    {"metadata": {"name": "default-deny", "namespace": "apps"}, "spec": {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}},
    "deny",
)
NAME = "metadata.name"
TYPES = "spec.policyTypes"
HOME = "metadata.namespace"


def namespace(name: str = "apps", metadata: dict[str, Any] | None = None) -> Resource:
    return good(NAMESPACE_TYPE, {"metadata": {"name": name} if metadata is None else metadata}, name)


def elsewhere(*needed: Resource) -> Resource:
    """The policy in a namespace that only its dependencies tell."""
    return good(NETWORK_POLICY, changed(DENY, {HOME: UNKNOWN}).properties, "deny", after=[each.urn for each in needed])


APPS, OTHER = namespace(), namespace("other")
INGRESS, EGRESS = (good(NETWORK_POLICY, changed(DENY, {TYPES: [direction]}).properties, direction) for direction in ("Ingress", "Egress"))
DNS = good(NETWORK_POLICY, changed(DENY, {"spec.egress": [{"ports": [{"port": 53.0}]}]}).properties, "dns")
LATER = [namespace(metadata=metadata) for metadata in ({}, {"generateName": "apps-"}, {"name": UNKNOWN})]
CLOSING: tuple[dict[str, Any], ...] = (
    {"spec.podSelector": {"matchLabels": {}}},
    {"spec.podSelector": {"matchLabels": None, "matchExpressions": []}},
    {"spec.podSelector": None},
    {"spec.ingress": []},
    {"spec.egress": None},
)
OPENING: tuple[dict[str, Any], ...] = (
    {"spec.podSelector": {"matchLabels": {"app": "app"}}},
    {"spec.podSelector": {"matchExpressions": [{"key": "app", "operator": "Exists"}]}},
    {TYPES: ["Ingress"]},
    {TYPES: ["Egress"]},
    {TYPES: None},
    {"spec.ingress": [{}]},
    {"spec.egress": [{"ports": [{"port": 53.0}]}]},
    {HOME: "other"},
    {HOME: None},
)

CASES = cases(
    namespaces_deny_by_default,
    *(accepts(APPS, beside=[changed(DENY, changes)]) for changes in CLOSING),
    accepts(APPS, beside=[INGRESS, EGRESS]),
    accepts(APPS, beside=[DENY, DNS]),
    accepts(namespace("kube-system"), beside=[APPS, DENY]),
    accepts(namespace("default"), beside=[changed(DENY, {HOME: None})]),
    *(accepts(later, beside=[elsewhere(later)]) for later in LATER),
    *(refuses(APPS, at=NAME, beside=[changed(DENY, changes)]) for changes in OPENING),
    refuses(APPS, at=NAME, beside=[INGRESS]),
    refuses(OTHER, at=NAME, beside=[namespace("kube-system"), APPS, DENY]),
    *(refuses(later, at=NAME) for later in LATER),
    refuses(APPS, at=NAME, beside=[changed(elsewhere(), {TYPES: ["Ingress"]})]),
    *(undecided(APPS, "metadata.labels", at=place, beside=[changed(DENY, {place: UNKNOWN})]) for place in ("spec", TYPES, "spec.egress")),
    undecided(APPS, "metadata.labels", at="spec.podSelector", beside=[changed(DENY, {"spec.podSelector": UNKNOWN})]),
    undecided(APPS, "metadata.labels", at=HOME, beside=[elsewhere()]),
)
