"""SEC-001: the values of a Helm release hold no credential, and no chart falls back to one that everybody knows."""

from __future__ import annotations

import re
from typing import Final

from facts.display import HIDDEN
from policies.charts import kube_prometheus_stack
from policies.charts.model import where_on
from policies.findings import Findings
from policies.helm import RELEASE_TYPES, chart_name, chart_values
from policies.model import Resource, Stack, rule
from policies.overlays import Entry, entries
from policies.rules.secrets.credentials import names_credential, refuse_credential
from policies.search import child
from policies.values import Value

_CURE: Final = "Name a Secret that an ExternalSecret fetches, or pass a value that Pulumi marks secret"
# Below a key such as `password`, charts hold the credential itself under one of these.
_CONTENT_KEYS: Final = ("value", "plaintext", "content", "contents")


@rule("SEC-001", on=RELEASE_TYPES)
def charts_hold_no_credentials(release: Resource, _: Stack) -> Findings:
    """A part that is switched off counts as well: what stands in a values file is known to whoever reads the repository."""
    values = chart_values(release)
    for entry in entries(values):
        yield from _check_entry(entry)
    if chart_name(release) == kube_prometheus_stack.CHART.name:
        yield from _check_grafana(release, values)


def _check_entry(entry: Entry) -> Findings:
    # An ExternalSecret among a chart's extra objects names the keys that it writes.
    if entry.key == "secretKey" and child(entry.holder, "remoteRef") is not None:
        return ()
    return refuse_credential(_name_of(entry), entry.value, "the chart's values hold", _CURE)


def _name_of(entry: Entry) -> str:
    """The name that says what a value is: that of an environment variable, of the mapping around a ``value``, or its own key."""
    name = child(entry.holder, "name")
    if entry.key == "value" and name is not None and name.text():
        return name.text()
    return entry.around if entry.key in _CONTENT_KEYS and names_credential(entry.around) else entry.key


def _check_grafana(release: Resource, values: Value) -> Findings:
    version = re.match(r"v?(\d{1,6})\.", release["version"].text())
    grafana = where_on(values["grafana"], (kube_prometheus_stack.GRAFANA,), values)
    if version is None or int(version[1]) >= kube_prometheus_stack.GRAFANA_GENERATES_PASSWORD or grafana is None:
        return ()
    password = grafana["adminPassword"]
    if not (password.is_absent and grafana["admin"]["existingSecret"].is_absent):
        return ()
    return password.refuse(
        "the chart falls back to a default credential that everybody knows", "Set grafana.admin.existingSecret", shown=HIDDEN
    )
