"""SELECT … INTO a new table, as CREATE TABLE AS.

Source: https://docs.aws.amazon.com/redshift/latest/dg/r_SELECT_INTO.html
"""

from __future__ import annotations

from .lexer import Token, quote_name
from .reader import Reader


def as_create_table(reader: Reader) -> str | None:
    """CREATE TABLE AS in place of `SELECT … INTO [TEMP] [TABLE] name …`; None for any other query.

    Args:
        reader: Is at the first word of the query, and stays there.
    """
    start = reader.at
    before = reader.until("INTO")
    if reader.done or any(token.upper == "FROM" for token in _at_top(before)):
        reader.at = start
        return None
    select_end = reader.tokens[reader.at].start
    reader.expect("INTO")
    kind = "TEMP " if reader.accept_any("TEMPORARY", "TEMP") else ""
    reader.accept("TABLE")
    name = ".".join(map(quote_name, reader.parts()))
    query = reader.sql[reader.tokens[start].start : select_end] + reader.rest()
    return f"CREATE {kind}TABLE {name} AS {query}"


def _at_top(reader: Reader) -> list[Token]:
    depth = 0
    tokens = []
    for token in reader.tokens:
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0:
            tokens.append(token)
    return tokens
