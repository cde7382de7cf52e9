"""Decides what to do for a statement of the client's: translates it, once for each text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from ..errors import RefusedByRedshift
from ..transfer.copy_command import parse_copy
from ..transfer.unload_command import parse_unload
from ..translator import catalog, query
from ..translator.lexer import Token, quote_literal, string_value, tokenize
from ..translator.positional import named, numbered
from ..translator.reader import Reader
from ..translator.session import with_isolation
from ..translator.translation import statements

Kind = Literal["relay", "call", "hidden", "copy", "unload", "control", "empty"]

_TRANSACTION_ENDS = ("COMMIT", "END", "ROLLBACK", "ABORT")
_CONTROL = ("BEGIN", "START", *_TRANSACTION_ENDS)
_PASSED = ("FETCH", "CLOSE", "DEALLOCATE")
_QUERIES = ("SELECT", "WITH", "(", "EXPLAIN")
_CHANGES = ("INSERT", "UPDATE", "DELETE", "MERGE")
_REFUSED = ("SAVEPOINT", "RELEASE", "LISTEN", "UNLISTEN", "NOTIFY", "DISCARD")
_OBJECTS = ("TABLE", "VIEW", "SCHEMA", "DATABASE", "USER", "GROUP", "ROLE", "FUNCTION", "PROCEDURE", "LIBRARY", "MODEL",
    "DATASHARE")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do for one statement.

    Attributes:
        text: The statement.
        kind: relay: one statement of PostgreSQL's, whose rows the client gets. call: the same, for a procedure.
            hidden: statements without rows for the client, only a tag. copy, unload: done by our own code.
            control: begins or ends a transaction. empty: nothing.
        parts: PostgreSQL's statements.
        tag: The tag of CommandComplete; None for PostgreSQL's.
        reads: Whether it may read external tables.
        ends_transaction: Whether it is allowed in a failed transaction.
        sources: The statement and the texts of the late-binding views that it reads.
    """

    text: str
    kind: Kind
    parts: tuple[str, ...] = ()
    tag: bytes | None = None
    reads: bool = False
    ends_transaction: bool = False
    sources: str = ""


def split(text: str) -> list[str]:
    """The statements in a text, without the semicolons. Raises RefusedByRedshift if a quote is not closed."""
    parts: list[list[Token]] = [[]]
    for token in tokenize(text):
        if token.text == ";":
            parts.append([])
        else:
            parts[-1].append(token)
    return [text[part[0].start : part[-1].end] for part in parts if part]


def make_plan(text: str) -> Plan:
    """The plan of one statement without a semicolon.

    Raises:
        StatementError: Redshift would refuse the statement, or we don't support it.
    """
    text = _without_prefixes(text)
    reader = Reader(text)
    word = reader.tokens[0].upper
    if word in _CONTROL:
        return _control(text, reader, word)
    if word in _REFUSED:
        raise RefusedByRedshift(f'syntax error at or near "{word}"')
    if word in _PASSED:
        return Plan(text, "relay", (_with_standard_strings(text, reader.tokens),))
    if word == "EXECUTE":
        return Plan(text, "relay", (_execute(reader),))
    if word in ("COPY", "UNLOAD"):
        return _transfer(text, word)
    if word in ("DECLARE", "PREPARE"):
        return _around_query(text, reader, word)
    if word in _QUERIES:
        tag = b"EXPLAIN" if word == "EXPLAIN" else None
        return Plan(text, "relay", _translated(text), tag, reads=True)
    return _other(text, reader, word)


def _without_prefixes(text: str) -> str:
    r"""The text without the E of `E'a\\b'`, which psycopg writes: Redshift's strings have escapes anyway."""
    parts = []
    at = 0
    for token, following in pairwise(tokenize(text)):
        if token.upper == "E" and following.kind == "string" and following.start == token.end:
            parts.append(text[at : token.start])
            at = token.end
    return "".join(parts) + text[at:]


def _with_standard_strings(text: str, tokens: list[Token]) -> str:
    """The text with PostgreSQL's string literals: Redshift's have backslash escapes."""
    parts = []
    at = 0
    for token in tokens:
        if token.kind == "string" and "\\" in token.text:
            parts.append(text[at : token.start] + quote_literal(string_value(token.text)))
            at = token.end
    return "".join(parts) + text[at:]


def _execute(reader: Reader) -> str:
    """EXECUTE name [(arguments)]. The arguments are expressions, and translated like any."""
    reader.expect("EXECUTE")
    name = reader.name()
    if reader.done:
        return f"EXECUTE {name}"
    arguments = ", ".join(query.expression(part.rest()) for part in reader.parens().split(","))
    reader.end()
    return f"EXECUTE {name}({arguments})"


def _control(text: str, reader: Reader, word: str) -> Plan:
    if any(token.upper in ("TO", "SAVEPOINT", "PREPARED") for token in reader.tokens[1:]):
        raise RefusedByRedshift(f'SQL command "{text}" not supported.')
    return Plan(text, "control", (with_isolation(text),), ends_transaction=word in _TRANSACTION_ENDS)


def _transfer(text: str, word: str) -> Plan:
    if word == "COPY":
        parse_copy(text)
        return Plan(text, "copy", tag=b"COPY")
    parse_unload(text)
    return Plan(text, "unload", tag=b"UNLOAD")


def _around_query(text: str, reader: Reader, word: str) -> Plan:
    """DECLARE … CURSOR FOR and PREPARE … AS: the query inside is translated."""
    keyword = "FOR" if word == "DECLARE" else "AS"
    at = next((i for i, token in enumerate(reader.tokens) if token.upper == keyword), None)
    if at is None or at + 1 >= len(reader.tokens):
        raise RefusedByRedshift(f"syntax error: expected {keyword} and a query")
    inner = make_plan(text[reader.tokens[at + 1].start :])
    if inner.kind not in ("relay", "hidden") or len(inner.parts) != 1:
        raise RefusedByRedshift(f'syntax error at or near "{reader.tokens[at + 1].text}"')
    head = text[: reader.tokens[at].end]
    return replace(inner, text=text, kind="relay", parts=(f"{head} {inner.parts[0]}",), tag=None)


def _translated(text: str) -> tuple[str, ...]:
    """PostgreSQL's statements for one of Redshift's, which may have parameters."""
    listing = catalog.statement(text)
    return (listing,) if listing is not None else tuple(map(numbered, statements(named(text))))


def _other(text: str, reader: Reader, word: str) -> Plan:
    parts = _translated(text)
    if word in ("SET", "RESET"):
        return Plan(text, "hidden", parts, word.encode())
    if word == "SHOW":
        return Plan(text, "relay", parts, b"SHOW", reads=True)
    if word == "CALL":
        return Plan(text, "call", parts)
    if word in _CHANGES and len(parts) == 1:
        return Plan(text, "relay", parts, reads=word == "INSERT")
    if word == "CREATE":
        return Plan(text, "hidden", parts, _definition_tag(reader), reads=True)
    return Plan(text, "hidden", parts, None if word in _CHANGES else _definition_tag(reader))


def _definition_tag(reader: Reader) -> bytes:
    """The tag of a statement that has no rows, such as CREATE TABLE."""
    words = [token.upper for token in reader.tokens[:8]]
    if words[0] not in ("CREATE", "ALTER", "DROP"):
        return words[0].encode()
    is_select = words[0] == "CREATE" and "TABLE" in words and _has_query(reader)
    name = next((word for word in words[1:] if word in _OBJECTS), "")
    return b"SELECT" if is_select else f"{words[0]} {name}".strip().encode()


def _has_query(reader: Reader) -> bool:
    """Whether a definition of a table has AS outside of parentheses."""
    reader.at = 0
    reader.until("AS")
    return not reader.done
