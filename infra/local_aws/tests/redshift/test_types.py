"""Values, types and names of results are Redshift's."""

from __future__ import annotations

import pytest

from infra.local_aws.redshift.data_api.cells import metadata
from infra.local_aws.redshift.error_words import error_text
from infra.local_aws.redshift.execution import Session

from .statements_about_types import ALL, NAMES, SETUP, TYPES
from .statements_that_work import Row


@pytest.fixture
def pairs(session: Session) -> Session:
    """A session with the table `pairs`."""
    for sql in SETUP:
        session.run_alone(sql)
    return session


@pytest.mark.parametrize(("statements", "rows"), [case[1:] for case in ALL], ids=[case[0] for case in ALL])
def test_values(pairs: Session, statements: list[str], rows: list[Row]) -> None:
    outcome = [pairs.run_alone(sql) for sql in statements][-1]
    assert outcome.rows == rows


@pytest.mark.parametrize(("sql", "types"), TYPES, ids=[case[0][:60] for case in TYPES])
def test_types_and_sizes(pairs: Session, sql: str, types: list[tuple[str, int, int]]) -> None:
    columns = map(metadata, pairs.run_alone(sql).columns or [])
    assert [(column["typeName"], column["precision"], column["scale"]) for column in columns] == types


@pytest.mark.parametrize(("sql", "names"), NAMES, ids=[case[0][:60] for case in NAMES])
def test_default_names(pairs: Session, sql: str, names: list[str]) -> None:
    assert [column.name for column in pairs.run_alone(sql).columns or []] == names


def test_created_columns_keep_their_sizes(pairs: Session) -> None:
    pairs.run_alone(
        "CREATE TABLE derived AS SELECT price / rate AS quotient, word || code AS both, 'abc' AS label,"
        " UPPER(code) AS code, COALESCE(word, 'unknown word') AS word FROM pairs"
    )
    columns = pairs.run_alone("SELECT * FROM derived").columns or []
    assert [
        (column.name, column.type_name, column.length or (column.precision, column.scale)) for column in columns
    ] == [
        ("quotient", "numeric", (17, 7)),
        ("both", "varchar", 14),
        ("label", "varchar", 3),
        ("code", "bpchar", 4),
        ("word", "varchar", 12),
    ]


def test_columns_of_subqueries_keep_their_sizes(pairs: Session) -> None:
    pairs.run_alone(
        "CREATE TABLE derived AS WITH q AS (SELECT price / 3 AS third, word || 'x' AS word FROM pairs)"
        " SELECT * FROM q UNION ALL SELECT * FROM (SELECT rate, 'a long word' FROM pairs) r"
    )
    columns = pairs.run_alone("SELECT * FROM derived").columns or []
    assert [(column.name, column.precision, column.scale, column.length) for column in columns] == [
        ("third", 19, 13, 0),
        ("word", 0, 0, 11),
    ]


def test_sizes_of_created_columns_count_bytes(pairs: Session) -> None:
    pairs.run_alone("CREATE TABLE derived AS SELECT 'abc' AS label FROM pairs")
    with pytest.raises(Exception) as caught:
        pairs.run_alone("INSERT INTO derived VALUES ('äö')")
    assert error_text(caught.value) == "ERROR: value too long for type character varying(3)"


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("SELECT price::DECIMAL(3,2) FROM pairs", "Numeric data overflow (result precision)"),
        ("SELECT 99999999999999999999999999999999999999 * 10.0", "Numeric data overflow (result precision)"),
        ("SELECT 2147483647 + id FROM pairs", "integer out of range"),
        ("SELECT LISTAGG(REPEAT('x', 20000)) FROM pairs", "Result size exceeds LISTAGG limit"),
        ("SELECT TEXT_TO_NUMERIC_ALT('12345', 4, 0)", "Numeric data overflow (result precision)"),
        ("SELECT TO_VARBYTE('x', 'octal')", 'invalid format "octal"'),
        ("SELECT MURMUR3_32_HASH('x')", "not supported by the local Redshift"),
    ],
)
def test_refused_values(pairs: Session, sql: str, reason: str) -> None:
    with pytest.raises(Exception) as caught:
        pairs.run_alone(sql)
    assert reason in error_text(caught.value)


def test_a_sort_key_still_skips_rows(session: Session) -> None:
    session.run_alone("CREATE TABLE days (day DATE SORTKEY, word VARCHAR(5))")
    session.connection.execute("SET enable_seqscan = off")
    plan = session.connection.execute("EXPLAIN SELECT * FROM days WHERE day = '2024-01-31'").fetchall()
    assert "Index" in str(plan)
