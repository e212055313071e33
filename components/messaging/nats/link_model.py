"""Links between clusters of NATS, and what one copies from another, as settings have it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from components.messaging.nats.names import LONGEST, ClusterName, Replicas, StreamName, Subject
from components.models.scalars import Cidr, Flag, Port, ResourceName
from components.models.section import Section
from components.models.written import duration, quantity


class LeafNodeSettings(Section):
    """A way in for clusters elsewhere: each stack that a stream's drMirror names may copy that stream."""

    host: ResourceName = Field(description="The DNS name of the load balancer before the servers, which is in their certificate.")
    cidrs: Annotated[tuple[Cidr, ...], Field(min_length=1)] = Field(description="Whence the nodes of those clusters call.")


class RemoteSettings(Section):
    """The cluster elsewhere that this one copies from."""

    name: ClusterName = Field(description="Its name: plinth:nats.name of its stack.")
    host: ResourceName = Field(description="Where it lets other clusters in: plinth:nats.leafNodes.host of its stack.")
    port: Port = Field(default=7422, description="Likewise.")
    cidrs: Annotated[tuple[Cidr, ...], Field(min_length=1)] = Field(description="The addresses of that load balancer.")
    secret: ResourceName = Field(
        description="The Secret, beside the servers, with tls.crt, tls.key and ca.crt from there, and <tenant>.crt and <tenant>.key."
    )


class MirrorSettings(Section):
    """A copy of a stream of the remote cluster, under the same name; nobody can publish to it."""

    max_bytes: Annotated[Decimal, quantity(least="1Mi", most="1Pi", step="1")] = Field(
        description="How much one copy may hold: no less than the stream itself, or the oldest messages are dropped."
    )
    max_age: Annotated[timedelta, duration(least="1s", most=LONGEST)] = Field(
        description="How long messages are kept, since they were new."
    )
    replicas: Replicas | None = Field(default=None, description="Copies; where it is left out as many as there are servers, three at most.")
    has_dead_letters: Flag = Field(
        default=True, alias="deadLetters", description="Whether it has consumers there, whose dead letters are copied too."
    )
    work_queue: Flag = Field(
        default=False,
        description="Whether its retention is workqueue: a copy that is to take over has to be one from the beginning.",
    )


class SourceSettings(Section):
    """A stream whose messages are copied into another one, among others."""

    stream: StreamName = Field(description="Its name.")
    remote: Flag = Field(default=False, description="Whether it is in the remote cluster, rather than in this one.")
    filter_subject: Subject | None = Field(default=None, description="Of its subjects, those that are copied; where it is left out all.")
