"""EXPLAIN: the plan of PostgreSQL in the form of Redshift's, in the column `QUERY PLAN`.

Nodes, conditions and estimates are PostgreSQL's, planned without indexes, parallel workers and nested loops, as
Redshift plans. What only a cluster has (`DS_BCAST_INNER`, network steps) is missing.
Source: https://docs.aws.amazon.com/redshift/latest/dg/r_EXPLAIN.html
"""

from __future__ import annotations

from ..errors import RefusedByRedshift
from .lexer import quote_literal
from .plpgsql_scope import TranslateSql
from .reader import Reader

_EXPLAINED = ("SELECT", "WITH", "(", "INSERT", "UPDATE", "DELETE", "MERGE", "CREATE")


def explain(reader: Reader, translate: TranslateSql) -> list[str]:
    """EXPLAIN [VERBOSE] statement.

    Args:
        reader: Is at EXPLAIN.
        translate: Translates the statement that is explained.
    """
    reader.expect("EXPLAIN")
    if reader.peek("ANALYZE") or reader.peek("ANALYSE"):
        raise RefusedByRedshift("EXPLAIN ANALYZE is not supported; run the query and read its steps in system views")
    is_verbose = reader.accept("VERBOSE")
    if not any(reader.peek(word) for word in _EXPLAINED):
        raise reader.error("EXPLAIN takes SELECT, INSERT, UPDATE, DELETE, MERGE or CREATE TABLE AS")
    is_create = reader.peek("CREATE")
    parts = translate(reader.rest())
    planned = parts[0] if is_create else parts[-1]
    if is_create and " AS " not in planned:
        raise RefusedByRedshift("EXPLAIN of CREATE takes CREATE TABLE AS only")
    return [f'SELECT * FROM rs.explain({quote_literal(planned)}, {str(is_verbose).lower()}) AS t("QUERY PLAN")']
