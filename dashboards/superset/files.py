"""Superset's files as text: YAML that people can read and compare."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_HEADER = "# Written by `python -m dashboards.superset --write`. Change the declarations in dashboards/ instead.\n"


class _Dumper(yaml.SafeDumper):  # type: ignore[misc]  # PyYAML has no types
    """Writes text of several lines as a block, and repeats values instead of referring to them."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  PyYAML's interface
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _text)


def to_yaml(content: dict[str, Any]) -> str:
    """One file's text."""
    text: str = yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)
    return _HEADER + text


def read(folder: Path) -> dict[str, str]:
    """The texts of a folder's files, by relative path."""
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in sorted(folder.rglob("*.yaml"))}


def write(folder: Path, texts: dict[str, str]) -> None:
    """Make a folder's files those texts. Files that are not among them are removed."""
    for path in set(read(folder)) - set(texts):
        (folder / path).unlink()
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
