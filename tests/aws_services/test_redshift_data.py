"""SQL through the Data API: what is sent, what comes back as which Python value, and which error a failure raises."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from aws_services._waiting import Patience
from aws_services.errors import InvalidRequest, StatementFailed, TimedOut
from aws_services.redshift_data import RedshiftData


class DataApi:
    """The Data API as the documentation describes it, with the answers that a test gives it.

    Args:
        states: what DescribeStatement answers, one after the other, the last one for ever.
        pages: what GetStatementResult answers.
    """

    def __init__(self, *states: dict[str, Any], pages: list[dict[str, Any]] | None = None) -> None:
        self.requests: list[dict[str, Any]] = []
        self.cancelled: list[str] = []
        self._states = list(states)
        self._pages = pages or []

    def execute_statement(self, **request: Any) -> dict[str, Any]:
        self.requests.append(request)
        return {"Id": "statement-1"}

    batch_execute_statement = execute_statement

    def describe_statement(self, Id: str) -> dict[str, Any]:  # noqa: N803 - the API's name
        return self._states.pop(0) if len(self._states) > 1 else self._states[0]

    def get_statement_result(self, Id: str, NextToken: str = "0") -> dict[str, Any]:  # noqa: N803
        number = int(NextToken)
        more = {"NextToken": str(number + 1)} if number + 1 < len(self._pages) else {}
        return {**self._pages[number], **more}

    def cancel_statement(self, Id: str) -> None:  # noqa: N803
        self.cancelled.append(Id)


FINISHED = {"Status": "FINISHED", "HasResultSet": False}
WITH_ROWS = {"Status": "FINISHED", "HasResultSet": True}


def redshift(api: DataApi, deadline: float = 60) -> RedshiftData:
    return RedshiftData("workgroup", "dev", data_client=api, patience=Patience(deadline, sleep=lambda seconds: None))


def page(types: dict[str, str], *records: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "ColumnMetadata": [{"name": name, "label": name, "typeName": kind} for name, kind in types.items()],
        "Records": list(records),
    }


def text(value: str) -> dict[str, str]:
    return {"stringValue": value}


@pytest.mark.parametrize(
    ("kind", "cell", "expected"),
    [
        ("int4", {"longValue": 3}, 3),
        ("int8", {"longValue": 2**62}, 2**62),
        ("float8", {"doubleValue": 0.5}, 0.5),
        ("bool", {"booleanValue": False}, False),
        ("bool", text("t"), True),
        ("numeric", text("12.30"), Decimal("12.30")),
        ("date", text("2026-11-20"), date(2026, 11, 20)),
        ("timestamp", text("2026-11-20 19:30:00"), datetime.fromisoformat("2026-11-20T19:30")),
        ("timestamp", text("2026-11-20 19:30:00.1"), datetime.fromisoformat("2026-11-20T19:30:00.1")),
        ("timestamptz", text("2026-11-20 19:30:00+00"), datetime(2026, 11, 20, 19, 30, tzinfo=UTC)),
        ("time", text("19:30:00"), time(19, 30)),
        ("varchar", text("12.30"), "12.30"),
        ("varchar", text(""), ""),
        ("super", text('{"a":1}'), '{"a":1}'),
        ("varchar", {"isNull": True}, None),
        ("numeric", {"isNull": True}, None),
    ],
)
def test_cells_become_typed_values(kind: str, cell: dict[str, Any], expected: object) -> None:
    rows = redshift(DataApi(WITH_ROWS, pages=[page({"x": kind}, [cell])])).execute("SELECT x")
    assert rows == [{"x": expected}]
    assert type(rows[0]["x"]) is type(expected)


def test_results_are_read_to_the_last_page() -> None:
    pages = [page({"n": "int4"}, [{"longValue": 2 * n}], [{"longValue": 2 * n + 1}]) for n in range(3)]
    rows = redshift(DataApi({"Status": "STARTED"}, WITH_ROWS, pages=pages)).execute("SELECT n")
    assert [row["n"] for row in rows] == list(range(6))


def test_a_result_without_rows_keeps_its_columns() -> None:
    rows = redshift(DataApi(WITH_ROWS, pages=[page({"a": "int4", "b": "varchar"})])).execute("SELECT a, b")
    assert (list(rows), rows.columns) == ([], ("a", "b"))
    assert redshift(DataApi(FINISHED)).execute("CREATE TABLE t (a int)").columns == ()


def test_columns_that_share_a_name_are_refused() -> None:
    result = page({"id": "int4"})
    result["ColumnMetadata"] *= 2
    with pytest.raises(InvalidRequest, match="several columns are named id"):
        redshift(DataApi(WITH_ROWS, pages=[result])).execute("SELECT a.id, b.id")


def test_parameters_are_sent_as_text() -> None:
    api = DataApi(FINISHED)
    new_york = timezone(timedelta(hours=-5))
    params = {
        "day": date(2026, 11, 20),
        "at": datetime(2026, 11, 20, 19, 30, tzinfo=new_york),
        "local": datetime.fromisoformat("2026-11-20T19:30"),
        "price": Decimal("12.30"),
        "flag": True,
        "count": 3,
        "name": "it's; DROP TABLE x --",
    }
    redshift(api).execute("SELECT :day", params)
    assert {sent["name"]: sent["value"] for sent in api.requests[0]["Parameters"]} == {
        "day": "2026-11-20",
        "at": "2026-11-21 00:30:00",
        "local": "2026-11-20 19:30:00",
        "price": "12.30",
        "flag": "true",
        "count": "3",
        "name": "it's; DROP TABLE x --",
    }


@pytest.mark.parametrize("value", [None, ""])
def test_what_the_api_cannot_bind_is_refused_before_it_is_sent(value: Any) -> None:
    api = DataApi(FINISHED)
    with pytest.raises(InvalidRequest, match=":name is NULL or empty"):
        redshift(api).execute("SELECT :name", {"name": value})
    assert api.requests == []


def test_every_call_has_a_token_so_that_a_repeated_request_runs_once() -> None:
    api = DataApi(FINISHED)
    for _ in range(2):
        redshift(api).execute("SELECT 1")
    redshift(api).execute("SELECT 1", token="publish-1")
    tokens = [request["ClientToken"] for request in api.requests]
    assert len(set(tokens)) == 3
    assert tokens[2] == "publish-1"


def test_a_failed_statement_tells_its_text_and_not_its_values() -> None:
    api = DataApi({"Status": "FAILED", "Error": 'ERROR: relation "x" does not exist'})
    with pytest.raises(StatementFailed) as failed:
        redshift(api).execute("SELECT *\n  FROM x WHERE key = :key", {"key": "canary-value"})
    assert 'relation "x" does not exist' in str(failed.value)
    assert "SELECT * FROM x WHERE key = :key" in str(failed.value)
    assert "canary-value" not in str(failed.value)


def test_a_failed_batch_tells_which_statement_failed() -> None:
    subs = [
        {"Id": "b:1", "Status": "FINISHED"},
        {"Id": "b:2", "Status": "FAILED", "Error": "ERROR: stale fence"},
        {"Id": "b:3", "Status": "ABORTED"},
    ]
    api = DataApi({"Status": "FAILED", "Error": "Query #2 failed with ERROR: stale fence", "SubStatements": subs})
    with pytest.raises(StatementFailed, match="ERROR: stale fence") as failed:
        redshift(api).batch(["CALL a()", "CALL b()", "CALL c()"])
    assert (failed.value.position, failed.value.statement) == (2, "CALL b()")


def test_a_statement_aborted_by_somebody_is_a_failure() -> None:
    with pytest.raises(StatementFailed, match="ended as ABORTED"):
        redshift(DataApi({"Status": "ABORTED"})).execute("SELECT 1")


def test_a_batch_tells_what_each_statement_did() -> None:
    subs = [
        {"Id": "b:1", "Status": "FINISHED", "ResultRows": 7, "HasResultSet": False},
        {"Id": "b:2", "Status": "FINISHED", "ResultRows": 1, "HasResultSet": True},
    ]
    results = redshift(DataApi({**FINISHED, "SubStatements": subs})).batch(["DELETE FROM a", "SELECT 1"])
    assert [(result.statement_id, result.rows, result.has_rows) for result in results] == [
        ("b:1", 7, False),
        ("b:2", 1, True),
    ]


@pytest.mark.parametrize("count", [0, 41])
def test_a_batch_that_the_api_would_refuse_is_not_sent(count: int) -> None:
    api = DataApi(FINISHED)
    with pytest.raises(InvalidRequest, match="1 to 40"):
        redshift(api).batch(["SELECT 1"] * count)
    assert api.requests == []


def test_a_statement_that_takes_too_long_is_cancelled() -> None:
    api = DataApi({"Status": "STARTED"})
    with pytest.raises(TimedOut, match="still STARTED"):
        redshift(api).execute("SELECT slow()", deadline=0)
    assert api.cancelled == ["statement-1"]


def test_a_statement_that_somebody_stops_waiting_for_is_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*arguments: object, **named: object) -> None:
        raise KeyboardInterrupt

    api = DataApi({"Status": "STARTED"})
    monkeypatch.setattr("aws_services.redshift_data.wait_until", interrupt)
    with pytest.raises(KeyboardInterrupt):
        redshift(api).execute("SELECT slow()")
    assert api.cancelled == ["statement-1"]


def test_statements_are_the_callers_or_those_of_a_secrets_user() -> None:
    for secret, parameters in ((None, {}), ("arn:secret", {"SecretArn": "arn:secret"})):
        api = DataApi(FINISHED)
        client = RedshiftData("workgroup", "dev", secret_arn=secret, data_client=api)
        client.execute("SELECT 1")
        client.batch(["SELECT 1"])
        assert [{key: sent[key] for key in ("SecretArn",) if key in sent} for sent in api.requests] == [parameters] * 2
