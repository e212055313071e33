from __future__ import annotations

from typing import Any

import pytest

from policies.helm import chart_name, chart_values
from policies.model import Rule
from policies.rules.secrets.charts import charts_hold_no_credentials
from policies.rules.workload.images import charts_pin_images
from policies.values import UNKNOWN
from tests.policies.rules.cases import good, judge, noted

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
    assert chart_name(good(RELEASE, {"chart": chart})) == "nats"


def test_a_hyphenated_chart_keeps_its_whole_name() -> None:
    assert chart_name(good(RELEASE, {"chart": "https://host.example/kube-prometheus-stack-88.5.3.tgz"})) == "kube-prometheus-stack"


@pytest.mark.parametrize("properties", [{}, {"chart": 3.0}, {"chart": ""}])
def test_a_release_without_a_chart_has_no_name(properties: dict[str, Any]) -> None:
    assert chart_name(good(RELEASE, properties)) is None


def test_an_unknown_chart_is_noted() -> None:
    release = good(RELEASE, {"chart": UNKNOWN})
    assert chart_name(release) is None
    assert noted([release]) == ["chart"]


def test_absent_values_are_an_empty_mapping() -> None:
    assert chart_values(good(RELEASE, {"chart": "nats"}))["config"].is_absent


def test_values_files_lie_below_the_values_and_later_files_above_earlier() -> None:
    files = [{"text": "a: 1\nb: {c: 1, d: 1}\n"}, {"text": "a: 2\n"}, {"text": ""}]
    values = chart_values(good(RELEASE, {"values": {"b": {"c": 9}}, "valueYamlFiles": files}))
    assert values.get() == {"a": 2, "b": {"c": 9, "d": 1}}
    assert values.at("b.c").path == "values.b.c"


BOMB = "a: &x0 [1]\n" + "".join(f"b{n}: &x{n + 1} [{', '.join([f'*x{n}'] * 9)}]\n" for n in range(40))


@pytest.mark.parametrize("files", [[{"path": "values.yaml"}], [{"text": "a: ["}], [{"text": BOMB}], [{"text": "a: 1\na: 2"}], UNKNOWN])
def test_a_file_that_is_not_shown_makes_unknown_what_the_values_leave_out(files: Any) -> None:
    release = good(RELEASE, {"values": {"b": {"c": 9}, "list": [1]}, "valueYamlFiles": files})
    values = chart_values(release)
    assert values.at("b.c").get() == 9
    assert noted([release]) == []
    assert values.at("b.d").is_unknown
    assert values["a"].is_unknown
    assert noted([release]) == ["values.b.d", "values.a"]


def test_a_value_that_readers_of_yaml_take_for_different_things_is_unknown() -> None:
    release = good(RELEASE, {"valueYamlFiles": [{"text": "a: yes\nb: 'yes'\nc: 0o17\ny: {enabled: true}\n"}]})
    values = chart_values(release)
    assert values["b"].get() == "yes"
    assert values.at("y.enabled").is_true()
    assert noted([release]) == []
    assert values["a"].is_unknown
    assert values["c"].is_unknown


def test_a_file_above_one_that_is_not_shown_is_known() -> None:
    release = good(RELEASE, {"values": {"x": {"y": 1}}, "valueYamlFiles": [{"path": "base.yaml"}, {"text": "a: 1\nx: {z: 2}\n"}]})
    values = chart_values(release)
    assert values["a"].get() == 1
    assert values.at("x.z").get() == 2
    assert values["b"].is_unknown


def test_unknown_values_stay_unknown() -> None:
    assert chart_values(good(RELEASE, {"values": UNKNOWN}))["anything"].is_unknown


@pytest.mark.parametrize("rule", [charts_hold_no_credentials, charts_pin_images], ids=lambda rule: rule.name)
def test_values_that_are_unknown_as_a_whole_leave_a_rule_that_searches_them_undecided(rule: Rule) -> None:
    release = good(RELEASE, {"chart": "any", "values": UNKNOWN})
    assert list(judge([rule], [release])) == []
    assert noted([release]) == ["values"]


@pytest.mark.parametrize("rule", [charts_hold_no_credentials, charts_pin_images], ids=lambda rule: rule.name)
def test_a_single_unknown_value_that_a_rule_does_not_ask_for_leaves_it_decided(rule: Rule) -> None:
    release = good(RELEASE, {"chart": "any", "values": {"serviceAccount": {"annotations": {"role": UNKNOWN}}}})
    assert list(judge([rule], [release])) == []
    assert noted([release]) == []
