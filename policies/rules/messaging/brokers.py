"""The JetStream brokers of a stack, as Helm releases or plain StatefulSets, and how far they flush what they acknowledge."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from policies.helm import RELEASE_TYPES, chart_values
from policies.model import Resource
from policies.namespaces import declared_namespace
from policies.rules.messaging.nats_chart import is_nats, sync_interval, uses_jetstream
from policies.rules.messaging.nats_server import STATEFUL_SETS, nats_container
from policies.search import everywhere
from policies.values import Value
from policies.workloads import pod_spec

CONFIG_MAP_TYPE: Final = "kubernetes:core/v1:ConfigMap"
RPO_MARKER: Final = "platform/rpo"

_COMMENT: Final = re.compile(r"(?:^|\s)(?:#|//)[^\n]*")
_SYNC: Final = re.compile(r"""["']?\bsync_interval["']?\s*[:=\s]\s*["']?([^\s"',;}]+)""")


@dataclass(frozen=True, kw_only=True)
class Broker:
    """One set of JetStream servers.

    ``sync`` is where the flush interval stands or would stand, ``interval`` what it says (None: left out), ``services`` the names of
    the Kubernetes services that lead to the servers.
    """

    resource: Resource
    holder: Resource
    sync: Value
    interval: Any
    services: frozenset[str]

    def answers(self, host: str) -> bool:
        """Whether a host name such as ``nats.messaging.svc`` leads to these servers; one without a namespace may."""
        service, _, rest = host.partition(".")
        namespace = declared_namespace(self.resource)
        return service in self.services and (not rest or namespace is None or rest.split(".")[0] == namespace)


def brokers_of(resources: Sequence[Resource]) -> list[Broker]:
    """The brokers of a stack that run JetStream; a StatefulSet whose configuration is not in the stack cannot be judged and is left out."""
    configs = [resource for resource in resources if resource.type == CONFIG_MAP_TYPE]
    found: list[Broker] = []
    for resource in resources:
        if resource.type in RELEASE_TYPES and is_nats(resource) and uses_jetstream(chart_values(resource)):
            found.append(_released(resource))
        elif resource.type in STATEFUL_SETS:
            found.extend(_plain(resource, configs))
    return found


def serving(stream: Resource, brokers: Sequence[Broker]) -> Sequence[Broker]:
    """The brokers that hold a stream: those that its ``spec.servers`` name, else any of the stack may."""
    urls = [url.known for _, url in stream.inputs.at("spec.servers").below()]
    hosts = [host for url in urls if url and (host := urlsplit(url if "://" in url else f"nats://{url}").hostname)]
    return [broker for broker in brokers if any(broker.answers(host) for host in hosts)] or brokers


def recovery_points(resource: Resource) -> list[Value]:
    """The recovery point objectives that a resource declares anywhere: annotations, labels, or those that chart values hand on."""
    root = chart_values(resource) if resource.type in RELEASE_TYPES else resource.inputs
    return [place for key, place in everywhere(root) if key == RPO_MARKER]


def _released(release: Resource) -> Broker:
    values = chart_values(release)
    name = release["name"].known or release.name
    full = values["fullnameOverride"].known or (name if "nats" in name else f"{name}-nats")
    services = {full, f"{full}-headless", values.at("service.name").known or full}
    sync = sync_interval(values)
    return Broker(resource=release, holder=release, sync=sync, interval=sync.raw, services=frozenset(services))


def _plain(stateful_set: Resource, configs: Sequence[Resource]) -> Iterator[Broker]:
    container = nats_container(stateful_set)
    if container is None:
        return
    services = frozenset(
        name for place in ("metadata.name", "spec.serviceName") if (name := stateful_set.inputs.at(place).known) is not None
    )
    for config in configs:
        if not _mounts(stateful_set, config):
            continue
        for _, entry in config["data"].below():
            text = _COMMENT.sub("", entry.known or "")
            if re.search(r"\bjetstream\b", text):
                match = _SYNC.search(text)
                interval = match.group(1) if match else None
                yield Broker(resource=stateful_set, holder=config, sync=entry, interval=interval, services=services)


def _mounts(stateful_set: Resource, config: Resource) -> bool:
    """Whether a pod mounts a ConfigMap: by its name, or by the dependency where the name is unknown at preview."""
    name = config.inputs.at("metadata.name").known
    sources = [volume["configMap"]["name"].known for _, volume in pod_spec(stateful_set)["volumes"].below()]
    return (name is not None and name in sources) or (config.urn in stateful_set.dependencies)
