"""Servers that know their clients by certificate, and a certificate authority for them."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import nats

from components.messaging.nats.arguments import NatsArgs
from tests.certificates import Authority
from tests.components.messaging.nats.servers import PATIENCE, LocalServers


def secured(authority: Authority, args: NatsArgs, directory: Path | None = None) -> LocalServers:
    """The servers of ``args``, with certificates."""
    certificate, key = authority.issue("localhost")
    tls = {"cert_file": str(certificate), "key_file": str(key), "ca_file": str(authority.certificate)}
    return LocalServers(args, directory or authority.directory, tls)


async def ask(servers: LocalServers, authority: Authority, identity: str, subject: str, body: bytes) -> dict[str, Any]:
    """The server's answer to a request of ``identity``, or its refusal."""
    refused: asyncio.Queue[str] = asyncio.Queue()

    async def note(error: Exception) -> None:
        if not isinstance(error, OSError):  # until the server has started nobody listens
            await refused.put(str(error))

    (port,) = servers.ports.values()
    async with asyncio.timeout(PATIENCE):
        client = await nats.connect(
            f"tls://localhost:{port}", tls=authority.context(identity), error_cb=note, max_reconnect_attempts=-1, reconnect_time_wait=0.1
        )
        try:
            answer = asyncio.ensure_future(client.request(subject, body, timeout=PATIENCE))
            refusal = asyncio.ensure_future(refused.get())
            done, waiting = await asyncio.wait([answer, refusal], return_when=asyncio.FIRST_COMPLETED)
            for task in waiting:
                task.cancel()
            return dict(json.loads(answer.result().data)) if answer in done else {"refused": refusal.result()}
        finally:
            await client.close()
