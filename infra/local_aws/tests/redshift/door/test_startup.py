"""Logging in: TLS, protocol versions, the reported parameters, options, and refusals without PostgreSQL's words."""

from __future__ import annotations

import ssl
import struct
from collections.abc import Iterator

import psycopg
import pytest

from infra.local_aws.redshift import Door
from infra.local_aws.tests.redshift.door.conftest import Connect
from infra.local_aws.tests.redshift.door.wire import Wire, errors, rows


@pytest.fixture
def wire(door: Door) -> Iterator[Wire]:
    with Wire(door.port) as opened:
        yield opened


def test_the_parameters_are_redshifts(wire: Wire, password: str) -> None:
    kinds = wire.log_in("awsuser", password)
    assert kinds[:2] == ["R", "R"]
    assert kinds[-2:] == ["K", "Z"]
    assert wire.parameters["server_version"] == "8.0.2"
    assert wire.parameters["show_discovery"] == "4"
    assert wire.parameters["session_authorization"] == "awsuser"
    assert wire.parameters["is_superuser"] == "on"
    assert wire.parameters["DateStyle"].startswith("ISO")
    assert {"padb_revision", "datashare_enabled", "max_varchar_size"} <= set(wire.parameters)
    assert {"server_protocol_version", "standard_conforming_strings", "in_hot_standby"}.isdisjoint(wire.parameters)


def test_the_password_is_asked_for_in_clear_text(wire: Wire) -> None:
    wire.packet(196608, b"user\0awsuser\0database\0dev\0\0")
    assert wire.receive() == ("R", struct.pack("!i", 3))


def test_a_newer_protocol_is_negotiated_down(wire: Wire, password: str) -> None:
    kinds = wire.log_in("awsuser", password, code=196610, **{"_pq_.compression": "zstd"})
    assert kinds[:2] == ["v", "R"]
    assert rows(wire.query("SELECT 1")) == [["1"]]


def test_parameters_that_only_redshift_knows_are_taken(wire: Wire, password: str) -> None:
    wire.log_in("awsuser", password, driver_version="2.2.0", client_protocol_version="2", plugin_name="x",
                client_encoding="'utf-8'", application_name="report")  # fmt: skip
    assert wire.parameters["application_name"] == "report"
    assert wire.parameters["client_encoding"] == "UTF8"


def test_encryption_by_gss_is_declined_and_tls_follows(wire: Wire, door: Door, password: str) -> None:
    wire.packet(80877104)
    assert wire.exactly(1) == b"N"
    wire.packet(80877103)
    assert wire.exactly(1) == b"S"
    context = ssl.create_default_context(cafile=door.authority)
    wire.socket = context.wrap_socket(wire.socket, server_hostname="localhost")
    wire.log_in("awsuser", password)
    assert rows(wire.query("SELECT 'é'")) == [["é"]]


def test_bytes_that_were_sent_before_tls_end_the_connection(wire: Wire) -> None:
    wire.socket.sendall(struct.pack("!ii", 8, 80877103) + b"Q\0\0\0\x0dselect 1\0")
    assert wire.socket.recv(1) == b"S"
    assert wire.socket.recv(1) == b""


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_the_certificate_is_verified_by_the_authoritys_file(door: Door, connect: Connect, host: str) -> None:
    connection = connect(host=host, hostaddr="127.0.0.1", sslmode="verify-full", sslrootcert=str(door.authority),
                         passfile=str(door.warehouse.home.passfile), password=_password(door))  # fmt: skip
    assert connection.pgconn.ssl_in_use


def _password(door: Door) -> str:
    return door.warehouse.home.passfile.read_text().strip().rsplit(":", 1)[1]


def test_private_keys_are_for_their_owner_only(door: Door) -> None:
    keys = [path for path in door.authority.parent.iterdir() if path.suffix in (".key", ".pem")]
    private = [path for path in keys if "PRIVATE" in path.read_text()]
    assert len(private) == 2
    assert all(path.stat().st_mode & 0o077 == 0 for path in private)


@pytest.mark.parametrize(
    "text", ["-c search_path=other_schema", "-csearch_path=other_schema", "--search_path=other_schema"]
)
def test_options_are_settings_of_the_session(connect: Connect, text: str) -> None:
    assert connect(options=text).execute("SHOW search_path").fetchone() == ("other_schema",)


def test_options_may_hold_escaped_spaces_and_quotes(connect: Connect) -> None:
    connection = connect(options=r'-csearch_path="x",\ public --query_group=night\ load')
    assert connection.execute("SHOW search_path").fetchone() == ('"x", public',)
    assert connection.execute("SHOW query_group").fetchone() == ("night load",)


@pytest.mark.parametrize(
    ("user", "attempt", "database", "message"),
    [
        ("awsuser", "wrong", "dev", 'password authentication failed for user "awsuser"'),
        ("awsuser", "", "dev", 'password authentication failed for user "awsuser"'),
        ("nobody_like_this", "x", "dev", 'password authentication failed for user "nobody_like_this"'),
        ("awsuser", None, "nowhere", 'database "nowhere" does not exist'),
    ],
)
def test_a_refusal_is_clear_and_names_no_address(
    wire: Wire, password: str, user: str, attempt: str | None, database: str, message: str
) -> None:
    wire.packet(196608, f"user\0{user}\0database\0{database}\0\0".encode())
    wire.receive()
    wire.send((b"p", (password if attempt is None else attempt).encode() + b"\0"))
    ((code, text),) = errors([wire.receive()])
    assert text == message
    assert code in ("28000", "3D000")
    with pytest.raises(EOFError):
        wire.receive()


def test_a_user_with_a_password_logs_in_as_that_user(connect: Connect, analyst: str) -> None:
    connection = connect(analyst, password="Analyst1")
    assert connection.execute("SELECT current_user").fetchone() == (analyst,)
    assert connection.info.parameter_status("is_superuser") == "off"
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(analyst, password="analyst1")


@pytest.mark.parametrize("head", [b"\0\0\0\x04", b"\x7f\xff\xff\xff", b"GET / HTTP/1.1\r\n\r\n"])
def test_what_is_not_the_protocol_ends_the_connection(wire: Wire, head: bytes) -> None:
    wire.socket.sendall(head)
    wire.socket.shutdown(1)
    assert wire.socket.recv(100) == b""


def test_a_message_that_is_too_long_ends_the_connection(wire: Wire, password: str) -> None:
    wire.log_in("awsuser", password)
    wire.socket.sendall(b"Q" + struct.pack("!i", 1 << 30))
    assert wire.socket.recv(100) == b""
