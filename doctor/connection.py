"""The way to the cluster of a kubeconfig context, as kubectl goes it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import yaml

from doctor.cluster import Answer, Cluster, Object
from doctor.errors import ConnectError

_CONNECT_SECONDS: Final = 10
_READ_SECONDS: Final = 30
_DEFAULT: Final = "~/.kube/config"


def connect(context: str, kubeconfig: Path | None = None) -> Cluster:
    """The cluster of a context of ``kubeconfig``, by default of the files of KUBECONFIG or of ``~/.kube/config``.

    Signs in as kubectl does: with certificates, tokens or exec plugins, and through the proxy of the kubeconfig or of the environment.
    The kubeconfig is left as it is.

    Raises:
        ConnectError: there is no such file or context, or it cannot be used.
    """
    # The client takes a second to load.
    from kubernetes import client, config  # noqa: PLC0415
    from kubernetes.config.kube_config import KubeConfigMerger  # noqa: PLC0415
    from urllib3.exceptions import HTTPError  # noqa: PLC0415

    files = str(kubeconfig) if kubeconfig else os.environ.get("KUBECONFIG") or _DEFAULT
    configuration = client.Configuration()
    # Whoever waits for an answer wants to know at once that none comes.
    configuration.retries = 0
    try:
        # The client's own list of contexts asks for a current one, which a kubeconfig need not have.
        merged = KubeConfigMerger(files).config
        names = sorted(str(each["name"]) for each in merged.value["contexts"] or ()) if merged is not None else []
        if context in names:
            config.load_kube_config(config_file=files, context=context, client_configuration=configuration, persist_config=False)
    except (config.ConfigException, yaml.YAMLError, OSError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise ConnectError(f"the kubeconfig {files} cannot be used: {error}") from error
    if context not in names:
        raise ConnectError(f"the kubeconfig {files} has no context {context!r}; there are {', '.join(names) or 'none'}")
    api = client.ApiClient(configuration)

    def send(method: str, path: str, body: Object | None = None) -> Answer:
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        api.update_params_for_auth(headers, [], ["BearerToken"], path, method, body)
        try:
            response = api.rest_client.request(
                method,
                f"{configuration.host.rstrip('/')}{path}",
                headers=headers,
                body=body,
                _request_timeout=(_CONNECT_SECONDS, _READ_SECONDS),
            )
            text = response.read().decode(errors="replace")
        except (client.ApiException, HTTPError, OSError) as error:
            reason = getattr(error, "reason", None) or error
            raise ConnectError(f"the cluster of context {context!r} does not answer at {configuration.host}: {reason}") from error
        return Answer(status=response.status, body=text, date=response.headers.get("Date", ""))

    return Cluster(send)
