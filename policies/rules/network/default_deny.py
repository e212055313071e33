"""NET-001: in every namespace nothing talks to anything unless a policy says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from policies.findings import Findings
from policies.model import Resource, Stack, stack_rule
from policies.namespaces import NAMESPACE_TYPE, declared_namespace, is_namespace

NETWORK_POLICY: Final = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
NETWORK_POLICY_TYPES: Final = (NETWORK_POLICY, "kubernetes:extensions/v1beta1:NetworkPolicy")
_RULES_OF: Final = {"Ingress": "ingress", "Egress": "egress"}


@stack_rule("NET-001", on=(NAMESPACE_TYPE, *NETWORK_POLICY_TYPES))
def namespaces_deny_by_default(resources: Sequence[Resource], _: Stack) -> Findings:
    """Every namespace but the cluster's own; its policies add up."""
    policies = [resource for resource in resources if resource.type in NETWORK_POLICY_TYPES]
    # By namespace, once: looking through all of them for each would grow with the product of both.
    homes: dict[str | None, list[Resource]] = {}
    for policy in policies:
        homes.setdefault(declared_namespace(policy), []).append(policy)
    unnamed = homes.pop(None, [])
    homeless = [policy for policy in unnamed if not any(map(is_namespace, policy.dependencies))]
    for namespace in resources:
        if namespace.type != NAMESPACE_TYPE or _name(namespace).startswith("kube-"):
            continue
        # Where a policy's namespace is unknown, its dependencies say it.
        own = [*homes.get(_name(namespace), ()), *(policy for policy in unnamed if namespace.urn in policy.dependencies)]
        missing = _open_directions(own)
        if missing and not _may_close(homeless, own):
            yield from namespace.at("metadata.name").refuse(
                f"no NetworkPolicy of the namespace denies all {' and '.join(missing)} of all its pods",
                "Add one with podSelector {}, policyTypes [Ingress, Egress] and no rules; open what is needed by policies of its own",
            )


def _may_close(homeless: Sequence[Resource], own: Sequence[Resource]) -> bool:
    """Whether policies of unknown namespaces would close the namespace if they were its own: the unknown is then noted."""
    unknown = [policy for policy in homeless if policy.at("metadata.namespace").is_unknown]
    return bool(unknown) and not _open_directions([*own, *unknown])


def _open_directions(policies: Sequence[Resource]) -> list[str]:
    return [direction for direction, rules in _RULES_OF.items() if not any(_may_deny(policy, direction, rules) for policy in policies)]


def _name(namespace: Resource) -> str:
    name = namespace.at("metadata.name").peek("a namespace that is named later is known by its logical name and by dependencies on it")
    return name if isinstance(name, str) else namespace.name


def _may_deny(policy: Resource, direction: str, rules: str) -> bool:
    """Whether a policy takes all traffic of one direction from all pods. Rules of other policies add up, so two halves make a whole."""
    spec, selector = policy["spec"], policy.at("spec.podSelector")
    parts = (selector["matchLabels"], selector["matchExpressions"], spec[rules])
    return spec["policyTypes"].may_contain(direction) and all(part.may_satisfy(lambda given: not given) for part in parts)
