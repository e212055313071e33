"""What the APIs of Azure accept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from facts.limits.limit import Limit

_NAMES: Final = "Azure Resource Manager, Naming rules and restrictions for Azure resources"
_FEDERATION: Final = "Entra Workload ID, considerations and restrictions for federated identity credentials"
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TAGGING: Final = "Azure Resource Manager, Use tags to organize your Azure resources, Limitations"

AZURE_TAGS: Final[Mapping[str, Limit]] = {
    "tags": Limit(allowed="up to 50 tags", source=_TAGGING, most=50),
    "tags.<keys>": Limit(
        allowed="up to 512 characters without <, >, %, &, \\, ? and /, not beginning with microsoft, azure or windows",
        source=_TAGGING,
        least=1,
        most=512,
        form=re.compile(r"(?!(?i:microsoft|azure|windows))[^<>%&\\?/]+"),
    ),
    "tags.*": Limit(allowed="up to 256 characters", source=_TAGGING, most=256),
}

AZURE_LIMITS: Final[Mapping[str, Mapping[str, Limit]]] = {
    "azure-native:authorization:RoleAssignment": {
        "roleAssignmentName": Limit(allowed="a UUID", source="Azure RBAC, Role Assignments - Create", form=_UUID),
        "description": Limit(allowed="up to 1024 characters", source="Azure RBAC, limits", most=1024),
    },
    "azure-native:managedidentity:FederatedIdentityCredential": {
        "federatedIdentityCredentialResourceName": Limit(
            allowed="3 to 120 letters, digits, - and _, beginning with a letter or digit",
            source="Managed Identity API, Federated Identity Credentials - Create Or Update",
            least=3,
            most=120,
            form=re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*"),
        ),
        "subject": Limit(allowed="up to 600 characters", source=_FEDERATION, least=1, most=600),
        "issuer": Limit(allowed="up to 600 characters", source=_FEDERATION, least=1, most=600),
    },
    "azure-native:managedidentity:UserAssignedIdentity": {
        "resourceName": Limit(
            allowed="3 to 128 letters, digits, - and _, beginning with a letter or digit",
            source=_NAMES,
            least=3,
            most=128,
            form=re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*"),
        ),
    },
    "azure-native:resources:ResourceGroup": {
        "resourceGroupName": Limit(
            allowed="up to 90 letters, digits, _, -, ., and parentheses, not ending with .",
            source=_NAMES,
            least=1,
            most=90,
            form=re.compile(r"[\w().-]*[\w()-]"),
        ),
    },
    "azure-native:storage:StorageAccount": {
        "accountName": Limit(allowed="3 to 24 of a-z and digits", source=_NAMES, least=3, most=24, form=re.compile(r"[a-z0-9]+")),
    },
}
"""By token; a property is named as it is on the wire."""
