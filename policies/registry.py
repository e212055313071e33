"""Every rule of the pack, in the order in which it speaks: a rule that is not listed here does not exist."""

from __future__ import annotations

from typing import Final

from policies.model import Rule
from policies.rules.cluster.node_pools import AKS_SYSTEM_POOL, EKS_NODE_GROUPS
from policies.rules.database import deletion, exposure, high_availability, security_groups, transport
from policies.rules.database.backup_retention import BACKUP_RETENTION
from policies.rules.messaging import durability, nats_servers, nats_volume, storage_claims, storage_class, streams
from policies.rules.network.default_deny import NAMESPACES_DENY_BY_DEFAULT
from policies.rules.secrets import charts, databases, environment, objects
from policies.rules.security.pod_security_labels import NAMESPACES_ENFORCE_RESTRICTED
from policies.rules.security.registries import REGISTRIES_KEEP_TAGS
from policies.rules.workload import chart_pods, images, non_root, pod_security, probes

RULES: Final[tuple[Rule, ...]] = (
    nats_volume.NATS_VOLUME_SIZE,
    nats_servers.NATS_SERVER_COUNT,
    nats_servers.NATS_ZONE_SPREAD,
    nats_servers.NATS_DISRUPTION_BUDGET,
    streams.STREAM_REPLICAS,
    streams.STREAM_STORAGE,
    durability.FILE_STORE,
    durability.ZERO_LOSS,
    storage_class.GROWTH,
    storage_class.RETENTION,
    storage_class.ENCRYPTION,
    storage_claims.APPROVED_CLASSES,
    storage_claims.CLAIMS_SURVIVE,
    high_availability.INSTANCE_STANDBY,
    high_availability.CLUSTER_STANDBY,
    BACKUP_RETENTION,
    deletion.DELETION_PROTECTION,
    deletion.FINAL_SNAPSHOT,
    deletion.AZURE_LOCK,
    exposure.AWS_ENDPOINT,
    exposure.AZURE_ENDPOINT,
    exposure.AZURE_FIREWALL,
    exposure.ENCRYPTION,
    security_groups.SECURITY_GROUPS,
    transport.PARAMETERS,
    transport.DEFAULT_PARAMETERS,
    transport.AZURE_PARAMETERS,
    EKS_NODE_GROUPS,
    AKS_SYSTEM_POOL,
    non_root.PODS_RUN_AS_NON_ROOT,
    non_root.OVERLAYS_RUN_AS_NON_ROOT,
    chart_pods.CHART_PODS_RUN_AS_NON_ROOT,
    NAMESPACES_ENFORCE_RESTRICTED,
    pod_security.PODS_ARE_RESTRICTED,
    pod_security.OVERLAYS_ARE_RESTRICTED,
    chart_pods.CHART_PODS_ARE_RESTRICTED,
    probes.CONTAINERS_HAVE_PROBES,
    probes.CHARTS_KEEP_PROBES,
    images.PODS_PIN_IMAGES,
    images.CHARTS_PIN_IMAGES,
    REGISTRIES_KEEP_TAGS,
    NAMESPACES_DENY_BY_DEFAULT,
    environment.ENVIRONMENTS_HOLD_NO_CREDENTIALS,
    environment.CONFIG_MAPS_HOLD_NO_PASSWORDS,
    objects.SECRETS_COME_FROM_THE_BACKEND,
    charts.CHARTS_HOLD_NO_CREDENTIALS,
    databases.CLOUD_PASSWORDS_ARE_NOT_LITERALS,
)
