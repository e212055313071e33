"""PostgreSQL in the cluster: the operator, its archiver, one database and all that belongs to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import pulumi

from components.base import Component
from components.charts import CLOUDNATIVE_PG, CLOUDNATIVE_PG_ARCHIVER, install_chart
from components.database.cloudnativepg.alerts import alert_groups
from components.database.cloudnativepg.archive import archive, daily_backup
from components.database.cloudnativepg.arguments import CloudNativePostgresArgs
from components.database.cloudnativepg.cluster import INSTANCE_LABELS, cluster, database
from components.database.cloudnativepg.identities import POOLERS, certificates
from components.database.cloudnativepg.model import CLUSTER, DatabaseSettings
from components.database.cloudnativepg.operator import (
    ARCHIVER_RELEASE,
    OPERATOR_RELEASE,
    render_archiver_values,
    render_operator_values,
)
from components.database.cloudnativepg.poolers import POOLER_LABELS, disruption_budget, pooler, roles
from components.database.cloudnativepg.recovery import restore_time
from components.database.cloudnativepg.traffic import PORT
from components.database.elsewhere import SECRETS
from components.kubernetes import CustomResource, declare
from components.observability.monitoring import Monitoring
from components.observability.monitors import pod_monitor
from components.observability.rules import prometheus_rule

_EMPTY_BEGINNING: Final = "1h"


class CloudNativePostgres(Component):
    """The operator, its archiver and one database with its poolers.

    ``opts`` bring the provider, and put the component behind namespace, priority class, storage class,
    issuer, bucket and the monitoring operator's definitions.
    """

    def __init__(self, name: str, args: CloudNativePostgresArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._args = args
        issued = self._issue_certificates()
        archiver = self._install()
        store = self._declare("archive", archive(args), archiver)
        instances = declare(
            self.child_name("cluster"),
            cluster(args),
            self.child_options(
                depends_on=[store, *issued],
                protect=args.retain,
                custom_timeouts=_patience(args.settings),
            ),
        )
        self._declare("database", database(args), instances, protect=args.retain)
        self._declare("backup", daily_backup(args), instances)
        for role in roles(args):
            self._declare(f"pooler-{role}", pooler(role, args), instances)
            if args.standby_replicas > 1:
                self._declare(f"pooler-{role}-budget", disruption_budget(role, args), instances)
        if args.monitoring:
            self._observe(args.monitoring)
        self.register_outputs({})

    def _declare(self, role: str, custom: CustomResource, gate: pulumi.Resource, *, protect: bool = False) -> pulumi.Resource:
        return declare(self.child_name(role), custom, self.child_options(depends_on=[gate], protect=protect))

    def _issue_certificates(self) -> list[pulumi.Resource]:
        """Declare all certificates; the instances wait for those of their own namespace."""
        own: list[pulumi.Resource] = []
        for item in certificates(self._args):
            gates = [gate for namespace, gate in self._args.client_namespaces.items() if namespace == item.namespace]
            # Neither a namespace nor a secret's name can hold a dot.
            declared = declare(self.child_name(f"{item.namespace}.{item.name}"), item, self.child_options(depends_on=gates))
            if item.namespace == self._args.namespace:
                own.append(declared)
        return own

    def _install(self) -> pulumi.Resource:
        """The operator and the archiver, which adds itself to the operator's pods."""
        args = self._args
        operator = install_chart(
            self.child_name("operator"),
            CLOUDNATIVE_PG,
            release_name=OPERATOR_RELEASE,
            namespace=args.namespace,
            values=render_operator_values(args),
            mirror=args.chart_mirror,
            # With it its definitions stay, but nobody would look after the database.
            opts=self.child_options(protect=args.retain),
        )
        return install_chart(
            self.child_name("archiver"),
            CLOUDNATIVE_PG_ARCHIVER,
            release_name=ARCHIVER_RELEASE,
            namespace=args.namespace,
            values=render_archiver_values(args),
            mirror=args.chart_mirror,
            opts=self.child_options(depends_on=[operator], protect=args.retain),
        )

    def _observe(self, monitoring: Monitoring) -> None:
        args = self._args
        watched = {f"{CLUSTER}-instances": INSTANCE_LABELS, f"{CLUSTER}-poolers": POOLER_LABELS}
        for name, selector in watched.items():
            monitor = pod_monitor(name, args.namespace, selector=selector, port="metrics", interval="30s")
            declare(self.child_name(f"monitor-{name}"), monitor, self.child_options())
        rule = prometheus_rule(CLUSTER, args.namespace, alert_groups(args), monitoring.runbook_base_url)
        declare(self.child_name("alerts"), rule, self.child_options())


def _patience(settings: DatabaseSettings) -> pulumi.CustomTimeouts:
    # Each instance is a copy: the first of the archive in a restore, the others of the first, then and after a major upgrade.
    copies = f"{restore_time(settings) * settings.instances // timedelta(minutes=1)}m"
    return pulumi.CustomTimeouts(create=copies if settings.restore_from else _EMPTY_BEGINNING, update=copies)


def variables(args: CloudNativePostgresArgs) -> Mapping[str, str]:
    """The environment of clients: where the poolers are, and where a client finds its certificate once it is mounted."""
    hosts = {role: f"{POOLERS[role]}.{args.namespace}.svc" for role in roles(args)}
    return {
        "PGHOST": hosts["rw"],
        **({"PGHOST_READER": hosts["ro"]} if "ro" in hosts else {}),
        "PGPORT": str(PORT),
        "PGDATABASE": args.settings.name,
        "PGSSLMODE": "verify-full",
        "PGSSLROOTCERT": f"{SECRETS}/ca.crt",
        "PGSSLCERT": f"{SECRETS}/tls.crt",
        "PGSSLKEY": f"{SECRETS}/tls.key",
    }
