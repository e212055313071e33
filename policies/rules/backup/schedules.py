"""BAK-002 and BAK-003: everything is backed up every day and every week, and kept for long enough."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from facts.duration import format_duration
from policies.charts import chart_of, velero
from policies.deciding import may_any
from policies.findings import Finding, Findings
from policies.helm import RELEASE_TYPES, chart_values
from policies.model import Resource, Stack, rule, stack_rule
from policies.velero import SCHEDULE, SERVER_TYPES, installations_of, plans_of

_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)
DAILY_KEPT: Final = timedelta(hours=168)
WEEKLY_KEPT: Final = timedelta(hours=720)


@stack_rule("BAK-002", on=(*SERVER_TYPES, SCHEDULE))
def velero_backs_everything_up_daily(resources: Sequence[Resource], _: Stack) -> Findings:
    """A schedule that runs more often does, too, where it keeps its backups for a week."""
    yield from _check(resources, _DAY, DAILY_KEPT, "every day")


@stack_rule("BAK-003", on=(*SERVER_TYPES, SCHEDULE))
def velero_backs_everything_up_weekly(resources: Sequence[Resource], _: Stack) -> Findings:
    """So does a daily schedule that keeps its backups for 30 days."""
    yield from _check(resources, _WEEK, WEEKLY_KEPT, "every week")


@rule("BAK-002", on=(SCHEDULE, *RELEASE_TYPES))
def backups_outlive_their_schedule(resource: Resource, _: Stack) -> Findings:
    """A backup that its schedule owns is deleted with it."""
    if resource.type == SCHEDULE:
        specs = [resource["spec"]]
    else:
        specs = list(chart_values(resource)[velero.SCHEDULES].each()) if chart_of(resource) is velero.CHART else []
    for spec in specs:
        yield from spec["useOwnerReferencesInBackup"].must_satisfy(
            lambda owned: not owned, "deleting the schedule deletes its backups", f"Set {spec['useOwnerReferencesInBackup'].path} to false"
        )


def _check(resources: Sequence[Resource], gap: timedelta, kept: timedelta, often: str) -> Iterator[Finding]:
    plans = plans_of(resources)
    for installation in installations_of(resources):
        own = [plan for plan in plans if installation.has(plan.resource)]
        unknown = installation.values is not None and installation.values[velero.SCHEDULES].is_unknown
        if unknown or may_any(
            ((plan.resource, plan) for plan in own),
            lambda plan: plan.may_run_within(gap) and plan.may_keep(kept) and plan.may_take_everything(),
        ):
            continue
        told = "; ".join(plan.shown for plan in own) or "no schedules"
        place = installation.resource.at("metadata.name") if installation.values is None else installation.values[velero.SCHEDULES]
        yield from place.refuse(
            f"nothing backs up all namespaces with their volumes {often} and keeps that for {format_duration(kept)}; there are: {told}",
            f"Add a schedule without a selection that runs {often} and whose template.ttl is {format_duration(kept)} or more",
        )
