"""The JetStream brokers of a stack, as Helm releases or plain StatefulSets, and how far they flush what they acknowledge."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from policies.charts import nats
from policies.config_maps import CONFIG_MAP_TYPE
from policies.helm import RELEASE_TYPES, chart_values
from policies.model import Resource
from policies.namespaces import declared_namespace
from policies.rules.messaging.servers import STATEFUL_SETS, nats_container, nats_values, servers_of
from policies.values import UNKNOWN, Value
from policies.workloads import pod_spec

_COMMENT: Final = re.compile(r"(?:^|\s)(?:#|//)[^\n]*")
_SYNC: Final = re.compile(r"""["']?\bsync_interval["']?\s*[:=\s]\s*["']?([^\s"',;}]+)""")
_NAMES: Final = "a service whose name comes later is taken to be named after its resource"


@dataclass(frozen=True, kw_only=True)
class Address:
    """Under which names the servers that a resource runs are reached: ``services`` are those of the Kubernetes services."""

    resource: Resource
    services: frozenset[str]

    def answers(self, host: str) -> bool:
        """Whether a host name such as ``nats.messaging.svc`` leads to these servers; one without a namespace may."""
        service, _, rest = host.partition(".")
        namespace = declared_namespace(self.resource)
        return service in self.services and (not rest or namespace is None or rest.split(".")[0] == namespace)


@dataclass(frozen=True, kw_only=True)
class Broker(Address):
    """One set of JetStream servers.

    ``sync`` is where the flush interval stands or would stand, ``interval`` what it says (None: left out).
    """

    sync: Value
    interval: Any


A = TypeVar("A", bound=Address)


def brokers_of(resources: Sequence[Resource]) -> list[Broker]:
    """The brokers of a stack that run JetStream; a StatefulSet whose configuration is not in the stack cannot be judged and is left out."""
    configs = [resource for resource in resources if resource.type == CONFIG_MAP_TYPE]
    found: list[Broker] = []
    for resource in resources:
        values = nats_values(resource)
        switch = None if values is None else nats.JETSTREAM.place(values)
        if values is not None and switch is not None and switch.is_unknown:
            # It may be what a stream names.
            found.append(_released(resource, values, switch))
        elif values is not None and nats.JETSTREAM.is_on(values):
            found.append(_released(resource, values, nats.SYNC_INTERVAL.place(values)))
        elif resource.type in RELEASE_TYPES and resource["chart"].is_unknown:
            # It may be what a stream names, and may flush as it should.
            found.append(_released(resource, chart_values(resource), resource["chart"]))
        elif resource.type in STATEFUL_SETS:
            found.extend(_plain(resource, configs))
    return found


def serving(stream: Resource, brokers: Sequence[A]) -> Sequence[A]:
    """The brokers that hold a stream: those that its ``spec.servers`` name, else any of the stack may.

    Where a server is unknown (noted), it is the only broker of the stack, whatever the name will be; of several none can be told.
    """
    servers = stream.at("spec.servers")
    places = list(servers.each())
    if servers.is_unknown or [place for place in places if place.is_unknown]:
        return brokers if len(brokers) == 1 else ()
    hosts = [host for place in places if (host := _host(place.text()))]
    return [broker for broker in brokers if any(broker.answers(host) for host in hosts)] or brokers


def _host(url: str) -> str | None:
    try:
        return urlsplit(url if "://" in url else f"nats://{url}").hostname
    except ValueError:
        return None


def addresses_of(resources: Sequence[Resource]) -> list[Address]:
    """How each set of NATS servers is reached, whether it runs JetStream or not; a release whose chart is unknown may run one."""
    found = []
    for resource in resources:
        servers = servers_of(resource)
        if servers is not None and servers.values is None:
            found.append(Address(resource=resource, services=_services_of_pods(resource)))
        elif servers is not None or (resource.type in RELEASE_TYPES and resource["chart"].is_unknown):
            found.append(Address(resource=resource, services=_services_of_release(resource, chart_values(resource))))
    return found


def _released(release: Resource, values: Value, sync: Value) -> Broker:
    interval = UNKNOWN if sync.is_unknown else sync.get()
    return Broker(resource=release, sync=sync, interval=interval, services=_services_of_release(release, values))


def _services_of_release(release: Resource, values: Value) -> frozenset[str]:
    name = _known(release["name"]) or release.name
    full = _known(values["fullnameOverride"]) or (name if "nats" in name else f"{name}-nats")
    return frozenset({full, f"{full}-headless", _known(values.at("service.name")) or full})


def _services_of_pods(stateful_set: Resource) -> frozenset[str]:
    return frozenset(filter(None, (_known(stateful_set.at(place)) for place in ("metadata.name", "spec.serviceName"))))


def _known(place: Value) -> str:
    content = place.peek(_NAMES)
    return content if isinstance(content, str) else ""


def _plain(stateful_set: Resource, configs: Sequence[Resource]) -> Iterator[Broker]:
    container = nats_container(stateful_set)
    if container is None:
        return
    services = _services_of_pods(stateful_set)
    for config in configs:
        if not _mounts(stateful_set, config):
            continue
        for entry in config["data"].each():
            text = _COMMENT.sub("", entry.text())
            if re.search(r"\bjetstream\b", text):
                match = _SYNC.search(text)
                yield Broker(resource=stateful_set, sync=entry, interval=match.group(1) if match else None, services=services)


def _mounts(stateful_set: Resource, config: Resource) -> bool:
    """Whether a pod mounts a ConfigMap: by its name, or by the dependency where the name is unknown at preview."""
    reason = "the dependency tells where a name is unknown"
    name = config.at("metadata.name").peek(reason)
    sources = [volume["configMap"]["name"].peek(reason) for volume in pod_spec(stateful_set)["volumes"].each()]
    return (name not in (None, UNKNOWN) and name in sources) or (config.urn in stateful_set.dependencies)
