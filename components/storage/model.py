"""How fast volumes are, as it is set: those of gp3 (EBS) and of Premium SSD v2 (Azure), which have the same bounds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final

from pydantic import Field

from components.models.scalars import GIB, Count
from components.models.section import Contradiction, Section

# What every volume has at no extra cost, and what the clouds accept at most (EC2 API, CreateVolume;
# Azure, Premium SSD v2 disks).
LEAST_IOPS: Final = 3_000
MOST_IOPS: Final = 80_000
LEAST_THROUGHPUT: Final = 125
MOST_THROUGHPUT: Final = 2_000
# So many operations are needed for each MiB/s.
_IOPS_PER_THROUGHPUT: Final = 4
# So many operations are given at most to each GiB, and the least to every volume.
_IOPS_PER_GIB: Final = 500


class VolumeSettings(Section):
    """A volume's speed."""

    iops: Annotated[Count, Field(ge=LEAST_IOPS, le=MOST_IOPS)] = Field(
        default=LEAST_IOPS,
        description=f"Operations a second. Each above {LEAST_IOPS} costs about 0.005 USD a month, of each volume. "
        f"{_IOPS_PER_GIB} are allowed for each GiB.",
    )
    throughput: Annotated[Count, Field(ge=LEAST_THROUGHPUT, le=MOST_THROUGHPUT)] = Field(
        default=LEAST_THROUGHPUT,
        description=f"MiB a second. Each above {LEAST_THROUGHPUT} costs about 0.04 USD a month, of each volume.",
    )

    @property
    def least_size(self) -> int:
        """Bytes below which a volume of this speed is refused."""
        return 0 if self.iops == LEAST_IOPS else -(-self.iops // _IOPS_PER_GIB) * GIB

    def contradictions(self) -> Iterator[Contradiction]:
        """More throughput than the operations carry."""
        if self.throughput * _IOPS_PER_THROUGHPUT > self.iops:
            needed = self.throughput * _IOPS_PER_THROUGHPUT
            yield ("throughput",), f"{self.throughput} MiB/s need {needed} iops, but there are {self.iops}; raise iops or lower throughput"


GENERAL: Final = VolumeSettings()
SYNCHRONOUS: Final = VolumeSettings(iops=6_000, throughput=250)
"""Of brokers that write each message to the disk before they acknowledge it: an operation or more."""
