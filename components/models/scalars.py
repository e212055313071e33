"""Types of single settings, each parsed once into its value."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal
from ipaddress import IPv4Network
from typing import Annotated, Final

from pydantic import Field, Strict

from components.models.written import OutOfBoundsError, Written, duration, duration_of, quantity, write_duration
from facts.addresses import parse_cidr, parse_network_cidr
from facts.aws import INSIGHTS_RETENTION_DAYS, INSTANCE_CLASS, LOG_RETENTION_DAYS, REGION_ZONES
from facts.postgres import is_reserved
from facts.releases import DEFAULT_POSTGRES_VERSION, KUBERNETES_RELEASES, POSTGRES_MAJORS
from facts.windows import parse_backup_window, parse_maintenance_window

GIB: Final = 2**30
_CIDR: Final = r"^\d{1,3}(\.\d{1,3}){3}/\d{1,2}$"
_POSTGRES_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")
_TIME: Final = r"([01]\d|2[0-3]):[0-5]\d"
_DNS_LABEL: Final = "[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_DNS_SUBDOMAIN: Final = rf"{_DNS_LABEL}(\.{_DNS_LABEL})*"
_HOST: Final = r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*"
_PORT: Final = r"(:([1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5]))?"
_REGISTRY: Final = rf"{_HOST}{_PORT}(/[a-z0-9]+((\.|_{{1,2}}|-+)[a-z0-9]+)*)*"
"""Host, port and path as the grammar of image references has them (github.com/distribution/reference)."""
_DAY: Final = "(mon|tue|wed|thu|fri|sat|sun)"


def _retention(days: Sequence[int], service: str) -> Written:
    offered = [timedelta(days=count) for count in days]

    def read(text: str) -> timedelta:
        if (length := duration_of(text)) not in offered:
            raise OutOfBoundsError
        return length

    return Written(
        what=f"a retention that {service} offers: {', '.join(map(write_duration, offered))}",
        pattern=r"^\d+[dhwy]$",
        example=write_duration(offered[-1]),
        parse=read,
        write=write_duration,
    )


def _region(text: str) -> str:
    if text not in REGION_ZONES:
        raise ValueError(f"{text!r} is not an AWS region with EKS and EKS Pod Identity; allowed are {', '.join(REGION_ZONES)}")
    return text


def _release(text: str) -> str:
    if text not in KUBERNETES_RELEASES:
        raise ValueError(f"Kubernetes {text} is not supported; allowed are {', '.join(KUBERNETES_RELEASES)}")
    return text


def _postgres_name(example: str) -> Written:
    what = "a PostgreSQL name of up to 63 of a-z, 0-9 and _, that starts with a letter and is not reserved"

    def read(text: str) -> str:
        if not _POSTGRES_NAME.fullmatch(text):
            raise OutOfBoundsError
        if is_reserved(text):
            raise ValueError(
                f"{text} is a name that PostgreSQL or the service that runs it keeps for itself; choose another name, such as {example}"
            )
        return text

    return Written(what=what, pattern=f"^{_POSTGRES_NAME.pattern}$", example=example, parse=read)


def _window(parse: Callable[[str], tuple[int, int]]) -> Callable[[str], str]:
    def read(text: str) -> str:
        parse(text)
        return text

    return read


Count = Annotated[int, Strict()]
Flag = Annotated[bool, Strict()]
Port = Annotated[int, Strict(), Field(ge=1, le=65535)]

LogRetention = Annotated[timedelta, _retention(LOG_RETENTION_DAYS, "CloudWatch Logs")]
InsightsRetention = Annotated[timedelta, _retention(INSIGHTS_RETENTION_DAYS, "Performance Insights")]

Duration = Annotated[timedelta, duration(least="1ms")]
Quantity = Annotated[Decimal, quantity(least="1m", most="1Ei", example="250m")]
"""Base units: bytes, cores."""
Cidr = Annotated[IPv4Network, Written(what="an IPv4 range", pattern=_CIDR, example="10.20.0.0/16", parse=parse_cidr)]
NetworkCidr = Annotated[
    IPv4Network, Written(what="a private IPv4 range of /16 to /20", pattern=_CIDR, example="10.20.0.0/16", parse=parse_network_cidr)
]
Region = Annotated[
    str,
    Written(
        what="an AWS region with EKS and EKS Pod Identity", pattern=f"^({'|'.join(REGION_ZONES)})$", example="eu-west-1", parse=_region
    ),
]
Zone = Annotated[str, Written(what="an availability zone of the region", pattern=r"^[a-z]{2}(-[a-z]+)+-\d+[a-z]$", example="eu-west-1a")]
AccountId = Annotated[str, Written(what="an AWS account id of twelve digits", pattern=r"^\d{12}$", example="111122223333")]
RoleArn = Annotated[
    str,
    Written(
        what="the ARN of an IAM role",
        pattern=r"^arn:aws(-us-gov|-cn)?:iam::\d{12}:role/([\w+=,.@-]+/)*[\w+=,.@-]{1,64}$",
        example="arn:aws:iam::111122223333:role/platform-admin",
    ),
]
InstanceType = Annotated[str, Written(what="an EC2 instance type", pattern=r"^[a-z][a-z0-9-]*\.([a-z0-9-]+)$", example="m7g.large")]
DatabaseClass = Annotated[
    str,
    Written(
        what="a class of database instances of the families t, m or r",
        pattern=f"^{INSTANCE_CLASS.pattern.replace('?P<burstable>', '').replace('?P<family>', '').replace('?P<size>', '')}$",
        example="db.m7g.large",
    ),
]
KubernetesRelease = Annotated[
    str,
    Written(
        what=f"a Kubernetes release of {', '.join(KUBERNETES_RELEASES)}",
        pattern=f"^({'|'.join(map(re.escape, KUBERNETES_RELEASES))})$",
        example=KUBERNETES_RELEASES[-1],
        parse=_release,
    ),
]
PostgresVersion = Annotated[
    str,
    Written(
        what=f"an exact version of PostgreSQL {' or '.join(map(str, POSTGRES_MAJORS))}",
        pattern=rf"^({'|'.join(map(str, POSTGRES_MAJORS))})\.\d+$",
        example=DEFAULT_POSTGRES_VERSION,
    ),
]
BackupWindow = Annotated[
    str,
    Written(
        what="a daily window hh:mm-hh:mm in UTC",
        pattern=f"^{_TIME}-{_TIME}$",
        example="03:00-04:00",
        parse=_window(parse_backup_window),
    ),
]
MaintenanceWindow = Annotated[
    str,
    Written(
        what="a weekly window ddd:hh:mm-ddd:hh:mm in UTC",
        pattern=f"^{_DAY}:{_TIME}-{_DAY}:{_TIME}$",
        example="sun:04:30-sun:05:30",
        parse=_window(parse_maintenance_window),
    ),
]
WeeklyTime = Annotated[str, Written(what="a day and a time ddd:hh:mm in UTC", pattern=f"^{_DAY}:{_TIME}$", example="sun:05:00")]
DnsLabel = Annotated[
    str,
    Written(
        what="a name of up to 63 of a-z, 0-9 and -, that starts and ends with a letter or digit",
        pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",
        example="orders",
    ),
]
DatabaseName = Annotated[str, _postgres_name("orders")]
DatabaseUser = Annotated[str, _postgres_name("orders_app")]
EmailAddress = Annotated[
    str,
    Written(what="an e-mail address", pattern=r"^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,189}$", example="oncall@example.com"),
]
TopicArn = Annotated[
    str,
    Written(
        what="the ARN of an SNS topic",
        pattern=r"^arn:aws(-us-gov|-cn)?:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$",
        example="arn:aws:sns:eu-west-1:111122223333:oncall",
    ),
]
TeamName = Annotated[
    str,
    Written(what="a name of a-z, 0-9, - and _ that starts with a letter", pattern=r"^[a-z][a-z0-9_-]{0,62}$", example="platform_team"),
]
LabelKey = Annotated[
    str,
    Written(
        what="a Kubernetes label's key",
        pattern=rf"^((?=[^/]{{1,253}}/){_DNS_SUBDOMAIN}/)?[A-Za-z0-9]([\w.-]{{0,61}}[A-Za-z0-9])?$",
        example="workload",
    ),
]
LabelValue = Annotated[
    str, Written(what="a Kubernetes label's value", pattern=r"^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$", example="batch")
]
SecretEntry = Annotated[
    str, Written(what="a key of a Secret, of letters, digits, -, _ and .", pattern=r"^[\w.-]{1,253}$", example="routing-key")
]
ResourceName = Annotated[
    str,
    Written(
        what="a Kubernetes name of up to 253 of a-z, 0-9, - and .",
        pattern=rf"^(?=.{{1,253}}$){_DNS_SUBDOMAIN}$",
        example="alerting",
    ),
]
SlackChannel = Annotated[str, Written(what="a Slack channel with its #", pattern=r"^#[a-z0-9_-]{1,79}$", example="#platform-alerts")]
HttpsUrl = Annotated[
    str,
    Written(
        what="an https address",
        pattern=rf"^(?=.{{1,1000}}$)https://{_HOST}{_PORT}(/[\w.~!$&'()*+,;=:@%/-]*)?$",
        example="https://runbooks.example.com/plinth",
    ),
]
OciRegistry = Annotated[
    str,
    Written(
        what="an oci:// address of a registry",
        pattern=rf"^(?=.{{1,255}}$)oci://{_REGISTRY}$",
        example="oci://registry.example.com/charts",
    ),
]
ImageRegistry = Annotated[
    str,
    Written(
        what="a registry's host and path without a scheme",
        pattern=rf"^(?=.{{1,255}}$){_REGISTRY}$",
        example="registry.example.com/mirror",
    ),
]
