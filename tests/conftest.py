from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import hypothesis
import pytest

from offline.analysis import Pack
from offline.engine import Run, run_program

# A busy machine is slow, not wrong.
hypothesis.settings.register_profile("plinth", deadline=None)
hypothesis.settings.load_profile("plinth")


@pytest.fixture
def preview() -> Callable[..., Run]:
    """Run a function as a program: `preview(lambda: AwsNetwork("net", args))`."""

    def run(program: Callable[[], Any], stack: str = "dev", config: Mapping[str, str] | None = None, pack: Pack | None = None) -> Run:
        def entry() -> None:
            # Discarded: what a program returns, the SDK would await or export.
            program()

        return run_program(entry, stack=stack, config=config, pack=pack)

    return run
