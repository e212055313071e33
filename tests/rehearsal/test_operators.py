from __future__ import annotations

from typing import Any

import pytest

from rehearsal.operators import children_of

RESOURCES = {"requests": {"cpu": "2", "memory": "8Gi"}}


def custom(api_version: str, kind: str, **spec: Any) -> dict[str, Any]:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": "main", "namespace": "data"}, "spec": spec}


@pytest.mark.parametrize("kind", ["Prometheus", "Alertmanager"])
def test_what_is_monitored_with_runs_as_a_stateful_set(kind: str) -> None:
    claim = {"spec": {"storageClassName": "fast", "resources": {"requests": {"storage": "200Gi"}}}}
    (made,) = children_of(
        custom(
            "monitoring.coreos.com/v1",
            kind,
            replicas=2,
            resources=RESOURCES,
            priorityClassName="platform",
            storage={"volumeClaimTemplate": claim},
        )
    )
    assert (made["kind"], made["metadata"]["name"], made["spec"]["replicas"]) == ("StatefulSet", f"{kind.lower()}-main", 2)
    pod = made["spec"]["template"]["spec"]
    assert pod["containers"][0]["resources"] == RESOURCES
    assert pod["priorityClassName"] == "platform"
    (claimed,) = made["spec"]["volumeClaimTemplates"]
    assert claimed["spec"] == {"accessModes": ["ReadWriteOnce"], **claim["spec"]}
    # The chart's budget selects these.
    assert made["spec"]["template"]["metadata"]["labels"].items() >= {"app.kubernetes.io/name": kind.lower(), kind.lower(): "main"}.items()


def test_instances_of_postgres_keep_apart_and_have_both_their_volumes() -> None:
    made, budget = children_of(
        custom(
            "postgresql.cnpg.io/v1",
            "Cluster",
            instances=3,
            resources=RESOURCES,
            storage={"size": "100Gi", "storageClass": "fast"},
            walStorage={"size": "20Gi"},
            affinity={"podAntiAffinityType": "required", "topologyKey": "kubernetes.io/hostname", "tolerations": [{"operator": "Exists"}]},
        )
    )
    assert (made["kind"], made["spec"]["replicas"]) == ("StatefulSet", 3)
    pod = made["spec"]["template"]["spec"]
    (term,) = pod["affinity"]["podAntiAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    assert term["topologyKey"] == "kubernetes.io/hostname"
    assert pod["tolerations"] == [{"operator": "Exists"}]
    assert [each["spec"]["resources"]["requests"]["storage"] for each in made["spec"]["volumeClaimTemplates"]] == ["100Gi", "20Gi"]
    assert budget["spec"]["minAvailable"] == 2


def test_an_only_instance_of_postgres_has_no_budget_where_the_cluster_says_so() -> None:
    kinds = [each["kind"] for each in children_of(custom("postgresql.cnpg.io/v1", "Cluster", instances=1, enablePDB=False))]
    assert kinds == ["StatefulSet"]


def test_a_pooler_runs_as_a_deployment_with_its_template() -> None:
    template = {
        "metadata": {"labels": {"team": "data"}},
        "spec": {"containers": [{"name": "pgbouncer", "resources": RESOURCES}], "priorityClassName": "critical"},
    }
    (made,) = children_of(custom("postgresql.cnpg.io/v1", "Pooler", instances=2, template=template))
    assert (made["kind"], made["spec"]["replicas"]) == ("Deployment", 2)
    pod = made["spec"]["template"]
    assert pod["metadata"]["labels"] == {"team": "data", "cnpg.io/poolerName": "main"}
    assert pod["spec"]["priorityClassName"] == "critical"
    assert pod["spec"]["containers"][0]["resources"] == RESOURCES


def test_servers_of_rabbitmq_are_placed_as_their_template_says_and_claim_their_volumes() -> None:
    spread = [{"topologyKey": "topology.kubernetes.io/zone", "whenUnsatisfiable": "DoNotSchedule", "maxSkew": 1}]
    template = {"priorityClassName": "critical", "topologySpreadConstraints": spread, "securityContext": {"fsGroupChangePolicy": "Always"}}
    (made,) = children_of(
        custom(
            "rabbitmq.com/v1beta1",
            "RabbitmqCluster",
            replicas=3,
            resources=RESOURCES,
            affinity={"podAntiAffinity": {}},
            persistence={"storage": "50Gi", "storageClassName": "fast"},
            override={"statefulSet": {"spec": {"template": {"spec": template}}}},
        )
    )
    assert (made["metadata"]["name"], made["spec"]["replicas"]) == ("main-server", 3)
    pod = made["spec"]["template"]["spec"]
    assert (pod["priorityClassName"], pod["topologySpreadConstraints"], pod["affinity"]) == ("critical", spread, {"podAntiAffinity": {}})
    assert pod["securityContext"] == {"runAsUser": 999, "runAsNonRoot": True, "fsGroup": 0, "fsGroupChangePolicy": "Always"}
    (claimed,) = made["spec"]["volumeClaimTemplates"]
    assert (claimed["metadata"]["name"], claimed["spec"]["storageClassName"]) == ("persistence", "fast")
    # The budget that the platform declares selects these.
    labels = made["spec"]["template"]["metadata"]["labels"]
    assert labels.items() >= {"app.kubernetes.io/name": "main", "app.kubernetes.io/component": "rabbitmq"}.items()


def test_nothing_is_made_up_of_what_is_not_known() -> None:
    assert list(children_of(custom("jetstream.nats.io/v1beta2", "Stream"))) == []
