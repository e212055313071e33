from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from google.protobuf.json_format import ParseDict
from google.protobuf.struct_pb2 import Struct

from offline.recording import RecordedResource
from offline.wire import UNKNOWN_TEXT
from verification.drift import find_drift
from verification.live import LiveResource, Reading
from verification.matching import match

ADDON, KEY, NODES = "aws:eks/addon:Addon", "aws:kms/key:Key", "aws:eks/nodeGroup:NodeGroup"


def declared(kind: str, name: str = "one", ignored: Sequence[str] = (), **inputs: Any) -> RecordedResource:
    return RecordedResource(
        urn=f"urn:pulumi:dev::plinth::{kind}::{name}",
        type=kind,
        name=name,
        custom=True,
        parent="",
        properties=ParseDict(inputs, Struct()),
        options={"ignore_changes": list(ignored)} if ignored else {},
        dependencies=(),
        property_dependencies={},
    )


def live(kind: str, key: str, arn: str = "arn", **inputs: Any) -> LiveResource:
    return LiveResource(type=kind, key=key, arn=arn, inputs=inputs)


def paths(resource: RecordedResource, there: LiveResource) -> list[str]:
    return [each.path for each in find_drift([resource], Reading(resources=[there]))]


@pytest.mark.parametrize(
    ("written", "there", "found"),
    [
        ('{"a": 1, "b": 2}', '{"b":2,"a":1}', []),
        ('{"a": 1}', '{"a": 2}', ["configurationValues"]),
        ('{"a": 1}', "a: 1", ["configurationValues"]),
    ],
)
def test_json_is_compared_by_what_it_says(written: str, there: str, found: list[str]) -> None:
    addon = declared(ADDON, addonName="coredns", configurationValues=written)
    assert paths(addon, live(ADDON, "coredns", configurationValues=there)) == found


@pytest.mark.parametrize(
    ("wanted", "there", "found"),
    [
        ({}, {}, []),
        ({"a": "b"}, {"a": "b"}, []),
        ({}, {"a": "b"}, ["labels"]),
        ({"a": "b"}, {}, ["labels"]),
    ],
)
def test_labels_are_neither_missing_nor_added(wanted: Mapping[str, str], there: Mapping[str, str], found: list[str]) -> None:
    assert paths(declared(NODES, labels=wanted), live(NODES, "one-0123abc", labels=there)) == found


def test_a_list_is_compared_in_any_order() -> None:
    group = declared(NODES, instanceTypes=["m7i.large", "m7a.large"])
    assert paths(group, live(NODES, "one-0123abc", instanceTypes=["m7a.large", "m7i.large"])) == []
    assert paths(group, live(NODES, "one-0123abc", instanceTypes=["m7a.large"])) == ["instanceTypes"]


def test_what_the_program_ignores_is_not_drift() -> None:
    group = declared(NODES, ignored=["scalingConfig.desiredSize"], scalingConfig={"minSize": 1, "desiredSize": 1})
    assert paths(group, live(NODES, "one-0123abc", scalingConfig={"minSize": 2, "desiredSize": 3})) == ["scalingConfig.minSize"]


def test_a_key_that_an_earlier_deployment_left_behind_is_not_taken_for_its_successor() -> None:
    key = declared(KEY, description="Encrypts volumes")
    old = live(KEY, "Encrypts volumes", arn="old", description="Encrypts volumes", isEnabled=False)
    new = live(KEY, "Encrypts volumes", arn="new", description="Encrypts volumes", isEnabled=True)
    assert match([key], [old, new])[key.urn].arn == "new"
    assert list(find_drift([key], Reading(resources=[old, new]))) == []


def test_a_name_that_only_begins_alike_is_another_resource() -> None:
    group = declared(NODES, name="nodes-general")
    assert match([group], [live(NODES, "nodes-general-large-0123abc")]) == {}
    assert match([group], [live(NODES, "nodes-general-0123abc")]) != {}


def test_what_could_not_be_read_is_not_missed() -> None:
    reading = Reading(unread_types={KEY})
    assert list(find_drift([declared(KEY, description="x")], reading)) == []
    assert [each.problem for each in find_drift([declared(KEY, description="x")], Reading())] == ["it is declared, but not in the account"]


@pytest.mark.parametrize(("there", "found"), [("arn:aws:kms:::key/a", []), (None, ["kmsKeyId"])])
def test_what_has_a_value_once_it_is_deployed_is_missed_where_it_has_none(there: str | None, found: list[str]) -> None:
    group = declared("aws:cloudwatch/logGroup:LogGroup", name="logs", kmsKeyId=UNKNOWN_TEXT)
    group.properties["name"] = "/logs"
    assert paths(group, live(group.type, "/logs", name="/logs", kmsKeyId=there)) == found


@pytest.mark.parametrize(("there", "found"), [(["sg-1"], []), (["sg-1", "sg-2"], ["vpcSecurityGroupIds"])])
def test_an_element_more_is_found_in_a_list_whose_elements_are_known_later(there: list[str], found: list[str]) -> None:
    database = declared("aws:rds/instance:Instance", identifier="db", vpcSecurityGroupIds=[UNKNOWN_TEXT])
    assert paths(database, live(database.type, "db", vpcSecurityGroupIds=there)) == found


def test_a_policy_is_compared_by_its_statements() -> None:
    own = {"Sid": "Own", "Effect": "Allow", "Principal": {"AWS": "root"}, "Action": ["kms:Decrypt", "kms:Encrypt"], "Resource": "*"}
    moved = {**own, "Action": ["kms:Encrypt", "kms:Decrypt"], "Resource": ["*"]}
    key = declared(KEY, description="k", policy=json.dumps({"Version": "2012-10-17", "Statement": [own]}))
    assert paths(key, live(KEY, "k", isEnabled=True, policy=json.dumps({"Statement": moved}))) == []
    others = {**own, "Sid": "Others", "Principal": {"AWS": "*"}}
    assert paths(key, live(KEY, "k", isEnabled=True, policy=json.dumps({"Statement": [moved, others]}))) == ["policy.Others"]
