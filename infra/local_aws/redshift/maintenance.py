"""Maintenance statements: TRUNCATE, REFRESH, ANALYZE, VACUUM, SET, SHOW, LOCK."""

from __future__ import annotations

from .errors import RefusedByRedshift, UnsupportedStatement
from .lexer import quote_literal
from .reader import Reader

NOTHING = "SELECT NULL WHERE NULL"
# Session parameters without effect here.
_IGNORED_PARAMETERS = frozenset(
    [
        "query_group",
        "statement_timeout_ms",
        "enable_result_cache_for_session",
        "wlm_query_slot_count",
        "analyze_threshold_percent",
        "auto_analyze",
        "mv_enable_aqmv_for_session",
        "enable_vacuum_boost",
        "describe_field_name_in_uppercase",
        "application_name",
    ]
)
_REFUSED_VALUES = {"enable_case_sensitive_identifier": "false", "enable_case_sensitive_super_attribute": "false"}


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


def set_parameter(reader: Reader) -> list[str]:
    """SET [SESSION | LOCAL] name TO value, for supported parameters of Redshift."""
    reader.expect("SET")
    if reader.accept("SESSION", "AUTHORIZATION"):
        raise UnsupportedStatement("SET SESSION AUTHORIZATION is not supported here")
    reader.accept_any("SESSION", "LOCAL")
    name = ".".join(reader.parts())
    if not reader.accept_any("TO", "="):
        raise reader.error("expected TO")
    value = reader.rest().strip("'\"").lower()
    if name == "search_path":
        parts = [part.word() for part in reader.split(",")]
        return [f"SET search_path TO {', '.join(quote_literal(p) for p in parts)}"]
    if name == "timezone" and value in ("utc", "default"):
        return [NOTHING]
    if name == "statement_timeout" and value.isdigit():
        return [f"SET statement_timeout TO {int(value)}"]
    if name in _IGNORED_PARAMETERS or _REFUSED_VALUES.get(name) == value or (name, value) == ("datestyle", "iso"):
        return [NOTHING]
    raise UnsupportedStatement(f"the local Redshift does not support SET {name} TO {value}")


def reset(reader: Reader) -> list[str]:
    """RESET name."""
    reader.expect("RESET")
    name = reader.word()
    reader.end()
    if name in ("search_path", "statement_timeout"):
        return [f"RESET {name}"]
    if name not in _IGNORED_PARAMETERS | set(_REFUSED_VALUES):
        raise UnsupportedStatement(f"the local Redshift does not support RESET {name}")
    return [NOTHING]


def show(reader: Reader) -> list[str]:
    """SHOW of a parameter."""
    reader.expect("SHOW")
    name = reader.word()
    reader.end()
    if name not in ("search_path", "timezone", "statement_timeout"):
        raise UnsupportedStatement(f"the local Redshift does not support SHOW {name}")
    return [f"SHOW {name}"]


def lock(reader: Reader) -> list[str]:
    """LOCK [TABLE] a [, b]: writers wait, readers do not."""
    reader.expect("LOCK")
    reader.accept("TABLE")
    names = []
    for part in reader.split(","):
        names.append(part.name())
        part.end()
    return [f"LOCK TABLE {', '.join(names)} IN EXCLUSIVE MODE"]
