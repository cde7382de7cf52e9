"""Users: their options, their settings, and what one without permissions is refused."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from infra.local_aws.redshift import RefusedByRedshift, UnsupportedStatement, translate
from infra.local_aws.redshift.execution import Session
from infra.local_aws.tests.redshift.principals.conftest import Run, denied


@pytest.mark.parametrize(
    ("options", "column", "expected"),
    [
        ("CREATEDB", "rolcreatedb", True),
        ("NOCREATEDB NOCREATEUSER", "rolsuper", False),
        ("CREATEUSER PASSWORD 'Sesame2024'", "rolsuper", True),
        ("CONNECTION LIMIT 30", "rolconnlimit", 30),
        ("CONNECTION LIMIT UNLIMITED", "rolconnlimit", -1),
        ("SESSION TIMEOUT 120", "rolconfig", ["idle_session_timeout=120s"]),
        ("SYSLOG ACCESS RESTRICTED VALID UNTIL '2030-01-01' EXTERNALID sso_7", "rolcanlogin", True),
    ],
)
def test_a_user_is_created_with_its_options(
    session: Session, administer: Run, name: str, options: str, column: str, expected: object
) -> None:
    password = "" if "PASSWORD" in options else "PASSWORD DISABLE"
    administer(f"CREATE USER u_{name} WITH {options} {password}")
    query = f"SELECT {column} FROM pg_roles WHERE rolname = 'u_{name}'"
    assert session.connection.execute(query.encode()).fetchone() == (expected,)
    administer(f"DROP USER u_{name}")


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("CREATE USER u", "expected PASSWORD"),
        ("CREATE USER u PASSWORD 'weak'", "at least 8"),
        ("CREATE USER IF NOT EXISTS u PASSWORD DISABLE", "IF NOT EXISTS"),
        ("CREATE USER public PASSWORD DISABLE", "reserved"),
        ("CREATE USER u PASSWORD DISABLE SUPERUSER", 'syntax error at or near "SUPERUSER"'),
        ("CREATE USER u PASSWORD DISABLE SESSION TIMEOUT 5", "between 60 and 1728000"),
        ("ALTER USER u", "syntax error"),
        ("DROP USER u CASCADE", 'syntax error at or near "CASCADE"'),
        ("GRANT TRIGGER ON t TO u", 'syntax error at or near "TRIGGER"'),
        ("GRANT USAGE ON TABLE t TO u", "invalid privilege type USAGE for table"),
        ("GRANT INSERT (a) ON t TO u", "cannot be granted on columns"),
        ("GRANT SELECT ON t TO GROUP g WITH GRANT OPTION", "to users only"),
        ("GRANT SELECT ON t TO PUBLIC WITH GRANT OPTION", "to users only"),
        ("GRANT ROLE r TO GROUP g", "to users and roles only"),
        ("GRANT VACUUM TO u", "to roles only"),
        ("REVOKE SELECT ON t FROM u CASCADE", 'syntax error at or near "CASCADE"'),
        ("SET no_such_parameter TO 1", "unrecognized configuration parameter"),
        ("SET rs.top_level_call TO 'on'", "unrecognized configuration parameter"),
        ("SET role TO awsuser", "unrecognized configuration parameter"),
        ("SELECT set_config('role', 'awsuser', false)", "unrecognized configuration parameter"),
        ("SELECT set_config('session_authorization', 'awsuser', false)", "unrecognized configuration parameter"),
        ("SELECT current_setting('data_directory')", "unrecognized configuration parameter"),
        ("SHOW data_directory", "unrecognized configuration parameter"),
    ],
)
def test_what_redshift_refuses_is_refused(sql: str, reason: str) -> None:
    with pytest.raises(RefusedByRedshift) as refused:
        translate(sql)
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    "sql",
    [
        "GRANT SELECT FOR TABLES IN SCHEMA s TO u",
        "GRANT USAGE ON DATASHARE d TO u",
        "GRANT CREATE MODEL TO ROLE r",
        "GRANT EXPLAIN RLS TO ROLE r",
        "GRANT ASSUMEROLE ON 'arn:aws:iam::1:role/r' TO u FOR COPY",
        "SET navigate_super_null_on_error TO off",
        "SET datestyle TO 'German'",
    ],
)
def test_what_means_nothing_here_is_not_supported(sql: str) -> None:
    with pytest.raises(UnsupportedStatement):
        translate(sql)


def test_names_are_unique(administer: Run, user: str) -> None:
    for statement in (f"CREATE USER {user} PASSWORD DISABLE", f"CREATE GROUP {user}", f"CREATE ROLE {user}"):
        with pytest.raises(psycopg.errors.DuplicateObject, match=f'user "{user}" already exists'):
            administer(statement)


def test_a_user_is_renamed_and_keeps_what_it_may(
    administer: Run, as_user: Callable[[str], Run], user: str, schema: str
) -> None:
    administer(f"GRANT SELECT ON t TO {user}", f"ALTER USER {user} RENAME TO renamed_{user}")
    assert as_user(f"renamed_{user}")(f"SELECT a FROM {schema}.t") == [("1",)]
    administer(f"ALTER USER renamed_{user} RENAME TO {user}")


def test_settings_of_a_user_are_those_of_its_sessions(
    administer: Run, as_user: Callable[[str], Run], user: str, schema: str
) -> None:
    administer(f"GRANT SELECT ON t TO {user}")
    administer(f"ALTER USER {user} SET search_path TO {schema}", f"ALTER USER {user} SET query_group TO 'nightly'")
    assert as_user(user)("SELECT a, CURRENT_SETTING('query_group') FROM t") == [("1", "nightly")]
    administer(f"ALTER USER {user} RESET query_group")
    assert as_user(user)("SHOW query_group") == [("unset",)]


def test_a_missing_principal_is_named_by_its_kind(administer: Run, user: str) -> None:
    for statement, words in (
        ("DROP USER no_such_one", 'user "no_such_one" does not exist'),
        ("ALTER USER no_such_one CREATEDB", 'user "no_such_one" does not exist'),
        ("DROP GROUP no_such_one", 'group "no_such_one" does not exist'),
        (f"DROP ROLE {user}", f'role "{user}" does not exist'),
        (f"GRANT SELECT ON t TO GROUP {user}", f'group "{user}" does not exist'),
        ("GRANT SELECT ON t TO no_such_one", 'user "no_such_one" does not exist'),
    ):
        with pytest.raises(psycopg.errors.UndefinedObject, match=words):
            administer(statement)
    administer("DROP USER IF EXISTS no_such_one")


def test_a_user_with_privileges_is_not_dropped(administer: Run, user: str) -> None:
    administer(f"GRANT SELECT ON t TO {user}")
    with pytest.raises(psycopg.errors.DependentObjectsStillExist, match=f'user "{user}" cannot be dropped'):
        administer(f"DROP USER {user}")


# -- what a normal user may not


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("CREATE USER u_new PASSWORD DISABLE", "must be superuser to create users"),
        ("CREATE USER u_new PASSWORD DISABLE CREATEUSER", "must be superuser to create users"),
        ("ALTER USER awsuser PASSWORD 'Sesame2024'", "must be superuser to alter users"),
        ("ALTER USER {user} CREATEUSER", "must be superuser to alter users"),
        ("ALTER USER {user} VALID UNTIL 'infinity'", "must be superuser to alter users"),
        ("DROP USER awsuser", "must be superuser to drop users"),
        ("ALTER USER awsuser RENAME TO other", "must be superuser to rename users"),
        ("CREATE GROUP g_new", "must be superuser to create groups"),
        ("CREATE ROLE r_new", "must be superuser to create roles"),
        ("GRANT CREATE USER TO ROLE r_new", "must be superuser to grant or revoke system permissions"),
        ("SET SESSION AUTHORIZATION awsuser", 'permission denied to set session authorization "awsuser"'),
        ("SET session_authorization TO 'awsuser'", 'permission denied to set session authorization "awsuser"'),
        ("SELECT * FROM {schema}.t", "permission denied for table t"),
        ("INSERT INTO {schema}.t VALUES (1, 1)", "permission denied for table t"),
        ("GRANT SELECT ON {schema}.t TO {user}", "permission denied for table t"),
        ("CREATE TABLE {schema}.mine (a INT)", "permission denied for schema {schema}"),
        ("SELECT rs.create_user('u_new', '{{\"superuser\": true}}'::super)", ""),
        ("ALTER DEFAULT PRIVILEGES FOR USER awsuser GRANT SELECT ON TABLES TO {user}", "permission denied"),
    ],
)
def test_a_user_without_permission_is_refused(
    as_user: Callable[[str], Run], user: str, schema: str, statement: str, words: str
) -> None:
    run = as_user(user)
    sql = statement.format(user=user, schema=schema)
    if not words:  # our own functions are no way around either
        with pytest.raises((psycopg.Error, UnsupportedStatement, RefusedByRedshift)):
            run(sql)
        return
    assert words.format(schema=schema) in denied(run, sql)


def test_a_user_changes_its_own_password_unless_it_is_disabled(
    session: Session, administer: Run, as_user: Callable[[str], Run], user: str
) -> None:
    kept = f"SELECT verifier FROM rs.logins WHERE user_id = '{user}'::regrole".encode()
    before = session.connection.execute(kept).fetchone()
    as_user(user)(f"ALTER USER {user} PASSWORD 'Sesame2025'")
    assert session.connection.execute(kept).fetchone() != before
    assert "must be superuser" in denied(as_user(user), f"ALTER USER {user} PASSWORD DISABLE")
    administer(f"ALTER USER {user} PASSWORD DISABLE")
    assert "is disabled" in denied(as_user(user), f"ALTER USER {user} PASSWORD 'Sesame2026'")


def test_the_administrators_password_is_not_disabled(administer: Run) -> None:
    with pytest.raises(psycopg.Error, match="cannot disable the password of superuser"):
        administer("ALTER USER awsuser PASSWORD DISABLE")


@pytest.mark.parametrize(
    "escape",
    [
        "RESET SESSION AUTHORIZATION",
        "SET SESSION AUTHORIZATION DEFAULT",
        "SET LOCAL SESSION AUTHORIZATION DEFAULT",
        "SET session_authorization TO DEFAULT",
        "RESET session_authorization",
        "RESET ALL",
    ],
)
def test_no_statement_leads_back_to_the_administrator(
    as_user: Callable[[str], Run], user: str, schema: str, escape: str
) -> None:
    run = as_user(user)
    run(escape)
    assert run("SELECT CURRENT_USER, SESSION_USER") == [(user, user)]
    assert "permission denied" in denied(run, f"SELECT * FROM {schema}.t")


def test_a_procedure_leads_back_to_the_administrator_neither(
    administer: Run, as_user: Callable[[str], Run], user: str, schema: str
) -> None:
    administer(f"GRANT CREATE ON SCHEMA {schema} TO {user}")
    run = as_user(user)
    for number, statement in enumerate(("RESET SESSION AUTHORIZATION", "EXECUTE 'SET SESSION AUTHORIZATION DEFAULT'")):
        body = f"BEGIN {statement}; DELETE FROM {schema}.t; END"
        try:
            run(f"CREATE PROCEDURE {schema}.escape{number}() AS $$ {body}; $$ LANGUAGE plpgsql")
        except (UnsupportedStatement, RefusedByRedshift):
            continue
        assert "permission denied for table t" in denied(run, f"CALL {schema}.escape{number}()")
        run(f"DROP PROCEDURE {schema}.escape{number}()")
    assert administer("SELECT COUNT(*) FROM t") == [("1",)]


def test_the_administrator_becomes_a_user_and_itself_again(session: Session, user: str, schema: str) -> None:
    for statement in (f"SET SESSION AUTHORIZATION '{user}'", f"SET SESSION AUTHORIZATION {user}"):
        session.run_alone(statement)
        assert session.run_alone("SELECT CURRENT_USER").rows == [(user,)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.run_alone(f"SELECT * FROM {schema}.t")
        session.connection.rollback()
        session.run_alone("SET SESSION AUTHORIZATION DEFAULT")
        assert session.run_alone("SELECT CURRENT_USER").rows == [("awsuser",)]
