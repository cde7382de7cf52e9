"""Views WITH NO SCHEMA BINDING: what they name is looked up when they are read, not when they are created.

PostgreSQL binds a view's query at once. So the warehouse keeps the query's text, and a statement that reads the view
gets the text in its place, with the tables and columns of that moment. The view in `pg_class` runs the text,
for readers whose own SQL was translated earlier: procedures and other views.

A reader needs the right to read the view and, unlike in Redshift, also the tables behind it.
Source: https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_VIEW.html#r_CREATE_VIEW_late-binding-views
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from sqlglot import exp

from ..errors import RefusedByRedshift

_DEEPEST = 32
"""Views may read views. A view that reads itself would never end."""


@dataclass(frozen=True, slots=True)
class LateView:
    """A late-binding view: its query in Redshift's SQL, and the names of its columns if CREATE VIEW listed them."""

    text: str
    columns: tuple[str, ...] = ()


Name = tuple[str | None, str]
"""Schema (None: by the search path) and name of a relation, in lower case."""
Lookup = Callable[[Iterable[Name]], dict[Name, LateView]]
"""Returns those of the named relations that are late-binding views."""


def _unknown(_names: Iterable[Name]) -> dict[Name, LateView]:
    return {}


_lookup: ContextVar[Lookup] = ContextVar("late_views", default=_unknown)


@contextmanager
def late_views_found_by(lookup: Lookup) -> Iterator[None]:
    """Statements translated inside the block read late-binding views by their texts."""
    token = _lookup.set(lookup)
    try:
        yield
    finally:
        _lookup.reset(token)


@contextmanager
def bound_early() -> Iterator[None]:
    """Inside this block no text takes a view's place: for definitions that are kept."""
    with late_views_found_by(_unknown):
        yield


def relations_of(tree: exp.Expr) -> list[exp.Table]:
    """The relations that a query names, without the names of its WITH clauses."""
    local_names = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    return [
        table
        for table in tree.find_all(exp.Table)
        if isinstance(table.this, exp.Identifier) and (table.db or table.name.lower() not in local_names)
    ]


def expand(tree: exp.Expr, parse: Callable[[str], exp.Expr]) -> exp.Expr:
    """Puts the queries of late-binding views in their places, also those inside these queries.

    Args:
        tree: A statement.
        parse: Parses a view's text.
    """
    for _ in range(_DEEPEST):
        tables = [table for table in relations_of(tree) if isinstance(table.parent, (exp.From, exp.Join))]
        names = {id(table): (table.db.lower() or None, table.name.lower()) for table in tables}
        views = _lookup.get()(names.values()) if tables else {}
        if not views:
            return tree
        for table in tables:
            if view := views.get(names[id(table)]):
                table.replace(_subquery(table, view, parse(view.text)))
    raise RefusedByRedshift("a late-binding view reads itself")


def _subquery(table: exp.Table, view: LateView, body: exp.Expr) -> exp.Subquery:
    if view.columns:
        inner = exp.TableAlias(
            this=exp.to_identifier(table.name), columns=[exp.to_identifier(column) for column in view.columns]
        )
        body = exp.select("*").from_(exp.Subquery(this=body, alias=inner))
    alias = table.args.get("alias") or exp.TableAlias(this=exp.to_identifier(table.name))
    others = {key: value for key, value in table.args.items() if key in ("joins", "laterals", "pivots") and value}
    return exp.Subquery(this=body, alias=alias, **others)
