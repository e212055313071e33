from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from components.definitions import define
from components.messaging.rabbitmq.arguments import RabbitmqError, RabbitmqTopologyArgs
from components.messaging.rabbitmq.connection import BrokerConnection
from components.messaging.rabbitmq.definitions import CLUSTER, GROUP
from components.messaging.rabbitmq.topology import RabbitmqTopology
from tests.components.messaging.rabbitmq.examples import TOPOLOGY, VHOST, settings
from tests.components.recorded import behind, of_type, option, the
from tests.policies.rules.inputs import DEFINITIONS

if TYPE_CHECKING:
    from offline.engine import RecordedResource, Run
    from tests.components.recorded import Preview

DEFINITION = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"
ROLE = "kubernetes:rbac.authorization.k8s.io/v1:Role"
WEBHOOKS = "kubernetes:admissionregistration.k8s.io/v1:ValidatingWebhookConfiguration"


def topology(preview: Preview, args: RabbitmqTopologyArgs = TOPOLOGY) -> Run:
    def program() -> None:
        import pulumi  # noqa: PLC0415 # within the program

        defined = define("cluster-definition", CLUSTER, pulumi.ResourceOptions())
        RabbitmqTopology("rabbitmq", args, pulumi.ResourceOptions(depends_on=[defined]))

    return preview(program)


@pytest.fixture
def run(preview: Preview) -> Run:
    return topology(preview)


def declared(run: Run, kind: str) -> dict[str, RecordedResource]:
    return {each.inputs["metadata"]["name"]: each for each in of_type(run, f"kubernetes:{GROUP}/v1beta1:{kind}")}


def spec(run: Run, kind: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = declared(run, kind)[name].inputs["spec"]
    return found


def environment(run: Run) -> dict[str, Any]:
    (container,) = the(run, "kubernetes:apps/v1:Deployment", "rabbitmq-operator").inputs["spec"]["template"]["spec"]["containers"]
    return {each["name"]: each.get("value") for each in container["env"]}


def test_every_queue_is_a_durable_quorum_queue(run: Run) -> None:
    queues = declared(run, "Queue")
    assert set(queues) == {"shop.shipping", "shop.shipping-dlq"}
    for queue in queues.values():
        wanted = queue.inputs["spec"]
        assert (wanted["type"], wanted["durable"], wanted["autoDelete"]) == ("quorum", True, False)
        assert queue.inputs["metadata"]["annotations"]["platform/rpo"] == "0s"
    assert spec(run, "Vhost", "shop")["defaultQueueType"] == "quorum"


def test_what_a_queue_gives_up_is_stored_in_its_dead_letter_queue_before_it_leaves(run: Run) -> None:
    arguments = spec(run, "Queue", "shop.shipping")["arguments"]
    assert arguments == {
        "x-dead-letter-exchange": "dead-letters",
        "x-dead-letter-routing-key": "shipping-dlq",
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }
    assert spec(run, "Exchange", "shop.dead-letters")["type"] == "direct"
    (binding,) = (each.inputs["spec"] for each in declared(run, "Binding").values() if each.inputs["spec"]["source"] == "dead-letters")
    assert (binding["destination"], binding["routingKey"]) == ("shipping-dlq", "shipping-dlq")


def test_a_dead_letter_queue_is_marked_and_refuses_more_than_it_holds(run: Run) -> None:
    assert declared(run, "Queue")["shop.shipping-dlq"].inputs["metadata"]["annotations"]["platform/dlq"] == "true"
    policy = spec(run, "Policy", "shop.dead-letters")
    assert policy["definition"] == {"max-length-bytes": 256 * 2**20, "overflow": "reject-publish"}
    assert re.search(policy["pattern"], "shipping-dlq")
    assert not re.search(policy["pattern"], "shipping")


def test_what_may_change_while_a_queue_lives_is_in_its_policy(run: Run) -> None:
    policy = spec(run, "Policy", "shop.shipping")
    assert policy["definition"] == {
        "max-length-bytes": 10 * 2**30,
        "delivery-limit": 5,
        "consumer-timeout": 30 * 60 * 1000,
        "message-ttl": 24 * 3600 * 1000,
    }
    assert re.fullmatch(policy["pattern"], "shipping")
    assert not re.search(policy["pattern"], "shipping-dlq")


def test_a_dot_in_a_name_stands_for_a_dot_alone(preview: Preview) -> None:
    queues = {"orders.new": VHOST["queues"]["shipping"]}
    clients = {"shipping": {"namespace": "shop", "consumes": ["orders.new"]}}
    vhost = {**VHOST, "queues": queues, "clients": clients}
    run = topology(preview, replace(TOPOLOGY, settings=settings(vhosts={"shop": vhost})))
    assert not re.search(spec(run, "Policy", "shop.orders.new")["pattern"], "orders-new")
    assert not re.search(spec(run, "Permission", "shop.shipping-rabbitmq")["permissions"]["read"], "orders-new")


def test_a_queue_is_made_once_its_limits_hold_and_bound_once_both_ends_are_there(run: Run) -> None:
    queues, policies, exchanges = declared(run, "Queue"), declared(run, "Policy"), declared(run, "Exchange")
    assert queues["shop.shipping"].dependencies == [policies["shop.shipping"].urn]
    assert queues["shop.shipping-dlq"].dependencies == [policies["shop.dead-letters"].urn]
    for binding in declared(run, "Binding").values():
        wanted = binding.inputs["spec"]
        ends = {exchanges[f"shop.{wanted['source']}"].urn, queues[f"shop.{wanted['destination']}"].urn}
        assert set(binding.dependencies) == ends


def test_a_binding_keeps_its_name_whatever_else_is_bound(preview: Preview, run: Run) -> None:
    first, second = VHOST["queues"]["shipping"]["bindings"]
    queue = {**VHOST["queues"]["shipping"], "bindings": [second, {"exchange": "orders", "routingKey": "orders.new"}, first]}
    more = topology(preview, replace(TOPOLOGY, settings=settings(vhosts={"shop": {**VHOST, "queues": {"shipping": queue}}})))
    assert {name: each.inputs["spec"] for name, each in declared(run, "Binding").items()}.items() <= {
        name: each.inputs["spec"] for name, each in declared(more, "Binding").items()
    }.items()
    assert len(declared(more, "Binding")) == len(declared(run, "Binding")) + 1


def test_headers_are_matched_as_they_are_written(run: Run) -> None:
    (binding,) = (each.inputs["spec"] for each in declared(run, "Binding").values() if each.inputs["spec"]["source"] == "regions")
    assert binding["arguments"] == {"x-match": "all", "region": "eu"}


def test_queues_and_vhosts_are_kept_where_messages_shall_be(run: Run) -> None:
    for each in (*declared(run, "Queue").values(), *declared(run, "Vhost").values()):
        assert each.inputs["spec"]["deletionPolicy"] == "retain"
        assert option(each, "protect") is True


def test_queues_can_be_thrown_away_in_dev(preview: Preview) -> None:
    run = topology(preview, replace(TOPOLOGY, retain=False))
    for each in (*declared(run, "Queue").values(), *declared(run, "Vhost").values()):
        assert each.inputs["spec"]["deletionPolicy"] == "delete"
        assert not option(each, "protect")


def test_a_client_gets_a_user_of_its_own_in_its_own_namespace_and_no_more_rights_than_it_needs(run: Run) -> None:
    users = declared(run, "User")
    assert {name: each.inputs["metadata"]["namespace"] for name, each in users.items()} == {
        "checkout-rabbitmq": "shop",
        "shipping-rabbitmq": "shop",
    }
    assert users["checkout-rabbitmq"].inputs["spec"]["limits"] == {"connections": 20, "channels": 200}
    assert spec(run, "Permission", "shop.checkout-rabbitmq")["permissions"] == {"configure": "^$", "write": "^(orders)$", "read": "^$"}
    assert spec(run, "Permission", "shop.shipping-rabbitmq")["permissions"] == {"configure": "^$", "write": "^$", "read": "^(shipping)$"}
    assert spec(run, "Permission", "shop.shipping-rabbitmq")["userReference"] == {"name": "shipping-rabbitmq"}


def test_a_client_is_told_where_to_connect_and_how_to_consume_but_no_secret(run: Run) -> None:
    config = the(run, "kubernetes:core/v1:ConfigMap", "rabbitmq-connection-shipping")
    assert (config.inputs["metadata"]["name"], config.inputs["metadata"]["namespace"]) == ("rabbitmq-shipping", "shop")
    assert config.inputs["data"] == {
        "RABBITMQ_HOST": "rabbitmq.messaging.svc",
        "RABBITMQ_PORT": "5671",
        "RABBITMQ_VHOST": "shop",
        "RABBITMQ_PREFETCH": "20",
        "RABBITMQ_MAX_CONNECTIONS": "20",
        "RABBITMQ_MAX_CHANNELS": "200",
        "RABBITMQ_ACKNOWLEDGE": "manual",
        "RABBITMQ_PUBLISHER_CONFIRMS": "true",
    }
    secrets = [each for each in of_type(run, "kubernetes:cert-manager.io/v1:Certificate") if each.inputs["metadata"]["namespace"] == "shop"]
    assert {each.inputs["spec"]["secretName"] for each in secrets} == {"checkout-rabbitmq-tls", "shipping-rabbitmq-tls"}


def test_a_broker_elsewhere_is_reached_by_a_secret_and_checked_by_public_authorities(preview: Preview) -> None:
    elsewhere = BrokerConnection(
        host="b-1.mq.eu-west-1.amazonaws.com",
        reference={"connectionSecret": {"name": "broker"}, "namespace": "messaging"},
        own_authority=False,
        traffic=(),
        administration=(),
    )
    run = topology(preview, replace(TOPOLOGY, connection=elsewhere))
    for kind in ("Queue", "User", "Permission"):
        for each in declared(run, kind).values():
            assert each.inputs["spec"]["rabbitmqClusterReference"] == {"connectionSecret": {"name": "broker"}, "namespace": "messaging"}
    assert {each.inputs["metadata"]["namespace"] for each in of_type(run, "kubernetes:cert-manager.io/v1:Certificate")} == {"messaging"}


def test_the_operator_starts_once_all_kinds_that_it_watches_are_defined(run: Run) -> None:
    operator = the(run, "kubernetes:apps/v1:Deployment", "rabbitmq-operator")
    definitions = {each.urn for each in of_type(run, DEFINITION)}
    assert len(definitions) == 14
    assert definitions <= behind(run, operator)
    assert all(option(each, "protect") for each in of_type(run, DEFINITION) if each.name != "cluster-definition")


def test_everything_is_declared_once_the_webhook_is_asked(run: Run) -> None:
    (asked,) = of_type(run, WEBHOOKS)
    for kind in ("Vhost", "Exchange", "Policy", "Queue", "Binding", "User", "Permission"):
        for each in declared(run, kind).values():
            assert asked.urn in behind(run, each)


def test_the_webhook_is_asked_about_every_kind_in_the_namespaces_that_the_operator_watches(run: Run) -> None:
    (asked,) = of_type(run, WEBHOOKS)
    webhooks = asked.inputs["webhooks"]
    assert len(webhooks) == 13
    for each in webhooks:
        (wanted,) = each["namespaceSelector"]["matchExpressions"]
        assert (wanted["operator"], wanted["values"]) == ("In", ["messaging", "billing", "shop"])
        assert each["failurePolicy"] == "Fail"
    assert "/validate-rabbitmq-com-v1alpha1-superstream" in {each["clientConfig"]["service"]["path"] for each in webhooks}
    service = the(run, "kubernetes:core/v1:Service", "rabbitmq-webhook")
    assert {each["clientConfig"]["service"]["name"] for each in webhooks} == {service.inputs["metadata"]["name"]}
    assert asked.inputs["metadata"]["annotations"]["cert-manager.io/inject-ca-from"] == "messaging/rabbitmq-topology-webhook-tls"


def test_the_webhook_is_not_asked_for_a_managed_brokers_secret_where_it_is_not(run: Run) -> None:
    (asked,) = of_type(run, WEBHOOKS)
    operations = {each["name"]: each["rules"][0]["operations"] for each in asked.inputs["webhooks"]}
    in_clients = ("user.rabbitmq.com", "permission.rabbitmq.com")
    assert [operations[name] for name in in_clients] == [["UPDATE"], ["UPDATE"]]
    assert all(each == ["CREATE", "UPDATE"] for name, each in operations.items() if name not in in_clients)


def test_the_last_client_can_leave_a_namespace_because_the_operator_goes_on_watching_it(preview: Preview, run: Run) -> None:
    without = topology(preview, replace(TOPOLOGY, settings=settings(vhosts={"shop": {**VHOST, "clients": {}}})))
    assert declared(run, "User")
    assert not declared(without, "User")
    assert environment(without) == environment(run)
    assert environment(run)["OPERATOR_SCOPE_NAMESPACE"] == "messaging,billing,shop"
    namespaces = [{role.inputs["metadata"]["namespace"] for role in of_type(each, ROLE)} for each in (run, without)]
    assert namespaces == [{"messaging", "billing", "shop"}] * 2


def test_a_client_that_moves_to_another_vhost_gets_another_permission_as_the_webhook_refuses_a_changed_one(
    preview: Preview, run: Run
) -> None:
    moved = topology(preview, replace(TOPOLOGY, settings=settings(vhosts={"store": VHOST})))
    assert set(declared(moved, "User")) == set(declared(run, "User"))
    assert not set(declared(moved, "Permission")) & set(declared(run, "Permission"))


def test_what_is_missing_in_a_broker_is_declared_again_within_minutes(run: Run) -> None:
    assert environment(run)["SYNC_PERIOD"] == "10m"


def test_in_the_namespaces_of_clients_the_operator_looks_after_users_alone(run: Run) -> None:
    roles = {each.inputs["metadata"]["namespace"]: each.inputs["rules"] for each in of_type(run, ROLE)}
    assert set(roles) == {"messaging", "billing", "shop"}
    changed = {resource for rule in roles["shop"] if "update" in rule["verbs"] for resource in rule["resources"]}
    assert {each.partition("/")[0] for each in changed} == {"secrets", "users", "permissions"}
    watched = {resource for rule in roles["shop"] if "watch" in rule["verbs"] for resource in rule["resources"]}
    assert {"queues", "superstreams", "rabbitmqclusters"} <= watched
    assert not [resource for resource in run.resources if "ClusterRole" in resource.type]


@pytest.mark.skipif(not DEFINITIONS.is_dir(), reason="no schemas of the operators' releases at hand")
def test_names_scope_and_version_are_those_of_the_operators_own_definitions(run: Run) -> None:
    ours = {definition.inputs["metadata"]["name"]: definition.inputs["spec"] for definition in of_type(run, DEFINITION)}
    assert set(ours) == {path.name.removesuffix(".json") for path in DEFINITIONS.glob(f"*.{GROUP}.json")}
    for name, spec_of in ours.items():
        theirs = json.loads((DEFINITIONS / f"{name}.json").read_text(encoding="utf-8"))
        assert (theirs["kind"], theirs["plural"], theirs["scope"]) == (
            spec_of["names"]["kind"],
            spec_of["names"]["plural"],
            spec_of["scope"],
        )
        assert spec_of["versions"][0]["name"] in theirs["versions"]


def test_an_operator_that_nobody_could_call_is_refused() -> None:
    with pytest.raises(RabbitmqError, match="webhooks' callers must not be empty"):
        replace(TOPOLOGY, addresses=replace(TOPOLOGY.addresses, webhook_callers=()))
