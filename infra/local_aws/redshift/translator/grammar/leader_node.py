"""Functions that run on the leader node alone: a query with one must not read tables of users.

Source: https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_functions_leader_node_only.html
"""

from __future__ import annotations

from sqlglot import exp

from ...errors import RefusedByRedshift
from ..functions import function_name

_LEADER_ONLY = frozenset(
    """
    age current_schemas has_database_privilege has_schema_privilege has_table_privilege has_column_privilege
    has_function_privilege has_language_privilege pg_get_viewdef pg_get_userbyid format_type col_description
    obj_description isfinite to_ascii get_byte set_byte get_bit set_bit
    """.split()  # noqa: SIM905 - a page of names reads better than a page of quotes
)
_CATALOGS = ("pg_catalog", "information_schema")
_PREFIXES = ("pg_", "svv_", "svl_", "stl_", "stv_", "sys_", "svcs_")


def refuse_on_tables(tree: exp.Expr) -> None:
    """Raises RefusedByRedshift if a leader-node function and a table of a user meet in a statement."""
    names = {function_name(call) for call in tree.find_all(exp.Anonymous)} & _LEADER_ONLY
    if names and any(_is_users(table, tree) for table in tree.find_all(exp.Table)):
        raise RefusedByRedshift(
            "Specified types or functions (one per INFO message) not supported on Redshift tables.\n"
            f'  Info: Function "{min(names)}" not supported.'
        )


def _is_users(table: exp.Table, tree: exp.Expr) -> bool:
    name = table.name.lower()
    if not name or table.db.lower() in _CATALOGS or (not table.db and name.startswith(_PREFIXES)):
        return False
    return table.db != "" or name not in {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
