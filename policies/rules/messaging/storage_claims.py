"""MSG-012: the volumes of stateful services are of an approved class and outlive the object that claimed them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Final

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, StringConstraints

from facts.quantity import parse_quantity
from policies.helm import RELEASE_TYPES, chart_values
from policies.model import Facts, Finding, Resource, ResourceRule, StackRule, violation
from policies.rules.messaging.nats_chart import claim_storage_class, claim_templates, claims_volume, extended, is_nats
from policies.rules.messaging.nats_server import STATEFUL_SETS
from policies.rules.messaging.storage_class import STORAGE_CLASS_TYPE
from policies.search import everywhere
from policies.urns import type_of
from policies.values import Value

CLAIM_TYPE: Final = "kubernetes:core/v1:PersistentVolumeClaim"
RABBITMQ_TYPE: Final = "kubernetes:rabbitmq.com/v1beta1:RabbitmqCluster"
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
_PERSISTENCE_KEYS: Final = frozenset({"persistence", "persistentVolume", "dataStorage", "auditStorage"})
_AUTO_DELETE: Final = "enableStatefulSetAutoDeletePVC"
"""How the charts of Grafana (Loki, Tempo, Alloy) ask for claims that go with their StatefulSet."""
_OBJECT_NAME: Final = re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?")
"""What Kubernetes allows; object stores have storage classes too, with names such as STANDARD_IA."""


def _check_classes(resources: Sequence[Resource], facts: Facts) -> Iterator[Finding]:
    declared = {name for resource in resources if resource.type == STORAGE_CLASS_TYPE and (name := resource["metadata"]["name"].known)}
    configured = facts.settings_of(ApprovedClasses).names
    # A class of the stack counts by its name alone: whether it grows and retains is held against the class itself, once.
    approved = declared | set(configured)
    for resource in resources:
        refers = any(type_of(urn) == STORAGE_CLASS_TYPE for urn in resource.dependencies)
        for place in _named_classes(resource):
            # A reference to a class of the stack is unknown at preview; the dependency tells that it is one.
            if refers and place.is_pending:
                continue
            if place.fails(lambda name: name in approved):
                problem = "the volume names no storage class that is known to allow expansion and to retain its data"
                cure = f"Name a class of this stack that does, or one of {', '.join(sorted(configured))}"
                yield violation(place, problem, cure, urn=resource.urn)


def _named_classes(resource: Resource) -> Iterator[Value]:
    """Each place of a resource that names, or would have to name, the class of a volume."""
    if resource.type in STATEFUL_SETS:
        yield from _of_templates(resource.inputs.at("spec.volumeClaimTemplates"))
    elif resource.type == CLAIM_TYPE:
        # A claim that is bound to one volume by name gets what that volume is.
        if not resource["spec"].has("volumeName"):
            yield resource.inputs.at("spec.storageClassName")
    elif resource.type == RABBITMQ_TYPE:
        persistence = resource.inputs.at("spec.persistence")
        if persistence["storage"].fails(_is_nothing):
            yield persistence["storageClassName"]
    elif resource.type in MONITORING_TYPES:
        storage = resource.inputs.at("spec.storage")
        if storage.has("volumeClaimTemplate"):
            yield storage.at("volumeClaimTemplate.spec.storageClassName")
    elif resource.type in RELEASE_TYPES:
        values = chart_values(resource)
        yield from _of_nats(values) if is_nats(resource) else _of_chart(values)


def _of_templates(templates: Value) -> Iterator[Value]:
    for template in templates.each():
        yield template.at("spec.storageClassName")


def _of_nats(values: Value) -> Iterator[Value]:
    templates = claim_templates(values)
    if templates is not None:
        yield from _of_templates(templates)
        return
    if claims_volume(values):
        yield claim_storage_class(values.at("config.jetstream.fileStore.pvc"))
    resolver = values.at("config.resolver")
    if resolver["enabled"].get(default=False) and resolver.at("pvc.enabled").get(default=True):
        yield claim_storage_class(resolver["pvc"])


def _of_chart(values: Value) -> Iterator[Value]:
    """The classes in the values of any chart: those it names, and those that a volume written out there lacks."""
    has_default = any(values["global"].has(key) for key in _CLASS_KEYS)
    for key, place in everywhere(values):
        if key in _CLASS_KEYS:
            if place.is_pending or _OBJECT_NAME.fullmatch(str(place.known)):
                yield place
        elif key == "volumeClaimTemplate" and not place["spec"].has("storageClassName"):
            yield place.at("spec.storageClassName")
        elif key == "volumeClaimTemplates":
            yield from (template.at("spec.storageClassName") for template in place.each() if not template["spec"].has("storageClassName"))
        elif key in _PERSISTENCE_KEYS and place["enabled"].known is True and not has_default and not _names_class(place):
            yield place["storageClassName"]


def _names_class(volume: Value) -> bool:
    return any(volume.has(key) for key in (*_CLASS_KEYS, "existingClaim"))


def _is_nothing(size: Any) -> bool:
    return size is not None and parse_quantity(size) == 0


def _check_deletion(resource: Resource, _: Facts) -> Iterator[Finding]:
    problem = "deleting the StatefulSet deletes the claims of its pods"
    cure = "Leave the setting out: Kubernetes then retains the claims"
    for place in _deletion_policies(resource):
        if place.fails(lambda policy: policy in {None, False, "Retain"}):
            yield violation(place, problem, cure)


def _deletion_policies(resource: Resource) -> Iterator[Value]:
    if resource.type not in RELEASE_TYPES:
        root = resource.inputs
    elif is_nats(resource):
        policy = extended(chart_values(resource)["statefulSet"], "spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted")
        if policy is not None:
            yield policy
        return
    else:
        root = chart_values(resource)
    for key, place in everywhere(root):
        if key == "persistentVolumeClaimRetentionPolicy":
            yield place["whenDeleted"]
        elif key == _AUTO_DELETE:
            yield place


APPROVED_CLASSES: Final = StackRule(
    name="volumes-name-approved-storage-class",
    requirements=("MSG-012",),
    types=(STORAGE_CLASS_TYPE, *STATEFUL_SETS, CLAIM_TYPE, RABBITMQ_TYPE, *MONITORING_TYPES, *RELEASE_TYPES),
    check=_check_classes,
    settings=ApprovedClasses,
)
CLAIMS_SURVIVE: Final = ResourceRule(
    name="claims-survive-their-stateful-set",
    requirements=("MSG-012",),
    types=(*STATEFUL_SETS, RABBITMQ_TYPE, *MONITORING_TYPES, *RELEASE_TYPES),
    check=_check_deletion,
)
