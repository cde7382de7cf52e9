"""The PostgreSQL server behind the stand-in: found, initialised, started, adopted, stopped.

PostgreSQL refuses to run as root, and the launchers bundled with the wheels change owners and modes of every ancestor
directory, so the binaries are started from here: as the calling user, or, for root, as `nobody`. The server listens on
127.0.0.1, unless told otherwise, and asks everybody for the password. A watcher process holds the server and stops it
when this process ends in any way, `kill -9` included; a server that ends by itself, or is killed, is started again.

`fsync` is off: a crash of the *process* loses nothing (committed pages are in the kernel's cache), a crash of the
*machine* may lose the warehouse. It can be rebuilt from the lake.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path
from urllib.parse import quote

import psycopg

from ..postgresql.cluster import ClusterError, end_orphans, initialise, is_server, read_pid_file
from ..postgresql.layout import Home, as_server_user, prepare_home, server_binaries
from ..postgresql.supervisor import Supervisor

USER, DATABASE = "awsuser", "dev"
_FUNCTIONS = (Path(__file__).with_name("functions.sql"), Path(__file__).with_name("system_views.sql"))
_DEADLINE_SECONDS = 60.0
_RESTART_SECONDS = 30.0
"""How long a session waits for a server that is started again."""
_NOTICE_SECONDS = 1.0
"""How long it takes, at most, until it is noticed that the server has ended."""
# The watcher: when our end of its standard input closes, whatever the reason, the server is stopped (SIGINT = fast).
_WATCHER = (
    '"$@" </dev/null & pid=$!; trap "kill -INT $pid" TERM INT; '
    "(cat >/dev/null; kill -INT $pid) 2>/dev/null <&3 & wait $pid; kill $! 2>/dev/null"
)
_LOOPBACK = "127.0.0.1"
_ACCESS = "host all all samehost scram-sha-256\nhost all all samenet scram-sha-256\n"
"""Who may try a password: this machine, and the networks that it is part of, where the server listens there."""
_SETTINGS = {
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "on",  # off would keep commits in the server's own memory for a while
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "jit": "off",
    # Redshift joins on equality by hashing or merging. PostgreSQL without statistics on fresh tables takes them for
    # empty, and would loop: a merge of 20,000 rows took minutes instead of seconds.
    "enable_nestloop": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "default_transaction_isolation": "repeatable read",
    "log_min_messages": "warning",
}


class WarehouseError(RuntimeError):
    """The warehouse's server could not be started; the message says where its log is."""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Warehouse:
    """An embedded PostgreSQL that holds the local Redshift's data.

    Args:
        state_dir: Directory of its data; survives restarts.
        port: TCP port; 0 chooses a free one at each start.
        host: Where it listens: 127.0.0.1, or 0.0.0.0 for every network of this machine.
    """

    def __init__(self, state_dir: Path, port: int = 0, host: str = _LOOPBACK) -> None:
        self._state_dir = Path(state_dir).resolve()
        self._wanted_port, self._host = port, host
        self.port = port
        self._home: Home | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._adopted: int | None = None
        self._supervisor: Supervisor | None = None
        self._serves = threading.Event()
        self._lock = threading.Lock()

    @property
    def dsn(self) -> str:
        """libpq URL of the database, for psycopg and psql; it names the password's file, not the password."""
        return self._url(DATABASE)

    def start(self) -> None:
        """Start the server, or adopt one that already runs on this data directory, and install the functions.

        Raises:
            WarehouseError: No binaries were found, or the server does not start.
        """
        self._home = prepare_home(self._state_dir)
        if not (self._home.data / "PG_VERSION").exists():
            self._initialise()
        if not self._adopt():
            self._launch(self._wanted_port or _free_port())
        self._install_functions()
        self._serves.set()
        self._supervisor = Supervisor(self._wait_for_end, self._start_again, self._home.log)
        self._supervisor.begin()

    def stop(self) -> None:
        """Stop the server that this object started; an adopted one is left to its owner."""
        if self._supervisor is not None:
            self._supervisor.end()
        with self._lock:
            self._end_process()

    def _wait_for_end(self) -> None:
        """Block until the server has ended: our own child, or an adopted server, which no signal tells of."""
        if self._process is not None:
            self._process.wait()
        while self._adopted is not None and is_server(self._adopted, self.home.data):
            time.sleep(_NOTICE_SECONDS / 4)
        self._serves.clear()

    def _start_again(self) -> None:
        """Start the server at its port, once nothing of the one before works on the data any more."""
        with self._lock:
            self._process, self._adopted = None, None
            end_orphans(self.home.data)
            (self.home.data / "postmaster.pid").unlink(missing_ok=True)
            self._launch(self.port)
        self._serves.set()

    def _end_process(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(_DEADLINE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def connect(self, autocommit: bool = False) -> psycopg.Connection:
        """Open a session as the administrator. Waits for a server that is started again.

        Raises:
            WarehouseError: it does not come back.
            psycopg.OperationalError: it lets nobody in.
        """
        began = time.monotonic()
        while True:
            try:
                return psycopg.connect(self.dsn, autocommit=autocommit)
            except psycopg.OperationalError as error:
                waited = time.monotonic() - began
                if self._supervisor is not None and self._supervisor.problem:
                    raise WarehouseError(self._supervisor.problem) from error
                if waited > (_NOTICE_SECONDS if self._serves.is_set() else _RESTART_SECONDS):
                    raise
            time.sleep(0.05)

    def __enter__(self) -> Warehouse:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def home(self) -> Home:
        """Where data, log and binaries are. Known after `start`."""
        if self._home is None:
            raise WarehouseError("the warehouse was not started")
        return self._home

    def _initialise(self) -> None:
        password = secrets.token_hex(12)
        self.home.passfile.touch(mode=0o600)
        self.home.passfile.write_text(f"127.0.0.1:*:*:{USER}:{password}\n")
        try:
            initialise(self.home, USER, password)
        except ClusterError as error:
            raise WarehouseError(str(error)) from error

    def _adopt(self) -> bool:
        """Use a server that already runs on this data directory; clear what a killed one left behind."""
        pid_file = self.home.data / "postmaster.pid"
        deadline = time.monotonic() + _DEADLINE_SECONDS
        while time.monotonic() < deadline:
            pid, port = read_pid_file(pid_file)
            if pid is None or not is_server(pid, self.home.data):
                end_orphans(self.home.data)
                pid_file.unlink(missing_ok=True)
                return False
            if port and self._wanted_port in (0, port):
                self.port = port
                if self._answers("postgres"):
                    self._create_database()
                    self._adopted = pid
                    return True
            elif port:
                raise WarehouseError(f"a server of {self.home.data} already runs on port {port}")
            time.sleep(0.05)
        raise WarehouseError(f"a server of {self.home.data} runs but does not answer; see {self.home.log}")

    def _launch(self, port: int) -> None:
        self.port = port
        (self.home.data / "pg_hba.conf").write_text(_ACCESS)
        settings = {"listen_addresses": self._host, **_SETTINGS}
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        command = [str(server_binaries(self.home) / "postgres"), "-D", str(self.home.data), "-p", str(self.port)]
        # Descriptor 3 is a copy of standard input, which the shell would otherwise take away from background commands.
        shell = ["/bin/sh", "-c", "exec 3<&0; " + _WATCHER, "warehouse", *command, *options]
        with self.home.log.open("ab") as log:
            self._process = subprocess.Popen(
                shell,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
                **as_server_user(),
            )
        deadline = time.monotonic() + _DEADLINE_SECONDS
        while not self._answers("postgres"):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self._end_process()
                raise WarehouseError(f"PostgreSQL did not start on port {self.port}; see {self.home.log}")
            time.sleep(0.03)
        self._create_database()

    def _url(self, database: str) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}?passfile={quote(str(self.home.passfile))}"

    def _answers(self, database: str) -> bool:
        try:
            psycopg.connect(self._url(database), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _create_database(self) -> None:
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE}")

    def _install_functions(self) -> None:
        """Install schema `rs`; every statement is idempotent and all are one transaction under a lock."""
        with self.connect() as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            connection.execute("SELECT pg_advisory_xact_lock(5439)")
            for path in _FUNCTIONS:
                connection.execute(path.read_text())
