"""The schemas of Kubernetes' built-in kinds by release."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Schemas:
    """The kinds of one release, by ``<group>/<version>:<Kind>``, and the definitions to which they refer."""

    kinds: Mapping[str, str]
    definitions: Mapping[str, Mapping[str, Any]]

    def of(self, token: str) -> Mapping[str, Any] | None:
        """The schema of a type such as ``kubernetes:apps/v1:Deployment``; None where it is not known."""
        name = self.kinds.get(token.removeprefix("kubernetes:"))
        return None if name is None else self.definitions[name]

    def resolve(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """The schema itself where ``schema`` refers to one."""
        return self.definitions[schema["$ref"]] if "$ref" in schema else schema


def file_of(release: str) -> Path:
    """Where the schemas of a release are kept."""
    return Path(__file__).parent / f"kubernetes-{release}.json"


@functools.cache
def schemas_of(release: str) -> Schemas:
    """The schemas of a release of :data:`facts.releases.KUBERNETES_RELEASES`."""
    content = json.loads(file_of(release).read_text(encoding="utf-8"))
    return Schemas(kinds=content["kinds"], definitions=content["definitions"])
