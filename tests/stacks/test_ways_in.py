from __future__ import annotations

from typing import Any

import pytest

from stacks.settings.ways_in import tunnel_port
from tests.stacks.examples import GOOD, complaints, load, nested

SESSIONS = nested("network.access.sessionManager", {})
GATEWAY = nested("network.access", {"sessionManager": None, "transitGateway": {"id": "tgw-0123456789abcdef0", "cidrs": ["10.250.0.0/16"]}})
PEERING = nested("network.access", {"sessionManager": None, "peering": {"vpcId": "vpc-0123456789abcdef0", "cidrs": ["10.250.0.0/16"]}})
CALLERS = ["10.250.16.0/20"]
OFFICE = ["198.51.100.0/24"]


def both(access: dict[str, Any], **cluster: Any) -> dict[str, Any]:
    return {**access, "cluster": {**GOOD["cluster"], **cluster}}


def port(settings: dict[str, Any]) -> int | None:
    loaded = load(settings)
    return tunnel_port(loaded.network.access, loaded.cluster)


@pytest.mark.parametrize(
    "settings",
    [
        SESSIONS,
        both(GATEWAY, privateAccessCidrs=CALLERS),
        both(PEERING, privateAccessCidrs=CALLERS),
        both(nested("network.access.sessionManager", None), publicAccessCidrs=OFFICE),
    ],
)
def test_each_way_in_is_enough_by_itself(settings: dict[str, Any]) -> None:
    load(settings)


@pytest.mark.parametrize(
    "access",
    [
        GATEWAY,
        PEERING,
        both(nested("network.access.sessionManager", None), privateAccessCidrs=["10.20.0.0/19"]),
    ],
)
def test_routes_without_callers_and_callers_of_the_vpc_itself_are_no_way_in(access: dict[str, Any]) -> None:
    found = complaints({**GOOD, **{key: {**GOOD[key], **part} for key, part in access.items()}})
    assert list(found) == ["plinth:cluster"]
    assert "set one of plinth:network.access.sessionManager" in found["plinth:cluster"]


def test_the_kubeconfig_goes_through_a_session_only_where_nothing_else_leads_in() -> None:
    assert port(SESSIONS) == 8443
    assert port(nested("network.access.sessionManager.localPort", 9443)) == 9443
    assert port(both(SESSIONS, publicAccessCidrs=OFFICE)) is None
    gateway = {"transitGateway": {"id": "tgw-0123456789abcdef0", "cidrs": ["10.250.0.0/16"]}, "sessionManager": {}}
    assert port(both(nested("network.access", gateway), privateAccessCidrs=CALLERS)) is None
