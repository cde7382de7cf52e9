"""No client becomes the superuser: PostgreSQL's session belongs to the client's own role, so there is no way back."""

from __future__ import annotations

import psycopg
import pytest

from infra.local_aws.redshift import Door, Warehouse
from infra.local_aws.tests.redshift.door.conftest import Connect
from infra.local_aws.tests.redshift.door.wire import SYNC, Wire, bind, errors, execute, parse, rows

WAYS = [
    "SET SESSION AUTHORIZATION DEFAULT",
    "RESET SESSION AUTHORIZATION",
    "SET SESSION AUTHORIZATION awsuser",
    "SET SESSION AUTHORIZATION 'awsuser'",
    "SET LOCAL SESSION AUTHORIZATION awsuser",
    "SET session_authorization TO awsuser",
    "SET session_authorization = DEFAULT",
    "SET ROLE awsuser",
    "SET SESSION ROLE awsuser",
    "SET ROLE NONE",
    "SET role TO awsuser",
    "RESET ROLE",
    "RESET ALL",
    "DISCARD ALL",
    "SELECT set_config('session_authorization', 'awsuser', false)",
    "SELECT set_config('role', 'awsuser', false)",
    "SELECT pg_catalog.set_config('role', 'awsuser', false) FROM pg_class LIMIT 1",
    "SELECT 1; SET SESSION AUTHORIZATION DEFAULT; RESET SESSION AUTHORIZATION",
    "BEGIN; SET SESSION AUTHORIZATION DEFAULT; COMMIT",
    "SET SESSION AUTHORIZATION DEFAULT; ALTER USER awsuser PASSWORD 'Mine12345'",
    "DO $$ BEGIN EXECUTE 'SET SESSION AUTHORIZATION DEFAULT'; END $$",
    "PREPARE p AS SELECT set_config('role', 'awsuser', false); EXECUTE p",
    "CREATE PROCEDURE escape() AS $$ BEGIN EXECUTE 'SET SESSION AUTHORIZATION DEFAULT'; END; $$ LANGUAGE plpgsql;"
    " CALL escape()",
    "CREATE PROCEDURE escape() AS $$ BEGIN EXECUTE 'RESET ROLE'; EXECUTE 'SET ROLE awsuser'; END; $$"
    " LANGUAGE plpgsql; CALL escape()",
]


def _is_powerless(wire: Wire, analyst: str) -> bool:
    wire.query("ROLLBACK")
    (row,) = rows(wire.query("SELECT session_user || ' ' || current_user FROM pg_class LIMIT 1"))
    ((code, _),) = errors(wire.query("CREATE USER another PASSWORD 'Another123'"))
    return row == [f"{analyst} {analyst}"] and code == "42501"


@pytest.mark.parametrize("sql", WAYS)
def test_the_simple_protocol_gives_no_way_to_the_superuser(door: Door, schema: str, analyst: str, sql: str) -> None:
    with Wire(door.port) as wire:
        wire.log_in(analyst, "Analyst1", options=f"-c search_path={schema}")
        wire.query(sql)
        assert _is_powerless(wire, analyst)


@pytest.mark.parametrize("sql", WAYS)
def test_prepared_statements_give_no_way_to_the_superuser(door: Door, schema: str, analyst: str, sql: str) -> None:
    with Wire(door.port) as wire:
        wire.log_in(analyst, "Analyst1", options=f"-c search_path={schema}")
        for statement in [sql, *sql.split("; ")]:
            wire.send(parse(statement), bind(), execute(), SYNC)
            wire.until()
        assert _is_powerless(wire, analyst)


def test_parameters_of_the_startup_packet_give_no_way_to_the_superuser(door: Door, schema: str, analyst: str) -> None:
    options = f"-c search_path={schema}"
    with Wire(door.port) as wire:
        wire.log_in(analyst, "Analyst1", options=options, role="awsuser", session_authorization="awsuser")
        assert _is_powerless(wire, analyst)


@pytest.mark.parametrize("options", ["-c role=awsuser", "-c session_authorization=awsuser", "-crole=none"])
def test_options_of_the_startup_packet_are_redshifts_only(connect: Connect, analyst: str, options: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="unrecognized configuration parameter"):
        connect(analyst, password="Analyst1", options=options)


def test_grants_hold(connect: Connect, analyst: str) -> None:
    administrator, client = connect(), connect(analyst, password="Analyst1")
    administrator.execute("CREATE TABLE people (name VARCHAR(20))")
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied"):
        client.execute("SELECT * FROM people")
    administrator.execute(f"GRANT SELECT ON people TO {analyst}")
    assert client.execute("SELECT * FROM people").fetchall() == []


def test_the_administrator_is_for_administration(connect: Connect, analyst: str) -> None:
    administrator = connect()
    administrator.execute(f"SET SESSION AUTHORIZATION {analyst}")
    assert administrator.execute("SELECT current_user").fetchone() == (analyst,)
    administrator.execute("RESET SESSION AUTHORIZATION")
    assert administrator.execute("SELECT current_user").fetchone() == ("awsuser",)


def test_an_expired_password_is_refused(warehouse: Warehouse, connect: Connect, analyst: str) -> None:
    with warehouse.connect(autocommit=True) as administrator:
        administrator.execute(f"ALTER ROLE {analyst} VALID UNTIL '2020-01-01'")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(analyst, password="Analyst1")
