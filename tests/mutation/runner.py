"""Runs tests on a copy of the tree that has one wrong file.

What takes long is done once: the libraries are imported, and a local warehouse is started and migrated. Each mutant
then gets a process of its own, forked from this one, and a copy of that warehouse's database.
"""

from __future__ import annotations

import contextlib
import importlib
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

ROOT = Path(__file__).resolve().parents[2]
_LIBRARIES = (
    "_pytest.config",
    "boto3",
    "hypothesis.strategies",
    "moto.server",
    "psycopg",
    "pyarrow.parquet",
    "sqlglot",
)
_TEMPLATE = "migrated"
_SHARED_DIRECTORY = "redshift"
"""The name of the directory of the warehouse that all tests of a session share."""
_WITH_WAREHOUSE = ("tests/dags/", "tests/runs/", "tests/warehouse/")
_CAN_RUN = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of the tests.

    Attributes:
        passed: whether none failed.
        why: the test that failed, or how the process ended.
        seconds: how long it took.
    """

    passed: bool
    why: str
    seconds: float


class Runner:
    """Runs tests in forked processes, in a copy of the tree.

    Args:
        directory: an empty directory for the copy.
        tests: the test files, relative to the root.
    """

    def __init__(self, directory: Path, tests: Sequence[str]) -> None:
        self.tree = directory / "tree"
        self._tests = [test for test in tests if (ROOT / test).exists()]
        if not self._tests:
            raise FileNotFoundError(f"there is no test file among {', '.join(tests)}: name some with --tests")
        self._directory = directory
        self._server: _Server | None = None
        self._runs = 0

    def __enter__(self) -> Runner:
        _copy(self.tree)
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
        sys.dont_write_bytecode = True
        for name in _LIBRARIES:
            importlib.import_module(name)
        if any(part in test for part in _WITH_WAREHOUSE for test in self._tests):
            self._server = _Server(self._directory / "warehouse")
            if self._in_fork(self._migrate, 300) != _CAN_RUN:
                self._server.stop()
                raise RuntimeError("the warehouse could not be migrated")
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.stop()

    def run(self, timeout: float) -> Verdict:
        """Run the tests until one fails.

        Args:
            timeout: seconds after which the process is ended.
        """
        self._runs += 1
        output = self._directory / "output.txt"
        began = time.monotonic()
        with self._database() as database:
            code = self._in_fork(lambda: self._pytest(output, database), timeout)
        seconds = time.monotonic() - began
        if code == _CAN_RUN:
            return Verdict(True, "", seconds)
        if code is None:
            return Verdict(False, f"no end after {timeout:.0f} s", seconds)
        lines = output.read_text("utf-8", errors="replace").splitlines() if output.exists() else []
        failed = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
        return Verdict(False, failed[-1][:200] if failed else f"exit code {code}: {' '.join(lines[-4:])}", seconds)

    @contextlib.contextmanager
    def _database(self) -> Iterator[str]:
        """A copy of the migrated database; its name."""
        if self._server is None:
            yield ""
            return
        name = f"mutant_{self._runs}"
        self._server.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        try:
            yield name
        finally:
            self._server.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _pytest(self, output: Path, database: str) -> int:
        import pytest

        with output.open("w", encoding="utf-8") as stream:
            os.dup2(stream.fileno(), 1)
            os.dup2(stream.fileno(), 2)
        self._enter_tree(database)
        options = ["-x", "-q", "--no-header", "-p", "no:cacheprovider", "--rootdir", str(self.tree), "--tb=line"]
        options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # hypothesis is imported already
        return int(pytest.main([*options, *self._tests]))

    def _migrate(self) -> int:
        assert self._server is not None
        self._server.execute(f"CREATE DATABASE {_TEMPLATE} TEMPLATE dev")
        self._enter_tree(_TEMPLATE)
        fixtures: Any = importlib.import_module("tests.fixtures.warehouse")
        with fixtures.Warehouse(self._directory / _SHARED_DIRECTORY) as server:
            session = fixtures.DirectRedshift(server)
            fixtures.migrate(session)
            session.close()
        return 0

    def _enter_tree(self, database: str) -> None:
        """Make this process one that knows the copy alone."""
        os.chdir(self.tree)
        sys.path[:] = [str(self.tree), *(entry for entry in sys.path if entry not in ("", str(ROOT)))]
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None) or ""
            is_ours = file.startswith(f"{ROOT}{os.sep}") and ".boxoffice" not in file
            if is_ours or name == "tests":
                del sys.modules[name]
        if database and self._server is not None:
            _share(self._server.dsn.replace("/dev?", f"/{database}?"))

    @staticmethod
    def _in_fork(work: Callable[[], int], timeout: float) -> int | None:
        """The result of a function in a forked process; None when it did not end in time."""
        pid = os.fork()
        if pid == 0:
            code = 70
            try:
                os.setsid()
                code = work()
            except BaseException:  # noqa: BLE001 - this process ends here, whatever happened
                traceback.print_exc()
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.02)
        os.killpg(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        return None


class _Server:
    """A local warehouse in a process of its own, so that this one stays free to fork."""

    def __init__(self, directory: Path) -> None:
        ours, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("spawn")
        self._process = context.Process(target=_serve, args=(directory, theirs), daemon=False)
        self._process.start()
        self._pipe = ours
        self.dsn = str(ours.recv())

    def execute(self, sql: str) -> None:
        """Run a statement of the server's own, outside of any database that tests use."""
        with psycopg.connect(self.dsn.replace("/dev?", "/postgres?"), autocommit=True) as connection:
            connection.execute(sql)  # type: ignore[call-overload]

    def stop(self) -> None:
        """End the server."""
        self._pipe.send("stop")
        self._process.join()


def _serve(directory: Path, pipe: Any) -> None:
    from infra.local_aws.redshift.database.warehouse import Warehouse

    with Warehouse(directory) as server:
        pipe.send(server.dsn)
        pipe.recv()


def _share(url: str) -> None:
    """Let the warehouse that a session of tests shares be one that runs already; a test's own one is started."""
    module: Any = importlib.import_module("infra.local_aws.redshift.database.warehouse")

    own: Any = module.Warehouse

    class Shared(own):
        """The running server, with a database of this test run's own."""

        dsn = url

        def start(self) -> None:
            """It runs."""
            self._is_serving.set()

        def stop(self) -> None:
            """It goes on for the next."""

    def warehouse(state_dir: Path, *options: Any) -> Any:
        return (Shared if Path(state_dir).name.startswith(_SHARED_DIRECTORY) else own)(state_dir, *options)

    module.Warehouse = warehouse


def _copy(tree: Path) -> None:
    """The files of the tree that are versioned, or could be."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(tree)], check=False, env=_writing_bytecode())


def _writing_bytecode() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """A directory that goes away."""
    with tempfile.TemporaryDirectory(prefix="boxoffice-mutation-", ignore_cleanup_errors=True) as directory:
        yield Path(directory)
