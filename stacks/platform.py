"""The composition: which components a platform has, in which order, each with its own part of the settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi.runtime.config import CONFIG

from components.cluster.eks.cluster import EksCluster
from components.database.rds.monitoring import DatabaseAlerts
from components.database.rds.postgres import RdsPostgres
from components.messaging.nats import Nats
from components.network.aws.network import AwsNetwork
from components.observability.cloudwatch.exporter import CloudWatchExporter
from components.observability.definitions import MonitoringDefinitions
from components.observability.prometheus import PrometheusStack
from components.security.certificates import CertManager
from components.storage.aws.storage import AwsStorage, AwsStorageArgs
from components.tenancy.namespaces import Namespace
from components.tenancy.priorities import CRITICAL, PLATFORM, PriorityClasses
from facts.namespaces import AGENTS, CERTIFICATES, MESSAGING, OBSERVABILITY
from stacks.composition import infrastructure, services
from stacks.composition.namespaces import application_namespaces, platform_namespaces
from stacks.composition.providers import aws_provider, default_tags, kubernetes_provider
from stacks.loading import load_settings
from stacks.settings.tree import Settings


def settings_of_stack() -> Settings:
    """The settings of the running program, from all that the engine knows: asked for one by one, an unknown key would go unseen.

    Raises:
        SettingsError: with everything that is wrong.
    """
    config: Mapping[str, str] = CONFIG.get()
    return load_settings(config, [key for key in config if pulumi.runtime.is_config_secret(key)])


class Platform:
    """All components of a stack."""

    def __init__(self, settings: Settings) -> None:
        name = f"{pulumi.get_project()}-{settings.environment.value}"
        tags = default_tags(settings)
        on_aws = pulumi.ResourceOptions(providers=[aws_provider(settings)])
        self.network = AwsNetwork("network", infrastructure.network_args(settings, name), on_aws)
        self.cluster = EksCluster("cluster", infrastructure.cluster_args(settings, name, self.network, tags), on_aws)
        database = infrastructure.database_args(settings, name, self.network, self.cluster)
        self.database = RdsPostgres("database", database, on_aws)

        in_cluster = pulumi.ResourceOptions(providers=[kubernetes_provider(self.cluster, cluster_name=name)])
        everywhere = pulumi.ResourceOptions.merge(on_aws, in_cluster)
        priorities = PriorityClasses("priorities", in_cluster)
        storage = AwsStorage(
            "storage", AwsStorageArgs(region=settings.aws.region, account_id=settings.aws.account, retain=settings.retain), everywhere
        )
        own = {args.namespace: Namespace(args.namespace, args, in_cluster).ready for args in platform_namespaces(settings)}
        applications = [Namespace(args.namespace, args, in_cluster).ready for args in application_namespaces(settings)]

        # Each goes behind what it would fail without: its namespaces, the definitions of what it declares, volumes, priorities, issuer.
        definitions = MonitoringDefinitions(
            "monitoring-definitions",
            namespace=OBSERVABILITY,
            retain=settings.retain,
            chart_mirror=settings.charts.mirror,
            opts=_behind(in_cluster, own[OBSERVABILITY]),
        ).release
        critical, ordinary = priorities.classes[CRITICAL], priorities.classes[PLATFORM]
        issuer = CertManager(
            "certificates", services.certificate_args(settings), _behind(in_cluster, own[CERTIFICATES], critical, definitions)
        ).ready
        self.metrics = PrometheusStack(
            "metrics",
            services.prometheus_args(settings, name),
            _behind(in_cluster, own[OBSERVABILITY], own[AGENTS], ordinary, storage.ready, definitions, issuer),
        )
        self.nats = Nats(
            "nats",
            services.nats_args(settings),
            _behind(in_cluster, own[MESSAGING], own[OBSERVABILITY], *applications, critical, storage.ready, definitions, issuer),
        )
        CloudWatchExporter(
            "cloudwatch-exporter",
            services.cloudwatch_args(settings, name, database),
            _behind(everywhere, own[OBSERVABILITY], ordinary, definitions),
        )
        DatabaseAlerts("database-alerts", services.database_alert_args(settings, database), _behind(in_cluster, definitions))

    def exports(self) -> dict[str, Any]:
        """The stack's outputs: addresses and names, no secret."""
        return {
            "vpcId": self.network.vpc_id,
            "clusterName": self.cluster.cluster_name,
            "kubeconfig": self.cluster.kubeconfig,
            "databaseEndpoint": self.database.endpoint,
            "databaseSecretArn": self.database.master_secret_arn,
            "alarmTopicArn": self.database.alarm_topic_arn,
            "natsUrl": self.nats.url,
            "prometheusUrl": self.metrics.prometheus_url,
        }


def _behind(options: pulumi.ResourceOptions, *resources: pulumi.Resource) -> pulumi.ResourceOptions:
    """``options`` of something that is created after ``resources``."""
    return pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(depends_on=list(resources)))
