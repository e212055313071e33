"""Azure's resource manager as its REST reference describes it, in place of the network: the SDK above it is the real one."""

from __future__ import annotations

import io
import json
import re
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import requests
import urllib3
from azure.core.credentials import AccessToken
from azure.core.pipeline.transport import RequestsTransport
from azure.mgmt.resource.resources import ResourceManagementClient
from requests.adapters import HTTPAdapter

SUBSCRIPTION: Final = "11111111-2222-3333-4444-555555555555"
TENANT: Final = "99999999-8888-7777-6666-555555555555"
PRINCIPAL: Final = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
CLIENT: Final = "ffffffff-bbbb-cccc-dddd-eeeeeeeeeeee"
_COLLECTIONS: Final = ("federatedidentitycredentials", "roleassignments")


class Arm(HTTPAdapter):
    """A subscription without anything: keeps what is put, and answers in the shapes that Microsoft documents."""

    def __init__(self) -> None:
        super().__init__()
        self.resources: dict[str, dict[str, Any]] = {}
        self.providers: dict[str, str] = {}
        self.is_new = False
        """Whether it answers nothing about the resources of providers that are not registered."""
        self.calls: list[str] = []
        self.denied: dict[str, str] = {}
        """Actions that are refused, by a pattern of method and path."""
        self.failure: tuple[int, dict[str, Any]] | None = None

    def connect(self, subscription_id: str) -> ResourceManagementClient:
        session = requests.Session()
        session.mount("https://", self)
        return ResourceManagementClient(_Credential(), subscription_id, transport=RequestsTransport(session=session), polling_interval=0)

    def find(self, end: str) -> dict[str, Any]:
        """The one resource whose id ends so."""
        [found] = [body for path, body in self.resources.items() if path.endswith(end.lower())]
        return found

    def send(self, request: Any, *_: Any, **__: Any) -> requests.Response:
        place = urlsplit(request.url)
        path = place.path.rstrip("/")
        self.calls.append(f"{request.method} {path}")
        status, body, headers = self._answer(request, path, parse_qs(place.query))
        content = b"" if body is None else json.dumps(body).encode()
        raw = urllib3.HTTPResponse(
            io.BytesIO(content), headers={"Content-Type": "application/json", **headers}, status=status, preload_content=False
        )
        return self.build_response(request, raw)

    def _answer(self, request: Any, path: str, query: dict[str, list[str]]) -> tuple[int, Any, dict[str, str]]:  # noqa: PLR0911 # a case each
        if self.failure is not None:
            return (*self.failure, {})
        for pattern, action in self.denied.items():
            if re.search(pattern, f"{request.method} {path}"):
                return 403, _denied(action, path), {}
        key = path.lower()
        if key.endswith("/providers") and request.method == "GET":
            return 200, {"value": [{"namespace": name, "registrationState": state} for name, state in self.providers.items()]}, {}
        registered = re.fullmatch(r".*/providers/([^/]+)/register", path)
        if registered:
            self.providers[registered[1]] = "Registered"
            return 200, {"namespace": registered[1], "registrationState": "Registering"}, {}
        namespace = re.search(r"/resourceGroups/.*/providers/([^/]+)/[^/]+/[^/]+$", path)
        if self.is_new and namespace and self.providers.get(namespace[1]) != "Registered":
            return 409, _not_registered(namespace[1]), {}
        if request.method == "GET":
            return (*self._get(path, key, query), {})
        if request.method == "DELETE":
            return (200, None, {}) if self.resources.pop(key, None) else (204, None, {})
        return self._put(path, key, json.loads(request.body))

    def _get(self, path: str, key: str, query: dict[str, list[str]]) -> tuple[int, Any]:
        if path == f"/subscriptions/{SUBSCRIPTION}":
            return 200, {"id": path, "subscriptionId": SUBSCRIPTION, "tenantId": TENANT, "displayName": "Platform", "state": "Enabled"}
        if key.rpartition("/")[2] in _COLLECTIONS:
            wanted = query.get("$filter", [""])[0]
            last = key.rpartition("/")[2]
            inside = [body for each, body in self.resources.items() if each.rpartition("/")[0].endswith(last)]
            return 200, {"value": [each for each in inside if not wanted or each["properties"].get("principalId", "") in wanted]}
        if key in self.resources:
            return 200, self.resources[key]
        return 404, {"error": {"code": "ResourceNotFound", "message": f"The Resource '{path}' was not found."}}

    def _put(self, path: str, key: str, body: dict[str, Any]) -> tuple[int, Any, dict[str, str]]:
        is_new = key not in self.resources
        stored = {
            **body,
            "id": path,
            "name": path.rpartition("/")[2],
            "properties": {**body.get("properties", {}), **_computed(path, body)},
        }
        if "location" in body:
            stored["location"] = body["location"].lower()
        self.resources[key] = stored
        if path.split("/")[-2] == "storageAccounts" and is_new:
            return 202, None, {"Location": f"https://management.azure.com{key}?api-version=2023-05-01", "Retry-After": "0"}
        return 201 if is_new else 200, stored, {}


def _computed(path: str, body: dict[str, Any]) -> dict[str, Any]:
    kind = path.split("/")[-2]
    if kind == "userAssignedIdentities":
        return {"principalId": PRINCIPAL, "clientId": CLIENT, "tenantId": TENANT}
    if kind == "keys":
        vault = path.split("/")[-3]
        uri = f"https://{vault}.vault.azure.net/keys/{path.rsplit('/', maxsplit=1)[-1]}"
        return {"keyUri": uri, "keyUriWithVersion": f"{uri}/0123456789abcdef0123456789abcdef"}
    if kind == "roleAssignments":
        return {"scope": path.partition("/providers/Microsoft.Authorization/roleAssignments/")[0]}
    if kind == "subscriptionFeatureRegistrations":
        return {"state": "Registered"}
    return {"provisioningState": "Succeeded"} if "location" in body else {}


def _not_registered(namespace: str) -> dict[str, Any]:
    message = f"The subscription is not registered to use namespace '{namespace}'. See https://aka.ms/rps-not-found for how to register."
    return {"error": {"code": "MissingSubscriptionRegistration", "message": message}}


def _denied(action: str, scope: str) -> dict[str, Any]:
    message = (
        f"The client 'somebody@example.com' with object id '{CLIENT}' does not have authorization to perform action '{action}' over scope "
        f"'{scope}' or the scope is invalid. If access was recently granted, please refresh your credentials."
    )
    return {"error": {"code": "AuthorizationFailed", "message": message}}


class _Credential:
    def get_token(self, *_: str, **__: Any) -> AccessToken:
        return AccessToken("token", 4_000_000_000)
