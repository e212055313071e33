from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from policies.model import Rule
from policies.registry import RULES
from policies.rules.messaging.nats_servers import nats_servers_form_odd_cluster, nats_servers_spread_over_zones
from policies.rules.messaging.updates import brokers_have_time_to_drain
from tests.policies.rules.cases import changed, domain_of, judge
from tests.policies.rules.messaging.good import BARE, COUNT, NATS, ZONE

MESSAGING: list[Rule] = [rule for rule in RULES if domain_of(rule) == "messaging"]


def test_the_bare_chart_falls_short_of_every_clause_that_it_leaves_to_the_user() -> None:
    assert [rule for rule, _ in judge(MESSAGING, [BARE])] == [
        nats_servers_form_odd_cluster,
        nats_servers_spread_over_zones,
        brokers_have_time_to_drain,
    ]


@settings(deadline=None)
@given(servers=st.integers(1, 7).map(lambda half: 2 * half + 1), skew=st.integers(1, 20))
def test_a_skew_is_refused_exactly_where_it_fits_all_servers_into_two_zones(servers: int, skew: int) -> None:
    fits = any(max(one, servers - one) <= skew for one in range(servers + 1))
    release = changed(NATS, {f"{ZONE}.maxSkew": float(skew), COUNT: float(servers)})
    assert [rule for rule, _ in judge(MESSAGING, [release])] == ([nats_servers_spread_over_zones] if fits else [])
