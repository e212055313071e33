"""Searches for credentials in long texts, against a plain scan of the same text: the ratio stays where the time is linear."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable
from typing import Final

from policies.rules.secrets.credentials import has_inline_password, is_literal, names_credential

SIZES: Final = (50_000, 500_000, 1_500_000)
ROUNDS: Final = 3
AIM: Final = 4
"""By how much the ratio may grow from the smallest to the largest text; quadratic time would make it thirty."""
SHAPES: Final = {
    "one word": "a",
    "openings of templates": "{{",
    "openings of variables": "${",
    "addresses without an end": "a://b:",
    "libpq keys": "host=a ",
    "assignments": "; password = ",
}
_WORD: Final = re.compile(r"[^\s]")


def search(text: str) -> None:
    """What the rules about credentials ask of a name and its value."""
    for question in (has_inline_password, is_literal, names_credential):
        question(text)


def scan(text: str) -> None:
    """Look at each character once."""
    for _ in _WORD.finditer(text):
        pass


def seconds(run: Callable[[str], None], text: str) -> float:
    """CPU seconds, the median of some runs."""
    runs: list[float] = []
    for _ in range(ROUNDS):
        start = time.process_time()
        run(text)
        runs.append(time.process_time() - start)
    return statistics.median(runs)


def main() -> None:
    """Print the ratio for each shape of text and each size."""
    sizes = ", ".join(f"{size:,}" for size in SIZES)
    print(f"Searches for credentials, CPU as a ratio to a plain scan of the same text of {sizes} characters")
    for name, piece in SHAPES.items():
        texts = [piece * (size // len(piece)) for size in SIZES]
        ratios = [seconds(search, text) / seconds(scan, text) for text in texts]
        growth = f"grows {ratios[-1] / ratios[0]:.1f} times; aim: {AIM} or less"
        print(f"  {name:26} {'  '.join(f'{ratio:5.2f}' for ratio in ratios)}  ({growth})")


if __name__ == "__main__":
    main()
