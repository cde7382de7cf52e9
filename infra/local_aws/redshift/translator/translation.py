"""Translates Redshift SQL to PostgreSQL, one statement at a time. An unknown construct is an error, never a guess.

The first words decide which module reads a statement: queries and DML go through sqlglot (`query`), all others through
our own readers. COPY, UNLOAD and CALL of the Data API are executed elsewhere, because they are more than SQL.
"""

from __future__ import annotations

from collections.abc import Callable

from ..errors import RefusedByRedshift, UnsupportedStatement
from . import (
    alter_table,
    catalog,
    cursors,
    definitions,
    explain,
    maintenance,
    merge,
    permissions,
    plpgsql,
    prepared,
    query,
    select_into,
    session,
    tables,
    transactions,
)
from .declared import note_created_table
from .grammar import size
from .reader import Reader
from .relations import declaring

_Translator = Callable[[Reader], list[str]]


def _query(reader: Reader) -> list[str]:
    verb = _main_word(reader)
    if verb.peek("UPDATE") or verb.peek("DELETE"):
        return _manipulation(reader)
    if verb.peek("INSERT"):
        raise verb.error("WITH stands after INSERT INTO")
    creation = select_into.as_create_table(reader)
    return statements(creation) if creation else [query.select(reader.rest())]


def _main_word(reader: Reader) -> Reader:
    """A reader at the verb after WITH and its queries."""
    verb = Reader(reader.sql, reader.tokens)
    if verb.peek("WITH"):
        verb.until("SELECT", "UPDATE", "DELETE", "INSERT")
    return verb


def _manipulation(reader: Reader) -> list[str]:
    return [query.manipulation(reader.rest())]


def _create(reader: Reader) -> list[str]:
    reader.expect("CREATE")
    if any(reader.peek(*words) for words in _TABLE_WORDS):
        return tables.create_table(reader)
    with declaring():
        return definitions.create(reader, statements)


def _show(reader: Reader) -> list[str]:
    listing = catalog.show.show(reader)
    return [listing] if listing else session.show(reader)


_TABLE_WORDS = (("TABLE",), ("TEMP",), ("TEMPORARY",), ("LOCAL",))


def _alter(reader: Reader) -> list[str]:
    reader.expect("ALTER")
    return alter_table.alter_table(reader) if reader.accept("TABLE") else definitions.alter(reader)


def _explain(reader: Reader) -> list[str]:
    return explain.explain(reader, statements)


def _prepare(reader: Reader) -> list[str]:
    return prepared.prepare(reader, statements)


_TRANSLATORS: dict[str, _Translator] = {
    "SELECT": _query, "WITH": _query, "(": _query,
    "INSERT": _manipulation, "UPDATE": _manipulation, "DELETE": _manipulation, "MERGE": merge.merge,
    "CREATE": _create, "ALTER": _alter, "DROP": definitions.drop, "GRANT": permissions.grant,
    "REVOKE": permissions.revoke, "COMMENT": definitions.comment,
    "CALL": plpgsql.call, "TRUNCATE": maintenance.truncate, "REFRESH": maintenance.refresh,
    "ANALYZE": maintenance.analyze, "VACUUM": maintenance.vacuum, "SET": session.set_parameter,
    "RESET": session.reset, "SHOW": _show, "LOCK": maintenance.lock,
    "EXPLAIN": _explain, "DECLARE": cursors.declare, "FETCH": cursors.fetch, "CLOSE": cursors.close,
    "BEGIN": transactions.begin, "START": transactions.begin, "COMMIT": transactions.end, "END": transactions.end,
    "ROLLBACK": transactions.end, "ABORT": transactions.end,
    "PREPARE": _prepare, "EXECUTE": prepared.execute, "DEALLOCATE": prepared.deallocate, "CANCEL": maintenance.cancel,
}  # fmt: skip
_REFUSED = {
    "DO": "anonymous DO blocks are not supported; use a stored procedure",
    "VALUES": "VALUES is supported in INSERT only",
    "LISTEN": "LISTEN is not supported",
    "NOTIFY": "NOTIFY is not supported",
    "REINDEX": "indexes are not supported",
    "CLUSTER": "CLUSTER is not supported; use sort keys",
    "REPLACE": "REPLACE is not supported; use MERGE",
    "SAVEPOINT": "SAVEPOINT is not supported",
    "RELEASE": "RELEASE SAVEPOINT is not supported",
}


def translate(sql: str) -> str | list[str]:
    """Translates one Redshift statement into one PostgreSQL statement, or into several to run in one transaction.

    Args:
        sql: One statement, with or without a closing semicolon; named parameters have been replaced by their values.

    Raises:
        RefusedByRedshift: Redshift would refuse it; the message is Redshift's reason.
        UnsupportedStatement: The stand-in does not support the statement, or a clause or function in it.
    """
    size.refuse_too_long(sql)
    reader = Reader(sql)
    size.refuse_too_deep(token.text for token in reader.tokens)
    while reader.tokens and reader.tokens[-1].text == ";":
        reader.tokens.pop()
    if reader.done:
        raise RefusedByRedshift("the statement is empty")
    if any(token.text == ";" for token in reader.tokens):
        raise RefusedByRedshift("Multi-statements are not supported; use BatchExecuteStatement")
    first_word = reader.tokens[0].upper
    if first_word in _REFUSED:
        raise RefusedByRedshift(_REFUSED[first_word])
    translator = _TRANSLATORS.get(first_word)
    if translator is None:
        raise UnsupportedStatement(f"the local Redshift does not support this statement: {sql.strip()[:80]}")
    results = translator(reader)
    note_created_table(sql)
    return results[0] if len(results) == 1 else results


def statements(sql: str) -> list[str]:
    """Like `translate`, but always returns a list."""
    translation = translate(sql)
    return [translation] if isinstance(translation, str) else translation
