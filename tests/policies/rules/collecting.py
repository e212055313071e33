"""All cases: what the modules ``cases_*`` of each domain list as CASES."""

from __future__ import annotations

import importlib
import pkgutil

import tests.policies.rules
from tests.policies.rules.cases import Case

CASES: tuple[Case, ...] = tuple(
    case
    for module in pkgutil.walk_packages(tests.policies.rules.__path__, "tests.policies.rules.")
    if ".cases_" in module.name
    for case in importlib.import_module(module.name).CASES
)
