"""RabbitMQ on Amazon MQ: private, encrypted, in three zones."""

from __future__ import annotations

import json
from typing import Final

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from components.aws import KeySpec, encryption_key
from components.base import Component
from components.messaging.amazon_mq.arguments import AmazonMqBrokerArgs
from components.messaging.aws_access import admit_clients
from components.messaging.rabbitmq.connection import AMQPS
from components.messaging.rabbitmq.managed import ManagedBroker
from facts.windows import start_of_window

ADMINISTRATOR: Final = "platform"
_PASSWORD_LENGTH: Final = 32


def random_provider() -> pulumi.ResourceOptions:
    """Options that bring random values, which the broker's first password is made of."""
    return pulumi.ResourceOptions(providers=[random.Provider("random")])


class AmazonMqBroker(Component):
    """A broker with its key, its network access and its administrator's credentials.

    Amazon MQ takes the first user's password and gives it back to nobody: it is generated here, a secret
    of the state, and kept in Secrets Manager for people. Applications have users of their own.

    Attributes:
        broker: for those who use it.
        secret_arn: the administrator's credentials in Secrets Manager.
    """

    broker: ManagedBroker
    secret_arn: pulumi.Output[str]

    def __init__(self, name: str, args: AmazonMqBrokerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._args = args
        key = encryption_key(
            self,
            KeySpec(role="key", description=f"Encrypts the messages of {args.name} and its administrator's password"),
            location=args.location,
            retain=args.retain,
        )
        password = random.RandomPassword(
            self.child_name("password"),
            # Amazon MQ refuses commas, colons and equal signs.
            random.RandomPasswordArgs(length=_PASSWORD_LENGTH, special=False),
            self.child_options(protect=args.retain, additional_secret_outputs=["result"]),
        ).result
        created = self._create_broker(key, password)
        # Of a private broker the only address is that of its endpoint in the network.
        host = created.instances.apply(lambda nodes: _host((nodes[0].endpoints or [""])[0]))
        self.secret_arn = self._keep_credentials(key, host, password)
        self.broker = ManagedBroker(host=host, username=ADMINISTRATOR, password=password, cidrs=args.cidrs, ready=created)
        self.register_outputs({"host": host, "secret_arn": self.secret_arn})

    def _create_broker(self, key: aws.kms.Key, password: pulumi.Output[str]) -> aws.mq.Broker:
        args, settings = self._args, self._args.settings
        day, time = start_of_window(settings.maintenance_window)
        group = admit_clients(self, args.name, vpc_id=args.vpc_id, clients=args.client_security_groups)
        return aws.mq.Broker(
            self.child_name("broker"),
            aws.mq.BrokerArgs(
                broker_name=args.name,
                engine_type="RabbitMQ",
                engine_version=settings.engine_version,
                host_instance_type=settings.instance_type,
                deployment_mode="CLUSTER_MULTI_AZ" if settings.nodes > 1 else "SINGLE_INSTANCE",
                publicly_accessible=False,
                # A single node stands in one zone.
                subnet_ids=list(args.subnet_ids) if settings.nodes > 1 else list(args.subnet_ids)[:1],
                security_groups=[group.id],
                storage_type="ebs",
                authentication_strategy="simple",
                encryption_options=aws.mq.BrokerEncryptionOptionsArgs(kms_key_id=key.arn, use_aws_owned_key=False),
                logs=aws.mq.BrokerLogsArgs(general=True),
                # Amazon MQ takes nothing else since RabbitMQ 3.13; it brings patches alone.
                auto_minor_version_upgrade=True,
                maintenance_window_start_time=aws.mq.BrokerMaintenanceWindowStartTimeArgs(
                    day_of_week=day.upper(), time_of_day=time, time_zone="UTC"
                ),
                # What restarts nodes waits for the window.
                apply_immediately=not args.retain,
                users=[aws.mq.BrokerUserArgs(username=ADMINISTRATOR, password=password)],
                tags=settings.recovery.tags,
            ),
            self.child_options(
                protect=args.retain,
                # Another user would be another broker; its password is changed in the broker itself:
                # runbooks/amazon-mq-credentials.md.
                ignore_changes=["users"],
                custom_timeouts=pulumi.CustomTimeouts(create="60m", update="2h", delete="60m"),
            ),
        )

    def _keep_credentials(self, key: aws.kms.Key, host: pulumi.Output[str], password: pulumi.Output[str]) -> pulumi.Output[str]:
        """Keep them in Secrets Manager, for people and for whoever rebuilds the broker elsewhere."""
        args = self._args
        there = [aws.secretsmanager.SecretReplicaArgs(region=args.second_region)] if args.second_region else None
        secret = aws.secretsmanager.Secret(
            self.child_name("administrator"),
            # Another stack of this name may have left one behind for its recovery window.
            aws.secretsmanager.SecretArgs(
                name_prefix=f"{args.name}/rabbitmq-administrator-",
                description=f"The administrator of the broker {args.name}",
                kms_key_id=key.arn,
                replicas=there,
            ),
            self.child_options(protect=args.retain),
        )
        content = pulumi.Output.all(host=host, password=password).apply(
            lambda known: json.dumps(
                {"host": known["host"], "port": AMQPS, "username": ADMINISTRATOR, "password": known["password"]}, sort_keys=True
            )
        )
        aws.secretsmanager.SecretVersion(
            self.child_name("administrator-credentials"),
            aws.secretsmanager.SecretVersionArgs(secret_id=secret.id, secret_string=pulumi.Output.secret(content)),
            self.child_options(),
        )
        return secret.arn


def _host(endpoint: str) -> str:
    """The host of an endpoint such as ``amqps://b-1234.mq.eu-west-1.amazonaws.com:5671``."""
    return endpoint.removeprefix("amqps://").partition(":")[0]
