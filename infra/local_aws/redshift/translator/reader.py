"""A cursor over the tokens of one statement: accepts keywords, expects names, and reads text in parentheses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import RefusedByRedshift, StatementError, UnsupportedStatement
from .lexer import Token, dollar_body, quote_name, string_value, tokenize
from .words import RESERVED

_SYSTEM_COLUMNS = frozenset({"oid", "tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"})


class Reader:
    """Reads one statement from left to right.

    Args:
        sql: The statement's text.
        tokens: Its tokens; by default those of the whole text.
    """

    def __init__(self, sql: str, tokens: list[Token] | None = None) -> None:
        self.sql = sql
        self.tokens = tokenize(sql) if tokens is None else tokens
        self.at = 0

    @property
    def done(self) -> bool:
        """Whether every token has been read."""
        return self.at >= len(self.tokens)

    def peek(self, *words: str) -> bool:
        """Whether the next tokens are these keywords or symbols."""
        following = self.tokens[self.at : self.at + len(words)]
        return len(following) == len(words) and all(t.upper == w for t, w in zip(following, words, strict=True))

    def accept(self, *words: str) -> bool:
        """Reads these keywords if they come next."""
        if not self.peek(*words):
            return False
        self.at += len(words)
        return True

    def accept_any(self, *words: str) -> str | None:
        """Reads one of these keywords if it comes next, and returns it."""
        for word in words:
            if self.accept(word):
                return word
        return None

    def expect(self, *words: str) -> None:
        """Reads these keywords.

        Raises:
            RefusedByRedshift: Something else comes next.
        """
        if not self.accept(*words):
            raise self.error(f"expected {' '.join(words)}")

    def next(self) -> Token:
        """Reads one token of any kind."""
        if self.done:
            raise self.error("the statement ends too early")
        self.at += 1
        return self.tokens[self.at - 1]

    def error(self, why: str = "") -> RefusedByRedshift:
        """A syntax error at the next token, in Redshift's words."""
        near = "end of input" if self.done else f'"{self.tokens[self.at].text[:60]}"'
        return RefusedByRedshift(f"syntax error at or near {near}" + (f": {why}" if why else ""))

    def unsupported(self, subject: str = "clause") -> UnsupportedStatement:
        """The error for unsupported text at the next token."""
        near = "end of input" if self.done else self.rest()[:80]
        return UnsupportedStatement(f"the local Redshift does not support this {subject}: {near}")

    @contextmanager
    def locating_faults(self) -> Iterator[None]:
        """Faults inside are at the token that comes next now, unless a statement further in has located them."""
        start = 0 if self.done else self.tokens[self.at].start
        try:
            yield
        except StatementError as error:
            error.offset = error.offset or start
            raise

    def end(self) -> None:
        """Raises UnsupportedStatement unless the statement has been read to its end."""
        if not self.done:
            raise self.unsupported()

    def word(self) -> str:
        """Reads one bare or quoted name, in lower case."""
        token = self.next()
        if token.kind == "quoted":
            return token.text[1:-1].replace('""', '"').lower()
        if token.kind != "word":
            self.at -= 1
            raise self.error("expected a name")
        return token.text.lower()

    def new_name(self) -> str:
        """Reads the name of a column or relation: a reserved word must be in double quotation marks."""
        if not self.done and self.tokens[self.at].upper.lower() in RESERVED and self.tokens[self.at].kind == "word":
            raise self.error()
        return self.word()

    def column_name(self) -> str:
        """Reads the name of a new column, which can't be a system column's.

        Source: https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html
        """
        name = self.new_name()
        if name in _SYSTEM_COLUMNS:
            raise RefusedByRedshift(f'column name "{name}" conflicts with a system column name')
        return name

    def parts(self) -> list[str]:
        """Reads a possibly schema-qualified name."""
        names = [self.new_name()]
        while self.accept("."):
            names.append(self.word())
        return names

    def name(self) -> str:
        """Reads a possibly schema-qualified name, and quotes it for PostgreSQL."""
        return ".".join(map(quote_name, self.parts()))

    def string(self) -> str:
        """Reads a string literal, in quotes or dollar quotes, and returns its value."""
        token = self.next()
        if token.kind == "dollar":
            return dollar_body(token.text)
        if token.kind != "string":
            self.at -= 1
            raise self.error("expected a string")
        return string_value(token.text)

    def integer(self) -> int:
        """Reads an integer."""
        sign = -1 if self.accept("-") else 1
        token = self.next()
        if not token.text.isdigit():
            self.at -= 1
            raise self.error("expected an integer")
        return sign * int(token.text)

    def parens(self) -> Reader:
        """Reads `( … )` and returns a reader of the text in between."""
        self.expect("(")
        start = self.at
        depth = 1
        while depth:
            text = self.next().text
            depth += (text == "(") - (text == ")")
        return Reader(self.sql, self.tokens[start : self.at - 1])

    def names_in_parens(self) -> list[str]:
        """Reads `(a, b, …)`."""
        return [part.word() for part in self.parens().split(",")]

    def split(self, separator: str) -> list[Reader]:
        """The remaining text, split at each separator outside parentheses."""
        parts = []
        depth = 0
        start = self.at
        for i in range(self.at, len(self.tokens)):
            text = self.tokens[i].text
            depth += (text in "([") - (text in ")]")
            if text == separator and depth == 0:
                parts.append(Reader(self.sql, self.tokens[start:i]))
                start = i + 1
        parts.append(Reader(self.sql, self.tokens[start:]))
        self.at = len(self.tokens)
        return [] if len(parts) == 1 and not parts[0].tokens else parts

    def until_semicolon(self) -> Reader:
        """Reads up to and including the next semicolon, and returns a reader of the text before it."""
        start = self.at
        while not self.peek(";"):
            self.next()
        statement = Reader(self.sql, self.tokens[start : self.at])
        self.expect(";")
        return statement

    def until(self, *words: str) -> Reader:
        """Reads up to (not including) the first of these keywords outside parentheses and CASE … END."""
        start = self.at
        depth = 0
        while not self.done:
            token = self.tokens[self.at]
            if depth == 0 and token.upper in words:
                break
            depth += (token.text == "(" or token.upper == "CASE") - (token.text == ")" or token.upper == "END")
            self.at += 1
        return Reader(self.sql, self.tokens[start : self.at])

    def rest(self) -> str:
        """Source text of the tokens that have not been read."""
        return self.sql[self.tokens[self.at].start : self.tokens[-1].end] if not self.done else ""
