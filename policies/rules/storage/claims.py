"""MSG-012: the volumes of stateful services are of an approved class and outlive the object that claimed them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Final

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, StringConstraints

from facts.quantity import parse_quantity
from policies import cloudnative_pg, rabbitmq
from policies.charts import chart_of
from policies.charts.model import Chart, Knob, where_on
from policies.findings import Findings
from policies.helm import RELEASE_TYPES, chart_values
from policies.model import Resource, Stack, rule, stack_rule
from policies.rules.storage.classes import STORAGE_CLASS_TYPE
from policies.search import everywhere
from policies.urns import type_of
from policies.values import UNKNOWN, Value
from policies.workloads import tokens_of

STATEFUL_SETS: Final = tokens_of("StatefulSet")
CLAIM_TYPE: Final = "kubernetes:core/v1:PersistentVolumeClaim"
MONITORING_TYPES: Final = tuple(f"kubernetes:monitoring.coreos.com/v1:{kind}" for kind in ("Prometheus", "Alertmanager", "ThanosRuler"))


class ApprovedClasses(BaseModel):
    """The storage classes that volumes may name besides those that their stack declares."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    names: tuple[Annotated[str, StringConstraints(min_length=1)], ...] = Field(
        default=("gp3-retain", "managed-premium-retain", "longhorn-retain"),
        validation_alias=AliasChoices("storageClasses", "approvedStorageClasses"),
        description="names that volumes may use",
    )


_CLASS_KEYS: Final = frozenset({"storageClassName", "storageClass", "defaultStorageClass"})
PERSISTENCE_KEYS: Final = frozenset({"persistence", "persistentVolume", "dataStorage", "auditStorage"})
_AUTO_DELETE: Final = "enableStatefulSetAutoDeletePVC"
"""How the charts of Grafana (Loki, Tempo, Alloy) ask for claims that go with their StatefulSet."""
_MAY_BE_NAMED: Final = "a class whose name is unknown is asked for where a volume names one that is not approved otherwise"
_LATER: Final = "the verb that judges the place notes it"
_OBJECT_NAME: Final = re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?")
"""What Kubernetes allows; object stores have storage classes too, with names such as STANDARD_IA."""


@stack_rule(
    "MSG-012",
    on=(STORAGE_CLASS_TYPE, *STATEFUL_SETS, CLAIM_TYPE, rabbitmq.CLUSTER, cloudnative_pg.CLUSTER, *MONITORING_TYPES, *RELEASE_TYPES),
    settings=ApprovedClasses,
)
def volumes_name_approved_storage_class(resources: Sequence[Resource], stack: Stack) -> Findings:
    """A class of the stack counts by its name alone: whether it grows and retains is held against the class itself, once."""
    configured = stack.settings_of(ApprovedClasses).names
    declared = [each.at("metadata.name") for each in resources if each.type == STORAGE_CLASS_TYPE]
    approved = {*configured, *(name for each in declared if isinstance(name := each.peek(_MAY_BE_NAMED), str))}
    unnamed = [each for each in declared if each.peek(_MAY_BE_NAMED) is UNKNOWN]

    def may_be_approved(name: Any) -> bool:
        return name in approved or (isinstance(name, str) and [each for each in unnamed if each.is_unknown] != [])

    problem = "the volume does not name a storage class that is known to allow expansion and to retain its data"
    cure = (
        f"Name a class of this stack that does, or one of {', '.join(sorted(configured))}; a class of the cluster that does is added "
        "to plinth:policies.approvedStorageClasses"
    )
    for resource in resources:
        refers = any(type_of(urn) == STORAGE_CLASS_TYPE for urn in resource.dependencies)
        for place in _named_classes(resource):
            if not refers or place.peek("the dependency tells that it is a class of the stack") is not UNKNOWN:
                yield from place.must_satisfy(may_be_approved, problem, cure)


@rule("MSG-012", on=(*STATEFUL_SETS, rabbitmq.CLUSTER, *MONITORING_TYPES, *RELEASE_TYPES))
def claims_survive_their_stateful_set(resource: Resource, _: Stack) -> Findings:
    """Kubernetes retains the claims of a StatefulSet unless it is told to delete them with it."""
    cure = "Leave the setting out: Kubernetes then retains the claims"
    for place in _deletion_policies(resource):
        yield from place.must_satisfy(
            lambda policy: policy in {None, False, "Retain"}, "deleting the StatefulSet deletes the claims of its pods", cure
        )


def _named_classes(resource: Resource) -> Iterator[Value]:
    """Each place of a resource that names, or would have to name, the class of a volume."""
    if resource.type in STATEFUL_SETS:
        yield from _of_templates(resource.at("spec.volumeClaimTemplates"))
    elif resource.type == CLAIM_TYPE:
        # A claim that is bound to one volume by name gets what that volume is.
        if not resource.at("spec.volumeName").is_present:
            yield resource.at("spec.storageClassName")
    elif resource.type == rabbitmq.CLUSTER:
        if not resource.at("spec.persistence.storage").may_satisfy(is_nothing):
            yield resource.at("spec.persistence.storageClassName")
    elif resource.type == cloudnative_pg.CLUSTER:
        yield from _of_database(resource["spec"])
    elif resource.type in MONITORING_TYPES:
        if resource.at("spec.storage.volumeClaimTemplate").is_present:
            yield resource.at("spec.storage.volumeClaimTemplate.spec.storageClassName")
    elif resource.type in RELEASE_TYPES:
        chart, values = chart_of(resource), chart_values(resource)
        yield from _of_any_chart(values) if chart is None or chart.claims is None else _of_known_chart(chart, chart.claims, values)


def _of_templates(templates: Value) -> Iterator[Value]:
    for template in templates.each():
        yield template.at("spec.storageClassName")


def _of_database(spec: Value) -> Iterator[Value]:
    """The volumes of data, of the write-ahead log where it has one of its own, and of tablespaces."""
    logs = [spec["walStorage"]] if spec["walStorage"].is_present else []
    for storage in (spec["storage"], *logs, *(each["storage"] for each in spec["tablespaces"].each())):
        template = storage.at("pvcTemplate.storageClassName")
        yield template if template.is_present and not storage["storageClass"].is_present else storage["storageClass"]


def _of_known_chart(chart: Chart, claims: Knob, values: Value) -> Iterator[Value]:
    templates = claims.override(values)
    if templates is not None:
        yield from _of_templates(templates)
        return
    for volume in chart.volumes:
        place = where_on(volume.storage_class.place(values), volume.switches, values)
        if place is not None:
            yield place


def _of_any_chart(values: Value) -> Iterator[Value]:
    """The classes in the values of any chart: those it names, and those that a volume written out there lacks."""
    has_default = any(values["global"][key].is_present for key in sorted(_CLASS_KEYS))
    for key, place in everywhere(values):
        if key in _CLASS_KEYS:
            named = place.peek(_LATER)
            if named is UNKNOWN or _OBJECT_NAME.fullmatch(str(named)):
                yield place
        elif key == "volumeClaimTemplate" and not place["spec"]["storageClassName"].is_present:
            yield place.at("spec.storageClassName")
        elif key == "volumeClaimTemplates":
            yield from (each for each in _of_templates(place) if not each.is_present)
        elif key in PERSISTENCE_KEYS and not has_default and not any(place[name].is_present for name in (*_CLASS_KEYS, "existingClaim")):
            switch = place["enabled"]
            if switch.peek(_LATER) in (True, UNKNOWN):
                yield place["storageClassName"].provided(switch)


def is_nothing(size: Any) -> bool:
    """Whether a size is written, and is zero: the operator of RabbitMQ then claims nothing."""
    return size is not None and parse_quantity(size) == 0


def _deletion_policies(resource: Resource) -> Iterator[Value]:
    chart = chart_of(resource) if resource.type in RELEASE_TYPES else None
    if chart is not None and chart.retention is not None:
        policy = chart.retention.override(chart_values(resource))
        if policy is not None:
            yield policy
        return
    for key, place in everywhere(chart_values(resource) if resource.type in RELEASE_TYPES else resource.inputs):
        if key == "persistentVolumeClaimRetentionPolicy":
            yield place["whenDeleted"]
        elif key == _AUTO_DELETE:
            yield place
