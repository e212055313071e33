"""The resources of a run so far, and what the engine asks of them: names, parents, providers, inheritance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import resource_pb2 as pb

from offline.errors import DanglingReferenceError, DuplicateUrnError, RegistrationError
from offline.options import inherit
from offline.recording import RecordedResource
from offline.urns import PROVIDER_PREFIX, STACK_TYPE, make_urn, urn_of
from offline.wire import is_known


class Registry:
    """Resources by URN, in the order of their registration."""

    def __init__(self, stack: str, project: str) -> None:
        self._stack, self._project = stack, project
        self._providers_of: dict[str, dict[str, str]] = {}
        self._unconfigured: set[str] = set()
        self.resources: dict[str, RecordedResource] = {}

    @property
    def root(self) -> str:
        """The URN of the stack's own resource."""
        return make_urn(stack=self._stack, project=self._project, parent="", token=STACK_TYPE, name=f"{self._project}-{self._stack}")

    def new_urn(self, parent: str, token: str, name: str) -> str:
        """The URN of a resource that is about to be registered.

        Raises:
            DanglingReferenceError: its parent is not registered.
            DuplicateUrnError: another resource has this URN.
        """
        if parent and parent not in self.resources:
            raise DanglingReferenceError(f"{token} {name!r}: its parent {parent} is not a resource of this run")
        urn = make_urn(stack=self._stack, project=self._project, parent=parent, token=token, name=name)
        if urn in self.resources:
            raise DuplicateUrnError(f"duplicate resource URN {urn}; give one of the two another name")
        return urn

    def add(self, resource: RecordedResource, providers: Iterable[tuple[str, str]] = ()) -> None:
        """Take a resource in; ``providers`` are those that a component has for its children, by package."""
        self.resources[resource.urn] = resource
        if not resource.custom:
            self._providers_of[resource.urn] = dict(providers)

    def take_up(self, resource: RecordedResource) -> None:
        """Note, once its inputs are final, whether a provider can be configured at all during the preview."""
        if resource.type.startswith(PROVIDER_PREFIX) and not is_known(resource.properties):
            self._unconfigured.add(resource.urn)

    def is_unconfigured(self, provider: str) -> bool:
        """Whether the provider of this reference needs something that is unknown: the engine cannot ask it anything."""
        return urn_of(provider) in self._unconfigured

    def ancestors(self, parent: str) -> Iterator[str]:
        """``parent`` and what is above it, up to the stack."""
        while parent in self.resources:
            yield parent
            parent = self.resources[parent].parent

    def inherit_options(self, request: pb.RegisterResourceRequest) -> None:
        """Hand down the options of the parent, as far as the engine does."""
        parent = self.resources.get(request.parent)
        if parent is not None:
            inherit(request, parent.options, parent.provider if parent.custom else "")

    def inherit_providers(self, request: pb.RegisterResourceRequest) -> None:
        """Hand down the providers of a parent component to a component."""
        if not request.custom:
            for package, reference in self._providers_of.get(request.parent, {}).items():
                if package not in request.providers:
                    request.providers[package] = reference

    def provider_for(self, request: pb.RegisterResourceRequest) -> str:
        """The provider of a resource: its own, else its own for the package, else its parent component's; empty where there is none."""
        package = request.type.split(":")[0]
        return request.provider or request.providers.get(package) or self._providers_of.get(request.parent, {}).get(package, "")

    def check_references(self, request: pb.RegisterResourceRequest, urn: str) -> None:
        """Refuse what points outside of the run.

        Raises:
            DanglingReferenceError: a dependency, provider, deletedWith or replaceWith does.
        """
        needed = {*request.dependencies, *(one for below in request.propertyDependencies.values() for one in below.urns)}
        self.require("dependency", needed, urn)
        self.require("provider", {urn_of(reference) for reference in (request.provider, *request.providers.values()) if reference}, urn)
        if request.deletedWith or request.replace_with:
            self.require("deletedWith or replaceWith", {*request.replace_with, request.deletedWith} - {""}, urn)

    def require(self, kind: str, urns: set[str], subject: str) -> None:
        """Refuse a ``subject`` that points to something that is not registered.

        Raises:
            DanglingReferenceError: one of ``urns`` is not; the message calls it the subject's ``kind``.
        """
        for dangling in sorted(urns - self.resources.keys()):
            raise DanglingReferenceError(f"{subject}: its {kind} {dangling} is not a resource of this run")

    def register_outputs(self, urn: str, outputs: Struct) -> None:
        """Take the outputs of a component, or of the stack.

        Raises:
            RegistrationError: there is no such resource, or it has its outputs already.
        """
        resource = self.resources.get(urn)
        if resource is None:
            raise RegistrationError(f"outputs were registered for {urn}, which is not a resource of this run")
        if resource.custom:
            raise RegistrationError(f"{urn}: register_outputs was called for a resource that is not a component")
        if resource.state is not None:
            raise RegistrationError(f"{urn}: register_outputs was called twice; call it once, at the end of __init__")
        resource.state = outputs

    def without_outputs(self) -> list[str]:
        """The components that have not registered outputs; what a provider builds (``remote``) does so there."""
        return [each.urn for each in self.resources.values() if not (each.custom or each.remote) and each.state is None]

    def has_pending(self, urns: Iterable[str]) -> bool:
        """Whether a resource that the preview only plans is among ``urns`` or, for components, anywhere below."""
        wanted = set(urns)
        for resource in self.resources.values():
            # A parent is registered before its children: one pass is enough.
            if resource.urn in wanted or (resource.parent in wanted and not self.resources[resource.parent].custom):
                if resource.custom and not self.has_id(resource):
                    return True
                wanted.add(resource.urn)
        return False

    @staticmethod
    def has_id(resource: RecordedResource) -> bool:
        """Whether the preview knows an id: of what exists already, and of providers, which the engine itself names."""
        return resource.read or "import" in resource.options or resource.type.startswith(PROVIDER_PREFIX)
