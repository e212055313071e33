"""Rules about pods and what runs in them."""

from __future__ import annotations

from policies.rules.workload import cascade_engine, chart_pods, images, non_root, pod_security, probes

MODULES = (non_root, chart_pods, pod_security, probes, images, cascade_engine)
