"""Splits SQL into statements, by sqlglot's tokens of Redshift."""

from __future__ import annotations

from typing import ClassVar

from sqlglot.dialects.redshift import Redshift
from sqlglot.errors import TokenError
from sqlglot.tokenizer_core import TokenType

from ..errors import RefusedByRedshift


class _Tokenizer(Redshift.Tokenizer):
    """Redshift's tokens, also of the statements that sqlglot does not read itself, such as CALL and VACUUM."""

    COMMANDS: ClassVar[set[TokenType]] = set()


def statement_bounds(sql: str) -> list[tuple[int, int]]:
    """Where each statement begins and ends, in characters, without the semicolons and comments between them.

    Raises:
        RefusedByRedshift: a string, quoted name, comment or dollar quote is not closed.
    """
    try:
        tokens = _Tokenizer(dialect=Redshift).tokenize(sql)
    except TokenError as error:
        raise RefusedByRedshift(f"a string, quoted name, comment or dollar quote is not closed: {error}") from error
    bounds: list[tuple[int, int]] = []
    is_open = False
    for token in tokens:
        if token.token_type == TokenType.SEMICOLON:
            is_open = False
        elif is_open:
            bounds[-1] = (bounds[-1][0], token.end + 1)
        else:
            bounds.append((token.start, token.end + 1))
            is_open = True
    return bounds


def split_statements(sql: str) -> list[str]:
    """The texts of the statements in `sql`. Raises like `statement_bounds`."""
    return [sql[start:end] for start, end in statement_bounds(sql)]
