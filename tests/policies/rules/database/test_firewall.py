"""What a firewall's addresses are that are no addresses: nothing to judge, and nothing to fail at."""

from __future__ import annotations

import pytest

from policies.model import Resource
from policies.rules.database.exposure import FIREWALL_TYPE, azure_database_firewall_is_closed
from tests.policies.rules.cases import judge


@pytest.mark.parametrize("start", [False, 0, "localhost"])
def test_what_is_not_an_address_is_not_a_range(start: object) -> None:
    properties = {"startIpAddress": start, "endIpAddress": True}
    made = Resource(urn=f"urn:pulumi:dev::p::{FIREWALL_TYPE}::open", type=FIREWALL_TYPE, name="open", properties=properties)
    assert list(judge([azure_database_firewall_is_closed], [made])) == []
