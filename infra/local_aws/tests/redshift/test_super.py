"""SUPER: navigation, iteration in FROM, dynamic typing, casts and functions."""

from __future__ import annotations

import psycopg
import pytest

from infra.local_aws.redshift.errors import StatementError
from infra.local_aws.redshift.execution import Session
from infra.local_aws.redshift.results import compact_super

Rows = list[tuple[str | None, ...]]
SETUP = [
    "CREATE TABLE guests (id INT, name VARCHAR(9), data SUPER)",
    """INSERT INTO guests SELECT 1, 'Ann', JSON_PARSE('{"visits": [{"day": 3, "bill": 10.50, "who": ["x", "y"]},
       {"day": "mon", "bill": 4}], "Tag": "up", "tag": "low", "none": null}')""",
    "INSERT INTO guests SELECT 2, 'Bob', JSON_PARSE('[1, [2, 3], {\"a\": true}]')",
    "INSERT INTO guests VALUES (3, 'Cy', 'text'), (4, 'Di', 1.50), (5, 'Ed', NULL), (6, 'Fi', false)",
]


@pytest.fixture(scope="module")
def guests(shared_session: Session) -> Session:
    for sql in SETUP:
        shared_session.run_alone(sql)
    return shared_session


CASES: list[tuple[str, str, Rows]] = [
    ("a path without the table's name", "SELECT data.visits[0].bill, data.visits[1].day FROM guests WHERE id = 1",
     [("10.50", '"mon"')]),
    ("a path with it", "SELECT g.data.visits[0].who[1] FROM guests AS g WHERE g.id = 1", [('"y"',)]),
    ("a path into a subquery's column", "SELECT q.j.a.b FROM (SELECT JSON_PARSE('{\"a\":{\"b\":[1, 2]}}') AS j) q",
     [("[1,2]",)]),
    ("what is missing is null", "SELECT data.no.thing[3], data[7], data[0].x FROM guests WHERE id = 1",
     [(None, None, None)]),
    ("an index that is computed", "SELECT data[id - 1][id - 1] FROM guests WHERE id = 2", [("3",)]),
    ("an alias that is a path", "SELECT data.visits AS v, v[0].day AS d, d + 1 FROM guests WHERE id = 1 AND d = 3",
     [('[{"day":3,"who":["x","y"],"bill":10.50},{"day":"mon","bill":4}]', "3", "4")]),
    ("names of attributes are in lower case", 'SELECT data.TAG, data."Tag" FROM guests WHERE id = 1',
     [('"low"', '"low"')]),
    ("items of an array", "SELECT v.day, n FROM guests g, g.data.visits AS v AT n ORDER BY n",
     [("3", "0"), ('"mon"', "1")]),
    ("items of items", "SELECT g.id, w FROM guests g, g.data.visits v, v.who w ORDER BY w DESC",
     [("1", '"y"'), ("1", '"x"')]),
    ("items of a path with brackets", "SELECT w, i FROM guests g, g.data.visits[0].who AS w AT i WHERE i > 0",
     [('"y"', "1")]),
    ("items of items that are arrays", "SELECT part FROM guests AS g, g.data AS item, item AS part ORDER BY part",
     [("2",), ("3",)]),
    ("rows without items stay in an outer join",
     "SELECT g.id, v.day FROM guests g LEFT JOIN g.data.visits v ON TRUE WHERE g.id IN (1, 5) ORDER BY 1, 2",
     [("1", "3"), ("1", '"mon"'), ("5", None)]),
    ("unnest with offset", "SELECT u.item, u.n FROM guests g, UNNEST(g.data) WITH OFFSET AS u (item, n) WHERE n < 1",
     [("1", "0")]),
    ("attributes of an object", "SELECT k, v FROM guests g, UNPIVOT g.data AS v AT k WHERE k <> 'visits' ORDER BY k",
     [("Tag", '"up"'), ("none", "null"), ("tag", '"low"')]),
    ("a subquery over the items",
     "SELECT id FROM guests g WHERE EXISTS (SELECT 1 FROM g.data.visits v WHERE v.bill > 5)",
     [("1",)]),
    ("equality of other types is false",
     "SELECT id, data = 1.5, data = 'text' FROM guests WHERE id IN (3, 4) ORDER BY 1",
     [("3", "f", "t"), ("4", "t", "f")]),
    ("comparison of other types is null", "SELECT data < 'zzz', data < 2 FROM guests WHERE id = 4", [(None, "t")]),
    ("between, in and case",
     "SELECT data BETWEEN 1 AND 2, data IN (3, 1.5), CASE data WHEN 1.5 THEN 'y' END FROM guests"
     " WHERE id = 4", [("t", "t", "y")]),
    ("a null inside is null", "SELECT data.none IS NULL, JSON_TYPEOF(data.none) FROM guests WHERE id = 1",
     [("t", "null")]),
    ("joins by paths", "SELECT a.id FROM guests a JOIN guests b ON a.data.visits[0].day = b.data.visits[0].day",
     [("1",)]),
    ("arithmetic stays super", "SELECT data + 1, -data, data * 2, data / 2, data + 'x' FROM guests WHERE id = 4",
     [("2.50", "-1.50", "3.00", "0.7500", None)]),
    ("strings are concatenated", "SELECT data + '!', data - 1 FROM guests WHERE id = 3", [('"text!"', None)]),
    ("a boolean is a condition", "SELECT id FROM guests WHERE id = 6 AND NOT data", [("6",)]),
    ("casts", "SELECT data.visits[0].bill::INT, data.visits[0].bill::DECIMAL(8,1), data.visits[1].day::INT,"
     " data.tag::VARCHAR(2), data.visits::VARCHAR FROM guests WHERE id = 1", [("11", "10.5", None, "lo", None)]),
    ("casts to super and back", "SELECT 'abc'::SUPER, 1.5::SUPER, 5::SUPER::BOOL, 5.0::SUPER::BOOL,"
     " '2024-01-02'::SUPER::DATE", [('"abc"', "1.5", "t", None, "2024-01-02")]),
    ("functions", "SELECT UPPER(data.tag), LEN(data.tag), FLOOR(data.visits[0].bill), NVL(data.zip, 0),"
     " DECODE(data.tag, 'low', 1, 2) FROM guests WHERE id = 1", [("LOW", "3", "10", "0", "1")]),
    ("aggregates", "SELECT MAX(v.bill), SUM(v.bill), COUNT(v.who), MIN(g.data) FROM guests g, g.data.visits v",
     [("10.50", "14.50", "1", '{"Tag":"up","tag":"low","none":null,"visits":[{"day":3,"who":["x","y"],"bill":10.50},'
      '{"day":"mon","bill":4}]}')]),
    ("group by a path",
     "SELECT data.tag, COUNT(*) FROM guests GROUP BY data.tag ORDER BY 2", [('"low"', "1"), (None, "5")]),
    ("order by: boolean, number, string, array, object", "SELECT id FROM guests ORDER BY data", [
        ("6",), ("4",), ("3",), ("2",), ("1",), ("5",)]),
    ("arrays", "SELECT ARRAY_CONCAT(ARRAY(1), ARRAY('a', NULL)), ARRAY_FLATTEN(ARRAY(1, ARRAY(2, ARRAY(3, ARRAY())))),"
     " SUBARRAY(ARRAY(1, 2, 3, 4), 1, 2), SPLIT_TO_ARRAY('a|b', '|'), GET_ARRAY_LENGTH(ARRAY(1, 2)),"
     " JSON_SIZE(ARRAY(1))",
     [('[1,"a",null]', "[1,2,3]", "[2,3]", '["a","b"]', "2", "3")]),
    ("inspection", "SELECT IS_INTEGER(data), IS_DECIMAL(data), IS_BOOLEAN(data), DECIMAL_SCALE(data), IS_ARRAY(data[9])"
     " FROM guests WHERE id = 4", [("f", "t", "f", "2", "f")]),
    ("object_transform", """SELECT OBJECT_TRANSFORM(data KEEP '"tag"', '"no"' SET '"tag"', UPPER(data.tag),
     '"new"."n"', 1) FROM guests WHERE id = 1""", [('{"new":{"n":1},"tag":"LOW"}',)]),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "rows"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_rows(guests: Session, sql: str, rows: Rows) -> None:
    assert guests.run_alone(sql).rows == rows


def test_columns_are_named_after_the_last_attribute(guests: Session) -> None:
    columns = guests.run_alone("SELECT data.visits[0].bill, data.visits[0], g.data.Tag FROM guests g").columns
    assert [(column.name, column.type_name) for column in columns or ()] == [
        ("bill", "super"), ("visits", "super"), ("tag", "super"),
    ]  # fmt: skip


def test_attribute_names_keep_their_case_if_the_session_says_so(guests: Session) -> None:
    guests.run_alone("SET enable_case_sensitive_super_attribute TO true")
    assert guests.run_alone("SELECT data.Tag, data.tag FROM guests WHERE id = 1").rows == [('"up"', '"low"')]
    guests.run_alone("RESET enable_case_sensitive_super_attribute")
    assert guests.run_alone("SELECT data.Tag FROM guests WHERE id = 1").rows == [('"low"',)]


def test_values_become_super_when_they_are_stored(guests: Session) -> None:
    guests.run_alone("CREATE TABLE bag (id INT, v SUPER)")
    guests.run_alone("INSERT INTO bag VALUES (1, 'a'), (2, 2.0), (3, ARRAY(1, 'b')), (4, NULL)")
    guests.run_alone("INSERT INTO bag (v, id) SELECT name, id + 4 FROM guests WHERE id = 1")
    guests.run_alone("UPDATE bag SET v = id * 10 WHERE id = 4")
    guests.run_alone("UPDATE bag SET id = v[0] WHERE id = 3")
    rows = guests.run_alone("SELECT id, v FROM bag ORDER BY id, v").rows
    assert rows == [("1", '"a"'), ("1", '[1,"b"]'), ("2", "2.0"), ("4", "40"), ("5", '"Ann"')]


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("SELECT '2024-01-01'::DATE::SUPER", "cannot cast type date to super"),
        ("SELECT name.x FROM guests", 'column "name" is not of type SUPER'),
        ("SELECT g.id.x FROM guests g", 'column "id" is not of type SUPER'),
        ("SELECT v FROM guests g, UNPIVOT g.data[0]", "UNPIVOT of a SUPER value needs AS"),
        ("SELECT u.x FROM guests g, UNNEST(g.data) AS u", "UNNEST"),
        ("SELECT OBJECT_TRANSFORM(data SET 'tag', 1) FROM guests", "path"),
    ],
)
def test_refused(guests: Session, sql: str, reason: str) -> None:
    with pytest.raises((StatementError, psycopg.Error), match=reason):
        guests.run_alone(sql)
    guests.connection.execute("ROLLBACK")


def test_super_is_printed_without_blanks_outside_of_strings() -> None:
    assert compact_super('{"a b": [1, "x, y: \\" z"], "c": {}}') == '{"a b":[1,"x, y: \\" z"],"c":{}}'
