"""How each component of a stack comes back, from its settings alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, cast

from components.messaging.amazon_mq.model import AmazonMqSettings
from components.messaging.amazon_mq.recovery import recovery as of_amazon_mq
from components.messaging.cloudamqp.model import CloudAmqpSettings
from components.messaging.cloudamqp.recovery import recovery as of_cloudamqp
from components.messaging.rabbitmq.recovery import recovery as of_rabbitmq
from components.recovery import Loss, Recovery
from stacks.settings.tree import Settings

if TYPE_CHECKING:
    from stacks.settings.aws import AwsStack
    from stacks.settings.azure import AzureStack
    from stacks.settings.existing import ExistingStack


def recovery_of(settings: Settings) -> Sequence[Recovery]:
    """A row for each component and loss, those of a component beside each other."""
    (database,) = (rows for place, rows in _DATABASES.items() if place in type(settings).model_fields)
    return [_declared(row, settings) for row in (*database(settings), *_rabbitmq(settings))]


def _declared(row: Recovery, settings: Settings) -> Recovery:
    """With what is declared of the platform as a whole where a component says nothing of its own (DR-005)."""
    whole = row.declared is None and row.loss in {Loss.CLUSTER, Loss.REGION}
    return replace(row, declared=settings.backups.recovery) if whole and settings.backups else row


def _rabbitmq(settings: Settings) -> Iterator[Recovery]:
    match settings.rabbitmq:
        case None:
            return
        case AmazonMqSettings() as broker:
            yield from of_amazon_mq(broker)
        case CloudAmqpSettings() as broker:
            yield from of_cloudamqp(broker)
        case servers:
            yield from of_rabbitmq(servers, backup_every=settings.backups.every if settings.backups else None)


def _on_aws(settings: Settings) -> Sequence[Recovery]:
    from components.database.rds.recovery import recovery  # noqa: PLC0415 # the models of a place for its own stacks alone

    stack = cast("AwsStack", settings)
    elsewhere = stack.disaster_recovery.region if stack.disaster_recovery else None
    return recovery(stack.database, second_region=elsewhere) if stack.database else ()


def _on_azure(settings: Settings) -> Sequence[Recovery]:
    from components.database.flexible_server.recovery import recovery  # noqa: PLC0415 # likewise

    stack = cast("AzureStack", settings)
    return recovery(stack.database) if stack.database else ()


def _on_existing(settings: Settings) -> Sequence[Recovery]:
    from components.database.cloudnativepg.recovery import recovery  # noqa: PLC0415 # likewise

    stack = cast("ExistingStack", settings)
    if stack.database is None:
        return ()
    return recovery(stack.database, zoned=stack.cluster.is_zoned, archive_elsewhere=stack.existing.object_store is not None)


_DATABASES: Final[Mapping[str, Callable[[Settings], Sequence[Recovery]]]] = {
    "aws": _on_aws,
    "azure": _on_azure,
    "existing": _on_existing,
}
"""By the name of the place's own section."""
