"""Cancel requests, clients that vanish, and the end of the server behind the port."""

from __future__ import annotations

import os
import signal
import struct
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from infra.local_aws.redshift import Door, Services, Warehouse
from infra.local_aws.redshift.door import server
from infra.local_aws.tests.redshift.door.conftest import Connect
from infra.local_aws.tests.redshift.door.wire import Wire, errors, rows

_ENDED = "the warehouse's server has ended and is being restarted"
FOREVER = "SELECT COUNT(*) FROM pg_catalog.pg_attribute a, pg_catalog.pg_attribute b, pg_catalog.pg_attribute c"


def eventually(check: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, f"still not true after {seconds} s"
        time.sleep(0.02)


def is_busy(warehouse: Warehouse, pid: int) -> bool:
    """Whether a session runs `FOREVER`, and not a look-up of the door's."""
    with warehouse.connect() as connection:
        activity = connection.execute("SELECT state, query FROM pg_stat_activity WHERE pid = %s", (pid,)).fetchone()
    return activity is not None and activity[0] == "active" and activity[1].upper().startswith("SELECT COUNT(*)")


@pytest.fixture
def wire(door: Door, password: str) -> Iterator[Wire]:
    with Wire(door.port) as opened:
        opened.log_in("awsuser", password)
        yield opened


def test_a_cancel_request_ends_the_query_and_not_the_session(door: Door, warehouse: Warehouse, wire: Wire) -> None:
    wire.send((b"Q", FOREVER.encode() + b"\0"))
    eventually(lambda: is_busy(warehouse, wire.key[0]))
    with Wire(door.port) as other:
        other.packet(80877102, struct.pack("!ii", *wire.key))
        assert other.socket.recv(1) == b""
    assert errors(wire.until()) == [("57014", "Query cancelled on user's request")]
    assert rows(wire.query("SELECT 1")) == [["1"]]


def test_a_cancel_request_with_a_wrong_key_does_nothing(door: Door, warehouse: Warehouse, wire: Wire) -> None:
    wire.send((b"Q", FOREVER.encode() + b"\0"))
    eventually(lambda: is_busy(warehouse, wire.key[0]))
    with Wire(door.port) as other:
        other.packet(80877102, struct.pack("!ii", wire.key[0], wire.key[1] ^ 1))
        assert other.socket.recv(1) == b""
    assert is_busy(warehouse, wire.key[0])


def test_psycopg_cancels(connect: Connect, warehouse: Warehouse) -> None:
    connection = connect()
    pid = connection.info.backend_pid
    timer = threading.Thread(target=lambda: (eventually(lambda: is_busy(warehouse, pid)), connection.cancel_safe()))
    timer.start()
    with pytest.raises(psycopg.errors.QueryCanceled, match="Query cancelled on user's request"):
        connection.execute(FOREVER)
    timer.join()
    assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_client_that_vanishes_ends_its_query(warehouse: Warehouse, wire: Wire) -> None:
    wire.send((b"Q", FOREVER.encode() + b"\0"))
    eventually(lambda: is_busy(warehouse, wire.key[0]))
    wire.socket.close()
    eventually(lambda: not is_busy(warehouse, wire.key[0]))


def test_a_client_that_vanishes_in_a_transaction_leaves_no_rows(
    connect: Connect, door: Door, schema: str, password: str
) -> None:
    connect().execute("CREATE TABLE left_alone (a INT)")
    with Wire(door.port) as wire:
        wire.log_in("awsuser", password, options=f"-c search_path={schema}")
        wire.query("BEGIN; INSERT INTO left_alone VALUES (1)")
    connect().execute("DROP TABLE left_alone")  # would wait for the other session


def test_clients_of_a_server_that_ends_get_a_clear_error_and_new_ones_work(tmp_path: Path) -> None:
    with Warehouse(tmp_path / "w") as own:
        door = Door(own, Services)
        door.start()
        idle, busy = (psycopg.connect(door.dsn, autocommit=True) for _ in range(2))
        postmaster = int((own.home.data / "postmaster.pid").read_text().split()[0])

        def kill() -> None:
            eventually(lambda: is_busy(own, busy.info.backend_pid))
            os.kill(postmaster, signal.SIGKILL)
            os.kill(busy.info.backend_pid, signal.SIGKILL)
            eventually(lambda: not psutil.pid_exists(idle.info.backend_pid))

        killer = threading.Thread(target=kill)
        killer.start()
        with pytest.raises(psycopg.OperationalError, match=_ENDED):
            busy.execute(FOREVER)
        killer.join()
        with pytest.raises(psycopg.OperationalError, match=_ENDED):
            idle.execute("SELECT 1")
        with psycopg.connect(door.dsn) as new:
            assert new.execute("SELECT NVL(NULL, 1)").fetchone() == (1,)
        door.close()


def test_closing_ends_sessions_with_the_reason(warehouse: Warehouse) -> None:
    door = Door(warehouse, Services)
    door.start()
    idle, busy = (psycopg.connect(door.dsn, autocommit=True) for _ in range(2))
    closer = threading.Thread(
        target=lambda: (eventually(lambda: is_busy(warehouse, busy.info.backend_pid)), door.close())
    )
    closer.start()
    for connection, sql in ((busy, FOREVER), (idle, "SELECT 1")):
        with pytest.raises(psycopg.errors.AdminShutdown, match="terminating connection due to administrator command"):
            connection.execute(sql)
    closer.join()
    with pytest.raises(psycopg.OperationalError, match="refused"):
        psycopg.connect(door.dsn)
    with pytest.raises(psycopg.OperationalError):
        busy.execute("SELECT 1")


def test_too_many_connections_are_told_so(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "MOST_CONNECTIONS", 2)
    door = Door(warehouse, Services)
    door.start()
    opened = [psycopg.connect(door.dsn) for _ in range(2)]
    with pytest.raises(psycopg.OperationalError, match="too many connections"):
        psycopg.connect(door.dsn)
    opened[0].close()
    eventually(lambda: _connects(door.dsn))
    opened[1].close()
    door.close()


def _connects(dsn: str) -> bool:
    try:
        psycopg.connect(dsn).close()
    except psycopg.OperationalError:
        return False
    return True


def test_many_connections_at_once(connect: Connect) -> None:
    connections = [connect() for _ in range(80)]
    assert [connection.execute("SELECT 1").fetchone() for connection in connections] == [(1,)] * 80


def test_a_port_that_is_taken_is_an_error(warehouse: Warehouse, door: Door) -> None:
    with pytest.raises(OSError, match="in use"):
        Door(warehouse, Services, door.port)
