"""SEC-001: the password of a cloud service is generated or fetched, not written into the program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.model import Facts, Finding, Resource, ResourceRule
from policies.rules.secrets.credentials import is_known_default, is_literal, plaintext
from policies.values import Value

_CREDENTIALS: Final = {
    "aws:docdb/cluster:Cluster": ("masterPassword", "masterPasswordWo"),
    "aws:elasticache/replicationGroup:ReplicationGroup": ("authToken", "authTokenWo"),
    "aws:rds/cluster:Cluster": ("masterPassword", "masterPasswordWo"),
    "aws:rds/instance:Instance": ("password", "passwordWo"),
    "aws:redshift/cluster:Cluster": ("masterPassword", "masterPasswordWo"),
    "aws:secretsmanager/secretVersion:SecretVersion": ("secretString", "secretStringWo"),
    "azure-native:dbformysql:Server": ("administratorLoginPassword",),
    "azure-native:dbforpostgresql:Server": ("administratorLoginPassword",),
    "azure-native:sql:ManagedInstance": ("administratorLoginPassword",),
    "azure-native:sql:Server": ("administratorLoginPassword",),
}


def _check(resource: Resource, _facts: Facts) -> Iterator[Finding]:
    for name in _CREDENTIALS[resource.type]:
        place = resource[name]
        if is_known_default(place.known):
            yield plaintext(place, "the password is a default that everybody knows", _cure(place))
        elif not place.is_secret and place.fails(lambda text: text is None or not is_literal(text)):
            yield plaintext(place, "the password stands in plaintext", _cure(place))


def _cure(place: Value) -> str:
    return f"let the cloud manage it, or set {place.path} from a generated value that Pulumi marks secret"


CLOUD_PASSWORDS_ARE_NOT_LITERALS = ResourceRule(
    name="cloud-passwords-are-not-literals", requirements=("SEC-001",), types=tuple(_CREDENTIALS), check=_check
)
