"""BAK-007: block volumes are snapshotted every day, and the snapshots are kept for 30 days.

The entry names four ways, of which one is enough. A snapshot class that retains takes no snapshots itself: where the stack has Velero,
that is what takes them, and its schedules have to; where it has not, something else does that the stack does not show.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from facts.cron import longest_gap
from policies.deciding import may_any
from policies.findings import Findings
from policies.model import Resource, Stack, stack_rule
from policies.numeric import number
from policies.recovery import read_target
from policies.rules.backup.claimants import CLAIMANT_TYPES, NAMESPACE_TYPES, Homes, claims_of
from policies.rules.storage.claims import CLAIM_TYPE
from policies.values import Value
from policies.velero import SCHEDULE, SERVER_TYPES, BackupPlan, installations_of, plans_of

LIFECYCLE_POLICY: Final = "aws:dlm/lifecyclePolicy:LifecyclePolicy"
BACKUP_PLAN: Final = "aws:backup/plan:Plan"
BACKUP_POLICY: Final = "azure-native:dataprotection:BackupPolicy"
SNAPSHOT_CLASSES: Final = tuple(f"kubernetes:snapshot.storage.k8s.io/{version}:VolumeSnapshotClass" for version in ("v1", "v1beta1"))
DISKS: Final = {"aws:ebs/volume:Volume": "availabilityZone", "azure-native:compute:Disk": "diskName"}
"""Disks that a stack makes itself, each with an input that it has."""

_CLAIMED: Final = "ebs.csi.aws.com/cluster"
"""The tag that the EBS CSI driver gives to each volume that it makes."""
_DAY: Final = timedelta(days=1)
_KEPT: Final = timedelta(days=30)
_UNITS: Final = {"DAYS": 1, "WEEKS": 7, "MONTHS": 30, "YEARS": 365}
_DATA_SOURCES: Final = frozenset({"microsoft.compute/disks", "microsoft.containerservice/managedclusters"})
_AWS_CRON: Final = re.compile(r"cron\((?P<fields>[^()]*)\)")
_RATE: Final = re.compile(r"rate\(\s*(?P<count>\d{1,4})\s+(?P<unit>minute|hour|day)s?\s*\)")


@stack_rule(
    "BAK-007",
    on=(
        *CLAIMANT_TYPES,
        *NAMESPACE_TYPES,
        *DISKS,
        *SERVER_TYPES,
        SCHEDULE,
        *SNAPSHOT_CLASSES,
        LIFECYCLE_POLICY,
        BACKUP_PLAN,
        BACKUP_POLICY,
    ),
)
def block_volumes_are_snapshotted_for_30_days(resources: Sequence[Resource], _: Stack) -> Findings:
    """By the lifecycle manager, AWS Backup, Azure Backup, or Velero."""
    installations = installations_of(resources)
    plans = [plan for plan in plans_of(resources) if not installations or any(each.has(plan.resource) for each in installations)]
    takers = {**_TAKERS, **({} if plans or installations else dict.fromkeys(SNAPSHOT_CLASSES, _retains))}
    volumes = [(resource, place) for resource in resources if (place := _block_volume(resource)) is not None]
    alone = [] if volumes or plans or installations else [each for each in resources if each.type in _FOR_VOLUMES]
    if not (volumes or alone) or may_any(((each, each) for each in resources if each.type in takers), lambda each: takers[each.type](each)):
        return
    # What is there for volumes alone is held to it where the stack does not show them.
    for policy in alone:
        where, cure = _FOR_VOLUMES[policy.type]
        yield from policy.at(where).refuse("snapshots of volumes are not taken every day and kept for 30 days", cure)
    homes = Homes(resources)
    for resource, place in volumes:
        name = homes.of(resource)[0]

        def takes(plan: BackupPlan, name: str | None = name) -> bool:
            own = plan.may_take_everything() if name is None else plan.may_take(name)
            return own and plan.may_run_within(_DAY) and plan.may_keep(_KEPT)

        if resource.type in DISKS or not may_any(((plan.resource, plan) for plan in plans), takes):
            yield from place.refuse(
                "nothing takes a snapshot of the volume every day and keeps it for 30 days",
                "Add a daily schedule of Velero with a ttl of 720h, a lifecycle policy, or a backup plan that keeps 30 days",
            )


def _block_volume(resource: Resource) -> Value | None:
    """The place by which a resource has block volumes; a claim that many nodes write to is of a file system."""
    if resource.type in DISKS:
        # That of a claim, as an account shows it: the claim is what is judged.
        return None if resource["tags"][_CLAIMED].is_present else resource[DISKS[resource.type]]
    return None if resource.type == CLAIM_TYPE and _is_shared(resource.at("spec.accessModes")) else next(claims_of(resource), None)


def _is_shared(modes: Value) -> bool:
    wanted = list(modes.each())
    return modes.is_unknown or (bool(wanted) and all(mode.may_equal("ReadWriteMany") for mode in wanted))


def _retains(snapshot_class: Resource) -> bool:
    return snapshot_class["deletionPolicy"].may_equal("Retain")


def _is_lifecycle(policy: Resource) -> bool:
    schedules = policy.at("policyDetails.schedules")
    return policy["state"].may_equal("ENABLED", default="ENABLED") and (
        schedules.is_unknown or any(_may_keep(each["createRule"], each["retainRule"]) for each in schedules.each())
    )


def _may_keep(create: Value, retain: Value) -> bool:
    """Whether a schedule of the lifecycle manager may snapshot daily and keep 30 days, which it counts in snapshots or in time."""
    hours, cron = create["interval"], create["cronExpression"]
    if any([place.is_unknown for place in (hours, cron, retain["count"], retain["interval"], retain["intervalUnit"])]):  # noqa: C419 # each unknown is noted
        return True
    try:
        gap = timedelta(hours=number(hours.get())) if hours.is_given else _gap(cron.get())
        by_time = _length(retain["interval"].get(), retain["intervalUnit"].get()) if retain["interval"].is_given else None
        kept = gap * number(retain["count"].get()) if by_time is None else by_time
    except (TypeError, ValueError, OverflowError):
        return False
    return timedelta(0) < gap <= _DAY and kept >= _KEPT


def _length(interval: Any, unit: Any) -> timedelta:
    return timedelta(days=number(interval) * _UNITS[str(unit).upper()]) if str(unit).upper() in _UNITS else timedelta(0)


def _is_backup_plan(plan: Resource) -> bool:
    """AWS Backup starts daily where no schedule is written, and keeps for ever where no lifecycle is."""
    return plan["rules"].is_unknown or any(
        rule["schedule"].may_satisfy(lambda text: text is None or _gap(text) <= _DAY)
        and rule.at("lifecycle.deleteAfter").may_satisfy(lambda days: days is None or number(days) >= _KEPT.days)
        for rule in plan["rules"].each()
    )


def _gap(expression: Any) -> timedelta:
    """The longest time between two runs by an expression of AWS: ``cron(0 5 ? * * *)``, with days of the week from 1, or ``rate(1 day)``.

    Raises:
        ValueError: it is neither.
    """
    text = str(expression).strip()
    rate, cron = _RATE.fullmatch(text), _AWS_CRON.fullmatch(text)
    if rate is not None:
        return int(rate["count"]) * timedelta(**{f"{rate['unit']}s": 1})
    fields = cron["fields"].split() if cron is not None else []
    if len(fields) != 6:  # noqa: PLR2004 # the sixth is the year
        raise ValueError(f"{text!r} is not a schedule of AWS")
    weekdays = re.sub(r"(?<![\d#/])[1-7](?!\d)", lambda day: str(int(day[0]) - 1), fields[4])
    return longest_gap(" ".join([*fields[:4], weekdays]))


def _is_backup_policy(policy: Resource) -> bool:
    """A policy of Azure Backup for disks or clusters, whose rules say when, and for how long."""
    properties = policy["properties"]
    sources, rules = properties["datasourceTypes"], properties["policyRules"]
    intervals = [each for rule in rules.each() for each in rule.at("trigger.schedule.repeatingTimeIntervals").each()]
    kept = [each.at("deleteAfter.duration") for rule in rules.each() for each in rule["lifecycles"].each()]
    return (
        (sources.is_unknown or any(each.may_satisfy(lambda name: str(name).lower() in _DATA_SOURCES) for each in sources.each()))
        and (rules.is_unknown or any(each.may_satisfy(lambda text: read_target(text) >= _KEPT) for each in kept))
        and (not intervals or any(each.may_satisfy(lambda text: read_target(str(text).rpartition("/")[2]) <= _DAY) for each in intervals))
    )


_FOR_VOLUMES: Final = {
    LIFECYCLE_POLICY: (
        "policyDetails.schedules",
        "Enable a schedule whose createRule.interval is 24 or less and whose retainRule keeps 30 days",
    ),
    **dict.fromkeys(SNAPSHOT_CLASSES, ("deletionPolicy", 'Set deletionPolicy to "Retain"')),
}
_TAKERS: Final[Mapping[str, Callable[[Resource], bool]]] = {
    LIFECYCLE_POLICY: _is_lifecycle,
    BACKUP_PLAN: _is_backup_plan,
    BACKUP_POLICY: _is_backup_policy,
}
