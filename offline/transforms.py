"""Transforms: functions of the program that change a request on its way, run in the engine's order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from pulumi.runtime.proto import callback_pb2
from pulumi.runtime.proto import resource_pb2 as pb

from offline.callbacks import Callbacks
from offline.errors import RegistrationError
from offline.wire import dependencies_in, with_dependencies, with_plain_secrets, without_outputs

# Options that a transform may change, by their name there and in the registration.
_SHARED: Final[Mapping[str, str]] = {
    "ignore_changes": "ignoreChanges",
    "replace_on_changes": "replaceOnChanges",
    "additional_secret_outputs": "additionalSecretOutputs",
    "depends_on": "dependencies",
    "replace_with": "replace_with",
    "hide_diff": "hideDiffs",
    "aliases": "aliases",
    "providers": "providers",
    "version": "version",
    "provider": "provider",
    "plugin_download_url": "pluginDownloadURL",
    "deleted_with": "deletedWith",
    "import": "importId",
}
_MESSAGES: Final[Mapping[str, str]] = {
    "custom_timeouts": "customTimeouts",
    "hooks": "hooks",
    "replacement_trigger": "replacement_trigger",
}
_OPTIONAL: Final[Mapping[str, str]] = {"protect": "protect", "retain_on_delete": "retainOnDelete"}


class Transforms:
    """The transforms of the stack and of every resource, by the callbacks under which the SDK registered them."""

    def __init__(self, callbacks: Callbacks) -> None:
        self._callbacks = callbacks
        self.of_stack: list[callback_pb2.Callback] = []
        self.of_invokes: list[callback_pb2.Callback] = []
        self._of: dict[str, Sequence[callback_pb2.Callback]] = {}

    def remember(self, urn: str, request: pb.RegisterResourceRequest) -> None:
        """Children of ``urn`` are transformed by its transforms too."""
        if request.transforms:
            self._of[urn] = list(request.transforms)

    def run(self, request: pb.RegisterResourceRequest, ancestors: Iterable[str]) -> int:
        """Apply the resource's own transforms, then its ancestors', then the stack's, to ``request``; how many ran."""
        callbacks = [*request.transforms, *(callback for urn in ancestors for callback in self._of.get(urn, ())), *self.of_stack]
        if not callbacks:
            return 0
        # The engine tells only a resource's own transforms what its properties depend on, and reads dependencies back only then.
        needed = {key: below.urns for key, below in request.propertyDependencies.items()} if request.transforms else {}
        request.object.CopyFrom(with_dependencies(request.object, needed))
        for callback in callbacks:
            self._apply(callback, request)
        if request.transforms:
            _read_dependencies(request)
        request.object.CopyFrom(without_outputs(request.object))
        return len(callbacks)

    def run_invoke(self, request: pb.ResourceInvokeRequest) -> None:
        """Apply the stack's transforms of provider functions to ``request``."""
        for callback in self.of_invokes:
            options = pb.TransformInvokeOptions(
                provider=request.provider, version=request.version, plugin_download_url=request.pluginDownloadURL
            )
            asked = pb.TransformInvokeRequest(token=request.tok, args=request.args, options=options)
            answer = _expected(pb.TransformInvokeResponse, self._callbacks.run(callback.token, asked), request.tok)
            request.args.CopyFrom(answer.args)
            if answer.HasField("options"):
                request.provider, request.version = answer.options.provider, answer.options.version
                request.pluginDownloadURL = answer.options.plugin_download_url

    def _apply(self, callback: callback_pb2.Callback, request: pb.RegisterResourceRequest) -> None:
        asked = pb.TransformRequest(
            type=request.type,
            name=request.name,
            custom=request.custom,
            parent=request.parent,
            properties=request.object,
            options=_options_of(request),
        )
        answer = _expected(pb.TransformResponse, self._callbacks.run(callback.token, asked), f"{request.type} {request.name!r}")
        request.object.CopyFrom(with_plain_secrets(answer.properties))
        if answer.HasField("options"):
            _take_options(request, answer.options)


def _expected(kind: type[Any], answer: Any, what: str) -> Any:
    if not isinstance(answer, kind):
        raise RegistrationError(f"{what}: a transform of another kind of request was registered for it")
    return answer


def _read_dependencies(request: pb.RegisterResourceRequest) -> None:
    needed = {key: sorted(dependencies_in(value)) for key, value in request.object.fields.items()}
    every = sorted({*request.dependencies, *(urn for urns in needed.values() for urn in urns)})
    del request.dependencies[:]
    request.dependencies.extend(every)
    request.propertyDependencies.clear()
    for key, urns in needed.items():
        request.propertyDependencies[key].urns.extend(urns)


def _options_of(request: pb.RegisterResourceRequest) -> pb.TransformResourceOptions:
    options = pb.TransformResourceOptions()
    for theirs, ours in _SHARED.items():
        _copy(request, ours, options, theirs)
    for theirs, ours in _MESSAGES.items():
        if request.HasField(ours):  # type: ignore[arg-type] # names of fields of the message
            getattr(options, theirs).CopyFrom(getattr(request, ours))
    for theirs, ours in _OPTIONAL.items():
        if request.HasField(ours):  # type: ignore[arg-type] # likewise
            setattr(options, theirs, getattr(request, ours))
    if request.deleteBeforeReplaceDefined:
        options.delete_before_replace = request.deleteBeforeReplace
    return options


def _take_options(request: pb.RegisterResourceRequest, options: pb.TransformResourceOptions) -> None:
    for theirs, ours in _SHARED.items():
        request.ClearField(ours)  # type: ignore[arg-type] # names of fields of the message
        _copy(options, theirs, request, ours)
    for theirs, ours in _MESSAGES.items():
        request.ClearField(ours)  # type: ignore[arg-type] # likewise
        if options.HasField(theirs):  # type: ignore[arg-type] # likewise
            getattr(request, ours).CopyFrom(getattr(options, theirs))
    for theirs, ours in _OPTIONAL.items():
        request.ClearField(ours)  # type: ignore[arg-type] # likewise
        if options.HasField(theirs):  # type: ignore[arg-type] # likewise
            setattr(request, ours, getattr(options, theirs))
    request.deleteBeforeReplaceDefined = options.HasField("delete_before_replace")
    request.deleteBeforeReplace = options.delete_before_replace


def _copy(source: Any, source_name: str, target: Any, target_name: str) -> None:
    value = getattr(source, source_name)
    if isinstance(value, str):
        setattr(target, target_name, value)
    else:
        getattr(target, target_name).MergeFrom(value)
