"""MSG-012: storage classes allow growth, encrypt and, in production, keep volumes that nothing claims any more."""

from __future__ import annotations

from typing import Final

from policies.findings import Findings
from policies.model import Resource, Stack, rule

STORAGE_CLASS_TYPE: Final = "kubernetes:storage.k8s.io/v1:StorageClass"
EBS_PROVISIONERS: Final = ("ebs.csi.aws.com", "ebs.csi.eks.amazonaws.com", "kubernetes.io/aws-ebs")
"""The CSI driver, EKS Auto Mode's own and the retired in-tree one. Azure encrypts every disk, whatever the class says."""


@rule("MSG-012", on=STORAGE_CLASS_TYPE)
def storage_class_allows_expansion(storage_class: Resource, _: Stack) -> Findings:
    """Kubernetes allows it only where the class says so."""
    yield from storage_class["allowVolumeExpansion"].must_be_true("volumes of this class cannot grow: a full one can only be replaced")


@rule("MSG-012", on=STORAGE_CLASS_TYPE)
def storage_class_retains_volumes(storage_class: Resource, stack: Stack) -> Findings:
    """Outside production, volumes may go with their claims."""
    if stack.is_production:
        yield from storage_class["reclaimPolicy"].must_equal("Retain", "deleting a claim deletes its data", default="Delete")


@rule("MSG-012", on=STORAGE_CLASS_TYPE)
def storage_class_encrypts_volumes(storage_class: Resource, _: Stack) -> Findings:
    """EBS encrypts what its class tells it to, or what the account's default does."""
    if storage_class["provisioner"].text() in EBS_PROVISIONERS:
        cure = 'Set parameters.encrypted to the text "true"'
        yield from storage_class.at("parameters.encrypted").must_equal("true", "EBS volumes of this class are not encrypted", cure=cure)
