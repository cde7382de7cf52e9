"""Deletes Airflow's old task logs on this machine, since Airflow doesn't."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

log = logging.getLogger(__name__)


def delete_task_logs(folder: Path, before: datetime, *, dry_run: bool = False) -> dict[str, int]:
    """Delete task logs that were last written before a time (aware), and folders that become empty.

    Returns:
        `files` deleted (or that would be) and their `bytes`.
    """
    old = [
        (path, status.st_size)
        for path in sorted(folder.glob("dag_id=*/**/*.log*"))
        if (status := path.stat()).st_mtime < before.timestamp()
    ]
    if not dry_run:
        for path, _ in old:
            path.unlink(missing_ok=True)
            _remove_empty(path.parent, folder)
    deleted = {"files": len(old), "bytes": sum(size for _, size in old)}
    log.info("%s %s of task logs below %s", "would delete" if dry_run else "deleted", deleted, folder)
    return deleted


def _remove_empty(folder: Path, root: Path) -> None:
    while folder != root and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
