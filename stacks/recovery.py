"""How each component of a stack comes back, from its settings alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, cast

from components.backup.recovery import recovery as of_volumes
from components.messaging.amazon_mq.model import AmazonMqSettings
from components.messaging.amazon_mq.recovery import recovery as of_amazon_mq
from components.messaging.cloudamqp.model import CloudAmqpSettings
from components.messaging.cloudamqp.recovery import recovery as of_cloudamqp
from components.messaging.nats.recovery import recovery as of_nats
from components.messaging.rabbitmq.recovery import recovery as of_rabbitmq
from components.recovery import Loss, Recovery
from components.storage.object_store_model import BACKUPS
from stacks.settings.tree import DisasterRecoverySettings, Settings

if TYPE_CHECKING:
    from stacks.settings.aws import AwsStack
    from stacks.settings.azure import AzureStack
    from stacks.settings.existing import ExistingStack


@dataclass(frozen=True, kw_only=True)
class _Offer:
    """What a place has to come back by.

    Attributes:
        database: the rows of its database.
        stored: whether there is a store for backups, which survives the cluster.
        copied: whether that store survives the region.
        elsewhere: what is kept in a second region.
    """

    database: Sequence[Recovery]
    stored: bool
    copied: bool
    elsewhere: DisasterRecoverySettings | None


def recovery_of(settings: Settings) -> Sequence[Recovery]:
    """A row for each component and loss, those of a component beside each other."""
    (offer_of,) = (offer for place, offer in _OFFERS.items() if place in type(settings).model_fields)
    offer = offer_of(settings)
    volumes = of_volumes(settings.backups, copied=offer.copied) if settings.backups else ()
    rows = (*offer.database, *_nats(settings, offer), *_rabbitmq(settings), *volumes)
    return [_declared(row, settings) for row in rows]


def _declared(row: Recovery, settings: Settings) -> Recovery:
    """With what is declared of the platform as a whole where a component says nothing of its own (DR-005)."""
    whole = row.declared is None and row.loss in {Loss.CLUSTER, Loss.REGION}
    return replace(row, declared=settings.backups.recovery) if whole and settings.backups else row


def _nats(settings: Settings, offer: _Offer) -> Sequence[Recovery]:
    if settings.nats is None:
        return ()
    stack = offer.elsewhere.stack if offer.elsewhere else None
    return of_nats(settings.nats, stored=offer.stored, volumes_lose=_volumes_lose(settings), dr_stack=stack)


def _volumes_lose(settings: Settings) -> timedelta | None:
    """What the newest backup of a volume lacks at most: it holds what there was when it began, and counts once it is complete."""
    return settings.backups.every * 2 if settings.backups else None


def _rabbitmq(settings: Settings) -> Iterator[Recovery]:
    match settings.rabbitmq:
        case None:
            return
        case AmazonMqSettings() as broker:
            yield from of_amazon_mq(broker)
        case CloudAmqpSettings() as broker:
            yield from of_cloudamqp(broker)
        case servers:
            yield from of_rabbitmq(servers, backup_every=_volumes_lose(settings))


def _on_aws(settings: Settings) -> _Offer:
    from components.database.rds.recovery import recovery  # noqa: PLC0415 # the models of a place for its own stacks alone

    stack = cast("AwsStack", settings)
    elsewhere = stack.disaster_recovery
    region = elsewhere.region if elsewhere else None
    return _Offer(
        database=recovery(stack.database, second_region=region) if stack.database else (),
        stored=BACKUPS in stack.aws.object_stores,
        copied=region is not None,
        elsewhere=elsewhere,
    )


def _on_azure(settings: Settings) -> _Offer:
    from components.database.flexible_server.recovery import recovery  # noqa: PLC0415 # likewise

    stack = cast("AzureStack", settings)
    store = stack.azure.object_stores.get(BACKUPS)
    return _Offer(
        database=recovery(stack.database) if stack.database else (),
        stored=store is not None,
        copied=store is not None and store.geo_redundant,
        elsewhere=stack.disaster_recovery,
    )


def _on_existing(settings: Settings) -> _Offer:
    from components.database.cloudnativepg.recovery import recovery  # noqa: PLC0415 # likewise

    stack = cast("ExistingStack", settings)
    stored = stack.existing.object_store is not None
    return _Offer(
        database=recovery(stack.database, zoned=stack.cluster.is_zoned, archive_elsewhere=stored) if stack.database else (),
        stored=stored,
        # It is elsewhere (BAK-006).
        copied=stored,
        elsewhere=stack.disaster_recovery,
    )


_OFFERS: Final[Mapping[str, Callable[[Settings], _Offer]]] = {"aws": _on_aws, "azure": _on_azure, "existing": _on_existing}
"""By the name of the place's own section."""
