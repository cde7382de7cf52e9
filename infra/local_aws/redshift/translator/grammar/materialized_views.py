"""The relations that a materialized view may read.

Source: https://docs.aws.amazon.com/redshift/latest/dg/materialized-view-create-sql-command.html
"""

from __future__ import annotations

from sqlglot import exp

from ...errors import RefusedByRedshift
from ..relations import kind_of

_SYSTEM = ("pg_", "svv_", "svl_", "stl_", "stv_", "sys_", "svcs_")
_CATALOGS = ("pg_catalog", "information_schema")


def refuse_relations(tree: exp.Expr) -> None:
    """Raises RefusedByRedshift if a materialized view reads a view or a system table."""
    own_names = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        name = table.name.lower()
        if not table.db and name in own_names:
            continue
        if table.db.lower() in _CATALOGS or (not table.db and name.startswith(_SYSTEM)):
            raise RefusedByRedshift(f"materialized views must not use system tables: {name}")
        if kind_of(table.db or None, name) == "v":
            raise RefusedByRedshift(f"materialized views must not use temporary tables or views: {name}")
