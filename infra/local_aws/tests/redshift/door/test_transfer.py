"""COPY, UNLOAD and external tables take part in the client's transaction."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from infra.local_aws.redshift import Door, Services, Warehouse
from infra.local_aws.redshift.transfer.external import ExternalPartition, ExternalTable
from infra.local_aws.tests.redshift.door.conftest import Connect
from infra.local_aws.tests.redshift.door.wire import SYNC, Wire, bind, errors, execute, fields, kinds, parse, rows, tags

ROLE = "IAM_ROLE 'arn:aws:iam::123456789012:role/r'"
COPY = f"COPY sold FROM 's3://lake/sold.csv' {ROLE} FORMAT CSV"


@pytest.fixture
def wire(door: Door, schema: str, password: str) -> Iterator[Wire]:
    with Wire(door.port) as opened:
        opened.log_in("awsuser", password, options=f"-c search_path={schema}")
        opened.query("CREATE TABLE sold (id INT, name VARCHAR(5))")
        yield opened


@pytest.fixture(autouse=True)
def objects(s3_folder: Path) -> None:
    """A file of two rows, and one whose second row is too long."""
    (s3_folder / "lake").mkdir(exist_ok=True)
    (s3_folder / "lake" / "sold.csv").write_text("1,a\n2,é\n")
    (s3_folder / "lake" / "bad.csv").write_text("1,a\n2,far too long\n")


def test_a_copy_reports_its_rows(wire: Wire) -> None:
    messages = wire.query(COPY)
    assert kinds(messages) == "NCZ"
    assert tags(messages) == ["COPY"]
    notice = fields(messages[0][1])
    assert (notice["S"], notice["M"]) == ("INFO", "Load into table 'sold' completed, 2 record(s) loaded successfully.")
    assert rows(wire.query("SELECT name FROM sold ORDER BY id")) == [["a"], ["é"]]
    assert rows(wire.query("SELECT PG_LAST_COPY_COUNT()")) == [["2"]]


def test_a_copy_is_rolled_back_with_the_clients_transaction(wire: Wire) -> None:
    wire.query("BEGIN")
    wire.query(COPY)
    assert rows(wire.query("SELECT COUNT(*) FROM sold")) == [["2"]]
    wire.query("ROLLBACK")
    assert rows(wire.query("SELECT COUNT(*) FROM sold")) == [["0"]]


@pytest.mark.parametrize("wrong", [COPY.replace("sold.csv", "bad.csv"), COPY.replace("sold.csv", "missing.csv")])
def test_a_failed_copy_aborts_the_transaction(wire: Wire, wrong: str) -> None:
    wire.query("BEGIN")
    wire.query("INSERT INTO sold VALUES (7, 'x')")
    messages = wire.query(wrong)
    assert kinds(messages) == "EZ"
    assert messages[-1] == ("Z", b"E")
    wire.query("COMMIT")
    assert rows(wire.query("SELECT COUNT(*) FROM sold")) == [["0"]]
    assert wire.query(wrong)[-1] == ("Z", b"I"), "alone, it leaves no transaction open"


def test_a_copy_among_other_statements_is_one_transaction_with_them(wire: Wire) -> None:
    messages = wire.query(f"INSERT INTO sold VALUES (7, 'x'); {COPY}; SELECT 1/0")
    assert tags(messages) == ["INSERT 0 1", "COPY"]
    assert errors(messages)
    assert rows(wire.query("SELECT COUNT(*) FROM sold")) == [["0"]]


def test_a_prepared_copy(wire: Wire) -> None:
    wire.send(parse(COPY), bind(), execute(), parse("SELECT COUNT(*) FROM sold"), bind(), execute(), SYNC)
    messages = wire.until()
    assert tags(messages) == ["COPY", "SELECT"]
    assert rows(messages) == [["2"]]


def test_an_unload_writes_and_reports(wire: Wire, s3_folder: Path) -> None:
    wire.query(COPY)
    messages = wire.query(f"UNLOAD ('SELECT * FROM sold') TO 's3://lake/out/' {ROLE} FORMAT PARQUET")
    assert tags(messages) == ["UNLOAD"]
    assert "2 record(s) unloaded" in fields(messages[0][1])["M"]
    assert pq.read_table(s3_folder / "lake" / "out").num_rows == 2


@pytest.fixture
def external(warehouse: Warehouse, s3_folder: Path) -> Iterator[Door]:
    """A port whose Glue catalog has the table `events` in any database."""
    (s3_folder / "lake" / "events").mkdir(exist_ok=True)
    pq.write_table(pa.table({"id": [1, 2], "name": ["a", "b"]}), s3_folder / "lake" / "events" / "part.parquet")
    table = ExternalTable({"id": "bigint", "name": "string"}, {}, (ExternalPartition("s3://lake/events/"),), True)
    services = Services(
        lambda uri: s3_folder / uri.removeprefix("s3://"),
        catalog=lambda _role, _database, name: table if name == "events" else None,
    )
    door = Door(warehouse, lambda: services)
    door.start()
    with psycopg.connect(door.dsn, autocommit=True) as connection:
        connection.execute(f"CREATE EXTERNAL SCHEMA lake_of_door FROM DATA CATALOG DATABASE 'd' {ROLE}")
        yield door
        connection.execute("DROP SCHEMA lake_of_door")
    door.close()


def test_external_tables_are_read_by_both_protocols(external: Door, password: str) -> None:
    query = "SELECT COUNT(*), MAX(name) FROM lake_of_door.events WHERE id < $1"
    with Wire(external.port) as wire:
        wire.log_in("awsuser", password)
        messages = wire.query(query.replace("$1", "9"))
        assert (rows(messages), messages[-1]) == ([["2", "b"]], ("Z", b"I"))
        wire.send(parse(query, "s"), SYNC)
        assert kinds(wire.until()) == "1Z"
        for limit, expected in (("9", ["2", "b"]), ("2", ["1", "a"])):
            wire.send(bind(limit, name="s"), execute(), SYNC)
            messages = wire.until()
            assert (rows(messages), messages[-1]) == ([expected], ("Z", b"I"))
        wire.query("BEGIN")
        wire.query("DECLARE c CURSOR FOR SELECT id FROM lake_of_door.events ORDER BY id")
        assert rows(wire.query("FETCH ALL FROM c")) == [["1"], ["2"]]
        wire.query("COMMIT")
        assert tags(wire.query("CREATE TEMP TABLE copied AS SELECT * FROM lake_of_door.events")) == ["SELECT"]
        assert rows(wire.query("SELECT COUNT(*) FROM copied")) == [["2"]]


def test_a_missing_external_table_is_an_error_that_ends_the_hidden_transaction(external: Door, password: str) -> None:
    with Wire(external.port) as wire:
        wire.log_in("awsuser", password)
        messages = wire.query("SELECT * FROM lake_of_door.nothing")
        assert [text for _, text in errors(messages)] == ['relation "lake_of_door.nothing" does not exist']
        assert messages[-1] == ("Z", b"I")
        wire.send(parse("SELECT * FROM lake_of_door.nothing"), bind(), execute(), SYNC)
        messages = wire.until()
        assert (kinds(messages), messages[-1]) == ("EZ", ("Z", b"I"))


def test_a_role_that_may_not_read_is_refused(warehouse: Warehouse, connect: Connect, s3_folder: Path) -> None:
    def allow(action: str, uri: str) -> None:
        raise PermissionError(f"{action} on {uri}")

    door = Door(warehouse, lambda: Services(lambda uri: s3_folder / uri[5:], role_access=lambda _: allow))
    door.start()
    with psycopg.connect(door.dsn) as connection:
        connection.execute("CREATE TEMP TABLE sold (id INT, name VARCHAR(5))")
        with pytest.raises(psycopg.Error, match="AccessDenied"):
            connection.execute(COPY)
    door.close()
