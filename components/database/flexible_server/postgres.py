"""PostgreSQL as a flexible server of Azure: private, encrypted, backed up, watched."""

from __future__ import annotations

from typing import Final

import pulumi
from pulumi_azure_native import dbforpostgresql as postgresql

from components.azure import lock_against_deletion, send_diagnostics
from components.base import Component
from components.database.flexible_server.alarms import create_action_group, create_alarms
from components.database.flexible_server.arguments import FlexiblePostgresArgs
from components.database.flexible_server.parameters import parameters
from components.database.flexible_server.sizing import pool_size, tier_of
from components.database.recovery import recovery_tags
from facts.windows import parse_maintenance_window

PORT: Final = 5432
POOLER_PORT: Final = 6432
_MINUTES_AN_HOUR: Final = 60
_LOGS: Final = (
    "PostgreSQLLogs",
    "PostgreSQLFlexSessions",
    "PostgreSQLFlexQueryStoreRuntime",
    "PostgreSQLFlexQueryStoreWaitStats",
    "PostgreSQLFlexTableStats",
    "PostgreSQLFlexDatabaseXacts",
)


class FlexiblePostgres(Component):
    """A flexible server with its database, parameters, administrators, logs, lock and alarms.

    Nobody has a password: administrators and applications sign in with tokens of Entra (PG-013).

    Attributes:
        address: host name for reading and writing.
        server_id: its id in Azure.
        action_group_id: the action group of the alarms.
        ready: what signs in goes behind this.
    """

    address: pulumi.Output[str]
    server_id: pulumi.Output[str]
    action_group_id: pulumi.Output[str]
    ready: pulumi.Resource

    def __init__(self, name: str, args: FlexiblePostgresArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._args = args
        server = self._create_server()
        self.address = server.fully_qualified_domain_name
        self.server_id = server.id
        self.ready = self._furnish(server)
        if args.retain:
            lock_against_deletion(self, "lock", scope=server.id, reason=f"The database {args.server_name} goes with all of its backups.")
        group = create_action_group(self, args)
        self.action_group_id = group.id
        create_alarms(self, args, receivers=[group.id, *args.settings.alarms.action_group_ids], server_id=server.id)
        self.register_outputs({"address": self.address, "server_id": self.server_id, "action_group_id": self.action_group_id})

    def _create_server(self) -> postgresql.Server:
        args, settings = self._args, self._args.settings
        return postgresql.Server(
            self.child_name("server"),
            postgresql.ServerArgs(
                server_name=args.server_name,
                resource_group_name=args.location.resource_group,
                location=args.location.location,
                version=settings.engine_version,
                sku=postgresql.SkuArgs(name=settings.sku, tier=tier_of(settings.sku)),
                storage=postgresql.StorageArgs(
                    type=postgresql.StorageType.PREMIUM_LRS,
                    storage_size_gb=settings.storage_gib,
                    auto_grow=postgresql.StorageAutoGrow.ENABLED,
                ),
                backup=postgresql.BackupArgs(
                    backup_retention_days=settings.backup_retention.days,
                    geo_redundant_backup=_switch(on=settings.geo_redundant_backup),
                ),
                high_availability=postgresql.HighAvailabilityArgs(
                    mode=postgresql.PostgreSqlFlexibleServerHighAvailabilityMode.ZONE_REDUNDANT
                    if settings.multi_az
                    else postgresql.PostgreSqlFlexibleServerHighAvailabilityMode.DISABLED
                ),
                maintenance_window=_maintenance_window(settings.maintenance_window),
                auth_config=postgresql.AuthConfigArgs(
                    active_directory_auth=_switch(on=True), password_auth=_switch(on=False), tenant_id=args.location.tenant_id
                ),
                network=postgresql.NetworkArgs(
                    delegated_subnet_resource_id=args.subnet_id, private_dns_zone_arm_resource_id=args.private_dns_zone_id
                ),
                tags={**args.location.tags, **recovery_tags(settings.recovery)},
            ),
            self.child_options(
                # Azure picks the zones and swaps them at each failover. A refresh brings them into the state, and the
                # SDK asks for "no zone" by itself: the provider would replace the server for the difference.
                ignore_changes=["availabilityZone", "highAvailability.standbyAvailabilityZone"],
                # A standby, a new size and a major upgrade take longer than the provider's defaults allow.
                custom_timeouts=pulumi.CustomTimeouts(create="90m", update="3h", delete="1h"),
                protect=args.retain,
            ),
        )

    def _furnish(self, server: postgresql.Server) -> pulumi.Resource:
        """Logs, parameters, administrators and the database, one after another.

        Azure refuses a change while it makes another, and just after creation; what is deleted with the
        server is not deleted before: dropping the database first would leave nothing to revive.
        """
        args = self._args
        at = {"resource_group_name": args.location.resource_group, "server_name": args.server_name}
        last: pulumi.Resource = send_diagnostics(self, "logs", resource_id=server.id, workspace_id=args.workspace_id, logs=_LOGS)
        pool = None if args.settings.burstable else pool_size(args.limits, args.clients)
        for parameter, value in parameters(args.limits, extensions=args.settings.extensions, pool=pool).items():
            last = postgresql.Configuration(
                self.child_name(f"parameter-{parameter}"),
                postgresql.ConfigurationArgs(**at, configuration_name=parameter, source="user-override", value=value),
                self.child_options(depends_on=[last], deleted_with=server),
            )
        for administrator in args.settings.administrators:
            last = postgresql.AdministratorsMicrosoftEntra(
                self.child_name(f"administrator-{administrator.object_id}"),
                postgresql.AdministratorsMicrosoftEntraArgs(
                    **at,
                    object_id=administrator.object_id,
                    principal_name=administrator.name,
                    principal_type=administrator.type,
                    tenant_id=args.location.tenant_id,
                ),
                self.child_options(depends_on=[last], deleted_with=server),
            )
        return postgresql.Database(
            self.child_name("database"),
            postgresql.DatabaseArgs(**at, database_name=args.settings.name, charset="UTF8", collation="en_US.utf8"),
            self.child_options(depends_on=[last], deleted_with=server, protect=args.retain),
        )


def _switch(*, on: bool) -> str:
    """How the API writes what is on and what is off."""
    return "Enabled" if on else "Disabled"


def _maintenance_window(text: str) -> postgresql.MaintenanceWindowArgs:
    start, _ = parse_maintenance_window(text)
    day, minute = divmod(start, 24 * _MINUTES_AN_HOUR)
    return postgresql.MaintenanceWindowArgs(
        custom_window=_switch(on=True),
        # Azure counts days from Sunday.
        day_of_week=(day + 1) % 7,
        start_hour=minute // _MINUTES_AN_HOUR,
        start_minute=minute % _MINUTES_AN_HOUR,
    )
