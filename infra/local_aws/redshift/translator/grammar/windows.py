"""What window functions and ordered aggregates demand: a frame, no frame, or an ORDER BY.

Source: https://docs.aws.amazon.com/redshift/latest/dg/r_Window_function_synopsis.html
"""

from __future__ import annotations

from sqlglot import exp

from ...errors import RefusedByRedshift
from ..functions import function_name

# These need an explicit frame if they have an ORDER BY.
_NEED_FRAME = frozenset(
    """
    avg count sum min max stddev stddev_samp stddev_pop variance var_samp var_pop bool_and bool_or first_value
    last_value nth_value
    """.split()  # noqa: SIM905 - a page of names reads better than a page of quotes
)
_NO_FRAME = frozenset(
    """
    rank dense_rank row_number percent_rank cume_dist ntile lag lead listagg median percentile_cont percentile_disc
    ratio_to_report
    """.split()  # noqa: SIM905 - a page of names reads better than a page of quotes
)
_NEED_ORDER = frozenset({"lag", "lead"})
_NO_ORDER = frozenset({"listagg", "median", "percentile_cont", "percentile_disc", "ratio_to_report"})


def refuse_window(node: exp.Expr) -> None:
    """Raises RefusedByRedshift for an OVER clause that its function does not allow."""
    call = _call(node.this)
    name = function_name(call)
    order = node.args.get("order")
    spec = node.args.get("spec")
    if name in _NEED_FRAME and order and not spec:
        raise RefusedByRedshift("Aggregate window functions with an ORDER BY clause require a frame clause")
    if name in _NO_FRAME and spec:
        raise RefusedByRedshift(f"window function {name} takes no frame clause")
    if name in _NEED_ORDER and not order:
        raise RefusedByRedshift(f"window function {name} requires an ORDER BY clause")
    if name in _NO_ORDER and order:
        raise RefusedByRedshift(f"window function {name} takes no ORDER BY clause in OVER")
    if name in _NEED_ORDER and len(call.expressions) > 2:
        raise RefusedByRedshift(f"Default parameter not be supported for window function {name}")
    if name != "listagg" and any(isinstance(arg, exp.Distinct) for arg in call.args.get("expressions") or ()):
        raise RefusedByRedshift("DISTINCT is not supported for window functions")
    if spec is not None and (str(spec.args.get("kind")).upper() == "GROUPS" or spec.args.get("exclude")):
        raise RefusedByRedshift("window frames know ROWS and RANGE only")


def _call(node: exp.Expr) -> exp.Expr:
    while isinstance(node, (exp.IgnoreNulls, exp.RespectNulls, exp.WithinGroup)):
        node = node.this
    return node


def refuse_different_orders(select: exp.Expr) -> None:
    """All ordered aggregates of a SELECT sort by the same expressions; MEDIAN sorts by its argument.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_LISTAGG.html
    """
    orders = set()
    for part in (*select.expressions, select.args.get("having")):
        for call in part.find_all(exp.WithinGroup, exp.Anonymous) if part else ():
            own_select = call.find_ancestor(exp.Select) is select
            if not own_select or call.find_ancestor(exp.Window):
                continue
            if isinstance(call, exp.WithinGroup) and function_name(_call(call)) != "":
                orders.add(call.expression.sql("redshift").lower())
            elif function_name(call) == "median":
                orders.add(f" order by {call.expressions[0].sql('redshift').lower()}" if call.expressions else "")
    if len({order.strip() for order in orders}) > 1:
        raise RefusedByRedshift("within group ORDER BY clauses for aggregate functions must be the same")
