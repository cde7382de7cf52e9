"""MERGE. Redshift allows only one form: two tables, an equality, one branch for matches and one for the rest.

Source: https://docs.aws.amazon.com/redshift/latest/dg/r_MERGE.html
"""

from __future__ import annotations

from itertools import pairwise

from sqlglot import exp

from ..errors import RefusedByRedshift
from . import query
from .lexer import Token, quote_literal, quote_name
from .reader import Reader
from .scopes import Names

_ALL_COLUMNS = "rs_all_columns"


def merge(reader: Reader) -> list[str]:
    """Translates MERGE. The reader is at its first word."""
    start = reader.at
    reader.expect("MERGE", "INTO")
    target = reader.parts()
    if not reader.peek("USING"):
        raise RefusedByRedshift("MERGE: the target table cannot have an alias")
    reader.expect("USING")
    if reader.peek("("):
        raise RefusedByRedshift("MERGE: the source must be a table, not a subquery")
    source = reader.parts()
    alias = None if reader.peek("ON") else _alias(reader)
    reader.expect("ON")
    condition = reader.until("WHEN", "REMOVE")
    _refuse_other_than_equality(condition.rest())
    checks = [f"SELECT rs.must_be_table({quote_literal(_name(name))})" for name in (target, source)]
    if reader.accept("REMOVE", "DUPLICATES"):
        reader.end()
        return [*checks, *_remove_duplicates(_name(target), _name(source), alias, condition.rest())]
    reader.at = start
    return [*checks, _standard(reader)]


def _alias(reader: Reader) -> str:
    reader.accept("AS")
    return reader.word()


def _name(parts: list[str]) -> str:
    return ".".join(map(quote_name, parts))


def _refuse_other_than_equality(condition: str) -> None:
    """The tables must be joined by equality; conditions on one of them alone may be of any kind."""
    tree = query.parse_statement(f"SELECT {condition}").expressions[0]
    for part in _conjuncts(tree):
        tables = {column.parts[-2].name.lower() for column in part.find_all(exp.Column) if column.table}
        if not isinstance(part, exp.EQ) and len(tables) != 1:
            raise RefusedByRedshift(f"MERGE: the ON condition must join by equality, not {part.sql('redshift')[:80]}")
    if not any(isinstance(part, exp.EQ) for part in _conjuncts(tree)):
        raise RefusedByRedshift("MERGE: the ON condition must join by equality")


def _conjuncts(tree: exp.Expr) -> list[exp.Expr]:
    tree = tree.unnest()
    if isinstance(tree, exp.And):
        return [*_conjuncts(tree.this), *_conjuncts(tree.expression)]
    return [tree]


def _refuse_partial_super(tree: exp.Merge) -> None:
    """Source: https://docs.aws.amazon.com/redshift/latest/dg/r_MERGE.html."""
    names = Names()
    if tree.find(exp.Bracket, exp.Dot) or any(names.path(column) for column in tree.find_all(exp.Column)):
        raise RefusedByRedshift("Partial reference of SUPER column is not supported in MERGE statement")


def _remove_duplicates(target: str, source: str, alias: str | None, condition: str) -> list[str]:
    """Replaces matched rows by the source's, and inserts identical source rows once."""
    source_name = f"{source} AS {quote_name(alias)}" if alias else source
    return [
        f"DELETE FROM {target} USING {source_name} WHERE {query.expression(condition)}",
        f"INSERT INTO {target} SELECT DISTINCT * FROM {source}",
    ]


def _standard(reader: Reader) -> str:
    tree = query.parse_statement(_with_column_marker(reader))
    if not isinstance(tree, exp.Merge):
        raise reader.unsupported("MERGE")
    _refuse_partial_super(tree)
    branches = tree.args["whens"].expressions
    if any(branch.args.get("condition") is not None for branch in branches):
        raise RefusedByRedshift("MERGE: WHEN … AND is not supported")
    matched = [bool(branch.args["matched"]) for branch in branches]
    if sorted(matched) != [False, True] or any(branch.args.get("source") for branch in branches):
        raise RefusedByRedshift("MERGE needs exactly one WHEN MATCHED and one WHEN NOT MATCHED branch")
    for branch in branches:
        action = branch.args["then"]
        if not isinstance(action, (exp.Update, exp.Insert)) and action.name.upper() != "DELETE":
            raise RefusedByRedshift(f"MERGE: {action.sql('redshift')} is not supported")
        if isinstance(action, exp.Insert) and action.this is not None and _ALL_COLUMNS in action.this.sql():
            action.set("this", None)
    return query.generate(query.rewrite(tree))


def _with_column_marker(reader: Reader) -> str:
    """Adds a column list to `INSERT VALUES (…)`, which sqlglot can read and which is removed again later."""
    tokens: list[Token] = reader.tokens
    sql = reader.rest()
    shift = 0
    origin = reader.tokens[reader.at].start
    for token, next_token in pairwise(tokens):
        if token.upper == "INSERT" and next_token.upper == "VALUES":
            at = token.end - origin + shift
            sql = f"{sql[:at]} ({_ALL_COLUMNS}){sql[at:]}"
            shift += len(_ALL_COLUMNS) + 3
    return sql
