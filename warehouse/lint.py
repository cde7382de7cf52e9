"""Refuses PostgreSQL idioms that Redshift does not have, in all SQL of the warehouse.

The local warehouse is PostgreSQL underneath; what happens to work there must not creep in.

    python -m warehouse.lint
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from warehouse.generated import generated_steps
from warehouse.statements import split, without_noise

_IDIOMS: tuple[tuple[str, str], ...] = (
    (r"\bFILTER\s*\(\s*WHERE\b", "FILTER (WHERE …): use SUM(CASE WHEN … THEN 1 ELSE 0 END)"),
    (r"\bDISTINCT\s+ON\b", "DISTINCT ON: use ROW_NUMBER()"),
    (r"\bON\s+CONFLICT\b", "ON CONFLICT: use MERGE, or DELETE and INSERT"),
    (r"\bRETURNING\b", "RETURNING is not supported"),
    (r"\b(STRING_AGG|ARRAY_AGG|JSON_AGG|JSONB_AGG|JSON_BUILD_OBJECT)\s*\(", "use LISTAGG or SUPER"),
    (r"\bGENERATE_SERIES\s*\(", "GENERATE_SERIES runs on the leader node only: use common.numbers"),
    (r"\bCREATE\s+(UNIQUE\s+)?INDEX\b", "there are no indexes: use SORTKEY and DISTKEY"),
    (r"\bARRAY\s*\[|\[\s*\]|\bUNNEST\s*\(", "there are no arrays: use SUPER"),
    (r"::", "cast with CAST(… AS …), so that ':' is left to the Data API's parameters"),
    (r"\b(JSONB?|TEXT|SERIAL|BIGSERIAL|UUID|BYTEA)\b(?!\s*\()", "a type that Redshift lacks, or makes VARCHAR(256) of"),
    (r"\bLATERAL\b", "LATERAL is not supported"),
    (r"\bIS\s+(NOT\s+)?DISTINCT\s+FROM\b", "IS DISTINCT FROM is not supported: COALESCE both sides"),
    (r"(?<!\bOR REPLACE )(?<!\bGRANT )\bEXECUTE\b", "dynamic SQL is not translated and not checked: write it out"),
    (r"\bTRUNCATE\b", "TRUNCATE commits: use DELETE"),
    (r"\b(COMMIT|ROLLBACK|SAVEPOINT)\b", "transactions are the caller's"),
    (r"\bEXCEPTION\s+WHEN\b", "there are no subtransactions: let the error end the call, the caller logs it"),
    (r"\bCREATE\s+(TYPE|DOMAIN|SEQUENCE|TRIGGER|EXTENSION|RULE)\b", "not supported"),
    (r"\bCREATE\s+OR\s+REPLACE\s+MATERIALIZED\b", "a materialized view is dropped and made again"),
    (r"\bNOW\s*\(|\bCURRENT_TIMESTAMP\b|\bCLOCK_TIMESTAMP\b", "use GETDATE()"),
    (r"\bCONCURRENTLY\b", "CONCURRENTLY is not supported"),
    (r"\bFOR\s+\w+\s+IN\s+(SELECT|\()", "no loops over rows: work on sets"),
)
_MERGE_SUBQUERY = (r"\bMERGE\s+INTO\s+\S+\s+USING\s*\(", "the source of MERGE must be a table")
_RULES = tuple((re.compile(pattern, re.IGNORECASE), reason) for pattern, reason in (*_IDIOMS, _MERGE_SUBQUERY))
_TEMPLATE = re.compile(r"\{\{|\{%")


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where SQL says what Redshift does not understand."""

    path: str
    line: int
    text: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text!r}: {self.reason}"


def check(path: str, sql: str) -> list[Finding]:
    """What is wrong with the SQL of one file; `path` is for the findings only."""
    try:
        split(sql)
    except ValueError as error:
        return [Finding(path, 1, "", str(error))]
    text = without_noise(sql)
    found = [
        Finding(path, text.count("\n", 0, match.start()) + 1, match[0], reason)
        for pattern, reason in _RULES
        for match in pattern.finditer(text)
    ]
    return sorted(found, key=lambda finding: finding.line)


def check_tree(root: Path) -> list[Finding]:
    """What is wrong in any SQL file under a directory; what templates render is checked instead of them."""
    texts = {str(path.relative_to(root.parent)): path.read_text("utf-8") for path in sorted(root.rglob("*.sql"))}
    return [finding for path, sql in texts.items() if not _TEMPLATE.search(sql) for finding in check(path, sql)]


def check_generated() -> list[Finding]:
    """What is wrong in the SQL that is generated for the stars."""
    return [finding for step in generated_steps() for finding in check(step.name, step.text)]


def main() -> int:
    """Check the warehouse's SQL; prints what is wrong. Returns 1 when anything is."""
    findings = [*check_tree(Path(__file__).parent), *check_generated()]
    for finding in findings:
        sys.stderr.write(f"{finding}\n")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
