"""Sessions and transactions of the Data API."""

from __future__ import annotations

import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import DEADLINE_SECONDS, DataApi


@pytest.fixture
def kept(api: DataApi) -> Any:
    """Runs statements in one session."""
    opened = api.submit("SELECT 1", SessionKeepAliveSeconds=60)
    api.wait(opened)
    identifier = api.client.describe_statement(Id=opened)["SessionId"]
    yield _InSession(api, identifier)
    api.wait(api.client.execute_statement(Sql="SELECT 1", SessionId=identifier, SessionKeepAliveSeconds=0)["Id"])


class _InSession:
    def __init__(self, api: DataApi, identifier: str) -> None:
        self.api = api
        self.identifier = identifier

    def run(self, sql: str) -> dict[str, Any]:
        return self.api.wait(self.api.client.execute_statement(Sql=sql, SessionId=self.identifier)["Id"])

    def rows(self, sql: str) -> list[list[Any]]:
        done = self.run(sql)
        assert done["Status"] == "FINISHED", done.get("Error")
        records = self.api.client.get_statement_result(Id=done["Id"])["Records"]
        return [[next(iter(cell.values())) for cell in record] for record in records]


def _error(call: Any, **parameters: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    return f"{caught.value.response['Error']['Code']}: {caught.value.response['Error']['Message']}"


def test_a_session_keeps_temporary_tables_and_the_search_path(kept: _InSession, schema: str) -> None:
    kept.run("CREATE TEMP TABLE seen AS SELECT 3 AS a")
    kept.run("SET search_path TO pg_temp, public")
    assert kept.rows("SELECT a FROM seen") == [[3]]
    assert kept.rows("SHOW search_path") == [["pg_temp, public"]]
    assert "does not exist" in kept.api.run("SELECT a FROM seen")["Error"]


def test_a_transaction_ends_with_its_commit(kept: _InSession) -> None:
    kept.api.run("CREATE TABLE t (a INT)")
    kept.run("BEGIN")
    kept.run("INSERT INTO t VALUES (1)")
    assert kept.api.rows("SELECT COUNT(*) FROM t") == [(0,)]
    kept.run("COMMIT")
    assert kept.api.rows("SELECT COUNT(*) FROM t") == [(1,)]


@pytest.mark.parametrize("wrong", ["SELECT 1 / 0", "CREATE INDEX i ON t (a)", "VACUUM t"])
def test_an_error_aborts_the_transaction(kept: _InSession, wrong: str) -> None:
    kept.api.run("CREATE TABLE t (a INT)")
    kept.run("START TRANSACTION")
    kept.run("INSERT INTO t VALUES (1)")
    assert kept.run(wrong)["Status"] == "FAILED"
    assert "current transaction is aborted" in kept.run("SELECT 1")["Error"]
    kept.run("COMMIT")
    assert kept.rows("SELECT COUNT(*) FROM t") == [[0]]


def test_an_error_outside_of_a_transaction_leaves_the_session_usable(kept: _InSession) -> None:
    assert kept.run("SELECT 1 / 0")["Status"] == "FAILED"
    assert kept.rows("SELECT 2") == [[2]]


def test_a_session_runs_one_statement_at_a_time(kept: _InSession) -> None:
    kept.api.run("CREATE TABLE t (a INT)")
    with_lock = _locking(kept.api)
    running = kept.api.client.execute_statement(Sql="SELECT * FROM t", SessionId=kept.identifier)["Id"]
    error = _error(kept.api.client.execute_statement, Sql="SELECT 1", SessionId=kept.identifier)
    assert error.startswith("ValidationException: A statement is already running")
    listed = kept.api.client.list_sessions(SessionId=kept.identifier)["Sessions"]
    assert [(entry["Status"], entry["CurrentStatementId"]) for entry in listed] == [("BUSY", running)]
    with_lock.run("ROLLBACK")
    assert kept.api.wait(running)["Status"] == "FINISHED"


def _locking(api: DataApi) -> _InSession:
    """Another session, whose transaction keeps every reader of `t` waiting."""
    first = api.submit("BEGIN", SessionKeepAliveSeconds=60)
    api.wait(first)
    other = _InSession(api, api.client.describe_statement(Id=first)["SessionId"])
    assert other.run("ALTER TABLE t ADD COLUMN b INT")["Status"] == "FINISHED"
    return other


def test_a_session_ends_when_it_was_idle(api: DataApi) -> None:
    opened = api.wait(api.submit("SELECT 1", SessionKeepAliveSeconds=1))["SessionId"]
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not api.client.list_sessions(SessionId=opened, Status="CLOSED")["Sessions"]:
        assert time.monotonic() < deadline, "the session did not end"
        time.sleep(0.05)
    error = _error(api.client.execute_statement, Sql="SELECT 1", SessionId=opened)
    assert error == "ResourceNotFoundException: Session does not exist or has expired."


def test_zero_seconds_end_the_session(api: DataApi) -> None:
    opened = api.wait(api.submit("SELECT 1", SessionKeepAliveSeconds=60))["SessionId"]
    api.wait(api.client.execute_statement(Sql="SELECT 1", SessionId=opened, SessionKeepAliveSeconds=0)["Id"])
    assert "Session does not exist" in _error(api.client.execute_statement, Sql="SELECT 1", SessionId=opened)


def test_a_session_has_one_target(kept: _InSession) -> None:
    error = _error(kept.api.client.execute_statement, Sql="SELECT 1", SessionId=kept.identifier, Database="other")
    assert error.startswith("ValidationException: Database cannot differ")


def test_a_transaction_of_a_single_statement_is_lost(api: DataApi) -> None:
    api.run("CREATE TABLE t (a INT)")
    assert api.run("BEGIN")["Status"] == "FINISHED"
    assert api.run("COMMIT")["Status"] == "FINISHED"
    assert api.run("INSERT INTO t VALUES (1)", "ROLLBACK")["Status"] == "FINISHED"
    assert api.rows("SELECT COUNT(*) FROM t") == [(0,)]


def test_truncate_commits_what_the_batch_did_before(api: DataApi) -> None:
    api.run("CREATE TABLE t (a INT)", "CREATE TABLE u (a INT)")
    failed = api.run("INSERT INTO u VALUES (1)", "TRUNCATE t", "SELECT 1 / 0")
    assert failed["Status"] == "FAILED"
    assert api.rows("SELECT COUNT(*) FROM u") == [(1,)]
