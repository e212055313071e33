from __future__ import annotations

import json
from typing import Any

from components.foundation import Addresses
from components.tenancy.namespaces import NamespaceArgs
from components.tenancy.traffic import policy_spec
from stacks.composition.namespaces import application_namespaces, platform_namespaces
from stacks.loading import load_settings
from tests.runs import config_of
from tests.stacks.foundations import a_foundation


def application(**wanted: Any) -> NamespaceArgs:
    """The namespace ``shop`` of a stack like dev, of which no client of NATS comes from it."""
    namespaces = {**json.loads(config_of("dev").values["plinth:namespaces"]), "shop": wanted}
    settings = load_settings({**config_of("dev").values, "plinth:namespaces": json.dumps(namespaces)})
    (found,) = (each for each in application_namespaces(settings, a_foundation()) if each.namespace == "shop")
    return found


def ways(args: NamespaceArgs) -> list[str]:
    return [rule.name for rule in args.traffic]


def test_an_application_reaches_names_and_itself_and_is_scraped() -> None:
    assert ways(application()) == ["dns", "within", "scrape"]


def test_an_application_with_the_database_reaches_every_isolated_subnet_on_its_port() -> None:
    found = application(database=True)
    assert ways(found) == ["dns", "within", "scrape", "to-database", "aws-credentials"]
    (database,) = policy_spec(found.traffic[-2])["egress"]
    assert [port["port"] for port in database["ports"]] == [5432]
    assert len(database["to"]) == 2


def test_an_application_with_the_database_takes_its_credentials_from_the_agent_on_its_node() -> None:
    (agent,) = policy_spec(application(database=True).traffic[-1])["egress"]
    assert agent["to"] == [{"ipBlock": {"cidr": "169.254.170.23/32"}}]
    assert [port["port"] for port in agent["ports"]] == [80]


def test_an_application_is_called_from_the_namespaces_that_are_named_on_their_ports() -> None:
    found = application(ingressFrom={"ingress-nginx": [8080, 8443]})
    assert ways(found) == ["dns", "within", "scrape", "from-ingress-nginx"]
    (rule,) = policy_spec(found.traffic[-1])["ingress"]
    assert [port["port"] for port in rule["ports"]] == [8080, 8443]
    (caller,) = rule["from"]
    assert caller["namespaceSelector"] == {"matchLabels": {"kubernetes.io/metadata.name": "ingress-nginx"}}


def test_the_clients_of_nats_reach_it_from_their_namespace() -> None:
    settings = load_settings(config_of("dev").values)
    (orders,) = application_namespaces(settings, a_foundation())
    assert "to-messaging" in ways(orders)


def test_the_quota_is_the_one_that_is_asked_for() -> None:
    quota = application(quota={"cpu": "3", "memory": "5Gi", "pods": 7, "storage": "11Gi", "volumeClaims": 2}).quota
    assert quota.hard() == {
        "requests.cpu": "3",
        "requests.memory": "5Gi",
        "limits.memory": "5Gi",
        "pods": "7",
        "requests.storage": "11Gi",
        "persistentvolumeclaims": "2",
    }


def test_where_no_address_stands_for_the_api_server_whoever_calls_it_may_do_so_by_what_it_is() -> None:
    settings = load_settings(config_of("dev").values)
    known = a_foundation().addresses
    strange = Addresses(kubernetes_api=known.kubernetes_api, webhook_callers=known.webhook_callers, nodes=known.nodes, api_by_address=False)
    by_address = {each.namespace: ways(each) for each in platform_namespaces(settings, a_foundation())}
    for each in platform_namespaces(settings, a_foundation(addresses=strange)):
        added = [name for name in ways(each) if name not in by_address[each.namespace]]
        api = [rule.name for rule in each.traffic if "172.20.0.0/16" in str(rule.egress) or "10.20.252.0/23" in str(rule.ingress)]
        assert added == [f"{name}-by-entity" for name in api]
