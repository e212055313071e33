"""Provider functions that have an offline answer: pure ones are computed, AWS's read-only ones asked of a simulated account."""

from offline.functions.table import Functions

__all__ = ["Functions"]
