"""The resource monitor: takes every request of the SDK, records it, and answers as the engine does at a preview.

Strict where a mock is not: what the engine would refuse, or what would only fail during an update, is refused here.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from typing import Any, Final, TypeVar

from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import resource_pb2 as pb

from offline.analysis import Analysis
from offline.declared import computed_outputs, without_reshaped
from offline.errors import LimitError, OfflineError, UnansweredFunctionError, UnregisteredOutputsError
from offline.functions import Functions
from offline.limits import exceeded_limits
from offline.options import recorded_options
from offline.providers import DefaultProviders, Plugin
from offline.recording import RecordedResource
from offline.registry import Registry
from offline.schemas import refused_fields
from offline.transforms import Transforms
from offline.urns import PROVIDER_PREFIX, urn_of
from offline.wire import UNKNOWN_TEXT, is_known, mark_secret

_FEATURES: Final = (
    pb.RESOURCE_MONITOR_FEATURE_SECRETS,
    pb.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
    pb.RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES,
    pb.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
    pb.RESOURCE_MONITOR_FEATURE_REPLACEMENT_TRIGGER,
    pb.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
    pb.RESOURCE_MONITOR_FEATURE_REPLACE_WITH,
    pb.RESOURCE_MONITOR_FEATURE_TRANSFORMS,
    pb.RESOURCE_MONITOR_FEATURE_INVOKE_TRANSFORMS,
    pb.RESOURCE_MONITOR_FEATURE_PARAMETERIZATION,
    pb.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS,
    pb.RESOURCE_MONITOR_FEATURE_ERROR_HOOKS,
    pb.RESOURCE_MONITOR_FEATURE_INVOKE_DEPENDS_ON,
)
_GET_RESOURCE: Final = "pulumi:pulumi:getResource"

_Request = TypeVar("_Request")
_Response = TypeVar("_Response")


def _noted(method: Callable[[Monitor, _Request], _Response]) -> Callable[[Monitor, _Request], _Response]:
    """Keep the first refusal: the program sees it as an exception somewhere, wrapped or swallowed."""

    @functools.wraps(method)
    def noting(monitor: Monitor, request: _Request) -> _Response:
        try:
            return method(monitor, request)
        except OfflineError as error:
            monitor.failure = monitor.failure or error
            raise

    return noting


class Monitor:
    """Implements the methods of the ResourceMonitor service that the SDK calls; each takes and returns the service's messages.

    Requests may come from several threads. ``failure`` is the first thing that was refused.
    """

    def __init__(
        self,
        registry: Registry,
        default_providers: DefaultProviders,
        transforms: Transforms,
        analysis: Analysis,
        progress: Callable[[RecordedResource], None],
        kubernetes_release: str,
    ) -> None:
        self._registry = registry
        self._default_providers = default_providers
        self._transforms = transforms
        self._analysis = analysis
        self._progress = progress
        self._kubernetes_release = kubernetes_release
        self._functions = Functions()
        self._packages: dict[str, Plugin] = {}
        self._defaults: dict[Plugin, str] = {}
        self._exceeded: list[str] = []
        self._lock = threading.RLock()
        self.failure: OfflineError | None = None

    # -- resources ------------------------------------------------------------------------------------------------------------

    @_noted
    def RegisterResource(self, request: pb.RegisterResourceRequest) -> pb.RegisterResourceResponse:  # noqa: N802 # the service's name
        """Record a resource and answer with what a preview knows of it: echoed inputs, no id."""
        with self._lock:
            self._registry.inherit_options(request)
            if request.custom or request.remote:
                request.provider = self._registry.provider_for(request)
        # Functions of the program, which may register resources themselves: the lock is free.
        ran = self._transforms.run(request, list(self._registry.ancestors(request.parent)))
        with self._lock:
            return self._register(request, ran)

    def _register(self, request: pb.RegisterResourceRequest, transforms: int) -> pb.RegisterResourceResponse:
        registry = self._registry
        is_provider = request.type.startswith(PROVIDER_PREFIX)
        registry.inherit_providers(request)
        urn = registry.new_urn(request.parent, request.type, request.name)
        if (request.custom or request.remote) and not is_provider and not request.provider:
            request.provider = self._default_provider(self._plugin(request.type, request), urn)
        elif is_provider:
            self._plugin(request.type.removeprefix(PROVIDER_PREFIX), request).set_on(request.object)
        registry.check_references(request, urn)
        resource = RecordedResource(
            urn=urn,
            type=request.type,
            name=request.name,
            custom=request.custom,
            parent=request.parent,
            properties=request.object,
            options=recorded_options(request, urn),
            dependencies=sorted(request.dependencies),
            property_dependencies={key: sorted(below.urns) for key, below in sorted(request.propertyDependencies.items()) if below.urns},
            provider=request.provider,
            remote=request.remote,
            transforms=transforms,
        )
        registry.add(resource, request.providers.items())
        self._transforms.remember(urn, request)
        self._analysis.judge(resource, registry.resources)
        registry.take_up(resource)
        self._exceeded.extend(exceeded_limits(resource))
        self._exceeded.extend(refused_fields(resource, self._kubernetes_release))
        self._progress(resource)
        if not request.custom:
            return pb.RegisterResourceResponse(urn=urn, object=Struct())
        resource.state = self._planned(resource)
        return pb.RegisterResourceResponse(urn=urn, id=UNKNOWN_TEXT if is_provider else request.importId, object=resource.state)

    @_noted
    def RegisterResourceOutputs(self, request: pb.RegisterResourceOutputsRequest) -> Empty:  # noqa: N802 # the service's name
        """Note that a component, or the stack, is complete, and with which outputs."""
        with self._lock:
            self._registry.register_outputs(request.urn, request.outputs)
        return Empty()

    @_noted
    def ReadResource(self, request: pb.ReadResourceRequest) -> pb.ReadResourceResponse:  # noqa: N802 # the service's name
        """Record a look-up of an existing resource: what the cloud would say of it is unknown here, but for what the program gave."""
        with self._lock:
            urn = self._registry.new_urn(request.parent, request.type, request.name)
            provider = request.provider
            if not provider and not request.type.startswith(PROVIDER_PREFIX):
                provider = self._default_provider(self._plugin(request.type, request), urn)
            self._registry.require("provider", {urn_of(provider)} - {""}, urn)
            self._registry.require("dependency", set(request.dependencies), urn)
            resource = RecordedResource(
                urn=urn,
                type=request.type,
                name=request.name,
                custom=True,
                parent=request.parent,
                properties=request.properties,
                options={"id": request.id, "provider": urn_of(provider)},
                dependencies=sorted(request.dependencies),
                property_dependencies={},
                provider=provider,
                read=True,
            )
            self._registry.add(resource)
            self._progress(resource)
            resource.state = Struct() if self._registry.is_unconfigured(provider) else request.properties
        return pb.ReadResourceResponse(urn=urn, id=request.id if request.id != UNKNOWN_TEXT else "", properties=resource.state)

    def ExistsResource(self, _: Any) -> pb.ExistsResourceResponse:  # noqa: N802 # the service's name
        """Whether something exists in the cloud is unknown here."""
        return pb.ExistsResourceResponse(unknown=True)

    def finish(self) -> None:
        """Check what can only be told at the end.

        Raises:
            UnregisteredOutputsError: components without ``register_outputs``, all of them.
            LimitError: inputs that the cloud or Kubernetes would refuse, all of them.
        """
        forgotten = self._registry.without_outputs()
        if forgotten:
            raise UnregisteredOutputsError(
                "these components never called register_outputs; call it at the end of __init__:\n"
                + "\n".join(f"  {urn}" for urn in forgotten)
            )
        if self._exceeded:
            raise LimitError(
                "\n".join(["these inputs would be refused during the update:", *(f"  {one}" for one in sorted(self._exceeded))])
            )

    def _planned(self, resource: RecordedResource) -> Struct:
        """The outputs that a preview knows: the inputs, and as unknown secrets what the program declares secret."""
        if self._registry.is_unconfigured(resource.provider):
            # The engine cannot ask a provider whose configuration is not known: nothing is, not even what was given.
            return Struct()
        # What the SDK does not declare, the provider may still compute; only the id can never be secret.
        computed = computed_outputs(resource.type)
        secrets = [
            key
            for key in resource.options.get("additional_secret_outputs", ())
            if key in resource.properties.fields or (key not in {"id", "urn"} if computed is None else key in computed)
        ]
        known = without_reshaped(resource.type, resource.properties)
        if not secrets:
            return known
        planned = Struct()
        planned.CopyFrom(known)
        for key in secrets:
            mark_secret(planned.fields, key)
        return planned

    def _plugin(self, token: str, request: Any) -> Plugin:
        """The plugin that a request about ``token`` asks for."""
        if request.packageRef:
            return self._packages[request.packageRef]
        return Plugin(package=token.partition(":")[0], version=request.version, url=request.pluginDownloadURL)

    def _default_provider(self, plugin: Plugin, subject: str) -> str:
        """The reference of the default provider for a plugin, which is registered with its first use."""
        self._default_providers.check(plugin.package, subject)
        if plugin not in self._defaults:
            token = f"{PROVIDER_PREFIX}{plugin.package}"
            resource = RecordedResource(
                urn=self._registry.new_urn("", token, plugin.default_name),
                type=token,
                name=plugin.default_name,
                custom=True,
                parent="",
                properties=self._default_providers.inputs(plugin),
                options={},
                dependencies=(),
                property_dependencies={},
            )
            resource.state = resource.properties
            self._defaults[plugin] = resource.urn
            self._registry.add(resource)
            self._analysis.judge(resource, self._registry.resources)
        return f"{self._defaults[plugin]}::{UNKNOWN_TEXT}"

    # -- functions ------------------------------------------------------------------------------------------------------------

    @_noted
    def Invoke(self, request: pb.ResourceInvokeRequest) -> pb.ResourceInvokeResponse:  # noqa: N802 # the service's name
        """Answer a provider function.

        Raises:
            UnansweredFunctionError: it has no offline answer.
        """
        self._transforms.run_invoke(request)
        with self._lock:
            return self._invoke(request)

    def _invoke(self, request: pb.ResourceInvokeRequest) -> pb.ResourceInvokeResponse:
        subject = f"the call of {request.tok}"
        reference = request.provider or self._default_provider(self._plugin(request.tok, request), subject)
        self._registry.require("provider", {urn_of(reference)}, subject)
        if not is_known(request.args) or self._registry.has_pending(request.dependsOn):
            return pb.ResourceInvokeResponse(unknown=True)
        if self._registry.is_unconfigured(reference):
            return pb.ResourceInvokeResponse()
        if request.tok == _GET_RESOURCE:
            return _returning(self._resource_state(request.args.fields["urn"].string_value))
        provider = self._registry.resources[urn_of(reference)]
        return _returning(self._functions.answer(request.tok, request.args, provider.urn, provider.inputs))

    def _resource_state(self, urn: str) -> Struct:
        """What the engine's own ``getResource`` says: the SDK asks it when it meets a reference to a resource."""
        self._registry.require("subject", {urn}, f"the call of {_GET_RESOURCE}")
        resource, answer = self._registry.resources[urn], Struct()
        answer.update({"urn": urn, "id": "", "provider": resource.provider})
        answer.fields["state"].struct_value.CopyFrom(resource.state or Struct())
        return answer

    @_noted
    def Call(self, request: pb.ResourceCallRequest) -> Any:  # noqa: N802 # the service's name
        """Methods of remote components need their provider's plugin.

        Raises:
            UnansweredFunctionError: always.
        """
        raise UnansweredFunctionError(f"the method {request.tok} of a remote component cannot be called offline: it needs its provider")

    # -- the rest of the service ------------------------------------------------------------------------------------------------

    def RegisterStackTransform(self, request: Any) -> Empty:  # noqa: N802 # the service's name
        """Run this transform on every resource from now on."""
        self._transforms.of_stack.append(request)
        return Empty()

    def RegisterStackInvokeTransform(self, request: Any) -> Empty:  # noqa: N802 # the service's name
        """Run this transform on every call of a provider function from now on."""
        self._transforms.of_invokes.append(request)
        return Empty()

    def RegisterResourceHook(self, _: Any) -> Empty:  # noqa: N802 # the service's name
        """Hooks are recorded with the resources that name them; nothing is created that they could run for."""
        return Empty()

    RegisterErrorHook = RegisterResourceHook

    def RegisterPackage(self, request: pb.RegisterPackageRequest) -> pb.RegisterPackageResponse:  # noqa: N802 # the service's name
        """Name a parameterized package by what it is."""
        made = request.parameterization if request.HasField("parameterization") else request
        ref = f"{made.name}@{made.version}"
        self._packages[ref] = Plugin(package=made.name, version=made.version, url=request.download_url)
        return pb.RegisterPackageResponse(ref=ref)

    def GetDeploymentInfo(self, _: Any) -> pb.DeploymentInfo:  # noqa: N802 # the service's name
        """The features of the engine that this monitor has too."""
        return pb.DeploymentInfo(supportedFeatures=_FEATURES)

    def SignalAndWaitForShutdown(self, _: Any) -> Empty:  # noqa: N802 # the service's name
        """The program is done."""
        return Empty()


def _returning(answer: Struct) -> pb.ResourceInvokeResponse:
    response = pb.ResourceInvokeResponse()
    # A keyword of Python.
    getattr(response, "return").CopyFrom(answer)
    return response
