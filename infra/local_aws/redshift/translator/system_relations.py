"""The names of Redshift's system tables and views that the warehouse has, and the schemas that hold them.

The SQL files that create them are the only list.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_FILES = Path(__file__).parents[1] / "database"
_CREATED = re.compile(r"^(?:CREATE OR REPLACE VIEW (\w+)\.(\w+)|SELECT rs\.(empty)_relation\('(\w+)')", re.MULTILINE)
_CATALOG = "rs_catalog"
_INFORMATION = "rs_information"
PREFIXES = ("svv_", "svl_", "stl_", "stv_", "svcs_", "sys_")
"""How the names of Redshift's system tables and views begin, besides PostgreSQL's `pg_`."""


@cache
def _names() -> dict[str, frozenset[str]]:
    names: dict[str, set[str]] = {_CATALOG: set(), _INFORMATION: set()}
    for path in sorted(_FILES.glob("catalog_*.sql")):
        for schema, view, _, empty in _CREATED.findall(path.read_text()):
            if schema in names:
                names[schema].add(view)
            elif empty:
                names[_CATALOG].add(empty)
    return {schema: frozenset(members) for schema, members in names.items()}


def own_schema(schema: str, name: str) -> str | None:
    """The schema of ours that holds a relation which Redshift has under this name.

    Args:
        schema: The schema in the statement; empty if the name is unqualified.
        name: The relation's name.

    Returns:
        None if the relation is PostgreSQL's own, or the user's.
    """
    if schema.lower() in ("", "pg_catalog") and name.lower() in _names()[_CATALOG]:
        return _CATALOG
    if schema.lower() == "information_schema" and name.lower() in _names()[_INFORMATION]:
        return _INFORMATION
    return None


def is_system(schema: str, name: str) -> bool:
    """Whether a relation belongs to Redshift, not to a user. Unqualified names are found in `pg_catalog` first."""
    if schema:
        return schema.lower() in ("pg_catalog", "information_schema")
    return name.lower().startswith(("pg_", *PREFIXES))


def is_missing(schema: str, name: str) -> bool:
    """Whether Redshift may have such a system view, but the warehouse has not."""
    return (
        schema.lower() in ("", "pg_catalog") and name.lower().startswith(PREFIXES) and own_schema(schema, name) is None
    )
