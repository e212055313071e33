"""SEC-001: the values of a Helm release hold no credential, and no chart falls back to one that everybody knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from policies.helm import RELEASE_TYPES, chart_name, chart_values, is_on
from policies.model import Facts, Finding, Resource, ResourceRule
from policies.overlays import Entry, entries
from policies.rules.secrets.credentials import credential_problem, names_credential, plaintext

_CURE: Final = "name a Secret that an ExternalSecret fetches, or pass a value that Pulumi marks secret"
# kube-prometheus-stack 79.0.0 generates Grafana's password; before, it is a default that everybody knows.
_GENERATES_PASSWORD: Final = 79
# Below a key such as `password`, charts hold the credential itself under one of these.
_CONTENT_KEYS: Final = ("value", "plaintext", "content", "contents")


def _check(resource: Resource, _facts: Facts) -> Iterator[Finding]:
    values = chart_values(resource)
    for entry in entries(values):
        yield from _check_entry(entry)
    if chart_name(resource) == "kube-prometheus-stack":
        yield from _grafana_default(resource)


def _check_entry(entry: Entry) -> Iterator[Finding]:
    # An ExternalSecret among a chart's extra objects names the keys that it writes.
    if isinstance(entry.value.known, dict | list) or (entry.key == "secretKey" and not entry.holder["remoteRef"].is_absent):
        return
    name = _name_of(entry)
    problem = credential_problem(name, entry.value)
    if problem:
        yield plaintext(entry.value, f"the chart's values hold {problem}", _CURE)


def _name_of(entry: Entry) -> str:
    """The name that says what a value is: that of an environment variable, of the mapping around a ``value``, or its own key."""
    name = entry.holder["name"].known
    if entry.key == "value" and isinstance(name, str):
        return name
    return entry.around if entry.key in _CONTENT_KEYS and names_credential(entry.around) else entry.key


def _grafana_default(resource: Resource) -> Iterator[Finding]:
    grafana = chart_values(resource)["grafana"]
    version = re.match(r"v?(\d+)\.", str(resource["version"].get("")))
    own = (grafana["adminPassword"], grafana["admin"]["existingSecret"])
    if (
        version
        and int(version[1]) < _GENERATES_PASSWORD
        and is_on(grafana["enabled"], default=True)
        and all(place.is_absent for place in own)
    ):
        yield plaintext(own[0], "the chart falls back to a default credential that everybody knows", "set grafana.admin.existingSecret")


CHARTS_HOLD_NO_CREDENTIALS = ResourceRule(name="charts-hold-no-credentials", requirements=("SEC-001",), types=RELEASE_TYPES, check=_check)
