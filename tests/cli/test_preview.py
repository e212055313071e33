from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.projects import DEV, content_of, copy_project, finish, plinth, start, write_project

PRODUCTION = "config:\n  plinth:environment: production\n"
DATABASE = """
Thing(
    "aws:rds/instance:Instance", "orders", pulumi.ResourceOptions(protect=True, ignore_changes=["engineVersion"]),
    engine="mysql", multiAz=True, backupRetentionPeriod=30, deletionProtection=PROTECTION, publiclyAccessible=False,
    skipFinalSnapshot=False, finalSnapshotIdentifier="orders-final", storageEncrypted=True, engineVersion="8.4.6",
    manageMasterUserPassword=True, parameterGroupName="orders", tags={"platform:rpo": "5m", "platform:rto": "1h"},
)
"""
SAFE, BARE = DATABASE.replace("PROTECTION", "True"), DATABASE.replace("PROTECTION", "False")
OPEN = DATABASE.replace("PROTECTION", "Thing('test:index:Thing', 'other').made")
URN = "urn:pulumi:production::plinth::aws:rds/instance:Instance::orders"


# -- exit codes and streams -----------------------------------------------------------------------------------------------------


def test_a_clean_stack_ends_with_0_from_a_folder_below_the_project_and_progress_goes_to_standard_error(tmp_path: Path) -> None:
    done = finish(start("preview", "dev", cwd=copy_project(tmp_path) / "stacks"))
    assert done.returncode == 0
    assert done.stdout.startswith("plinth stack dev: passes (0 violations, 0 pieces of advice, 0 undecided, 0 waived)\n├── ")
    assert "…" not in done.stdout
    first, *_, last = done.stderr.splitlines()
    assert first == "Reading the settings of dev …"
    assert last.endswith("resources …")


def test_a_mandatory_violation_ends_with_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_project(tmp_path, BARE, production=PRODUCTION)
    before = content_of(tmp_path)
    result = plinth(tmp_path, "preview", "production", monkeypatch=monkeypatch)
    assert result.exit_code == 1
    assert content_of(tmp_path) == before


@pytest.mark.parametrize(("program", "stack"), [(SAFE, "production"), (OPEN, "production"), (BARE, "dev")])
def test_what_is_right_undecided_or_meant_for_another_tier_ends_with_0(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, stack: str
) -> None:
    write_project(tmp_path, program, production=PRODUCTION, dev=DEV)
    assert plinth(tmp_path, "preview", stack, monkeypatch=monkeypatch).exit_code == 0


# -- for machines ---------------------------------------------------------------------------------------------------------------


def document(folder: Path, stack: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(plinth(folder, "preview", stack, "--json", monkeypatch=monkeypatch).stdout)
    return content


def test_the_document_for_machines_is_the_same_in_every_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = plinth(copy_project(tmp_path), "preview", "dev", "--json", monkeypatch=monkeypatch)
    second = finish(start("preview", "dev", "--json", cwd=tmp_path, PYTHONHASHSEED="1"))
    assert first.exit_code == second.returncode == 0
    assert first.stdout == second.stdout
    urns = [resource["urn"] for resource in json.loads(first.stdout)["resources"]]
    assert urns == sorted(urns)


def test_the_document_for_machines_has_exactly_the_agreed_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_project(tmp_path, f"{BARE}\nBox('box').register_outputs({{}})\n", production=PRODUCTION)
    content = document(tmp_path, "production", monkeypatch)
    assert set(content) == {"schemaVersion", "project", "stack", "summary", "resources", "diagnostics", "outputs", "log"}
    assert content["schemaVersion"] == 1
    assert content["summary"] == {
        "verdict": "refused",
        "resources": 1,
        "components": 1,
        "violations": 1,
        "advice": 0,
        "undecided": 0,
        "waived": 0,
    }
    assert content["stack"] == "production"
    keys = {"urn", "type", "custom", "parent", "inputs", "options", "dependencies"}
    assert all(set(resource) == keys for resource in content["resources"])
    assert {URN, "urn:pulumi:production::plinth::test:index:Box::box"} < {resource["urn"] for resource in content["resources"]}
    (diagnostic,) = content["diagnostics"]
    parts = {"kind", "severity", "problem", "path", "value", "cure", "unknown", "waiver", "suggestedWaiver"}
    assert set(diagnostic) == {"requirements", "policy", "level", "urn", "message", *parts}
    assert (diagnostic["path"], diagnostic["value"], diagnostic["severity"]) == ("deletionProtection", "false", "P0")
    assert (diagnostic["requirements"], diagnostic["level"], diagnostic["urn"]) == (["PG-005"], "mandatory", URN)
    assert diagnostic["message"].startswith("[PG-005] ")


def test_secrets_and_unknowns_are_marked_and_never_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = """
one = Thing("test:index:Thing", "one", hidden=pulumi.Output.secret("hush"), deep={"list": ["seen", pulumi.Output.secret("hush")]})
two = Thing("test:index:Thing", "two", of=one.id)
pulumi.export("hidden", pulumi.Output.secret("hush"))
pulumi.export("later", one.id)
pulumi.export("plain", 1)
"""
    write_project(tmp_path, program, dev=DEV)
    result = plinth(tmp_path, "preview", "dev", "--json", monkeypatch=monkeypatch)
    assert "hush" not in result.output
    content = json.loads(result.stdout)
    inputs = {resource["urn"].rpartition("::")[2]: resource["inputs"] for resource in content["resources"]}
    assert inputs["one"]["hidden"] == {"$secret": True}
    assert inputs["two"]["of"] == {"$unknown": True}
    assert content["outputs"] == {"hidden": {"$secret": True}, "later": {"$unknown": True}, "plain": 1}
    assert "hush" not in plinth(tmp_path, "preview", "dev", monkeypatch=monkeypatch).output


# -- for people -----------------------------------------------------------------------------------------------------------------


def report(folder: Path, stack: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return plinth(folder, "preview", stack, monkeypatch=monkeypatch).stdout.splitlines()


def test_a_violation_is_shown_with_resource_requirement_place_value_and_cure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_project(tmp_path, BARE, production=PRODUCTION)
    lines = report(tmp_path, "production", monkeypatch)
    start = lines.index("Violations that stop the update (1)")
    assert lines[start + 1] == "  aws:rds/instance:Instance  orders"
    assert lines[start + 2].startswith("    [PG-005] the production database can be deleted by mistake")
    assert lines[start + 2].endswith("(deletionProtection = false). Set deletionProtection to true.")
    assert "1 violation, 0 pieces of advice, 0 undecided, 0 waived" in lines
    assert lines[-1].startswith("The update would be refused. Cure each violation")
    assert not any("pulumi login" in line for line in lines)


def test_the_verdict_stands_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_project(tmp_path, BARE, production=PRODUCTION)
    first, *_ = report(tmp_path, "production", monkeypatch)
    assert first == "plinth stack production: refused (1 violation, 0 pieces of advice, 0 undecided, 0 waived)"


def test_the_waiver_under_a_violation_can_be_pasted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_project(tmp_path, BARE, production=PRODUCTION)
    for name, value in {"FORCE_COLOR": "1", "TERM": "xterm", "COLUMNS": "40"}.items():
        monkeypatch.setenv(name, value)
    text = re.sub(r"\x1b\[[0-9;]*m", "", plinth(tmp_path, "preview", "production", monkeypatch=monkeypatch).stdout)
    entry = text[text.index("- requirement: PG-005") :].split("\n\n")[0]
    answered = re.sub(r"(reason|owner|approvedBy):.*", r"\1: by \1", entry)
    (tmp_path / "policies" / "waivers.yaml").write_text(f"{answered}\n", encoding="utf-8")
    assert plinth(tmp_path, "preview", "production", monkeypatch=monkeypatch).exit_code == 0


def test_a_quiet_preview_says_the_verdict_and_what_it_rests_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_project(tmp_path, BARE, production=PRODUCTION, dev=DEV)
    result = plinth(tmp_path, "preview", "--quiet", "-s", "production", monkeypatch=monkeypatch)
    verdict, _, title, resource, violation = result.stdout.splitlines()
    assert "refused (1 violation" in verdict
    assert title.startswith("Violations")
    assert resource.endswith("orders")
    assert "[PG-005]" in violation
    assert result.stderr == ""
    clean = plinth(tmp_path, "preview", "--quiet", "-s", "dev", monkeypatch=monkeypatch)
    assert len(clean.stdout.splitlines()) >= 1
    assert clean.stdout.startswith("plinth stack dev: passes (")


def test_names_cannot_move_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_project(tmp_path, "Thing('test:index:Thing', 'a\\x1b[2Jb')\npulumi.log.warn('c\\x1b[2Jd')\n", dev=DEV)
    output = plinth(tmp_path, "preview", "dev", monkeypatch=monkeypatch).output
    assert "\x1b" not in output
    assert "a\\x1b[2Jb" in output
    assert "c\\x1b[2Jd" in output


def test_what_is_undecided_and_what_is_advice_stand_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = OPEN + BARE.replace('"orders",', '"reports",').replace("publiclyAccessible=False", "publiclyAccessible=True")
    write_project(tmp_path, program, production=PRODUCTION, dev=DEV)
    lines = report(tmp_path, "production", monkeypatch)
    assert lines.index("Violations that stop the update (2)") < lines.index("Undecided until the update (1)")
    assert "2 violations, 0 pieces of advice, 1 undecided, 0 waived" in lines
    place = lines.index("  aws:rds/instance:Instance  reports")
    end = lines.index("Undecided until the update (1)")
    assert {line[:13] for line in lines[place + 1 : end] if line.startswith("    [")} == {"    [PG-005] ", "    [PG-015] "}
    lines = report(tmp_path, "dev", monkeypatch)
    assert "Advice (1)" in lines
    assert "0 violations, 1 piece of advice, 0 undecided, 0 waived" in lines


def test_a_waived_violation_is_shown_with_owner_and_day_and_does_not_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_project(tmp_path, BARE, production=PRODUCTION)
    day = dt.datetime.now(tz=dt.UTC).date() + dt.timedelta(days=30)
    waiver = f"- {{requirement: PG-005, resource: '{URN}', reason: it is moved, owner: data, approvedBy: platform, expires: {day}}}\n"
    (tmp_path / "policies" / "waivers.yaml").write_text(waiver, encoding="utf-8")
    result = plinth(tmp_path, "preview", "production", monkeypatch=monkeypatch)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    start = lines.index("Waived (1)")
    assert lines[start + 2].startswith(f"    [PG-005] waived until {day} by data (it is moved): the production database can")
    assert "0 violations, 0 pieces of advice, 0 undecided, 1 waived" in lines


def test_a_clean_preview_says_how_to_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_project(tmp_path, SAFE, production=PRODUCTION)
    lines = report(tmp_path, "production", monkeypatch)
    assert lines[-4].startswith("The pack lets this update pass.")
    assert lines[-3:] == ["  pulumi login", "  pulumi stack select --create production", "  make up STACK=production"]


def test_the_tree_shows_types_names_and_the_options_that_matter_by_type_and_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = """
box = Box("box")
inside = lambda **more: pulumi.ResourceOptions(parent=box, **more)
Thing("test:index:Thing", "b", inside(protect=True, retain_on_delete=True, delete_before_replace=True, ignore_changes=["size", "tags"]))
Thing("test:index:Other", "other", inside(import_="i-1"))
a = Thing("test:index:Thing", "a", inside())
Thing("test:index:Last", "last", inside(deleted_with=a))
box.register_outputs({})
"""
    write_project(tmp_path, program, dev=DEV)
    assert report(tmp_path, "dev", monkeypatch)[:6] == [
        "plinth stack dev: passes (0 violations, 0 pieces of advice, 0 undecided, 0 waived)",
        "└── test:index:Box  box",
        "    ├── test:index:Last  last  (goes with a)",
        "    ├── test:index:Other  other  (imported)",
        "    ├── test:index:Thing  a",
        "    └── test:index:Thing  b  (protected; kept on delete; deleted before replaced; ignores changes of size, tags)",
    ]


def test_the_provider_is_shown_where_there_are_several_of_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = """
home, away = pulumi.ProviderResource("test", "home", {}), pulumi.ProviderResource("test", "away", {})
Thing("test:index:Thing", "near", pulumi.ResourceOptions(provider=home))
Thing("test:index:Thing", "far", pulumi.ResourceOptions(provider=away))
Thing("test:index:Thing", "neither")
Thing("single:index:Thing", "alone", pulumi.ResourceOptions(provider=pulumi.ProviderResource("single", "one", {})))
"""
    write_project(tmp_path, program, dev=DEV)
    lines = {line.lstrip("├└─ ") for line in report(tmp_path, "dev", monkeypatch)}
    assert {
        "test:index:Thing  near  (through provider home)",
        "test:index:Thing  far  (through provider away)",
        "test:index:Thing  neither  (through provider default)",
        "single:index:Thing  alone",
    } <= lines


def test_a_resource_that_is_only_looked_up_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_project(tmp_path, "Thing('test:index:Thing', 'there', pulumi.ResourceOptions(id='i-1'))\n", dev=DEV)
    assert "└── test:index:Thing  there  (looked up)" in report(tmp_path, "dev", monkeypatch)


def test_what_the_program_warns_of_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_project(tmp_path, "pulumi.log.warn('mind the gap')\n", dev=DEV)
    lines = report(tmp_path, "dev", monkeypatch)
    assert lines[lines.index("The program said (1)") + 1] == "  warning: mind the gap"


def test_a_line_is_never_cut_where_no_terminal_limits_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "n" * 300
    write_project(tmp_path, f"{BARE.replace('orders', name, 1)}\n", production=PRODUCTION)
    lines = report(tmp_path, "production", monkeypatch)
    assert sum(name in line for line in lines if not line.startswith("  resource: ")) == 2
    assert not any(line.endswith(" ") for line in lines)


def test_on_a_narrow_terminal_lines_are_folded_and_nothing_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_project(tmp_path, BARE, production=PRODUCTION)
    for name, value in {"FORCE_COLOR": "1", "TERM": "xterm", "COLUMNS": "40"}.items():
        monkeypatch.setenv(name, value)
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in report(tmp_path, "production", monkeypatch)]
    assert max(len(line) for line in lines if not line.startswith("  resource: ")) <= 40
    text = " ".join(" ".join(lines).split())
    assert "Set deletionProtection to true." in text
    assert "aws:rds/instance:Instance" in text
