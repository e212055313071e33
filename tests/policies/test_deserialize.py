from __future__ import annotations

from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct
from hypothesis import given
from hypothesis import strategies as st
from pulumi.runtime import rpc

from policies import deserialize as wire
from policies.deserialize import canonical_type, deserialize
from policies.values import UNKNOWN, Secret


def plain(content: Any) -> Any:
    struct = Struct()
    struct.update({"it": content})
    return deserialize(struct)["it"]


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=40),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(max_size=10), below, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(max_size=10), JSON, max_size=5))
def test_plain_content_comes_through_as_protobuf_itself_reads_it(content: dict[str, Any]) -> None:
    struct = Struct()
    struct.update(content)
    assert deserialize(struct) == MessageToDict(struct)


def test_the_markers_are_those_of_the_sdk() -> None:
    assert rpc._special_sig_key == wire.SIGNATURE
    assert rpc._special_secret_sig == wire.SECRET
    assert rpc._special_resource_sig == wire.RESOURCE
    assert rpc._special_output_value_sig == wire.OUTPUT
    assert rpc.UNKNOWN in wire.UNKNOWNS


@pytest.mark.parametrize("sentinel", sorted(wire.UNKNOWNS))
def test_every_sentinel_is_unknown_at_any_depth(sentinel: str) -> None:
    assert plain({"a": [1, {"b": sentinel}]}) == {"a": [1.0, {"b": UNKNOWN}]}


def test_a_secret_keeps_its_content_and_its_mark() -> None:
    assert plain({wire.SIGNATURE: wire.SECRET, "value": {"a": "b"}}) == Secret({"a": "b"})


def test_an_unknown_secret_is_both() -> None:
    assert plain({wire.SIGNATURE: wire.SECRET, "value": rpc.UNKNOWN}) == Secret(UNKNOWN)


def test_assets_and_archives_are_mappings_without_their_mark() -> None:
    text = {wire.SIGNATURE: wire.ASSET, "text": "hello"}
    assert plain(text) == {"text": "hello"}
    assert plain({wire.SIGNATURE: wire.ASSET, "path": "./a.txt"}) == {"path": "./a.txt"}
    assert plain({wire.SIGNATURE: wire.ARCHIVE, "assets": {"a": text}}) == {"assets": {"a": {"text": "hello"}}}


def test_a_reference_to_a_resource_is_its_id() -> None:
    reference = {wire.SIGNATURE: wire.RESOURCE, "urn": "urn:pulumi:dev::p::a:b:C::it"}
    assert plain({**reference, "id": "i-1"}) == "i-1"
    assert plain({**reference, "id": ""}) is UNKNOWN
    assert plain(reference) == "urn:pulumi:dev::p::a:b:C::it"


def test_an_output_is_its_value_unknown_without_one_and_secret_where_marked() -> None:
    output = {wire.SIGNATURE: wire.OUTPUT}
    assert plain({**output, "value": 3}) == 3
    assert plain(output) is UNKNOWN
    assert plain({**output, "value": "x", "secret": True}) == Secret("x")


@pytest.mark.parametrize(
    ("token", "canonical"),
    [
        ("azure-native:dbforpostgresql:Server", "azure-native:dbforpostgresql:Server"),
        ("azure-native:dbforpostgresql/v20240801:Server", "azure-native:dbforpostgresql:Server"),
        ("azure-native:network/v20230501preview:VirtualNetwork", "azure-native:network:VirtualNetwork"),
        ("azure-native_dbforpostgresql_v20240801:dbforpostgresql:Server", "azure-native:dbforpostgresql:Server"),
        ("azure-native_network_v20230501preview:network:VirtualNetwork", "azure-native:network:VirtualNetwork"),
        ("kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:Deployment"),
        ("aws:rds/instance:Instance", "aws:rds/instance:Instance"),
    ],
)
def test_versioned_azure_tokens_count_as_the_unversioned_type(token: str, canonical: str) -> None:
    assert canonical_type(token) == canonical
