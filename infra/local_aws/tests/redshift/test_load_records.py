"""What COPY and UNLOAD record: errors, loads and unloads, each user's own; and what they never show."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from infra.local_aws.redshift import LoadError, RefusedByRedshift, Warehouse
from infra.local_aws.redshift.execution import Session
from infra.local_aws.redshift.transfer.credentials import AccessKey, Credentials
from infra.local_aws.redshift.transfer.objects import Files
from infra.local_aws.redshift.translator.redaction import redacted
from infra.local_aws.tests.redshift.conftest import DataApi

Lake = Callable[[str], Path]
ROLE = "IAM_ROLE 'arn:aws:iam::123456789012:role/loader'"


@pytest.fixture
def source(lake: Lake, schema: str) -> str:
    """A prefix of this test's own, which marks its rows in the system tables."""
    path = lake(f"s3://lake/{schema}/data")
    path.parent.mkdir(parents=True)
    path.write_text("1|abc\n2|abcdef\n3x|abc\n4|a|b\n5|ok\n")
    return f"s3://lake/{schema}/data"


def test_each_rejected_record_has_its_code_reason_and_place(session: Session, source: str) -> None:
    session.run_alone("CREATE TABLE target (a INT, b VARCHAR(5))")
    outcome = session.run_alone(f"COPY target FROM '{source}' {ROLE} MAXERROR 3")
    assert outcome.count == 2
    assert list(outcome.notices) == [
        "Load into table 'target' completed, 2 record(s) loaded successfully.",
        "Load into table 'target' completed, 3 record(s) could not be loaded.  "
        "Check 'stl_load_errors' system table for details.",
    ]
    assert session.run_alone("SELECT pg_last_copy_count(), pg_last_copy_id()").rows == [("2", "1")]
    errors = session.run_alone(
        "SELECT line_number, err_code, err_reason, colname, type, col_length, position, raw_field_value, raw_line"
        f" FROM stl_load_errors WHERE filename = '{source}' ORDER BY line_number"
    ).rows
    assert errors == [
        ("2", "1204", "String length exceeds DDL length", "b", "varchar", "5", "2", "abcdef", "2|abcdef"),
        ("3", "1207", "Invalid digit, Value 'x', Pos 1, Type: Integer", "a", "int4", "0", "0", "3x", "3x|abc"),
        ("4", "1202", "Extra column(s) found", "", "", "", "0", "", "4|a|b"),
    ]
    details = f"SELECT field, colname, value FROM stl_loaderror_detail WHERE filename = '{source}' AND line_number = 2"
    assert session.run_alone(f"{details} ORDER BY field").rows == [("0", "a", "2"), ("1", "b", "abcdef")]
    newer = (
        f"SELECT error_code, column_name FROM sys_load_error_detail WHERE file_name = '{source}' AND line_number = 2"
    )
    assert session.run_alone(newer).rows == [("1204", "b")]
    history = "SELECT status, loaded_rows, source_file_count, error_count, file_format FROM sys_load_history"
    assert session.run_alone(f"{history} WHERE data_source = '{source}'").rows == [("completed", "2", "1", "3", "text")]
    commits = f"SELECT lines_scanned, errors FROM stl_load_commits WHERE filename = '{source}'"
    assert session.run_alone(commits).rows == [("5", "3")]


def test_a_load_that_fails_records_its_errors_and_nothing_else(session: Session, source: str) -> None:
    session.run_alone("CREATE TABLE target (a INT, b VARCHAR(5))")
    with pytest.raises(LoadError, match="String length exceeds DDL length") as caught:
        session.run_alone(f"COPY target FROM '{source}' {ROLE}")
    assert str(caught.value).startswith("Load into table 'target' failed.  Check 'stl_load_errors' system table")
    session.connection.execute("ROLLBACK")
    errors = session.run_alone(f"SELECT line_number FROM stl_load_errors WHERE filename = '{source}'").rows
    assert errors == [("2",)]
    assert session.run_alone(f"SELECT 1 FROM sys_load_history WHERE data_source = '{source}'").rows == []


def test_users_see_their_own_rows_only(session: Session, warehouse: Warehouse, lake: Lake, source: str) -> None:
    session.run_alone("CREATE TABLE target (a INT, b VARCHAR(5))")
    session.run_alone(f"COPY target FROM '{source}' {ROLE} MAXERROR 9")
    other = Session(warehouse, Files(lake), 2, user="IAM:somebody_else")
    try:
        for view in ("stl_load_errors", "stl_load_commits"):
            rows = f"SELECT 1 FROM {view} WHERE filename = '{source}'"
            assert other.run_alone(rows).rows == []
            assert session.run_alone(rows).rows
    finally:
        other.close()


def test_unloads_are_recorded(session: Session, schema: str) -> None:
    target = f"s3://lake/{schema}/out_"
    outcome = session.run_alone(f"UNLOAD ('SELECT 1 AS a UNION ALL SELECT 2') TO '{target}' {ROLE}")
    assert list(outcome.notices) == ["UNLOAD completed, 2 record(s) unloaded successfully."]
    log = f"SELECT path, line_count, transfer_size FROM stl_unload_log WHERE path LIKE '{target}%'"
    assert session.run_alone(log).rows == [(f"{target}0000_part_00", "2", "4")]
    history = "SELECT unloaded_rows, unloaded_files_count, file_format FROM sys_unload_history"
    assert session.run_alone(f"{history} WHERE unloaded_location = '{target}'").rows == [("2", "1", "text")]


KEY = AccessKey("AKIAEXAMPLE", "very/secret", "a+token")


@pytest.mark.parametrize(
    ("clause", "credentials"),
    [
        ("IAM_ROLE DEFAULT", "DEFAULT"),
        ("IAM_ROLE 'default'", "DEFAULT"),
        (ROLE, "arn:aws:iam::123456789012:role/loader"),
        ("IAM_ROLE 'arn:aws:iam::1:role/a,arn:aws:iam::2:role/b'", "arn:aws:iam::2:role/b"),
        ("CREDENTIALS 'aws_iam_role=arn:aws:iam::123456789012:role/x'", "arn:aws:iam::123456789012:role/x"),
        ("WITH CREDENTIALS AS 'aws_access_key_id=AKIAEXAMPLE;aws_secret_access_key=very/secret;token=a+token'", KEY),
        ("ACCESS_KEY_ID 'AKIAEXAMPLE' SECRET_ACCESS_KEY 'very/secret' SESSION_TOKEN 'a+token'", KEY),
        ("ACCESS_KEY_ID AS 'AKIAEXAMPLE' SECRET_ACCESS_KEY AS 'very/secret'", AccessKey("AKIAEXAMPLE", "very/secret")),
    ],
)
@pytest.mark.parametrize(
    "statement", ["COPY target FROM 's3://lake/x/' {}", "UNLOAD ('SELECT 1') TO 's3://lake/x/' {}"]
)
def test_access_to_s3_is_that_of_the_credentials(
    warehouse: Warehouse, session: Session, lake: Lake, statement: str, clause: str, credentials: Credentials
) -> None:
    session.run_alone("CREATE TABLE target (a INT)")
    principals = []

    def access(principal: Credentials) -> Callable[[str, str], None]:
        principals.append(principal)

        def deny(action: str, uri: str) -> None:
            raise PermissionError(f"no {action} on {uri}")

        return deny

    checked = Session(warehouse, Files(lake), 3, role_access=access)
    try:
        with pytest.raises(LoadError, match="Access Denied,Status 403"):
            checked.run_alone(statement.format(clause))
    finally:
        checked.close()
    assert principals == [credentials]


@pytest.mark.parametrize(
    "clause",
    [
        "",
        "ACCESS_KEY_ID 'very/secret'",
        "CREDENTIALS 'aws_access_key_id=very/secret'",
        "CREDENTIALS 'very/secret'",
        f"{ROLE} ACCESS_KEY_ID 'a' SECRET_ACCESS_KEY 'very/secret'",
        "IAM_ROLE 'very/secret'",
        "SECRET_ACCESS_KEY 'a' 'very/secret'",
    ],
)
def test_incomplete_credentials_are_refused_without_showing_them(session: Session, clause: str) -> None:
    with pytest.raises(RefusedByRedshift) as caught:
        session.run_alone(f"COPY target FROM 's3://lake/x/' {clause}")
    assert "very" not in str(caught.value)


@pytest.mark.parametrize(
    "clause",
    [
        "CREDENTIALS 'aws_access_key_id=a;aws_secret_access_key=very/secret'",
        "credentials as\n'aws_access_key_id=a;aws_secret_access_key=very/secret;token=very/secret'",
        "ACCESS_KEY_ID 'a' SECRET_ACCESS_KEY 'very/secret' SESSION_TOKEN 'very/secret'",
        "SECRET_ACCESS_KEY $$very/secret$$",
        "SECRET_ACCESS_KEY 'very/secret",
    ],
)
def test_no_history_shows_a_secret(api: DataApi, clause: str) -> None:
    sql = f"COPY no_such_table FROM 's3://lake/x/' {clause}"
    assert "very" not in redacted(sql)
    done = api.run(sql)
    assert done["Status"] == "FAILED"
    assert "very" not in str(done["QueryString"])
    rows = api.rows("SELECT query_text FROM sys_query_history WHERE query_text LIKE 'COPY no_such_table%'")
    assert rows
    assert not any("very" in text for (text,) in rows)
    assert "very" not in str(api.client.list_statements(MaxResults=20)["Statements"])
    assert "very" not in repr(KEY)
