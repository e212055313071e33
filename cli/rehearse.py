"""`plinth rehearse`: the stack's program, its charts, a simulated cluster, and the report of what becomes of them there."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cli import failures
from cli.interrupts import INTERRUPTED, tidy_up_on_interrupt
from cli.progress import Progress, show_progress
from cli.rehearsal_report import render_report
from cli.running import run_stack
from offline.schemas import release_of
from offline.stackfile import StackConfig
from rehearsal.charts import ChartSource
from rehearsal.errors import PreparationError, RehearsalError
from rehearsal.machines import Machine, parse_machine
from rehearsal.nodes import ONE_ZONE, NodePool, parse_nodes
from rehearsal.objects import declared_objects
from rehearsal.pools import pools_of
from rehearsal.programs import HELM, find_programs
from rehearsal.rehearse import rehearse
from rehearsal.report import Refusal, Report, render_document
from rehearsal.storage import simulated_classes
from stacks.loading import load_settings
from stacks.settings.existing import ExistingStack

_PLACE: Final = "plinth:existing"
_NODE: Final = "node"
"""What --machine calls the machines of a cluster that exists."""
_ASSUMED_SIZE: Final = "4/16Gi"
_ASSUMED: Final = Refusal(
    kind="Node",
    namespace="",
    name=_NODE,
    origin="plinth:cluster.nodes",
    message=f"no setting says how large the nodes are; each was taken to leave {_ASSUMED_SIZE} for pods. Say it with --machine {_NODE}=…",
)


@dataclass(frozen=True, kw_only=True)
class Staging:
    """With what a stack is rehearsed, as the command line has it."""

    charts: str
    programs: Sequence[Path]
    nodes: str
    zones: str
    machines: Sequence[str]


def rehearse_stack(project_dir: Path, stack: str, staging: Staging, *, as_json: bool) -> int:
    """Rehearse ``stack`` and print the report; 0, or the code for violations where something does not run or loses its quorum.

    An interrupt ends and removes everything first; its own code is returned then.

    Raises:
        MisuseError: a mistake of the user, or something that the user has to bring is missing.
        FailureError: a server of the simulated cluster does not start, or ends.
        Exception: whatever :func:`cli.running.run_stack` raises.
    """
    try:
        with show_progress(quiet=False) as progress:
            report = _rehearse(project_dir, stack, staging, progress)
    except PreparationError as error:
        raise failures.MisuseError(str(error)) from error
    except RehearsalError as error:
        raise failures.FailureError(str(error)) from error
    except KeyboardInterrupt:
        return INTERRUPTED
    if as_json:
        json.dump(render_document(report), sys.stdout, indent=2)
        sys.stdout.write("\n")
    else:
        render_report(report)
    return 0 if report.passes else failures.VIOLATION


def _rehearse(project_dir: Path, stack: str, staging: Staging, progress: Progress) -> Report:
    # First what takes no time to miss.
    programs = find_programs([*staging.programs, project_dir / ".tools" / "bin"])
    source = ChartSource(staging.charts)
    machines = _machines(staging.machines)
    if staging.zones and not staging.nodes:
        raise PreparationError("--zones are those of --nodes, which is not given; the stack's own nodes have their zones")
    config, run = run_stack(project_dir, stack, progress, judged=False)
    own = pools_of(run, machines)
    there = [] if own else _nodes_of_existing(config, machines)
    pools = [parse_nodes(staging.nodes, _zones(staging.zones))] if staging.nodes else own or there
    if not pools:
        raise PreparationError("the stack has no nodes of its own; describe those of its cluster, such as --nodes 3x4/16Gi --zones a,b,c")
    # From here on there is something to remove.
    tidy_up_on_interrupt()
    release = release_of(config.values)
    objects = declared_objects(run, source, helm=programs[HELM], kubernetes=release, say=progress.say)
    return rehearse(
        objects,
        pools,
        stack=run.stack,
        release=release,
        storage_classes=simulated_classes([each.manifest for each in objects]),
        programs=programs,
        say=progress.say,
        notes=[_ASSUMED] if pools is there and _NODE not in machines else (),
    )


def _nodes_of_existing(config: StackConfig, machines: Mapping[str, Machine]) -> list[NodePool]:
    """The nodes that the settings of a stack say its cluster has; nothing where it is not such a stack."""
    if _PLACE not in config.values:
        return []
    settings = load_settings(config.values, config.secret_keys)
    if not isinstance(settings, ExistingStack):
        return []
    count, zones = settings.cluster.nodes, settings.cluster.zones or (ONE_ZONE,)
    machine = machines.get(_NODE, parse_machine(_ASSUMED_SIZE))
    return [NodePool(name=_NODE, machine=machine, zones=zones, least=count, most=count, managed=False)]


def _machines(written: Sequence[str]) -> Mapping[str, Machine]:
    pairs = [each.partition("=") for each in written]
    return {name: parse_machine(size) for name, _, size in pairs}


def _zones(written: str) -> Sequence[str]:
    return [zone.strip() for zone in written.split(",") if zone.strip()] or [ONE_ZONE]
