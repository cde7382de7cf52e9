"""Airflow's metadata database: a PostgreSQL cluster of its own below the home.

`python -m infra.stack.airflow_database FOLDER` becomes its server. The server listens on a Unix socket only, and
asks for a password, which is in a file that only the owner of the home can read. The socket is not in the home, because
its path may have no more than about 100 bytes, but in a private folder of /tmp, named by the home's path.

A cluster of its own, and not a database of the local warehouse: the warehouse is the local AWS's, and is stopped,
restarted and left out with it.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import secrets
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import NoReturn

import psycopg
from psycopg import sql

from infra.local_aws.postgresql.cluster import ClusterError, initialise, is_server, read_pid_file
from infra.local_aws.postgresql.layout import Home, as_server_user, is_root, prepare_home, server_binaries

USER = DATABASE = "airflow"
_PORT = 5432  # only part of the socket's name
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "64MB",
    "jit": "off",  # Airflow's queries are short
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
}
_ACCESS = "local all all scram-sha-256\n"


class AirflowDatabase:
    """Airflow's database in a folder, which holds all of it.

    Args:
        folder: where the cluster and its password are.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        digest = hashlib.sha256(os.fsencode(self._folder)).hexdigest()[:16]
        self._socket = Path("/tmp") / f"boxoffice-airflow-{digest}"  # short, and the same in every shell

    @property
    def command(self) -> list[str]:
        """What runs the server."""
        return [sys.executable, "-m", "infra.stack.airflow_database", str(self._folder)]

    @property
    def environment(self) -> dict[str, str]:
        """What tells Airflow where its database is. The password is in none of it."""
        address = f"{USER}@/{DATABASE}?host={self._socket}&port={_PORT}"
        return {
            "PGPASSFILE": str(self._passfile),
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"postgresql+psycopg://{address}",
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC": f"postgresql+psycopg_async://{address}",
        }

    def answers(self) -> bool:
        """Whether the server lets us in."""
        try:
            self.connect().close()
        except (psycopg.OperationalError, OSError):
            return False
        return True

    def connect(self) -> psycopg.Connection:
        """Open a session. Raises psycopg.OperationalError or FileNotFoundError when there is no server."""
        password = self._passfile.read_text().strip().rpartition(":")[2]  # a PGPASSWORD of the shell's is not ours
        return psycopg.connect(
            host=str(self._socket),
            port=_PORT,
            dbname=DATABASE,
            user=USER,
            password=password,
            options="",
            connect_timeout=5,
            autocommit=True,
        )

    def is_migrated(self) -> bool:
        """Whether the installed Airflow has migrated the database, and its tables are as they were then."""
        with self.connect() as connection:
            query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
            row = connection.execute(query).fetchone()
            return row is not None and row[0] == _release(connection)

    def migrate(self, environment: Mapping[str, str], log: Path) -> None:
        """Let the installed Airflow migrate the database, and record in it that it did.

        Args:
            environment: Airflow's.
            log: where Airflow's output is added.

        Raises:
            ClusterError: Airflow could not.
        """
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            command = [sys.executable, "-m", "airflow", "db", "migrate"]
            done = subprocess.run(command, env=environment, stdout=output, stderr=output, check=False)
        if done.returncode:
            raise ClusterError(f"Airflow's database could not be migrated; see {log}")
        with self.connect() as connection:
            comment = sql.SQL("COMMENT ON DATABASE {} IS {}")
            connection.execute(comment.format(sql.Identifier(DATABASE), sql.Literal(_release(connection))))

    def remove(self) -> None:
        """Remove the cluster, also where its data is outside the home. The server must have stopped."""
        data = self._folder / "data"
        if data.is_symlink():
            shutil.rmtree(data.readlink().parent, ignore_errors=True)
        shutil.rmtree(self._folder, ignore_errors=True)
        self.remove_socket()

    def remove_socket(self) -> None:
        """Remove the socket's folder. The server must have stopped."""
        shutil.rmtree(self._socket, ignore_errors=True)

    def become(self) -> NoReturn:
        """Turn this process into the server; the cluster is made first, unless it is there.

        Raises:
            ClusterError: it cannot be initialised, is in use, or the socket's folder is somebody else's.
        """
        home = prepare_home(self._folder)
        if not self._passfile.exists():
            self._make(home)
        self._require_free(home)
        self._make_socket_folder()
        (home.data / "pg_hba.conf").write_text(_ACCESS)
        server = server_binaries(home) / "postgres"  # as root: the server's user may not reach the environment
        os.chdir("/")
        _give_up_root()
        settings = {**_SETTINGS, "unix_socket_directories": str(self._socket)}
        os.execv(server, [str(server), "-D", str(home.data), "-p", str(_PORT), *_options(settings)])

    @property
    def _passfile(self) -> Path:
        return self._folder / "pgpass"

    def _make(self, home: Home) -> None:
        """Make cluster and database. The password's file comes last: without it, what is there is not whole."""
        for rest in home.data.iterdir():
            shutil.rmtree(rest) if rest.is_dir() else rest.unlink()
        password = secrets.token_hex(16)
        initialise(home, USER, password)
        single = [str(server_binaries(home) / "postgres"), "--single", "-F", "-D", str(home.data), "postgres"]
        statement = f"CREATE DATABASE {DATABASE}\n".encode()
        done = subprocess.run(single, input=statement, capture_output=True, check=False, cwd="/", **as_server_user())
        if done.returncode:
            raise ClusterError(f"the database could not be created: {done.stderr.decode(errors='replace').strip()}")
        part = self._passfile.with_suffix(".part")
        part.touch(mode=0o600)
        part.write_text(f"*:*:*:{USER}:{password}\n")
        part.replace(self._passfile)

    @staticmethod
    def _require_free(home: Home) -> None:
        """Clear the lock that a killed server left behind; one that still runs keeps it."""
        lock = home.data / "postmaster.pid"
        pid, _ = read_pid_file(lock)
        if pid is not None and is_server(pid, home.data):
            raise ClusterError(f"a server of {home.data} already runs as process {pid}; './boxoffice down' stops it")
        lock.unlink(missing_ok=True)

    def _make_socket_folder(self) -> None:
        owner = pwd.getpwnam("nobody").pw_uid if is_root() else os.geteuid()
        self._socket.mkdir(mode=0o700, exist_ok=True)
        found = self._socket.lstat()
        if self._socket.is_symlink() or found.st_uid not in (owner, os.geteuid()) or found.st_mode & 0o077:
            raise ClusterError(f"{self._socket} is somebody else's folder; remove it")
        os.chown(self._socket, owner, -1)


def set_sqlite_aside(airflow_home: Path) -> Path | None:
    """Move aside the SQLite file in which earlier versions of the stack kept Airflow's history.

    Returns:
        Where it is kept; None when there is none.
    """
    old, kept = airflow_home / "airflow.db", airflow_home / "sqlite-history"
    if not old.exists():
        return None
    kept.mkdir(exist_ok=True)
    for path in airflow_home.glob(f"{old.name}*"):
        path.replace(kept / path.name)
    return kept / old.name


def _give_up_root() -> None:
    """Become the user that the server runs as: PostgreSQL refuses to run as root."""
    user = as_server_user()
    if user:
        os.setgroups(user["extra_groups"])
        os.setgid(user["group"])
        os.setuid(user["user"])
        os.umask(user["umask"])


def _options(settings: dict[str, str]) -> list[str]:
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _release(connection: psycopg.Connection) -> str:
    """The installed Airflow, and the revision of the database's tables."""
    found = connection.execute("SELECT to_regclass('alembic_version') IS NOT NULL").fetchone()
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if found and found[0] else None
    return f"apache-airflow {version('apache-airflow')}, revision {row[0] if row else 'none'}"


def main(arguments: Sequence[str]) -> NoReturn:
    """Become the server of the folder that is the only argument."""
    try:
        AirflowDatabase(Path(arguments[0])).become()
    except (ClusterError, OSError) as error:
        sys.exit(f"airflow-db: {error}")


if __name__ == "__main__":
    main(sys.argv[1:])
