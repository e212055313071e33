"""What the job of the drill may do, and no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from components.backup.drill.arguments import RestoreDrillArgs
from components.backup.drill.pods import DRILL, RESULT

Rule = Mapping[str, Sequence[str]]
_VELERO: Final = "velero.io"


def rights(args: RestoreDrillArgs) -> Mapping[str, Sequence[Rule]]:
    """The rules of its roles, by namespace."""
    return {
        args.velero: [
            {"apiGroups": [_VELERO], "resources": ["backups"], "verbs": ["list"]},
            {"apiGroups": [_VELERO], "resources": ["restores"], "verbs": ["create", "get"]},
        ],
        args.scratch: [
            {"apiGroups": [""], "resources": ["pods"], "verbs": ["create", "delete", "get", "list"]},
            {"apiGroups": [""], "resources": ["persistentvolumeclaims"], "verbs": ["delete", "get", "list"]},
        ],
        args.namespace: [{"apiGroups": [""], "resources": ["configmaps"], "resourceNames": [RESULT], "verbs": ["get", "patch"]}],
    }


VOLUME_RIGHTS: Final[Sequence[Rule]] = ({"apiGroups": [""], "resources": ["persistentvolumes"], "verbs": ["get", "patch"]},)
"""Of the whole cluster, for volumes are in no namespace; :func:`bounds` narrows them."""


def bounds(args: RestoreDrillArgs) -> dict[str, Any]:
    """The ``spec`` of the ValidatingAdmissionPolicy of what roles cannot say.

    The job lets go of volumes that it has restored, and of no others; and it restores the claims of its
    own namespace into the other one, and nothing else: whoever may restore at will may make himself an
    administrator.
    """
    only = f"request.userInfo.username == 'system:serviceaccount:{args.namespace}:{DRILL}'"
    volume = f"oldObject.spec.?claimRef.?namespace.orValue('') == '{args.scratch}'"
    unchanged = (
        "object.metadata.?labels == oldObject.metadata.?labels && object.spec.?claimRef == oldObject.spec.?claimRef"
        " && object.spec.?csi == oldObject.spec.?csi && object.spec.?nodeAffinity == oldObject.spec.?nodeAffinity"
    )
    source = f"object.spec.?includedNamespaces.orValue([]) == ['{args.namespace}']"
    target = f"object.spec.?namespaceMapping.orValue({{}}) == {{'{args.namespace}': '{args.scratch}'}}"
    kinds = "object.spec.?includedResources.orValue([]) == ['persistentvolumeclaims', 'persistentvolumes']"
    extras = "!has(object.spec.hooks) && !has(object.spec.resourceModifier) && !has(object.spec.existingResourcePolicy)"
    is_volume, is_restore = "request.resource.resource == 'persistentvolumes'", "request.resource.resource == 'restores'"
    return {
        "failurePolicy": "Fail",
        "matchConstraints": {
            "resourceRules": [
                {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["UPDATE"], "resources": ["persistentvolumes"]},
                {"apiGroups": [_VELERO], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["restores"]},
            ]
        },
        "matchConditions": [{"name": "is-the-drill", "expression": only}],
        "validations": [
            {
                "expression": f"!({is_volume}) || ({volume} && {unchanged})",
                "message": f"the drill changes nothing but the reclaim policy of volumes that are claimed in {args.scratch}",
            },
            {
                "expression": f"!({is_restore}) || ({source} && {target} && {kinds} && {extras})",
                "message": f"the drill restores nothing but the claims of {args.namespace} into {args.scratch}",
            },
        ],
    }
