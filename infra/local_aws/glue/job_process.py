"""One run of a job as a process group: starts it, follows its output, stops it in time, and cleans up after a crash."""

import logging
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

import psutil

from ..room import append_whole

_LOG = logging.getLogger(__name__)
RUN_MARKER = "LOCAL_AWS_JOB_RUN_ID"
_GRACE_SECONDS = 5.0
_ERROR_LINE = re.compile(r"^([A-Za-z_][\w.]*)(?:: (.*)|:?)$", re.DOTALL)
_SYNTAX_ERROR = re.compile(r"(?:SyntaxError|IndentationError|TabError): ")
_PLACE = re.compile(r'\s+File "(.+)", line (\d+)')
_NOISE = re.compile(
    r"\s+at [\w.$]+|\s+\.\.\. \d+ more|\d\d/\d\d/\d\d \d\d:\d\d:\d\d (?:INFO|WARN|DEBUG) |Using Spark's default log4j"
)
_LAST_LINES = 3
_LONGEST = 10_000  # characters


class JobProcess:
    """A child process in its own process group. Sends each of its lines to a log file and to a listener.

    If the disk is full, the file misses lines. It states how many once there is room again.

    Args:
        command: the program and its arguments.
        environment: its complete environment; the run's id is added, which identifies orphans.
        cwd: the directory that it runs in.
        run_id: the job run that it belongs to.
        log: the file for standard output and error, in order of arrival.
        on_line: called with (`output` or `error`, line) from a separate thread.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: dict[str, str],
        cwd: Path,
        run_id: str,
        log: Path,
        on_line: Callable[[str, str], None],
    ) -> None:
        self._on_line = on_line
        self._log = log.open("ab", buffering=0)
        self._log_lock = threading.Lock()
        self._missing_lines = 0
        self._process = subprocess.Popen(
            list(command),
            env=environment | {RUN_MARKER: run_id},
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        streams = (("output", self._process.stdout), ("error", self._process.stderr))
        self._readers = [threading.Thread(target=self._follow, args=stream, daemon=True) for stream in streams]
        for reader in self._readers:
            reader.start()

    @property
    def pid(self) -> int:
        """Process id, which is also the id of the process group."""
        return self._process.pid

    def _follow(self, stream: str, pipe: IO[bytes]) -> None:
        with pipe:
            for raw in pipe:
                line = raw.decode("utf-8", "replace").rstrip("\r\n")
                self._write(line)
                try:
                    self._on_line(stream, line)
                except Exception:  # noqa: BLE001  a pipe without a reader would hang the job, so go on after any error
                    _LOG.exception("%s: could not process a line of its output", self._log.name)

    def _write(self, line: str) -> None:
        """Adds a line to the file. Goes on if the disk is full: if the pipe isn't read, the job hangs."""
        with self._log_lock:
            note = f"({self._missing_lines} lines are missing: the disk was full)\n" if self._missing_lines else ""
            try:
                append_whole(self._log, f"{note}{line}\n".encode())
                self._missing_lines = 0
            except OSError as error:
                if not self._missing_lines:
                    _LOG.warning("%s: could not write lines to the log: %s", self._log.name, error)
                self._missing_lines += 1

    @property
    def is_running(self) -> bool:
        """Whether the process itself is still running."""
        return self._process.poll() is None

    def wait(self, seconds: float) -> int | None:
        """The exit code, or None if it was still running after `seconds` and was stopped."""
        try:
            code: int | None = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.stop()
            code = None
        _signal_group(self.pid, signal.SIGKILL)  # processes that the job left in its group
        for reader in self._readers:
            reader.join(_GRACE_SECONDS)
        with self._log_lock:
            if not any(reader.is_alive() for reader in self._readers):
                self._log.close()
        return code

    def stop(self) -> None:
        """Stops the whole group with SIGTERM, then with SIGKILL after a grace period."""
        _signal_group(self.pid, signal.SIGTERM)
        deadline = time.monotonic() + _GRACE_SECONDS
        while self._process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        _signal_group(self.pid, signal.SIGKILL)
        self._process.wait()


def _signal_group(group: int, number: signal.Signals) -> None:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return  # the group has ended


def end_orphans(run_id: str) -> int:
    """Kills every process that a run left when its server died; returns their number.

    It identifies them by the run's id in their environment, because another process may have their process id by now.
    """
    orphans = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(RUN_MARKER) == run_id:
                orphans.append(process)
        except (psutil.Error, OSError):  # another user's process, or already gone: not ours in either case
            continue
    for process in orphans:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(orphans, timeout=_GRACE_SECONDS)
    return len(orphans)


def error_message(lines: Sequence[str], exit_code: int) -> str:
    """Glue's error message: the exception that ended the script, as `ValueError: message`.

    It is the first unindented line after the last traceback, or the line of a syntax error, which has no traceback. If
    there is neither, as when Java can't start, it is the exit code and the last lines of the output.
    """
    if exception := _exception(lines):
        return exception[:_LONGEST]
    message = f"Command failed with exit code {exit_code}"
    if exit_code < 0:
        message = f"Command was ended by signal {signal.Signals(-exit_code).name}"
    last_lines = " | ".join(_last_lines(lines))
    return f"{message}: {last_lines}"[:_LONGEST] if last_lines else message


def _exception(lines: Sequence[str]) -> str | None:
    """The exception that ended Python, with its name and message; for an error from Spark, also the cause."""
    starts = [number for number, line in enumerate(lines) if line.startswith("Traceback (most recent call last)")]
    following_lines = lines[starts[-1] + 1 :] if starts else ()
    for number, line in enumerate(following_lines):
        if line and not line[0].isspace():
            match = _ERROR_LINE.match(line)
            if match is None:
                break
            name = match[1].rpartition(".")[2]
            text = match[2]
            return " ".join([f"{name}: {text}" if text else name, *_java_cause(following_lines[number + 1 :])])
    return _syntax_error(lines)


def _java_cause(following: Sequence[str]) -> list[str]:
    """Java's message for an error that Python passes on (`: java.io.IOException: …`), and the last cause."""
    if not (following and following[0].startswith(": ")):
        return []
    causes = [line for line in following if line.startswith("Caused by: ")]
    return [following[0].removeprefix(": "), *causes[-1:]]


def _syntax_error(lines: Sequence[str]) -> str | None:
    """A syntax error in the script. Python prints its place before it, without a traceback."""
    for number in reversed(range(len(lines))):
        if _SYNTAX_ERROR.match(lines[number]):
            places = [place for line in lines[:number] if (place := _PLACE.match(line))]
            return lines[number] + (f" ({Path(places[-1][1]).name}, line {places[-1][2]})" if places else "")
    return None


def _last_lines(lines: Sequence[str]) -> list[str]:
    """The last few informative lines: no frames of a Java stack trace, no notices of Spark's log."""
    messages = [line.strip() for line in lines if line.strip() and not _NOISE.match(line)]
    return messages[-_LAST_LINES:]
