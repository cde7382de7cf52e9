"""The names of result columns without an alias. They go back to PostgreSQL 8.0, and some functions have another name.

Source: FigureColname in PostgreSQL 8.0, and the results that the documentation shows, such as
https://docs.aws.amazon.com/redshift/latest/dg/r_DATEADD_function.html ("The default column name … is DATE_ADD").
"""

from __future__ import annotations

from sqlglot import exp

from ..errors import RefusedByRedshift, UnsupportedStatement
from .datatypes import type_from_text
from .kinds import kind_of_type
from .positional import parameter

NO_NAME = "?column?"
DEFAULT_NAME = "rs_default_name"
"""In an alias's `meta`: the statement does not have this alias. It names the result, and nothing can refer to it."""

_FUNCTIONS = {
    "dateadd": "date_add", "datediff": "date_diff", "date_part": "pgdate_part", "sysdate": "timestamp",
    "nvl": "coalesce", "isnull": "coalesce", "user": "current_user",
}  # fmt: skip
_CASES = ("nvl2", "decode")
_SPECIAL_FORMS: dict[type[exp.Expr], str] = {
    exp.Extract: "date_part", exp.CurrentDate: "date", exp.CurrentUser: "current_user", exp.StrPosition: "position",
    exp.Substring: "substring", exp.AtTimeZone: "timezone", exp.Interval: "interval", exp.Boolean: "bool",
}  # fmt: skip
_WRAPPERS = (exp.Paren, exp.Window, exp.WithinGroup, exp.IgnoreNulls, exp.RespectNulls)
_TRIMS = {"LEADING": "ltrim", "TRAILING": "rtrim"}
_WEAK = ("bool", "date", "interval")
"""Names of constants, which a cast replaces by its own."""


def default_name(node: exp.Expr) -> str:
    """The column name of a select item that has no alias."""
    return _name(node)[0]


def _name(node: exp.Expr) -> tuple[str, bool]:
    """The name, and whether it is strong: a cast or CASE around keeps it."""
    if isinstance(node, _WRAPPERS):
        return _name(node.this)
    if isinstance(node, (exp.Column, exp.Identifier)):
        return (NO_NAME, False) if parameter(node.name) else (node.name.lower(), True)
    if isinstance(node, exp.Dot):
        return _name(node.expression)
    if isinstance(node, exp.Bracket):
        return _name(node.this)
    if isinstance(node, exp.Cast):
        return _around(node.this, _type_name(node))
    if isinstance(node, exp.Case):
        return _around(node.args.get("default"), "case")
    if isinstance(node, exp.Anonymous):
        return _call_name(node)
    if isinstance(node, exp.Trim):
        return _TRIMS.get(node.args.get("position") or "", "btrim"), True
    name = _SPECIAL_FORMS.get(type(node), NO_NAME)
    return name, name not in (NO_NAME, *_WEAK)


def _around(inner: exp.Expr | None, own: str) -> tuple[str, bool]:
    name, is_strong = _name(inner) if inner is not None else (NO_NAME, False)
    return (name, True) if is_strong else (own, False)


def _call_name(node: exp.Anonymous) -> tuple[str, bool]:
    name = str(node.this).lower()
    if name in _CASES:
        has_default = len(node.expressions) > 2 and (name == "nvl2" or len(node.expressions) % 2 == 0)
        return _around(node.expressions[-1] if has_default else None, "case")
    return _FUNCTIONS.get(name, name), name != "sysdate"


def _type_name(node: exp.Cast) -> str:
    try:
        kind = kind_of_type(type_from_text(node.to.sql("redshift")).postgres)
    except (RefusedByRedshift, UnsupportedStatement):  # the rule about casts reports it
        return NO_NAME
    return kind.name if kind is not None else NO_NAME


def result_queries(tree: exp.Expr) -> list[exp.Select]:
    """The queries whose columns are seen: the statement's own, those in FROM and WITH, and the sides of set operations.

    The columns of INSERT's query, of IN, EXISTS and of a scalar subquery have no names.
    """
    return [
        query
        for query in tree.find_all(exp.Select)
        if not isinstance(query.parent, (exp.In, exp.Exists, exp.Insert)) and not _is_scalar(query)
    ]


def name_columns(tree: exp.Expr) -> None:
    """Gives every select item whose column is seen its name, unless it is a column or has an alias."""
    for query in result_queries(tree):
        for item in query.expressions:
            if not isinstance(item, (exp.Alias, exp.Column)) and not item.is_star and not _is_pairs(item):
                alias = exp.Alias(this=exp.Null(), alias=exp.to_identifier(default_name(item), quoted=True))
                alias.meta[DEFAULT_NAME] = True
                item.replace(alias)
                alias.set("this", item)


def _is_pairs(item: exp.Expr) -> bool:
    return isinstance(item, (exp.Aliases, exp.Tuple))


def _is_scalar(query: exp.Select) -> bool:
    subquery = query.parent
    is_source = subquery is not None and isinstance(subquery.parent, (exp.From, exp.Join, type(None)))
    return isinstance(subquery, exp.Subquery) and not is_source
