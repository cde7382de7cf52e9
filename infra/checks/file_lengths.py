"""Checks that no file of code or prose has more than 400 lines.

    python -m infra.checks.file_lengths

Split a longer file by concept, not by size. Data, JSON, templates and generated pages don't count.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from infra.checkout import ROOT

MOST_LINES = 400
_SUFFIXES = frozenset({".md", ".py", ".sql", ".toml", ".yaml"})
_GENERATED = frozenset({"docs/data-dictionary.md", "docs/local-aws-operations.md", "docs/metrics.md"})
_GENERATED_FOLDERS = ("dashboards/superset/assets/",)
_EXCEPTIONS = {
    "tests/e2e/test_launcher.py": "all of its tests share one stack, which takes a minute to bring up",
}
"""Files that may be longer for now, each with the reason."""


def too_long(root: Path = ROOT) -> Iterator[str]:
    """A line for each file that is too long."""
    for path in _files(root):
        name = path.relative_to(root).as_posix()
        lines = len(path.read_text(encoding="utf-8").splitlines())
        is_written = name not in _GENERATED and not name.startswith(_GENERATED_FOLDERS)
        if lines > MOST_LINES and is_written and name not in _EXCEPTIONS:
            yield f"{name} has {lines} lines, but the limit is {MOST_LINES}: split it by concept"


def _files(root: Path) -> Iterator[Path]:
    """The checkout's files, except in a stack's home and other folders that begin with a dot."""
    for path in sorted(root.iterdir()):
        if path.name.startswith((".", "__")):
            continue
        if path.is_dir():
            yield from _files(path)
        elif path.suffix in _SUFFIXES:
            yield path


def main() -> int:
    """Print every file that is too long. Returns an exit code."""
    findings = list(too_long())
    for finding in findings:
        sys.stderr.write(f"{finding}\n")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
