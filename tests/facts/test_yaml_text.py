from __future__ import annotations

import json
import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facts.yaml_text import MAX_CHARACTERS, MAX_DEPTH, MAX_NODES, Place, YamlTextError, read_yaml


def refused(text: str) -> list[str]:
    with pytest.raises(YamlTextError) as caught:
        read_yaml(text)
    return [str(mistake) for mistake in caught.value.mistakes]


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("", None),
        ("# nothing\n", None),
        ("3", 3),
        ("\ufeffa: 1", {"a": 1}),
        ("a: {b: [1, 'yes', \"0o17\"]}", {"a": {"b": [1, "yes", "0o17"]}}),
        ("a: |\n  2026-11-21\n", {"a": "2026-11-21\n"}),
        ("a: !!str 017\nb: ! 12", {"a": "017", "b": "12"}),
        ("a: &it {x: 1}\nb: *it", {"a": {"x": 1}, "b": {"x": 1}}),
        ("a: &it {x: 1, y: 2}\nb: {<<: *it, x: 3}".replace("y", "z"), {"a": {"x": 1, "z": 2}, "b": {"x": 3, "z": 2}}),
        ("a: &p {x: 1}\nb: &q {x: 2, z: 2}\nc: {<<: [*p, *q]}", {"a": {"x": 1}, "b": {"x": 2, "z": 2}, "c": {"x": 1, "z": 2}}),
        ("'<<': 1", {"<<": 1}),
    ],
)
def test_a_text_is_read(text: str, content: Any) -> None:
    assert read_yaml(text).content == content


def test_its_reader_may_say_what_scalars_mean() -> None:
    assert read_yaml("1: 017\ntrue: 2026-11-21\n12:30: '3'", str).content == {"1": "017", "true": "2026-11-21", "12:30": "3"}


def test_every_value_knows_its_place() -> None:
    document = read_yaml("config:\n  plinth:cluster:\n    zones: [a, b]\n    groups:\n      - name: system\n")
    assert document.place(["config", "plinth:cluster", "zones"]) == Place(3, 5)
    assert document.place(["config", "plinth:cluster", "zones", 1]) == Place(3, 16)
    assert document.place(["config", "plinth:cluster", "groups", 0, "name"]) == Place(5, 9)


def test_a_missing_value_stands_where_it_is_missing() -> None:
    document = read_yaml("config:\n  plinth:cluster:\n    zones: [a]\n")
    assert document.place(["config", "plinth:cluster", "version", "minor"]) == Place(2, 3)
    assert document.place([]) == Place(1, 1)
    assert read_yaml("").place(["config"]) == Place(1, 1)


def test_merged_values_stand_where_they_are_written() -> None:
    document = read_yaml("a: &it\n  x: 1\nb:\n  <<: *it\n")
    assert document.place(["b", "x"]) == Place(2, 3)


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("a: 1\na: 2", "2:1: the key 'a' stands here twice"),
        ("1: a\n'1': b", "2:1: the key '1' stands here twice"),
        ("a: *it", "1:4: the alias *it names nothing that stands before it"),
        ("a: &it [*it]", "1:9: the alias *it stands inside of what it names"),
        ("a: {<<: 3}", "1:9: << merges mappings; allowed is one of them or a list of them"),
        ("a: !!binary eA==", "1:4: the tag !!binary is not allowed here; write the value without it"),
        ("a: !env {}", "1:4: the tag !env is not allowed here; write the value without it"),
        ("? [a]\n: b", "1:3: a key is not a text; allowed are texts such as 'replicas'"),
        ("true: b", "1:1: the key true is not a text; put it in quotes"),
        ("~: b", "1:1: the key ~ is not a text; put it in quotes"),
        ("1.50: b", "1:1: the key 1.50 is not a text; put it in quotes"),
        ("a: 1\n---\nb: 2", "2:1: a second document (---) is not allowed here; keep one"),
        ("%YAML 1.1\n---\na: yes", "2:1: a directive (%) is not allowed here; remove it"),
        ("a: [1", "1:6: is not valid YAML: expected ',' or ']', but got '<stream end>'"),
        ("a: b: c", "1:5: is not valid YAML: mapping values are not allowed here"),
        ("a: \x07", "is not valid YAML: it holds a character that is not allowed"),
        ('a: "\\ud800"', "1:4: the text holds half of a character (\\ud800 to \\udfff)"),
        ('a: "\\UFFFFFFFF"', "is not valid YAML: it holds a character that is not allowed"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(text: str, mistake: str) -> None:
    assert refused(text) == [mistake]


def test_every_mistake_is_named_at_once() -> None:
    found = refused("a: yes\nb: 017\nb: 1\n")
    assert [each.split(" ")[0] for each in found] == ["1:4:", "2:4:", "3:1:"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[" * 2_000, f"more than {MAX_DEPTH} levels deep"),
        ("- " * 50_000, f"more than {MAX_DEPTH} levels deep"),
        (
            "a: &x0 [1]\n" + "".join(f"b{n}: &x{n + 1} [{', '.join([f'*x{n}'] * 9)}]\n" for n in range(40)),
            f"more than {MAX_NODES:,} values",
        ),
        (
            "a: &x0 {p: 1}\n" + "".join(f"b{n}: &x{n + 1} {{<<: *x{n}, k{n}: [*x{n}, *x{n}]}}\n" for n in range(60)),
            f"more than {MAX_NODES:,} values",
        ),
        ("x" * (MAX_CHARACTERS + 1), f"longer than {MAX_CHARACTERS:,} characters"),
    ],
)
def test_what_is_too_deep_or_too_large_is_refused_early(text: str, says: str) -> None:
    started = time.process_time()
    assert says in refused(text)[0]
    assert time.process_time() - started < 20


TEXTS = st.text(
    alphabet=st.characters(min_codepoint=32, max_codepoint=0xD7FF, exclude_characters="\x7f", exclude_categories=["Cc"]), max_size=8
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | TEXTS,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(TEXTS, below, max_size=4),
    max_leaves=12,
)


@settings(deadline=None)
@given(JSON)
def test_json_is_yaml(content: Any) -> None:
    assert read_yaml(json.dumps(content, ensure_ascii=False)).content == content


@settings(deadline=None)
@given(st.text(alphabet="ab:-?[]{}&*!|>'\"%@`#,<= \n\t\\x1~", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(YamlTextError):
        read_yaml(text)
