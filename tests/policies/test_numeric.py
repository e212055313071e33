from __future__ import annotations

from typing import Any

import pytest

from policies.numeric import number


@pytest.mark.parametrize("content", [3, 3.0, "3", "3.0"])
def test_a_number_is_read_in_whatever_form_it_comes(content: Any) -> None:
    assert number(content) == 3


@pytest.mark.parametrize(("content", "error"), [(True, TypeError), (None, TypeError), ([], TypeError), ("three", ValueError)])
def test_what_is_no_number_is_refused(content: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        number(content)
