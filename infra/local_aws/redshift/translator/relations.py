"""The tables and user-defined functions that a statement names, as far as the caller of the translator knows them.

A few of Redshift's rules need types: the scale of a decimal division, trailing blanks in comparisons, whether a name is
a column or the alias of a select item. A session looks them up in the database. Without a database (lint, unit tests)
nothing is known, and each rule documents what it does then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Columns(dict[str, str]):
    """Column names in lower case, in order, with PostgreSQL's type as `format_type` writes it, such as `numeric(18,2)`.

    Attributes:
        kind: The relation's kind: `r` a table, `v` a view, `m` a materialized view, as in `pg_class.relkind`; or empty.
    """

    kind: str = ""


Lookup = Callable[[str | None, str], Columns | None]
"""Returns a relation's columns, given its schema (None: by the search path) and name; None if it is not known."""

FunctionLookup = Callable[[str], str | None]
"""Returns the schema of a user-defined function that is called by its bare name; None if there is none."""


def _unknown(_schema: str | None, _name: str) -> Columns | None:
    return None


def _no_function(_name: str) -> str | None:
    return None


_lookup: ContextVar[Lookup] = ContextVar("relations", default=_unknown)
_function_lookup: ContextVar[FunctionLookup] = ContextVar("functions", default=_no_function)
_declared: ContextVar[dict[str, Columns] | None] = ContextVar("declared", default=None)


@contextmanager
def declaring() -> Iterator[None]:
    """Tables that are declared inside the block are known until its end."""
    token = _declared.set({})
    try:
        yield
    finally:
        _declared.reset(token)


def is_declaring() -> bool:
    """Whether the statements of a procedure's body are translated."""
    return _declared.get() is not None


def declare(name: str, columns: Columns) -> None:
    """Makes a table known that a procedure's body creates."""
    tables = _declared.get()
    if tables is not None:
        tables[name.lower()] = columns


@contextmanager
def looked_up_by(lookup: Lookup, functions: FunctionLookup = _no_function) -> Iterator[None]:
    """Translations inside the block look up columns and user-defined functions with these."""
    token = _lookup.set(lookup)
    function_token = _function_lookup.set(functions)
    try:
        yield
    finally:
        _lookup.reset(token)
        _function_lookup.reset(function_token)


def is_looked_up() -> bool:
    """Whether a session looks up the columns: a relation that is not known does not exist now."""
    return _lookup.get() is not _unknown and not is_declaring()


def columns_of(schema: str | None, name: str) -> Columns | None:
    """The columns of a relation; None if it is not known."""
    tables = _declared.get() or {}
    if name.lower() in tables:
        return tables[name.lower()]
    return _lookup.get()(schema.lower() if schema else None, name.lower())


def schema_of_function(name: str) -> str | None:
    """The schema of a user-defined function, by the search path; None if there is none."""
    return _function_lookup.get()(name.lower())


def kind_of(schema: str | None, name: str) -> str:
    """The kind of a relation, as in `Columns.kind`; empty if it is not known."""
    return getattr(columns_of(schema, name), "kind", "")
