from __future__ import annotations

from policies.rules.backup.locations import velero_writes_outside_of_its_cluster
from tests.policies.rules.backup.good import AKS, DAILY, EKS, INGRESS, LOCATIONS, SERVER, SNAPSHOTS, STORE, VELERO, WEEKLY
from tests.policies.rules.backup.stores import AWAY, BUCKET, HOME, SETTINGS, in_region
from tests.policies.rules.cases import accepts, cases, refuses, undecided

CLUSTER = in_region(EKS, HOME)
REGION, URL = (f"{LOCATIONS}[0].{path}" for path in ("config.region", "config.s3Url"))
OUTSIDE = ("https://s3.example.com", "http://10.0.0.9:9000", "https://minio.backup.example.org:9000")
INSIDE = (
    "http://minio.minio.svc:9000",
    "http://minio.velero.svc.cluster.local:9000",
    "https://MINIO.velero.svc.cluster.local",
    "http://minio:9000",
    "minio.velero.svc:9000",
)
PLAIN = [SERVER, SNAPSHOTS, DAILY, WEEKLY]

CASES = (
    *cases(
        velero_writes_outside_of_its_cluster,
        accepts(VELERO),
        accepts(VELERO, {REGION: AWAY}, beside=[CLUSTER]),
        accepts(VELERO, beside=[CLUSTER, BUCKET, *SETTINGS]),
        accepts(VELERO, {f"{LOCATIONS}[0].provider": "azure"}, beside=[AKS]),
        *(accepts(VELERO, {URL: url}, beside=[CLUSTER]) for url in OUTSIDE),
        accepts(INGRESS),
        *(refuses(VELERO, {URL: url}) for url in INSIDE),
        refuses(VELERO, {REGION: HOME}, beside=[CLUSTER]),
        refuses(VELERO, {REGION: None}, beside=[CLUSTER]),
        refuses(STORE, {"spec.config.region": HOME}, beside=[CLUSTER, *PLAIN]),
        refuses(STORE, {"spec.config.s3Url": INSIDE[0]}, beside=PLAIN),
        undecided(VELERO, URL),
        undecided(VELERO, REGION, beside=[CLUSTER]),
    ),
)
