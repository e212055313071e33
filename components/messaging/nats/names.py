"""How settings of NATS are written that more than one of its sections has."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from components.models.written import Written

LONGEST: Final = "292y"
"""The longest time: the server counts in nanoseconds, in 64 bits."""
StreamName = Annotated[
    str,
    Written(
        what="a name of up to 52 of a-z, 0-9 and -, that starts and ends with a letter or digit and does not end in -dlq",
        pattern=r"^(?!.*-dlq$)[a-z0-9]([a-z0-9-]{0,50}[a-z0-9])?$",
        example="orders",
    ),
]
# ASCII and less than 256 characters are what the documentation of NATS recommends; its server has
# no limit but the 4,096 bytes of a command. A leading _ or $ is the server's: inboxes, routes,
# advisories.
Subject = Annotated[
    str,
    Written(
        what=(
            "a NATS subject of up to 255 characters: words of letters, digits, - and _, joined by dots, the first one without a leading _;"
            " further on * stands for one word, and > for all that follow"
        ),
        pattern=r"^(?=.{1,255}$)[A-Za-z0-9-][A-Za-z0-9_-]*(\.([A-Za-z0-9_-]+|\*))*(\.>)?$",
        example="orders.>",
    ),
]


def _refuse_switch(given: object) -> object:
    # Python counts True as 1.
    if isinstance(given, bool):
        raise PydanticCustomError("literal_error", "allowed is {expected}", {"expected": "1, 3 or 5"})
    return given


Replicas = Annotated[Literal[1, 3, 5], BeforeValidator(_refuse_switch)]
"""Copies of what a stream stores."""

# The controller's certificate names it behind `jetstream-controller-`, in a label of 63 characters.
TenantName = Annotated[
    str,
    Written(
        what="a name of up to 40 of a-z, 0-9 and -, that starts and ends with a letter or digit",
        pattern=r"^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$",
        example="billing",
    ),
]
ClusterName = Annotated[
    str,
    Written(
        what="a name of up to 40 of a-z, 0-9 and -, that starts and ends with a letter or digit",
        pattern=r"^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$",
        example="production-dr",
    ),
]
