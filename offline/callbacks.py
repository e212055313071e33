"""Functions of the program that run on behalf of the engine (transforms), called in the process instead of over the network."""

from __future__ import annotations

import asyncio
from typing import Any

from google.protobuf.message import Message
from pulumi.runtime._callbacks import _CallbackServicer
from pulumi.runtime.proto import callback_pb2

from offline.errors import RegistrationError
from offline.event_loop import Loop

Transform = Any


class Callbacks(_CallbackServicer):
    """The SDK's registry of callbacks without its server.

    A callback runs on the program's loop, and the request that needs it must wait elsewhere: the first registration moves requests to
    threads (see :class:`offline.event_loop.RequestExecutor`).
    """

    def __init__(self, loop: Loop) -> None:
        # In place of the base class's, which opens a server.
        self._callbacks, self._transforms, self._state_migrations = {}, {}, {}
        self._executor, self._loop, self._target = loop.executor, loop, "in-process"

    def serve_for(self, monitor: Any) -> None:
        """Tell ``monitor`` of the transforms that the program registers for the whole stack."""
        self._monitor = monitor

    def register_transform(self, transform: Transform) -> callback_pb2.Callback:
        """Know ``transform`` from now on."""
        self._executor.threaded = True
        return super().register_transform(transform)

    def do_register_invoke_transform(self, transform: Transform) -> callback_pb2.Callback:
        """Know ``transform`` from now on."""
        self._executor.threaded = True
        return super().do_register_invoke_transform(transform)

    def run(self, token: str, request: Message) -> Message:
        """Answer of the callback ``token`` to ``request``; called from another thread than the loop's.

        Raises:
            RegistrationError: there is no such callback.
        """
        function = self._callbacks.get(token)
        if function is None:
            raise RegistrationError("a transform was registered that this run does not know")

        async def call() -> Message:
            return await function(request.SerializeToString())

        return asyncio.run_coroutine_threadsafe(call(), self._loop).result()
