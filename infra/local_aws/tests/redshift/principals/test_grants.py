"""Privileges of objects, groups and roles, default privileges, and system permissions."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from infra.local_aws.redshift.execution import Session
from infra.local_aws.tests.redshift.principals.conftest import Run, denied


def test_columns_are_granted_one_by_one(administer: Run, as_user: Callable[[str], Run], user: str, schema: str) -> None:
    administer(f"GRANT SELECT (a), UPDATE (b) ON TABLE t TO {user}")
    run = as_user(user)
    assert run(f"SELECT a FROM {schema}.t") == [("1",)]
    assert "permission denied" in denied(run, f"SELECT b FROM {schema}.t")
    run(f"UPDATE {schema}.t SET b = 3")
    assert "permission denied" in denied(run, f"UPDATE {schema}.t SET a = 3")


def test_a_user_passes_on_what_it_got_with_grant_option(
    administer: Run, as_user: Callable[[str], Run], user: str, schema: str
) -> None:
    administer(f"GRANT SELECT ON t TO {user} WITH GRANT OPTION, PUBLIC")
    run = as_user(user)
    run(f"GRANT SELECT ON {schema}.t TO awsuser")
    with pytest.raises(psycopg.errors.DependentObjectsStillExist):
        administer(f"REVOKE SELECT ON t FROM {user}")
    run(f"REVOKE SELECT ON {schema}.t FROM awsuser")
    administer(f"REVOKE GRANT OPTION FOR SELECT ON t FROM {user}", "REVOKE SELECT ON t FROM PUBLIC")
    assert run(f"SELECT a FROM {schema}.t") == [("1",)]


def test_a_group_brings_its_privileges(administer: Run, as_user: Callable[[str], Run], user: str, schema: str) -> None:
    administer(
        f"CREATE GROUP g_{user} WITH USER {user}", f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO GROUP g_{user}"
    )
    assert as_user(user)(f"SELECT a FROM {schema}.t") == [("1",)]
    administer(f"ALTER GROUP g_{user} DROP USER {user}")
    assert "permission denied" in denied(as_user(user), f"SELECT a FROM {schema}.t")
    with pytest.raises(psycopg.errors.DependentObjectsStillExist, match="has a privilege on some object"):
        administer(f"DROP GROUP g_{user}")
    administer(f"REVOKE SELECT ON ALL TABLES IN SCHEMA {schema} FROM GROUP g_{user}", f"DROP GROUP g_{user}")


def test_a_role_brings_its_privileges_through_other_roles(
    administer: Run, as_user: Callable[[str], Run], user: str, schema: str
) -> None:
    inner, outer = f"inner_{user}", f"outer_{user}"
    administer(f"CREATE ROLE {inner}", f"CREATE ROLE {outer}", f"GRANT SELECT ON t TO ROLE {inner}")
    administer(f"GRANT ROLE {inner} TO ROLE {outer}", f"GRANT ROLE {outer} TO {user}")
    assert as_user(user)(f"SELECT a FROM {schema}.t") == [("1",)]
    with pytest.raises(psycopg.errors.DependentObjectsStillExist, match=f'cannot drop role "{outer}"'):
        administer(f"DROP ROLE {outer}")
    administer(f"DROP ROLE {outer} FORCE")
    assert "permission denied" in denied(as_user(user), f"SELECT a FROM {schema}.t")
    administer(f"DROP ROLE {inner} FORCE")


def test_later_tables_have_the_default_privileges(
    administer: Run, as_user: Callable[[str], Run], user: str, schema: str
) -> None:
    defaults = f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema}"
    administer(f"{defaults} GRANT SELECT ON TABLES TO {user}", "CREATE TABLE later AS SELECT 1 AS a")
    assert as_user(user)(f"SELECT a FROM {schema}.later") == [("1",)]
    administer(f"{defaults} REVOKE SELECT ON TABLES FROM {user}", "CREATE TABLE latest AS SELECT 1 AS a")
    assert "permission denied" in denied(as_user(user), f"SELECT a FROM {schema}.latest")


@pytest.mark.parametrize(
    ("privileges", "objects"),
    [
        ("ALL", "SCHEMA {schema}"),
        ("CREATE, USAGE, ALTER, DROP", "SCHEMA {schema}"),
        ("TEMP, CREATE, USAGE", "DATABASE dev"),
        ("EXECUTE", "FUNCTION f(INT)"),
        ("EXECUTE", "PROCEDURE p(INT)"),
        ("ALL", "ALL FUNCTIONS IN SCHEMA {schema}"),
        ("EXECUTE", "ALL PROCEDURES IN SCHEMA {schema}"),
        ("USAGE", "LANGUAGE sql"),
        ("DROP, ALTER", "t"),
        ("SELECT, INSERT, UPDATE, DELETE, DROP, REFERENCES, ALTER, TRUNCATE", "TABLE t"),
        ("ALL PRIVILEGES (a, b)", "t"),
    ],
)
def test_privileges_of_every_kind_of_object_are_granted_and_revoked(
    administer: Run, user: str, schema: str, privileges: str, objects: str
) -> None:
    administer("CREATE FUNCTION f(INT) RETURNS INT STABLE AS $$ SELECT $1 $$ LANGUAGE sql")
    administer("CREATE PROCEDURE p(a INT) AS $$ BEGIN NULL; END; $$ LANGUAGE plpgsql")
    subject = objects.format(schema=schema)
    administer(f"GRANT {privileges} ON {subject} TO {user}", f"REVOKE {privileges} ON {subject} FROM {user}")


# -- system permissions


def test_a_role_lets_a_user_create_users_but_no_superusers(
    administer: Run, as_user: Callable[[str], Run], user: str, name: str
) -> None:
    role = f"r_{name}"
    administer(
        f"CREATE ROLE {role}",
        f"GRANT CREATE USER, ALTER USER, DROP USER TO ROLE {role}",
        f"GRANT ROLE {role} TO {user}",
    )
    run = as_user(user)
    run(f"CREATE USER new_{name} PASSWORD 'Sesame2024' CREATEDB", f"ALTER USER new_{name} CONNECTION LIMIT 3")
    assert "superusers" in denied(run, f"CREATE USER super_{name} PASSWORD DISABLE CREATEUSER")
    assert "superusers" in denied(run, f"ALTER USER {user} CREATEUSER")
    assert "superusers" in denied(run, "ALTER USER awsuser PASSWORD 'Sesame2024'")
    assert "superusers" in denied(run, "DROP USER awsuser")
    run(f"DROP USER new_{name}")
    administer(f"REVOKE CREATE USER, ALTER USER, DROP USER FROM ROLE {role}")
    assert "must be superuser" in denied(run, f"CREATE USER new_{name} PASSWORD DISABLE")
    administer(f"DROP ROLE {role} FORCE")


def test_system_tables_show_other_users_rows_to_those_who_may(
    administer: Run, as_user: Callable[[str], Run], session: Session, user: str, name: str
) -> None:
    session.connection.execute(
        f"INSERT INTO rs.sys_query_history (query_text, user_name) VALUES ('secret {name}', 'awsuser')".encode()
    )
    history = f"SELECT COUNT(*) FROM sys_query_history WHERE query_text = 'secret {name}'"
    assert as_user(user)(history) == [("0",)]
    administer(f"ALTER USER {user} SYSLOG ACCESS UNRESTRICTED")
    assert as_user(user)(history) == [("1",)]
    administer(f"ALTER USER {user} SYSLOG ACCESS RESTRICTED")
    assert as_user(user)(history) == [("0",)]
    administer(f"CREATE ROLE r_{name}", f"GRANT ACCESS SYSTEM TABLE TO ROLE r_{name}", f"GRANT ROLE r_{name} TO {user}")
    assert as_user(user)(history) == [("1",)]
    administer(f"DROP ROLE r_{name} FORCE")
