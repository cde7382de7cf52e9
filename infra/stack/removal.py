"""`./boxoffice reset`: removes a home's data as a whole, so that no later command uses incomplete data."""

from __future__ import annotations

import signal
from pathlib import Path
from shutil import rmtree

DATA = ("aws", "airflow", "alerts", "dashboards", "logs", "run")
"""The folders of a home that have data."""
REPORTS = "report*.html"
"""The reports in a home, which show data."""

_TRASH = ".removed"


def remove(home: Path) -> None:
    """Remove the data of a home. All folders are first moved away together. The next call finishes an interrupted one.

    Raises:
        OSError: a file could not be removed.
    """
    trash = home / _TRASH
    if trash.exists():
        rmtree(trash)
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # a few renames that must all happen, or the data don't match
    try:
        trash.mkdir(parents=True)
        for path in [*(home / name for name in DATA), *home.glob(REPORTS)]:
            if path.exists():
                path.rename(trash / path.name)
    finally:
        signal.signal(signal.SIGINT, before)
    rmtree(trash)
