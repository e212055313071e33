"""What Azure offers."""

from __future__ import annotations

from facts.azure import worldwide_name

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"


def test_the_same_name_in_another_subscription_is_another_name() -> None:
    other = SUBSCRIPTION[:-1] + "2"
    mine = worldwide_name("plinth-prod", subscription=SUBSCRIPTION, longest=24)
    assert mine == worldwide_name("plinth-prod", subscription=SUBSCRIPTION, longest=24)
    assert mine != worldwide_name("plinth-prod", subscription=other, longest=24)


def test_names_that_are_cut_alike_stay_apart() -> None:
    long = "plinth-azure-production-backups"
    first, second = (worldwide_name(f"{long}-{end}", subscription=SUBSCRIPTION, longest=24) for end in "ab")
    assert first != second
    assert len(first) == len(second) == 24
    assert first.isalnum()


def test_a_separator_keeps_the_hyphens_and_is_never_doubled() -> None:
    assert worldwide_name("plinth-production-", subscription=SUBSCRIPTION, longest=24, separator="-")[:17] == "plinth-production"
    assert "--" not in worldwide_name("plinth-production-", subscription=SUBSCRIPTION, longest=24, separator="-")
