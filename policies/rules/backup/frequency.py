"""BAK-004: no volume loses an hour: each is backed up more often than that, or its namespace says what else keeps its data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from policies.deciding import may_any
from policies.findings import Findings
from policies.model import Resource, Stack, stack_rule
from policies.rules.backup.claimants import CLAIMANT_TYPES, NAMESPACE_TYPES, Homes, claims_of
from policies.velero import SCHEDULE, SERVER_TYPES, BackupPlan, installations_of, plans_of

METHOD_MARKER: Final = "platform/rpo-method"
METHODS: Final = ("pitr", "mirror")
_EXCLUSION: Final = "velero.io/exclude-from-backup"
_GAP: Final = timedelta(minutes=59, seconds=59)
"""A backup of each full hour loses more than one: it is taken of what there was when it began."""


@stack_rule("BAK-004", on=(*CLAIMANT_TYPES, *NAMESPACE_TYPES, SCHEDULE, *SERVER_TYPES))
def volumes_are_backed_up_within_the_hour(resources: Sequence[Resource], _: Stack) -> Findings:
    """By a schedule that takes the namespace, or by what the namespace is annotated with."""
    installations = installations_of(resources)
    plans = [plan for plan in plans_of(resources) if not installations or any(each.has(plan.resource) for each in installations)]
    homes = Homes(resources)
    for claimant in resources:
        claims = list(claims_of(claimant))
        name, home = homes.of(claimant) if claims else (None, None)
        if not claims or (home is not None and _may_have_a_method(home)) or _may_be_taken(claimant, name, home, plans):
            continue
        where = f"namespace {name}" if name is not None else "its namespace"
        for claim in claims:
            found = claim.refuse(
                f"no schedule backs up the volumes of {where} more often than every hour",
                f"Add a schedule such as */30 * * * * that takes the namespace, or annotate it with {METHOD_MARKER} {' or '.join(METHODS)}",
            )
            yield from found
            if found:
                break


def _may_have_a_method(home: Resource) -> bool:
    return home["metadata"]["annotations"][METHOD_MARKER].may_satisfy(lambda method: str(method).strip().lower() in METHODS)


def _may_be_taken(claimant: Resource, name: str | None, home: Resource | None, plans: Sequence[BackupPlan]) -> bool:
    """Whether a schedule takes the namespace, whose label may keep it out; of one that is unknown only those of all are known to."""
    if home is not None and home["metadata"]["labels"][_EXCLUSION].satisfies(lambda kept_out: str(kept_out).lower() == "true"):
        return False

    def takes(plan: BackupPlan) -> bool:
        return plan.may_run_within(_GAP) and (plan.may_take_everything() if name is None else plan.may_take(name))

    if may_any(((plan.resource, plan) for plan in plans), takes):
        return True
    return name is None and [place for place in (claimant["namespace"], claimant.at("metadata.namespace")) if place.is_unknown] != []
