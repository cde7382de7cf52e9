"""Queries, DML and expressions: parses them with sqlglot, checks each node, rewrites the tree, and generates the text.

Only what `grammar` lists passes, so that a statement can't pass only because PostgreSQL runs it.
"""

from __future__ import annotations

from itertools import pairwise

from sqlglot import exp
from sqlglot.errors import ParseError, TokenError
from sqlglot.tokenizer_core import Token

from ..errors import RefusedByRedshift, UnsupportedStatement
from . import catalog
from .column_names import name_columns
from .correlation import refuse_unsupported_correlation
from .dialect import PostgresTarget, RedshiftSource
from .functions import rewrite_call
from .grammar import conditions, leader_node, lossless, nodes, size
from .late_binding import expand
from .lexer import check_name, tokenize
from .own_names import refuse_own_functions
from .rules import AFTER_CHECKS, BEFORE_FUNCTIONS, OF_WHOLE_SELECTS, reshape
from .super_navigation import rewrite_navigation
from .tree import apply
from .typed import rewrite_by_type


def _parse_one(sql: str) -> exp.Expr:
    dialect = RedshiftSource()
    try:
        tokens = dialect.tokenize(sql)
        size.refuse_too_deep(token.text for token in tokens)
        trees = dialect.parser().parse(tokens, sql)
        if len(trees) != 1 or trees[0] is None:
            raise RefusedByRedshift("syntax error: exactly one statement is expected")
        _refuse_dropped(tokens, trees[0])
    except (ParseError, TokenError) as error:
        raise RefusedByRedshift(_syntax_error(error)) from error
    if trees[0].find(exp.Concat):
        _check_adjacent_strings(sql)
    return trees[0]


def _check_adjacent_strings(sql: str) -> None:
    """Constants next to each other are one only if they are on different lines."""
    for first, second in pairwise(tokenize(sql)):
        if first.kind == second.kind == "string" and "\n" not in sql[first.end : second.start]:
            raise RefusedByRedshift(f'syntax error at or near "{second.text}"')


def _refuse_dropped(tokens: list[Token], tree: exp.Expr) -> None:
    try:
        lossless.refuse_dropped(tokens, tree)
    except RefusedByRedshift:
        for node in tree.walk():
            conditions.refuse(node)  # a reason with more words
        raise


def _syntax_error(error: ParseError | TokenError) -> str:
    errors = error.errors if isinstance(error, ParseError) else []
    near = errors[0].get("highlight") if errors else str(error).split("\n", maxsplit=1)[0]
    return f'syntax error at or near "{near}"' if near else "syntax error at end of input"


def _check_nodes(tree: exp.Expr) -> None:
    for node in tree.walk():
        conditions.refuse(node)
        nodes.refuse_unknown(node)
    leader_node.refuse_on_tables(tree)


def _fold_names(tree: exp.Expr) -> None:
    """Redshift folds identifiers to lower case, quoted or not. Quoting all of them makes keywords harmless."""
    for name in tree.find_all(exp.Identifier):
        check_name(name.this)
        name.set("this", name.this.lower())
        name.set("quoted", True)


def rewrite(tree: exp.Expr, is_stored: bool = False) -> exp.Expr:
    """Rewrites a parsed tree for PostgreSQL.

    Args:
        tree: The statement as it is written.
        is_stored: The query's columns become a table's or a view's.

    Raises:
        UnsupportedStatement: It contains something that the stand-in does not support.
        RefusedByRedshift: It contains something that Redshift refuses.
    """
    tree = expand(tree, _parse_one)
    refuse_own_functions(tree)
    tree = reshape(tree, OF_WHOLE_SELECTS)
    _check_nodes(tree)
    refuse_unsupported_correlation(tree)
    name_columns(tree)
    tree = reshape(tree, AFTER_CHECKS)
    tree = rewrite_navigation(tree)
    tree = rewrite_by_type(tree, is_stored)
    for rule in (*BEFORE_FUNCTIONS, rewrite_call):
        tree = apply(tree, rule)
    _fold_names(tree)
    return tree


def generate(tree: exp.Expr) -> str:
    """The tree's text in PostgreSQL's dialect."""
    return tree.sql(PostgresTarget, comments=False, normalize_functions=False)


def statement(sql: str, *kinds: type[exp.Expr], is_stored: bool = False) -> str:
    """Translates one query or DML statement of the given kinds. `is_stored` is that of `rewrite`."""
    tree = _parse_one(sql)
    if not isinstance(tree, kinds):
        raise UnsupportedStatement(f"the local Redshift does not support this statement: {sql[:80]}")
    return generate(rewrite(tree, is_stored))


def expression(sql: str) -> str:
    """Translates one scalar expression (a default, a condition, an argument)."""
    tree = _parse_one("SELECT " + sql)
    if not isinstance(tree, exp.Select) or len(tree.expressions) != 1 or tree.args.get("from_"):
        raise RefusedByRedshift(f"not an expression: {sql[:80]}")
    rewritten = rewrite(tree)
    return generate(rewritten.expressions[0].unalias())


def parse_statement(sql: str) -> exp.Expr:
    """The parsed tree of one statement, for rules that inspect it before they rewrite it. Raises like `rewrite`."""
    return _parse_one(sql)


def stored_select(sql: str) -> str:
    """Translates the query of a table or view, whose columns get the query's types."""
    return catalog.queries.catalog_query(sql) or statement(sql, exp.Query, is_stored=True)


def select(sql: str) -> str:
    """Translates a query (SELECT, WITH, or a set operation), of user tables or of the catalog."""
    return catalog.queries.catalog_query(sql) or statement(sql, exp.Select, exp.SetOperation, exp.Subquery)


def manipulation(sql: str) -> str:
    """Translates INSERT, UPDATE or DELETE."""
    return statement(sql, exp.Insert, exp.Update, exp.Delete)
