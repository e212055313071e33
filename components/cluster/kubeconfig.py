"""A kubeconfig whose user asks for a short-lived token, without a secret."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence


def render_kubeconfig(name: str, *, cluster: Mapping[str, str], sign_in: Sequence[str]) -> str:
    """A kubeconfig as JSON, which every reader of YAML takes too.

    ``cluster`` says in the words of a kubeconfig where the cluster is; ``sign_in`` is a command with its
    arguments, which whoever runs the client has on the PATH.
    """
    command, *arguments = sign_in
    user = {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": command,
        "args": arguments,
        "interactiveMode": "Never",
    }
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": name,
            "clusters": [{"name": name, "cluster": dict(cluster)}],
            "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
            "users": [{"name": name, "user": {"exec": user}}],
        }
    )
