"""What the pack knows of the project around it: the names of its stacks."""

from __future__ import annotations

from pathlib import Path

from facts.yaml_text import YamlTextError, read_yaml


def known_stacks(project_dir: Path) -> frozenset[str]:
    """The stacks that have a file in the folder that ``Pulumi.yaml`` names; none where that cannot be read."""
    try:
        content = read_yaml((project_dir / "Pulumi.yaml").read_text(encoding="utf-8"), str).content
    except (OSError, UnicodeDecodeError, YamlTextError):
        return frozenset()
    folder = content.get("stackConfigDir", ".") if isinstance(content, dict) else "."
    files = (project_dir / folder).glob("Pulumi.*.yaml") if isinstance(folder, str) else ()
    return frozenset(file.name.removeprefix("Pulumi.").removesuffix(".yaml") for file in files)
