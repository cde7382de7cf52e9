"""The declaration of a star, and the search for stars and their SQL files.

A star is a package next to this module: its `__init__.py` has one `STAR`, its folders have the SQL. You can add a star
without changing anything else, because no code here knows a star's name.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import warehouse
from warehouse.bridges import Bridge
from warehouse.dimensions import Dimension
from warehouse.facts import Fact
from warehouse.labels import LABELS
from warehouse.rules import RuleDeclaration
from warehouse.staged import Staged
from warehouse.standard import standard_rules
from warehouse.tables import Table

SHARED = ("shared", "operations")
"""Folders of SQL that belong to no star: what all stars use, and the views of the ledger."""


class UnknownPipeline(ValueError):
    """No pipeline of that name loads a star."""


@dataclass(frozen=True, slots=True)
class Highlight:
    """A short table in the summary of a run. It must not contain personal data.

    Attributes:
        title: its heading.
        query: returns its few rows, in order. The names of its columns are shown. Cast ids and years to text.
    """

    title: str
    query: str


@dataclass(frozen=True, slots=True)
class Star:
    """One star schema and the pipeline that loads it.

    Attributes:
        name: its schema in Redshift, and its folder here.
        pipeline: the pipeline that loads it; run ids begin with this name.
        description: the comment of its schema.
        staged: its tables in schema `staging`, which the Glue job loads; the allowlist of identifiers for COPY.
        dimensions: the dimensions that a shared template merges.
        facts: the facts that a shared template merges.
        others: staged tables that are neither such a dimension nor such a fact.
        bridges: the bridges between its fact of events and a dimension.
        work: tables in schema `staging` that pass rows from one of its procedures to the next, keyed by run id.
        rules: its quality rules of a common shape. If two have the same name, the later one counts.
        merge: its procedures, in the order that a publication calls them; each takes a run id.
        conditions: functions that return a condition or a label as SQL. Its files call them by name, as
            `{{ is_on("f") }}`, as well as those of `warehouse.labels`.
        after_refresh: procedures that are called after a publication, outside its transaction; each takes a run id.
        tables: its tables, for summaries.
        highlights: the short tables in the summary of a run.
    """

    name: str
    pipeline: str
    staged: tuple[str, ...]
    merge: tuple[str, ...]
    tables: tuple[str, ...]
    description: str = ""
    dimensions: tuple[Dimension, ...] = ()
    facts: tuple[Fact, ...] = ()
    others: tuple[Staged, ...] = ()
    bridges: tuple[Bridge, ...] = ()
    work: tuple[str, ...] = ()
    rules: tuple[RuleDeclaration, ...] = ()
    conditions: tuple[Callable[..., str], ...] = ()
    after_refresh: tuple[str, ...] = ()
    highlights: tuple[Highlight, ...] = ()

    @property
    def staged_tables(self) -> tuple[Staged, ...]:
        """The tables that its Glue job stages."""
        return (*self.members, *self.others)

    @property
    def declared_tables(self) -> tuple[Table, ...]:
        """The tables that are created from declarations, each after those that it refers to."""
        by_name = {dimension.name: dimension for dimension in self.keyed_dimensions}
        return (
            *(table.staging_table(self.name) for table in self.staged_tables),
            *(dimension.star_table(self.name) for dimension in self.dimensions),
            *(fact.star_table(self.name, by_name) for fact in self.facts),
        )

    @property
    def keyed_dimensions(self) -> tuple[Dimension, ...]:
        """The declared dimensions that facts refer to by a surrogate key."""
        return tuple(dimension for dimension in self.dimensions if dimension.has_surrogate_key)

    def dimension(self, name: str) -> Dimension:
        """The dimension of that name that facts refer to. Raises StopIteration if the star has none."""
        return next(dimension for dimension in self.keyed_dimensions if dimension.name == name)

    @property
    def members(self) -> tuple[Dimension | Fact, ...]:
        """All tables that a template merges, in the order of their merge."""
        return (*self.dimensions, *self.facts)

    def sql_files(self, folder: str) -> list[SqlFile]:
        """The SQL files of one of the star's folders, in order of their names."""
        return sql_files(self.name, folder)


def current_star(
    name: str,
    pipeline: str,
    *,
    description: str,
    dimensions: tuple[Dimension, ...],
    facts: tuple[Fact, ...],
    rules: tuple[RuleDeclaration, ...] = (),
    has_standard_rules: bool = True,
    conditions: tuple[Callable[..., str], ...] = (),
    after_refresh: tuple[str, ...] = (),
    highlights: tuple[Highlight, ...] = (),
) -> Star:
    """A star with the content of the newest day, whose tables are all created from declarations.

    Args:
        name: its schema, and its folder here.
        pipeline: the pipeline that loads it.
        description: the comment of its schema.
        dimensions: dimensions of history `current`.
        facts: facts, merged after the dimensions that they refer to.
        rules: rules in addition to the standard ones. A rule with the name of a standard one replaces it.
        has_standard_rules: whether it also has the rules of `warehouse.standard`.
        conditions: see `Star`.
        after_refresh: see `Star`.
        highlights: see `Star`.
    """
    members: tuple[Dimension | Fact, ...] = (*dimensions, *facts)
    return Star(
        name=name,
        pipeline=pipeline,
        staged=tuple(f"{name}_{member.curated}" for member in members),
        merge=(f"{name}.sp_check_staged", *(f"{name}.sp_merge_{member.table_name}" for member in members)),
        tables=(*(fact.table_name for fact in facts), *(dimension.table_name for dimension in dimensions)),
        description=description,
        dimensions=dimensions,
        facts=facts,
        rules=(*standard_rules(dimensions, facts), *rules) if has_standard_rules else rules,
        conditions=conditions,
        after_refresh=after_refresh,
        highlights=highlights,
    )


@dataclass(frozen=True, slots=True)
class SqlFile:
    """One SQL file; `name` is `<package>/<folder>/<file>.sql`, `stem` the file's name without `.sql`."""

    name: str
    stem: str
    text: str


def sql_files(package: str, folder: str) -> list[SqlFile]:
    """The SQL files of `warehouse/<package>/<folder>`, in order of their names; also when imported from a zip.

    The conditions that the star declares, and the labels of all stars, are filled in.
    """
    root = resources.files("warehouse").joinpath(package, folder)
    if not root.is_dir():
        return []
    files = sorted((item for item in root.iterdir() if item.name.endswith(".sql")), key=lambda item: item.name)
    return [
        SqlFile(
            f"{package}/{folder}/{item.name}",
            item.name.removesuffix(".sql"),
            _with_conditions(package, item.read_text("utf-8")),
        )
        for item in files
    ]


def _with_conditions(package: str, text: str) -> str:
    if "{{" not in text:
        return text
    from warehouse.templates import render_text  # not at the top: a Glue job reads stars, and Glue has no Jinja

    conditions = next(star.conditions for star in stars() if star.name == package)
    return render_text(text, **{function.__name__: function for function in (*LABELS, *conditions)})


@lru_cache(maxsize=1)
def stars() -> tuple[Star, ...]:
    """All stars, in order of their names."""
    return tuple(_find())


def _find() -> Iterator[Star]:
    for module in sorted(pkgutil.iter_modules(warehouse.__path__), key=lambda module: module.name):
        if module.ispkg and module.name not in SHARED:
            yield importlib.import_module(f"warehouse.{module.name}").STAR


def packages() -> tuple[str, ...]:
    """All folders with SQL of the warehouse, in the order of their migration."""
    return (*SHARED, *(star.name for star in stars()))


def star_of(pipeline: str) -> Star:
    """The star that a pipeline loads. Raises UnknownPipeline."""
    for star in stars():
        if star.pipeline == pipeline:
            return star
    known = ", ".join(star.pipeline for star in stars())
    raise UnknownPipeline(f"no star belongs to pipeline {pipeline!r}; known pipelines: {known}")
