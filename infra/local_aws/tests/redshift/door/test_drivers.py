"""Drivers of Python: Redshift's own, and psycopg's client-side cursors."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
import redshift_connector
from redshift_connector.error import InterfaceError, ProgrammingError

from infra.local_aws.redshift import Door
from infra.local_aws.tests.redshift.door.conftest import Connect
from infra.local_aws.tests.redshift.door.test_simple_protocol import ESCAPES

Driver = Callable[..., Any]
pytestmark = pytest.mark.filterwarnings("ignore:ssl:DeprecationWarning")  # redshift_connector's own


@pytest.fixture
def driver(door: Door, password: str, schema: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Driver]:
    """Opens connections of redshift_connector, with TLS and verification unless asked otherwise."""
    monkeypatch.setenv("SSL_CERT_FILE", str(door.authority))
    opened: list[Any] = []

    def connection(**more: Any) -> Any:
        arguments = {"user": "awsuser", "password": password, "database": "dev", **more}
        opened.append(redshift_connector.connect(host="localhost", port=door.port, **arguments))
        opened[-1].cursor().execute(f"SET search_path TO {schema}")
        opened[-1].commit()
        return opened[-1]

    yield connection
    for connection_of_test in opened:
        connection_of_test.close()
    with warnings.catch_warnings():  # redshift_connector leaves the socket of a failed login open
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.mark.parametrize("ssl", [True, False])
def test_redshift_connector_reads_and_writes(driver: Driver, ssl: bool) -> None:
    connection = driver(ssl=ssl)
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE sold (id INT, name VARCHAR(20), extra SUPER) DISTKEY(id)")
    cursor.executemany("INSERT INTO sold (id, name) VALUES (%s, %s)", [(1, "o'x"), (2, "é")])
    connection.commit()
    cursor.execute("SELECT TOP 1 id, NVL(name, '-'), LEN(name) FROM sold WHERE id = %s", (2,))
    assert cursor.fetchall() == ([2, "é", 1],)
    assert cursor.description[0][0] == "id"


def test_redshift_connector_verifies_the_certificate(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(InterfaceError, match="CERTIFICATE_VERIFY_FAILED"):
        driver()


def test_redshift_connector_reports_a_wrong_password(driver: Driver) -> None:
    with pytest.raises(InterfaceError, match="password authentication failed for user"):
        driver(password="wrong")


def test_an_error_aborts_redshift_connectors_transaction(driver: Driver) -> None:
    connection = driver()
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE sold (id INT)")
    connection.commit()
    cursor.execute("INSERT INTO sold VALUES (1)")
    for wrong in ("SAVEPOINT x", "SELECT 1"):
        with pytest.raises(ProgrammingError):
            cursor.execute(wrong)
    connection.rollback()
    cursor.execute("SELECT COUNT(*) FROM sold")
    assert cursor.fetchone() == [0]


@pytest.mark.parametrize("text", ESCAPES)
def test_redshift_connector_sends_a_parameter_as_it_is(driver: Driver, text: str) -> None:
    cursor = driver(ssl=False).cursor()
    cursor.execute("SELECT %s::varchar AS a", (text,))
    assert cursor.fetchone() == [text]


def test_a_procedure_and_a_cursor_of_redshift_connector(driver: Driver) -> None:
    connection = driver(ssl=False)
    cursor = connection.cursor()
    cursor.execute("CREATE PROCEDURE doubled(n INOUT INT) AS $$ BEGIN n := n * 2; END; $$ LANGUAGE plpgsql")
    cursor.execute("CALL doubled(%s)", (4,))
    assert cursor.fetchone() == [8]
    cursor.execute("DECLARE c CURSOR FOR SELECT TOP 2 n FROM (SELECT 1 AS n UNION ALL SELECT 2) ORDER BY n")
    cursor.execute("FETCH ALL FROM c")
    assert cursor.fetchall() == ([1], [2])


@pytest.mark.parametrize("text", ESCAPES)
def test_psycopgs_client_side_parameters_arrive_as_they_are(connect: Connect, text: str) -> None:
    cursor = psycopg.ClientCursor(connect())
    assert cursor.execute("SELECT %s::varchar AS a", (text,)).fetchone() == (text,)


def test_a_server_side_cursor_of_psycopg(connect: Connect) -> None:
    connection = connect(autocommit=False)
    with connection.cursor("named") as cursor:
        cursor.itersize = 2
        cursor.execute("SELECT TOP 3 n FROM (SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3) ORDER BY n")
        assert list(cursor) == [(1,), (2,), (3,)]
