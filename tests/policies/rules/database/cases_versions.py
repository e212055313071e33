from __future__ import annotations

from facts.tiers import Tier
from policies.rules.database.versions import azure_release_is_pinned, cloudnative_pg_release_is_pinned, rds_release_is_pinned
from policies.values import UNKNOWN
from tests.policies.rules.cases import accepts, cases, refuses, undecided
from tests.policies.rules.database.good import AZURE_REPLICA, BACKED_UP, CLUSTER, IN_CLUSTER, INSTANCE, MEMBERS, MYSQL, REPLICA, SERVER

VERSION = "engineVersion"
IMAGE = "spec.imageName"
CATALOG = "spec.imageCatalogRef"
DIGEST = "sha256:" + "0123456789abcdef" * 4
LISTED = {"apiGroup": "postgresql.cnpg.io", "kind": "ImageCatalog", "name": "postgresql"}

CASES = (
    *cases(
        rds_release_is_pinned,
        *(accepts(INSTANCE, {VERSION: version}) for version in ("16.9", "16", "17.9-R1", "18", 16.0, 17)),
        accepts(CLUSTER, beside=MEMBERS),
        accepts(MYSQL),
        accepts(REPLICA),
        *(
            refuses(INSTANCE, {VERSION: version, "parameterGroupName": UNKNOWN}, at=VERSION)
            for version in (None, "", "15.13", "9.6", 15.0, 9.6, "latest", "16beta1", "1", "v16", True, [16.0])
        ),
        *(refuses(INSTANCE, {VERSION: None}, tier=tier) for tier in (Tier.LOCAL, Tier.DEV, Tier.STAGING)),
        refuses(INSTANCE, {"engine": None, VERSION: None}),
        refuses(REPLICA, {VERSION: "15.13"}),
        refuses(CLUSTER, {VERSION: None}, beside=MEMBERS),
        refuses(CLUSTER, {VERSION: "14.12"}, beside=MEMBERS),
        undecided(INSTANCE, VERSION),
        undecided(INSTANCE, "engine", {VERSION: "15.13", "parameterGroupName": UNKNOWN}),
    ),
    *cases(
        azure_release_is_pinned,
        *(accepts(SERVER, {"version": version}) for version in ("16", "17", "18", 16.0)),
        accepts(AZURE_REPLICA),
        accepts(SERVER, {"createMode": "PointInTimeRestore", "version": None}),
        *(refuses(SERVER, {"version": version}) for version in (None, "15", "11", 14.0, "16.3", "default", "")),
        refuses(AZURE_REPLICA, {"version": "15"}),
        undecided(SERVER, "version"),
        undecided(SERVER, "createMode", {"version": None}),
    ),
    *cases(
        cloudnative_pg_release_is_pinned,
        accepts(IN_CLUSTER, beside=BACKED_UP),
        *(accepts(IN_CLUSTER, {IMAGE: f"ghcr.io/cloudnative-pg/postgresql:{tag}"}, beside=BACKED_UP) for tag in ("16", "17.9-bookworm")),
        accepts(IN_CLUSTER, {IMAGE: None, CATALOG: {**LISTED, "major": 17.0}}, beside=BACKED_UP),
        *(
            refuses(IN_CLUSTER, {IMAGE: image}, beside=BACKED_UP)
            for image in (None, "ghcr.io/cloudnative-pg/postgresql:15.12", "postgresql", "postgresql:latest", f"own/postgresql@{DIGEST}")
        ),
        *(
            refuses(IN_CLUSTER, {IMAGE: None, CATALOG: {**LISTED, "major": major}}, at=f"{CATALOG}.major", beside=BACKED_UP)
            for major in (15.0, None)
        ),
        undecided(IN_CLUSTER, IMAGE, beside=BACKED_UP),
        undecided(IN_CLUSTER, f"{CATALOG}.major", {IMAGE: None, CATALOG: {**LISTED, "major": 17.0}}, beside=BACKED_UP),
    ),
)
