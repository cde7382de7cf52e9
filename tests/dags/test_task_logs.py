"""Old task logs go, new ones stay, and nothing but task logs is looked at."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dags.task_logs import delete_task_logs

NOW = datetime.now(UTC)


def _log(folder: Path, name: str, days_old: int) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"12345")
    written = (NOW - timedelta(days=days_old)).timestamp()
    os.utime(path, (written, written))
    return path


def test_old_task_logs_go_with_their_folders(tmp_path: Path) -> None:
    old = _log(tmp_path, "dag_id=a/run_id=1/task_id=t/attempt=1.log", 100)
    trigger = _log(tmp_path, "dag_id=a/run_id=1/task_id=t/attempt=1.log.trigger.7.log", 100)
    new = _log(tmp_path, "dag_id=a/run_id=2/task_id=t/attempt=1.log", 1)
    other = _log(tmp_path, "dag_processor/2026-01-01/dags.log", 100)
    before = NOW - timedelta(days=90)

    assert delete_task_logs(tmp_path, before, dry_run=True) == {"files": 2, "bytes": 10}
    assert old.exists()
    assert delete_task_logs(tmp_path, before) == {"files": 2, "bytes": 10}
    assert not old.exists()
    assert not trigger.exists()
    assert not (tmp_path / "dag_id=a" / "run_id=1").exists()
    assert new.exists()
    assert other.exists()
