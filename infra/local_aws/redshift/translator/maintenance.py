"""Maintenance statements: TRUNCATE, REFRESH, ANALYZE, VACUUM, LOCK, CANCEL."""

from __future__ import annotations

from ..errors import RefusedByRedshift, UnsupportedStatement
from .lexer import quote_literal
from .reader import Reader

NOTHING = "SELECT NULL WHERE NULL"


def truncate(reader: Reader) -> list[str]:
    """TRUNCATE [TABLE] name. It commits in Redshift, so the Data API refuses it inside a batch."""
    reader.expect("TRUNCATE")
    reader.accept("TABLE")
    name = reader.name()
    if not reader.done:
        raise RefusedByRedshift("TRUNCATE takes one table and no further clause")
    return [f"TRUNCATE TABLE {name}"]


def refresh(reader: Reader) -> list[str]:
    """REFRESH MATERIALIZED VIEW. Only the owner may do it, even if PostgreSQL would allow others."""
    reader.expect("REFRESH", "MATERIALIZED", "VIEW")
    if reader.accept("CONCURRENTLY"):
        raise RefusedByRedshift("REFRESH MATERIALIZED VIEW knows no CONCURRENTLY")
    name = reader.name()
    reader.accept_any("CASCADE", "RESTRICT")
    reader.end()
    return [f"SELECT rs.require_owner({quote_literal(name)})", f"REFRESH MATERIALIZED VIEW {name}"]


def analyze(reader: Reader) -> list[str]:
    """ANALYZE [table [(columns)]] [PREDICATE COLUMNS | ALL COLUMNS]."""
    reader.expect("ANALYZE")
    if reader.accept("COMPRESSION"):
        raise UnsupportedStatement("ANALYZE COMPRESSION is not supported here")
    reader.accept("VERBOSE")
    name = "" if reader.done or reader.peek("PREDICATE") or reader.peek("ALL") else " " + reader.name()
    if reader.peek("("):
        reader.parens()
    if not reader.accept("PREDICATE", "COLUMNS"):
        reader.accept("ALL", "COLUMNS")
    reader.end()
    return [f"ANALYZE{name}"]


def vacuum(reader: Reader) -> list[str]:
    """VACUUM [FULL | SORT ONLY | DELETE ONLY | REINDEX | RECLUSTER] [table] [TO n PERCENT] [BOOST].

    PostgreSQL's own VACUUM reclaims space. Sorting is only checked, because there is nothing to sort.
    """
    reader.expect("VACUUM")
    kind = reader.accept_any("FULL", "REINDEX", "RECLUSTER", "SORT", "DELETE")
    if kind in ("SORT", "DELETE"):
        reader.expect("ONLY")
    name = "" if reader.done or reader.peek("TO") or reader.peek("BOOST") else reader.name()
    if kind == "REINDEX" and not name:
        raise RefusedByRedshift("VACUUM REINDEX requires a table name")
    if reader.accept("TO"):
        _threshold(reader, kind, name)
    reader.accept("BOOST")
    if not reader.done:
        raise reader.error()
    if kind in (None, "FULL", "DELETE"):
        return [f"VACUUM {name}".rstrip()]
    return [f"SELECT {quote_literal(name)}::regclass WHERE NULL"] if name else [NOTHING]


def _threshold(reader: Reader, kind: str | None, name: str) -> None:
    """`threshold PERCENT` after TO."""
    if not name:
        raise RefusedByRedshift("VACUUM with TO threshold PERCENT requires a table name")
    if kind == "REINDEX":
        raise RefusedByRedshift("VACUUM REINDEX takes no TO threshold PERCENT")
    if not 0 <= reader.integer() <= 100:
        raise RefusedByRedshift("the threshold of VACUUM must be between 0 and 100 PERCENT")
    reader.expect("PERCENT")


def lock(reader: Reader) -> list[str]:
    """LOCK [TABLE] a [, b]: writers wait, readers do not."""
    reader.expect("LOCK")
    reader.accept("TABLE")
    names = []
    for part in reader.split(","):
        names.append(part.name())
        part.end()
    return [f"LOCK TABLE {', '.join(names)} IN EXCLUSIVE MODE"]


def cancel(reader: Reader) -> list[str]:
    """CANCEL process_id ['message']. A user may cancel its own queries, a superuser all.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_CANCEL.html
    """
    reader.expect("CANCEL")
    process = reader.integer()
    if not reader.done:
        reader.string()
    reader.end()
    return [f"SELECT pg_cancel_backend({process})"]
