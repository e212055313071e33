from __future__ import annotations

from facts.pod_security import PodSecurity, pod_security_labels


def test_where_less_is_enforced_restricted_is_still_warned_of_and_audited() -> None:
    found = pod_security_labels(PodSecurity.PRIVILEGED)
    assert found["pod-security.kubernetes.io/enforce"] == "privileged"
    assert found["pod-security.kubernetes.io/warn"] == found["pod-security.kubernetes.io/audit"] == "restricted"
