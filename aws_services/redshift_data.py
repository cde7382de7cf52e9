"""Amazon Redshift through its Data API: SQL in, typed Python values out, without a connection.

Facts about the API that this module relies on (https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html):
statements run asynchronously; a batch of at most 40 is one transaction; parameters are named (`:name`), sent as text,
must each be used, and can be neither NULL nor empty; results are paged; a repeated `ClientToken` identifies the same
request.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from aws_services import resources
from aws_services._session import asking, client
from aws_services._waiting import Patience, wait_until
from aws_services.errors import AwsError, InvalidRequest, StatementFailed, TimedOut

Value = str | int | float | bool | Decimal | date | datetime
Row = dict[str, Any]

BATCH_LIMIT = 40
_FINAL_STATES = frozenset({"FINISHED", "FAILED", "ABORTED"})
_PATIENCE = Patience(deadline=1800, first=0.02, longest=0.5)


@dataclass(frozen=True, slots=True)
class StatementResult:
    """The result of one statement of a batch.

    Attributes:
        statement_id: the Data API's id, for `RedshiftData.rows_of`.
        rows: rows returned or affected; -1 if Redshift doesn't report it.
        has_rows: whether it returned a result set.
    """

    statement_id: str
    rows: int
    has_rows: bool


class Rows(list[Row]):
    """The rows of a statement, with the names of its columns, even if there is no row."""

    def __init__(self, rows: Iterable[Row] = (), columns: Sequence[str] = ()) -> None:
        super().__init__(rows)
        self.columns = tuple(columns)


class RedshiftData:
    """SQL statements on a Redshift Serverless workgroup.

    Args:
        workgroup: its name.
        database: database in it.
        secret_arn: a secret with the name and password of the database user to work as; without it, the caller's own
            IAM identity.
        patience: how long a statement may take (by default half an hour) and how often to check.
        data_client: a boto3 client of `redshift-data`; created if absent.

    Every method may raise `AccessDenied`, `NotFound`, `Throttled`, `ServiceUnreachable` or `InvalidRequest`.
    """

    def __init__(
        self,
        workgroup: str = resources.WORKGROUP,
        database: str = resources.WAREHOUSE_DATABASE,
        *,
        secret_arn: str | None = None,
        patience: Patience = _PATIENCE,
        data_client: Any = None,
    ) -> None:
        self._target = {"WorkgroupName": workgroup, "Database": database}
        if secret_arn:
            self._target["SecretArn"] = secret_arn
        self._resource = f"{workgroup}/{database}"
        self._patience = patience
        self._client = data_client or client("redshift-data")

    def execute(
        self,
        sql: str,
        params: Mapping[str, Value] | None = None,
        *,
        token: str | None = None,
        deadline: float | None = None,
    ) -> Rows:
        """Run one statement and wait for it.

        Args:
            sql: one statement in Redshift's dialect, with `:name` for each parameter.
            params: values by name; dates as ISO, aware datetimes converted to UTC. None and '' cannot be sent.
            token: makes the call idempotent: for some hours, the same token doesn't run the statement twice.
            deadline: seconds to wait at most; then the statement is cancelled.

        Returns:
            The rows as dictionaries: NUMERIC as Decimal, DATE as date, TIMESTAMP as naive datetime, TIMESTAMPTZ as
            aware datetime, integers, floats, booleans and None as themselves, the rest as str. Empty for a statement
            that returns none.

        Raises:
            StatementFailed: Redshift refused it.
            TimedOut: it wasn't finished at the deadline.
        """
        request = {"Sql": sql, **self._request(params, token)}
        with asking("ExecuteStatement", self._resource):
            statement_id = str(self._client.execute_statement(**self._target, **request)["Id"])
        description = self._wait(statement_id, [sql], deadline)
        return self.result_of(statement_id) if description.get("HasResultSet") else Rows()

    def batch(
        self,
        statements: Sequence[str],
        params: Mapping[str, Value] | None = None,
        *,
        token: str | None = None,
        deadline: float | None = None,
    ) -> list[StatementResult]:
        """Run statements as one transaction: all of them take effect, or none.

        Args:
            statements: 1 to 40, in order.
            params: shared by all statements; each must be used by at least one.
            token: as in `execute`.
            deadline: as in `execute`, for the whole batch.

        Raises:
            StatementFailed: a statement failed and all were rolled back; the error has its position and text.
            TimedOut: the batch wasn't finished at the deadline.
            InvalidRequest: there are no statements, or more than 40.
        """
        if not 1 <= len(statements) <= BATCH_LIMIT:
            detail = f"a batch must have 1 to {BATCH_LIMIT} statements; this one has {len(statements)}"
            raise InvalidRequest("BatchExecuteStatement", self._resource, detail)
        request = {"Sqls": list(statements), **self._request(params, token)}
        with asking("BatchExecuteStatement", self._resource):
            batch_id = str(self._client.batch_execute_statement(**self._target, **request)["Id"])
        description = self._wait(batch_id, statements, deadline)
        return [
            StatementResult(str(sub["Id"]), int(sub.get("ResultRows", -1)), bool(sub.get("HasResultSet")))
            for sub in description.get("SubStatements", ())
        ]

    def rows_of(self, statement_id: str) -> Iterator[Row]:
        """The rows of a finished statement, page by page. Raises InvalidRequest if two columns share a name."""
        for names, records in self._pages(statement_id):
            for record in records:
                yield dict(zip(names, record, strict=True))

    def result_of(self, statement_id: str) -> Rows:
        """All rows of a finished statement with their columns. Raises InvalidRequest if two columns share a name."""
        rows = Rows()
        for names, records in self._pages(statement_id):
            rows.columns = tuple(names)
            rows.extend(dict(zip(names, record, strict=True)) for record in records)
        return rows

    def _pages(self, statement_id: str) -> Iterator[tuple[list[str], list[list[Any]]]]:
        token: str | None = None
        while True:
            request = {"Id": statement_id, **({"NextToken": token} if token else {})}
            with asking("GetStatementResult", statement_id):
                page = self._client.get_statement_result(**request)
            names, readers = self._columns(page["ColumnMetadata"], statement_id)
            yield (
                names,
                [
                    [_value(cell, read) for read, cell in zip(readers, record, strict=True)]
                    for record in page["Records"]
                ],
            )
            token = page.get("NextToken")
            if not token:
                return

    def _columns(
        self, metadata: Sequence[Mapping[str, Any]], statement_id: str
    ) -> tuple[list[str], list[Callable[[str], Any]]]:
        names = [str(column.get("label") or column["name"]) for column in metadata]
        if duplicates := {name for name in names if names.count(name) > 1}:
            detail = f"several columns are named {', '.join(sorted(duplicates))}: give each its own alias"
            raise InvalidRequest("GetStatementResult", statement_id, detail)
        return names, [_READERS.get(str(column.get("typeName", "")).lower(), str) for column in metadata]

    def _request(self, params: Mapping[str, Value] | None, token: str | None) -> dict[str, Any]:
        request: dict[str, Any] = {"ClientToken": token or str(uuid.uuid4())}
        if params:
            request["Parameters"] = [{"name": name, "value": self._text(name, value)} for name, value in params.items()]
        return request

    def _text(self, name: str, value: Value | None) -> str:
        if value is None or value == "":
            detail = f"parameter :{name} is NULL or empty, which the Data API cannot send: write NULL or '' in the SQL"
            raise InvalidRequest("bind", self._resource, detail)
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, datetime):
            return (value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value).isoformat(" ")
        return value.isoformat() if isinstance(value, date) else str(value)

    def _wait(self, statement_id: str, statements: Sequence[str], deadline: float | None) -> dict[str, Any]:
        patience = self._patience if deadline is None else replace(self._patience, deadline=deadline)
        try:
            description = wait_until(
                lambda: self._describe(statement_id),
                lambda description: description["Status"] in _FINAL_STATES,
                patience,
                operation="statement",
                resource=f"{self._resource}/{statement_id}",
                describe=lambda description: str(description["Status"]),
            )
        except (TimedOut, KeyboardInterrupt) as interruption:
            self._cancel(statement_id, interruption)
            raise
        if description["Status"] != "FINISHED":
            raise self._failure(description, statement_id, statements)
        return description

    def _describe(self, statement_id: str) -> dict[str, Any]:
        with asking("DescribeStatement", statement_id):
            description: dict[str, Any] = self._client.describe_statement(Id=statement_id)
            return description

    def _cancel(self, statement_id: str, interruption: BaseException) -> None:
        """Cancel a statement that no one waits for any more; a failure to cancel becomes a note of the error."""
        try:
            with asking("CancelStatement", statement_id):
                self._client.cancel_statement(Id=statement_id)
        except AwsError as error:
            interruption.add_note(f"The statement could not be cancelled: {error}")

    def _failure(self, description: Mapping[str, Any], statement_id: str, statements: Sequence[str]) -> StatementFailed:
        position = 0
        detail = str(description.get("Error") or f"ended as {description['Status']}")
        for index, sub in enumerate(description.get("SubStatements", ())):
            if sub.get("Status") == "FAILED" and index < len(statements):
                position = index
                detail = str(sub.get("Error") or detail)
                break
        return StatementFailed("statement", self._resource, detail, statements[position], position + 1, statement_id)


def _boolean(text: str) -> bool:
    return text.lower() in {"t", "true", "1"}


_READERS: dict[str, Callable[[str], Any]] = {
    "bool": _boolean,
    "int2": int,
    "int4": int,
    "int8": int,
    "oid": int,
    "numeric": Decimal,
    "float4": float,
    "float8": float,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "timestamp": datetime.fromisoformat,
    "timestamptz": datetime.fromisoformat,
}


def _value(cell: Mapping[str, Any], read: Callable[[str], Any]) -> Any:
    """One cell: the API types booleans, integers and floats itself, and sends everything else as text."""
    if cell.get("isNull"):
        return None
    if "stringValue" in cell:
        return read(cell["stringValue"])
    for kind in ("longValue", "doubleValue", "booleanValue", "blobValue"):
        if kind in cell:
            return cell[kind]
    return None
