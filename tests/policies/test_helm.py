from __future__ import annotations

from typing import Any

import pytest

from policies.helm import chart_name, chart_values, is_on
from policies.model import Rule
from policies.rules.secrets.charts import CHARTS_HOLD_NO_CREDENTIALS
from policies.rules.workload.images import CHARTS_PIN_IMAGES
from policies.values import UNKNOWN
from tests.policies.rules.judging import judge, resource, undecided

RELEASE = "kubernetes:helm.sh/v3:Release"


@pytest.mark.parametrize(
    "chart",
    [
        "nats",
        "nats/nats",
        "./charts/nats",
        "./charts/nats/",
        "oci://registry.example:5000/charts/nats",
        "oci://registry.example/charts/nats:2.14.2",
        "oci://registry.example/charts/nats@sha256:abc",
        "https://host.example/charts/nats-2.14.2.tgz",
        "https://host.example/charts/nats-v2.14.2-rc.1.tgz?raw=true",
        "nats-2.14.2+build.5.tar.gz",
    ],
)
def test_a_chart_is_known_by_its_own_name_however_it_is_referred_to(chart: str) -> None:
    assert chart_name(resource(RELEASE, {"chart": chart})) == "nats"


def test_a_hyphenated_chart_keeps_its_whole_name() -> None:
    assert chart_name(resource(RELEASE, {"chart": "https://host.example/kube-prometheus-stack-88.5.3.tgz"})) == "kube-prometheus-stack"


@pytest.mark.parametrize("properties", [{}, {"chart": 3.0}, {"chart": ""}])
def test_a_release_without_a_chart_has_no_name(properties: dict[str, Any]) -> None:
    assert chart_name(resource(RELEASE, properties)) is None


def test_an_unknown_chart_is_noted() -> None:
    release = resource(RELEASE, {"chart": UNKNOWN})
    assert chart_name(release) is None
    assert undecided(release) == ["chart"]


def test_absent_values_are_an_empty_mapping() -> None:
    assert chart_values(resource(RELEASE, {"chart": "nats"}))["config"].is_absent


def test_values_files_lie_below_the_values_and_later_files_above_earlier() -> None:
    files = [{"text": "a: 1\nb: {c: 1, d: 1}\n"}, {"text": "a: 2\n"}, {"text": ""}]
    values = chart_values(resource(RELEASE, {"values": {"b": {"c": 9}}, "valueYamlFiles": files}))
    assert values.raw == {"a": 2, "b": {"c": 9, "d": 1}}
    assert values.at("b.c").path == "values.b.c"


BOMB = "a: &x0 [1]\n" + "".join(f"b{n}: &x{n + 1} [{', '.join([f'*x{n}'] * 9)}]\n" for n in range(40))


@pytest.mark.parametrize("files", [[{"path": "values.yaml"}], [{"text": "a: ["}], [{"text": BOMB}], [{"text": "a: 1\na: 2"}], UNKNOWN])
def test_a_file_that_is_not_shown_makes_unknown_what_the_values_leave_out(files: Any) -> None:
    release = resource(RELEASE, {"values": {"b": {"c": 9}, "list": [1]}, "valueYamlFiles": files})
    values = chart_values(release)
    assert values.at("b.c").raw == 9
    assert undecided(release) == []
    assert values.at("b.d").is_unknown
    assert values["a"].is_unknown
    assert undecided(release) == ["values.b.d", "values.a"]


def test_a_value_that_readers_of_yaml_take_for_different_things_is_unknown() -> None:
    release = resource(RELEASE, {"valueYamlFiles": [{"text": "a: yes\nb: 'yes'\nc: 0o17\ny: {enabled: true}\n"}]})
    values = chart_values(release)
    assert values["b"].get() == "yes"
    assert values.at("y.enabled").is_true()
    assert undecided(release) == []
    assert values["a"].is_unknown
    assert values["c"].is_unknown


def test_a_file_above_one_that_is_not_shown_is_known() -> None:
    release = resource(RELEASE, {"values": {"x": {"y": 1}}, "valueYamlFiles": [{"path": "base.yaml"}, {"text": "a: 1\nx: {z: 2}\n"}]})
    values = chart_values(release)
    assert values["a"].raw == 1
    assert values.at("x.z").raw == 2
    assert values["b"].is_unknown


def test_unknown_values_stay_unknown() -> None:
    assert chart_values(resource(RELEASE, {"values": UNKNOWN}))["anything"].is_unknown


@pytest.mark.parametrize(("content", "on"), [(None, True), (False, False), ("false", True), (0.0, False), ("", False), (1.0, True)])
def test_a_switch_is_read_as_a_template_reads_it(content: Any, on: bool) -> None:  # noqa: FBT001 # a column of the table
    values = chart_values(resource(RELEASE, {"values": {"enabled": content}}))
    assert is_on(values["enabled"], default=True) is on


@pytest.mark.parametrize("rule", [CHARTS_HOLD_NO_CREDENTIALS, CHARTS_PIN_IMAGES], ids=lambda rule: rule.name)
def test_values_that_are_unknown_as_a_whole_leave_a_rule_that_searches_them_undecided(rule: Rule) -> None:
    release = resource(RELEASE, {"chart": "any", "values": UNKNOWN})
    assert judge([rule], release) == []
    assert undecided(release) == ["values"]


@pytest.mark.parametrize("rule", [CHARTS_HOLD_NO_CREDENTIALS, CHARTS_PIN_IMAGES], ids=lambda rule: rule.name)
def test_a_single_unknown_value_that_a_rule_does_not_ask_for_leaves_it_decided(rule: Rule) -> None:
    release = resource(RELEASE, {"chart": "any", "values": {"serviceAccount": {"annotations": {"role": UNKNOWN}}}})
    assert judge([rule], release) == []
    assert undecided(release) == []
