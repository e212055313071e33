from __future__ import annotations

from components.pods import HOST, ZONE, keep_apart, parse_resources, restricted_pod, spread_over

LABELS = {"app.kubernetes.io/name": "shop"}


def test_resources_are_written_as_kubernetes_has_them() -> None:
    assert parse_resources("20m", "64Mi", cpu_limit="200m", memory_limit="128Mi").render() == {
        "requests": {"cpu": "20m", "memory": "64Mi"},
        "limits": {"cpu": "200m", "memory": "128Mi"},
    }


def test_what_states_no_limits_may_use_idle_cores_but_no_more_memory_than_it_asks_for() -> None:
    assert parse_resources("2", "8Gi").render() == {"requests": {"cpu": "2", "memory": "8Gi"}, "limits": {"memory": "8Gi"}}


def test_volumes_belong_to_the_group_of_who_writes_them_and_are_not_walked_at_each_start() -> None:
    assert "fsGroup" not in restricted_pod(65534)
    found = restricted_pod(1000, writes_volumes=True)
    assert (found["fsGroup"], found["fsGroupChangePolicy"]) == (1000, "OnRootMismatch")
    assert found["runAsNonRoot"] is True


def test_pods_wait_for_a_place_of_their_own_only_where_that_is_required() -> None:
    assert spread_over(ZONE, LABELS)["whenUnsatisfiable"] == "ScheduleAnyway"
    assert spread_over(ZONE, LABELS, required=True)["whenUnsatisfiable"] == "DoNotSchedule"
    (rule,) = keep_apart(LABELS)["podAntiAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    assert rule == {"labelSelector": {"matchLabels": LABELS}, "topologyKey": HOST}
