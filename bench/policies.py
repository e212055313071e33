"""CPU per resource of the pack against the stock server of pulumi-policy with the same rules, and with many rules for other types.

Both are called in this process with the same requests, so that neither the network nor the engine is measured. The stock server gets
each rule as a policy of its own that converts what the server shows it and runs the same check, which is the least that it needs.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from pulumi.runtime.proto import analyzer_pb2 as proto
from pulumi_policy import EnforcementLevel, Policy, ReportViolation, ResourceValidationArgs, ResourceValidationPolicy
from pulumi_policy.deserialize import serialize_properties
from pulumi_policy.policy import _PolicyAnalyzerServicer

from facts.tiers import Tier
from policies.analyzer import Analyzer
from policies.information import description
from policies.model import Resource, ResourceRule, Rule, Stack
from policies.registry import RULES

RESOURCES = 60
ROUNDS = 7
STOCK_ROUNDS = 3
AIM = 0.1
FACTS = Stack(name="production", project="plinth", tier=Tier.PRODUCTION)

Analyze = Callable[[proto.AnalyzeRequest, None], proto.AnalyzeResponse]


def deployment(index: int) -> dict[str, Any]:
    """A Deployment with two containers, as teams write them."""
    container = {
        "image": f"ghcr.io/acme/service:1.{index}.0",
        "env": [{"name": f"SETTING_{number}", "value": f"value-{number}"} for number in range(12)],
        "ports": [{"containerPort": 8080, "name": "http"}, {"containerPort": 9090, "name": "metrics"}],
        "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"cpu": "1", "memory": "512Mi"}},
        "livenessProbe": {"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 10},
        "readinessProbe": {"httpGet": {"path": "/readyz", "port": "http"}, "periodSeconds": 5},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "runAsNonRoot": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],  # noqa: S108 # a path in a container
    }
    labels = {"app.kubernetes.io/name": f"service-{index}", "app.kubernetes.io/part-of": "acme"}
    pod = {
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [{**container, "name": "main"}, {**container, "name": "proxy"}],
        "volumes": [{"name": "tmp", "emptyDir": {}}],
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": f"service-{index}", "namespace": "shop", "labels": labels},
        "spec": {"replicas": 3, "selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": pod}},
    }


def release(index: int) -> dict[str, Any]:
    """A release of the NATS chart with some values."""
    return {
        "name": f"nats-{index}",
        "chart": "nats",
        "version": "2.14.2",
        "namespace": "messaging",
        "repositoryOpts": {"repo": "https://nats-io.github.io/k8s/helm/charts/"},
        "values": {
            "config": {
                "cluster": {"enabled": True, "replicas": 3},
                "jetstream": {"enabled": True, "fileStore": {"pvc": {"size": "500Gi", "storageClassName": "gp3-retain"}}},
            },
            "podTemplate": {"topologySpreadConstraints": {"topology.kubernetes.io/zone": {"maxSkew": 1}}},
            "promExporter": {"enabled": True},
        },
    }


def database(index: int) -> dict[str, Any]:
    """An RDS instance."""
    return {
        "identifier": f"orders-{index}",
        "engine": "postgres",
        "engineVersion": "16.4",
        "instanceClass": "db.r6g.large",
        "allocatedStorage": 100,
        "multiAz": True,
        "storageEncrypted": True,
        "publiclyAccessible": False,
        "backupRetentionPeriod": 35,
        "deletionProtection": True,
        "finalSnapshotIdentifier": "last",
        "manageMasterUserPassword": True,
        "kmsKeyId": "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "tags": {"team": "orders", "project": "acme"},
    }


KINDS: tuple[tuple[str, Callable[[int], dict[str, Any]]], ...] = (
    ("kubernetes:apps/v1:Deployment", deployment),
    ("kubernetes:helm.sh/v3:Release", release),
    ("aws:rds/instance:Instance", database),
    ("aws:iam/role:Role", lambda index: {"name": f"role-{index}", "assumeRolePolicy": "{}", "tags": {"team": "orders"}}),
)


def requests() -> list[proto.AnalyzeRequest]:
    """What the engine would send for a stack of :data:`RESOURCES` resources, a quarter of each kind."""
    made: list[proto.AnalyzeRequest] = []
    for index in range(RESOURCES):
        token, make = KINDS[index % len(KINDS)]
        request = proto.AnalyzeRequest(type=token, urn=f"urn:pulumi:production::plinth::{token}::it-{index}", name=f"it-{index}")
        request.properties.update(make(index))
        made.append(request)
    return made


def stock_server(rules: Sequence[ResourceRule]) -> Analyze:
    """The server that pulumi-policy runs, with one policy for each rule."""
    policies: list[Policy] = [
        ResourceValidationPolicy(name=rule.name, description=description(rule), validate=_validation(rule)) for rule in rules
    ]
    analyze: Analyze = _PolicyAnalyzerServicer("stock", "0.0.0", policies, EnforcementLevel.MANDATORY).Analyze
    return analyze


def _validation(rule: ResourceRule) -> Callable[[ResourceValidationArgs, ReportViolation], None]:
    types = frozenset(rule.types)

    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        if args.resource_type not in types:
            return
        # The plain content behind the server's proxies, which are neither dict nor list and refuse unknown values.
        resource = Resource(urn=args.urn, type=args.resource_type, name=args.name, properties=serialize_properties(args.props))
        for finding in rule.check(resource, FACTS):
            report(f"{finding.problem} ({finding.where}). {finding.cure}.", None)

    return validate


def elsewhere(rules: Sequence[Rule], times: int) -> list[Rule]:
    """Copies of ``rules`` for types that no resource has."""
    return [
        replace(rule, name=f"{rule.name}-{copy}", types=tuple(f"other{copy}:{token}" for token in rule.types))
        for copy in range(times)
        for rule in rules
    ]


def microseconds(analyze: Analyze, sent: Sequence[proto.AnalyzeRequest], rounds: int) -> float:
    """CPU microseconds of one resource: the median of ``rounds`` runs over all of ``sent``, after one to warm up."""
    runs: list[float] = []
    for _ in range(rounds + 1):
        start = time.process_time()
        for request in sent:
            analyze(request, None)
        runs.append(time.process_time() - start)
    return statistics.median(runs[1:]) / len(sent) * 1e6


def main() -> None:
    """Print CPU per resource of both servers, their ratio, and how more rules for other types change it."""
    rules = [rule for rule in RULES if isinstance(rule, ResourceRule)]
    sent = requests()
    ours = microseconds(Analyzer(rules).Analyze, sent, ROUNDS)
    theirs = microseconds(stock_server(rules), sent, STOCK_ROUNDS)
    more = microseconds(Analyzer([*rules, *elsewhere(rules, 10)]).Analyze, sent, ROUNDS)
    print(f"Policy pack, CPU per resource, {len(rules)} rules, {len(sent)} resources of {len(KINDS)} kinds")
    print(f"  this pack                                 {ours:8.0f} µs")
    print(f"  pulumi-policy's server, the same rules    {theirs:8.0f} µs")
    print(f"  ratio  {ours / theirs:.3f}  (aim: {AIM} or less)")
    print(f"  this pack, {10 * len(rules)} more rules for other types  {more:8.0f} µs  ({more / ours:.2f} times; aim: flat)")


if __name__ == "__main__":
    main()
