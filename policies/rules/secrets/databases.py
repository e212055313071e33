"""SEC-001, PG-013: the password of a cloud service is generated or fetched, not written into the program."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from facts.display import HIDDEN
from policies.findings import Findings
from policies.model import Resource, Stack, rule
from policies.rules.secrets.credentials import is_known_default, is_literal

OF_DATABASES: Final = {
    "aws:rds/cluster:Cluster": ("masterPassword", "masterPasswordWo"),
    "aws:rds/instance:Instance": ("password", "passwordWo"),
    "azure-native:dbforpostgresql:Server": ("administratorLoginPassword",),
}
"""By type, the paths of the inputs that hold the administrator's password of a database of PG-013."""
OF_OTHERS: Final = {
    "aws:docdb/cluster:Cluster": ("masterPassword", "masterPasswordWo"),
    "aws:elasticache/replicationGroup:ReplicationGroup": ("authToken", "authTokenWo"),
    "aws:redshift/cluster:Cluster": ("masterPassword", "masterPasswordWo"),
    "aws:secretsmanager/secretVersion:SecretVersion": ("secretString", "secretStringWo"),
    "azure-native:containerservice:ManagedCluster": ("servicePrincipalProfile.secret", "windowsProfile.adminPassword"),
    "azure-native:dbformysql:Server": ("administratorLoginPassword",),
    "azure-native:keyvault:Secret": ("properties.value",),
    "azure-native:network:VirtualNetworkGatewayConnection": ("sharedKey",),
    "azure-native:sql:ManagedInstance": ("administratorLoginPassword",),
    "azure-native:sql:Server": ("administratorLoginPassword",),
}
"""By type, the paths of the inputs of other services that hold a credential."""


@rule("SEC-001", "PG-013", on=tuple(OF_DATABASES))
def database_passwords_are_not_literals(database: Resource, _: Stack) -> Findings:
    """One that Pulumi marks secret is generated or fetched, unless everybody knows it."""
    return _check(database, OF_DATABASES[database.type])


@rule("SEC-001", on=tuple(OF_OTHERS))
def cloud_passwords_are_not_literals(service: Resource, _: Stack) -> Findings:
    """The same of what does not concern PG-013."""
    return _check(service, OF_OTHERS[service.type])


def _check(service: Resource, names: Sequence[str]) -> Findings:
    for name in names:
        place = service.at(name)
        cure = f"Let the cloud manage it, or set {place.path} from a generated value that Pulumi marks secret"
        if is_known_default(place.peek("an unknown that is marked secret is right; another one is noted below")):
            yield from place.refuse("the password is a default that everybody knows", cure, shown=HIDDEN)
        elif not place.is_secret and not place.may_satisfy(
            lambda content: content is None or (isinstance(content, str) and not is_literal(content))
        ):
            yield from place.refuse("the password stands in plaintext", cure, shown=HIDDEN)
