"""Splits a SQL file into statements: Redshift's Data API runs one statement at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from sqlglot.dialects.redshift import Redshift
from sqlglot.errors import TokenError
from sqlglot.tokenizer_core import Token, TokenType


class _Tokenizer(Redshift.Tokenizer):
    """Redshift's tokens, also of the statements that sqlglot does not read itself, such as CALL and VACUUM."""

    COMMANDS: ClassVar[set[TokenType]] = set()


def split(sql: str) -> list[str]:
    """The statements of a file, without the semicolons between them.

    Semicolons in comments, strings, quoted identifiers and `$$` bodies do not end a statement. Comments outside
    bodies are dropped, so that what is sent is what is run.

    >>> split("SELECT 'a;b'; -- a note; not a statement\\nSELECT 2;")
    ["SELECT 'a;b'", 'SELECT 2']

    Raises:
        ValueError: a string, a comment or a `$$` body is not closed.
    """
    return ["".join(_texts(sql, statement)) for statement in _statements(_tokens(sql)) if statement]


def without_words(sql: str) -> str:
    """The statements alone: without comments, also in `$$` bodies, and without layout.

    Two texts that give the same do the same. The text does not depend on how statements are cut into tokens, only on
    what lies between them, because migrations are recognised by its hash.
    """
    return " ; ".join("".join(_code(sql, statement)) for statement in _statements(_tokens(sql)) if statement)


def _code(sql: str, statement: Sequence[Token]) -> Iterator[str]:
    """The tokens of a statement, with a blank where any white space or comment separates two of them."""
    end = statement[0].start
    for token in statement:
        if token.start > end:
            yield " "
        end = token.end + 1
        text = sql[token.start : end]
        if token.token_type == TokenType.HEREDOC_STRING:
            tag = text[: text.index("$", 1) + 1]
            yield tag + without_words(text[len(tag) : -len(tag)]) + tag
        else:
            yield text


def is_complete(sql: str) -> bool:
    """Whether a semicolon ends the last statement. It does not while a string, a comment or a `$$` body is open."""
    try:
        tokens = _tokens(sql)
    except ValueError:
        return False
    return bool(tokens) and tokens[-1].token_type == TokenType.SEMICOLON


def _tokens(sql: str) -> Sequence[Token]:
    try:
        return _Tokenizer(dialect=Redshift).tokenize(sql)
    except TokenError as error:
        raise ValueError(f"a string, comment or $$ body is not closed: {error}") from error


def _statements(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    start = 0
    for at, token in enumerate(tokens):
        if token.token_type == TokenType.SEMICOLON:
            yield tokens[start:at]
            start = at + 1
    yield tokens[start:]


def _texts(sql: str, statement: Sequence[Token]) -> Iterator[str]:
    """The tokens as they are written, and the white space between them."""
    end = statement[0].start
    for token in statement:
        yield _space(sql[end : token.start])
        yield sql[token.start : token.end + 1]
        end = token.end + 1


def _space(gap: str) -> str:
    """White space between two tokens; of a gap with comments, its last line break and the indentation after it."""
    if not gap.strip():
        return gap
    _, line_break, indentation = gap.rpartition("\n")
    if not line_break:
        return " "
    return line_break + ("" if indentation.strip() else indentation)
