"""The simple protocol: rows, tags, several statements of one message, transactions, errors, escapes."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from infra.local_aws.redshift import Door
from infra.local_aws.tests.redshift.door.conftest import Connect
from infra.local_aws.tests.redshift.door.wire import Wire, errors, kinds, rows, tags

ESCAPES = ["a\\b", "o'x", "\\'", "ends in \\", "$$", "%s $1 :p", "Größe 東京 🎭", "a\nb", '"', "--", "/*", ";", "''"]


@pytest.fixture
def wire(door: Door, schema: str, password: str) -> Iterator[Wire]:
    with Wire(door.port) as opened:
        opened.log_in("awsuser", password, options=f"-c search_path={schema}")
        yield opened


def status(messages: list[tuple[str, bytes]]) -> bytes:
    return messages[-1][1]


def test_redshifts_sql_runs(wire: Wire) -> None:
    messages = wire.query("SELECT TOP 1 NVL(NULL, 'x') AS a, LEN('é') FROM (SELECT 1 UNION ALL SELECT 2)")
    assert kinds(messages) == "TDCZ"
    assert rows(messages) == [["x", "1"]]
    assert tags(messages) == ["SELECT"]


def test_types_are_redshifts(connect: Connect) -> None:
    connection = connect()
    connection.execute("CREATE TABLE typed (s SUPER, v VARCHAR(3), b VARBYTE(4))")
    cursor = connection.execute("SELECT s, v, 'y' AS u, b FROM typed")
    oids = [column.type_code for column in cursor.description or []]
    assert oids == [4000, 1043, 1043, 6551]


@pytest.mark.parametrize(
    ("sql", "tag"),
    [
        ("CREATE TABLE tagged (a INT ENCODE az64) DISTKEY(a)", "CREATE TABLE"),
        ("CREATE TABLE copied AS SELECT 1 AS a", "SELECT"),
        ("CREATE VIEW seen AS SELECT 1 AS a", "CREATE VIEW"),
        ("CREATE MATERIALIZED VIEW stored AS SELECT 1 AS a", "CREATE VIEW"),
        ("SET query_group TO 'x'", "SET"),
        ("RESET query_group", "RESET"),
        ("SHOW search_path", "SHOW"),
        ("BEGIN", "BEGIN"),
        ("VACUUM", "VACUUM"),
    ],
)
def test_tags(wire: Wire, sql: str, tag: str) -> None:
    messages = wire.query(sql)
    assert tags(messages) == [tag]
    assert ("D" in kinds(messages)) == (tag == "SHOW")


@pytest.mark.parametrize("sql", ["", " ", ";", " ; ; ", "-- nothing", "/* nothing */"])
def test_an_empty_text_has_an_empty_answer(wire: Wire, sql: str) -> None:
    assert list(kinds(wire.query(sql))) == ["I", "Z"]


def test_several_statements_answer_in_turn(wire: Wire) -> None:
    messages = wire.query("CREATE TABLE a (n INT); INSERT INTO a VALUES (1), (2); SELECT SUM(n) FROM a; SELECT ';'")
    assert tags(messages) == ["CREATE TABLE", "INSERT 0 2", "SELECT", "SELECT"]
    assert rows(messages) == [["3"], [";"]]
    assert status(messages) == b"I"


def test_several_statements_are_one_transaction(wire: Wire) -> None:
    wire.query("CREATE TABLE a (n INT)")
    messages = wire.query("INSERT INTO a VALUES (1); SELECT no_such_column FROM a; INSERT INTO a VALUES (2)")
    assert kinds(messages) == "CEZ"
    assert status(messages) == b"I"
    assert rows(wire.query("SELECT COUNT(*) FROM a")) == [["0"]]


def test_statements_after_a_refused_one_do_not_run_and_those_before_are_rolled_back(wire: Wire) -> None:
    wire.query("CREATE TABLE a (n INT)")
    messages = wire.query("INSERT INTO a VALUES (1); SAVEPOINT x; INSERT INTO a VALUES (2)")
    assert kinds(messages) == "CEZ"
    assert rows(wire.query("SELECT COUNT(*) FROM a")) == [["0"]]


def test_a_transaction_inside_a_message_ends_where_it_says(wire: Wire) -> None:
    wire.query("CREATE TABLE a (n INT)")
    messages = wire.query("BEGIN; INSERT INTO a VALUES (1); COMMIT; BEGIN; INSERT INTO a VALUES (2)")
    assert status(messages) == b"T"
    assert tags(messages)[-1] == "INSERT 0 1"
    wire.query("ROLLBACK")
    assert rows(wire.query("SELECT n FROM a")) == [["1"]]


@pytest.mark.parametrize("end", ["COMMIT", "END", "ROLLBACK", "ABORT"])
@pytest.mark.parametrize("wrong", ["SELECT 1/0", "SAVEPOINT x", "SELECT no_such()", "COPY t FROM 's3://b/k' NOSUCH"])
def test_an_error_aborts_the_clients_transaction(wire: Wire, wrong: str, end: str) -> None:
    wire.query("CREATE TABLE a (n INT)")
    wire.query("BEGIN")
    wire.query("INSERT INTO a VALUES (1)")
    assert status(wire.query(wrong)) == b"E"
    messages = wire.query("INSERT INTO a VALUES (2)")
    assert errors(messages) == [
        ("25P02", "current transaction is aborted, commands ignored until end of transaction block")
    ]
    assert status(wire.query(end)) == b"I"
    assert rows(wire.query("SELECT COUNT(*) FROM a")) == [["0"]]


@pytest.mark.parametrize("isolation", ["SERIALIZABLE", "READ COMMITTED", "REPEATABLE READ", "READ UNCOMMITTED"])
def test_any_isolation_level_is_redshifts(wire: Wire, isolation: str) -> None:
    assert status(wire.query(f"BEGIN ISOLATION LEVEL {isolation} READ WRITE")) == b"T"
    assert not errors(wire.query("SELECT 1"))
    wire.query("COMMIT")
    assert not errors(wire.query(f"SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL {isolation}"))


@pytest.mark.parametrize(
    "sql",
    ["SAVEPOINT a", "RELEASE SAVEPOINT a", "ROLLBACK TO SAVEPOINT a", "COPY t FROM STDIN", "COPY (SELECT 1) TO STDOUT",
     "COPY t TO '/tmp/x'", "LISTEN x", "NOTIFY x", "DO $$ BEGIN END $$", "PREPARE TRANSACTION 'x'"],
)  # fmt: skip
def test_statements_that_redshift_lacks_are_refused(wire: Wire, sql: str) -> None:
    wire.query("CREATE TABLE t (a INT)")
    assert errors(wire.query(sql))
    assert rows(wire.query("SELECT 1")) == [["1"]], "and the session goes on"


@pytest.mark.parametrize("text", ESCAPES)
def test_a_literal_arrives_as_it_is(wire: Wire, text: str) -> None:
    literal = "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
    assert rows(wire.query(f"SELECT {literal} AS a")) == [[text]]
    assert rows(wire.query(f"SELECT {literal} AS a FROM pg_catalog.pg_class LIMIT 1")) == [[text]]
    wire.query("CREATE TABLE texts (a VARCHAR(100))")
    wire.query(f"INSERT INTO texts VALUES ({literal})")
    assert rows(wire.query(f"SELECT a FROM texts WHERE a = {literal}")) == [[text]]


def test_an_error_is_in_redshifts_words_without_positions_or_source_files(wire: Wire) -> None:
    wire.query("CREATE TABLE short (a VARCHAR(2) NOT NULL)")
    (message,) = [body for kind, body in wire.query("INSERT INTO short VALUES ('éé')") if kind == "E"]
    assert b"value too long for type character varying(2)" in message
    assert b"C22001\0" in message
    assert b".c\0" not in message
    assert errors(wire.query("INSERT INTO short VALUES (NULL)"))[0][1] == "Cannot insert a NULL value into column a"


def test_a_cursor_fetches_in_parts(wire: Wire) -> None:
    wire.query("BEGIN")
    wire.query(
        "DECLARE c CURSOR FOR SELECT TOP 3 n FROM (SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3) ORDER BY 1"
    )
    assert rows(wire.query("FETCH FORWARD 2 FROM c")) == [["1"], ["2"]]
    assert rows(wire.query("FETCH ALL FROM c")) == [["3"]]
    assert tags(wire.query("CLOSE c")) == ["CLOSE CURSOR"]
    wire.query("COMMIT")


def test_prepared_statements_of_sql(wire: Wire) -> None:
    wire.query("PREPARE plan_a (VARCHAR, INT) AS SELECT NVL($1, 'none') || '\\'' AS a, $2 AS b")
    assert rows(wire.query("EXECUTE plan_a ('it\\'s', 2)")) == [["it's'", "2"]]
    assert rows(wire.query("EXECUTE plan_a (NULL, 2)")) == [["none'", "2"]]
    assert not errors(wire.query("DEALLOCATE plan_a"))
    assert errors(wire.query("EXECUTE plan_a ('x', 2)"))


def test_explain_shows_a_plan(wire: Wire) -> None:
    assert rows(wire.query("EXPLAIN SELECT TOP 1 NVL(NULL, 1)"))
    assert rows(wire.query("EXPLAIN VERBOSE SELECT 1"))


def test_parameters_of_redshift_are_remembered_and_shown(wire: Wire) -> None:
    assert rows(wire.query("SHOW query_group")) == [["unset"]]
    wire.query("SET query_group TO 'night'")
    assert rows(wire.query("SHOW query_group")) == [["night"]]
    wire.query("RESET query_group")
    assert rows(wire.query("SHOW query_group")) == [["unset"]]
    wire.query("SET enable_result_cache_for_session TO off")
    assert rows(wire.query("SHOW enable_result_cache_for_session")) == [["off"]]
    assert rows(wire.query("SHOW server_version")) == [["8.0.2"]]


def test_changed_parameters_are_reported(wire: Wire) -> None:
    messages = wire.query("SET TIME ZONE 'Europe/Paris'")
    assert ("S", b"TimeZone\0Europe/Paris\0") in messages
    assert ("S", b"application_name\0x\0") in wire.query("SET application_name TO 'x'")
    assert errors(wire.query("SET client_encoding TO 'LATIN1'"))
    assert not errors(wire.query("SET client_encoding TO 'utf-8'"))


def test_a_plan_follows_changes_of_its_tables_by_anyone(connect: Connect) -> None:
    first, second = connect(), connect()
    query = "SELECT a AS b, b AS c FROM changing"
    first.execute("CREATE TABLE changing (a INT)")
    first.execute("INSERT INTO changing VALUES (1)")
    with pytest.raises(psycopg.Error):
        first.execute("SELECT missing FROM changing")
    assert _answer(first, query) == _answer(second, query)
    second.execute("ALTER TABLE changing ADD COLUMN b INT DEFAULT 7")
    assert first.execute(query).fetchall() == [(1, 7)]
    second.execute("DROP TABLE changing")
    first.execute("CREATE TABLE changing (a VARCHAR(3), b INT)")
    assert first.execute(query).fetchall() == []


def _answer(connection: psycopg.Connection, query: str) -> object:
    """Rows, or the error: a name that is an alias is known to some versions of the translator only."""
    try:
        return connection.execute(query).fetchall()
    except psycopg.Error as error:
        return str(error)


def test_a_procedure_may_commit_outside_of_a_transaction_only(wire: Wire) -> None:
    wire.query("CREATE TABLE log (n INT)")
    wire.query("CREATE PROCEDURE twice(n INOUT INT) AS $$ BEGIN INSERT INTO log VALUES (n); COMMIT;"
               " INSERT INTO log VALUES (n + 1); n := n * 2; END; $$ LANGUAGE plpgsql")  # fmt: skip
    messages = wire.query("CALL twice(4)")
    assert (rows(messages), tags(messages)) == ([["8"]], ["CALL"])
    wire.query("BEGIN")
    assert errors(wire.query("CALL twice(5)"))
    wire.query("ROLLBACK")
    assert rows(wire.query("SELECT n FROM log ORDER BY n")) == [["4"], ["5"]]


def test_deeply_nested_sql_ends_with_an_error_or_a_row(wire: Wire) -> None:
    messages = wire.query("SELECT " + "(" * 3000 + "1" + ")" * 3000)
    assert errors(messages) or rows(messages) == [["1"]]
    assert rows(wire.query("SELECT 1")) == [["1"]]


def test_a_text_that_is_no_utf8_is_refused(wire: Wire) -> None:
    wire.send((b"Q", b"SELECT '\xff'\0"))
    assert errors(wire.until())
    assert rows(wire.query("SELECT 1")) == [["1"]]
