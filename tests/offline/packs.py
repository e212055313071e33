"""A policy pack that tells what it was shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import analyzer_pb2 as pb

from tests.offline.programs import TOPIC


class RecordingPack:
    """Notes what it is asked, and says what it is told to say."""

    def __init__(
        self,
        *,
        of_resource: Iterable[pb.AnalyzeDiagnostic] = (),
        of_stack: Iterable[pb.AnalyzeDiagnostic] = (),
        remediations: Iterable[pb.Remediation] = (),
        info: pb.AnalyzerInfo | None = None,
    ) -> None:
        self.calls: list[str] = []
        self.configured = pb.AnalyzerStackConfigureRequest()
        self.policy_config = pb.ConfigureAnalyzerRequest()
        self.analyzed: dict[str, pb.AnalyzeRequest] = {}
        self.stack: dict[str, pb.AnalyzerResource] = {}
        self._of_resource, self._of_stack, self._remediations = list(of_resource), list(of_stack), list(remediations)
        self._info = info or pb.AnalyzerInfo()

    def Handshake(self, request: pb.AnalyzerHandshakeRequest, context: Any) -> pb.AnalyzerHandshakeResponse:  # noqa: ARG002, N802 # the service's
        self.calls.append("Handshake")
        return pb.AnalyzerHandshakeResponse()

    def ConfigureStack(self, request: pb.AnalyzerStackConfigureRequest, context: Any) -> pb.AnalyzerStackConfigureResponse:  # noqa: ARG002, N802 # the service's
        self.calls.append("ConfigureStack")
        self.configured = request
        return pb.AnalyzerStackConfigureResponse()

    def GetAnalyzerInfo(self, request: Empty, context: Any) -> pb.AnalyzerInfo:  # noqa: ARG002, N802 # the service's
        self.calls.append("GetAnalyzerInfo")
        return self._info

    def Configure(self, request: pb.ConfigureAnalyzerRequest, context: Any) -> Empty:  # noqa: ARG002, N802 # the service's
        self.calls.append("Configure")
        self.policy_config = request
        return Empty()

    def Remediate(self, request: pb.AnalyzeRequest, context: Any) -> pb.RemediateResponse:  # noqa: ARG002, N802 # the service's
        return pb.RemediateResponse(remediations=self._remediations if request.type == TOPIC else [])

    def Analyze(self, request: pb.AnalyzeRequest, context: Any) -> pb.AnalyzeResponse:  # noqa: ARG002, N802 # the service's
        kept = self.analyzed[request.name] = pb.AnalyzeRequest()
        kept.CopyFrom(request)
        return pb.AnalyzeResponse(diagnostics=self._of_resource if request.type == TOPIC else [])

    def AnalyzeStack(self, request: pb.AnalyzeStackRequest, context: Any) -> pb.AnalyzeResponse:  # noqa: ARG002, N802 # the service's
        self.stack = {each.name: each for each in request.resources}
        return pb.AnalyzeResponse(diagnostics=self._of_stack)
