"""Views WITH NO SCHEMA BINDING find their tables when they are read."""

from __future__ import annotations

import psycopg
import pytest

from infra.local_aws.redshift.errors import RefusedByRedshift
from infra.local_aws.redshift.execution import Session


def _late(session: Session, schema: str, query: str, name: str = "late") -> None:
    session.run_alone(f"CREATE OR REPLACE VIEW {name} AS {query.format(schema=schema)} WITH NO SCHEMA BINDING")


def test_a_view_can_come_before_its_table_and_outlive_it(session: Session, schema: str) -> None:
    _late(session, schema, "SELECT * FROM {schema}.later")
    with pytest.raises(psycopg.Error, match="does not exist"):
        session.run_alone("SELECT * FROM late")
    session.run_alone("CREATE TABLE later (a INT)")
    session.run_alone("INSERT INTO later VALUES (1)")
    assert session.run_alone("SELECT * FROM late").rows == [("1",)]
    session.run_alone("DROP TABLE later")
    session.run_alone("CREATE TABLE later (a VARCHAR(3), b INT)")
    session.run_alone("INSERT INTO later VALUES ('x', 2)")
    assert session.run_alone("SELECT l.b, l.a FROM late l WHERE l.b > 1").rows == [("2", "x")]
    session.run_alone("DROP VIEW late")


def test_a_reader_sees_new_columns(session: Session, schema: str) -> None:
    session.run_alone("CREATE TABLE base (a INT)")
    session.run_alone("INSERT INTO base VALUES (1)")
    _late(session, schema, "SELECT * FROM {schema}.base")
    _late(session, schema, "SELECT * FROM {schema}.late", "outer_view")
    session.run_alone("ALTER TABLE base ADD COLUMN b INT DEFAULT 7")
    assert session.run_alone("SELECT * FROM outer_view JOIN late USING (a)").rows == [("1", "7", "7")]
    session.run_alone("CREATE TABLE copied AS SELECT * FROM late")
    assert session.run_alone("SELECT b FROM copied").rows == [("7",)]


def test_a_name_in_with_is_not_the_view(session: Session, schema: str) -> None:
    session.run_alone("CREATE TABLE base (a INT)")
    _late(session, schema, "SELECT a FROM {schema}.base")
    assert session.run_alone("WITH late AS (SELECT 5 AS n) SELECT n FROM late").rows == [("5",)]


def test_listed_columns_are_the_views_columns(session: Session, schema: str) -> None:
    session.run_alone("CREATE TABLE base (a INT, b INT)")
    session.run_alone("INSERT INTO base VALUES (1, 2)")
    session.run_alone(f"CREATE VIEW named (x, y) AS SELECT a, b FROM {schema}.base WITH NO SCHEMA BINDING")
    assert session.run_alone("SELECT y FROM named WHERE x = 1").rows == [("2",)]


def test_procedures_and_other_views_read_it(session: Session, schema: str) -> None:
    session.run_alone("CREATE TABLE base (a INT)")
    session.run_alone("INSERT INTO base VALUES (4)")
    _late(session, schema, "SELECT a FROM {schema}.base")
    session.run_alone("CREATE VIEW bound AS SELECT a + 1 AS b FROM late")
    session.run_alone(
        "CREATE PROCEDURE read(n INOUT INT) AS $$ BEGIN SELECT a INTO n FROM late; END; $$ LANGUAGE plpgsql"
    )
    assert session.run_alone("SELECT b FROM bound").rows == [("5",)]
    assert session.run_alone("CALL read(0)").rows == [("4",)]
    session.run_alone("DROP TABLE base")


def test_the_catalog_has_a_view(session: Session, schema: str) -> None:
    session.run_alone("CREATE TABLE base (a INT, b VARCHAR(5))")
    _late(session, schema, "SELECT b, a FROM {schema}.base")
    columns = session.run_alone(
        f"SELECT column_name, data_type FROM svv_columns WHERE table_schema = '{schema}' AND table_name = 'late' "
        "ORDER BY ordinal_position"
    )
    assert columns.rows == [("b", "character varying"), ("a", "integer")]


def test_reading_needs_the_right_to_the_view(session: Session, schema: str) -> None:
    session.run_alone("CREATE TABLE base (a INT)")
    _late(session, schema, "SELECT a FROM {schema}.base")
    role = f"reader_{schema}"
    session.connection.execute(f"CREATE ROLE {role}")
    session.connection.execute(f"GRANT USAGE ON SCHEMA {schema} TO {role}")
    session.connection.execute(f"GRANT SELECT ON base TO {role}")
    session.connection.execute(f"SET ROLE {role}")
    with pytest.raises(RefusedByRedshift, match="permission denied for relation late"):
        session.run_alone("SELECT * FROM late")
    session.connection.execute("RESET ROLE")
    session.connection.execute(f"GRANT SELECT ON late TO {role}")
    session.connection.execute(f"SET ROLE {role}")
    assert session.run_alone("SELECT * FROM late").rows == []
    session.connection.execute("RESET ROLE")
    session.connection.execute(f"DROP OWNED BY {role}")
    session.connection.execute(f"DROP ROLE {role}")


def test_tables_must_be_qualified_and_schemas_exist(session: Session, schema: str) -> None:
    with pytest.raises(RefusedByRedshift, match="must be qualified"):
        _late(session, schema, "SELECT 1 FROM base")
    with pytest.raises(psycopg.Error, match='schema "nowhere" does not exist'):
        _late(session, schema, "SELECT 1 FROM nowhere.base")


def test_a_view_that_reads_itself_ends(session: Session, schema: str) -> None:
    _late(session, schema, "SELECT * FROM {schema}.late")
    with pytest.raises(RefusedByRedshift, match="reads itself"):
        session.run_alone("SELECT * FROM late")
