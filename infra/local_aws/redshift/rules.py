"""What Redshift refuses in a query, and how everything else is rewritten for PostgreSQL, node by node."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from .datatypes import type_from_text
from .errors import RefusedByRedshift, UnsupportedStatement
from .function_names import PARTS, SYSTEM_VIEWS
from .functions import function_name, twin

Rule = Callable[[exp.Expr], exp.Expr]

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
# These need an explicit frame if they have an ORDER BY.
# Source: https://docs.aws.amazon.com/redshift/latest/dg/r_Window_function_synopsis.html
_NEED_FRAME = frozenset(
    [
        "avg",
        "count",
        "sum",
        "min",
        "max",
        "stddev",
        "stddev_samp",
        "stddev_pop",
        "variance",
        "var_samp",
        "var_pop",
        "bool_and",
        "bool_or",
        "first_value",
        "last_value",
        "nth_value",
    ]
)
_SYSTEM_PREFIXES = ("svv_", "svl_", "stl_", "stv_", "svcs_", "sys_")


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


def _cte(node: exp.Expr) -> None:
    with_ = node.parent
    if isinstance(with_, exp.With) and with_.recursive:
        refers = any(t.name.lower() == node.alias.lower() for t in node.this.find_all(exp.Table))
        if refers and not node.args["alias"].columns:
            raise RefusedByRedshift(f'recursive CTE "{node.alias}" must have a column list')
    if not isinstance(node.this, (exp.Select, exp.SetOperation, exp.Subquery)):
        raise RefusedByRedshift("a WITH query must be a SELECT")


def _values(node: exp.Expr) -> None:
    if not isinstance(node.parent, exp.Insert):
        raise RefusedByRedshift("VALUES is supported in INSERT only; use SELECT … UNION ALL")


def _window(node: exp.Expr) -> None:
    call = node.this.this if isinstance(node.this, (exp.IgnoreNulls, exp.RespectNulls, exp.WithinGroup)) else node.this
    if function_name(call) in _NEED_FRAME and node.args.get("order") and not node.args.get("spec"):
        raise RefusedByRedshift("Aggregate window functions with an ORDER BY clause require a frame clause")
    distinct = any(isinstance(arg, exp.Distinct) for arg in call.args.get("expressions") or ())
    if distinct and function_name(call) != "listagg":
        raise RefusedByRedshift("DISTINCT is not supported for window functions")
    spec = node.args.get("spec")
    if spec is not None and (spec.args.get("kind") == "GROUPS" or spec.args.get("exclude")):
        raise RefusedByRedshift("window frames know ROWS and RANGE only")


def _select(node: exp.Expr) -> None:
    if node.args.get("windows"):
        raise RefusedByRedshift("a WINDOW clause is not supported; repeat the specification in OVER")
    if node.args.get("into"):
        raise UnsupportedStatement("SELECT INTO a table is not supported here; use CREATE TABLE AS")


def _star(node: exp.Expr) -> None:
    if node.args.get("except_") or node.args.get("replace") or node.args.get("rename"):
        raise UnsupportedStatement("SELECT * EXCLUDE is not supported here; name the columns")


def _table(node: exp.Expr) -> None:
    name = node.name.lower()
    if not node.args.get("db") and name.startswith(_SYSTEM_PREFIXES) and name not in SYSTEM_VIEWS:
        raise UnsupportedStatement(f"the local Redshift has no system view {name}")
    if isinstance(node.this, exp.Anonymous):
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
    exp.CTE: _cte,
    exp.Values: _values,
    exp.Window: _window,
    exp.Select: _select,
    exp.Table: _table,
    exp.Star: _star,
}


def apply(tree: exp.Expr, rule: Rule) -> exp.Expr:
    """Replaces every node by the rule's result, children first."""
    for node in reversed(list(tree.walk(bfs=False))):
        parent = node.parent
        key = node.arg_key
        index = node.index
        replacement = rule(node)
        if replacement is node:
            continue
        if parent is None or key is None or node is tree:
            tree = replacement
        else:
            parent.set(key, replacement, index)
    return tree


def _postgres_type(text: str) -> exp.DataType:
    return exp.DataType.build(text, dialect="postgres")


def cast(node: exp.Expr) -> exp.Expr:
    """CAST: truncates text at bytes, and removes the quotes of SUPER strings. TRY_CAST returns NULL on failure."""
    if not isinstance(node, exp.Cast) or node.meta.get("rs_raw"):
        return node
    target = type_from_text(node.to.sql("redshift"))
    if target.postgres == "jsonb" and not isinstance(node.this, exp.Null):
        raise UnsupportedStatement("a cast to SUPER is not supported here; use JSON_PARSE")
    inner = node.this
    if isinstance(node, exp.TryCast):
        sample = exp.Cast(this=exp.Null(), to=_postgres_type(target.postgres))
        inner = twin("try_cast", twin("as_varchar", inner), sample)
    elif target.is_text and target.max_bytes:
        inner = twin("as_varchar", inner, exp.Literal.number(target.max_bytes))
    elif target.is_text and not isinstance(inner, exp.Literal):
        inner = twin("as_varchar", inner)
    return exp.Cast(this=inner, to=_postgres_type(target.postgres))


def extract(node: exp.Expr) -> exp.Expr:
    """EXTRACT returns an integer (for epoch too: whole seconds)."""
    if not isinstance(node, exp.Extract):
        return node
    unit = node.name.lower()
    if unit not in PARTS:
        raise RefusedByRedshift(f'date part "{unit}" is not recognized')
    part = twin("date_part", exp.Literal.string(PARTS[unit]), node.expression)
    return exp.Cast(this=part, to=_postgres_type("bigint"))


def _frame(start: str, start_side: str | None, end: str, end_side: str | None) -> exp.WindowSpec:
    def bound(text: str) -> exp.Expr | str:
        return exp.Literal.number(text) if text.isdigit() else text

    return exp.WindowSpec(
        kind="ROWS", start=bound(start), start_side=start_side, end=bound(end), end_side=end_side
    )  # fmt: skip


def _skips_nulls(window: exp.Window) -> exp.Anonymous | None:
    """The call in `f(x) IGNORE NULLS OVER` or `f(x IGNORE NULLS) OVER`, without the marker."""
    call = window.this
    if isinstance(call, exp.IgnoreNulls):
        return call.this if isinstance(call.this, exp.Anonymous) else None
    if isinstance(call, exp.Anonymous) and call.expressions and isinstance(call.expressions[0], exp.IgnoreNulls):
        return exp.Anonymous(this=call.this, expressions=[call.expressions[0].this, *call.expressions[1:]])
    return None


def _window_like(window: exp.Window, call: exp.Expr, **changes: object) -> exp.Window:
    parts = {key: window.args.get(key) for key in ("partition_by", "order", "spec", "over")} | changes
    return exp.Window(this=call, **parts)


def _ignore_nulls(window: exp.Window, call: exp.Anonymous) -> exp.Expr:
    name = function_name(call)
    args = call.expressions
    if name in ("first_value", "last_value"):
        return _window_like(window, twin(f"{name}_not_null", args[0]))
    if name not in ("lag", "lead") or (len(args) > 1 and args[1].sql() != "1") or len(args) > 2:
        raise UnsupportedStatement(f"{name} … IGNORE NULLS with an offset other than 1 is not supported here")
    if name == "lag":
        spec = _frame("UNBOUNDED", "PRECEDING", "1", "PRECEDING")
        return _window_like(window, twin("last_value_not_null", args[0]), spec=spec)
    spec = _frame("1", "FOLLOWING", "UNBOUNDED", "FOLLOWING")
    return _window_like(window, twin("first_value_not_null", args[0]), spec=spec)


_ORDERED = ("listagg", "median", "percentile_cont")


def _ordered_call(node: exp.Expr) -> tuple[exp.Anonymous, list[exp.Expr]] | None:
    """A call and its WITHIN GROUP order, if it is LISTAGG, MEDIAN or a percentile."""
    call = node.this if isinstance(node, exp.WithinGroup) else node
    if not isinstance(call, exp.Anonymous) or function_name(call) not in _ORDERED:
        return None
    return call, node.expression.expressions if isinstance(node, exp.WithinGroup) else []


def _listagg(call: exp.Anonymous, order: list[exp.Expr]) -> exp.Expr:
    """LISTAGG as string_agg. With DISTINCT, the order must be the aggregated text itself."""
    argument, *other_arguments = call.expressions
    distinct = isinstance(argument, exp.Distinct)
    if distinct:
        argument, *distinct_arguments = argument.expressions
        other_arguments = distinct_arguments + other_arguments
    value = twin("as_varchar", argument)
    delimiter = other_arguments[0] if other_arguments else exp.Literal.string("")
    if distinct and order and any(part.this != argument for part in order):
        raise RefusedByRedshift("LISTAGG DISTINCT: the ORDER BY expression must be the aggregated one")
    ordered = [exp.Ordered(**{**part.args, "this": value.copy()}) if distinct else part for part in order]
    delimiter_and_order = exp.Order(this=delimiter, expressions=ordered) if ordered else delimiter
    head = exp.Distinct(expressions=[value]) if distinct else value
    call_node = exp.Anonymous(this="string_agg", expressions=[head, delimiter_and_order])
    call_node.meta["rs_raw"] = True
    return call_node


def window(node: exp.Expr) -> exp.Expr:
    """Window functions that PostgreSQL lacks: IGNORE NULLS, LISTAGG and percentiles over a partition."""
    if not isinstance(node, exp.Window):
        return node
    skipping = _skips_nulls(node)
    if skipping is not None:
        return _ignore_nulls(node, skipping)
    ordered_call = _ordered_call(node.this)
    if ordered_call is None:
        return _ratio(node) if function_name(node.this) == "ratio_to_report" else node
    call, order = ordered_call
    if node.args.get("order"):
        raise RefusedByRedshift(f"{function_name(call)} takes no ORDER BY in its OVER clause")
    if function_name(call) == "listagg":
        aggregate = _listagg(call, [])
        everything = _frame("UNBOUNDED", "PRECEDING", "UNBOUNDED", "FOLLOWING")
        over = exp.Order(expressions=order) if order else None
        return _window_like(node, aggregate, order=over, spec=everything if over else None)
    share = call.expressions[0] if order else exp.Literal.number("0.5")
    value = order[0].this if order else call.expressions[0]
    return _window_like(node, twin("percentile_cont_over", share, value))


def _ratio(node: exp.Window) -> exp.Expr:
    """RATIO_TO_REPORT(x): x over the sum of x in its partition, as a float."""
    value = node.this.expressions[0]
    total = _window_like(node, exp.Anonymous(this="sum", expressions=[value.copy()]))
    whole = exp.Anonymous(this="nullif", expressions=[total, exp.Literal.number(0)])
    return exp.Paren(this=exp.Div(this=exp.Cast(this=value, to=_postgres_type("double precision")), expression=whole))


def listagg(node: exp.Expr) -> exp.Expr:
    """LISTAGG as an aggregate."""
    ordered_call = _ordered_call(node) if isinstance(node, (exp.WithinGroup, exp.Anonymous)) else None
    if ordered_call is None or isinstance(node.parent, exp.WithinGroup) or function_name(ordered_call[0]) != "listagg":
        return node
    return _listagg(*ordered_call)


def system_view(node: exp.Expr) -> exp.Expr:
    """Redshift's system views are in schema `rs`."""
    if isinstance(node, exp.Table) and not node.args.get("db") and node.name.lower() in SYSTEM_VIEWS:
        alias = node.args.get("alias") or exp.TableAlias(this=exp.to_identifier(node.name.lower()))
        node.set("db", exp.to_identifier("rs"))
        node.set("alias", alias)
    return node


def default_keyword(node: exp.Expr) -> exp.Expr:
    """`DEFAULT` among inserted values is a keyword, not a column."""
    if isinstance(node, exp.Column) and not node.table and node.name.upper() == "DEFAULT" and not node.this.quoted:
        return exp.Var(this="DEFAULT")
    return node


BEFORE_FUNCTIONS: tuple[Rule, ...] = (window, listagg, extract, cast, system_view, default_keyword)
