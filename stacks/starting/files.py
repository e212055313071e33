"""From answers to a stack file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from ipaddress import IPv4Network
from pathlib import Path
from string import Template
from typing import Any, Final

import yaml

from facts.tiers import Tier
from stacks.errors import PlinthError
from stacks.loading import NAMESPACE, load_settings
from stacks.starting.derived import on_aws, on_azure, on_existing

_TEMPLATES: Final = Path(__file__).parent
_DERIVED: Final[Mapping[str, Callable[[Mapping[str, str], Tier], Mapping[str, str]]]] = {
    "aws": on_aws,
    "azure": on_azure,
    "existing": on_existing,
}
# A stack's network is a /16: others of the same organisation come before and after it.
_NETWORKS: Final = tuple(IPv4Network(f"10.{block}.0.0/16") for block in range(16, 256, 16))


class StackExistsError(PlinthError):
    """There is a stack of this name already; its file stays as it is."""


def render_stack(place: str, tier: Tier, answers: Mapping[str, str], others: Iterable[Path]) -> str:
    """The file of a new stack.

    Args:
        place: where it stands, a key of ``QUESTIONS``.
        tier: what it is for.
        answers: by question.
        others: the files of the stacks that are there: its network has to be apart from theirs.

    Raises:
        SettingsError: the answers do not make settings; each with its path and what is allowed.
    """
    quoted = {name.replace("-", "_"): json.dumps(answer, ensure_ascii=False) for name, answer in answers.items()}
    derived = {"tier": tier.value, "cidr": str(_free_network(others)), **_DERIVED[place](answers, tier)}
    whole, parts = ((_TEMPLATES / f"{name}.yaml").read_text(encoding="utf-8") for name in (place, "applications"))
    text = Template(whole + parts).substitute({**quoted, **derived})
    load_settings(_as_engine_hands_over(yaml.safe_load(text)["config"]))
    return text


def write_stack(path: Path, text: str) -> None:
    """Write a new stack file.

    Raises:
        StackExistsError: there is one already.
    """
    try:
        with path.open("x", encoding="utf-8") as file:
            try:
                file.write(text)
                file.flush()
            except OSError:
                # Half a file would be in the way of the next attempt.
                path.unlink()
                raise
    except FileExistsError:
        raise StackExistsError(f"{path} is there already and stays as it is; choose another name, or edit the file") from None


def _free_network(others: Iterable[Path]) -> IPv4Network:
    taken = [network for path in others for network in _networks_of(path)]
    return next((free for free in _NETWORKS if not any(free.overlaps(network) for network in taken)), _NETWORKS[0])


def _networks_of(path: Path) -> Iterable[IPv4Network]:
    """The network of a stack; nothing where the file does not say it: previewing that stack says what is wrong with it."""
    try:
        yield IPv4Network(yaml.safe_load(path.read_text(encoding="utf-8"))["config"][f"{NAMESPACE}:network"]["cidr"])
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError):
        return


def _as_engine_hands_over(config: Mapping[str, Any]) -> dict[str, str]:
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}
