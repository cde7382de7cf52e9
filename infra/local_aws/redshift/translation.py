"""Redshift SQL -> PostgreSQL, one statement at a time. What is not known is an error, never a guess.

The first words decide who reads a statement: queries and DML go through sqlglot (`query`), everything else through our
own readers. COPY, UNLOAD and CALL of the Data API are carried out elsewhere, because they are more than SQL.
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
    """Translate one Redshift statement into one PostgreSQL statement, or into several to run in one transaction.

    Args:
        sql: One statement, with or without a closing semicolon; named parameters already have their values.

    Raises:
        RefusedByRedshift: Redshift would refuse it; the message is Redshift's reason.
        UnsupportedStatement: The stand-in does not know the statement, a clause or a function of it.
    """
    reader = Reader(sql)
    while reader.tokens and reader.tokens[-1].text == ";":
        reader.tokens.pop()
    if reader.done:
        raise RefusedByRedshift("the statement is empty")
    if any(token.text == ";" for token in reader.tokens):
        raise RefusedByRedshift("Multi-statements are not supported; use BatchExecuteStatement")
    first = reader.tokens[0].upper
    if first in _TRANSACTIONS:
        raise UnsupportedStatement(f"{first}: a batch is the Data API's transaction")
    if first in _REFUSED:
        raise RefusedByRedshift(_REFUSED[first])
    translator = _TRANSLATORS.get(first)
    if translator is None:
        raise UnsupportedStatement(f"the local Redshift does not know this statement: {sql.strip()[:80]}")
    made = translator(reader)
    return made[0] if len(made) == 1 else made


def statements(sql: str) -> list[str]:
    """Like `translate`, always as a list."""
    made = translate(sql)
    return [made] if isinstance(made, str) else made
