"""Each setting broken, one at a time: the message names the place, what was given and what is allowed."""

from __future__ import annotations

from typing import Any

import pytest

from stacks.merge import merge
from tests.stacks.examples import GOOD, RABBITMQ, complaints, nested

ORDERS = "nats.streams.orders"


@pytest.mark.parametrize(
    ("path", "given", "message"),
    [
        # unknown keys
        ("databse", {"storage": "1Gi"}, "unknown key; did you mean database? allowed are"),
        ("database.backupRetenton", "7d", "unknown key; did you mean backupRetention? allowed are"),
        ("database.backup_retention", "7d", "did you mean backupRetention?"),
        ("cluster.nodeGroups.general.maxSise", 4, "did you mean maxSize?"),
        (f"{ORDERS}.consumers.billing.ackwait", "5s", "did you mean ackWait?"),
        # kinds
        ("network", "10.0.0.0/16", 'given "10.0.0.0/16"; allowed is a mapping'),
        ("network", ["10.0.0.0/16"], "given a list; allowed is a mapping"),
        ("namespaces", ["orders"], "allowed is a mapping"),
        ("rabbitmq", ["orders"], "given a list; allowed is a mapping"),
        ("network.zones", "eu-west-1a", 'given "eu-west-1a"; allowed is a list'),
        ("network.interfaceEndpoints", "yes", 'given "yes"; allowed is true or false'),
        ("database.multiAz", 1, "given 1; allowed is true or false"),
        ("database.upgradeFrom", "16", 'given "16"; allowed is a whole number'),
        ("database.upgradeFrom", True, "given true; allowed is a whole number"),
        ("database.name", None, "given null; allowed is a PostgreSQL name"),
        ("nats.cpu", True, "given true; allowed is a Kubernetes quantity"),
        # numbers that YAML would have changed
        ("aws.account", 11112223333, "given 11112223333; allowed is an AWS account id of twelve digits; write it in quotes"),
        (
            "database.engineVersion",
            17.1,
            "given 17.1; allowed is an exact version of PostgreSQL 16 or 17; write it in quotes, such as '17.9'",
        ),
        ("cluster.version", 1.35, "write it in quotes"),
        (
            "database.backupRetention",
            30,
            "given 30; allowed is a duration of 1d to 35d, a multiple of 1d; write it in quotes, such as '7d'",
        ),
        # words
        ("environment", "prod", "given \"prod\"; allowed is 'local', 'dev', 'staging' or 'production'"),
        ("team", "Team A", 'given "Team A"; allowed is a name'),
        ("aws.region", "cn-north-1", "'cn-north-1' is not an AWS region with EKS and EKS Pod Identity; allowed are af-south-1,"),
        ("aws.region", "eu-west-9", "'eu-west-9' is not an AWS region with EKS and EKS Pod Identity; allowed are af-south-1,"),
        ("aws.account", "\N{ARABIC-INDIC DIGIT ONE}" * 12, "allowed is an AWS account id of twelve digits"),
        ("aws.account", "1111", 'given "1111"; allowed is an AWS account id of twelve digits'),
        ("network.natGateways", "per-zone", "allowed is 'perZone' or 'single'"),
        ("cluster.version", "1.29", "Kubernetes 1.29 is not supported; allowed are 1.35, 1.36"),
        ("cluster.adminRoleArns", ["arn:aws:iam::111122223333:user/root"], "allowed is the ARN of an IAM role"),
        ("database.engineVersion", "17", 'given "17"; allowed is an exact version'),
        ("database.engineVersion", "15.4", 'given "15.4"; allowed is an exact version of PostgreSQL 16 or 17'),
        ("database.instanceClass", "db.x2g.large", "allowed is a class of database instances of the families t, m or r"),
        ("database.name", "orders\n", "allowed is a PostgreSQL name"),
        ("nats.rpo", "5m", "given \"5m\"; allowed is '0s' or '2m'"),
        ("charts.mirror", "https://charts.example.com", "allowed is an oci:// address of a registry"),
        ("observability.runbookBaseUrl", "http://runbooks", 'given "http://runbooks"; allowed is an https address'),
        ("observability.routing.slack.channel", "alerts", "allowed is a Slack channel with its #"),
        (f"{ORDERS}.subjects", [">"], "allowed is a NATS subject"),
        # names and addresses that Kubernetes, IAM or a registry would refuse
        ("policies.approvedStorageClasses", ["fast..disk"], "allowed is a Kubernetes name"),
        ("policies.approvedStorageClasses", ["fast.-disk"], "allowed is a Kubernetes name"),
        ("cluster.adminRoleArns", [f"arn:aws:iam::111122223333:role/{'a' * 65}"], "allowed is the ARN of an IAM role"),
        ("cluster.adminRoleArns", ["arn:aws:iam::111122223333:role//"], "allowed is the ARN of an IAM role"),
        ("charts.imageRegistry", "..", "allowed is a registry's host and path"),
        ("charts.imageRegistry", "registry.example.com:65536/mirror", "allowed is a registry's host and path"),
        ("charts.imageRegistry", f"registry.example.com/{'a' * 255}", "allowed is a registry's host and path"),
        ("charts.mirror", "oci://registry.example.com/charts/", "allowed is an oci:// address"),
        ("observability.runbookBaseUrl", "https://runbooks.example.com/\u202e", "allowed is an https address"),
        ("observability.runbookBaseUrl", f"https://runbooks.example.com/{'a' * 1000}", "allowed is an https address"),
        ("observability.retention", "300y", "allowed is a duration of 2h to 100y"),
        # measures and their bounds
        ("database.backupRetention", "0", "allowed is a duration of 1d to 35d"),
        ("database.backupRetention", "36d", 'given "36d"; allowed is a duration of 1d to 35d'),
        ("database.backupRetention", "36h", 'given "36h"; allowed is a duration of 1d to 35d, a multiple of 1d'),
        ("database.backupRetention", "a week", "'a week' is not a duration"),
        ("database.backupRetention", "30", "'30' has no unit"),
        ("database.storage", "10Gi", 'given "10Gi"; allowed is a Kubernetes quantity of 20Gi to 64Ti'),
        ("database.storage", "100GB", "'100GB' is not a Kubernetes quantity"),
        ("nats.storage", "1e999", "allowed is a Kubernetes quantity"),
        (f"{ORDERS}.maxBytes", "1e999", "allowed is a Kubernetes quantity"),
        ("database.logRetention", "8d", 'given "8d"; allowed is a retention that CloudWatch Logs offers: 1d, 3d, 5d, 7d'),
        ("database.insightsRetention", "30d", "allowed is a retention that Performance Insights offers: 7d, 31d, 62d"),
        ("database.upgradeFrom", 18, "given 18; allowed is at most 17"),
        # RDS refuses replicas of an instance whose password it manages.
        ("database.readReplicas", 1, "RDS makes no read replicas where it manages the password"),
        ("database.name", "postgres", "postgres is a name that PostgreSQL or the service that runs it keeps for itself"),
        (
            "namespaces.orders.databaseUsers.api",
            "rdsadmin",
            "rdsadmin is a name that PostgreSQL or the service that runs it keeps for itself",
        ),
        ("cluster.nodeGroups.general.minSize", 0, "given 0; allowed is at least 1"),
        ("cluster.adminRoleArns", [], "given []; allowed is a length of at least 1"),
        (f"{ORDERS}.replicas", 2, "given 2; allowed is 1, 3 or 5"),
        (f"{ORDERS}.replicas", True, "given true; allowed is 1, 3 or 5"),
        (f"{ORDERS}.maxAge", "300y", "allowed is a duration of 1s to 292y"),
        (f"{ORDERS}.subjects", ["_INBOX.>"], "the first one without a leading _"),
        # windows
        ("database.backupWindow", "3am", "'3am' is not hh:mm-hh:mm"),
        ("database.maintenanceWindow", "sun:04:30-sun:04:40", "allowed are at least 30"),
        # addresses
        ("network.cidr", "10.0.0.0/8", "10.0.0.0/8 is too large for a network; allowed are /16 to /20"),
        ("network.cidr", "10.20.0.0/24", "10.20.0.0/24 is too small for a network"),
        ("network.cidr", "10.20.0.1/16", "has host bits set"),
        ("network.cidr", "300.0.0.0/16", "'300.0.0.0/16' is not a network"),
        ("network.cidr", "8.8.0.0/16", "8.8.0.0/16 is not private; allowed are ranges within 10.0.0.0/8"),
        ("network.cidr", "172.20.0.0/16", "in the way of the Kubernetes Services"),
        ("network.cidr", "fd00::/64", "fd00::/64 is an IPv6 network"),
    ],
)
def test_a_wrong_value_is_named_with_its_place_and_what_is_allowed(path: str, given: Any, message: str) -> None:
    found = complaints(merge(GOOD, nested(path, given)))
    ((place, said),) = found.items()
    assert place.removesuffix("[0]") == f"plinth:{path}"
    assert message in said


@pytest.mark.parametrize(
    ("deviations", "place", "message"),
    [
        (nested("network.zones", ["eu-west-1a", "eu-west-1b"]), "network.zones", "2 zones; production needs 3"),
        (
            nested("network.zones", ["eu-west-1a", "eu-west-1b", "eu-west-1f"]),
            "network.zones[2]",
            "eu-west-1 has no zone eu-west-1f; allowed are eu-west-1a, eu-west-1b, eu-west-1c",
        ),
        (nested("network.zones", ["eu-west-1a", "eu-west-1b", "eu-west-1a"]), "network.zones[2]", "eu-west-1a stands twice"),
        (nested("database.maxStorage", "210Gi"), "database.maxStorage", "210Gi is too little for a storage of 200Gi"),
        (nested("database.upgradeFrom", 17), "database.upgradeFrom", "17 is not older than 17.9"),
        (nested("namespaces.orders", {"databaseUsers": {"api": "orders"}}), "namespaces.orders.databaseUsers", "set database to true"),
        (
            nested("namespaces.user", {"database": True}),
            "namespaces.user.database",
            "the user would be user, which PostgreSQL or the service that runs it keeps",
        ),
        (
            {"database": None, **nested("namespaces.orders", {"database": True})},
            "namespaces.orders.database",
            "the stack has no database; set plinth:database, or remove this",
        ),
        (
            nested("namespaces", {"orders": {"database": True}, "shop": {"database": True, "databaseUsers": {"web": "orders"}}}),
            "namespaces.shop.databaseUsers",
            "orders is the user of namespace orders too",
        ),
        (
            nested("namespaces.orders", {"databasePool": {"max": 10, "replicas": 4}}),
            "namespaces.orders.databasePool",
            "its pods may not sign in; set database to true",
        ),
        (
            # db.m7g.large has 901 connections, of which 810 may be used.
            nested(
                "namespaces",
                {
                    "orders": {"database": True, "databasePool": {"max": 20, "replicas": 40}},
                    "shop": {"database": True, "databasePool": {"max": 11, "replicas": 1}},
                },
            ),
            "namespaces.orders.databasePool",
            "all pools may hold 811 connections (orders 20 times 40, shop 11 times 1); 90 % of the 901 of plinth:database are 810",
        ),
        (nested("database.backupWindow", "04:00-05:00"), "database.maintenanceWindow", "overlaps maintenance window"),
        (
            nested("cluster.publicAccessCidrs", ["192.0.2.0/24", "0.0.0.0/0"]),
            "cluster.publicAccessCidrs[1]",
            "lets in 4,294,967,296 addresses",
        ),
        (nested("cluster.privateAccessCidrs", ["0.0.0.0/0"]), "cluster.privateAccessCidrs[0]", "lets in 4,294,967,296 addresses"),
        (nested("cluster.publicAccessCidrs", ["192.0.2.0/24", "128.0.0.0/1"]), "cluster.publicAccessCidrs[1]", "lets in 2,147,483,648"),
        (
            nested("cluster.publicAccessCidrs", ["11.0.0.0/8", "12.0.0.0/8"]),
            "cluster.publicAccessCidrs",
            "together these let in 33,554,432 addresses",
        ),
        (nested("cluster.publicAccessCidrs", ["10.1.0.0/16"]), "cluster.publicAccessCidrs[0]", "not on the internet"),
        (
            nested("cluster.publicAccessCidrs", [f"11.0.{octet}.0/24" for octet in range(41)]),
            "cluster.publicAccessCidrs",
            "a length of at most 40",
        ),
        (nested("network.access.sessionManager", None), "cluster", "nobody outside of the VPC could call the Kubernetes API"),
        (nested("cluster.privateAccessCidrs", ["10.250.0.0/20"]), "cluster.privateAccessCidrs[0]", "10.250.0.0/20 is routed nowhere"),
        (
            nested("nats.leafNodes", {"host": "nats.example.org", "cidrs": ["10.20.8.0/24", "10.30.0.0/16"]}),
            "nats.leafNodes.cidrs[1]",
            "10.30.0.0/16 is routed nowhere",
        ),
        (
            nested(
                "nats",
                {
                    "name": "dr",
                    "remote": {"name": "nats", "host": "n.example.org", "cidrs": ["8.8.8.0/24", "10.30.0.0/16"], "secret": "links"},
                },
            ),
            "nats.remote.cidrs[1]",
            "10.30.0.0/16 is routed nowhere",
        ),
        (nested("network.controlPlaneZones", 4), "network.controlPlaneZones", "given 4, but there are 3 zones"),
        (
            nested("cluster.viewerRoleArns", GOOD["cluster"]["adminRoleArns"]),
            "cluster.viewerRoleArns[0]",
            "is in adminRoleArns too",
        ),
        (
            nested("cluster.nodeGroups.general.minSize", 13),
            "cluster.nodeGroups.general",
            "minSize 13, desiredSize 13, maxSize 12 are out of order",
        ),
        (nested("cluster.nodeGroups.general.desiredSize", 1), "cluster.nodeGroups.general", "out of order"),
        (
            nested("cluster.nodeGroups.general.instanceTypes", ["m7i.xlarge", "m7g.xlarge"]),
            "cluster.nodeGroups.general.instanceTypes[1]",
            "m7g.xlarge is arm64, but the group's architecture is x86_64",
        ),
        (
            nested("cluster.nodeGroups.general.instanceTypes", ["m7i.large", "m7g.large"]),
            "cluster.nodeGroups.general.instanceTypes[1]",
            "m7g.large is arm64, but the group's architecture is x86_64",
        ),
        (
            nested("cluster.nodeGroups.general.zones", ["eu-west-1a", "eu-west-1d"]),
            "cluster.nodeGroups.general.zones[1]",
            "eu-west-1d is not a zone of plinth:network; there are eu-west-1a, eu-west-1b, eu-west-1c",
        ),
        (
            nested("cluster.nodeGroups.general.labels", {"node-role.kubernetes.io/worker": "true"}),
            "cluster.nodeGroups.general.labels.node-role.kubernetes.io/worker",
            "the key is reserved for Kubernetes or its cloud",
        ),
        (
            nested("cluster.adminRoleArns", ["arn:aws-us-gov:iam::111122223333:role/deploy"]),
            "cluster.adminRoleArns[0]",
            "allowed are roles that begin with arn:aws:",
        ),
        (nested("aws.brokerVolumes", {"throughput": 1000}), "aws.brokerVolumes.throughput", "1000 MiB/s need 4000 iops"),
        (
            {"aws": {"brokerVolumes": {"iops": 16000}}, "nats": {"storage": "20Gi", "streams": {"orders": {"maxBytes": "1Gi"}}}},
            "nats.storage",
            "16000 iops of plinth:aws.brokerVolumes need 32Gi at least",
        ),
        (
            {"aws": {"brokerVolumes": {"iops": 16000}}, "rabbitmq": RABBITMQ},
            "rabbitmq.storage",
            "16000 iops of plinth:aws.brokerVolumes need 32Gi at least",
        ),
        (nested("nats.servers", 4), "nats.servers", "4 is even"),
        (nested(f"{ORDERS}.replicas", 5), f"{ORDERS}.replicas", "5 copies do not fit on 3 server(s)"),
        (nested(f"{ORDERS}.duplicateWindow", "8d"), f"{ORDERS}.duplicateWindow", "192h is longer than messages are kept (maxAge 168h)"),
        (
            nested(f"{ORDERS}.consumers.billing", {"maxDeliver": 1, "backoff": ["1s", "2s"]}),
            f"{ORDERS}.consumers.billing.backoff",
            "2 waits, but only 1 deliveries",
        ),
        (
            nested("nats.streams.copy", {"subjects": ["orders.>"], "maxAge": "1d", "maxBytes": "1Gi"}),
            "nats.streams.copy.subjects[0]",
            "orders.> overlaps with orders.> of stream orders",
        ),
        (
            nested("nats.streams.copy", {"subjects": ["orders.*"], "maxAge": "1d", "maxBytes": "1Gi"}),
            "nats.streams.copy.subjects[0]",
            "orders.* overlaps with orders.> of stream orders",
        ),
        (nested(f"{ORDERS}.subjects", ["orders.>", "orders.placed"]), f"{ORDERS}.subjects[1]", "orders.placed overlaps with orders.>"),
        (
            nested(f"{ORDERS}.consumers.billing.filterSubjects", ["orders.placed", "bills.sent"]),
            f"{ORDERS}.consumers.billing.filterSubjects[1]",
            "bills.sent is not within the stream's orders.>",
        ),
        (nested(f"{ORDERS}.maxBytes", "500Gi"), "nats.storage", "but 85 % of 3 volume(s) of 500Gi are 1275.0Gi"),
        (nested("nats.clients.shop.consumes", ["order"]), "nats.clients.shop.consumes[0]", "there is no stream order; there are orders"),
        (
            nested("nats.clients.shop.namespace", "shop"),
            "nats.clients.shop.namespace",
            "shop is not a namespace of plinth:namespaces; there are orders",
        ),
        (nested("namespaces.observability", {}), "namespaces.observability", "not an application's"),
        (nested("namespaces.kube-system", {}), "namespaces.kube-system", "not an application's"),
        (nested("namespaces.Orders", {}), "namespaces.Orders", "allowed is a name of up to 63"),
        (nested("namespaces.orders.podSecurity", "privileged"), "namespaces.orders.podSecurity", "'restricted' or 'baseline'"),
        (
            {"namespaces": {"orders": {"ingressFrom": {"web-default-deny": [8080]}}, "orders-allow-from-web": {}}},
            "namespaces.orders-allow-from-web",
            "named like orders-allow-from-web-default-deny, a network policy of orders",
        ),
    ],
)
def test_settings_that_contradict_each_other_are_refused(deviations: dict[str, Any], place: str, message: str) -> None:
    found = complaints(merge(GOOD, deviations))
    assert list(found) == [f"plinth:{place}"]
    assert message in found[f"plinth:{place}"]


def test_contradictions_of_one_section_do_not_hide_each_other_nor_those_of_another() -> None:
    deviations = {
        **nested("database", {"maxStorage": "210Gi", "backupWindow": "04:00-05:00"}),
        **nested("network.zones", ["eu-west-1a", "eu-west-2b"]),
        **nested("nats.servers", 2),
    }
    assert set(complaints(merge(GOOD, deviations))) == {
        "plinth:database.maxStorage",
        "plinth:database.maintenanceWindow",
        "plinth:network.zones",
        "plinth:network.zones[1]",
        "plinth:nats.servers",
    }


def test_a_missing_setting_says_what_belongs_there() -> None:
    without = {**GOOD, "aws": {"region": "eu-west-1"}}
    assert complaints(without) == {"plinth:aws.account": "is missing; allowed is an AWS account id of twelve digits"}


@pytest.mark.parametrize("prefix", ["a..b", "-a.example.com", "a" * 254])
def test_the_prefix_of_a_label_is_a_domain(prefix: str) -> None:
    labels = {f"{prefix}/tier": "batch"}
    (message,) = complaints(merge(GOOD, nested("cluster.nodeGroups.general.labels", labels))).values()
    assert "allowed is a Kubernetes label's key" in message


@pytest.mark.parametrize("field", ["secret", "key"])
def test_a_credential_where_its_name_belongs_is_refused_and_not_shown(field: str) -> None:
    reference = {"secret": "alerting", "key": "routing-key", field: "r0123456789abcdefghijklmnopqrstu"}
    found = complaints(merge(GOOD, nested("observability.routing.pagerduty", reference)))
    assert list(found) == [f"plinth:observability.routing.pagerduty.{field}"]
    assert found.popitem()[1].startswith("this looks like the credential itself")


def test_a_long_value_is_cut_short() -> None:
    message = complaints(merge(GOOD, {"team": "x" * 500}))["plinth:team"]
    assert len(message) < 200
    assert "…" in message


def test_a_zone_that_is_not_there_is_told_whatever_else_is_wrong_with_the_network() -> None:
    found = complaints({**GOOD, "network": {"cidr": "10.48.0.0/33", "zones": ["eu-west-1a", "eu-west-1q"]}})
    assert {path for path in found if path.startswith("plinth:network")} == {
        f"plinth:network.{key}" for key in ("cidr", "zones", "zones[1]")
    }


@pytest.mark.parametrize(
    ("changes", "path", "message"),
    [
        ({"kind": "rabbit"}, "plinth:rabbitmq.kind", 'given "rabbit"; allowed is '),
        ({"kind": None}, "plinth:rabbitmq.kind", "given null; allowed is amazon-mq or cloudamqp or operator"),
        ({"nodse": 3}, "plinth:rabbitmq.nodse", "unknown key; did you mean nodes?"),
        ({"storage": "1Gi"}, "plinth:rabbitmq.storage", 'given "1Gi"; allowed is a Kubernetes quantity of 4Gi to 16Ti'),
        ({"nodes": 2}, "plinth:rabbitmq.nodes", "2 is even"),
        (
            {"vhosts": {"shop": {"exchanges": {"orders": {"type": "tpoic"}}}}},
            "plinth:rabbitmq.vhosts.shop.exchanges.orders.type",
            "did you mean topic?",
        ),
        (
            {"vhosts": {"shop": {"exchanges": {"orders": {"type": "topic"}}, "clients": {"checkout": {"namespace": "shop"}}}}},
            "plinth:rabbitmq.vhosts.shop.clients.checkout.namespace",
            "shop is not a namespace of plinth:namespaces; there are orders",
        ),
    ],
)
def test_what_is_wrong_with_rabbitmq_is_named_where_it_stands_in_the_file(changes: dict[str, Any], path: str, message: str) -> None:
    found = complaints({**GOOD, "rabbitmq": {**RABBITMQ, **changes}})
    assert list(found) == [path]
    assert message in found[path]


def test_a_missing_kind_of_rabbitmq_says_which_there_are() -> None:
    found = complaints({**GOOD, "rabbitmq": {key: value for key, value in RABBITMQ.items() if key != "kind"}})
    assert found == {"plinth:rabbitmq.kind": "is missing; allowed is amazon-mq or cloudamqp or operator"}
