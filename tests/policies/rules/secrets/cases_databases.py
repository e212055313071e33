from __future__ import annotations

from collections.abc import Iterator, Mapping

from policies.rules.secrets.databases import OF_DATABASES, OF_OTHERS, cloud_passwords_are_not_literals, database_passwords_are_not_literals
from policies.values import UNKNOWN, Secret
from tests.policies.rules.cases import Case, accepts, cases, good, refuses, undecided


def of_each(credentials: Mapping[str, tuple[str, ...]]) -> Iterator[Case]:
    for service, name in [(good(token, {}), name) for token, names in credentials.items() for name in names]:
        yield accepts(service)
        yield accepts(service, {name: Secret("hunter2")})
        yield accepts(service, {name: Secret(UNKNOWN)})
        yield refuses(service, {name: "hunter2"})
        yield refuses(service, {name: 1234.0})
        yield refuses(service, {name: ["hunter2"]})
        yield refuses(service, {name: Secret("postgres")})
        yield undecided(service, name)


CASES = (
    *cases(database_passwords_are_not_literals, *of_each(OF_DATABASES)),
    *cases(cloud_passwords_are_not_literals, *of_each(OF_OTHERS)),
)
