from __future__ import annotations

import json
import urllib.request
from pathlib import Path

import pytest

from components.backup.drill.programs.canary import FILE, CanaryError, check, main, metrics, read, serve, write

NOW = 1_800_000_000.0


def report_of(path: Path) -> dict[str, object]:
    told: dict[str, object] = json.loads(path.read_text())
    return told


def test_a_canary_tells_when_it_was_written(tmp_path: Path) -> None:
    write(tmp_path, NOW)
    assert read(tmp_path) == NOW
    write(tmp_path, NOW + 60)
    assert read(tmp_path) == NOW + 60


def test_one_byte_that_differs_is_found(tmp_path: Path) -> None:
    write(tmp_path, NOW)
    content = bytearray((tmp_path / FILE).read_bytes())
    content[-1] ^= 1
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(CanaryError, match="are not those that were written"):
        read(tmp_path)


@pytest.mark.parametrize("cut", [0, 10, 2**19])
def test_a_canary_that_was_cut_off_is_found(cut: int, tmp_path: Path) -> None:
    write(tmp_path, NOW)
    (tmp_path / FILE).write_bytes((tmp_path / FILE).read_bytes()[:cut])
    with pytest.raises(CanaryError):
        read(tmp_path)


def test_the_check_says_when_it_was_written_or_what_is_wrong(tmp_path: Path) -> None:
    folder, report = tmp_path / "data", tmp_path / "report"
    folder.mkdir()
    assert check(folder, report) == 1
    assert "no canary can be read" in str(report_of(report)["problem"])
    write(folder, NOW)
    assert main(["check", str(folder), str(report)]) == 0
    assert report_of(report) == {"writtenAt": NOW}


def test_prometheus_reads_the_canary_and_what_the_last_drill_left(tmp_path: Path) -> None:
    folder, result = tmp_path / "data", tmp_path / "metrics"
    folder.mkdir()
    write(folder, NOW)
    write(folder, NOW + 60)
    result.write_text("restore_drill_succeeded 1.0\n")
    server = serve(folder, result, port=0)
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/metrics", timeout=10) as answer:
            assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
            lines = answer.read().decode().splitlines()
    finally:
        server.shutdown()
        server.server_close()
    assert lines == [
        f"restore_canary_since_timestamp_seconds {NOW}",
        f"restore_canary_written_timestamp_seconds {NOW + 60}",
        "restore_drill_succeeded 1.0",
    ]


def test_before_the_first_drill_there_is_nothing_of_it(tmp_path: Path) -> None:
    write(tmp_path, NOW)
    assert "restore_drill" not in metrics(tmp_path, tmp_path / "absent")


def test_a_canary_that_nobody_can_read_has_no_series(tmp_path: Path) -> None:
    write(tmp_path, NOW)
    (tmp_path / FILE).unlink()
    assert metrics(tmp_path, tmp_path / "absent") == f"restore_canary_since_timestamp_seconds {NOW}\n"
