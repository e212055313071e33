"""What keeps a cluster from being asked."""

from __future__ import annotations


class ConnectError(Exception):
    """The kubeconfig has no such context, or its cluster does not answer; the message says how to mend it."""


class ForbiddenError(Exception):
    """The user of the context may not look at something; the message names the right."""
