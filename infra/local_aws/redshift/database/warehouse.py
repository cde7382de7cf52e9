"""The PostgreSQL server behind the stand-in: initialises, starts, adopts and stops it.

PostgreSQL refuses to run as root, and the launchers in the wheels change owners and modes of every parent directory, so
this module starts the binaries itself: as the calling user or, for root, as `nobody`. By default the server listens on
127.0.0.1, and it always requires the password. A watcher process starts the server and stops it when this process ends
in any way, even by `kill -9`. A server that ends by itself, or is killed, is restarted.

`fsync` is off: a crash of the *process* loses nothing (committed pages are in the kernel's cache), but a crash of the
*machine* may lose the warehouse. You can rebuild it from the lake.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from ...postgresql.cluster import ClusterError, end_orphans, initialise, is_server, read_pid_file, socket_folder_of
from ...postgresql.layout import Home, as_server_user, make_socket_folder, prepare_home, server_binaries
from ...postgresql.supervisor import Supervisor

USER = "awsuser"
DATABASE = "dev"
_FUNCTIONS = (
    "trailing_blanks",
    "functions",
    "super",
    "dates",
    "strings",
    "aggregates",
    "varbyte",
    "strict",
    "system_views",
    "loads",
    "attributes",
    "alterations",
    "late_views",
    "procedures",
    "logins",
)
_CATALOG = (
    "catalog_facts",
    "catalog_pg",
    "catalog_information_schema",
    "catalog_svv",
    "catalog_activity",
    "catalog_loads",
    "catalog_show",
)
_DEADLINE_SECONDS = 60.0
_RESTART_SECONDS = 30.0
"""How long a session waits for a server that is being restarted."""
_NOTICE_SECONDS = 1.0
"""The maximum time until the end of the server is noticed."""
# The watcher: when our end of its standard input closes, for whatever reason, it stops the server (SIGINT = fast).
_WATCHER = (
    '"$@" </dev/null & pid=$!; trap "kill -INT $pid" TERM INT; '
    "(cat >/dev/null; kill -INT $pid) 2>/dev/null <&3 & wait $pid; kill $! 2>/dev/null"
)
_ACCESS = "local all all peer map=warehouse\n"
_PORT = 5432
"""The number in the name of the socket's file. There is one server in a folder."""
_CONNECTIONS = 540
"""As many as a cluster of Redshift's accepts (500), and our own.
Source: https://docs.aws.amazon.com/redshift/latest/mgmt/amazon-redshift-limits.html
"""
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "on",  # "off" would keep commits in the server's own memory for a while
    "full_page_writes": "off",
    "max_connections": str(_CONNECTIONS),
    "shared_buffers": "128MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "jit": "off",
    # Redshift joins on equality by hashing or merging. Without statistics on fresh tables, PostgreSQL assumes that
    # they are empty and uses nested loops: a merge of 20,000 rows took minutes instead of seconds.
    "enable_nestloop": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "default_transaction_isolation": "repeatable read",
    "log_min_messages": "warning",
}


class WarehouseError(RuntimeError):
    """The warehouse's server could not be started. The message names its log."""


class Warehouse:
    """An embedded PostgreSQL with the local Redshift's data.

    Args:
        state_dir: Directory of its data; survives restarts.
    """

    def __init__(self, state_dir: Path) -> None:
        self._state_dir = Path(state_dir).resolve()
        self._socket_folder: Path | None = None
        self._home: Home | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._adopted: int | None = None
        self._supervisor: Supervisor | None = None
        self._is_serving = threading.Event()
        self._lock = threading.Lock()

    @property
    def dsn(self) -> str:
        """libpq URL of the database for the administrator. It speaks PostgreSQL's SQL; clients use the door."""
        return self._url(DATABASE)

    def start(self) -> None:
        """Starts the server, or adopts one that already runs on this data directory, and installs the functions.

        Raises:
            WarehouseError: There are no binaries, or the server does not start.
        """
        self._home = prepare_home(self._state_dir)
        if not (self._home.data / "PG_VERSION").exists():
            self._initialise()
        if not self._adopt():
            self._socket_folder = make_socket_folder(self._home)
            self._launch()
        self._install_functions()
        self._is_serving.set()
        self._supervisor = Supervisor(self._wait_for_end, self._start_again, self._home.log)
        self._supervisor.begin()

    def stop(self) -> None:
        """Stops the server if this object started it. An adopted server keeps running."""
        if self._supervisor is not None:
            self._supervisor.end()
        with self._lock:
            if self._end_process() and self._socket_folder not in (None, self.home.data):
                shutil.rmtree(self._socket_folder, ignore_errors=True)

    def _wait_for_end(self) -> None:
        """Waits until the server has ended. It may be our own child, or an adopted server, which sends no signal."""
        if self._process is not None:
            self._process.wait()
        while self._adopted is not None and is_server(self._adopted, self.home.data):
            time.sleep(_NOTICE_SECONDS / 4)
        self._is_serving.clear()

    def _start_again(self) -> None:
        """Starts the server on its socket, after the processes of the previous one have ended."""
        with self._lock:
            if self._process is not None and self._process.stdin is not None:
                self._process.stdin.close()
            self._process = None
            self._adopted = None
            end_orphans(self.home.data)
            (self.home.data / "postmaster.pid").unlink(missing_ok=True)
            self._launch()
        self._is_serving.set()

    def _end_process(self) -> bool:
        """Ends the server. Returns whether this object had started it."""
        process = self._process
        self._process = None
        if process is None:
            return False
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(_DEADLINE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        return True

    def connect(self, autocommit: bool = False) -> psycopg.Connection:
        """Opens a session as the administrator. Waits and raises like `connect_as`."""
        return self.connect_as(USER, autocommit)

    def connect_as(self, role: str, autocommit: bool = False, **settings: Any) -> psycopg.Connection:
        """Opens a session as a role. Waits for a server that is being restarted.

        Args:
            role: the role that logs in; its name is not checked.
            autocommit: whether psycopg leaves transactions to the caller.
            settings: more parameters of libpq, such as `options`.

        Raises:
            WarehouseError: the restart failed.
            psycopg.OperationalError: the server accepts no connection.
        """
        began = time.monotonic()
        while True:
            try:
                return psycopg.connect(self.dsn, autocommit=autocommit, user=role, **settings)
            except psycopg.OperationalError as error:
                waited = time.monotonic() - began
                if self._supervisor is not None and self._supervisor.problem:
                    raise WarehouseError(self._supervisor.problem) from error
                if waited > (_NOTICE_SECONDS if self._is_serving.is_set() else _RESTART_SECONDS):
                    raise
            time.sleep(0.05)

    def __enter__(self) -> Warehouse:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def home(self) -> Home:
        """Location of data, log and binaries. Available after `start`."""
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
        """Uses a server that already runs on this data directory. Cleans up after one that was killed."""
        pid_file = self.home.data / "postmaster.pid"
        deadline = time.monotonic() + _DEADLINE_SECONDS
        while time.monotonic() < deadline:
            pid, _ = read_pid_file(pid_file)
            if pid is None or not is_server(pid, self.home.data):
                end_orphans(self.home.data)
                pid_file.unlink(missing_ok=True)
                return False
            self._socket_folder = socket_folder_of(pid_file)
            if self._socket_folder and self._answers("postgres"):
                self._create_database()
                self._adopted = pid
                return True
            time.sleep(0.05)
        raise WarehouseError(f"a server of {self.home.data} runs but does not answer; see {self.home.log}")

    def _launch(self) -> None:
        (self.home.data / "pg_hba.conf").write_text(_ACCESS)
        own_user = pwd.getpwuid(os.geteuid()).pw_name
        (self.home.data / "pg_ident.conf").write_text(f'warehouse "{own_user}" all\n')
        settings = {"unix_socket_directories": str(self._socket_folder), **_SETTINGS}
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        command = [str(server_binaries(self.home) / "postgres"), "-D", str(self.home.data), "-p", str(_PORT)]
        # Descriptor 3 is a copy of standard input, which the shell would otherwise close for background commands.
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
                raise WarehouseError(f"PostgreSQL did not start; see {self.home.log}")
            time.sleep(0.03)
        self._create_database()

    def _url(self, database: str) -> str:
        return f"postgresql://{USER}@/{database}?host={quote(str(self._socket_folder), safe='')}&port={_PORT}"

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
        """Installs schema `rs` and the catalog: idempotent statements, in one transaction under a lock."""
        with self.connect() as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            connection.execute("SELECT pg_advisory_xact_lock(5439)")
            _run_files(connection, _FUNCTIONS)
            try:
                with connection.transaction():
                    _run_files(connection, _CATALOG)
            except psycopg.errors.InvalidTableDefinition:  # the views of an earlier version have other columns
                connection.execute("DROP SCHEMA rs_facts, rs_catalog, rs_information CASCADE")
                _run_files(connection, _CATALOG)


def _run_files(connection: psycopg.Connection, names: Sequence[str]) -> None:
    for name in names:
        connection.execute(Path(__file__).with_name(f"{name}.sql").read_text().encode())
