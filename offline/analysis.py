"""Hands the policy pack what the engine would, through the pack's own protocol, and keeps what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Protocol, TypeVar, runtime_checkable

from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import analyzer_pb2 as pb

from offline.declared import computed_outputs
from offline.errors import PackError
from offline.options import analyzer_options
from offline.recording import Diagnostic, RecordedResource, Remediation
from offline.urns import urn_of
from offline.wire import UNKNOWN_TEXT, without_references

_LEVELS: Final = {pb.ADVISORY: "advisory", pb.MANDATORY: "mandatory", pb.REMEDIATE: "mandatory"}
"""A violation that a remediation should have mended, and did not, is mandatory."""

_Answer = TypeVar("_Answer")


class Pack(Protocol):
    """The methods of the Analyzer service that a preview calls; the gRPC context is None."""

    def Handshake(self, request: pb.AnalyzerHandshakeRequest, context: Any) -> pb.AnalyzerHandshakeResponse: ...  # noqa: N802, D102 # the service's name

    def ConfigureStack(  # noqa: N802, D102 # the service's name
        self, request: pb.AnalyzerStackConfigureRequest, context: Any
    ) -> pb.AnalyzerStackConfigureResponse: ...

    def GetAnalyzerInfo(self, request: Empty, context: Any) -> pb.AnalyzerInfo: ...  # noqa: N802, D102 # the service's name

    def Configure(self, request: pb.ConfigureAnalyzerRequest, context: Any) -> Empty: ...  # noqa: N802, D102 # the service's name

    def Remediate(self, request: pb.AnalyzeRequest, context: Any) -> pb.RemediateResponse: ...  # noqa: N802, D102 # the service's name

    def Analyze(self, request: pb.AnalyzeRequest, context: Any) -> pb.AnalyzeResponse: ...  # noqa: N802, D102 # the service's name

    def AnalyzeStack(self, request: pb.AnalyzeStackRequest, context: Any) -> pb.AnalyzeResponse: ...  # noqa: N802, D102 # the service's name


@runtime_checkable
class ExplainingPack(Protocol):
    """What a pack may offer beside the service: the parts of a diagnostic that the protocol has no fields for."""

    def explain(self, diagnostic: pb.AnalyzeDiagnostic) -> Mapping[str, Any]: ...  # noqa: D102 # the class says it


class Analysis:
    """One run of a pack over a stack; without a pack nothing is judged.

    Raises:
        PackError: by every method, when the pack raises.
    """

    def __init__(self, pack: Pack | None, *, stack: str, project: str, config: Mapping[str, str], secret_keys: Iterable[str]) -> None:
        self._pack = pack
        self.diagnostics: list[Diagnostic] = []
        self.remediations: list[Remediation] = []
        if pack is None:
            return
        _ask("its start", pack.Handshake, pb.AnalyzerHandshakeRequest())
        configured = pb.AnalyzerStackConfigureRequest(
            stack=stack, project=project, organization="organization", dry_run=True, config=config, config_secret_keys=sorted(secret_keys)
        )
        _ask("its start", pack.ConfigureStack, configured)
        info = _ask("its start", pack.GetAnalyzerInfo, Empty())
        if info.supportsConfig:
            _ask("its start", pack.Configure, pb.ConfigureAnalyzerRequest(policyConfig=_policy_config(info)))

    def judge(self, resource: RecordedResource, resources: Mapping[str, RecordedResource]) -> None:
        """Let the pack remediate and analyze one resource, before the program learns of its registration."""
        if self._pack is None:
            return
        request = pb.AnalyzeRequest(
            type=resource.type,
            properties=without_references(resource.properties),
            urn=resource.urn,
            name=resource.name,
            options=analyzer_options(resource.options, resource.parent),
            provider=_provider(resource, resources),
        )
        for remediation in _ask(resource.urn, self._pack.Remediate, request).remediations:
            if remediation.diagnostic:
                self.diagnostics.append(
                    Diagnostic(policy=remediation.policyName, level="advisory", urn=resource.urn, message=remediation.diagnostic)
                )
                continue
            self.remediations.append(Remediation(policy=remediation.policyName, urn=resource.urn, description=remediation.description))
            resource.properties.CopyFrom(remediation.properties)
            request.properties.CopyFrom(remediation.properties)
        # The engine's own properties are shown to remediations, which return all of them, but not to rules.
        _hide_internal(request.properties)
        self._keep(_ask(resource.urn, self._pack.Analyze, request), lambda _: resource.urn)

    def judge_stack(self, resources: Mapping[str, RecordedResource], root: str) -> None:
        """Let the pack analyze the whole stack, at the end of a program that succeeded; what is only looked up is not part of it."""
        if self._pack is None:
            return
        request = pb.AnalyzeStackRequest(
            resources=[
                pb.AnalyzerResource(
                    type=resource.type,
                    properties=_outputs(resource),
                    urn=resource.urn,
                    name=resource.name,
                    options=analyzer_options(resource.options, resource.parent),
                    provider=_provider(resource, resources),
                    parent=resource.parent,
                    dependencies=resource.dependencies,
                    propertyDependencies={
                        key: pb.AnalyzerPropertyDependencies(urns=urns) for key, urns in resource.property_dependencies.items()
                    },
                )
                for resource in resources.values()
                if not resource.read
            ]
        )
        # What the pack says of no resource of the stack, the engine says of the stack.
        self._keep(_ask("the stack", self._pack.AnalyzeStack, request), lambda urn: urn if urn in resources else root)

    def _keep(self, response: pb.AnalyzeResponse, attribute: Callable[[str], str]) -> None:
        self.diagnostics.extend(
            Diagnostic(
                policy=one.policyName,
                level=_LEVELS[one.enforcementLevel],
                urn=attribute(one.urn),
                message=one.message,
                details=self._pack.explain(one) if isinstance(self._pack, ExplainingPack) else {},
            )
            for one in response.diagnostics
            if one.enforcementLevel in _LEVELS
        )


def _ask(subject: str, method: Callable[[Any, None], _Answer], request: Any) -> _Answer:
    try:
        return method(request, None)
    except Exception as error:
        raise PackError(f"the policy pack failed with {type(error).__name__} in {method.__name__} of {subject}: {error}") from error


def _policy_config(info: pb.AnalyzerInfo) -> dict[str, pb.PolicyConfig]:
    """The configuration that the engine sends without one of the user: levels and defaults as the pack told, its own on top."""
    config = {}
    for policy in info.policies:
        config[policy.name] = pb.PolicyConfig(enforcementLevel=policy.enforcementLevel)
        for key, schema in policy.configSchema.properties.fields.items():
            if "default" in schema.struct_value.fields:
                config[policy.name].properties.fields[key].CopyFrom(schema.struct_value.fields["default"])
    for name, own in info.initialConfig.items():
        config.setdefault(name, pb.PolicyConfig()).enforcementLevel = own.enforcementLevel
        config[name].properties.MergeFrom(own.properties)
    return config


def _provider(resource: RecordedResource, resources: Mapping[str, RecordedResource]) -> pb.AnalyzerProviderResource | None:
    if not resource.provider:
        return None
    provider = resources[urn_of(resource.provider)]
    shown = pb.AnalyzerProviderResource(type=provider.type, urn=provider.urn, name=provider.name)
    _show(provider.properties, shown.properties)
    return shown


def _outputs(resource: RecordedResource) -> Struct:
    """The outputs at the end of a preview: what is known, and as unknown what the provider will compute."""
    shown = Struct()
    _show(resource.state or Struct(), shown)
    # An empty answer is that of a provider that could not be asked.
    if resource.custom and shown.fields:
        for name in computed_outputs(resource.type) or ():
            if name not in shown.fields:
                shown.fields[name].string_value = UNKNOWN_TEXT
    return shown


def _show(properties: Struct, target: Struct) -> None:
    target.CopyFrom(without_references(properties))
    _hide_internal(target)


def _hide_internal(properties: Struct) -> None:
    for internal in [key for key in properties.fields if key.startswith("__")]:
        del properties.fields[internal]
