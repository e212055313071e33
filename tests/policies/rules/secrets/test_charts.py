from __future__ import annotations

from typing import Any

import pytest

from policies.rules.secrets.charts import CHARTS_HOLD_NO_CREDENTIALS
from policies.values import UNKNOWN, Secret
from tests.policies.rules.fixtures import a_release, ask, places, undecided


def found(values: dict[str, Any], chart: str = "anything", version: str = "1.2.3") -> list[str]:
    return places(ask(CHARTS_HOLD_NO_CREDENTIALS, a_release(chart, values, version=version)))


@pytest.mark.parametrize(
    "values",
    [
        {"auth": {"existingSecret": "db", "secretKeys": {"adminPasswordKey": "password"}}},
        {"auth": {"password": "", "token": None, "apiKey": "${API_KEY}"}},
        {"auth": {"password": Secret("hunter2")}},
        {"auth": {"password": Secret(UNKNOWN)}},
        {"config": {"merge": {"authorization": {"token": "<< $TOKEN >>"}}}},
        {"container": {"env": {"TOKEN": {"valueFrom": {"secretKeyRef": {"name": "nats", "key": "token"}}}}}},
        {"jetstream": {"nats": {"credentials": {"secret": {"name": "nats-sys-creds", "key": "sys.creds"}}}, "tls": {"secretName": "tls"}}},
        {"serviceAccount": {"automountServiceAccountToken": True, "annotations": {"role": UNKNOWN}}},
        {"prometheusSpec": {"secrets": ["etcd-client"], "configSecret": "alertmanager", "bearerTokenFile": "/etc/token"}},
        {"global": {"imagePullSecrets": ["registry"], "tokenTTL": 3600.0, "passwordLength": 32.0, "token": 1.0}},
        {"grafana.ini": {"auth.generic_oauth": {"client_secret": "$__file{/etc/secrets/oauth}", "token_url": "https://sso/token"}}},
        {"extraEnv": [{"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "a", "key": "b"}}}, {"name": "LEVEL", "value": "info"}]},
        {"extraManifests": [{"kind": "ExternalSecret", "spec": {"data": [{"secretKey": "password", "remoteRef": {"key": "db"}}]}}]},
    ],
)
def test_references_and_secret_values_are_right(values: dict[str, Any]) -> None:
    release = a_release("anything", values)
    assert ask(CHARTS_HOLD_NO_CREDENTIALS, release) == []
    assert undecided(release) == []


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"auth": {"password": "hunter2"}}, "auth.password"),
        ({"auth": {"password": 1234.0}}, "auth.password"),
        ({"auth": {"password": Secret("changeme")}}, "auth.password"),
        ({"auth": {"passwords": ["hunter2"]}}, "auth.passwords[0]"),
        ({"auth": {"password": {"value": "hunter2"}}}, "auth.password.value"),
        ({"grafana": {"adminPassword": "prom-operator"}}, "grafana.adminPassword"),
        ({"container": {"env": {"TOKEN": "hunter2"}}}, "container.env.TOKEN"),
        ({"extraEnv": [{"name": "TOKEN", "value": "hunter2"}]}, "extraEnv[0].value"),
        ({"config": {"cluster": {"routeURLs": {"password": "hunter2"}}}}, "config.cluster.routeURLs.password"),
        ({"database": {"url": "postgres://app:hunter2@db/app"}}, "database.url"),
        ({"endpoints": ["amqp://guest:guest@rabbitmq"]}, "endpoints[0]"),
        ({"disabled": {"enabled": False, "clientSecret": "hunter2"}}, "disabled.clientSecret"),
    ],
)
def test_a_literal_is_refused_and_never_shown(values: dict[str, Any], expected: str) -> None:
    (finding,) = ask(CHARTS_HOLD_NO_CREDENTIALS, a_release("anything", values))
    assert finding.where == f"values.{expected} = [hidden]"


def test_an_unknown_credential_that_is_not_secret_leaves_it_undecided() -> None:
    release = a_release("anything", {"auth": {"password": UNKNOWN}})
    assert ask(CHARTS_HOLD_NO_CREDENTIALS, release) == []
    assert undecided(release) == ["values.auth.password"]


@pytest.mark.parametrize(
    ("version", "grafana", "expected"),
    [
        ("88.5.3", {}, []),
        ("79.0.0", {}, []),
        ("78.5.0", {}, ["values.grafana.adminPassword"]),
        ("78.5.0", {"enabled": False}, []),
        ("78.5.0", {"admin": {"existingSecret": "grafana"}}, []),
        ("78.5.0", {"adminPassword": Secret("hunter2")}, []),
    ],
)
def test_grafana_gets_no_default_password(version: str, grafana: dict[str, Any], expected: list[str]) -> None:
    assert found({"grafana": grafana}, "kube-prometheus-stack", version) == expected
