"""Writes a new source's files from templates: a star with one fact and one dimension, a DAG, and a small sample.

Templates are Jinja files that end in `.j2`. `NAME` and `PIPELINE` in their paths are placeholders for the source and
its pipeline. The folder `star` has the templates that both kinds of source share.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from jinja2 import Environment, StrictUndefined

Like = Literal["tickit", "ticketmaster"]
"""The existing source to follow: files at a location, or an API with pages."""

RESOURCES = Path("aws_services", "resources.py")
_TEMPLATES = Path(__file__).parent / "templates"
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_LONGEST = 30  # it becomes part of names in AWS, which may have 64 characters
_END_OF_PIPELINES = '    )\n}\n"""The pipelines that run every day'
_WORDS = (Path(__file__).parent / "reserved_words.txt").read_text("utf-8").splitlines()
_RESERVED = frozenset(word for line in _WORDS if not line.startswith("#") for word in line.split())
_KEYWORDS = frozenset(keyword.kwlist) | frozenset(keyword.softkwlist)


class NameRefused(ValueError):
    """A name that a source can't have. The message has the reason."""


@dataclass(frozen=True, slots=True)
class Skeleton:
    """The files of a new source.

    Attributes:
        name: the name of the source, its schema, its folders and its resources.
        like: the kind of source.
        root: the repository.
    """

    name: str
    like: Like
    root: Path

    @property
    def pipeline(self) -> str:
        """The pipeline's name."""
        return f"{self.name}_{'load' if self.like == 'tickit' else 'daily'}"

    def files(self) -> dict[Path, str]:
        """The texts to write by path relative to the repository, sorted by path."""
        jinja = Environment(  # the output is source code and not HTML, so there is nothing to escape
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            autoescape=False,
        )
        words = {"name": self.name, "pipeline": self.pipeline, "like": self.like}
        texts = {
            self._path(path): jinja.from_string(path.read_text("utf-8")).render(words) for path in self._templates()
        }
        return dict(sorted(texts.items()))

    def check(self) -> None:
        """Raise NameRefused or FileExistsError if the source can't be written."""
        if not _NAME.fullmatch(self.name) or len(self.name) > _LONGEST:
            raise NameRefused(
                f"{self.name!r} cannot name a source: use lower-case letters, digits and single underscores, a letter "
                f"first, at most {_LONGEST} characters, such as 'acme' or 'box_seats'"
            )
        if self.name in _RESERVED | _KEYWORDS:
            raise NameRefused(f"{self.name!r} is a word of SQL or Python, or a name that Boxoffice uses: take another")
        places = [
            self.root / folder / self.name for folder in ("sources", "schemas", "warehouse", "glue_jobs/transforms")
        ]
        taken = [path for place in places for path in (place, place.with_suffix(".py")) if path.exists()]
        taken += [self.root / path for path in self.files() if (self.root / path).exists()]
        if taken:
            raise FileExistsError(f"{taken[0].relative_to(self.root)} already exists: no file was written")

    def write(self) -> list[Path]:
        """Write all files, and the pipeline's line in the list of resources.

        Returns:
            The files that were written or changed, relative to the repository.

        Raises:
            NameRefused: a source can't have that name. No file was written.
            FileExistsError: a file already exists. No file was written.
            LookupError: the list of resources doesn't have the expected form. No file was written.
        """
        self.check()
        with_pipeline = self._resources()
        files = self.files()
        for path, text in files.items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_text(text, "utf-8")
        (self.root / RESOURCES).write_text(with_pipeline, "utf-8")
        return [*files, RESOURCES]

    def next_steps(self) -> str:
        """The next three commands for the user, as text."""
        query = f"SELECT * FROM {self.name}.mv_orders_by_item ORDER BY item_id"
        return (
            "next:\n"
            "  ./boxoffice lint\n"
            "  ./boxoffice up    (if the stack is already up, run ./boxoffice down first: it doesn't know the source)\n"
            f'  ./boxoffice trigger {self.pipeline} --wait && ./boxoffice sql "{query}"'
        )

    def _resources(self) -> str:
        text = (self.root / RESOURCES).read_text("utf-8")
        if text.count(_END_OF_PIPELINES) != 1:
            raise LookupError(f"{RESOURCES} has no PIPELINES in the expected form: add the pipeline there by hand")
        tables = '("items", "orders")'
        line = f'        _pipeline("{self.pipeline}", "{self.name}", entities={tables}, tables={tables}),\n'
        return text.replace(_END_OF_PIPELINES, line + _END_OF_PIPELINES)

    def _templates(self) -> Iterator[Path]:
        for folder in ("star", self.like):
            yield from (_TEMPLATES / folder).rglob("*.j2")

    def _path(self, template: Path) -> Path:
        parts = template.relative_to(_TEMPLATES).parts[1:]
        words = {"NAME": self.name, "PIPELINE": self.pipeline}
        path = Path(*parts).as_posix().removesuffix(".j2")
        for mark, word in words.items():
            path = path.replace(mark, word)
        return Path(path)
