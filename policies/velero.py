"""Velero as rules see it: where it runs, where it keeps backups, and what it backs up when, by chart or by objects."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Any, Final

from facts.cron import longest_gap
from facts.duration import parse_duration
from facts.namespaces import PRIVILEGED
from policies.charts import chart_of, velero
from policies.helm import RELEASE_TYPES, chart_values
from policies.images import parse_image
from policies.label_selectors import selects
from policies.model import Resource
from policies.namespaces import declared_namespace
from policies.values import UNKNOWN, Value
from policies.workloads import pod_spec, tokens_of

_GROUP: Final = "kubernetes:velero.io/v1"
SCHEDULE: Final = f"{_GROUP}:Schedule"
LOCATION: Final = f"{_GROUP}:BackupStorageLocation"
SNAPSHOT_LOCATION: Final = f"{_GROUP}:VolumeSnapshotLocation"
SERVER_TYPES: Final = (*RELEASE_TYPES, *tokens_of("Deployment"))
AGENT_TYPES: Final = tokens_of("DaemonSet")

_DEFAULT_TTL: Final = timedelta(hours=720)
"""What Velero takes where neither a schedule nor its server says how long backups are kept."""
_VOLUMES: Final = frozenset({"*", "persistentvolumeclaims", "persistentvolumeclaim", "pvc", "persistentvolumes", "persistentvolume", "pv"})
_SCOPES: Final = ("includedResources", "includedNamespaceScopedResources")
_EXCLUSIONS: Final = ("excludedResources", "excludedNamespaceScopedResources", "excludedClusterScopedResources")
_SHOWN: Final = "it is only shown"


@dataclass(frozen=True, kw_only=True)
class Installation:
    """Where a stack installs Velero: a release of its chart with its values, or a Deployment of its server."""

    resource: Resource
    values: Value | None

    def has(self, thing: Resource) -> bool:
        """Whether an object of Velero's kinds may be this one's: it looks at those of its own namespace alone."""
        own, home = declared_namespace(self.resource), declared_namespace(thing)
        return own is None or home is None or own == home


@dataclass(frozen=True, kw_only=True)
class BackupPlan:
    """A schedule: an object, or an entry in the values of the chart; ``server`` are the values beside it."""

    resource: Resource
    name: str
    spec: Value
    server: Value | None = None

    def may_run(self) -> bool:
        """Whether it may run at all."""
        return all(self.spec[switch].may_satisfy(lambda given: not given) for switch in ("disabled", "paused"))

    def may_run_within(self, gap: timedelta) -> bool:
        """Whether it may run at least that often."""
        return self.may_run() and self.spec["schedule"].may_satisfy(lambda text: isinstance(text, str) and longest_gap(text) <= gap)

    def may_keep(self, least: timedelta) -> bool:
        """Whether it may keep its backups that long; nothing, and zero, leave it to the server."""
        return self.spec.at("template.ttl").may_satisfy(lambda ttl: _is_kept(ttl, least, self._may_keep_by_default), default="0s")

    def _may_keep_by_default(self, least: timedelta) -> bool:
        ttl = None if self.server is None else self.server.at(velero.DEFAULT_TTL)
        return least <= _DEFAULT_TTL if ttl is None else ttl.may_satisfy(lambda text: parse_duration(text) >= least, default="720h")

    @property
    def kept(self) -> timedelta | None:
        """How long its backups are kept; None where that cannot be read, or not yet (noted)."""
        own, default = (
            self.spec.at("template.ttl"),
            Value(None, "", self.resource.trace) if self.server is None else self.server.at(velero.DEFAULT_TTL),
        )
        if own.is_unknown:
            return None
        try:
            return parse_duration(own.get("0s")) or (None if default.is_unknown else parse_duration(default.get("720h")))
        except (TypeError, ValueError):
            return None

    def may_take_everything(self) -> bool:
        """Whether it may take the volumes of all namespaces, except those of the cluster itself."""
        excluded = self.spec.at("template.excludedNamespaces")
        return (
            self._may_include(lambda pattern: pattern == "*")
            and all(each.may_satisfy(lambda name: name in PRIVILEGED) for each in excluded.each())
            and self._may_take_volumes()
        )

    def may_take(self, namespace: str, labels: Callable[[], Value] | None = None) -> bool:
        """Whether it may take the volumes of one namespace, or of those pods there that have ``labels``."""
        excluded = self.spec.at("template.excludedNamespaces")
        return (
            self._may_include(lambda pattern: fnmatchcase(namespace, pattern))
            and not any(each.satisfies(lambda pattern: fnmatchcase(namespace, pattern)) for each in excluded.each())
            and self._may_take_volumes(labels)
        )

    def _may_include(self, test: Callable[[Any], bool]) -> bool:
        included = self.spec.at("template.includedNamespaces")
        return included.may_satisfy(lambda given: not given) or any(each.may_satisfy(test) for each in included.each())

    def _may_select(self, labels: Callable[[], Value] | None) -> bool:
        one, several = self.spec.at("template.labelSelector"), self.spec.at("template.orLabelSelectors")
        return all(
            place.may_satisfy(_selects_all) or (labels is not None and any(selects(each, labels()) for each in selectors))
            for place, selectors in ((one, (one,)), (several, several.each()))
        )

    def _may_take_volumes(self, labels: Callable[[], Value] | None = None) -> bool:
        template = self.spec["template"]
        return (
            self._may_select(labels)
            and all(
                template[key].may_satisfy(lambda given: not given) or any(each.may_satisfy(_is_volume) for each in template[key].each())
                for key in _SCOPES
            )
            and not any(each.satisfies(_is_volume) for key in _EXCLUSIONS for each in template[key].each())
            and template["includeClusterResources"].may_satisfy(lambda given: given is not False)
            and (template["snapshotVolumes"].may_satisfy(lambda given: given is not False) or self._may_copy_files())
        )

    def _may_copy_files(self) -> bool:
        own = self.spec.at("template.defaultVolumesToFsBackup")
        return own.may_equal(expected=True) or (
            own.is_absent and self.server is not None and self.server.at(velero.FILE_SYSTEM_BACKUP).may_equal(expected=True)
        )

    @property
    def shown(self) -> str:
        """The schedule as a message shows it: its name, when it runs and how long its backups are kept."""
        ttl = self.spec.at("template.ttl")
        off = "".join(f", {key}" for key in ("disabled", "paused") if self.spec[key].peek(_SHOWN))
        return f"{self.name} {self.spec['schedule'].shown} kept {'by default' if ttl.peek(_SHOWN) is None else ttl.shown}{off}"


def installations_of(resources: Sequence[Resource]) -> list[Installation]:
    """Where a stack installs Velero."""
    found = []
    for resource in resources:
        if resource.type in RELEASE_TYPES and chart_of(resource) is velero.CHART:
            found.append(Installation(resource=resource, values=chart_values(resource)))
        elif resource.type in SERVER_TYPES and resource.type not in RELEASE_TYPES and _runs(resource, "server"):
            found.append(Installation(resource=resource, values=None))
    return found


def is_agent(daemon_set: Resource) -> bool:
    """Whether a DaemonSet is Velero's node agent, which was called restic once."""
    return _runs(daemon_set, "node-agent") or _runs(daemon_set, "restic")


def plans_of(resources: Sequence[Resource]) -> list[BackupPlan]:
    """Every schedule of a stack, in the values of Velero's chart and as objects."""
    installations = installations_of(resources)
    charts = [(each.resource, each.values) for each in installations if each.values is not None]
    # A release whose chart is unknown may be Velero's.
    charts += [(each, chart_values(each)) for each in resources if each.type in RELEASE_TYPES and each["chart"].is_unknown]
    found = [
        BackupPlan(resource=release, name=name, spec=spec, server=values)
        for release, values in charts
        for name, spec in values[velero.SCHEDULES].items()
    ]
    for resource in resources:
        if resource.type == SCHEDULE:
            server = next((each.values for each in installations if each.has(resource)), None)
            found.append(BackupPlan(resource=resource, name=resource.name, spec=resource["spec"], server=server))
    return found


def locations_of(installation: Installation) -> list[Value]:
    """The locations in the values of a chart: a list of them, or the one that it was before version 3."""
    if installation.values is None:
        return []
    place = installation.values.at(velero.LOCATIONS)
    return [place] if isinstance(place.peek("a list or one location: each is read where it stands"), dict) else list(place.each())


def _runs(workload: Resource, command: str) -> bool:
    for container in pod_spec(workload)["containers"].each():
        image = container["image"].peek("what runs Velero is known by its image; another that comes later is another's")
        if isinstance(image, str) and parse_image(image).repository.rpartition("/")[2] == "velero":
            words = [word.peek("likewise") for key in ("command", "args") for word in container[key].each()]
            return any(word is UNKNOWN or (isinstance(word, str) and re.search(rf"\b{command}\b", word)) for word in words)
    return False


def _is_kept(ttl: Any, least: timedelta, by_default: Any) -> bool:
    length = parse_duration(ttl)
    return length >= least if length else bool(by_default(least))


def _selects_all(selector: Any) -> bool:
    """Whether a label selector, or a list of them of which one is enough, takes everything; an empty one does."""
    if isinstance(selector, dict):
        return not any(selector.values())
    return not selector or (isinstance(selector, list) and any(_selects_all(each) for each in selector))


def _is_volume(name: Any) -> bool:
    return isinstance(name, str) and name.lower().partition(".")[0] in _VOLUMES
