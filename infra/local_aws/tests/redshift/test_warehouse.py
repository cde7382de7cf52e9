"""The server's life: data survives a restart and a kill, a running server is adopted, nothing is left behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from infra.local_aws.postgresql import supervisor
from infra.local_aws.redshift import Warehouse, WarehouseError

_SCRIPT = """
import sys, time
from pathlib import Path
from infra.local_aws.redshift import Warehouse
warehouse = Warehouse(Path(sys.argv[1]))
warehouse.start()
print(warehouse.dsn, flush=True)
time.sleep(600)
"""


def eventually(check: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, f"still not true after {seconds} s"
        time.sleep(0.02)


def server_pid(state: Path) -> int:
    return int((state / "data" / "postmaster.pid").read_text().splitlines()[0])


def runs(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def test_data_survives_a_restart(tmp_path: Path) -> None:
    for expected in (0, 1):
        with Warehouse(tmp_path / "w") as warehouse, warehouse.connect() as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS kept (a INT)")
            assert connection.execute("SELECT COUNT(*) FROM kept").fetchone() == (expected,)
            connection.execute("INSERT INTO kept VALUES (1)")


def test_only_this_machine_can_connect(warehouse: Warehouse) -> None:
    assert "@127.0.0.1:" in warehouse.dsn
    with warehouse.connect() as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(warehouse.dsn.replace("awsuser@", "awsuser:wrong@"))


def test_other_machines_are_asked_for_the_password_too(tmp_path: Path) -> None:
    with Warehouse(tmp_path / "w", host="0.0.0.0") as warehouse:
        password = warehouse.home.passfile.read_text().strip().rsplit(":", 1)[1]
        elsewhere = {"host": "127.0.0.2", "port": warehouse.port, "user": "awsuser", "dbname": "dev"}
        with psycopg.connect(**elsewhere, password=password) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(**elsewhere, password="wrong")


def test_the_url_names_the_password_file_and_holds_no_password(warehouse: Warehouse) -> None:
    password = warehouse.home.passfile.read_text().strip().rsplit(":", 1)[1]
    assert password not in warehouse.dsn
    assert warehouse.home.passfile.stat().st_mode & 0o077 == 0


def test_a_server_that_is_killed_is_started_again_at_its_port_with_its_data(tmp_path: Path) -> None:
    with Warehouse(tmp_path / "w") as warehouse:
        with warehouse.connect(autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS a")
        dsn = warehouse.dsn
        for _ in range(2):
            killed = server_pid(tmp_path / "w")
            os.kill(killed, signal.SIGKILL)
            with warehouse.connect() as connection:  # at once: it waits
                assert connection.execute("SELECT a FROM kept").fetchone() == (1,)
            assert server_pid(tmp_path / "w") != killed
        assert warehouse.dsn == dsn
        last = server_pid(tmp_path / "w")
    assert not runs(last), "it was told to end, and nothing starts it again"


def test_a_server_that_ends_whenever_it_is_started_is_told_of_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "_PAUSES", (0.0, 0.0))
    monkeypatch.setattr(supervisor, "_LATE_PAUSE_SECONDS", 1.0)
    with Warehouse(tmp_path / "w") as warehouse:
        configuration = tmp_path / "w" / "data" / "postgresql.auto.conf"
        before = configuration.read_text()
        configuration.write_text("no_such_setting = on\n")
        os.kill(server_pid(tmp_path / "w"), signal.SIGKILL)
        with pytest.raises(WarehouseError, match=r"ends whenever it is started; its log is .*postgres\.log"):
            warehouse.connect()
        configuration.write_text(before)  # the cause is removed: another try follows
        eventually(lambda: warehouse._supervisor.problem is None)
        assert warehouse.connect().execute("SELECT 1").fetchone() == (1,)


def test_running_server_is_adopted_and_left_to_its_owner(tmp_path: Path) -> None:
    with Warehouse(tmp_path / "w") as owner:
        with Warehouse(tmp_path / "w") as guest:
            assert guest.port == owner.port
        with owner.connect() as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_server_ends_with_its_parent(tmp_path: Path, how: signal.Signals) -> None:
    state = tmp_path / "w"
    parent = subprocess.Popen([sys.executable, "-c", _SCRIPT, str(state)], stdout=subprocess.PIPE, text=True)
    try:
        assert parent.stdout is not None
        dsn = parent.stdout.readline().strip()
        with psycopg.connect(dsn) as connection:
            connection.execute("CREATE TABLE kept (a INT)")
        pid = server_pid(state)
        os.kill(parent.pid, how)
        eventually(lambda: not runs(pid))
    finally:
        parent.kill()
        parent.wait()
    with Warehouse(state) as again, again.connect() as connection:
        assert connection.execute("SELECT COUNT(*) FROM kept").fetchone() == (0,)


def test_what_a_killed_server_left_is_cleared_at_the_next_start(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "w")
    warehouse.start()
    warehouse._supervisor.end()  # as if all of it were killed: it isn't restarted
    with warehouse.connect() as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS a")
    pid = server_pid(tmp_path / "w")
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: not runs(pid))
    warehouse.stop()
    assert (tmp_path / "w" / "data" / "postmaster.pid").exists()
    with Warehouse(tmp_path / "w") as again, again.connect() as connection:
        assert connection.execute("SELECT a FROM kept").fetchone() == (1,)


@pytest.mark.skipif(os.geteuid() != 0, reason="the server runs as another user for root only")
def test_data_of_a_state_directory_that_was_open_once_is_moved_to_where_the_server_reaches_it() -> None:
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        state = Path(folder)
        state.chmod(0o755)
        with Warehouse(state) as warehouse, warehouse.connect() as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS a")
        assert not (state / "data").is_symlink()
        state.chmod(0o700)
        with Warehouse(state) as warehouse, warehouse.connect() as connection:
            assert connection.execute("SELECT a FROM kept").fetchone() == (1,)
        private = (state / "data").readlink()
        assert private.stat().st_mode & 0o077 == 0
        shutil.rmtree(private.parent)


def test_missing_binaries_say_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PG_BIN", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="PG_BIN"):
        Warehouse(tmp_path / "w").start()
