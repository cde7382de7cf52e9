"""Checks that Redshift would run all SQL of the warehouse: `python -m infra.checks.redshift_sql`.

The local AWS's translator decides which SQL Redshift lacks. This check reports the SQL that it refuses, with file and
line. It also enforces a few rules of this repository about SQL that Redshift would run.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.checks import warehouse_sql
from infra.checks.warehouse_sql import Source
from infra.local_aws.redshift.errors import StatementError
from infra.local_aws.redshift.translator.lexer import Token, dollar_body, tokenize
from infra.local_aws.redshift.translator.splitting import statement_bounds
from infra.local_aws.redshift.translator.translation import translate

_ANY = "…"
_RULES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("::",), "cast with CAST(… AS …), so that ':' is left to the Data API's parameters"),
    (("TEXT",), "TEXT is VARCHAR(256) in Redshift: write VARCHAR with a length"),
    (("TRUNCATE",), "TRUNCATE commits: use DELETE"),
    (("COMMIT",), "the caller controls the transaction"),
    (("ROLLBACK",), "the caller controls the transaction"),
    (("SAVEPOINT",), "the caller controls the transaction"),
    (("EXCEPTION", "WHEN"), "let the error end the call: the caller logs it"),
    (("FOR", _ANY, "IN", "SELECT"), "don't loop over rows: use set operations"),
    (("FOR", _ANY, "IN", "("), "don't loop over rows: use set operations"),
)
"""Sequences of tokens that we don't use although Redshift supports them, and what to do instead."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where SQL breaks a rule."""

    path: str
    line: int
    text: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text!r}: {self.reason}"


def check(path: str, sql: str) -> list[Finding]:
    """The findings in one SQL text, by line. `path` appears only in the findings."""
    try:
        bounds = statement_bounds(sql)
        faults = [*_refusals(sql, bounds), *_house_rules(sql)]
    except StatementError as error:
        faults = [(0, str(error))]
    return sorted((_finding(path, sql, *fault) for fault in faults), key=lambda finding: finding.line)


def _refusals(sql: str, bounds: Sequence[tuple[int, int]]) -> Iterator[tuple[int, str]]:
    """The offset and the reason of each statement that the local AWS refuses."""
    for start, end in bounds:
        try:
            translate(sql[start:end])
        except StatementError as error:
            yield start + error.offset, str(error)


def _house_rules(sql: str) -> Iterator[tuple[int, str]]:
    """The offset and the reason of each breach of our own rules. The bodies of procedures are checked too."""
    tokens = tokenize(sql)
    for index, token in enumerate(tokens):
        if token.kind == "dollar":
            body = dollar_body(token.text)
            start = token.start + token.text.index(body)
            yield from ((start + offset, reason) for offset, reason in _house_rules(body))
        for words, reason in _RULES:
            if _matches(tokens[index : index + len(words)], words):
                yield token.start, reason


def _matches(tokens: Sequence[Token], words: Sequence[str]) -> bool:
    return len(tokens) == len(words) and all(
        word in (_ANY, token.upper) for token, word in zip(tokens, words, strict=True)
    )


def _finding(path: str, sql: str, offset: int, reason: str) -> Finding:
    line = sql[offset:].lstrip().split("\n", maxsplit=1)[0]
    return Finding(path, sql.count("\n", 0, offset) + 1, line[:80], reason)


def check_all(sources: Sequence[Source]) -> list[Finding]:
    """The findings in several SQL texts."""
    return [finding for source in sources for finding in check(source.path, source.text)]


def check_tree(folder: Path) -> list[Finding]:
    """The findings in the SQL files under a folder, without the templates."""
    return check_all(warehouse_sql.written(folder))


def main() -> int:
    """Check all SQL and print the findings. Returns 1 if there are any."""
    findings = check_all(warehouse_sql.everything())
    for finding in findings:
        sys.stderr.write(f"{finding}\n")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
