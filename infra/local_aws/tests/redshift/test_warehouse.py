"""The server's life: data survives a restart and a kill, a running server is adopted, nothing is left behind."""

from __future__ import annotations

import os
import pwd
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
from infra.local_aws.postgresql.layout import Home, make_socket_folder
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


def test_it_listens_on_no_network_and_other_users_cannot_enter_its_socket_folder(warehouse: Warehouse) -> None:
    with warehouse.connect() as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        (folder,) = connection.execute("SHOW unix_socket_directories").fetchone()
    assert Path(folder).stat().st_mode & 0o077 == 0


def test_only_the_user_of_this_process_may_connect_by_the_socket(warehouse: Warehouse) -> None:
    rules = (warehouse.home.data / "pg_hba.conf").read_text()
    assert rules == "local all all peer map=warehouse\n"
    (line,) = (warehouse.home.data / "pg_ident.conf").read_text().splitlines()
    assert line == f'warehouse "{pwd.getpwuid(os.geteuid()).pw_name}" all'


def test_a_deep_state_directory_gets_a_short_socket_folder_that_goes_with_it(tmp_path: Path) -> None:
    home = Home(tmp_path, tmp_path / ("x" * 100), tmp_path / "log", tmp_path / "pgpass")
    folder = make_socket_folder(home)
    try:
        assert len(str(folder)) < 85
        assert folder.stat().st_mode & 0o077 == 0
    finally:
        folder.rmdir()


def test_sessions_log_in_as_a_role_itself(warehouse: Warehouse) -> None:
    with warehouse.connect(autocommit=True) as administrator:
        administrator.execute("CREATE ROLE reader_of_socket LOGIN")
    with warehouse.connect_as("reader_of_socket") as connection:
        assert connection.execute("SELECT session_user, current_user").fetchone() == ("reader_of_socket",) * 2


def test_the_password_file_is_for_its_owner_only(warehouse: Warehouse) -> None:
    assert warehouse.home.passfile.stat().st_mode & 0o077 == 0


def test_a_server_that_is_killed_is_started_again_at_its_socket_with_its_data(tmp_path: Path) -> None:
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
        with warehouse.connect() as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_running_server_is_adopted_and_left_to_its_owner(tmp_path: Path) -> None:
    with Warehouse(tmp_path / "w") as owner:
        with Warehouse(tmp_path / "w") as guest:
            assert guest.dsn == owner.dsn
        with owner.connect() as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_server_ends_with_its_parent(tmp_path: Path, how: signal.Signals) -> None:
    state = tmp_path / "w"
    parent = subprocess.Popen([sys.executable, "-c", _SCRIPT, str(state)], stdout=subprocess.PIPE, text=True)
    try:
        assert parent.stdout is not None
        with parent.stdout:
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
