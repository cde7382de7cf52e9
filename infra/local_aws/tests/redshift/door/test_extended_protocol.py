"""The extended protocol: parameters, portals, pipelines, statements that our own code runs, errors up to Sync."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from infra.local_aws.redshift import Door
from infra.local_aws.tests.redshift.door.conftest import Connect
from infra.local_aws.tests.redshift.door.test_simple_protocol import ESCAPES
from infra.local_aws.tests.redshift.door.wire import (
    FLUSH,
    SYNC,
    Wire,
    bind,
    describe,
    errors,
    execute,
    kinds,
    parse,
    rows,
    tags,
)


@pytest.fixture
def wire(door: Door, schema: str, password: str) -> Iterator[Wire]:
    with Wire(door.port) as opened:
        opened.log_in("awsuser", password, options=f"-c search_path={schema}")
        yield opened


def run(wire: Wire, sql: str, *values: str) -> list[tuple[str, bytes]]:
    wire.send(parse(sql), bind(*values), describe(), execute(), SYNC)
    return wire.until()


def test_parameters_reach_redshifts_functions(wire: Wire) -> None:
    messages = run(wire, "SELECT NVL($1, 'x') || $2 AS a, LEN($1)", "é", "y")
    assert kinds(messages) == "12TDCZ"
    assert rows(messages) == [["éy", "1"]]
    assert tags(messages) == ["SELECT"]


@pytest.mark.parametrize("text", ESCAPES)
def test_a_parameter_arrives_as_it_is(wire: Wire, text: str) -> None:
    assert rows(run(wire, "SELECT $1::varchar AS a", text)) == [[text]]
    assert rows(run(wire, "SELECT $1::varchar AS a FROM pg_catalog.pg_class LIMIT 1", text)) == [[text]]
    wire.query("CREATE TABLE texts (a VARCHAR(100), b INT)")
    assert tags(run(wire, "INSERT INTO texts (a, b) VALUES ($1,$2)", text, "1")) == ["INSERT 0 1"]
    assert rows(run(wire, "SELECT a FROM texts WHERE a = $1 AND b=$2", text, "1")) == [[text]]


def test_a_name_like_a_parameters_stays_in_a_literal(wire: Wire) -> None:
    assert rows(run(wire, "SELECT '$1' AS a, $1::int AS b", "7")) == [["$1", "7"]]


def test_a_flush_shows_replies_before_the_sync(wire: Wire) -> None:
    wire.send(parse("SELECT 1", "s"), FLUSH)
    assert wire.receive()[0] == "1"
    wire.send((b"D", b"Ss\0"), FLUSH)
    assert [wire.receive()[0] for _ in range(2)] == ["t", "T"]
    wire.send(bind(name="s"), execute(), FLUSH)
    assert [wire.receive()[0] for _ in range(3)] == ["2", "D", "C"]
    wire.send(SYNC)
    assert kinds(wire.until()) == "Z"


def test_a_portal_gives_rows_in_parts(wire: Wire) -> None:
    wire.query("BEGIN")
    wire.send(parse("SELECT n FROM (SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3) ORDER BY n"), bind(portal="p"),
              execute("p", rows=2), SYNC)  # fmt: skip
    messages = wire.until()
    assert kinds(messages) == "12DDsZ"
    wire.send(execute("p"), SYNC)
    assert rows(wire.until()) == [["3"]]


@pytest.mark.parametrize(
    ("sql", "tag"),
    [
        ("CREATE TABLE made (a INT, b VARCHAR(3)) DISTSTYLE ALL", "CREATE TABLE"),
        ("CREATE TABLE copied AS SELECT 1 AS a", "SELECT"),
        ("SET query_group TO 'x'", "SET"),
        ("BEGIN", "BEGIN"),
        ("VACUUM", "VACUUM"),
    ],
)
def test_statements_without_rows(wire: Wire, sql: str, tag: str) -> None:
    messages = run(wire, sql)
    assert kinds(messages) in ("12nCZ", "12nNCZ")
    assert tags(messages) == [tag]


def test_several_statements_in_one_are_refused(wire: Wire) -> None:
    ((_, text),) = errors(run(wire, "SELECT 1; SELECT 2"))
    assert text == "cannot insert multiple commands into a prepared statement"
    assert rows(run(wire, "SELECT 1;")) == [["1"]]


def test_an_empty_statement(wire: Wire) -> None:
    wire.send(parse(""), bind(), execute(), SYNC)
    assert list(kinds(wire.until())) == ["1", "2", "I", "Z"]


@pytest.mark.parametrize("wrong", ["SAVEPOINT x", "SELECT no_such()", "SELECT missing_column", "SELECT 'open"])
def test_an_error_skips_to_the_sync_and_aborts_the_transaction_at_parse(wire: Wire, wrong: str) -> None:
    wire.query("BEGIN")
    wire.send(parse(wrong), bind(), describe(), execute(), parse("SELECT 1"), bind(), execute(), SYNC)
    messages = wire.until()
    assert kinds(messages) == "EZ"
    assert messages[-1][1] == b"E"
    wire.send(parse("SELECT 1"), SYNC)
    assert [code for code, _ in errors(wire.until())] == ["25P02"]
    assert run(wire, "ROLLBACK")[-1] == ("Z", b"I")
    assert rows(run(wire, "SELECT 1")) == [["1"]]


def test_an_error_of_work_done_at_execute_skips_to_the_sync(wire: Wire) -> None:
    wire.query("CREATE TABLE taken (a INT)")
    wire.query("BEGIN")
    wire.send(parse("CREATE TABLE taken (a INT)"), bind(), execute(), parse("SELECT 1"), bind(), execute(), SYNC)
    messages = wire.until()
    assert kinds(messages) == "12EZ"
    assert messages[-1][1] == b"E"


def test_a_pipeline_answers_in_order(wire: Wire) -> None:
    wire.query("CREATE TABLE line (n INT)")
    for n in range(3):
        wire.send(parse(f"INSERT INTO line VALUES ({n})"), bind(), execute(), SYNC)
    wire.send(parse("CREATE TABLE other (a INT)"), bind(), execute(), SYNC)
    wire.send(parse("SELECT COUNT(*) FROM line"), bind(), execute(), SYNC)
    for _ in range(3):
        assert tags(wire.until()) == ["INSERT 0 1"]
    assert tags(wire.until()) == ["CREATE TABLE"]
    assert rows(wire.until()) == [["3"]]


def test_a_failed_pipeline_of_one_sync_leaves_no_rows(wire: Wire) -> None:
    wire.query("CREATE TABLE line (n INT)")
    wire.send(parse("INSERT INTO line VALUES (1)"), bind(), execute(), parse("SELECT 1/0"), bind(), execute(), SYNC)
    assert errors(wire.until())
    assert rows(wire.query("SELECT COUNT(*) FROM line")) == [["0"]]


def test_a_pipeline_of_many_large_parameters_and_rows_does_not_block(connect: Connect) -> None:
    connection = connect()
    connection.execute("CREATE TABLE wide (n INT, a VARCHAR(60000))")
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO wide VALUES (%s, %s)", [(n, "x" * 50_000) for n in range(200)])
        cursor.executemany("SELECT a FROM wide WHERE n >= %s", [(0,)] * 5, returning=True)
        assert sum(len(result.fetchall()) for result in cursor.results()) == 1000


def test_a_call_gives_the_row_of_its_arguments(wire: Wire) -> None:
    wire.query("CREATE PROCEDURE doubled(n INOUT INT) AS $$ BEGIN n := n * 2; COMMIT; END; $$ LANGUAGE plpgsql")
    messages = run(wire, "CALL doubled($1)", "21")
    assert kinds(messages) == "12TDCZ"
    assert rows(messages) == [["42"]]


def test_show_is_a_prepared_statement_with_a_row(wire: Wire) -> None:
    messages = run(wire, "SHOW search_path")
    assert kinds(messages) == "12TDCZ"
    assert tags(messages) == ["SHOW"]


def test_named_statements_live_until_they_are_closed(wire: Wire) -> None:
    wire.send(parse("CREATE TABLE IF NOT EXISTS again (a INT)", "s"), SYNC)
    wire.until()
    for _ in range(2):
        wire.send(bind(name="s"), execute(), SYNC)
        assert tags(wire.until()) == ["CREATE TABLE"]
    wire.send((b"C", b"Ss\0"), SYNC)
    assert kinds(wire.until()) == "3Z"
    wire.send(bind(name="s"), SYNC)
    assert errors(wire.until())


def test_the_unnamed_statement_survives_until_the_next_one(wire: Wire, schema: str) -> None:
    wire.query("CREATE TABLE kept (a INT)")
    wire.send(parse(f"SELECT COUNT(*) FROM {schema}.kept WHERE a < $1"), (b"D", b"S\0"), SYNC)
    assert kinds(wire.until()) == "1tTZ"
    for _ in range(2):
        wire.send(bind("5"), execute(), SYNC)
        assert rows(wire.until()) == [["0"]]
    wire.send((b"C", b"S\0"), SYNC)
    assert kinds(wire.until()) == "3Z"
    wire.send(bind("5"), SYNC)
    assert errors(wire.until())


def test_views_that_bind_late_are_read_as_they_are_now(connect: Connect, schema: str) -> None:
    first, second = connect(), connect()
    first.execute(f"CREATE VIEW late AS SELECT * FROM {schema}.base WITH NO SCHEMA BINDING")
    first.execute("CREATE TABLE base (a INT)")
    assert first.execute("SELECT * FROM late").fetchall() == []
    second.execute("DROP TABLE base")
    second.execute("CREATE TABLE base AS SELECT 1 AS x, 2 AS y")
    assert first.execute("SELECT * FROM late").fetchall() == [(1, 2)]


@pytest.mark.parametrize("body", [b"", b"no end", b"s\0"])
def test_a_malformed_message_ends_the_connection(wire: Wire, body: bytes) -> None:
    wire.send((b"P", body))
    assert wire.socket.recv(100) == b""


def test_psycopg_prepares_and_rolls_back(connect: Connect) -> None:
    connection = connect(autocommit=False, prepare_threshold=0)
    connection.execute("CREATE TABLE kept (a INT)")
    connection.commit()
    for n in range(7):
        connection.execute("INSERT INTO kept VALUES (%s)", (n,))
    with pytest.raises(psycopg.errors.DivisionByZero):
        connection.execute("SELECT a / 0 FROM kept")
    with pytest.raises(psycopg.errors.InFailedSqlTransaction):
        connection.execute("SELECT 1")
    connection.rollback()
    assert connection.execute("SELECT COUNT(*) FROM kept").fetchone() == (0,)
