"""Limits that several kinds of resources share."""

from __future__ import annotations

import re
from typing import Final

from facts.limits.limit import Limit

_KUBERNETES_NAMES: Final = "Kubernetes, Object Names and IDs"
_LABELS: Final = "Kubernetes, Labels and Selectors, Syntax and character set"
_TAGS: Final = "Tagging AWS Resources, Tag naming limits and requirements"
_SUBDOMAIN: Final = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*"
_QUALIFIED: Final = r"[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?"

SUBDOMAIN: Final = Limit(
    allowed="up to 253 of a-z, 0-9, - and ., each part beginning and ending with a letter or digit",
    source=f"{_KUBERNETES_NAMES}, DNS Subdomain Names",
    least=1,
    most=253,
    form=re.compile(_SUBDOMAIN),
)
LABEL: Final = Limit(
    allowed="up to 63 of a-z, 0-9 and -, beginning and ending with a letter or digit",
    source=f"{_KUBERNETES_NAMES}, RFC 1123 Label Names",
    least=1,
    most=63,
    form=re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"),
)
SERVICE_LABEL: Final = Limit(
    allowed="up to 63 of a-z, 0-9 and -, beginning with a letter and ending with a letter or digit",
    source=f"{_KUBERNETES_NAMES}, RFC 1035 Label Names",
    least=1,
    most=63,
    form=re.compile(r"[a-z]([a-z0-9-]*[a-z0-9])?"),
)
CRON_JOB_NAME: Final = Limit(
    allowed="up to 52 of a-z, 0-9, - and .: a job's name adds 11",
    source="Kubernetes, CronJob, Writing a CronJob spec",
    least=1,
    most=52,
    form=SUBDOMAIN.form,
)
PATH_SEGMENT: Final = Limit(
    allowed="any name without / and %, but for . and ..",
    source=f"{_KUBERNETES_NAMES}, Path Segment Names",
    least=1,
    form=re.compile(r"(?!\.{1,2}$)[^/%]+"),
)
RELEASE_NAME: Final = Limit(
    allowed="up to 53 of a-z, 0-9, - and ., each part beginning and ending with a letter or digit",
    source="Helm, chart best practices and pkg/chart/common/util ValidateReleaseName",
    least=1,
    most=53,
    form=SUBDOMAIN.form,
)
LABEL_KEY: Final = Limit(
    allowed="up to 63 of letters, digits, -, _ and ., beginning and ending with a letter or digit, after a DNS subdomain and / or alone",
    source=_LABELS,
    form=re.compile(rf"((?=[^/]{{1,253}}/){_SUBDOMAIN}/)?{_QUALIFIED}", re.ASCII),
)
LABEL_VALUE: Final = Limit(
    allowed="up to 63 of letters, digits, -, _ and ., beginning and ending with a letter or digit, or nothing",
    source=_LABELS,
    form=re.compile(rf"({_QUALIFIED})?", re.ASCII),
)
ANNOTATIONS: Final = Limit(
    allowed="annotations of up to 256 KiB in all",
    source="Kubernetes, apimachinery, TotalAnnotationSizeLimitB",
    refuses=lambda given: sum(len(str(part).encode()) for pair in given.items() for part in pair) > 256 * 2**10,
)
DATA_KEY: Final = Limit(
    allowed="up to 253 of letters, digits, -, _ and .",
    source="Kubernetes, ConfigMaps and Secrets",
    least=1,
    most=253,
    form=re.compile(r"[\w.-]+", re.ASCII),
)
DATA: Final = Limit(
    allowed="data of up to 1 MiB in all",
    source="Kubernetes, ConfigMaps and Secrets",
    refuses=lambda given: sum(len(str(part).encode()) for pair in given.items() for part in pair) > 2**20,
)
PORT: Final = Limit(allowed="a port of 1 to 65535", source="RFC 6335, Port Number Ranges", least=1, most=65535)

TAG_KEY: Final = Limit(
    allowed="up to 128 letters, digits, spaces and _ . : / = + - @, not beginning with aws:",
    source=_TAGS,
    least=1,
    most=128,
    form=re.compile(r"(?!(?i:aws):)[\w\s.:/=+@-]+"),
)
TAG_VALUE: Final = Limit(
    allowed="up to 256 letters, digits, spaces and _ . : / = + - @",
    source=_TAGS,
    most=256,
    form=re.compile(r"[\w\s.:/=+@-]*"),
)
TAGS: Final = Limit(allowed="up to 50 tags", source=_TAGS, most=50)
