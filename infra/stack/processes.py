"""Starts the stack's processes in their own sessions, finds them again in later commands, and ends all of them.

A service is identified by its pid and its start time, because the pid alone may belong to another program by now. Its
children are found in three ways: by its session, by the process tree, and by the stack's home in their environment
(`BOXOFFICE_STACK`). A child may leave the session, lose its parent, or overwrite its environment with a process title.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

MARKER = "BOXOFFICE_STACK"
_HANDLES: list[subprocess.Popen[bytes]] = []
"""Kept until this process ends: Popen warns when a handle is dropped, but a service lives longer than its starter."""


class ProcessDied(RuntimeError):
    """A process of the stack ended, or it didn't become ready in time."""


@dataclass(frozen=True, slots=True)
class Service:
    """A long-running process of the stack.

    Attributes:
        name: its name in `status`, and of its log file.
        command: the command with its arguments.
        is_ready: returns whether the service is ready.
        timeout: seconds that it may take to become ready.
    """

    name: str
    command: Sequence[str]
    is_ready: Callable[[], bool]
    timeout: float = 120


class Processes:
    """The processes of one stack, with pid files under `<home>/run`."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.logs = home / "logs"
        self._pids = home / "run"

    def running(self, name: str) -> psutil.Process | None:
        """The live process of a service. None if there is none, or if its pid now belongs to another program."""
        try:
            pid, began = self._recorded(name)
            process = psutil.Process(pid)
            return process if _is_alive(pid) and f"{process.create_time():.2f}" == began else None
        except (FileNotFoundError, ValueError, psutil.Error):
            return None

    def any_running(self) -> bool:
        """Whether any service of the stack runs."""
        return any(self.running(path.stem) for path in self._pids.glob("*.pid"))

    def other_homes(self) -> list[str]:
        """The homes of other stacks that run on this machine, as far as this user can see them."""
        homes = {_marker(process) for process in psutil.process_iter()}
        return sorted(home for home in homes if home and home != str(self.home))

    def was_started(self, name: str) -> bool:
        """Whether a service was started and not stopped. It may have died since."""
        return (self._pids / f"{name}.pid").exists()

    def has_died(self, name: str) -> bool:
        """Whether a service was started and not stopped, but doesn't run."""
        return self.was_started(name) and not self.running(name)

    def end(self, names: Iterable[str], grace: float = 15) -> None:
        """End some services as if they had died. Their children stay, for `end_remains`."""
        _end([process for name in names if (process := self.running(name))], grace)

    def stop(self, name: str, grace: float = 15) -> bool:
        """Stop one service with its children. Returns whether it ran."""
        leader = self.running(name)
        if leader:
            children = _children(leader)
            _end([leader], grace)
            _end([child for child in children if child.is_running()], grace=3)
        (self._pids / f"{name}.pid").unlink(missing_ok=True)
        return leader is not None

    def end_remains(self, name: str) -> int:
        """End the processes that remain in the session of a dead service. Returns their number.

        Otherwise a new scheduler, for example, would work at the same time as the old one's tasks.
        """
        if not self.has_died(name):
            return 0
        try:
            session, _ = self._recorded(name)
        except ValueError:  # the pid file is incomplete: the service ended together with the command that started it
            return 0
        if _is_alive(session):
            return 0  # the pid belongs to another program by now, and so does the session
        processes = psutil.process_iter()
        remains = [process for process in processes if _session(process) == session and _is_alive(process.pid)]
        _end(remains, grace=3)
        return len(remains)

    def start(self, service: Service, env: Mapping[str, str]) -> None:
        """Start a service unless it already runs. Doesn't wait until it's ready."""
        if self.running(service.name):
            return
        self.logs.mkdir(parents=True, exist_ok=True)
        self._pids.mkdir(parents=True, exist_ok=True)
        with self.log_of(service.name).open("ab") as log:
            process = subprocess.Popen(
                list(service.command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**env, MARKER: str(self.home)},
                start_new_session=True,
            )
        _HANDLES.append(process)
        began = psutil.Process(process.pid).create_time()
        (self._pids / f"{service.name}.pid").write_text(f"{process.pid} {began:.2f}")

    def wait_ready(self, service: Service) -> None:
        """Wait until a started service is ready.

        Raises:
            ProcessDied: it ended or timed out. The message has the path of its log.
        """
        deadline = time.monotonic() + service.timeout
        while not service.is_ready():
            if not self.running(service.name):
                raise ProcessDied(f"{service.name} ended while starting{self._last_words(service.name)}")
            if time.monotonic() > deadline:
                late = f"{service.name} did not answer within {service.timeout:.0f} s"
                raise ProcessDied(late + self._last_words(service.name))
            time.sleep(0.2)

    def log_of(self, name: str) -> Path:
        """The file with a service's output."""
        return self.logs / f"{name}.log"

    def _recorded(self, name: str) -> tuple[int, str]:
        """A service's pid and start time from its pid file."""
        pid, began = (self._pids / f"{name}.pid").read_text().split()
        return int(pid), began

    def _last_words(self, name: str) -> str:
        """The last line of a service's log, and the path of the log."""
        log = self.log_of(name)
        lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
        return (f" ({lines[-1].strip()})" if lines else "") + f"; its log is {log}"

    def stop_everything(self, grace: float = 15, last: Mapping[str, signal.Signals] | None = None) -> int:
        """End every process of the stack with SIGTERM, and after `grace` seconds with SIGKILL.

        Args:
            grace: seconds.
            last: services to end after all others, each with its signal.

        Returns:
            The number of processes that were ended.
        """
        leaders = {path.stem: process for path in self._pids.glob("*.pid") if (process := self.running(path.stem))}
        last_leaders = {name: leaders.pop(name) for name in last or {} if name in leaders}
        family = self._family([*leaders.values()], last_leaders.values())
        _end([*leaders.values()], grace)
        rest = [process for process in {*family, *self._family([], last_leaders.values())} if process.is_running()]
        _end(rest, grace=3)
        ended = {*leaders.values(), *family, *rest}
        for name, leader in last_leaders.items():
            children = _children(leader)
            _end([leader], grace, (last or {})[name])
            _end([child for child in children if child.is_running()], grace=3)
            ended |= {leader, *children}
        for path in self._pids.glob("*.pid"):
            path.unlink(missing_ok=True)
        return len(ended)

    def _family(self, leaders: Sequence[psutil.Process], kept: Iterable[psutil.Process] = ()) -> set[psutil.Process]:
        """The leaders' descendants and all processes with the stack's marker, without `kept` and their descendants."""
        sessions = {process.pid for process in leaders}
        family = {child for leader in leaders for child in _children(leader)}
        for process in psutil.process_iter():
            if process.pid != os.getpid() and (_session(process) in sessions or self._is_marked(process)):
                family.add(process)
        return family - {process for leader in kept for process in (leader, *_children(leader))}

    def _is_marked(self, process: psutil.Process) -> bool:
        return _marker(process) == str(self.home)


def _marker(process: psutil.Process) -> str | None:
    """The home of the stack that a process belongs to."""
    try:
        return process.environ().get(MARKER)
    except (psutil.Error, OSError):
        return None  # another user's process, or a process that has just ended


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _session(process: psutil.Process) -> int:
    try:
        return os.getsid(process.pid)
    except OSError:
        return -1


def _end(processes: Sequence[psutil.Process], grace: float, first_signal: signal.Signals = signal.SIGTERM) -> None:
    for process in processes:
        _signal(process, first_signal)
    _, alive = psutil.wait_procs(processes, timeout=grace)
    for process in alive:
        _signal(process, signal.SIGKILL)
    psutil.wait_procs(alive, timeout=5)


def _signal(process: psutil.Process, signal_: signal.Signals) -> None:
    try:
        process.send_signal(signal_)
    except psutil.NoSuchProcess:
        return  # it has already ended
