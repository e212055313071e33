from __future__ import annotations

import pytest

from policies.model import Rule
from policies.nats import BUCKETS, CONSUMERS, STREAMS
from policies.registry import RULES
from tests.policies.rules.cases import domain_of, good, judge

MESSAGING: list[Rule] = [rule for rule in RULES if domain_of(rule) == "messaging"]


@pytest.mark.parametrize("tokens", [STREAMS, CONSUMERS, BUCKETS[:2], BUCKETS[2:]], ids=lambda tokens: tokens[0].rpartition(":")[2])
def test_an_object_is_judged_alike_in_every_version_of_its_kind(tokens: tuple[str, ...]) -> None:
    current, former = ([(rule, each.path) for rule, each in judge(MESSAGING, [good(token, {"spec": {}})])] for token in tokens)
    assert current == former
