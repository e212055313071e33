"""Staging is production in small: what passes there has met everything that production is made of."""

from __future__ import annotations

from tests.runs import run_of


def test_staging_has_the_kinds_of_resources_that_production_has() -> None:
    staging, production = ({each.type for each in run_of(stack).resources} for stack in ("staging", "production"))
    assert staging == production


def test_staging_runs_in_the_cluster_what_production_runs() -> None:
    staging, production = (
        {(each.type, each.name) for each in run_of(stack).resources if each.type.startswith("kubernetes:")}
        for stack in ("staging", "production")
    )
    assert staging == production


def test_staging_protects_what_production_protects() -> None:
    staging, production = (
        {(each.type, each.name) for each in run_of(stack).resources if each.options.get("protect")} for stack in ("staging", "production")
    )
    assert staging == production
    assert staging
