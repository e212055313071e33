"""How fast volumes on AWS are, as it is set."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final

from pydantic import Field

from components.models.scalars import GIB, Count
from components.models.section import Contradiction, Section

# What every gp3 volume has at no extra cost, and what the EC2 API accepts at most (CreateVolume).
LEAST_IOPS: Final = 3_000
MOST_IOPS: Final = 80_000
LEAST_THROUGHPUT: Final = 125
MOST_THROUGHPUT: Final = 2_000
# EBS needs so many operations for each MiB/s.
_IOPS_PER_THROUGHPUT: Final = 4
# EBS gives so many operations at most to each GiB, and the least to every volume.
_IOPS_PER_GIB: Final = 500


class VolumeSettings(Section):
    """A gp3 volume's speed."""

    iops: Annotated[Count, Field(ge=LEAST_IOPS, le=MOST_IOPS)] = Field(
        default=LEAST_IOPS,
        description=f"Operations a second. Each above {LEAST_IOPS} costs about 0.005 USD a month, of each volume. "
        f"EBS allows {_IOPS_PER_GIB} for each GiB.",
    )
    throughput: Annotated[Count, Field(ge=LEAST_THROUGHPUT, le=MOST_THROUGHPUT)] = Field(
        default=LEAST_THROUGHPUT,
        description=f"MiB a second. Each above {LEAST_THROUGHPUT} costs about 0.04 USD a month, of each volume.",
    )

    @property
    def least_size(self) -> int:
        """Bytes below which EBS refuses a volume of this speed."""
        return 0 if self.iops == LEAST_IOPS else -(-self.iops // _IOPS_PER_GIB) * GIB

    def contradictions(self) -> Iterator[Contradiction]:
        """More throughput than the operations carry."""
        if self.throughput * _IOPS_PER_THROUGHPUT > self.iops:
            needed = self.throughput * _IOPS_PER_THROUGHPUT
            yield ("throughput",), f"{self.throughput} MiB/s need {needed} iops, but there are {self.iops}; raise iops or lower throughput"


GENERAL: Final = VolumeSettings()
SYNCHRONOUS: Final = VolumeSettings(iops=6_000, throughput=250)
"""Of brokers that write each message to the disk before they acknowledge it: an operation or more."""
