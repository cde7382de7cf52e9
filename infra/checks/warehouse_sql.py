"""All SQL of the warehouse, for the linters: the files, and what is generated from declarations and templates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from infra.checkout import ROOT

_TEMPLATE = re.compile(r"\{\{|\{%|\{[a-z_]+\}")
"""Marks of Jinja and of `str.format`: such a file is no SQL yet, and what is generated from it is linted instead."""


@dataclass(frozen=True, slots=True)
class Source:
    """One SQL text.

    Attributes:
        path: its file, from the repository's root; of generated SQL the step that it is, which is no file.
        text: the SQL.
        is_generated: whether it is written by our code.
    """

    path: str
    text: str
    is_generated: bool = False


def written(folder: Path) -> list[Source]:
    """The SQL files under a folder, without the templates."""
    sources = (Source(_shown(path), path.read_text("utf-8")) for path in sorted(folder.rglob("*.sql")))
    return [source for source in sources if not _TEMPLATE.search(source.text)]


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def everything() -> list[Source]:
    """Every migration, procedure, product, rule, comment, description and grant."""
    files = written(ROOT / "warehouse")
    texts = "\n".join(source.text for source in files)
    return [*files, *(source for source in _generated() if source.text.strip() not in texts)]


def _generated() -> Iterator[Source]:
    from warehouse import rule_files
    from warehouse.migrate import steps
    from warehouse.stars import stars

    for step in steps():
        yield Source(f"{step.name} (generated)", step.text, is_generated=True)
    for star in stars():
        for rule in rule_files.rules(star.name):
            yield Source(f"{star.name}/quality/{rule.name} (generated)", rule.query, is_generated=True)
