"""Proxies before databases of RDS, and what they lead to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from verification.aws.scope import Scope, given
from verification.live import LiveResource

PROXY: Final = "aws:rds/proxy:Proxy"
TARGET: Final = "aws:rds/proxyTarget:ProxyTarget"
TYPES: Final = (PROXY, TARGET)
_OF_CLUSTER: Final = "TRACKED_CLUSTER"
_TARGETS: Final = "default"


def read_pools(scope: Scope) -> Iterator[LiveResource]:
    """Proxies with the program's names or in the stack's network; their tags are not listed with them."""
    client = scope.client("rds")
    for found in scope.pages(client, "describe_db_proxies", "DBProxies"):
        if found["DBProxyName"] in scope.names.get(PROXY, ()) or found.get("VpcId") in scope.vpcs:
            yield _proxy(found)
            for target in scope.pages(client, "describe_db_proxy_targets", "Targets", DBProxyName=found["DBProxyName"]):
                # The instances of a cluster are listed beside it.
                if not target.get("TrackedClusterId") or target.get("Type") == _OF_CLUSTER:
                    yield _target(scope, found, target)


def _proxy(found: Mapping[str, Any]) -> LiveResource:
    return LiveResource(
        type=PROXY,
        key=found["DBProxyName"],
        arn=found["DBProxyArn"],
        inputs=given(
            name=found["DBProxyName"],
            engineFamily=found.get("EngineFamily"),
            defaultAuthScheme=found.get("DefaultAuthScheme"),
            requireTls=found.get("RequireTLS"),
            debugLogging=found.get("DebugLogging"),
            idleClientTimeout=found.get("IdleClientTimeout"),
            roleArn=found.get("RoleArn"),
        ),
    )


def _target(scope: Scope, proxy: Mapping[str, Any], found: Mapping[str, Any]) -> LiveResource:
    clustered = found.get("Type") == _OF_CLUSTER
    database = found.get("RdsResourceId") or found.get("TrackedClusterId")
    return LiveResource(
        type=TARGET,
        key=f"{proxy['DBProxyName']}-{database}",
        arn=f"{proxy['DBProxyArn']}/{database}",
        inputs={
            "dbProxyName": proxy["DBProxyName"],
            "targetGroupName": _TARGETS,
            "dbClusterIdentifier" if clustered else "dbInstanceIdentifier": database,
        },
        follows=[proxy["DBProxyArn"], scope.arn("rds", f"{'cluster' if clustered else 'db'}:{database}")],
    )
