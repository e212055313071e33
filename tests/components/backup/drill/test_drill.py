from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.components.backup.drill.cluster import PLACES, VOLUME, FakeCluster, backup, drill_in

OLD = backup("daily-1", "2026-01-01T01:40:00Z")
NEW = backup("frequent-9", "2026-01-02T10:15:00Z", spec={"includedNamespaces": ["orders", PLACES.source]})


def run(cluster: FakeCluster, tmp_path: Path, patience: float = 2) -> int:
    with drill_in(cluster, tmp_path, patience) as drill:
        return drill.run()


def test_the_newest_complete_backup_of_the_canary_is_restored(tmp_path: Path) -> None:
    others = [
        backup("frequent-10", "2026-01-02T10:45:00Z", status={"phase": "PartiallyFailed", "startTimestamp": "2026-01-02T10:45:00Z"}),
        backup("by-hand", "2026-01-02T11:00:00Z", spec={"includedNamespaces": ["orders"]}),
        backup("without", "2026-01-02T11:10:00Z", spec={"excludedNamespaces": [PLACES.source]}),
        backup("running", "2026-01-02T11:15:00Z", status={"phase": "InProgress"}),
    ]
    cluster = FakeCluster(OLD, NEW, *others)
    assert run(cluster, tmp_path) == 0
    (restore,) = cluster.restores
    assert restore["spec"]["backupName"] == "frequent-9"


def test_nothing_but_volumes_is_restored_and_that_into_the_other_namespace(tmp_path: Path) -> None:
    cluster = FakeCluster(OLD)
    run(cluster, tmp_path)
    (restore,) = cluster.restores
    assert restore["spec"]["namespaceMapping"] == {PLACES.source: PLACES.scratch}
    assert restore["spec"]["includedNamespaces"] == [PLACES.source]
    assert set(restore["spec"]["includedResources"]) == {"persistentvolumeclaims", "persistentvolumes"}


def test_how_long_it_took_and_how_old_the_data_was_is_left_for_prometheus(tmp_path: Path) -> None:
    cluster = FakeCluster(OLD)
    cluster.report = {"writtenAt": time.time() - 1800}
    assert run(cluster, tmp_path) == 0
    figures = cluster.figures
    assert figures["succeeded"] == 1
    assert 1800 <= figures["data_age_seconds"] < 1810
    assert 0 < figures["duration_seconds"] < 10
    assert figures["last_success_timestamp_seconds"] >= figures["last_run_timestamp_seconds"] > time.time() - 60


def test_what_was_restored_is_gone_afterwards_with_its_volume(tmp_path: Path) -> None:
    cluster = FakeCluster(OLD)
    assert run(cluster, tmp_path) == 0
    assert cluster.objects[VOLUME]["spec"]["persistentVolumeReclaimPolicy"] == "Delete"
    assert not [path for path in cluster.objects if path.startswith((f"{PLACES.pods}/", f"{PLACES.claims}/"))]


def test_a_volume_of_another_namespace_is_never_touched(tmp_path: Path) -> None:
    cluster = FakeCluster(OLD)
    cluster.volume_of = "orders"
    run(cluster, tmp_path)
    assert cluster.objects[VOLUME]["spec"]["persistentVolumeReclaimPolicy"] == "Retain"
    assert ("PATCH", VOLUME) not in cluster.calls


def test_what_a_drill_that_was_killed_left_behind_is_cleared_first(tmp_path: Path) -> None:
    cluster = FakeCluster(OLD)
    cluster.objects[f"{PLACES.pods}/checker"] = {"metadata": {"name": "checker"}}
    cluster.objects[f"{PLACES.claims}/data-canary-0"] = {"metadata": {"name": "data-canary-0"}, "spec": {}}
    assert run(cluster, tmp_path) == 0
    removed = cluster.calls.index(("DELETE", f"{PLACES.pods}/checker"))
    assert removed < cluster.calls.index(("POST", PLACES.restores))


@pytest.mark.parametrize("phase", ["Failed", "PartiallyFailed", "FailedValidation"])
def test_a_restore_that_fails_fails_the_drill_at_once(phase: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cluster = FakeCluster(OLD)
    cluster.phase = phase
    assert run(cluster, tmp_path, patience=30) == 1
    assert f"is {phase}: no data" in capsys.readouterr().out
    assert cluster.figures["succeeded"] == 0


@pytest.mark.parametrize(
    ("report", "said"), [({"problem": "its 7 bytes are not those"}, "is not the canary: its 7 bytes"), (None, "ended before it looked")]
)
def test_a_canary_that_is_not_whole_fails_the_drill_and_is_cleared(
    report: dict[str, str] | None, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cluster = FakeCluster(OLD)
    cluster.report = report
    assert run(cluster, tmp_path) == 1
    assert said in capsys.readouterr().out
    assert f"{PLACES.claims}/{PLACES.claim}" not in cluster.objects


def test_a_pod_that_was_evicted_says_so_and_nothing_of_the_canary(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cluster = FakeCluster(OLD)
    cluster.evicted = True
    assert run(cluster, tmp_path) == 1
    said = capsys.readouterr().out
    assert "pod checker ended before it looked at the canary: The node was low on memory." in said
    assert "not the canary:" not in said


def test_without_a_backup_of_the_canary_the_drill_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cluster = FakeCluster(backup("by-hand", "2026-01-02T11:00:00Z", spec={"includedNamespaces": ["orders"]}))
    assert run(cluster, tmp_path) == 1
    assert "none of 1 complete backups holds namespace restore-drill" in capsys.readouterr().out
    assert cluster.restores == []


def test_the_last_success_stays_known_after_a_failure(tmp_path: Path) -> None:
    cluster = FakeCluster(OLD)
    run(cluster, tmp_path)
    success = cluster.figures["last_success_timestamp_seconds"]
    cluster.phase = "Failed"
    assert run(cluster, tmp_path) == 1
    assert cluster.figures["last_success_timestamp_seconds"] == success
    assert cluster.figures["succeeded"] == 0


def test_what_cannot_be_cleared_fails_the_drill_in_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cluster = FakeCluster(OLD)
    cluster.stuck = True
    assert run(cluster, tmp_path, patience=0.1) == 1
    assert "still there: waited 0 s for the namespace to be empty" in capsys.readouterr().out
    assert cluster.figures["succeeded"] == 0
