"""Every stack is clean under the pack; whoever breaks one field of it hears of the one requirement, where it applies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pytest

from tests.policies.requests import UNKNOWN_TEXT
from tests.runs import STACKS, run_of
from tests.stacks.judging import find, judge

MANDATORY, ADVISORY, SILENT = "mandatory", "advisory", ""
EVERYWHERE: Final = {"dev": ADVISORY, "staging": MANDATORY, "production": MANDATORY}
IN_PRODUCTION: Final = {"dev": SILENT, "staging": SILENT, "production": MANDATORY}
ADVICE_IN_PRODUCTION: Final = {"dev": SILENT, "staging": SILENT, "production": ADVISORY}
NOT_IN_DEV: Final = {"dev": SILENT, "staging": MANDATORY, "production": MANDATORY}
ALSO_IN_DEV: Final = dict.fromkeys(STACKS, MANDATORY)

NATS: Final = ("helm.sh/v3:Release", "nats-servers")
METRICS: Final = ("helm.sh/v3:Release", "metrics-release")
AUTOSCALER: Final = ("helm.sh/v3:Release", "node-autoscaler-release")
STREAM: Final = (":Stream", "nats-stream-orders")
DATABASE: Final = ("rds/instance:Instance", "database-instance")
STORAGE: Final = (":StorageClass", "storage-brokers")
NODES: Final = (":NodeGroup", "cluster-nodes-general")
PARAMETERS: Final = (":ParameterGroup", "database-parameters-postgres17")

SERVER_CONTEXT: Final = "values/podTemplate/merge/spec/securityContext"
CONTAINER_CONTEXT: Final = "values/container/merge/securityContext"
FILE_STORE: Final = "values/config/jetstream/fileStore"
SYNC: Final = "values/config/jetstream/merge/sync_interval"


@dataclass(frozen=True, kw_only=True)
class Break:
    """One input changed. ``levels`` say how it counts by stack; ``blamed`` is the resource named, the changed one unless said."""

    requirement: str
    of: tuple[str, str]
    path: str
    value: Any = None
    levels: dict[str, str]
    blamed: tuple[str, str] | None = None

    def __str__(self) -> str:
        return f"{self.requirement} {self.of[1]} {self.path}={self.value}"


BREAKS: Final = (
    Break(requirement="MSG-007", of=NATS, path=f"{FILE_STORE}/pvc/size", value="499Gi", levels=IN_PRODUCTION),
    Break(requirement="MSG-007", of=NATS, path=f"{FILE_STORE}/pvc/size", levels=IN_PRODUCTION),
    Break(requirement="MSG-007", of=NATS, path=f"{FILE_STORE}/pvc/enabled", value=False, levels=IN_PRODUCTION),
    Break(requirement="MSG-008", of=NATS, path="values/config/cluster/replicas", value=2, levels=IN_PRODUCTION),
    Break(requirement="MSG-008", of=NATS, path="values/config/cluster/enabled", value=False, levels=IN_PRODUCTION),
    Break(
        requirement="MSG-008 DR-001",
        of=NATS,
        path="values/podTemplate/topologySpreadConstraints/topology.kubernetes.io~1zone/whenUnsatisfiable",
        value="ScheduleAnyway",
        levels=IN_PRODUCTION,
    ),
    Break(requirement="MSG-008 MSG-014 DR-001", of=NATS, path="values/podDisruptionBudget/enabled", value=False, levels=IN_PRODUCTION),
    Break(requirement="MSG-008 DR-001", of=STREAM, path="spec/replicas", value=1, levels=IN_PRODUCTION),
    Break(requirement="MSG-010", of=NATS, path=f"{FILE_STORE}/enabled", value=False, levels=IN_PRODUCTION),
    Break(requirement="MSG-010 DR-001", of=NATS, path=SYNC, value="2m", levels=IN_PRODUCTION),
    Break(requirement="MSG-008 MSG-010 DR-001", of=STREAM, path="spec/storage", value="memory", levels=IN_PRODUCTION),
    Break(requirement="MSG-008 MSG-010 DR-001", of=STREAM, path="spec/storage", levels=IN_PRODUCTION),
    Break(requirement="MSG-012", of=STORAGE, path="allowVolumeExpansion", value=False, levels=EVERYWHERE),
    Break(requirement="MSG-012", of=STORAGE, path="reclaimPolicy", value="Delete", levels=IN_PRODUCTION),
    Break(requirement="MSG-012", of=STORAGE, path="parameters/encrypted", value="false", levels=EVERYWHERE),
    Break(requirement="MSG-012", of=NATS, path=f"{FILE_STORE}/pvc/storageClassName", value="gp2", levels=EVERYWHERE),
    Break(
        requirement="MSG-012",
        of=NATS,
        path="values/statefulSet/merge/spec/persistentVolumeClaimRetentionPolicy/whenDeleted",
        value="Delete",
        levels=EVERYWHERE,
    ),
    Break(
        requirement="MSG-012",
        of=METRICS,
        path="values/prometheus/prometheusSpec/storageSpec/volumeClaimTemplate/spec/storageClassName",
        value="gp2",
        levels=EVERYWHERE,
    ),
    Break(requirement="PG-002 PG-007", of=DATABASE, path="multiAz", value=False, levels=IN_PRODUCTION),
    Break(requirement="PG-002 PG-007", of=DATABASE, path="multiAz", levels=IN_PRODUCTION),
    Break(requirement="PG-004", of=DATABASE, path="backupRetentionPeriod", value=6, levels=ALSO_IN_DEV),
    Break(requirement="PG-004", of=DATABASE, path="backupRetentionPeriod", value=29, levels=IN_PRODUCTION),
    Break(requirement="PG-003", of=DATABASE, path="engineVersion", value="15.13", levels=EVERYWHERE),
    Break(requirement="PG-003", of=DATABASE, path="engineVersion", levels=EVERYWHERE),
    Break(requirement="PG-006", of=DATABASE, path="backupWindow", value="01:00-02:00", levels=ADVICE_IN_PRODUCTION),
    Break(requirement="PG-006", of=DATABASE, path="maintenanceWindow", value="sun:03:30-sun:04:30", levels=ADVICE_IN_PRODUCTION),
    Break(requirement="PG-011", of=DATABASE, path="instanceClass", value="db.t4g.small", levels=ADVICE_IN_PRODUCTION),
    Break(requirement="PG-005", of=DATABASE, path="deletionProtection", value=False, levels=IN_PRODUCTION),
    Break(requirement="PG-005", of=DATABASE, path="skipFinalSnapshot", value=True, levels=IN_PRODUCTION),
    Break(requirement="PG-015", of=DATABASE, path="publiclyAccessible", value=True, levels=EVERYWHERE),
    Break(requirement="PG-015", of=DATABASE, path="storageEncrypted", value=False, levels=EVERYWHERE),
    Break(
        requirement="PG-015",
        of=PARAMETERS,
        path="parameters",
        value=[{"name": "rds.force_ssl", "value": "0", "applyMethod": "immediate"}],
        levels=EVERYWHERE,
    ),
    Break(
        requirement="PG-015",
        of=(":SecurityGroupIngressRule", "database-from-cluster"),
        path="cidrIpv4",
        value="0.0.0.0/0",
        levels=EVERYWHERE,
    ),
    Break(requirement="POD-001", of=NATS, path=f"{SERVER_CONTEXT}/runAsNonRoot", value=False, levels=EVERYWHERE),
    Break(requirement="POD-001", of=NATS, path=f"{SERVER_CONTEXT}/runAsNonRoot", levels=EVERYWHERE),
    Break(requirement="POD-001", of=NATS, path=f"{SERVER_CONTEXT}/runAsUser", value=0, levels=EVERYWHERE),
    Break(requirement="POD-001", of=METRICS, path="values/grafana/securityContext/runAsUser", value=0, levels=EVERYWHERE),
    Break(requirement="POD-002", of=NATS, path=f"{SERVER_CONTEXT}/seccompProfile/type", value="Unconfined", levels=EVERYWHERE),
    Break(requirement="POD-002", of=NATS, path=f"{CONTAINER_CONTEXT}/allowPrivilegeEscalation", value=True, levels=EVERYWHERE),
    Break(requirement="POD-002", of=NATS, path=f"{CONTAINER_CONTEXT}/capabilities", levels=EVERYWHERE),
    Break(requirement="POD-001", of=AUTOSCALER, path="values/securityContext/runAsNonRoot", value=False, levels=EVERYWHERE),
    Break(
        requirement="POD-002", of=AUTOSCALER, path="values/containerSecurityContext/allowPrivilegeEscalation", value=True, levels=EVERYWHERE
    ),
    Break(requirement="POD-009", of=AUTOSCALER, path="values/image/tag", value="latest", levels=NOT_IN_DEV),
    Break(requirement="POD-002", of=METRICS, path="values/prometheusOperator/hostNetwork", value=True, levels=EVERYWHERE),
    *(
        Break(
            requirement="POD-002",
            of=(":Namespace", f"{name}-namespace"),
            path="metadata/labels/pod-security.kubernetes.io~1enforce",
            value="baseline",
            levels=EVERYWHERE,
        )
        for name in ("orders", "messaging", "observability", "cert-manager")
    ),
    Break(requirement="POD-006", of=NATS, path="values/config/monitor/enabled", value=False, levels=EVERYWHERE),
    Break(requirement="POD-006", of=METRICS, path="values/grafana/readinessProbe/enabled", value=False, levels=EVERYWHERE),
    Break(requirement="POD-009", of=NATS, path="values/container/image/tag", value="latest", levels=NOT_IN_DEV),
    Break(requirement="POD-009", of=METRICS, path="values/grafana/image/tag", value="main", levels=NOT_IN_DEV),
    *(
        Break(
            requirement="NET-001",
            of=("networking.k8s.io/v1:NetworkPolicy", f"{name}-default-deny"),
            path=path,
            value=value,
            levels=EVERYWHERE,
            blamed=(":Namespace", f"{name}-namespace"),
        )
        for name, path, value in (
            ("orders", "spec/policyTypes", ["Ingress"]),
            ("messaging", "spec/podSelector", {"matchLabels": {"app.kubernetes.io/name": "nats"}}),
            ("observability", "spec/egress", [{}]),
            ("node-agents", "metadata/namespace", "default"),
            ("cert-manager", "spec/policyTypes", None),
        )
    ),
    Break(requirement="CLUS-002", of=NODES, path="scalingConfig/minSize", value=2, levels=IN_PRODUCTION),
    Break(requirement="CLUS-002", of=NODES, path="subnetIds", value=["subnet-a", "subnet-b", "subnet-a"], levels=IN_PRODUCTION),
    Break(requirement="SEC-001", of=NATS, path="values/container/env/DATABASE_PASSWORD", value="written here", levels=EVERYWHERE),
    Break(requirement="SEC-001", of=METRICS, path="values/grafana/adminPassword", value="written here", levels=EVERYWHERE),
    Break(requirement="SEC-001", of=DATABASE, path="password", value="written here", levels=EVERYWHERE),
)


def named(requirement: str, message: str) -> bool:
    """Whether a violation is one of these requirements, and perhaps of others that count in its tier."""
    ids, _, said = message.removeprefix("[").partition("] ")
    return set(requirement.split()) <= set(ids.split()) and not said.startswith("undecided")


@pytest.mark.parametrize("stack", STACKS)
def test_every_stack_is_clean_under_the_pack(stack: str) -> None:
    assert list(run_of(stack).diagnostics) == []


@pytest.mark.parametrize("stack", STACKS)
def test_the_recorded_stack_is_clean_when_it_is_judged_again(stack: str) -> None:
    assert judge(stack, {}) == []


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("broken", BREAKS, ids=str)
def test_one_broken_field_is_the_one_violation(stack: str, broken: Break) -> None:
    urn = find(stack, *broken.of).urn
    blamed = find(stack, *(broken.blamed or broken.of)).urn
    said = judge(stack, {urn: [(broken.path, broken.value)]})
    level = broken.levels[stack]
    if level == SILENT:
        assert said == []
        return
    ((said_level, said_urn, message),) = said
    assert (said_level, said_urn) == (level, blamed)
    assert named(broken.requirement, message)
    # Place with value, and the cure.
    assert " = " in message
    assert message.endswith(".")


def test_every_first_requirement_is_broken_by_some_field() -> None:
    assert {requirement for broken in BREAKS for requirement in broken.requirement.split()} == {
        *("MSG-007", "MSG-008", "MSG-010", "MSG-012", "MSG-014", "DR-001"),
        *(f"PG-{number:03}" for number in (2, 3, 4, 5, 6, 7, 11, 15)),
        *("POD-001", "POD-002", "POD-006", "POD-009", "NET-001", "CLUS-002", "SEC-001"),
    }


@pytest.mark.parametrize(
    ("requirements", "of", "path"),
    [
        (("MSG-007", "MSG-009"), NATS, f"{FILE_STORE}/pvc/size"),
        (("MSG-008 DR-001", "MSG-009"), STREAM, "spec/replicas"),
        (("MSG-010 DR-001",), NATS, SYNC),
        (("MSG-012",), STORAGE, "allowVolumeExpansion"),
        (("PG-002 PG-007 PG-008 DR-002",), DATABASE, "multiAz"),
        (("PG-004 PG-007 DR-002",), DATABASE, "backupRetentionPeriod"),
        (("PG-005",), DATABASE, "deletionProtection"),
        (("PG-015",), DATABASE, "publiclyAccessible"),
        (("POD-001",), NATS, f"{SERVER_CONTEXT}/runAsNonRoot"),
        (("POD-002",), NATS, f"{CONTAINER_CONTEXT}/allowPrivilegeEscalation"),
        (("POD-009",), NATS, "values/container/image/tag"),
        (("CLUS-002",), NODES, "scalingConfig/minSize"),
    ],
)
def test_an_unknown_value_is_undecided_and_no_violation(requirements: tuple[str, ...], of: tuple[str, str], path: str) -> None:
    urn = find("production", *of).urn
    said = judge("production", {urn: [(path, UNKNOWN_TEXT)]})
    assert {(level, where) for level, where, _ in said} == {(ADVISORY, urn)}
    dotted = path.replace("/", ".")
    assert {message for _, _, message in said} == {
        f"[{each}] undecided: {dotted} is unknown at preview; the update will tell." for each in requirements
    }


def test_two_broken_fields_are_two_violations() -> None:
    urn = find("production", *DATABASE).urn
    said = judge("production", {urn: [("multiAz", False), ("deletionProtection", False)]})
    assert [(level, where) for level, where, _ in said] == [(MANDATORY, urn)] * 2
    assert [message[:7] for _, _, message in said] == ["[PG-002", "[PG-005"]


def test_two_broken_resources_are_two_violations() -> None:
    stream, storage = find("production", *STREAM).urn, find("production", *STORAGE).urn
    said = judge("production", {stream: [("spec/replicas", 1)], storage: [("reclaimPolicy", "Delete")]})
    assert {(where, message[:8]) for _, where, message in said} == {(stream, "[MSG-008"), (storage, "[MSG-012")}
    assert len(said) == 2


def test_what_is_unknown_hides_no_violation_of_another_field() -> None:
    urn = find("production", *DATABASE).urn
    said = judge("production", {urn: [("multiAz", UNKNOWN_TEXT), ("deletionProtection", False)]})
    assert [(level, message[:7]) for level, _, message in said] == [(ADVISORY, "[PG-002"), (MANDATORY, "[PG-005")]
