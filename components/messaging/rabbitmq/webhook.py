"""The webhook of the topology operator: it refuses what a broker could not change."""

from __future__ import annotations

from typing import Any, Final

import pulumi
import pulumi_kubernetes as kubernetes

from components.kubernetes import labels
from components.messaging.rabbitmq.definitions import GROUP, TOPOLOGY
from components.messaging.rabbitmq.identities import WEBHOOK, WEBHOOK_SECRET
from components.messaging.rabbitmq.operators import TOPOLOGY_OPERATOR, WEBHOOK_PORT, Operator

_HTTPS: Final = 443
_IN_CLIENTS: Final = ("User", "Permission")
"""What is in the namespaces of clients. As it is created, the webhook of 1.20.1 looks there for the Secret of a
managed broker, which is in the operator's namespace, and refuses it."""


def serve(resource_name: str, operator: Operator, *, namespace: str, opts: pulumi.ResourceOptions) -> kubernetes.core.v1.Service:
    """The Service that the Kubernetes API calls."""
    return kubernetes.core.v1.Service(
        resource_name,
        metadata=kubernetes.meta.v1.ObjectMetaArgs(name=WEBHOOK, namespace=namespace, labels=labels(operator.name, component="webhook")),
        spec=kubernetes.core.v1.ServiceSpecArgs(
            selector=operator.pods, ports=[kubernetes.core.v1.ServicePortArgs(name="webhook", port=_HTTPS, target_port=WEBHOOK_PORT)]
        ),
        opts=opts,
    )


def ask(
    resource_name: str, namespace: str, watched: list[str], opts: pulumi.ResourceOptions
) -> kubernetes.admissionregistration.v1.ValidatingWebhookConfiguration:
    """Have it asked about all kinds, in the namespaces that the operator watches; cert-manager puts its authority in."""
    v1 = kubernetes.admissionregistration.v1
    return v1.ValidatingWebhookConfiguration(
        resource_name,
        metadata=kubernetes.meta.v1.ObjectMetaArgs(
            name=f"{TOPOLOGY_OPERATOR}.{namespace}",
            labels=labels(TOPOLOGY_OPERATOR, component="webhook"),
            annotations={"cert-manager.io/inject-ca-from": f"{namespace}/{WEBHOOK_SECRET}"},
        ),
        webhooks=[_webhook(each.kind, each.plural, each.version, namespace, watched) for each in TOPOLOGY],
        opts=pulumi.ResourceOptions.merge(
            # What cert-manager writes there is nothing to take back.
            opts,
            pulumi.ResourceOptions(ignore_changes=["webhooks[*].clientConfig.caBundle"]),
        ),
    )


def _webhook(kind: str, plural: str, version: str, namespace: str, watched: list[str]) -> Any:
    v1 = kubernetes.admissionregistration.v1
    return v1.ValidatingWebhookArgs(
        name=f"{kind.lower()}.{GROUP}",
        admission_review_versions=["v1"],
        side_effects="None",
        failure_policy="Fail",
        timeout_seconds=10,
        client_config=v1.WebhookClientConfigArgs(
            service=v1.ServiceReferenceArgs(
                name=WEBHOOK, namespace=namespace, port=_HTTPS, path=f"/validate-rabbitmq-com-{version}-{kind.lower()}"
            )
        ),
        namespace_selector=kubernetes.meta.v1.LabelSelectorArgs(
            match_expressions=[
                kubernetes.meta.v1.LabelSelectorRequirementArgs(key="kubernetes.io/metadata.name", operator="In", values=watched)
            ]
        ),
        rules=[
            v1.RuleWithOperationsArgs(
                api_groups=[GROUP],
                api_versions=[version],
                operations=["UPDATE"] if kind in _IN_CLIENTS else ["CREATE", "UPDATE"],
                resources=[plural],
                scope="Namespaced",
            )
        ],
    )
