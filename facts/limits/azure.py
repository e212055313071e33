"""What the APIs of Azure accept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from facts.limits.limit import Limit, PhysicalName
from facts.postgres import is_reserved

_NAMES: Final = "Azure Resource Manager, Naming rules and restrictions for Azure resources"
_FEDERATION: Final = "Entra Workload ID, considerations and restrictions for federated identity credentials"
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TAGGING: Final = "Azure Resource Manager, Use tags to organize your Azure resources, Limitations"

_AKS_NAMES: Final = "AKS, common issues FAQ, naming restrictions"
_AKS_QUOTAS: Final = "AKS, Quotas, virtual machine size restrictions, and region availability"
_RESOURCE_NAME: Final = Limit(
    allowed="up to 80 letters, digits, _, - and ., beginning with a letter or digit and ending with one or _",
    source=_NAMES,
    least=1,
    most=80,
    form=re.compile(r"[A-Za-z0-9]([\w.-]*\w)?", re.ASCII),
)
"""Of most resources of a network."""
_NODE_LABEL: Final = Limit(
    allowed="up to 63 letters, digits, _, . and -, beginning and ending with a letter or digit: nodes have it as a label",
    source="AKS, Azure CNI Overlay, limitations",
    least=1,
    most=63,
    form=re.compile(r"[A-Za-z0-9]([\w.-]*[A-Za-z0-9])?", re.ASCII),
)

_POOL_NAME: Final = Limit(
    allowed="up to 12 of a-z and 0-9, beginning with a letter", source=_AKS_NAMES, least=1, most=12, form=re.compile(r"[a-z][a-z0-9]*")
)

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

_ALERTING_NAME: Final = Limit(
    allowed="up to 260 characters without *, #, &, +, :, <, >, ?, @, %, {, }, \\, / and |, not ending with a space or .",
    source=_NAMES,
    least=1,
    most=260,
    form=re.compile(r"[^*#&+:<>?@%{}\\/|]*[^*#&+:<>?@%{}\\/|\s.]"),
)

AZURE_LIMITS: Final[Mapping[str, Mapping[str, Limit]]] = {
    "azure-native:authorization:RoleAssignment": {
        "roleAssignmentName": Limit(allowed="a UUID", source="Azure RBAC, Role Assignments - Create", form=_UUID),
        "description": Limit(allowed="up to 1024 characters", source="Azure RBAC, limits", most=1024),
    },
    "azure-native:compute:DiskEncryptionSet": {
        "diskEncryptionSetName": Limit(
            allowed="up to 80 letters, digits, - and _", source=_NAMES, least=1, most=80, form=re.compile(r"[A-Za-z0-9_-]+")
        ),
    },
    "azure-native:containerservice:AgentPool": {
        "agentPoolName": _POOL_NAME,
        "maxPods": Limit(allowed="10 to 250 pods", source="AKS, Configure the maximum number of pods per node", least=10, most=250),
        "count": Limit(allowed="up to 1000 nodes", source=_AKS_QUOTAS, most=1000),
        "maxCount": Limit(allowed="up to 1000 nodes", source=_AKS_QUOTAS, least=1, most=1000),
    },
    "azure-native:containerservice:MaintenanceConfiguration": {
        "maintenanceWindow.durationHours": Limit(allowed="4 to 24 hours", source="AKS, Planned maintenance", least=4, most=24),
    },
    "azure-native:containerservice:ManagedCluster": {
        "resourceName": Limit(
            allowed="up to 63 letters, digits, - and _, beginning and ending with a letter or digit",
            source=_AKS_NAMES,
            least=1,
            most=63,
            form=re.compile(r"[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?"),
        ),
        "dnsPrefix": Limit(
            allowed="up to 54 letters, digits and -, beginning and ending with a letter or digit",
            source=_AKS_NAMES,
            least=1,
            most=54,
            form=re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"),
        ),
        "nodeResourceGroup": Limit(
            allowed="up to 80 letters, digits, _, -, ., and parentheses, not ending with .",
            source=_AKS_NAMES,
            least=1,
            most=80,
            form=re.compile(r"[\w().-]*[\w()-]"),
        ),
        "agentPoolProfiles.*.name": _POOL_NAME,
        "apiServerAccessProfile.authorizedIPRanges": Limit(
            allowed="up to 200 ranges", source="AKS, API server authorized IP ranges, limitations", most=200
        ),
    },
    "azure-native:keyvault:Key": {
        "keyName": Limit(allowed="up to 127 letters, digits and -", source=_NAMES, least=1, most=127, form=re.compile(r"[A-Za-z0-9-]+")),
        "tags": Limit(allowed="up to 15 tags", source="Key Vault API, Keys - Create If Not Exist", most=15),
    },
    "azure-native:keyvault:Vault": {
        "vaultName": Limit(
            allowed="3 to 24 letters, digits and -, beginning with a letter, without -- and without - at the end",
            source=_NAMES,
            least=3,
            most=24,
            form=re.compile(r"(?!.*--)[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]"),
        ),
        "properties.softDeleteRetentionInDays": Limit(allowed="7 to 90 days", source="Key Vault, soft-delete overview", least=7, most=90),
    },
    "azure-native:dbforpostgresql:Database": {
        "databaseName": Limit(
            allowed="up to 63 letters, digits and _, beginning with a letter, and not a word that PostgreSQL or Azure keeps for itself",
            source="Azure Database for PostgreSQL API, Databases - Create",
            least=1,
            most=63,
            form=re.compile(r"[A-Za-z][A-Za-z0-9_]*"),
            refuses=is_reserved,
        ),
    },
    "azure-native:dbforpostgresql:Server": {
        "serverName": Limit(
            allowed="3 to 63 lower-case letters, digits and -, neither beginning nor ending with -",
            source=_NAMES,
            least=3,
            most=63,
            form=re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"),
        ),
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
    "azure-native:monitor:ActionGroup": {
        "actionGroupName": _ALERTING_NAME,
        "groupShortName": Limit(
            allowed="1 to 12 characters", source="Azure Monitor API, Action Groups - Create Or Update", least=1, most=12
        ),
    },
    "azure-native:monitor:ActivityLogAlert": {"activityLogAlertName": _ALERTING_NAME},
    "azure-native:monitor:MetricAlert": {"ruleName": _ALERTING_NAME},
    "azure-native:network:FlowLog": {"flowLogName": _RESOURCE_NAME},
    "azure-native:network:NatGateway": {"natGatewayName": _RESOURCE_NAME},
    "azure-native:network:NetworkSecurityGroup": {"networkSecurityGroupName": _RESOURCE_NAME},
    "azure-native:network:PublicIPAddress": {"publicIpAddressName": _RESOURCE_NAME},
    "azure-native:network:Subnet": {"subnetName": _NODE_LABEL},
    "azure-native:network:VirtualNetwork": {"virtualNetworkName": _NODE_LABEL},
    "azure-native:network:VirtualNetworkPeering": {"virtualNetworkPeeringName": _RESOURCE_NAME},
    "azure-native:operationalinsights:Workspace": {
        "workspaceName": Limit(
            allowed="4 to 63 letters, digits and -, beginning and ending with a letter or digit",
            source=_NAMES,
            least=4,
            most=63,
            form=re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]"),
        ),
        "retentionInDays": Limit(allowed="30 to 730 days", source="Log Analytics API, Workspaces - Create Or Update", least=30, most=730),
    },
    "azure-native:privatedns:PrivateZone": {
        "privateZoneName": Limit(
            allowed="2 to 34 labels of up to 63 letters, digits, _ and -, separated by .",
            source=_NAMES,
            least=1,
            most=253,
            form=re.compile(r"[\w-]{1,63}(\.[\w-]{1,63}){1,33}", re.ASCII),
        ),
    },
    "azure-native:privatedns:VirtualNetworkLink": {"virtualNetworkLinkName": _RESOURCE_NAME},
    "azure-native:resources:ResourceGroup": {
        "resourceGroupName": Limit(
            allowed="up to 90 letters, digits, _, -, ., and parentheses, not ending with .",
            source=_NAMES,
            least=1,
            most=90,
            form=re.compile(r"[\w().-]*[\w()-]"),
        ),
    },
    "azure-native:network:PrivateEndpoint": {
        "privateEndpointName": _RESOURCE_NAME,
        "customNetworkInterfaceName": _RESOURCE_NAME,
    },
    "azure-native:storage:BlobContainer": {
        "containerName": Limit(
            allowed="3 to 63 of a-z, digits and -, beginning and ending with a letter or digit, without --",
            source=_NAMES,
            least=3,
            most=63,
            form=re.compile(r"(?!.*--)[a-z0-9][a-z0-9-]*[a-z0-9]"),
        ),
    },
    "azure-native:storage:StorageAccount": {
        "accountName": Limit(allowed="3 to 24 of a-z and digits", source=_NAMES, least=3, most=24, form=re.compile(r"[a-z0-9]+")),
    },
}
"""By token; a property is named as it is on the wire."""

# Eight hexadecimal digits.
AZURE_NAMES: Final[Mapping[str, PhysicalName]] = {"azure-native:keyvault:Vault": PhysicalName(path="vaultName", added=8)}
"""The types to which the provider gives a name where the program gives none."""
