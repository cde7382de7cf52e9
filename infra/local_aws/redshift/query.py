"""Queries, DML and expressions: parses them with sqlglot, checks each node, rewrites the tree, and generates the text.

A node class that is not in the list below is an error, so that a statement can't pass only because PostgreSQL runs it.
"""

from __future__ import annotations

from sqlglot import exp, parse
from sqlglot.errors import ParseError, TokenError

from . import rules
from .correlation import refuse_unsupported_correlation
from .dialect import PostgresTarget, RedshiftSource
from .errors import RefusedByRedshift, UnsupportedStatement
from .functions import rewrite_call
from .super_navigation import rewrite_navigation

_KNOWN: tuple[type[exp.Expr], ...] = (
    exp.Select, exp.Union, exp.Except, exp.Intersect, exp.Subquery, exp.With, exp.CTE, exp.Values, exp.Tuple,
    exp.From, exp.Join, exp.Where, exp.Group, exp.Having, exp.Qualify, exp.Order, exp.Ordered, exp.Limit, exp.Offset,
    exp.Distinct, exp.Table, exp.TableAlias, exp.Alias, exp.Column, exp.Identifier, exp.Star, exp.Dot, exp.Bracket,
    exp.Literal, exp.Null, exp.Boolean, exp.Paren, exp.Neg, exp.Not, exp.And, exp.Or,
    exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.In, exp.Between, exp.Like, exp.ILike,
    exp.SimilarTo, exp.RegexpLike, exp.RegexpILike, exp.Escape, exp.Exists, exp.Any, exp.All,
    exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.DPipe, exp.Pow, exp.BitwiseAnd, exp.BitwiseOr, exp.BitwiseXor,
    exp.BitwiseNot, exp.BitwiseLeftShift, exp.BitwiseRightShift,
    exp.Case, exp.If, exp.Cast, exp.TryCast, exp.DataType, exp.DataTypeParam, exp.Var, exp.Interval, exp.IntervalSpan,
    exp.Extract, exp.StrPosition, exp.Substring, exp.Trim, exp.CurrentDate, exp.CurrentUser, exp.AtTimeZone,
    exp.Anonymous, exp.Window, exp.WindowSpec, exp.WithinGroup, exp.IgnoreNulls, exp.RespectNulls,
    exp.Rollup, exp.Cube, exp.GroupingSets, exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Whens, exp.When,
    exp.Schema, exp.Collate, exp.Pseudocolumn,
)  # fmt: skip


def _parse_one(sql: str) -> exp.Expr:
    try:
        trees = parse(sql, dialect=RedshiftSource)
    except (ParseError, TokenError) as error:
        errors = error.errors if isinstance(error, ParseError) else []
        near = (errors[0].get("highlight") if errors else None) or str(error).split("\n")[0]
        raise RefusedByRedshift(f'syntax error at or near "{near}"') from error
    if len(trees) != 1 or trees[0] is None:
        raise RefusedByRedshift("syntax error: exactly one statement is expected")
    return trees[0]


def _check_nodes(tree: exp.Expr) -> None:
    for node in tree.walk():
        rules.refuse(node)
        if not isinstance(node, _KNOWN):
            raise UnsupportedStatement(f"the local Redshift does not support {type(node).__name__}: {_source(node)}")


def _source(node: exp.Expr) -> str:
    return node.sql(RedshiftSource)[:120]


def _fold_names(tree: exp.Expr) -> None:
    """Redshift folds identifiers to lower case, quoted or not. Quoting all of them makes keywords harmless."""
    for name in tree.find_all(exp.Identifier):
        name.set("this", name.this.lower())
        name.set("quoted", True)


def rewrite(tree: exp.Expr) -> exp.Expr:
    """Checks a parsed tree and rewrites it for PostgreSQL.

    Raises:
        UnsupportedStatement: It contains something that the stand-in does not support.
        RefusedByRedshift: It contains something that Redshift refuses.
    """
    _check_nodes(tree)
    refuse_unsupported_correlation(tree)
    tree = rewrite_navigation(tree)
    for rule in (*rules.BEFORE_FUNCTIONS, rewrite_call):
        tree = rules.apply(tree, rule)
    _fold_names(tree)
    return tree


def generate(tree: exp.Expr) -> str:
    """The tree's text in PostgreSQL's dialect."""
    return tree.sql(PostgresTarget, comments=False, normalize_functions=False)


def statement(sql: str, *kinds: type[exp.Expr]) -> str:
    """Translates one query or DML statement of the given kinds."""
    tree = _parse_one(sql)
    if not isinstance(tree, kinds):
        raise UnsupportedStatement(f"the local Redshift does not support this statement: {sql[:80]}")
    return generate(rewrite(tree))


def expression(sql: str) -> str:
    """Translates one scalar expression (a default, a condition, an argument)."""
    tree = _parse_one("SELECT " + sql)
    if not isinstance(tree, exp.Select) or len(tree.expressions) != 1 or tree.args.get("from_"):
        raise RefusedByRedshift(f"not an expression: {sql[:80]}")
    return generate(rewrite(tree))[len("SELECT ") :]


def parse_statement(sql: str) -> exp.Expr:
    """The parsed tree of one statement, for rules that inspect it before they rewrite it."""
    return _parse_one(sql)


def select(sql: str) -> str:
    """Translates a query (SELECT, WITH, or a set operation)."""
    return statement(sql, exp.Select, exp.SetOperation, exp.Subquery)


def manipulation(sql: str) -> str:
    """Translates INSERT, UPDATE or DELETE."""
    return statement(sql, exp.Insert, exp.Update, exp.Delete)
