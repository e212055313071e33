from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from components.messaging.nats.arguments import NatsArgs
from components.messaging.nats.certificates import certificates
from components.messaging.nats.links import readers
from components.messaging.nats.nats import Nats
from components.messaging.nats.streams import buckets, mirrors, streams
from components.messaging.nats.traffic import traffic
from components.messaging.nats.values import NATS_LABELS, render_nats_values
from facts.duration import parse_duration
from tests.components.messaging.nats.examples import SETTINGS, nats_args
from tests.components.recorded import of_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from offline.engine import Run

    Preview = Callable[[Callable[[], object]], Run]

LEAF_NODES = {"host": "nats.example.org", "cidrs": ["10.30.0.0/16"]}
REMOTE = {"name": "nats", "host": "nats.example.org", "cidrs": ["10.20.0.0/24"], "secret": "nats-links"}
BUCKETS = {"keyValues": {"prices": {"maxBytes": "1Gi"}}, "objectStores": {"invoices": {"maxBytes": "1Gi"}}}
COPIES = {"keyValues": {"prices": {"maxBytes": "1Gi", "mirror": True}}, "objectStores": {"invoices": {"maxBytes": "1Gi", "mirror": True}}}


def primary(**settings: Any) -> NatsArgs:
    return replace(nats_args(leafNodes=LEAF_NODES, **settings), dr_stack="dr", internal_load_balancer={"internal": "true"})


def recovery(**settings: Any) -> NatsArgs:
    return nats_args(**({"streams": {}, "clients": {}, "name": "dr", "remote": REMOTE} | settings))


def test_a_stack_may_copy_all_that_is_marked_for_it_with_dead_letters_and_buckets() -> None:
    assert readers(primary(**BUCKETS).settings, "dr") == {("dr", None): ["orders", "orders-dlq", "KV_prices", "OBJ_invoices"]}


def test_a_mark_of_a_streams_own_goes_over_that_of_the_stack() -> None:
    streams = {"orders": SETTINGS["streams"]["orders"] | {"drMirror": "elsewhere", "consumers": {}}}
    assert readers(primary(streams=streams).settings, "dr") == {("elsewhere", None): ["orders"]}


def test_nobody_copies_where_no_way_in_is_open() -> None:
    assert not readers(nats_args().settings, "dr")


def test_every_copying_stack_has_a_certificate_that_lets_it_in_as_another_cluster_only() -> None:
    args = primary(tenants={"billing": {"storage": "1Gi", "keyValues": {"rates": {"maxBytes": "1Mi"}}}})
    issued = {each.name: each.spec for each in certificates(args)}
    assert issued["leaf-dr-nats-tls"]["dnsNames"] == ["dr.leaf.messaging.nats"]
    assert issued["leaf-dr-billing-nats-tls"]["dnsNames"] == ["billing.dr.leaf.messaging.nats"]
    assert "nats.example.org" in issued["nats-server-tls"]["dnsNames"]
    accounts = render_nats_values(args)["config"]["merge"]["accounts"]
    for account, user in (("PLATFORM", "dr.leaf.messaging.nats"), ("billing", "billing.dr.leaf.messaging.nats")):
        (leaf,) = (each for each in accounts[account]["users"] if each["user"] == user)
        assert leaf["allowed_connection_types"] == ["LEAFNODE"]
        assert all(subject.startswith(("$JS.nats.API.CONSUMER.", "$JS.FC.")) for subject in leaf["permissions"]["publish"]["allow"])


def test_the_way_in_is_a_load_balancer_inside_the_network_for_known_callers(preview: Preview) -> None:
    args = primary()
    run = preview(lambda: Nats("nats", args))
    (service,) = (each for each in of_type(run, "kubernetes:core/v1:Service") if each.name == "nats-leafnodes")
    assert service.inputs["metadata"]["annotations"] == {"internal": "true"}
    spec = service.inputs["spec"]
    assert (spec["type"], spec["externalTrafficPolicy"], spec["loadBalancerSourceRanges"]) == ("LoadBalancer", "Local", ["10.30.0.0/16"])
    assert spec["selector"] == NATS_LABELS
    (way,) = (each for each in traffic(args) if each.name == "nats-leafnodes")
    assert way.ingress == [{"from": [{"ipBlock": {"cidr": "10.30.0.0/16"}}], "ports": [{"protocol": "TCP", "port": 7422}]}]


def test_without_other_clusters_no_way_is_opened_and_no_domain_is_set(preview: Preview) -> None:
    args = nats_args()
    config = render_nats_values(args)["config"]
    assert config["leafnodes"] == {"enabled": False}
    assert "domain" not in config["jetstream"]["merge"]
    assert not [
        each for each in of_type(preview(lambda: Nats("nats", args)), "kubernetes:core/v1:Service") if each.name == "nats-leafnodes"
    ]
    assert not {"nats-leafnodes", "nats-remote"} & {each.name for each in traffic(args)}


def test_a_copying_cluster_calls_the_other_with_the_certificate_from_there_for_each_account() -> None:
    mirror = {"orders": {"maxBytes": "1Gi", "maxAge": "7d"}}
    args = recovery(mirrors=mirror, tenants={"billing": {"storage": "9Gi", "mirrors": mirror}, "idle": {"storage": "1Gi"}})
    config = render_nats_values(args)["config"]
    assert (config["cluster"]["merge"]["name"], config["jetstream"]["merge"]["domain"]) == ("dr", "dr")
    assert config["leafnodes"]["tls"]["secretName"] == "nats-links"
    ours, theirs = config["leafnodes"]["merge"]["remotes"]
    assert (ours["urls"], ours["account"], ours["tls"]["cert_file"]) == (
        ["tls://nats.example.org:7422"],
        "PLATFORM",
        "/etc/nats-certs/leafnodes/tls.crt",
    )
    assert (theirs["account"], theirs["tls"]["key_file"]) == ("billing", "/etc/nats-certs/leafnodes/billing.key")
    (way,) = (each for each in traffic(args) if each.name == "nats-remote")
    assert way.pods == NATS_LABELS


def test_renewed_certificates_of_all_links_are_taken_up() -> None:
    mirror = {"orders": {"maxBytes": "1Gi", "maxAge": "7d"}}
    args = recovery(mirrors=mirror, tenants={"billing": {"storage": "9Gi", "mirrors": mirror}})
    pid, path, *watched = render_nats_values(args)["reloader"]["merge"]["args"]
    assert (pid, path, set(watched[::2])) == ("-pid", "/var/run/nats/nats.pid", {"-config"})
    links = {f"/etc/nats-certs/leafnodes/{file}" for file in ("tls.crt", "tls.key", "billing.crt", "billing.key", "ca.crt")}
    own = {f"/etc/nats-certs/{place}/tls.{end}" for place in ("nats", "cluster") for end in ("crt", "key")}
    assert set(watched[1::2]) == {"/etc/nats-config/nats.conf", "/etc/nats-ca-cert/ca.crt"} | own | links
    # Nothing is mounted for routes where there are none.
    alone = render_nats_values(recovery(mirrors=mirror, servers=1))["reloader"]["merge"]["args"]
    assert not any("/cluster/" in word for word in alone)
    # Without a link the chart's own list is complete.
    assert "args" not in render_nats_values(primary())["reloader"]["merge"]


def test_mirrors_copy_from_the_domain_of_the_other_cluster_and_keep_going_when_full() -> None:
    args = recovery(mirrors={"orders": {"maxBytes": "1Gi", "maxAge": "7d"}}, **COPIES)
    made = {each.name: each for each in (*mirrors(None, args), *buckets(None, args))}
    assert list(made) == ["orders", "orders-dlq", "object-store-invoices", "prices"]
    spec = made["orders"].spec
    assert spec["mirror"] == {"name": "orders", "externalApiPrefix": "$JS.nats.API"}
    assert (spec["replicas"], spec["discard"], spec["storage"], "subjects" in spec) == (3, "old", "file", False)
    assert made["orders-dlq"].spec["mirror"]["name"] == "orders-dlq"
    assert (made["object-store-invoices"].kind, made["object-store-invoices"].spec["name"]) == ("Stream", "OBJ_invoices")
    assert (made["prices"].kind, made["prices"].spec["mirror"]["name"]) == ("KeyValue", "KV_prices")
    assert not any("platform/dr-mirror" in each.annotations for each in made.values())
    # The controller's default is a year, that of a bucket for ever.
    assert parse_duration(made["object-store-invoices"].spec["maxAge"]) == timedelta(days=292 * 365)


def test_the_copy_of_a_work_queue_is_one_that_can_take_over() -> None:
    copies = {name: {"maxBytes": "1Gi", "maxAge": "7d", "workQueue": name == "jobs"} for name in ("jobs", "orders")}
    made = {each.name: each.spec["retention"] for each in mirrors(None, recovery(mirrors=copies))}
    # Dead letters are there to be read again and again.
    assert made == {"jobs": "workqueue", "jobs-dlq": "limits", "orders": "limits", "orders-dlq": "limits"}


def test_a_stream_takes_messages_of_others_here_and_there() -> None:
    sources = [{"stream": "orders", "remote": True, "filterSubject": "orders.eu.>"}, {"stream": "local"}]
    limits = {"maxBytes": "1Gi", "maxAge": "7d"}
    args = recovery(streams={"local": limits | {"subjects": ["here.>"]}, "all": limits | {"sources": sources}})
    (spec,) = (each.spec for each in streams(None, "all", args))
    assert spec["sources"] == [
        {"name": "orders", "externalApiPrefix": "$JS.nats.API", "filterSubject": "orders.eu.>"},
        {"name": "local"},
    ]
    assert "subjects" not in spec


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"remote": REMOTE}, "this cluster is called nats itself"),
        ({"mirrors": {"copy": {"maxBytes": "1Gi", "maxAge": "7d"}}}, "there is no cluster to copy from"),
        (COPIES, "there is no cluster to copy from"),
        ({"remote": REMOTE, "name": "dr", "mirrors": {"orders": {"maxBytes": "1Gi", "maxAge": "7d"}}}, "either a mirror or a stream"),
        ({"streams": {"a": {"maxBytes": "1Gi", "maxAge": "7d"}}}, "the stream keeps nothing"),
        ({"streams": {"a": {"maxBytes": "1Gi", "maxAge": "7d", "sources": [{"stream": "a"}]}}}, "there is no other stream a"),
        ({"leafNodes": {"host": "nats.example.org", "cidrs": []}}, "at least 1 item"),
    ],
)
def test_a_copy_that_could_not_be_made_is_refused(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        nats_args(**settings)
