"""Airflow's own PostgreSQL: reachable from any home, by its owner only; whole after a kill."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from infra.stack.airflow_database import AirflowDatabase, set_sqlite_aside
from infra.stack.processes import ProcessDied, Processes, Service


class Server:
    """A database's server as the stack runs it."""

    def __init__(self, home: Path) -> None:
        self.processes = Processes(home)
        self.database = AirflowDatabase(home / "airflow" / "postgresql")
        self.service = Service("airflow-db", self.database.command, self.database.answers)

    def start(self) -> psutil.Process:
        self.processes.start(self.service, os.environ)
        self.processes.wait_ready(self.service)
        process = self.processes.running("airflow-db")
        assert process is not None
        return process

    def stop(self) -> None:
        self.processes.stop_everything(last={"airflow-db": signal.SIGINT})
        self.database.remove_socket()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Of a home with blanks and accents, whose path is longer than a Unix socket's may be."""
    server = Server(tmp_path / "Büro von Zoë 100%" / ("a long way down " * 6).strip())
    yield server
    server.stop()
    server.database.remove()


def test_what_is_committed_outlives_a_kill_and_a_stop(server: Server) -> None:
    process = server.start()
    with server.database.connect() as connection:
        connection.execute("CREATE TABLE runs (dag text)")
        connection.execute("INSERT INTO runs VALUES ('tickit_load')")
    process.kill()
    process.wait(10)
    assert not server.database.answers()

    server.start()
    server.stop()
    restarted = server.start()
    log = server.processes.log_of("airflow-db").read_text()
    assert log.count("not properly shut down") == 1, "of the kill; a stop is a clean one"

    with server.database.connect() as connection:
        assert connection.execute("SELECT dag FROM runs").fetchall() == [("tickit_load",)]
    assert restarted.is_running()


def test_only_who_knows_the_password_is_let_in_and_only_on_this_machine(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = server.start()
    visible_texts = [*server.database.environment.values(), *process.cmdline(), *process.environ().values()]
    passfile = Path(server.database.environment["PGPASSFILE"])
    password = passfile.read_text().strip().rpartition(":")[2]
    assert len(password) == 32
    assert not [text for text in visible_texts if password in text]
    assert passfile.stat().st_mode & 0o077 == 0
    assert process.net_connections("inet") == []

    url = server.database.environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].replace("+psycopg", "")
    with psycopg.connect(url, passfile=str(passfile)) as connection:
        assert connection.info.user == "airflow"
    monkeypatch.setenv("PGPASSWORD", "of another database")
    assert server.database.answers()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url)


def test_a_cluster_whose_making_was_interrupted_is_made_again(server: Server) -> None:
    server.start()
    server.stop()
    Path(server.database.environment["PGPASSFILE"]).unlink()  # what is made last
    assert server.start().is_running()


def test_the_lock_of_a_killed_server_is_not_taken_for_another_programs(server: Server) -> None:
    process = server.start()
    process.kill()
    process.wait(10)
    lock = Path(server.database.command[-1]) / "data" / "postmaster.pid"
    _, *rest = lock.read_text().splitlines()
    lock.write_text("\n".join([str(os.getpid()), *rest]))  # a number that another program has by now
    assert server.start().is_running()


def test_a_second_server_of_the_same_data_says_that_there_is_one(server: Server) -> None:
    server.start()
    (server.processes.home / "run" / "airflow-db.pid").rename(server.processes.home / "kept")
    second = Service("second", server.database.command, lambda: False)
    server.processes.start(second, os.environ)
    with pytest.raises(ProcessDied, match=r"already runs as process \d+; './boxoffice down' stops it"):
        server.processes.wait_ready(second)
    (server.processes.home / "kept").rename(server.processes.home / "run" / "airflow-db.pid")


def test_reset_removes_the_cluster_wherever_its_data_is(server: Server) -> None:
    server.start()
    server.stop()
    folder = Path(server.database.command[-1])
    data = (folder / "data").resolve()
    assert data.is_dir()
    server.database.remove()
    assert not data.exists()
    assert not folder.exists()


def test_the_history_of_a_home_with_sqlite_is_moved_aside_whole(tmp_path: Path) -> None:
    (tmp_path / "airflow.db").write_text("runs")
    (tmp_path / "airflow.db-wal").write_text("the newest runs")
    (tmp_path / "airflow.cfg").write_text("")
    kept = set_sqlite_aside(tmp_path)
    assert kept == tmp_path / "sqlite-history" / "airflow.db"
    assert kept.read_text() == "runs"
    assert kept.with_name("airflow.db-wal").read_text() == "the newest runs"
    assert {path.name for path in tmp_path.iterdir()} == {"airflow.cfg", "sqlite-history"}
    assert set_sqlite_aside(tmp_path) is None
