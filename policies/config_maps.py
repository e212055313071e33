"""The ConfigMaps of a stack, and which of them a pod takes its environment from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from policies.model import Resource
from policies.namespaces import declared_namespace
from policies.values import Value

CONFIG_MAP_TYPE: Final = "kubernetes:core/v1:ConfigMap"
_ELSEWHERE: Final = "where a name is unknown, the dependency tells"


class ConfigMaps:
    """Those of a stack, found as Kubernetes finds them: by name, in the namespace of the pod."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        """Of ``resources``, those that are ConfigMaps."""
        self._by_urn = {each.urn: each for each in resources if each.type == CONFIG_MAP_TYPE}
        self._by_name: dict[str, list[Resource]] = {}
        for each in self._by_urn.values():
            name = each.at("metadata.name").peek(_ELSEWHERE)
            if isinstance(name, str):
                self._by_name.setdefault(name, []).append(each)

    def named(self, reference: Value, workload: Resource) -> Iterator[Resource]:
        """Those that a reference such as ``configMapKeyRef`` of a workload names; while its name is unknown, those that it depends on."""
        name = reference["name"].peek(_ELSEWHERE)
        if not isinstance(name, str):
            yield from (self._by_urn[urn] for urn in workload.dependencies if urn in self._by_urn)
            return
        namespace = declared_namespace(workload)
        for each in self._by_name.get(name, ()):
            if namespace is None or declared_namespace(each) in (namespace, None):
                yield each
