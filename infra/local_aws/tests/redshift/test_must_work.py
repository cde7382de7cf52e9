"""Every statement of `statements_that_work` gives the rows that Redshift would."""

from __future__ import annotations

import pytest

from infra.local_aws.redshift.execution import Session

from .functions_of_dates_and_texts import FUNCTIONS
from .statements_that_work import ALL, SETUP, Row

CASES = [*ALL, *FUNCTIONS]


@pytest.mark.parametrize(("statements", "rows"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_statement_gives_rows(session: Session, statements: list[str], rows: list[Row]) -> None:
    for sql in SETUP:
        session.run_alone(sql)
    outcome = [session.run_alone(sql) for sql in statements][-1]
    assert outcome.rows == rows


def test_schema_qualified_function_is_called(session: Session, schema: str) -> None:
    session.run_alone(
        "CREATE FUNCTION f_tax(NUMERIC(12,2), FLOAT) RETURNS FLOAT STABLE AS $$ SELECT $1 * $2 $$ LANGUAGE sql"
    )
    assert session.run_alone(f"SELECT {schema}.f_tax(10, 0.5)").rows == [("5",)]


def test_roles_and_grants(session: Session, schema: str) -> None:
    role, user = f"r_{schema}", f"u_{schema}"
    session.run_alone("CREATE TABLE seen (a INT)")
    session.run_alone(f"CREATE ROLE {role}")
    session.run_alone(f"CREATE USER {user} PASSWORD 'Abcdef123'")
    session.run_alone(f"GRANT USAGE ON SCHEMA {schema} TO ROLE {role}")
    session.run_alone(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO ROLE {role}")
    session.run_alone(f"GRANT ROLE {role} TO {user}")
    allowed = session.connection.execute(
        f"SELECT has_table_privilege('{user}', '{schema}.seen', 'SELECT'),"
        f" has_table_privilege('{user}', '{schema}.seen', 'DELETE')"
    ).fetchone()
    assert allowed == (True, False)
    session.run_alone(f"REVOKE SELECT ON TABLE seen FROM ROLE {role}")
    session.run_alone(f"REVOKE USAGE ON SCHEMA {schema} FROM ROLE {role}")
    session.run_alone(f"DROP USER {user}")
    session.run_alone(f"DROP ROLE {role}")
