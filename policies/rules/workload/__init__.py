"""Rules about pods and what runs in them."""

from __future__ import annotations

from policies.rules.workload import chart_pods, images, non_root, pod_security, probes

MODULES = (non_root, chart_pods, pod_security, probes, images)
