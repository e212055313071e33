"""The database as its operator has it: instances, whom they let in, and how they begin."""

from __future__ import annotations

from typing import Any, Final

from components.database.cloudnativepg.archive import ARCHIVER, OBJECT_STORE
from components.database.cloudnativepg.arguments import CloudNativePostgresArgs
from components.database.cloudnativepg.identities import SERVER_SECRET
from components.database.cloudnativepg.model import CLUSTER
from components.database.cloudnativepg.parameters import parameters
from components.database.cloudnativepg.releases import postgres_image
from components.kubernetes import CustomResource, labels
from components.pods import HOST, ZONE, spread_over
from facts.postgres import ADMINISTRATOR
from facts.quantity import format_quantity

API_VERSION: Final = "postgresql.cnpg.io/v1"
INSTANCE_LABELS: Final = {"cnpg.io/cluster": CLUSTER, "cnpg.io/podRole": "instance"}
# Of instances and of the jobs that make them, not of poolers. A job is the first consumer of an
# instance's volumes: if it did not count, it could bind them in a zone that refuses the instance.
_SPREAD: Final = {"cnpg.io/cluster": CLUSTER, "app.kubernetes.io/component": "database"}
_POOLED: Final = "pooled"
# The user of the operator's own certificate for poolers.
_POOLER_USER: Final = "cnpg_pooler_pgbouncer"
_SOURCE: Final = "source"


def cluster(args: CloudNativePostgresArgs) -> CustomResource:
    """The instances."""
    settings = args.settings
    several = settings.instances > 1
    return CustomResource(
        api_version=API_VERSION,
        kind="Cluster",
        name=CLUSTER,
        namespace=args.namespace,
        labels=labels(CLUSTER, component="database"),
        annotations={"pulumi.com/waitFor": "condition=Ready", **settings.recovery.annotations},
        spec={
            "inheritedMetadata": {"annotations": settings.recovery.annotations},
            "imageName": postgres_image(settings.engine_version, args.image_registry),
            "instances": settings.instances,
            "primaryUpdateStrategy": "unsupervised",
            "primaryUpdateMethod": "switchover" if several else "restart",
            # The budget of an only instance would keep its node from ever being drained.
            "enablePDB": several,
            "enableSuperuserAccess": False,
            # Seconds. Poolers do not let go by themselves: waiting for them would be most of each restart.
            "smartShutdownTimeout": 15,
            "stopDelay": 600,
            "switchoverDelay": 300,
            "certificates": {"serverTLSSecret": SERVER_SECRET, "serverCASecret": SERVER_SECRET},
            **_beginning(args),
            "managed": {"roles": [_role(user) for user in args.users]},
            "plugins": [_archiving(settings.archive, isWALArchiver=True)],
            "postgresql": {
                "parameters": parameters(args),
                "pg_hba": [*(f"hostssl {settings.name} {user} all cert map={_POOLED}" for user in args.users), "host all all all reject"],
                "pg_ident": [f"{_POOLED} {_POOLER_USER} {user}" for user in args.users],
                **({"synchronous": _synchronous(args)} if several else {}),
            },
            "storage": _volume(args, int(settings.storage)),
            "walStorage": _volume(args, int(settings.wal_storage)),
            "resources": args.resources.render(),
            "priorityClassName": args.priority_class,
            "affinity": {"enablePodAntiAffinity": True, "podAntiAffinityType": "required", "topologyKey": HOST},
            "topologySpreadConstraints": [spread_over(ZONE, _SPREAD, required=args.zoned and several)],
        },
    )


def database(args: CloudNativePostgresArgs) -> CustomResource:
    """The database with a schema for each user, its own, which its tables are made in."""
    schemas = [{"name": user, "owner": user} for user in args.users]
    return CustomResource(
        api_version=API_VERSION,
        kind="Database",
        name=f"{CLUSTER}-database",
        namespace=args.namespace,
        labels=labels(CLUSTER, component="database"),
        spec={
            "cluster": {"name": CLUSTER},
            "name": args.settings.name,
            "owner": ADMINISTRATOR,
            "databaseReclaimPolicy": "retain",
            **({"schemas": schemas} if schemas else {}),
        },
    )


def _role(user: str) -> dict[str, Any]:
    # A password that somebody sets by hand is taken away again.
    return {"name": user, "ensure": "present", "login": True, "disablePassword": True}


def _beginning(args: CloudNativePostgresArgs) -> dict[str, Any]:
    """What the first instance begins with: nothing, or an archive."""
    settings = args.settings
    owned = {"database": settings.name, "owner": ADMINISTRATOR}
    source = settings.restore_from
    if source is None:
        return {"bootstrap": {"initdb": {**owned, "dataChecksums": True, "encoding": "UTF8"}}}
    target = {"recoveryTarget": {"targetTime": source.target_time}} if source.target_time else {}
    return {
        "bootstrap": {"recovery": {**owned, "source": _SOURCE, **target}},
        # Off, it promotes a database that followed.
        "replica": {"enabled": source.follow, "source": _SOURCE},
        "externalClusters": [{"name": _SOURCE, "plugin": _archiving(source.archive)}],
    }


def _archiving(archive: str, **does: bool) -> dict[str, Any]:
    return {"name": ARCHIVER, **does, "parameters": {"barmanObjectName": OBJECT_STORE, "serverName": archive}}


def _synchronous(args: CloudNativePostgresArgs) -> dict[str, Any]:
    if not args.settings.is_synchronous:
        return {"method": "any", "number": 1, "dataDurability": "preferred"}
    # A standby becomes primary only where it is sure to have all that was acknowledged.
    return {"method": "any", "number": 1, "dataDurability": "required", "failoverQuorum": True}


def _volume(args: CloudNativePostgresArgs, size: int) -> dict[str, Any]:
    return {"size": format_quantity(size), "storageClass": args.storage_class}
