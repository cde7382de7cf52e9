"""`./boxoffice reset`: a home's data removed as a whole, so that no half of it is ever used."""

from __future__ import annotations

import signal
from pathlib import Path
from shutil import rmtree

DATA = ("aws", "airflow", "alerts", "logs", "run")
"""The folders of a home that hold data."""

_TRASH = ".removed"


def remove(home: Path) -> None:
    """Remove the data of a home. It is set aside first, all at once; an interrupted removal is finished by the next.

    Raises:
        OSError: something could not be removed.
    """
    trash = home / _TRASH
    if trash.exists():
        rmtree(trash)
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # a few renames: all of them, or the data do not match
    try:
        trash.mkdir(parents=True)
        for name in DATA:
            if (home / name).exists():
                (home / name).rename(trash / name)
    finally:
        signal.signal(signal.SIGINT, before)
    rmtree(trash)
