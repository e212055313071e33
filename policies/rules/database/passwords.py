"""PG-013: the administrator of a database has a password that nobody has written, or none at all.

That none is written into the program, the rules about credentials see to.
"""

from __future__ import annotations

from typing import Final

from policies.findings import Findings
from policies.model import Resource, Stack, rule
from policies.rules.database.kinds import AZURE_SERVER, RDS_CLUSTER, RDS_INSTANCE, TAKES_OVER, is_postgres_primary

_PASSWORDS: Final = {RDS_INSTANCE: ("password", "passwordWo"), RDS_CLUSTER: ("masterPassword", "masterPasswordWo")}
_BEGINNINGS: Final = ("snapshotIdentifier", "restoreToPointInTime", "globalClusterIdentifier")
"""How a database of RDS begins with the password of another, which may be changed and need not."""


@rule("PG-013", on=(RDS_INSTANCE, RDS_CLUSTER))
def password_is_managed_or_generated(database: Resource, _: Stack) -> Findings:
    """RDS keeps it in Secrets Manager, or the program hands one over as a secret."""
    has_other = any(database[name].is_present for name in (*_PASSWORDS[database.type], *_BEGINNINGS))
    if has_other or not is_postgres_primary(database):
        return ()
    managed = database["manageMasterUserPassword"].provided(database["engine"])
    return managed.must_be_true("nothing generates the password of the database's administrator")


@rule("PG-013", on=AZURE_SERVER)
def administrator_signs_in_by_entra_or_has_generated_password(server: Resource, _: Stack) -> Findings:
    """A server that takes over another's data takes over its password, too."""
    if server["administratorLoginPassword"].is_present or server["createMode"].may_satisfy(TAKES_OVER.__contains__):
        return ()
    return server.at("authConfig.passwordAuth").must_equal(
        "Disabled",
        "administrators sign in with a password, and nothing generates one",
        default="Enabled",
        cure='Set authConfig.passwordAuth to "Disabled" and activeDirectoryAuth to "Enabled", '
        "or administratorLoginPassword from a generated value that Pulumi marks secret",
    )
