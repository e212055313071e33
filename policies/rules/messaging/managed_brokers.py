"""MSG-005: a managed RabbitMQ fails over and is kept up to date by whoever runs it, at an hour that somebody chose."""

from __future__ import annotations

from policies import rabbitmq
from policies.findings import Findings
from policies.model import Resource, Stack, rule
from policies.rules.messaging.rabbitmq_nodes import runs_rabbitmq


@rule("MSG-005", on=rabbitmq.AMAZON_MQ)
def amazon_mq_broker_is_maintained(broker: Resource, _: Stack) -> Findings:
    """Both: without a window of its own Amazon chooses one."""
    if runs_rabbitmq(broker):
        upgrade, window = broker["autoMinorVersionUpgrade"], broker["maintenanceWindowStartTime"]
        yield from upgrade.must_be_true("nobody brings the broker the patches of its version")
        yield from window.must_satisfy(
            bool, "the broker is restarted for maintenance at any hour", "Set its dayOfWeek, timeOfDay and timeZone"
        )
