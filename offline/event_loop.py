"""The event loop of an offline run: calls to the monitor run in place, and a program that waits for nothing is told so."""

from __future__ import annotations

import asyncio
import os
import selectors
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final

import pulumi

from offline.errors import UnfinishedWorkError

PATIENCE_SECONDS: Final = 10.0
"""How long nothing may happen, with no timer set, until the run is taken for stuck: long enough for a thread of the program."""

_WAITING: Final = {
    "do_register": "the registration of",
    "do_read": "the look-up of",
    "do_register_resource_outputs": "the outputs of",
    "do_invoke": "the call of",
    "do_call": "the call of",
}
"""The SDK's coroutines by what they stand for in a message."""

_SDK: Final = os.path.dirname(pulumi.__file__) + os.sep  # noqa: PTH120 # compared with what code objects hold: plain text


class RequestExecutor(ThreadPoolExecutor):
    """Runs each call at once: the SDK hands every request to a thread, of which an in-process monitor needs none.

    Only when functions of the program run on behalf of the monitor (transforms) must a request wait outside of the loop that runs them:
    from then on ``threaded`` is set, and requests go to threads.
    """

    threaded = False

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Call ``function`` now and return its finished future, or hand it to a thread."""
        if self.threaded:
            return super().submit(function, *args, **kwargs)
        future: Future[Any] = Future()
        try:
            future.set_result(function(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 # the caller awaits it, as it would from a thread
            future.set_exception(error)
        return future


class Loop(asyncio.SelectorEventLoop):
    """An event loop for one run; ``stalled`` is set when the program waited for something that can never come."""

    def __init__(self) -> None:
        self._watch = _WatchfulSelector(self._stall)
        super().__init__(self._watch)
        self.stalled: UnfinishedWorkError | None = None
        self.executor = RequestExecutor()
        self.set_default_executor(self.executor)
        # A failing run leaves futures behind that nobody asks any more, of which the language host of Pulumi keeps silent too.
        self.set_exception_handler(lambda _loop, _context: None)

    def unfinished(self) -> list[str]:
        """What still runs or waits, for people."""
        return sorted({_describe(task) for task in asyncio.all_tasks(self)} - {""})

    def finish(self) -> None:
        """Cancel what is left and close."""
        tasks = asyncio.all_tasks(self)
        for task in tasks:
            task.cancel()
        self._watch.patient = True
        if tasks:
            self.run_until_complete(asyncio.wait(tasks))
        self.run_until_complete(self.shutdown_asyncgens())
        self.executor.shutdown(wait=False, cancel_futures=True)
        self.close()

    def _stall(self) -> None:
        self.stalled = UnfinishedWorkError(
            f"the program waits for something that never comes: {', '.join(self.unfinished()) or 'an output'}."
            " Look for an Output or future that nobody resolves, and for resources that wait for each other"
        )
        raise self.stalled


class _WatchfulSelector(selectors.DefaultSelector):
    def __init__(self, stall: Callable[[], None]) -> None:
        super().__init__()
        self._stall = stall
        self.patient = False

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is not None or self.patient:
            return super().select(timeout)
        # No timer, nothing ready: only another thread can wake the loop up.
        events = super().select(PATIENCE_SECONDS)
        if not events:
            self._stall()
        return events


def _describe(task: asyncio.Task[Any]) -> str:
    coroutine: Any = task.get_coro()
    name = getattr(coroutine, "__name__", "")
    frame = getattr(coroutine, "cr_frame", None)
    if name not in _WAITING:
        file = str(getattr(getattr(coroutine, "cr_code", None), "co_filename", ""))
        return "" if file.startswith(_SDK) else f"the coroutine {getattr(coroutine, '__qualname__', task.get_name())}"
    known = frame.f_locals if frame else {}
    subject = f"{known['ty']} {known['name']!r}" if "ty" in known and "name" in known else str(known.get("tok", ""))
    if "res" in known and not subject:
        subject = f"{known['res']._type} {known['res']._name!r}"  # noqa: SLF001 # a resource tells its name nowhere else
    return f"{_WAITING[name]} {subject or 'a resource'}"
