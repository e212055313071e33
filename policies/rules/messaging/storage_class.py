"""MSG-012: storage classes allow growth, encrypt and, in production, keep volumes that nothing claims any more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.model import Facts, Finding, Resource, ResourceRule, violation

STORAGE_CLASS_TYPE: Final = "kubernetes:storage.k8s.io/v1:StorageClass"
EBS_PROVISIONERS: Final = ("ebs.csi.aws.com", "ebs.csi.eks.amazonaws.com", "kubernetes.io/aws-ebs")
"""The CSI driver, EKS Auto Mode's own and the retired in-tree one. Azure encrypts every disk, whatever the class says."""


def _check_growth(storage_class: Resource, _: Facts) -> Iterator[Finding]:
    allowed = storage_class["allowVolumeExpansion"]
    if allowed.is_not(expected=True):
        yield violation(allowed, "volumes of this class cannot grow: a full one can only be replaced", "Set allowVolumeExpansion to true")


def _check_retention(storage_class: Resource, facts: Facts) -> Iterator[Finding]:
    policy = storage_class["reclaimPolicy"]
    if facts.is_production and policy.is_not("Retain"):
        problem = "deleting a claim deletes its data (Delete is the default of Kubernetes)"
        yield violation(policy, problem, 'Set reclaimPolicy to "Retain"')


def _check_encryption(storage_class: Resource, _: Facts) -> Iterator[Finding]:
    encrypted = storage_class["parameters"]["encrypted"]
    if storage_class["provisioner"].get("") in EBS_PROVISIONERS and encrypted.is_not("true"):
        yield violation(encrypted, "EBS volumes of this class are not encrypted", 'Set parameters.encrypted to the text "true"')


GROWTH: Final = ResourceRule(
    name="storage-class-allows-expansion", requirements=("MSG-012",), types=(STORAGE_CLASS_TYPE,), check=_check_growth
)
RETENTION: Final = ResourceRule(
    name="storage-class-retains-volumes", requirements=("MSG-012",), types=(STORAGE_CLASS_TYPE,), check=_check_retention
)
ENCRYPTION: Final = ResourceRule(
    name="storage-class-encrypts-volumes", requirements=("MSG-012",), types=(STORAGE_CLASS_TYPE,), check=_check_encryption
)
