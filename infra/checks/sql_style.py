"""Runs sqlfluff over all SQL of the warehouse, written and generated: `python -m infra.checks.sql_style`.

sqlfluff takes a fifth of a second a file. So texts that were clean are remembered, by their hash, under BOXOFFICE_HOME.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from infra.checkout import ROOT
from infra.checks import warehouse_sql
from infra.checks.warehouse_sql import Source

_CONFIGURATION = ROOT / ".sqlfluff"


def style_faults(sources: Sequence[Source]) -> dict[str, list[str]]:
    """What sqlfluff reports of each source that is not clean, by its path."""
    from sqlfluff.core import FluffConfig, Linter

    linter = Linter(config=FluffConfig.from_path(str(ROOT)))
    faults = {}
    for source in sources:
        text = f"{source.text.strip()}\n" if source.is_generated else source.text
        violations = linter.lint_string(text).get_violations()
        lines = [
            f"{source.path}:{violation.line_no}: {violation.rule_code()} {violation.desc()}"
            for violation in violations
            if violation.rule_code() != "LT05" or not _may_be_long(source)
        ]
        if lines:
            faults[source.path] = lines
    return faults


def _may_be_long(source: Source) -> bool:
    """Lines that the data dictionary writes, or another generator, hold texts of any length."""
    return source.is_generated or "/descriptions/" in source.path


def check(sources: Sequence[Source], clean_texts: Path) -> list[str]:
    """What sqlfluff reports of the sources.

    Args:
        sources: the SQL to check.
        clean_texts: the file that remembers which texts are clean; it is written again.
    """
    known = set(clean_texts.read_text().split()) if clean_texts.exists() else set()
    hashes = {source.path: _hash(source) for source in sources}
    faults = style_faults([source for source in sources if hashes[source.path] not in known])
    clean_texts.parent.mkdir(parents=True, exist_ok=True)
    clean_texts.write_text("\n".join(sorted(hash_ for path, hash_ in hashes.items() if path not in faults)))
    return [line for lines in faults.values() for line in lines]


def _hash(source: Source) -> str:
    """Of everything that sqlfluff's answer depends on."""
    parts = (version("sqlfluff"), _CONFIGURATION.read_text(), str(_may_be_long(source)), source.text)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def main() -> int:
    """Check all SQL and print what sqlfluff reports. Returns 1 when it reports anything."""
    home = Path(os.environ.get("BOXOFFICE_HOME", ROOT / ".boxoffice"))
    faults = check(warehouse_sql.everything(), home / "lint" / "sqlfluff-clean.txt")
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
