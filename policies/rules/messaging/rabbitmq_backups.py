"""MSG-005: what a RabbitMQ in the cluster keeps is backed up."""

from __future__ import annotations

from collections.abc import Sequence

from policies.charts import velero
from policies.deciding import may_any
from policies.findings import Findings
from policies.helm import RELEASE_TYPES
from policies.model import Resource, Stack, stack_rule
from policies.rules.backup.claimants import NAMESPACE_TYPES, Homes
from policies.rules.messaging.rabbitmq_servers import BROKER_TYPES, broker_labels, runs_brokers
from policies.velero import SCHEDULE, SERVER_TYPES, BackupPlan, installations_of, plans_of


@stack_rule("MSG-005", on=(*BROKER_TYPES, *NAMESPACE_TYPES, SCHEDULE, *SERVER_TYPES))
def rabbitmq_is_backed_up(resources: Sequence[Resource], _: Stack) -> Findings:
    """By a schedule of Velero that takes the volumes of its namespace, or those of its pods there; how often is asked by others."""
    plans, homes = plans_of(resources), Homes(resources)
    open_schedules = [each.values[velero.SCHEDULES] for each in installations_of(resources) if each.values is not None]
    for broker in resources:
        if broker.type not in BROKER_TYPES or not runs_brokers(broker) or _may_be_taken(broker, homes, plans):
            continue
        place = broker["namespace"] if broker.type in RELEASE_TYPES else broker.at("metadata.namespace")
        if not [each for each in (place, *open_schedules) if each.is_unknown]:
            problem = "no schedule of Velero takes the namespace of RabbitMQ: its volumes and definitions are not backed up"
            yield from place.refuse(problem, "Add a schedule whose template includes the namespace")


def _may_be_taken(broker: Resource, homes: Homes, plans: Sequence[BackupPlan]) -> bool:
    name, _ = homes.of(broker)

    def takes(plan: BackupPlan) -> bool:
        everything = plan.may_take_everything() if name is None else plan.may_take(name, lambda: broker_labels(broker))
        return everything and plan.may_run()

    return may_any(((plan.resource, plan) for plan in plans), takes)
