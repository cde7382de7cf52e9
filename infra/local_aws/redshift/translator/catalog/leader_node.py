"""What runs on Redshift's leader node alone, and therefore not together with user tables.

Sources: https://docs.aws.amazon.com/redshift/latest/dg/c_join_PG.html and c_sql-functions-leader-node.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlglot import exp

from ...errors import RefusedByRedshift
from ..function_names import SAME, TWIN
from ..system_relations import is_system

_REFUSAL = "Specified types or functions (one per INFO message) not supported on Redshift tables"

_ON_COMPUTE_NODES = ("stl_", "stv_", "svl_", "svcs_", "sys_", "svv_table_info", "svv_diskusage")
"""System tables that are distributed like user tables: their beginnings."""

_LEADER_RELATIONS = frozenset(
    {"pg_table_def", "pg_views", "pg_tables", "pg_indexes", "pg_rules", "pg_stats", "svv_tables", "svv_columns"}
)
"""Views that call functions of the leader node. Those of information_schema do, too."""

_UNSUPPORTED_COLUMNS = {
    "pg_attribute": ("attacl",),
    "pg_attrdef": ("adbin",),
    "pg_class": ("relacl",),
    "pg_constraint": ("conkey", "confkey", "conbin"),
    "pg_database": ("datacl", "datconfig"),
    "pg_group": ("grolist",),
    "pg_index": ("indkey", "indclass", "indexprs", "indpred"),
    "pg_namespace": ("nspacl",),
    "pg_proc": ("proargtypes", "proargnames", "proacl"),
    "pg_type": ("typinput", "typoutput", "typreceive", "typsend", "typanalyze"),
    "pg_user": ("useconfig", "valuntil"),
}
"""Columns of catalog tables whose types exist on the leader node only."""

_FUNCTIONS = frozenset(
    """
    array_append array_cat array_dims array_length array_lower array_prepend array_to_string array_upper
    col_description obj_description shobj_description current_schema current_schemas current_setting set_config
    format_type format_encoding generate_series has_any_column_privilege has_column_privilege has_database_privilege
    has_function_privilege has_language_privilege has_schema_privilege has_table_privilege has_tablespace_privilege
    has_sequence_privilege inet_client_addr inet_client_port inet_server_addr inet_server_port now version
    quote_ident quote_literal textin nameout regclassout to_regclass unnest
    """.split()  # noqa: SIM905 - a page of names reads better than a page of quotes
)
_ASKED_BY_CLIENTS = frozenset({"array_agg", "generate_subscripts"})
"""Later functions of PostgreSQL, which its own clients use to list columns and keys, whatever the server's version."""

_ABOUT_CATALOG = re.compile(
    r"has_\w+_privilege|pg_(get_\w+|\w+_is_visible|\w*encod\w+|backend_pid|(cancel|terminate)_backend|last_\w+_(id|count)"
    r"|(relation|total_relation|table|indexes|database)_size|size_pretty|tablespace_location|relation_is_publishable"
    r"|is_in_recovery|postmaster_start_time|(my|is_other)_temp_schema)"
)
"""Functions about the catalog and the session. PostgreSQL has others that begin with `pg_`: to read files, to sleep."""

_LEADER_TYPES = ("reg", "oid", '"char"', "name")


def is_leader_function(name: str) -> bool:
    """Whether the leader node has a function that tables can't use, or that queries of the catalog use as it is."""
    return name in _FUNCTIONS | _ASKED_BY_CLIENTS or (bool(_ABOUT_CATALOG.fullmatch(name)) and name not in TWIN)


def needs_leader(tree: exp.Expr) -> bool:
    """Whether a query without tables needs the leader node's functions or types. Series are for catalog queries."""
    calls = set(_calls(tree))
    if "generate_series" in calls:
        return False
    return (
        any(map(is_leader_function, calls))
        or any(cast.to.sql().lower().startswith(_LEADER_TYPES) for cast in tree.find_all(exp.Cast))
        or any(isinstance(table.this, exp.Anonymous) for table in tree.find_all(exp.Table))
    )


def refuse_mixture(tree: exp.Expr, tables: list[exp.Table]) -> None:
    """Raises RefusedByRedshift if a query uses tables of the compute nodes and what only the leader node has."""
    if not any(_is_on_compute_nodes(table) for table in tables):
        return
    for table in tables:
        name = table.name.lower()
        if table.db.lower() == "information_schema" or (is_system(table.db, name) and name in _LEADER_RELATIONS):
            raise RefusedByRedshift(f'{_REFUSAL}. View "{name}" is on the leader node only.')
    for call in _calls(tree):
        if is_leader_function(call) and call not in SAME | TWIN:
            raise RefusedByRedshift(f'{_REFUSAL}. Function "{call}" is not supported.')
    _refuse_types(tree, [table for table in tables if is_system(table.db, table.name)])


def _is_on_compute_nodes(table: exp.Table) -> bool:
    return not is_system(table.db, table.name) or table.name.lower().startswith(_ON_COMPUTE_NODES)


def _calls(tree: exp.Expr) -> Iterable[str]:
    return [str(call.this).lower() for call in tree.find_all(exp.Anonymous)]


def _refuse_types(tree: exp.Expr, tables: list[exp.Table]) -> None:
    columns = {column.name.lower() for column in tree.find_all(exp.Column)}
    stars = any(item.is_star for select in tree.find_all(exp.Select) for item in select.expressions)
    for table in tables:
        unsupported = _UNSUPPORTED_COLUMNS.get(table.name.lower(), ())
        named_column = next((column for column in unsupported if stars or column in columns), None)
        if named_column:
            raise RefusedByRedshift(f'{_REFUSAL}. Column "{named_column}" has an unsupported type.')
