"""Clauses of SELECT that PostgreSQL lacks or reads in another way: the rows are Redshift's."""

from __future__ import annotations

import psycopg
import pytest

from infra.local_aws.redshift.errors import StatementError, UnsupportedStatement
from infra.local_aws.redshift.execution import Session
from infra.local_aws.redshift.translator.translation import translate

Rows = list[tuple[str | None, ...]]

SETUP = [
    "CREATE TABLE tickets (id INT, venue VARCHAR(9), seats INT, price DECIMAL(8,2))",
    "INSERT INTO tickets VALUES (1, 'north', 2, 10), (2, 'north', 4, 20), (3, 'south', 1, 7), (4, NULL, 3, 5)",
    "CREATE TABLE venues (name VARCHAR(9), city VARCHAR(9))",
    "INSERT INTO venues VALUES ('north', 'Oslo'), ('east', 'Rome')",
    "CREATE TABLE staff (id INT, name VARCHAR(9), boss INT)",
    "INSERT INTO staff VALUES (1, 'Ann', NULL), (2, 'Bob', 1), (3, 'Cy', 2), (4, 'Di', 1), (5, 'Ed', 3)",
    "CREATE FUNCTION f_double(INT) RETURNS INT STABLE AS $$ SELECT $1 * 2 $$ LANGUAGE sql",
    "CREATE FUNCTION pg_sleep(INT) RETURNS INT STABLE AS $$ SELECT -$1 $$ LANGUAGE sql",
]


@pytest.fixture(scope="module")
def tickets(shared_session: Session) -> Session:
    for sql in SETUP:
        shared_session.run_alone(sql)
    return shared_session


ALIASES: list[tuple[str, str, Rows]] = [
    ("in the SELECT list",
     "SELECT seats + 1 AS b, b * 2 AS c, c - b AS d FROM tickets WHERE id = 1", [("3", "6", "3")]),
    ("in WHERE", "SELECT id * 10 AS tens FROM tickets WHERE tens > 20 AND tens < 40", [("30",)]),
    ("a column wins", "SELECT seats AS id, id + 100 AS x FROM tickets WHERE id = 2", [("4", "102")]),
    ("a column of a subquery wins", "SELECT 5 AS n, n + 1 AS m FROM (SELECT 1 AS n)", [("5", "2")]),
    ("a column of a WITH query wins", "WITH w (n) AS (SELECT 1) SELECT 5 AS n, n + 1 AS m FROM w", [("5", "2")]),
    ("in GROUP BY, HAVING and ORDER BY",
     "SELECT seats % 2 AS odd, odd + 1 AS o, SUM(price) AS total FROM tickets GROUP BY odd, o HAVING total > 0"
     " ORDER BY total * -1 LIMIT 1", [("0", "1", "30.00")]),
    ("in HAVING without GROUP BY of it", "SELECT venue, COUNT(*) AS n FROM tickets GROUP BY venue HAVING n > 1",
     [("north", "2")]),
    ("in window functions", "SELECT id AS k, ROW_NUMBER() OVER (ORDER BY k DESC) AS n FROM tickets ORDER BY n LIMIT 1",
     [("4", "1")]),
    ("in CASE", "SELECT seats AS s, CASE WHEN s > 2 THEN 'many' ELSE 'few' END AS x FROM tickets WHERE id = 4",
     [("3", "many")]),
    ("in a subquery of FROM", "SELECT y + 1 AS z, z + 1 FROM (SELECT id AS x, x + 1 AS y FROM tickets WHERE id = 1)",
     [("3", "4")]),
    ("of an aggregate", "SELECT SUM(seats) AS s, s / COUNT(*) AS mean, mean + 1 AS m FROM tickets", [("10", "2", "3")]),
    ("is no unit of a date", "SELECT id AS day, DATEADD(day, 1, '2024-01-01') AS d FROM tickets WHERE id = 3",
     [("3", "2024-01-02 00:00:00")]),
]  # fmt: skip
CLAUSES: list[tuple[str, str, Rows]] = [
    ("exclude", "SELECT * EXCLUDE (seats, price) FROM tickets WHERE id = 1", [("1", "north")]),
    ("exclude after other items", "SELECT *, id + 1 AS n EXCLUDE seats FROM tickets WHERE id = 3",
     [("3", "south", "7.00", "4")]),
    ("exclude without *", "SELECT id, venue, seats EXCLUDE (venue) FROM tickets WHERE id = 3", [("3", "1")]),
    ("exclude of one table", "SELECT v.city, t.* EXCLUDE (venue) FROM tickets t JOIN venues v ON v.name = t.venue"
     " WHERE t.id = 2", [("Oslo", "2", "4", "20.00")]),
    ("group by all", "SELECT venue, COUNT(*), SUM(seats) + 0 FROM tickets GROUP BY ALL ORDER BY 1",
     [("north", "2", "6"), ("south", "1", "1"), (None, "1", "3")]),
    ("qualify keeps limit and order outside", "SELECT id FROM tickets QUALIFY ROW_NUMBER() OVER (PARTITION BY venue"
     " ORDER BY id DESC) = 1 ORDER BY price DESC LIMIT 2", [("2",), ("3",)]),
    ("qualify keeps the columns of *", "SELECT * FROM tickets QUALIFY RANK() OVER (ORDER BY price) = 1",
     [("4", None, "3", "5.00")]),
    ("qualify by an alias", "SELECT venue AS v, RANK() OVER (ORDER BY SUM(price) DESC) AS r FROM tickets GROUP BY v"
     " QUALIFY r = 1", [("north", "1")]),
    ("qualify before distinct", "SELECT DISTINCT venue FROM tickets QUALIFY COUNT(*) OVER (PARTITION BY venue) = 2",
     [("north",)]),
    ("grouping sets", "SELECT venue, seats, GROUPING(venue, seats), GROUPING_ID(seats), SUM(price) FROM tickets"
     " WHERE venue = 'north' GROUP BY GROUPING SETS (ROLLUP(venue), (seats)) ORDER BY 3, 2",
     [("north", None, "1", "1", "30.00"), (None, "2", "2", "0", "10.00"), (None, "4", "2", "0", "20.00"),
      (None, None, "3", "1", "30.00")]),
    ("outer join operator", "SELECT v.city, t.id FROM venues v, tickets t WHERE v.name = t.venue(+) AND t.seats(+) > 2"
     " ORDER BY 1", [("Oslo", "2"), ("Rome", None)]),
    ("outer join operator on the first table", "SELECT * FROM tickets t, venues v WHERE t.venue(+) = v.name"
     " AND v.city = 'Rome'", [(None, None, None, None, "east", "Rome")]),
    ("outer joins in a row", "SELECT v.city, t.id, s.name FROM venues v, tickets t, staff s WHERE v.name = t.venue(+)"
     " AND t.id = s.id(+) ORDER BY 1, 2", [("Oslo", "1", "Ann"), ("Oslo", "2", "Bob"), ("Rome", None, None)]),
    ("connect by", "SELECT name, LEVEL FROM staff WHERE LEVEL > 1 START WITH name = 'Ann' CONNECT BY PRIOR id = boss"
     " AND LEVEL <= 3 ORDER BY 1", [("Bob", "2"), ("Cy", "3"), ("Di", "2")]),
    ("connect by keeps the columns of *", "SELECT * FROM staff s CONNECT BY s.boss = PRIOR s.id START WITH s.id = 3"
     " ORDER BY 1", [("3", "Cy", "2"), ("5", "Ed", "3")]),
    ("a table in parentheses", "SELECT tickets.id FROM (tickets) WHERE id = 1", [("1",)]),
    ("an integer as truth", "SELECT id FROM tickets WHERE 1 AND id = 2 OR 0", [("2",)]),
    ("strings on two lines", "SELECT 'a'\n 'b'", [("ab",)]),
    ("a function of the user's", "SELECT f_double(id) AS d, d + 1 FROM tickets WHERE id = 3", [("6", "7")]),
    ("a function of the user's, not PostgreSQL's", "SELECT pg_sleep(3600)", [("-3600",)]),
    ("nth_value ignore nulls", "SELECT NTH_VALUE(venue, 3) IGNORE NULLS OVER (ORDER BY id DESC ROWS BETWEEN UNBOUNDED"
     " PRECEDING AND UNBOUNDED FOLLOWING) FROM tickets LIMIT 1", [("north",)]),
    ("lag over nulls with an offset", "SELECT id, LAG(boss, 2) IGNORE NULLS OVER (ORDER BY id),"
     " LEAD(boss, 2) IGNORE NULLS OVER (ORDER BY id) FROM staff ORDER BY id LIMIT 4",
     [("1", None, "2"), ("2", None, "1"), ("3", None, "3"), ("4", "1", None)]),
    ("listagg distinct over a partition", "SELECT DISTINCT LISTAGG(DISTINCT venue, '+') WITHIN GROUP (ORDER BY id DESC)"
     " OVER () FROM tickets", [("south+north",)]),
    ("percentiles over a partition, in both directions",
     "SELECT PERCENTILE_DISC(0.25) WITHIN GROUP (ORDER BY seats) OVER (), PERCENTILE_DISC(0.25) WITHIN GROUP (ORDER BY"
     " seats DESC) OVER (), PERCENTILE_CONT(0.1) WITHIN GROUP (ORDER BY seats DESC) OVER () FROM tickets LIMIT 1",
     [("1", "4", "3.7")]),
    ("approximate percentile", "SELECT APPROXIMATE PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY seats) FROM tickets",
     [("2",)]),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "rows"), [case[1:] for case in ALIASES], ids=[case[0] for case in ALIASES])
def test_alias_is_known_further_right(tickets: Session, sql: str, rows: Rows) -> None:
    assert tickets.run_alone(sql).rows == rows


@pytest.mark.parametrize(("sql", "rows"), [case[1:] for case in CLAUSES], ids=[case[0] for case in CLAUSES])
def test_clause_gives_rows(tickets: Session, sql: str, rows: Rows) -> None:
    assert tickets.run_alone(sql).rows == rows


def test_aliases_are_known_in_tables_views_and_inserts(tickets: Session) -> None:
    tickets.run_alone("CREATE TABLE made AS SELECT id AS k, k * 2 AS k2 FROM tickets WHERE k2 < 6")
    tickets.run_alone("CREATE VIEW doubled AS SELECT k2 AS n, n + 1 AS m FROM made")
    tickets.run_alone("INSERT INTO made SELECT 10 AS a, a + 1 AS b")
    assert tickets.run_alone("SELECT n, m FROM doubled ORDER BY 1").rows == [("2", "3"), ("4", "5"), ("11", "12")]


def test_an_alias_as_an_item_keeps_its_name(tickets: Session) -> None:
    columns = tickets.run_alone("SELECT id + 1 AS b, b, b AS c FROM tickets").columns or []
    assert [column.name for column in columns] == ["b", "b", "c"]


def test_select_into_makes_a_table(tickets: Session) -> None:
    tickets.run_alone("SELECT id, seats INTO copied FROM tickets WHERE id < 3")
    tickets.run_alone("WITH w AS (SELECT id FROM copied) SELECT * INTO TEMP TABLE passing FROM w")
    tickets.run_alone("SELECT COUNT(*) AS n INTO #counted FROM passing")
    assert tickets.run_alone("SELECT n FROM #counted").rows == [("2",)]


def test_tables_that_a_procedure_creates_are_known_in_its_body(tickets: Session) -> None:
    tickets.run_alone(
        "CREATE PROCEDURE sp_count(n INOUT INT) AS $$ BEGIN CREATE TEMP TABLE landed (LIKE tickets);"
        " INSERT INTO landed SELECT * FROM tickets; CREATE TEMP TABLE work AS SELECT * EXCLUDE (price) FROM landed;"
        " SELECT INTO n SUM(twice) FROM (SELECT id * 2 AS twice, twice + 1 AS more FROM work WHERE more > 3); END; $$"
        " LANGUAGE plpgsql"
    )
    assert tickets.run_alone("CALL sp_count(0)").rows == [("18",)]


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("SELECT CASE WHEN b > 2 THEN 1 END AS c, seats AS b FROM tickets", 'column "b" does not exist'),
        ("SELECT * EXCLUDE (nothing) FROM tickets", 'column "nothing"'),
        ("SELECT * EXCEPT (id) FROM tickets", "syntax error"),
        ("SELECT * REPLACE (1 AS id) FROM tickets", "syntax error"),
        ("SELECT * EXCLUDE (a) FROM no_such_table", 'relation "no_such_table" does not exist'),
        ("SELECT id FROM tickets t, venues v WHERE t.venue = v.name(+) OR t.id = 1", r"operand of OR|\(\+\)"),
        ("SELECT t.id FROM tickets t JOIN venues v ON t.venue = v.name WHERE t.venue = v.name(+)", "ANSI join"),
        ("SELECT * FROM staff CONNECT BY id = boss", "PRIOR"),
        ("CREATE VIEW w AS SELECT id INTO other FROM tickets", "SELECT INTO"),
        ("SELECT 'a' 'b'", "syntax error"),
        ("SELECT CASE WHEN 1 THEN 2 END", "boolean"),
        ("SELECT pg_sleep_for('1 s')", "does not support the function pg_sleep_for"),
    ],
)
def test_statement_is_refused(tickets: Session, sql: str, reason: str) -> None:
    with pytest.raises((StatementError, psycopg.Error), match=reason):
        tickets.run_alone(sql)
    tickets.connection.execute("ROLLBACK")


def test_without_a_session_an_alias_stays_a_name() -> None:
    assert '"b" * 2' in translate("SELECT a + 1 AS b, b * 2 AS c FROM t")
    assert '("a" + 1) * 2' in translate("SELECT a + 1 AS b, b * 2 AS c FROM (SELECT 1 AS a) AS t")


def test_a_bare_name_never_reaches_a_function_of_postgresql() -> None:
    with pytest.raises(UnsupportedStatement, match="pg_read_file"):
        translate("SELECT pg_read_file('x')")
