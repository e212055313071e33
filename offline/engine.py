"""Runs a Pulumi program without the Pulumi CLI: the real SDK, an in-process monitor, the semantics of a preview."""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from pulumi.runtime import settings
from pulumi.runtime.config import set_all_config
from pulumi.runtime.proto import engine_pb2
from pulumi.runtime.stack import run_in_stack

from offline.analysis import Analysis, Pack
from offline.callbacks import Callbacks
from offline.entry import Program, entry_point
from offline.errors import ProgramError, UnfinishedWorkError
from offline.event_loop import Loop
from offline.monitor import Monitor
from offline.providers import DefaultProviders
from offline.recording import Diagnostic, LogEntry, RecordedResource, Run
from offline.registry import Registry
from offline.schemas import release_of
from offline.transforms import Transforms

__all__ = ["Diagnostic", "Pack", "RecordedResource", "Run", "run_program"]

_SEVERITIES: Final = {engine_pb2.INFO: "info", engine_pb2.WARNING: "warning", engine_pb2.ERROR: "error"}


class _Engine:
    """The part of the Engine service that a program calls: its log."""

    def __init__(self) -> None:
        self.log: list[LogEntry] = []

    def Log(self, request: engine_pb2.LogRequest) -> None:  # noqa: N802 # the service's name
        if request.severity in _SEVERITIES:
            self.log.append(LogEntry(severity=_SEVERITIES[request.severity], message=request.message, urn=request.urn))

    def RequirePulumiVersion(self, _: Any) -> None:  # noqa: N802 # the service's name
        """No CLI runs here, so none can be too old."""


def run_program(
    program: Program,
    *,
    stack: str,
    project: str = "plinth",
    config: Mapping[str, str] | None = None,
    secret_keys: frozenset[str] = frozenset(),
    pack: Pack | None = None,
    progress: Callable[[RecordedResource], None] = lambda _: None,
) -> Run:
    """Run ``program``, a function or the path of a ``__main__.py``, as a first preview of ``stack``.

    ``config`` maps full keys (``aws:region``) to values as the engine holds them: text, objects as JSON. ``pack`` judges what is
    registered. ``progress`` is called with each resource after its registration. A function may return what a program may: nothing, or
    something to await.

    Raises:
        OfflineError: the run cannot be what the program means.
        Exception: whatever the program itself raises.
    """
    config = dict(config or {})
    default_providers = DefaultProviders(config, secret_keys)
    registry, engine = Registry(stack, project), _Engine()
    analysis = Analysis(pack, stack=stack, project=project, config=config, secret_keys=secret_keys)
    loop = Loop()
    callbacks = Callbacks(loop)
    monitor = Monitor(registry, default_providers, Transforms(callbacks), analysis, progress, release_of(config))
    callbacks.serve_for(monitor)

    def run() -> None:
        configured = settings.Settings(
            project=project,
            stack=stack,
            monitor=monitor,
            engine=engine,
            dry_run=True,
            organization="organization",
            root_directory=str(program.resolve().parent if isinstance(program, Path) else Path.cwd()),
        )
        configured.callbacks = callbacks
        settings.configure(configured)
        settings.ROOT.set(None)
        set_all_config(config, sorted(secret_keys))
        with entry_point(program) as entry:
            _drive(loop, entry)

    try:
        # What the SDK keeps in context variables ends with the run.
        contextvars.copy_context().run(run)
    except Exception as error:  # noqa: BLE001 # it, or what caused it, is raised again
        _raise_cause(error, loop.stalled or monitor.failure)
    finally:
        loop.finish()
    if monitor.failure:
        raise monitor.failure
    _check_log(engine.log)
    monitor.finish()
    analysis.judge_stack(registry.resources, registry.root)
    return Run(
        stack=stack,
        project=project,
        resources=tuple(each for each in registry.resources.values() if each.parent or each.urn == registry.root),
        diagnostics=tuple(sorted(analysis.diagnostics, key=lambda one: (one.urn, one.policy, one.message))),
        remediations=tuple(analysis.remediations),
        outputs=registry.resources[registry.root].outputs or {},
        log=tuple(engine.log),
    )


def _drive(loop: Loop, entry: Callable[[], Any]) -> None:
    loop.run_until_complete(run_in_stack(entry))
    left = loop.unfinished()
    if left:
        raise UnfinishedWorkError(f"the program ended while work that it started was still going on: {', '.join(left)}; await it")


def _raise_cause(error: Exception, cause: Exception | None) -> None:
    """Raise ``cause``, what made the program fail, or where there is none the program's own ``error``."""
    # The SDK raises a failed request "from" itself: a chain without an end.
    if error.__cause__ is error:
        error.__cause__ = None
    if cause is None or cause is error:
        raise error
    raise cause from None


def _check_log(log: list[LogEntry]) -> None:
    errors = [entry.message for entry in log if entry.severity == "error"]
    if errors:
        raise ProgramError("the program reported errors:\n" + "\n".join(f"  {message}" for message in errors))
