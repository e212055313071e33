from __future__ import annotations

from pathlib import Path

import pytest

from rehearsal.errors import PreparationError
from rehearsal.programs import HELM, SERVERS, find_programs


def put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).touch(mode=0o755)


def test_programs_are_taken_from_a_folder_first_and_from_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named, path = tmp_path / "named", tmp_path / "path"
    named.mkdir()
    path.mkdir()
    put(named, *SERVERS)
    put(path, *SERVERS, HELM)
    monkeypatch.setenv("PATH", str(path))
    found = find_programs([named])
    assert {name: where.parent for name, where in found.items()} == {**dict.fromkeys(SERVERS, named), HELM: path}


def test_each_program_that_is_missing_is_named_with_where_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "etcd", HELM)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PreparationError) as missing:
        find_programs([])
    said = str(missing.value)
    assert [name for name in (*SERVERS, HELM) if f"  {name}: " in said] == [
        "kube-apiserver",
        "kube-controller-manager",
        "kube-scheduler",
        "kwok",
    ]
    assert "sigs.k8s.io/kwok" in said
