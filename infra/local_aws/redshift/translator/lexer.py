"""Tokens of Redshift SQL, and a cursor over them.

sqlglot parses queries well and DDL badly (inline DISTKEY, procedures, COPY), so statements that are not queries are
read token by token here. The same tokens find `:parameters` without being fooled by strings, comments and
dollar quotes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ..errors import RefusedByRedshift, UnsupportedStatement

Kind = Literal["word", "quoted", "string", "dollar", "number", "param", "op"]

_PATTERN = re.compile(
    r"""
      (?P<space>\s+|--[^\n]*)
    | (?P<comment>/\*)
    | (?P<dollar>\$(?P<tag>[A-Za-z_]*)\$)
    | (?P<string>'(?:[^'\\]|''|\\.)*')
    | (?P<quoted>"(?:[^"]|"")*")
    | (?P<number>\d+(?:\.(?!\.)\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)
    | (?P<param>(?<!:):[A-Za-z_]\w*)
    | (?P<word>\#?[^\W\d][\w$]*)
    | (?P<op>::|:=|<=|>=|<>|!=|\|\||\.\.|<<|>>|!~\*?|~\*|=>|[^\s\w])
    """,
    re.VERBOSE | re.DOTALL,
)


_MAX_NAME = 127
_MAX_NAME_HERE = 63
"""In bytes; PostgreSQL's own limit."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token and its position in the statement's text."""

    kind: Kind
    text: str
    start: int
    end: int

    @property
    def upper(self) -> str:
        """A bare word in upper case; any other token unchanged, so that `"by"` is not a keyword."""
        return self.text.upper() if self.kind == "word" else self.text


_COMMENT_EDGE = re.compile(r"/\*|\*/")


def _skip_comment(sql: str, start: int) -> int:
    """The position after a block comment, which may contain others, as in PostgreSQL."""
    depth = 0
    for edge in _COMMENT_EDGE.finditer(sql, start):
        depth += 1 if edge.group() == "/*" else -1
        if depth == 0:
            return edge.end()
    raise RefusedByRedshift("unterminated /* comment")


def tokenize(sql: str) -> list[Token]:
    """Splits SQL text into tokens, without white space and comments.

    Raises:
        RefusedByRedshift: A string, quoted name, comment or dollar quote is not closed.
    """
    tokens: list[Token] = []
    at = 0
    while at < len(sql):
        match = _PATTERN.match(sql, at)
        if match is None or match.group(0) in ("'", '"'):
            raise RefusedByRedshift(f"unterminated or unknown token at or near {sql[at : at + 20]!r}")
        end = match.end()
        kind = match.lastgroup
        if match.group("comment"):
            end = _skip_comment(sql, at)
        elif match.group("dollar"):
            close = sql.find(match.group("dollar"), end)
            if close < 0:
                raise RefusedByRedshift("unterminated dollar-quoted string")
            end = close + len(match.group("dollar"))
            tokens.append(Token("dollar", sql[at:end], at, end))
        elif kind != "space":
            tokens.append(Token(kind, match.group(0), at, end))  # type: ignore[arg-type]
        at = end
    return tokens


def dollar_body(text: str) -> str:
    """The text between the dollar quotes (`$tag$ … $tag$`)."""
    tag = text[: text.index("$", 1) + 1]
    return text[len(tag) : -len(tag)]


def string_value(text: str) -> str:
    r"""The value of a Redshift string literal, with `''` and backslash escapes resolved."""
    plain = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
    return re.sub(
        r"\\(.)|''", lambda m: "'" if m.group(0) == "''" else plain.get(m[1], m[1]), text[1:-1], flags=re.DOTALL
    )


def quote_literal(value: str) -> str:
    """A value as a PostgreSQL string literal (`standard_conforming_strings` on)."""
    return "'" + value.replace("'", "''") + "'"


def check_name(name: str) -> None:
    """Checks the length of a name, which PostgreSQL would cut off without an error.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_names.html

    Raises:
        RefusedByRedshift: It has more than 127 bytes.
        UnsupportedStatement: It has more bytes than PostgreSQL's names.
    """
    length = len(name.encode())
    if length > _MAX_NAME:
        raise RefusedByRedshift(f'identifier "{name[:60]}…" is longer than {_MAX_NAME} bytes')
    if length > _MAX_NAME_HERE:
        raise UnsupportedStatement(f'the name "{name}" is longer than {_MAX_NAME_HERE} bytes')


def quote_name(name: str) -> str:
    """An identifier for PostgreSQL, in lower case, as Redshift treats even a quoted one. Raises like `check_name`."""
    check_name(name)
    return '"' + name.lower().replace('"', '""') + '"'
