from __future__ import annotations

from typing import Any

import pytest
from google.protobuf.struct_pb2 import Struct
from hypothesis import given
from hypothesis import strategies as st

from offline.wire import UNKNOWN_TEXT, mark_secret, with_dependencies, without_outputs, without_references
from policies.deserialize import RESOURCE, SECRET, SIGNATURE, deserialize
from policies.values import UNKNOWN, Secret

PLAIN = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8) | st.just(UNKNOWN_TEXT),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=4), below, max_size=3),
    max_leaves=8,
)


def struct(content: dict[str, Any]) -> Struct:
    made = Struct()
    made.update(content)
    return made


def secret(value: Any) -> dict[str, Any]:
    return {SIGNATURE: SECRET, "value": value}


@given(st.dictionaries(st.text(max_size=4), PLAIN, max_size=4))
def test_what_a_transform_leaves_alone_comes_back_as_it_was(content: dict[str, Any]) -> None:
    before = struct(content)
    assert without_outputs(with_dependencies(before, {key: ["urn:a"] for key in content})) == before


def test_secrets_and_unknowns_come_back_from_a_transform_with_their_marks() -> None:
    before = struct({"a": [secret("hush"), UNKNOWN_TEXT], "b": secret(UNKNOWN_TEXT)})
    after = deserialize(without_outputs(with_dependencies(before, {})))
    assert after["a"] == [Secret("hush"), UNKNOWN]
    assert isinstance(after["b"], Secret)


def test_a_secret_is_marked_once_and_a_missing_one_is_unknown() -> None:
    properties = struct({"a": "x"})
    for _ in range(2):
        mark_secret(properties.fields, "a")
        mark_secret(properties.fields, "b")
    assert properties == struct({"a": secret("x"), "b": secret(UNKNOWN_TEXT)})


@pytest.mark.parametrize(
    ("reference", "seen"),
    [({"urn": "urn:a", "id": "a-1"}, "a-1"), ({"urn": "urn:a", "id": ""}, UNKNOWN), ({"urn": "urn:a"}, "urn:a")],
)
def test_an_analyzer_sees_a_resource_as_its_id_and_a_component_as_its_urn(reference: dict[str, str], seen: Any) -> None:
    properties = struct({"list": [{SIGNATURE: RESOURCE, **reference}], "other": 1})
    assert deserialize(without_references(properties)) == {"list": [seen], "other": 1.0}
