from __future__ import annotations

import pytest

from offline import functions


@pytest.fixture
def region_function(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give ``aws.get_region`` an answer: the region of the arguments or the provider."""
    monkeypatch.setitem(
        functions.ANSWERS, "aws:index/getRegion:getRegion", lambda args, provider: {"name": args.get("region") or provider.get("region")}
    )
