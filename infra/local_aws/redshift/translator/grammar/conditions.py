"""What Redshift's grammar lacks, or allows under a condition: refused before anything is rewritten."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from ...errors import RefusedByRedshift, UnsupportedStatement
from ..functions import function_name
from ..system_relations import is_missing
from ..words import RESERVED
from .manipulation import refuse_delete, refuse_insert, refuse_update
from .recursion import refuse_recursion
from .windows import refuse_different_orders, refuse_window

_REFUSED: dict[type[exp.Expr], str] = {
    exp.Filter: "FILTER (WHERE …) is not supported; aggregate a CASE expression",
    exp.OnConflict: "ON CONFLICT is not supported; use MERGE",
    exp.Returning: "RETURNING is not supported",
    exp.Lateral: "LATERAL is not supported",
    exp.Lock: "SELECT FOR UPDATE is not supported",
    exp.Fetch: "FETCH FIRST is not supported; use LIMIT",
    exp.TableSample: "TABLESAMPLE is not supported",
    exp.Array: "array types are not supported; use SUPER",
    exp.RegexpILike: "operator ~* is not supported",
    exp.NullSafeEQ: "IS NOT DISTINCT FROM is not supported",
    exp.NullSafeNEQ: "IS DISTINCT FROM is not supported",
    exp.CurrentTimestamp: "CURRENT_TIMESTAMP runs on the leader node only; use GETDATE or SYSDATE",
    exp.JSONExtract: "operator -> is not supported; navigate SUPER with dots",
    exp.JSONExtractScalar: "operator ->> is not supported; navigate SUPER with dots",
    exp.JSONBContains: "operator ? is not supported",
    exp.ArrayContainsAll: "operator @> is not supported",
    exp.ArrayOverlaps: "operator && is not supported",
    exp.Unnest: "UNNEST is not supported; navigate SUPER in FROM",
    exp.Placeholder: "a named parameter has no value",
    exp.Parameter: "positional parameters are not supported here",
}


_MAX_TABLES = 300
"""In one FROM clause. PostgreSQL plans more of them for minutes."""
_VALUES_OF_SYSTEM = ("default", "oid")
"""Reserved words that are values: the default of a column, and the id of a row of the catalog."""


def refuse(node: exp.Expr) -> None:
    """Raises RefusedByRedshift if Redshift does not support this node."""
    reason = _REFUSED.get(type(node))
    if reason:
        raise RefusedByRedshift(reason)
    check = _CHECKS.get(type(node))
    if check:
        check(node)


def _distinct(node: exp.Expr) -> None:
    if node.args.get("on"):
        raise RefusedByRedshift("SELECT DISTINCT ON is not supported; use ROW_NUMBER with QUALIFY")
    if len(node.expressions) > 1 and node.parent and function_name(node.parent) == "count":
        raise RefusedByRedshift("function count with 2 or more arguments does not exist; count a concatenation")


def _identifier(node: exp.Expr) -> None:
    """A reserved word is a name only in double quotation marks, after a dot, or as a column's alias after AS."""
    name = node.name.lower()
    if node.args.get("quoted") or name not in RESERVED or _names_element(node):
        return
    parent = node.parent
    if isinstance(parent, exp.Column):
        is_value = name in _VALUES_OF_SYSTEM and not parent.table
        if is_value or parent.parts[0] is not node:
            return
    elif isinstance(parent, exp.Table):
        if parent.parts[0] is not node:
            return
    elif not isinstance(parent, (exp.TableAlias, exp.Schema)):
        return
    raise RefusedByRedshift(f'syntax error at or near "{node.name}"')


def _names_element(node: exp.Expr) -> bool:
    """Whether it is ARRAY as the name of an array's elements, as in `FROM t, t.items AS array`.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/query-super.html (its example of nested arrays).
    """
    if node.name.lower() != "array":
        return False
    select = node.find_ancestor(exp.Select)
    return select is not None and any(join.this.alias.lower() == "array" for join in select.args.get("joins") or ())


def _cte(node: exp.Expr) -> None:
    if not isinstance(node.this, (exp.Select, exp.SetOperation, exp.Subquery)):
        raise RefusedByRedshift("a WITH query must be a SELECT")
    refuse_recursion(node)


def _values(node: exp.Expr) -> None:
    if not isinstance(node.parent, exp.Insert):
        raise RefusedByRedshift("VALUES is supported in INSERT only; use SELECT … UNION ALL")


def _schema(node: exp.Expr) -> None:
    for name in node.expressions:
        if not isinstance(name, (exp.Identifier, exp.Column)):
            raise RefusedByRedshift(f'syntax error at or near "{name.sql("redshift")}": a column\'s name is expected')


def _qualify(node: exp.Expr) -> None:
    """Source: https://docs.aws.amazon.com/redshift/latest/dg/r_QUALIFY_clause.html."""
    select = node.parent
    if isinstance(select, exp.Select) and not any(part.find(exp.Window) for part in (node, *select.expressions)):
        raise RefusedByRedshift("QUALIFY requires a window function in the SELECT list or in its own condition")


def _set_operation(node: exp.Expr) -> None:
    """Source: https://docs.aws.amazon.com/redshift/latest/dg/r_UNION.html."""
    word = type(node).__name__.upper()
    if not isinstance(node, exp.Union) and not node.args.get("distinct"):
        raise RefusedByRedshift(f"{word} ALL is not supported")
    for part in (node.this, node.expression):
        query = part.this if isinstance(part, exp.Subquery) else part
        limited = query.args.get("limit") or query.args.get("offset")
        if isinstance(part, exp.Subquery) and (limited or part.args.get("limit")):
            raise RefusedByRedshift("LIMIT may not be used within input to set operations")


def _select(node: exp.Expr) -> None:
    if not node.expressions:
        raise RefusedByRedshift("syntax error: the SELECT list is empty")
    if len(node.args.get("joins") or ()) >= _MAX_TABLES:
        raise UnsupportedStatement(f"a SELECT of more than {_MAX_TABLES} tables is not supported here")
    if node.args.get("windows"):
        raise RefusedByRedshift("a WINDOW clause is not supported; repeat the specification in OVER")
    if node.args.get("into"):
        raise RefusedByRedshift("SELECT INTO is not allowed here")
    refuse_different_orders(node)


def _table(node: exp.Expr) -> None:
    name = node.name.lower()
    if isinstance(node, exp.Table) and is_missing(node.db, name):
        raise UnsupportedStatement(f"the local Redshift has no system view {name}")
    if isinstance(node.this, exp.Anonymous) and not node.this.meta.get("rs_raw"):
        refuse_table_function(node.this)
    if node.args.get("ordinality"):
        raise RefusedByRedshift("WITH ORDINALITY is not supported")


def refuse_table_function(call: exp.Anonymous) -> None:
    """Refuses functions as tables: Redshift has only `generate_series`, on the leader node."""
    if function_name(call) == "generate_series":
        raise RefusedByRedshift("generate_series runs on the leader node only and cannot be joined to tables")
    raise RefusedByRedshift(f"function {call.name} cannot be used as a table")


_CHECKS: dict[type[exp.Expr], Callable[[exp.Expr], None]] = {
    exp.Distinct: _distinct,
    exp.Identifier: _identifier,
    exp.Schema: _schema,
    exp.Qualify: _qualify,
    exp.Except: _set_operation,
    exp.Intersect: _set_operation,
    exp.Union: _set_operation,
    exp.CTE: _cte,
    exp.Values: _values,
    exp.Window: refuse_window,
    exp.Insert: refuse_insert,
    exp.Update: refuse_update,
    exp.Delete: refuse_delete,
    exp.Select: _select,
    exp.Table: _table,
}
