"""What can go wrong in an offline run that the real engine would also refuse, or that only strictness finds."""

from __future__ import annotations


class OfflineError(Exception):
    """The run cannot be what the program means; the message names the resource, function or file and the cure."""


class StackFileError(OfflineError):
    """The stack is unknown, or its file cannot be read as Pulumi reads it."""


class RegistrationError(OfflineError):
    """A resource was registered in a way that the engine refuses."""


class DuplicateUrnError(RegistrationError):
    """Two resources have the same type, parents and name."""


class DanglingReferenceError(RegistrationError):
    """A parent, dependency or provider is not a resource of the run."""


class DefaultProviderError(RegistrationError):
    """A resource or function relies on a default provider that the stack's configuration disables."""


class UnregisteredOutputsError(OfflineError):
    """A component never called ``register_outputs``: the engine would wait for it, and its outputs would be missing in the state."""


class LimitError(OfflineError):
    """Names, numbers or fields of resources that their cloud or Kubernetes refuses."""


class UnansweredFunctionError(OfflineError):
    """The program called a provider function that has no offline answer."""


class UnfinishedWorkError(OfflineError):
    """Something that the program started can never end, or had not ended with the program."""


class ProgramError(OfflineError):
    """The program says itself that it failed: through ``pulumi.log.error``, or by its exit code."""


class PackError(OfflineError):
    """The policy pack itself failed while it judged."""
