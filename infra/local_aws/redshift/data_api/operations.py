"""The Redshift Data API on the warehouse: moto's `redshift-data` with a database behind it.

Requests are validated as the service does it (synchronously, ValidationException). Statements run in worker threads,
and callers follow their status. Statements exist as long as the process.
Source: https://docs.aws.amazon.com/redshift-data/latest/APIReference/
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import psycopg
from moto.core.exceptions import JsonRESTError
from moto.redshiftdata.responses import RedshiftDataAPIServiceResponse as Response

from ..credentials.identity import Sender, Senders
from ..error_words import error_text
from ..errors import RefusedByRedshift
from ..execution import StatementResult
from ..results import StoredRows
from ..translator.redaction import redacted
from ..translator.splitting import split_statements
from . import listing, parameters, session_requests
from .answers import Answer, answer, invalid, not_found, page_start
from .cells import cell, metadata
from .session_requests import target_fields
from .sessions import BusySession, NoSuchSession, TooManySessions
from .statements import Request, Statement, StatementStore, TooManyActive

MAX_BATCH = 40
MAX_BYTES = 100 * 1024
PAGE_ROWS = 1000


@dataclass(frozen=True, slots=True)
class DataApi:
    """The context of the operations.

    Attributes:
        statements: the submitted statements.
        sender: finds who sent a request. Its statements run as its database user, who is created on first use.
        workgroup: the only workgroup; None accepts any name. There are no clusters.
    """

    statements: StatementStore
    sender: Senders
    workgroup: str | None


Operation = Callable[[StatementStore, dict[str, Any], Sender | None], Answer]


def answering(operation: Operation, api: DataApi) -> Callable[[Response], Answer]:
    """Turns an operation into a method of moto's response class."""

    def call(self: Response) -> Answer:
        sender = api.sender(self.headers.get("Authorization", ""))
        params = json.loads(self.body or "{}")
        if params.get("WorkgroupName") or params.get("ClusterIdentifier"):
            _check_endpoint(params, api.workgroup)
        return operation(api.statements, params, sender)

    return call


def _check_endpoint(params: dict[str, Any], workgroup: str | None) -> None:
    if workgroup is None:
        return
    if params.get("ClusterIdentifier"):
        if not (params.get("DbUser") or params.get("SecretArn")):
            raise invalid("Cluster login requires a database user name or a secret ARN.")
        raise invalid(f"Redshift endpoint doesn't exist in this region: there is no cluster, only {workgroup}.")
    if params["WorkgroupName"] != workgroup:
        raise invalid(f"Redshift endpoint doesn't exist in this region: the only workgroup is {workgroup}.")


def _listing(question: Callable[[psycopg.Connection, dict[str, Any]], dict[str, Any]]) -> Operation:
    def listed(store: StatementStore, params: dict[str, Any], sender: Sender | None) -> Answer:
        _check_target(params)
        try:
            with closing(store.session(_user(params, sender), params["Database"])) as session:
                return answer(question(session.connection, params))
        except (RefusedByRedshift, psycopg.Error) as error:
            raise invalid(error_text(error)) from error

    return listed


def _user(params: dict[str, Any], sender: Sender | None) -> str:
    """The database user: with a secret the secret's own, who is the administrator here; else the caller's."""
    return sender.database_user if sender and not params.get("SecretArn") else ""


def _request(
    store: StatementStore, params: dict[str, Any], sqls: list[str], sender: Sender | None, *, is_batch: bool
) -> Request:
    owner = sender.user_id if sender else None
    kept = session_requests.named_session(store.sessions, params, owner)
    if kept is None:
        _check_target(params)
    _check_mode(params)
    _check_texts(sqls)
    values = {item["name"]: item["value"] for item in params.get("Parameters") or []}
    if len(values) != len(params.get("Parameters") or []):
        raise invalid("Parameters list contains duplicate names.")
    try:
        unused_names = parameters.unused(sqls, values)
    except RefusedByRedshift:
        unused_names = []  # the statement itself is broken, and fails when it runs
    if unused_names:
        raise invalid(f"Parameters list contains unused parameters. Unused parameters: [{', '.join(unused_names)}]")
    return Request(
        sqls=sqls,
        is_batch=is_batch,
        autocommit=params.get("ExecutionMode") == "AUTO_COMMIT" or not is_batch,
        values=values,
        database=kept.database if kept else params["Database"],
        fields=kept.fields if kept else target_fields(params),
        name=params.get("StatementName"),
        token=params.get("ClientToken"),
        user=kept.user if kept else _user(params, sender),
        owner=owner,
        kept=kept,
        keep_seconds=params.get("SessionKeepAliveSeconds"),
    )


def _check_target(params: dict[str, Any]) -> None:
    if bool(params.get("ClusterIdentifier")) == bool(params.get("WorkgroupName")):
        raise invalid("Exactly one of ClusterIdentifier and WorkgroupName is required.")
    if not params.get("Database"):
        raise invalid("Database is required.")


def _check_mode(params: dict[str, Any]) -> None:
    if params.get("ResultFormat", "JSON") != "JSON":
        raise invalid("ResultFormat CSV is not supported by the local Redshift.")
    if params.get("ExecutionMode") not in (None, "AUTO_COMMIT", "TRANSACTION"):
        raise invalid("ExecutionMode must be AUTO_COMMIT or TRANSACTION.")
    session_requests.check_seconds(params)


def _check_texts(sqls: list[str]) -> None:
    for sql in sqls:
        if not sql.strip():
            raise invalid("SQL statement must not be empty.")
        if len(sql.encode()) > MAX_BYTES:
            raise invalid(f"SQL statement is larger than the maximum of {MAX_BYTES} bytes.")
        try:
            parts = split_statements(sql)
        except RefusedByRedshift:
            continue  # an unterminated string or the like, which fails when it runs
        if len(parts) > 1:
            raise invalid("Multi-statements are supported only through BatchExecuteStatement API.")


def _execute(store: StatementStore, params: dict[str, Any], sender: Sender | None) -> Answer:
    return _submit(store, _request(store, params, [params.get("Sql") or ""], sender, is_batch=False))


def _batch_execute(store: StatementStore, params: dict[str, Any], sender: Sender | None) -> Answer:
    sqls = params.get("Sqls") or []
    if not 1 <= len(sqls) <= MAX_BATCH:
        raise invalid(
            f"1 validation error detected: Value at 'sqls' failed to satisfy constraint: Member must have length "
            f"between 1 and {MAX_BATCH}"
        )
    return _submit(store, _request(store, params, list(sqls), sender, is_batch=True))


def _submit(store: StatementStore, request: Request) -> Answer:
    try:
        statement = store.submit(request)
    except TooManyActive as error:
        raise JsonRESTError("ActiveStatementsExceededException", str(error)) from error
    except (NoSuchSession, BusySession, TooManySessions) as error:
        raise session_requests.refusal(error) from error
    return answer(
        {
            "Id": statement.id,
            "CreatedAt": statement.created_at,
            "Database": statement.request.database,
            "SessionId": statement.request.kept.id if statement.request.kept else None,
            **statement.request.fields,
        }
    )


def _find(store: StatementStore, identifier: str) -> Statement:
    statement = store.get(identifier)
    if statement is None:
        raise not_found("Query does not exist.")
    return statement


def _describe(store: StatementStore, params: dict[str, Any], _: Sender | None) -> Answer:
    statement = _find(store, params.get("Id") or "")
    body = _facts(statement) | statement.request.fields
    body |= {
        "Database": statement.request.database,
        "RedshiftPid": statement.pid,
        "SessionId": statement.request.kept.id if statement.request.kept else None,
        "QueryParameters": [{"name": k, "value": v} for k, v in statement.request.values.items()] or None,
        "SubStatements": [_facts(part) for part in statement.parts] or None,
    }
    return answer(body)


def _facts(statement: Statement) -> dict[str, Any]:
    facts = {
        "Id": statement.id,
        "Status": statement.status,
        "QueryString": redacted(statement.sql),
        "Duration": statement.duration,
        "HasResultSet": statement.has_result,
        "ResultRows": statement.outcome.count if statement.outcome else -1,
        "ResultSize": _size(statement.outcome),
        "RedshiftQueryId": statement.query_id,
        "CreatedAt": statement.created_at,
        "UpdatedAt": statement.updated_at,
        "Error": statement.error,
    }
    return {key: value for key, value in facts.items() if value is not None}


def _size(outcome: StatementResult | None) -> int:
    if outcome is None or outcome.columns is None:
        return -1
    return outcome.rows.size if isinstance(outcome.rows, StoredRows) else -1


def _result(store: StatementStore, params: dict[str, Any], _: Sender | None) -> Answer:
    statement = _find(store, params.get("Id") or "")
    outcome = statement.outcome
    if statement.status != "FINISHED" or outcome is None or outcome.columns is None:
        raise not_found("Query does not have result. Please check query status with DescribeStatement.")
    start = page_start(params)
    page = outcome.rows[start : start + PAGE_ROWS]
    names = [column.type_name for column in outcome.columns]
    following = start + PAGE_ROWS
    return answer(
        {
            "ColumnMetadata": [metadata(column) for column in outcome.columns],
            "Records": [[cell(value, name) for value, name in zip(row, names, strict=True)] for row in page],
            "TotalNumRows": len(outcome.rows),
            "NextToken": str(following) if following < len(outcome.rows) else None,
        }
    )


def _cancel(store: StatementStore, params: dict[str, Any], _: Sender | None) -> Answer:
    statement = _find(store, params.get("Id") or "")
    if not store.cancel(statement):
        raise invalid(f"Could not cancel a query that is already in {statement.status} state with ID: {statement.id}")
    return answer({"Status": True})


def _list(store: StatementStore, params: dict[str, Any], sender: Sender | None) -> Answer:
    status = params.get("Status")
    prefix = params.get("StatementName") or ""
    matching = [
        statement
        for statement in store.all()
        if status in (None, "ALL", statement.status) and (statement.request.name or "").startswith(prefix)
        if sender is None or statement.request.owner == sender.user_id
    ]
    start = page_start(params)
    size = int(params.get("MaxResults") or 100)
    page = matching[start : start + size]
    next_token = str(start + size) if start + size < len(matching) else None
    return answer({"Statements": [_summary(statement) for statement in page], "NextToken": next_token})


def _summary(statement: Statement) -> dict[str, Any]:
    body = {
        "Id": statement.id,
        "Status": statement.status,
        "StatementName": statement.request.name,
        "IsBatchStatement": statement.request.is_batch,
        "QueryString": None if statement.request.is_batch else redacted(statement.sql),
        "QueryStrings": [redacted(sql) for sql in statement.request.sqls] if statement.request.is_batch else None,
        "CreatedAt": statement.created_at,
        "UpdatedAt": statement.updated_at,
    }
    return {key: value for key, value in body.items() if value is not None}


def _list_sessions(store: StatementStore, params: dict[str, Any], sender: Sender | None) -> Answer:
    return session_requests.list_sessions(store.sessions, params, sender.user_id if sender else None)


OPERATIONS: dict[str, Operation] = {
    "execute_statement": _execute,
    "batch_execute_statement": _batch_execute,
    "describe_statement": _describe,
    "get_statement_result": _result,
    "cancel_statement": _cancel,
    "list_statements": _list,
    "list_sessions": _list_sessions,
    "list_databases": _listing(listing.databases),
    "list_schemas": _listing(listing.schemas),
    "list_tables": _listing(listing.tables),
    "describe_table": _listing(listing.columns),
}
"""All operations, by the name of moto's method."""
