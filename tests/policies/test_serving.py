from __future__ import annotations

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import analyzer_pb2_grpc

from policies import serving
from policies.registry import RULES
from tests.policies.requests import DATABASE, request


def test_the_server_answers_requests_larger_than_the_usual_limit() -> None:
    server, port = serving.start()
    options = [("grpc.max_send_message_length", serving.MAX_MESSAGE_BYTES)]
    with grpc.insecure_channel(f"127.0.0.1:{port}", options=options) as channel:
        stub = analyzer_pb2_grpc.AnalyzerStub(channel)
        assert len(stub.GetAnalyzerInfo(Empty()).policies) == len(RULES)
        answer = stub.Analyze(request(DATABASE, {"engine": "postgres", "multiAz": False, "padding": "x" * 5_000_000}))
    assert "[PG-002 " in " ".join(each.message for each in answer.diagnostics)
    server.stop(grace=None).wait()


class Interrupted:
    stopped = False

    def wait_for_termination(self) -> None:
        raise KeyboardInterrupt

    def stop(self, grace: float | None) -> None:
        self.stopped = grace is None


def test_the_port_is_the_first_line_and_an_interrupt_ends_the_server(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Interrupted()
    monkeypatch.setattr(serving, "start", lambda: (server, 4711))
    serving.serve()
    assert capsys.readouterr().out == "4711\n"
    assert server.stopped
