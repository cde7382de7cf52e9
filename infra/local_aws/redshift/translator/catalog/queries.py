"""Catalog queries: the relations and functions of PostgreSQL give way to ours, which answer as Redshift's.

Source: https://docs.aws.amazon.com/redshift/latest/dg/c_join_PG.html
"""

from __future__ import annotations

import re

from sqlglot import exp, parse
from sqlglot.errors import ParseError, TokenError

from ...errors import RefusedByRedshift, StatementError, UnsupportedStatement
from ..datatypes import type_from_text
from ..dialect import PostgresTarget, RedshiftSource
from ..function_names import TWIN
from ..functions import SPECIAL, function_name, rewrite_call, twin
from ..own_names import refuse_own_functions
from ..rules import names, session_functions, windows
from ..rules.aliases import expand_aliases
from ..system_relations import PREFIXES, is_missing, is_system, own_schema
from ..tree import Rule, apply, postgres_type
from . import leader_node

_MENTIONS = re.compile(
    r"\b(?:pg_\w+|information_schema|(?:svv|svl|stl|stv|svcs|sys)_\w+|current_schemas?|current_database|version|"
    r"format_\w+|has_\w+_privilege|\w+_description|array_to_string|generate_series)\b|::\s*(?:reg[a-z]+|oid\b|\"char\")",
    re.IGNORECASE,
)
"""Every catalog query matches. Not every match is one."""

_ARRAY_OF = re.compile(r"(::\s*)(oid|name|reg[a-z]+|aclitem)\s*\[\s*\]", re.IGNORECASE)
"""Arrays of PostgreSQL's own types, under the name that the type has in `pg_type`: `_oid` is `oid[]`.
sqlglot reads neither: an issue would be titled "Postgres: cast to an array of a type that is not in DataType.Type"."""

_OWN_FUNCTIONS = frozenset(
    {
        "format_type",
        "format_encoding",
        "version",
        "pg_get_constraintdef",
        "pg_get_viewdef",
        "pg_get_late_binding_view_cols",
        "pg_get_cols",
    }
)
"""Functions of the catalog that answer otherwise than PostgreSQL's."""

_REDSHIFTS = frozenset(
    {"pg_table_def", "pg_external_schema", "pg_class_info", "pg_database_info", "pg_proc_info", "pg_user_info"}
)
"""Relations of `pg_catalog` that PostgreSQL has not."""

_TRUTHS = {"0": False, "1": True}


class _CatalogSource(RedshiftSource):
    """SQL as the leader node reads it: arrays count from 1, types may have a schema."""

    INDEX_OFFSET = 1
    SUPPORTS_USER_DEFINED_TYPES = True


def catalog_query(sql: str) -> str | None:
    """Translates a query that needs the leader node only; returns None for any other statement.

    Raises:
        RefusedByRedshift: It mixes user tables with what only the leader node has.
        UnsupportedStatement: The warehouse lacks a system view that it names.
    """
    if not _MENTIONS.search(sql):
        return None
    tree = _parsed(sql)
    if tree is None:
        return None
    tables = _tables(tree)
    users_own = [table for table in tables if not is_system(table.db, table.name)]
    if users_own:
        leader_node.refuse_mixture(tree, tables)
        return None
    if not tables and not leader_node.needs_leader(tree):
        return None
    leader_node.refuse_mixture(tree, tables)
    if tree.find(exp.Placeholder):
        raise RefusedByRedshift("a named parameter has no value")
    for table in tables:
        if is_missing(table.db, table.name):
            raise UnsupportedStatement(f"the local Redshift has no system view {table.name.lower()}")
    return _translated(tree)


def names_system_relation(sql: str) -> bool:
    """Whether a query reads a system table or view."""
    tree = _parsed(sql) if _MENTIONS.search(sql) else None
    return tree is not None and any(is_system(table.db, table.name) for table in _tables(tree))


def _parsed(sql: str) -> exp.Expr | None:
    """The query's tree; None if it is no query, or has a fault, which the caller's parser reports."""
    try:
        trees = parse(_ARRAY_OF.sub(r"\1_\2", sql), dialect=_CatalogSource)
    except (ParseError, TokenError):
        return None
    tree = trees[0] if len(trees) == 1 else None
    return tree if isinstance(tree, (exp.Select, exp.SetOperation, exp.Subquery)) else None


def _tables(tree: exp.Expr) -> list[exp.Table]:
    """The tables and views that a query reads: no functions, no WITH queries."""
    common = {query.alias.lower() for query in tree.find_all(exp.CTE)}
    return [
        table
        for table in tree.find_all(exp.Table)
        if isinstance(table.this, exp.Identifier) and (table.db or table.name.lower() not in common)
    ]


def _translated(tree: exp.Expr) -> str:
    refuse_own_functions(tree)
    tree = expand_aliases(apply(tree, names.system_relation), with_unknown_sources=True)
    for rule in _RULES:
        tree = apply(tree, rule)
    for name in tree.find_all(exp.Identifier):
        name.set("this", name.this.lower())
        name.set("quoted", True)
    return tree.sql(PostgresTarget, comments=False, normalize_functions=False)


def _set_config(node: exp.Expr) -> exp.Expr:
    """SET_CONFIG, for Redshift's parameters only."""
    return session_functions.setting(node) if function_name(node) == "set_config" else node


def _column(node: exp.Expr) -> exp.Expr:
    """`pg_catalog.pg_class.relname`: the schema is another now, and the relation's name is enough."""
    if isinstance(node, exp.Column) and own_schema(node.db, node.table) and node.db:
        node.set("db", None)
        node.set("catalog", None)
    return node


def _truth(node: exp.Expr) -> exp.Expr:
    """The leader node takes 1 and 0 for true and false: `WHERE 1 AND …`."""
    parent = node.parent
    is_condition = isinstance(parent, (exp.And, exp.Or, exp.Not, exp.Where, exp.Having))
    if is_condition and isinstance(node, exp.Literal) and not node.is_string and node.this in _TRUTHS:
        return exp.Boolean(this=_TRUTHS[node.this])
    return node


def _type(node: exp.Expr) -> exp.Expr:
    """Redshift's types become PostgreSQL's. The leader node has further types, which stay."""
    if not isinstance(node, exp.Cast):
        return node
    try:
        target = type_from_text(node.to.sql("redshift"))
    except StatementError:
        return node
    node.set("to", postgres_type(target.postgres))
    return node


def _name_in_text(node: exp.Expr) -> exp.Expr:
    """`'svv_table_info'::regclass`, and the same as an argument of a function about rights."""
    if not isinstance(node, exp.Literal) or not node.is_string:
        return node
    parent = node.parent
    is_cast = isinstance(parent, exp.Cast) and parent.to.sql().lower() == "regclass"
    is_asked = isinstance(parent, exp.Anonymous) and str(parent.this).lower() == "has_table_privilege"
    schema, _, name = node.this.replace('"', "").rpartition(".")
    is_own = name.lower().startswith(PREFIXES) or name.lower() in _REDSHIFTS
    own = own_schema(schema, name) if is_own and (is_cast or is_asked) else None
    return exp.Literal.string(f"{own}.{name.lower()}") if own else node


def _function(node: exp.Expr) -> exp.Expr:
    """Our functions in place of PostgreSQL's, and Redshift's own functions; all others are the leader node's."""
    if isinstance(node, exp.Dot) and node.this.name.lower() == "pg_catalog":
        call = node.expression
        return twin(str(call.this).lower(), *call.expressions) if _is_own(call) else node
    is_qualified = isinstance(node.parent, exp.Dot) and node.arg_key == "expression"
    name = function_name(node)
    if not name or is_qualified or (name == "array" and isinstance(node.expressions[0], exp.Query)):
        return node
    if _is_own(node):
        return twin(name, *node.expressions)
    if name in SPECIAL or name in TWIN or not leader_node.is_leader_function(name):
        return rewrite_call(node)
    return node


def _is_own(call: exp.Expr) -> bool:
    return isinstance(call, exp.Anonymous) and str(call.this).lower() in _OWN_FUNCTIONS


def refuse_in_materialized_view(sql: str) -> None:
    """Raises RefusedByRedshift if a materialized view's query reads a system table or view.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/materialized-view-create-sql-command.html
    """
    if names_system_relation(sql):
        raise RefusedByRedshift("materialized views cannot reference system tables or views")


_RULES: tuple[Rule, ...] = (
    _set_config,
    _column,
    _truth,
    _type,
    _name_in_text,
    windows.window,
    windows.ordered_aggregate,
    _function,
)
