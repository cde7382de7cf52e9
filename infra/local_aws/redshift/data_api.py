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
from typing import Any, Protocol

import psycopg
from moto.core.exceptions import JsonRESTError
from moto.redshiftdata.responses import RedshiftDataAPIServiceResponse as Response

from . import listing, parameters
from .cells import cell, metadata
from .errors import RefusedByRedshift
from .execution import StatementResult, error_text
from .results import StoredRows
from .splitting import split_statements
from .statements import Request, Statement, StatementStore, TooManyActive

MAX_BATCH = 40
MAX_BYTES = 100 * 1024
PAGE_ROWS = 1000

_Answer = tuple[int, dict[str, Any], str]


def _invalid(message: str) -> JsonRESTError:
    return JsonRESTError("ValidationException", message)


def _not_found(message: str) -> JsonRESTError:
    return JsonRESTError("ResourceNotFoundException", message)


def _answer(body: dict[str, Any]) -> _Answer:
    return 200, {}, json.dumps({key: value for key, value in body.items() if value is not None})


class Caller(Protocol):
    """The session of a role that sent a request."""

    @property
    def role(self) -> str:
        """The role's name."""

    @property
    def user_id(self) -> str:
        """The session's `aws:userid`."""


Sender = Callable[[str], Caller | None]
"""Returns the role that sent a request, given its header `Authorization`; None for the administrator."""


@dataclass(frozen=True, slots=True)
class DataApi:
    """The context of the operations.

    Attributes:
        statements: the submitted statements.
        sender: a role's statements run as the user `IAMR:<role>`, who is created on first use.
        workgroup: the only workgroup; None accepts any name. There are no clusters.
    """

    statements: StatementStore
    sender: Sender
    workgroup: str | None


Operation = Callable[[StatementStore, dict[str, Any], Caller | None], _Answer]


def answering(operation: Operation, api: DataApi) -> Callable[[Response], _Answer]:
    """Turns an operation into a method of moto's response class."""

    def call(self: Response) -> _Answer:
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
            raise _invalid("Cluster login requires a database user name or a secret ARN.")
        raise _invalid(f"Redshift endpoint doesn't exist in this region: there is no cluster, only {workgroup}.")
    if params["WorkgroupName"] != workgroup:
        raise _invalid(f"Redshift endpoint doesn't exist in this region: the only workgroup is {workgroup}.")


def _listing(question: Callable[[psycopg.Connection, dict[str, Any]], dict[str, Any]]) -> Operation:
    def answer(store: StatementStore, params: dict[str, Any], sender: Caller | None) -> _Answer:
        _check_target(params)
        try:
            with closing(store.session(_user(params, sender), params["Database"])) as session:
                return _answer(question(session.connection, params))
        except (RefusedByRedshift, psycopg.Error) as error:
            raise _invalid(error_text(error)) from error

    return answer


def _user(params: dict[str, Any], sender: Caller | None) -> str:
    """The database user: with a secret the secret's own, who is the administrator here; else the caller's."""
    return f"IAMR:{sender.role}" if sender and not params.get("SecretArn") else ""


def _request(params: dict[str, Any], sqls: list[str], sender: Caller | None, *, is_batch: bool) -> Request:
    _check_target(params)
    _check_texts(sqls)
    values = {item["name"]: item["value"] for item in params.get("Parameters") or []}
    if len(values) != len(params.get("Parameters") or []):
        raise _invalid("Parameters list contains duplicate names.")
    try:
        unused_names = parameters.unused(sqls, values)
    except RefusedByRedshift:
        unused_names = []  # the statement itself is broken, and fails when it runs
    if unused_names:
        raise _invalid(f"Parameters list contains unused parameters. Unused parameters: [{', '.join(unused_names)}]")
    return Request(
        sqls=sqls,
        is_batch=is_batch,
        autocommit=params.get("ExecutionMode") == "AUTO_COMMIT" or not is_batch,
        values=values,
        database=params["Database"],
        fields={key: params.get(key) for key in ("ClusterIdentifier", "WorkgroupName", "DbUser", "SecretArn")},
        name=params.get("StatementName"),
        token=params.get("ClientToken"),
        user=_user(params, sender),
        owner=sender.user_id if sender else None,
    )


def _check_target(params: dict[str, Any]) -> None:
    if params.get("SessionId") or params.get("SessionKeepAliveSeconds"):
        raise _invalid("Sessions are not supported by the local Redshift.")
    if bool(params.get("ClusterIdentifier")) == bool(params.get("WorkgroupName")):
        raise _invalid("Exactly one of ClusterIdentifier and WorkgroupName is required.")
    if not params.get("Database"):
        raise _invalid("Database is required.")
    if params.get("ResultFormat", "JSON") != "JSON":
        raise _invalid("ResultFormat CSV is not supported by the local Redshift.")
    if params.get("ExecutionMode") not in (None, "AUTO_COMMIT", "TRANSACTION"):
        raise _invalid("ExecutionMode must be AUTO_COMMIT or TRANSACTION.")


def _check_texts(sqls: list[str]) -> None:
    for sql in sqls:
        if not sql.strip():
            raise _invalid("SQL statement must not be empty.")
        if len(sql.encode()) > MAX_BYTES:
            raise _invalid(f"SQL statement is larger than the maximum of {MAX_BYTES} bytes.")
        try:
            parts = split_statements(sql)
        except RefusedByRedshift:
            continue  # an unterminated string or the like, which fails when it runs
        if len(parts) > 1:
            raise _invalid("Multi-statements are supported only through BatchExecuteStatement API.")


def _execute(store: StatementStore, params: dict[str, Any], sender: Caller | None) -> _Answer:
    return _submit(store, _request(params, [params.get("Sql") or ""], sender, is_batch=False))


def _batch_execute(store: StatementStore, params: dict[str, Any], sender: Caller | None) -> _Answer:
    sqls = params.get("Sqls") or []
    if not 1 <= len(sqls) <= MAX_BATCH:
        raise _invalid(
            f"1 validation error detected: Value at 'sqls' failed to satisfy constraint: Member must have length "
            f"between 1 and {MAX_BATCH}"
        )
    return _submit(store, _request(params, list(sqls), sender, is_batch=True))


def _submit(store: StatementStore, request: Request) -> _Answer:
    try:
        statement = store.submit(request)
    except TooManyActive as error:
        raise JsonRESTError("ActiveStatementsExceededException", str(error)) from error
    return _answer(
        {
            "Id": statement.id,
            "CreatedAt": statement.created_at,
            "Database": statement.request.database,
            **statement.request.fields,
        }
    )


def _find(store: StatementStore, identifier: str) -> Statement:
    statement = store.get(identifier)
    if statement is None:
        raise _not_found("Query does not exist.")
    return statement


def _describe(store: StatementStore, params: dict[str, Any], _: Caller | None) -> _Answer:
    statement = _find(store, params.get("Id") or "")
    body = _facts(statement) | statement.request.fields
    body |= {
        "Database": statement.request.database,
        "RedshiftPid": statement.pid,
        "QueryParameters": [{"name": k, "value": v} for k, v in statement.request.values.items()] or None,
        "SubStatements": [_facts(part) for part in statement.parts] or None,
    }
    return _answer(body)


def _facts(statement: Statement) -> dict[str, Any]:
    facts = {
        "Id": statement.id,
        "Status": statement.status,
        "QueryString": statement.sql,
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


def _result(store: StatementStore, params: dict[str, Any], _: Caller | None) -> _Answer:
    statement = _find(store, params.get("Id") or "")
    outcome = statement.outcome
    if statement.status != "FINISHED" or outcome is None or outcome.columns is None:
        raise _not_found("Query does not have result. Please check query status with DescribeStatement.")
    start = _token(params)
    page = outcome.rows[start : start + PAGE_ROWS]
    names = [column.type_name for column in outcome.columns]
    following = start + PAGE_ROWS
    return _answer(
        {
            "ColumnMetadata": [metadata(column) for column in outcome.columns],
            "Records": [[cell(value, name) for value, name in zip(row, names, strict=True)] for row in page],
            "TotalNumRows": len(outcome.rows),
            "NextToken": str(following) if following < len(outcome.rows) else None,
        }
    )


def _token(params: dict[str, Any]) -> int:
    token = params.get("NextToken") or "0"
    if not token.isdigit():
        raise _invalid("NextToken is not valid.")
    return int(token)


def _cancel(store: StatementStore, params: dict[str, Any], _: Caller | None) -> _Answer:
    statement = _find(store, params.get("Id") or "")
    if not store.cancel(statement):
        raise _invalid(f"Could not cancel a query that is already in {statement.status} state with ID: {statement.id}")
    return _answer({"Status": True})


def _list(store: StatementStore, params: dict[str, Any], sender: Caller | None) -> _Answer:
    status = params.get("Status")
    prefix = params.get("StatementName") or ""
    matching = [
        statement
        for statement in store.all()
        if status in (None, "ALL", statement.status) and (statement.request.name or "").startswith(prefix)
        if sender is None or statement.request.owner == sender.user_id
    ]
    start = _token(params)
    size = int(params.get("MaxResults") or 100)
    page = matching[start : start + size]
    next_token = str(start + size) if start + size < len(matching) else None
    return _answer({"Statements": [_summary(statement) for statement in page], "NextToken": next_token})


def _summary(statement: Statement) -> dict[str, Any]:
    body = {
        "Id": statement.id,
        "Status": statement.status,
        "StatementName": statement.request.name,
        "IsBatchStatement": statement.request.is_batch,
        "QueryString": None if statement.request.is_batch else statement.sql,
        "QueryStrings": statement.request.sqls if statement.request.is_batch else None,
        "CreatedAt": statement.created_at,
        "UpdatedAt": statement.updated_at,
    }
    return {key: value for key, value in body.items() if value is not None}


OPERATIONS: dict[str, Operation] = {
    "execute_statement": _execute,
    "batch_execute_statement": _batch_execute,
    "describe_statement": _describe,
    "get_statement_result": _result,
    "cancel_statement": _cancel,
    "list_statements": _list,
    "list_databases": _listing(listing.databases),
    "list_schemas": _listing(listing.schemas),
    "list_tables": _listing(listing.tables),
    "describe_table": _listing(listing.columns),
}
"""All operations, by the name of moto's method."""
