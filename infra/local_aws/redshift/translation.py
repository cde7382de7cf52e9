"""Translates Redshift SQL to PostgreSQL, one statement at a time. An unknown construct is an error, never a guess.

The first words decide which module reads a statement: queries and DML go through sqlglot (`query`), all others through
our own readers. COPY, UNLOAD and CALL of the Data API are executed elsewhere, because they are more than SQL.
"""

from __future__ import annotations

from collections.abc import Callable

from . import definitions, maintenance, merge, plpgsql, query, tables
from .errors import RefusedByRedshift, UnsupportedStatement
from .reader import Reader

_Translator = Callable[[Reader], list[str]]


def _query(reader: Reader) -> list[str]:
    return [query.select(reader.rest())]


def _manipulation(reader: Reader) -> list[str]:
    return [query.manipulation(reader.rest())]


def _create(reader: Reader) -> list[str]:
    reader.expect("CREATE")
    if any(reader.peek(*words) for words in _TABLE_WORDS):
        return tables.create_table(reader)
    return definitions.create(reader, statements)


_TABLE_WORDS = (("TABLE",), ("TEMP",), ("TEMPORARY",), ("LOCAL",))


def _alter(reader: Reader) -> list[str]:
    reader.expect("ALTER")
    return tables.alter_table(reader) if reader.accept("TABLE") else definitions.alter(reader)


_TRANSLATORS: dict[str, _Translator] = {
    "SELECT": _query, "WITH": _query, "(": _query,
    "INSERT": _manipulation, "UPDATE": _manipulation, "DELETE": _manipulation, "MERGE": merge.merge,
    "CREATE": _create, "ALTER": _alter, "DROP": definitions.drop, "GRANT": definitions.grant,
    "REVOKE": definitions.revoke, "COMMENT": definitions.comment,
    "CALL": plpgsql.call, "TRUNCATE": maintenance.truncate, "REFRESH": maintenance.refresh,
    "ANALYZE": maintenance.analyze, "VACUUM": maintenance.vacuum, "SET": maintenance.set_parameter,
    "RESET": maintenance.reset, "SHOW": maintenance.show, "LOCK": maintenance.lock,
}  # fmt: skip
_REFUSED = {
    "DO": "anonymous DO blocks are not supported; use a stored procedure",
    "VALUES": "VALUES is supported in INSERT only",
    "LISTEN": "LISTEN is not supported",
    "NOTIFY": "NOTIFY is not supported",
    "REINDEX": "indexes are not supported",
    "CLUSTER": "CLUSTER is not supported; use sort keys",
    "REPLACE": "REPLACE is not supported; use MERGE",
}
_TRANSACTIONS = ("BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE")


def translate(sql: str) -> str | list[str]:
    """Translates one Redshift statement into one PostgreSQL statement, or into several to run in one transaction.

    Args:
        sql: One statement, with or without a closing semicolon; named parameters have been replaced by their values.

    Raises:
        RefusedByRedshift: Redshift would refuse it; the message is Redshift's reason.
        UnsupportedStatement: The stand-in does not support the statement, or a clause or function in it.
    """
    reader = Reader(sql)
    while reader.tokens and reader.tokens[-1].text == ";":
        reader.tokens.pop()
    if reader.done:
        raise RefusedByRedshift("the statement is empty")
    if any(token.text == ";" for token in reader.tokens):
        raise RefusedByRedshift("Multi-statements are not supported; use BatchExecuteStatement")
    first_word = reader.tokens[0].upper
    if first_word in _TRANSACTIONS:
        raise UnsupportedStatement(f"{first_word}: a batch is the Data API's transaction")
    if first_word in _REFUSED:
        raise RefusedByRedshift(_REFUSED[first_word])
    translator = _TRANSLATORS.get(first_word)
    if translator is None:
        raise UnsupportedStatement(f"the local Redshift does not support this statement: {sql.strip()[:80]}")
    results = translator(reader)
    return results[0] if len(results) == 1 else results


def statements(sql: str) -> list[str]:
    """Like `translate`, but always returns a list."""
    translation = translate(sql)
    return [translation] if isinstance(translation, str) else translation
