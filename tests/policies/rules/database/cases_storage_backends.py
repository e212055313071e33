from __future__ import annotations

from typing import Any

from facts.tiers import Tier
from policies.config_maps import CONFIG_MAP_TYPE
from policies.rules.database.storage_backends import (
    chart_names_persistent_storage,
    config_map_names_persistent_storage,
    workload_has_persistent_storage,
    workload_takes_persistent_storage_from_config_maps,
)
from policies.values import UNKNOWN, Secret
from policies.workloads import WORKLOAD_TYPES
from tests.policies.rules.cases import accepts, cases, changed, good, refuses, undecided
from tests.policies.rules.workload.good import CONTAINER, DEPLOYMENT, PATCH, SPEC, container, release, workload

VALUE = f"{CONTAINER}.env[0].value"
EPHEMERAL = ("memory", "in-memory", "In_Memory", "sqlite", "SQLite", "sqlite:///app.db", "redis", "redis://cache:6379")
SETTINGS = good(
    CONFIG_MAP_TYPE,
    {"metadata": {"name": "settings", "namespace": "apps"}, "data": {"STORAGE": "postgresql-ha", "backend": "x"}},
    "settings",
)
ELSEWHERE = good(CONFIG_MAP_TYPE, {"metadata": {"name": "settings"}, "data": {"backend": "memory"}}, "settings")
REFERENCE = {"name": "STORAGE", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "backend"}}}
BACKEND = "data.backend"
PREFIXED = {"prefix": "STORAGE_", "configMapRef": {"name": "settings"}}


def stored(value: Any, name: str = "STORAGE") -> dict[str, Any]:
    return container(env=[{"name": name, "value": value}])


TOLD = workload("kubernetes:apps/v1:StatefulSet", {"containers": [stored("postgresql-ha")]})
REFERRING = workload("kubernetes:apps/v1:Deployment", {"containers": [container(env=[REFERENCE])]})
LATER = good(
    REFERRING.type,
    changed(REFERRING, {f"{CONTAINER}.env[0].valueFrom.configMapKeyRef.name": UNKNOWN}).properties,
    "app",
    after=[SETTINGS.urn],
)
ALL_OF_IT = workload("kubernetes:batch/v1:CronJob", {"containers": [container(env=[], envFrom=[PREFIXED])]})
CHART = release(values={"env": {"STORAGE": "postgresql-ha"}})
LISTED = release(values={"extraEnv": [{"name": "STORAGE_BACKEND", "value": "postgresql-ha"}]})

CASES = (
    *cases(
        config_map_names_persistent_storage,
        accepts(SETTINGS),
        accepts(SETTINGS, {"data.STORAGE": None}),
        accepts(SETTINGS, {"data": None}),
        accepts(SETTINGS, {"data.STORAGE": "PostgreSQL-HA "}),
        accepts(SETTINGS, {"data.STORAGE": Secret("postgresql-ha")}),
        accepts(SETTINGS, {"data.STORAGE": "$(KIND)"}),
        *(accepts(SETTINGS, {"data.STORAGE": kind}, tier=Tier.STAGING) for kind in ("postgresql", "postgresql-ha", "postgres")),
        *(refuses(SETTINGS, {"data.STORAGE": kind}) for kind in (*EPHEMERAL, "postgresql", "s3", "", 1.0, True)),
        *(refuses(SETTINGS, {"data.STORAGE": kind}, tier=Tier.STAGING) for kind in EPHEMERAL),
        refuses(SETTINGS, {"data.STORAGE_BACKEND": "memory"}),
        refuses(SETTINGS, {"data.STORAGE": Secret("memory")}),
        undecided(SETTINGS, "data.STORAGE"),
        undecided(SETTINGS, "data"),
    ),
    *cases(
        workload_has_persistent_storage,
        *(accepts(workload(token, {"containers": [stored("postgresql-ha")]})) for token in WORKLOAD_TYPES),
        accepts(DEPLOYMENT),
        accepts(workload(DEPLOYMENT.type, {"containers": [stored("memory", "STORAGE_CLASS")]})),
        accepts(REFERRING),
        *(
            refuses(workload(token, {"containers": [stored("memory")]}), at=f"{place}.containers[0].env[0].value")
            for token, place in (
                ("kubernetes:apps/v1:StatefulSet", SPEC),
                ("kubernetes:apps/v1:DaemonSet", SPEC),
                ("kubernetes:argoproj.io/v1alpha1:Rollout", SPEC),
                ("kubernetes:batch/v1:Job", SPEC),
                ("kubernetes:batch/v1:CronJob", f"spec.jobTemplate.{SPEC}"),
                ("kubernetes:core/v1:Pod", "spec"),
            )
        ),
        *(
            refuses(changed(DEPLOYMENT, {f"{SPEC}.{name}": [stored("sqlite", "STORAGE_BACKEND")]}), at=f"{SPEC}.{name}[0].env[0].value")
            for name in ("containers", "initContainers", "ephemeralContainers")
        ),
        refuses(TOLD, {VALUE: "in-memory"}, tier=Tier.STAGING),
        refuses(TOLD, {VALUE: None}),
        undecided(TOLD, VALUE),
        undecided(TOLD, f"{CONTAINER}.env"),
    ),
    *cases(
        workload_takes_persistent_storage_from_config_maps,
        accepts(SETTINGS, {BACKEND: "postgresql-ha"}, beside=[REFERRING]),
        accepts(SETTINGS, {"data.BACKEND": "postgresql-ha"}, beside=[ALL_OF_IT]),
        accepts(ELSEWHERE, beside=[REFERRING]),
        accepts(SETTINGS, {"metadata.name": "others", BACKEND: "memory"}, beside=[REFERRING]),
        refuses(SETTINGS, {BACKEND: "memory"}, beside=[REFERRING]),
        refuses(SETTINGS, {BACKEND: "memory"}, beside=[REFERRING, ALL_OF_IT, LATER]),
        refuses(SETTINGS, {BACKEND: "memory"}, beside=[LATER]),
        refuses(SETTINGS, {"data.BACKEND": "sqlite"}, beside=[ALL_OF_IT], tier=Tier.STAGING),
        undecided(SETTINGS, BACKEND, beside=[REFERRING]),
    ),
    *cases(
        chart_names_persistent_storage,
        accepts(CHART),
        accepts(LISTED),
        accepts(release(values={"worker": {"enabled": False, "env": {"STORAGE": "memory"}}})),
        accepts(release(values={"STORAGE": {"size": "5Gi"}, "env": {"STORAGE_CLASS": "memory"}})),
        refuses(CHART, {"values.env.STORAGE": "memory"}),
        refuses(CHART, {"values.env.STORAGE": "sqlite"}, tier=Tier.STAGING),
        refuses(LISTED, {"values.extraEnv[0].value": "memory"}),
        refuses(PATCH, {f"{SPEC}.containers": [{"name": "app", "env": [{"name": "STORAGE", "value": "memory"}]}]}, at=VALUE),
        undecided(CHART, "values.env.STORAGE"),
        undecided(LISTED, "values.extraEnv[0].value"),
    ),
)
