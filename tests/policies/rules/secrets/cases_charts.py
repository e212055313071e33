from __future__ import annotations

from typing import Any

from policies.rules.secrets.charts import charts_hold_no_credentials
from policies.values import UNKNOWN, Secret
from tests.policies.rules.cases import accepts, cases, refuses, undecided
from tests.policies.rules.workload.good import release

RIGHT: tuple[dict[str, Any], ...] = (
    {"auth": {"existingSecret": "db", "secretKeys": {"adminPasswordKey": "password"}}},
    {"auth": {"password": "", "token": None, "apiKey": "${API_KEY}"}},
    {"auth": {"password": Secret("hunter2")}},
    {"auth": {"password": Secret(UNKNOWN)}},
    {"config": {"merge": {"authorization": {"token": "<< $TOKEN >>"}}}},
    {"container": {"env": {"TOKEN": {"valueFrom": {"secretKeyRef": {"name": "nats", "key": "token"}}}}}},
    {"jetstream": {"nats": {"credentials": {"secret": {"name": "nats-sys-creds", "key": "sys.creds"}}}, "tls": {"secretName": "tls"}}},
    {"tls": {"certSecret": "minio-tls", "privateKey": "tls.key"}},
    {"serviceAccount": {"automountServiceAccountToken": True, "annotations": {"role": UNKNOWN}}},
    {"prometheusSpec": {"secrets": ["etcd-client"], "configSecret": "alertmanager", "bearerTokenFile": "/etc/token"}},
    {"global": {"imagePullSecrets": ["registry"], "tokenTTL": 3600.0, "passwordLength": 32.0, "token": 1.0}},
    {"grafana.ini": {"auth.generic_oauth": {"client_secret": "$__file{/etc/secrets/oauth}", "token_url": "https://sso/token"}}},
    {"extraEnv": [{"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "a", "key": "b"}}}, {"name": "LEVEL", "value": "info"}]},
    {"extraManifests": [{"kind": "ExternalSecret", "spec": {"data": [{"secretKey": "password", "remoteRef": {"key": "db"}}]}}]},
)
WRONG: tuple[tuple[dict[str, Any], str], ...] = (
    ({"auth": {"password": "hunter2"}}, "auth.password"),
    ({"auth": {"password": 1234.0}}, "auth.password"),
    ({"auth": {"privateKey": "tls.key.hunter2"}}, "auth.privateKey"),
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
)
STACK = "kube-prometheus-stack"
OLD = release(STACK, {"grafana": {"admin": {"existingSecret": "grafana"}}}, version="78.5.0")
ADMIN = "values.grafana.adminPassword"

CASES = cases(
    charts_hold_no_credentials,
    *(accepts(release(values=values)) for values in RIGHT),
    *(refuses(release(values=values), at=f"values.{place}") for values, place in WRONG),
    accepts(OLD),
    *(accepts(release(STACK, version=version)) for version in ("88.5.3", "79.0.0", f"{'9' * 4300}.0.0")),
    accepts(OLD, {"values.grafana": {"enabled": False}}),
    accepts(OLD, {"values.grafana": {"adminPassword": Secret("hunter2")}}),
    refuses(OLD, {"values.grafana": None}, at=ADMIN),
    undecided(release(values={"auth": {"password": "hunter2"}}), "values.auth.password"),
    undecided(release(), "values"),
    undecided(OLD, ADMIN, {"values.grafana": None}),
    undecided(OLD, "values.grafana.enabled", {"values.grafana": None}),
)
