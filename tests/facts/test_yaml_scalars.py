from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from facts.yaml_scalars import AmbiguousScalarError, resolve_plain


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("true", True),
        ("FALSE", False),
        ("3", 3),
        ("+3", 3),
        ("-12", -12),
        ("0", 0),
        ("0x1F", 31),
        ("2.5", 2.5),
        (".5", 0.5),
        ("1.", 1.0),
        ("1.5e+3", 1500.0),
        ("500Gi", "500Gi"),
        ("1.2.3", "1.2.3"),
        ("10.0.0.0/16", "10.0.0.0/16"),
        ("eu-central-1", "eu-central-1"),
        ("5432:5432", "5432:5432"),
        ("nano", "nano"),
        ("-", "-"),
        ("e3", "e3"),
    ],
)
def test_a_scalar_that_all_readers_take_alike_is_read(text: str, value: object) -> None:
    assert resolve_plain(text) == value
    assert type(resolve_plain(text)) is type(value)


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("yes", "a boolean"),
        ("No", "a boolean"),
        ("on", "a boolean"),
        ("OFF", "a boolean"),
        ("y", "a boolean"),
        ("017", "an octal number"),
        ("0o17", "an octal number"),
        ("0755", "an octal number"),
        ("08", "an octal number"),
        ("0b101", "a binary number"),
        ("0x" + "f" * 16, "a hexadecimal number"),
        ("12:30", "a number of seconds"),
        ("1:30:00", "a number of seconds"),
        ("1_000", "a number"),
        ("1e3", "a number"),
        ("1.5e3", "a number"),
        ("18446744073709551616", "a number"),
        ("9" * 5000, "a number"),
        (".inf", "a number that no configuration can hold"),
        ("-.INF", "a number that no configuration can hold"),
        (".nan", "a number that no configuration can hold"),
        ("2026-11-21", "a date"),
        ("2026-11-21T10:00:00Z", "a date"),
        ("2026-11-21 10:00:00.5 +02:00", "a date"),
        ("=", "a sign with a meaning of its own"),
    ],
)
def test_a_scalar_on_which_readers_disagree_is_refused_with_advice(text: str, reading: str) -> None:
    with pytest.raises(AmbiguousScalarError, match=f"is {reading} to some readers of YAML and not to others; .*quotes$") as caught:
        resolve_plain(text)
    assert len(str(caught.value)) < 200


@given(st.from_regex(r"[-+.:_0-9a-zA-Z=~]{1,12}", fullmatch=True))
def test_what_is_read_is_what_a_reader_of_yaml_1_1_reads(text: str) -> None:
    try:
        value = resolve_plain(text)
        other = yaml.safe_load(f"- {text}")[0]
    except (AmbiguousScalarError, yaml.YAMLError):
        return
    if isinstance(other, dict | list):
        return  # `a:` is a mapping and `-` a list: no scalars
    assert value == other
    assert type(value) is type(other)
