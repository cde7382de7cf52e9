"""Window functions and ordered aggregates that PostgreSQL lacks or computes otherwise."""

from __future__ import annotations

from sqlglot import exp

from ...errors import RefusedByRedshift, UnsupportedStatement
from ..functions import function_name, twin
from ..tree import postgres_type


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
    if name == "nth_value" and len(args) == 2:
        return twin("nth_of", _window_like(window, twin("values_not_null", args[0])), args[1])
    if name not in ("lag", "lead") or len(args) > 2:
        raise UnsupportedStatement(f"{name} … IGNORE NULLS with these arguments is not supported here")
    if len(args) == 1 or args[1].sql() == "1":
        return _neighbour(window, name, args[0])
    values = _window_like(window, twin("values_not_null", args[0]), spec=_others(name))
    return twin("nth_of", values, exp.Neg(this=args[1]) if name == "lag" else args[1])


def _others(name: str) -> exp.WindowSpec:
    """The rows before (LAG) or after (LEAD) the current one."""
    if name == "lag":
        return _frame("UNBOUNDED", "PRECEDING", "1", "PRECEDING")
    return _frame("1", "FOLLOWING", "UNBOUNDED", "FOLLOWING")


def _neighbour(window: exp.Window, name: str, value: exp.Expr) -> exp.Expr:
    """The nearest value that is not NULL; without an array of them all."""
    aggregate = "last_value_not_null" if name == "lag" else "first_value_not_null"
    return _window_like(window, twin(aggregate, value), spec=_others(name))


_ORDERED = ("listagg", "median", "percentile_cont", "percentile_disc")


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
    value = twin("list_item", twin("as_varchar", argument))
    delimiter = other_arguments[0] if other_arguments else exp.Literal.string("")
    if distinct and order and any(part.this != argument for part in order):
        raise RefusedByRedshift("LISTAGG DISTINCT: the ORDER BY expression must be the aggregated one")
    ordered = [exp.Ordered(**{**part.args, "this": value.copy()}) if distinct else part for part in order]
    delimiter_and_order = exp.Order(this=delimiter, expressions=ordered) if ordered else delimiter
    head = exp.Distinct(expressions=[value]) if distinct else value
    call_node = exp.Anonymous(this="string_agg", expressions=[head, delimiter_and_order])
    call_node.meta["rs_raw"] = True
    return call_node


def _listagg_once(call: exp.Anonymous) -> exp.Expr | None:
    """LISTAGG(DISTINCT …) over a partition, for which PostgreSQL's own aggregates know no DISTINCT."""
    first, *others = call.expressions
    if not isinstance(first, exp.Distinct):
        return None
    value, *delimiters = (*first.expressions, *others)
    delimiter = delimiters[0] if delimiters else exp.Literal.string("")
    return twin("listagg_distinct_over", twin("as_varchar", value), delimiter)


def window(node: exp.Expr) -> exp.Expr:
    """Window functions that PostgreSQL lacks: IGNORE NULLS, LISTAGG and percentiles over a partition."""
    if not isinstance(node, exp.Window):
        return node
    skipping = _skips_nulls(node)
    if skipping is not None:
        return _ignore_nulls(node, skipping)
    ordered_call = _ordered_call(node.this)
    if ordered_call is None:
        return _plain(node)
    call, order = ordered_call
    if node.args.get("order"):
        raise RefusedByRedshift(f"{function_name(call)} takes no ORDER BY in its OVER clause")
    if function_name(call) == "listagg":
        return _list(node, call, order)
    if function_name(call) == "percentile_disc":
        is_descending = bool(order and order[0].args.get("desc"))
        values = _window_like(node, twin("values_not_null", order[0].this))
        return twin("percentile_disc_of", values, call.expressions[0], exp.Boolean(this=is_descending))
    share, value, is_descending = _percentile(call, order)
    if is_descending:  # the same as the rest of the way from the other end
        share = exp.Paren(this=exp.Sub(this=exp.Literal.number(1), expression=share))
    over = _window_like(node, twin("percentile_cont_over", share, twin("as_float", value)))
    return twin("interpolated", over, _window_like(node, _minimum(value)))


def _list(node: exp.Window, call: exp.Anonymous, order: list[exp.Expr]) -> exp.Expr:
    """LISTAGG over a partition: of all its rows, whatever the order."""
    aggregate = _listagg_once(call) or _listagg(call, [])
    everything = _frame("UNBOUNDED", "PRECEDING", "UNBOUNDED", "FOLLOWING")
    within = exp.Order(expressions=order) if order else None
    return twin("list", _window_like(node, aggregate, order=within, spec=everything if within else None))


# Source: "Return type" of https://docs.aws.amazon.com/redshift/latest/dg/r_WF_RANK.html and its neighbours.
_TYPES = {"rank": "integer", "dense_rank": "integer", "ntile": "bigint"}


def _plain(node: exp.Window) -> exp.Expr:
    name = function_name(node.this)
    if name == "ratio_to_report":
        return _ratio(node)
    if name not in _TYPES:
        return node
    cast = exp.Cast(this=node, to=postgres_type(_TYPES[name]))
    cast.meta["rs_raw"] = True
    return cast


def _percentile(call: exp.Anonymous, order: list[exp.Expr]) -> tuple[exp.Expr, exp.Expr, bool]:
    """The share, the values, and whether they are in descending order, of MEDIAN or PERCENTILE_CONT."""
    if not order:
        return exp.Literal.number("0.5"), call.expressions[0], False
    return call.expressions[0], order[0].this, bool(order[0].args.get("desc"))


def _minimum(value: exp.Expr) -> exp.Anonymous:
    """A sample of the values: `interpolated` returns its type."""
    return exp.Anonymous(this="min", expressions=[value.copy()])


def _ratio(node: exp.Window) -> exp.Expr:
    """RATIO_TO_REPORT(x): x over the sum of x in its partition, as a float."""
    value = node.this.expressions[0]
    total = _window_like(node, exp.Anonymous(this="sum", expressions=[value.copy()]))
    whole = exp.Anonymous(this="nullif", expressions=[total, exp.Literal.number(0)])
    return exp.Paren(this=exp.Div(this=exp.Cast(this=value, to=postgres_type("double precision")), expression=whole))


def ordered_aggregate(node: exp.Expr) -> exp.Expr:
    """LISTAGG, MEDIAN and PERCENTILE_CONT as aggregates."""
    ordered_call = _ordered_call(node) if isinstance(node, (exp.WithinGroup, exp.Anonymous)) else None
    if ordered_call is None or isinstance(node.parent, exp.WithinGroup):
        return node
    call, order = ordered_call
    if function_name(call) == "listagg":
        return twin("list", _listagg(call, order))
    if not call.expressions or (function_name(call) != "median") != bool(order):
        raise RefusedByRedshift(f"{function_name(call)}: its arguments, or its WITHIN GROUP, are missing")
    if function_name(call) == "percentile_disc":
        return node  # the same in PostgreSQL
    share, value, is_descending = _percentile(call, order)
    aggregate = exp.Anonymous(this="percentile_cont", expressions=[share])
    aggregate.meta["rs_raw"] = True
    ordered = exp.Ordered(this=twin("as_float", value), desc=is_descending)
    group = exp.WithinGroup(this=aggregate, expression=exp.Order(expressions=[ordered]))
    return twin("interpolated", group, _minimum(value))
