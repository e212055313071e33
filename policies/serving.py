"""The pack as a server that the engine connects to."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import grpc
from pulumi.runtime.proto import analyzer_pb2_grpc

from policies.analyzer import default_analyzer

MAX_MESSAGE_BYTES: Final = 400 * 1024 * 1024
"""What the engine's own libraries allow: a stack is sent in one message."""


def start() -> tuple[grpc.Server, int]:
    """A server that is listening, and its port on the loopback interface."""
    options = [("grpc.max_receive_message_length", MAX_MESSAGE_BYTES), ("grpc.max_send_message_length", MAX_MESSAGE_BYTES)]
    # One thread: the rules are pure computation, and the order of their diagnostics is that of the resources.
    server = grpc.server(ThreadPoolExecutor(max_workers=1), options=options)
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(default_analyzer(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port


def serve() -> None:
    """Serve until the engine ends the process; the first line of output is the port, as the engine expects."""
    server, port = start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    try:
        server.wait_for_termination()
    except KeyboardInterrupt:
        server.stop(grace=None)
