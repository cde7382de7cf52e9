"""Tokens of Redshift SQL, and a cursor over them.

sqlglot parses queries well and DDL badly (inline DISTKEY, procedures, COPY), so statements that are not queries are
read token by token here. The same tokens find `:parameters` without being fooled by strings, comments and
dollar quotes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from .errors import RefusedByRedshift

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


@dataclass(frozen=True, slots=True)
class Token:
    """One token and where it stands in the statement's text."""

    kind: Kind
    text: str
    start: int
    end: int

    @property
    def upper(self) -> str:
        """Upper-cased text of a bare word; the text itself for everything else, so that `"by"` is no keyword."""
        return self.text.upper() if self.kind == "word" else self.text


def _skip_comment(sql: str, start: int) -> int:
    """Redshift nests block comments, as PostgreSQL does."""
    depth, at = 1, start + 2
    while depth:
        close, opened = sql.find("*/", at), sql.find("/*", at)
        if close < 0:
            raise RefusedByRedshift("unterminated /* comment")
        if 0 <= opened < close:
            depth, at = depth + 1, opened + 2
        else:
            depth, at = depth - 1, close + 2
    return at


def tokenize(sql: str) -> list[Token]:
    """Split SQL text into tokens, dropping white space and comments.

    Raises:
        RefusedByRedshift: A string, quoted name, comment or dollar quote is not closed.
    """
    tokens: list[Token] = []
    at = 0
    while at < len(sql):
        match = _PATTERN.match(sql, at)
        if match is None or match.group(0) in ("'", '"'):
            raise RefusedByRedshift(f"unterminated or unknown token at or near {sql[at : at + 20]!r}")
        end, kind = match.end(), match.lastgroup
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
    """Text between the dollar quotes (`$tag$ … $tag$`)."""
    tag = text[: text.index("$", 1) + 1]
    return text[len(tag) : -len(tag)]


def string_value(text: str) -> str:
    r"""Value of a Redshift string literal: `''` and backslash escapes are both understood."""
    plain = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
    return re.sub(
        r"\\(.)|''", lambda m: "'" if m.group(0) == "''" else plain.get(m[1], m[1]), text[1:-1], flags=re.DOTALL
    )


def quote_literal(value: str) -> str:
    """A value as a PostgreSQL string literal (`standard_conforming_strings` on)."""
    return "'" + value.replace("'", "''") + "'"


def quote_name(name: str) -> str:
    """One identifier for PostgreSQL, folded to lower case as Redshift does even when it is quoted."""
    return '"' + name.lower().replace('"', '""') + '"'
