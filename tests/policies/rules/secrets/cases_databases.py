from __future__ import annotations

from policies.rules.secrets.databases import CREDENTIALS, cloud_passwords_are_not_literals
from policies.values import UNKNOWN, Secret
from tests.policies.rules.cases import accepts, cases, good, refuses, undecided

SERVICES = [(good(token, {}), name) for token, names in CREDENTIALS.items() for name in names]

CASES = cases(
    cloud_passwords_are_not_literals,
    *(
        case
        for service, name in SERVICES
        for case in (
            accepts(service),
            accepts(service, {name: Secret("hunter2")}),
            accepts(service, {name: Secret(UNKNOWN)}),
            refuses(service, {name: "hunter2"}),
            refuses(service, {name: 1234.0}),
            refuses(service, {name: ["hunter2"]}),
            refuses(service, {name: Secret("postgres")}),
            undecided(service, name),
        )
    ),
)
