"""`./boxoffice logs`: what the stack's services, Airflow's tasks and Glue's jobs wrote, found by a name."""

from __future__ import annotations

import json
import re
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from infra import terminal

_ATTEMPT = re.compile(r"dag_id=(?P<dag>[^/]+)/run_id=(?P<run>[^/]+)/task_id=(?P<task>[^/]+)/.*attempt=(?P<number>\d+)")
_SHOWN = frozenset({"timestamp", "level", "event", "error_detail"})
_KNOWN = frozenset(
    {"logger", "filename", "lineno", "loc", "ti", "ti_id", "dag_id", "run_id", "task_id", "map_index", "try_number"}
)
"""What every line of a task's log repeats: its path says it, too."""
_LOOK_SECONDS = 0.5


class NoSuchLog(ValueError):
    """Nothing wrote a log of that name; the message lists what did."""


@dataclass(frozen=True, slots=True)
class TaskLog:
    """The log of one attempt of a task."""

    path: Path
    dag: str
    run: str
    task: str
    attempt: int


class Logs:
    """The logs below one home; whether the stack is up does not matter.

    Args:
        home: the home.
    """

    def __init__(self, home: Path) -> None:
        self._home = home

    def services(self) -> dict[str, Path]:
        """The services' logs by name."""
        return {path.stem: path for path in sorted((self._home / "logs").glob("*.log"))}

    def tasks(self) -> list[TaskLog]:
        """The logs of Airflow's tasks, the newest first."""
        folder = self._home / "airflow" / "logs"
        paths = sorted(folder.glob("dag_id=*/**/attempt=*.log"), key=lambda path: path.stat().st_mtime, reverse=True)
        parts = [(path, _ATTEMPT.search(str(path.relative_to(folder)))) for path in paths]
        return [
            TaskLog(path, part["dag"], part["run"], part["task"], int(part["number"])) for path, part in parts if part
        ]

    def jobs(self) -> dict[str, Path]:
        """The log of each Glue job's newest run, by the job's name."""
        runs = sorted((self._home / "aws" / "glue" / "runs").glob("*.json"), key=lambda path: path.stat().st_mtime)
        named = {_job(path): path.with_suffix(".log") for path in runs}
        return {name: path for name, path in sorted(named.items()) if path.exists()}

    def find(self, name: str, task: str | None) -> Path:
        """The log that a name means: of a service, of a Glue job, of a DAG's task, or of a task alone.

        Raises:
            NoSuchLog: there is none.
        """
        files = self.services() | self.jobs()
        if task is None and name in files:
            return files[name]
        tasks = self.tasks()
        wanted = [log for log in tasks if (log.dag, log.task) == (name, task)] if task else []
        wanted = wanted or [log for log in tasks if not task and name in (log.task, log.dag)]
        if wanted:
            newest = wanted[0]
            return newest.path
        names = (
            sorted({log.task for log in tasks if log.dag == name}) if task else [*files, *{log.dag for log in tasks}]
        )
        what = f"task {task!r} of {name}" if task else repr(name)
        raise NoSuchLog(f"there is no log of {what}; there is: {', '.join(names) or 'none yet'}")

    def show_all(self) -> None:
        """Print what there is a log of."""
        rows = [("service", name, _size(path)) for name, path in self.services().items()]
        rows += [("Glue job", name, _size(path)) for name, path in self.jobs().items()]
        seen: dict[tuple[str, str], TaskLog] = {}
        for log in self.tasks():
            seen.setdefault((log.dag, log.task), log)
        rows += [("task", f"{dag} {task}", _size(log.path)) for (dag, task), log in sorted(seen.items())]
        if not rows:
            terminal.say(f"nothing has written a log in {self._home} yet; './boxoffice up' starts the stack")
            return
        terminal.show_table(("log of", "name", "bytes"), rows)


def show(path: Path, lines: int, *, follow: bool) -> None:
    """Print a log's last lines, and with `follow` what is added, until Ctrl-C."""
    terminal.complain(f"== {path}")
    with path.open("rb") as file:
        for line in deque(file, maxlen=lines):
            _print(line)
        end = file.tell()
    while follow:
        time.sleep(_LOOK_SECONDS)
        end = _print_added(path, end)


def _print_added(path: Path, seen: int) -> int:
    """Print the whole lines that a file has beyond a position; returns the new position."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(seen if size >= seen else 0)  # a file that is shorter than before was started again
            for line in file:
                if not line.endswith(b"\n"):
                    return file.tell() - len(line)
                _print(line)
            return file.tell()
    except FileNotFoundError:
        return 0


def _print(line: bytes) -> None:
    for text in readable(line.decode(errors="replace").rstrip("\r\n")):
        terminal.say(text)


def readable(line: str) -> Iterator[str]:
    """A line of a log as people read it: Airflow's JSON as time, level, event and the error; others as they are."""
    try:
        entry = json.loads(line)
    except ValueError:
        entry = None
    if not isinstance(entry, dict) or "event" not in entry:
        yield line
        return
    rest = " ".join(f"{name}={terminal.as_text(value)}" for name, value in entry.items() if name not in _SHOWN | _KNOWN)
    head = f"{str(entry.get('timestamp', ''))[:19]} {entry.get('level', ''):<8} {entry['event']}"
    yield f"{head} {rest}".rstrip()
    for error in entry.get("error_detail") or ():
        for frame in error.get("frames") or ():
            yield f"    {frame.get('filename')}:{frame.get('lineno')} in {frame.get('name')}"
        yield f"  {error.get('exc_type')}: {error.get('exc_value')}"


def _job(run: Path) -> str:
    try:
        return str(json.loads(run.read_text(encoding="utf-8"))["job_name"])
    except (OSError, ValueError, KeyError):
        return run.stem  # it is being written; its id names it, too


def _size(path: Path) -> int:
    return path.stat().st_size
