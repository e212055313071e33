"""NET-001: in every namespace nothing talks to anything unless a policy says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from policies.model import Facts, Finding, Resource, StackRule, violation
from policies.namespaces import NAMESPACE_TYPE, declared_namespace, is_namespace
from policies.values import Value

NETWORK_POLICY_TYPES: Final = ("kubernetes:networking.k8s.io/v1:NetworkPolicy", "kubernetes:extensions/v1beta1:NetworkPolicy")
_RULES_OF: Final = {"Ingress": "ingress", "Egress": "egress"}


def _check(resources: Sequence[Resource], _facts: Facts) -> Iterator[Finding]:
    policies = [resource for resource in resources if resource.type in NETWORK_POLICY_TYPES]
    homeless = [policy for policy in policies if declared_namespace(policy) is None and not any(map(is_namespace, policy.dependencies))]
    for namespace in resources:
        if namespace.type != NAMESPACE_TYPE or _name(namespace).startswith("kube-"):
            continue
        own = [policy for policy in policies if _is_in(policy, namespace)]
        missing = _open_directions(own)
        if missing and not _may_close(homeless, own):
            yield _no_default_deny(namespace, missing)


def _may_close(homeless: Sequence[Resource], own: Sequence[Resource]) -> bool:
    """Whether policies of unknown namespaces would close the namespace if they were its own: the unknown is then noted."""
    unknown = [policy for policy in homeless if policy.inputs.at("metadata.namespace").is_unknown]
    return bool(unknown) and not _open_directions([*own, *unknown])


def _open_directions(policies: Sequence[Resource]) -> list[str]:
    return [direction for direction, rules in _RULES_OF.items() if not any(_denies(policy, direction, rules) for policy in policies)]


def _no_default_deny(namespace: Resource, missing: Sequence[str]) -> Finding:
    finding = violation(
        namespace.inputs.at("metadata.name"),
        f"no NetworkPolicy of the namespace denies all {' and '.join(missing)} of all its pods",
        "add one with podSelector {}, policyTypes [Ingress, Egress] and no rules; open what is needed by policies of its own",
    )
    return replace(finding, urn=namespace.urn)


def _name(namespace: Resource) -> str:
    name = namespace.inputs.at("metadata.name").known
    return name if isinstance(name, str) else namespace.name


def _is_in(policy: Resource, namespace: Resource) -> bool:
    """Whether a policy is the namespace's; where the policy's namespace is unknown, its dependencies say it."""
    name = declared_namespace(policy)
    return namespace.urn in policy.dependencies if name is None else name == _name(namespace)


def _denies(policy: Resource, direction: str, rules: str) -> bool:
    """Whether a policy takes all traffic of one direction from all pods. Rules of other policies add up, so two halves make a whole."""
    spec = policy["spec"]
    return not (spec["policyTypes"].lacks(direction) or _selects(spec["podSelector"]) or spec[rules].fails(lambda given: not given))


def _selects(selector: Value) -> bool:
    return any(selector[part].fails(lambda given: not given) for part in ("matchLabels", "matchExpressions"))


NAMESPACES_DENY_BY_DEFAULT = StackRule(
    name="namespaces-deny-by-default", requirements=("NET-001",), types=(NAMESPACE_TYPE, *NETWORK_POLICY_TYPES), check=_check
)
