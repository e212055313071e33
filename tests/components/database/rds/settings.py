"""Settings and arguments of a database as production has it."""

from __future__ import annotations

from typing import Any

from components.aws import AwsLocation
from components.database.rds.arguments import RdsPostgresArgs
from components.database.rds.model import DatabaseSettings


def database_settings(**changes: Any) -> DatabaseSettings:
    """The settings, but for what is given in the keys of the stack files."""
    return DatabaseSettings.model_validate(
        {
            "name": "platform",
            "engineVersion": "17.9",
            "instanceClass": "db.m7g.large",
            "storage": "100Gi",
            "maxStorage": "1000Gi",
            "multiAz": True,
            "backupRetention": "30d",
            "backupWindow": "03:00-04:00",
            "maintenanceWindow": "sun:04:30-sun:05:30",
            "insightsRetention": "465d",
            "logRetention": "365d",
            "recovery": {"rpo": "5m", "rto": "10m"},
            "proxy": True,
            **changes,
        }
    )


def readable_settings(**changes: Any) -> DatabaseSettings:
    """Those of a database whose standbys can be read from, likewise."""
    return database_settings(**{"readableStandbys": True, "instanceClass": "db.m6gd.large", "maxStorage": None, **changes})


def database_args(settings: DatabaseSettings) -> RdsPostgresArgs:
    """The arguments of a component with these settings."""
    return RdsPostgresArgs(
        settings=settings,
        location=AwsLocation(region="eu-west-1", account_id="111122223333"),
        identifier="plinth-production",
        vpc_id="vpc-1",
        subnet_ids=["subnet-1", "subnet-2", "subnet-3"],
        client_security_groups={"cluster": "sg-cluster"},
        retain=True,
        keep_data=True,
    )
