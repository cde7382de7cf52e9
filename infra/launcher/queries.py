"""`./boxoffice sql`: one statement through the Redshift Data API, shown as a table, JSON or CSV."""

from __future__ import annotations

import csv
import json
import sys
from decimal import Decimal
from typing import Literal

from rich.console import Console
from rich.table import Table

from aws_services import resources
from aws_services.errors import AwsError
from aws_services.redshift_data import RedshiftData, Rows
from infra.launcher.stack import Stack

_UNFOLDED = 10_000  # columns: a row stays a line, as in psql
Format = Literal["table", "json", "csv"]


class QueryFailed(RuntimeError):
    """The warehouse refused the statement; the message is its reason."""


def warehouse(stack: Stack, actor: str | None = None) -> RedshiftData:
    """The stack's warehouse, through the Data API; as its administrator, or as one of `stack.ACTORS`."""
    stack.use_aws(actor)
    return RedshiftData(resources.WORKGROUP, resources.WAREHOUSE_DATABASE)


def show(stack: Stack, statement: str, form: Format, console: Console, actor: str | None = None) -> None:
    """Run a statement, as the administrator or as an actor, and print its rows.

    Raises:
        QueryFailed: the statement was refused.
    """
    try:
        result = warehouse(stack, actor).execute(statement)
    except AwsError as error:
        raise QueryFailed(str(error)) from error
    if form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(result.columns)
        writer.writerows(row.values() for row in result)
    elif form == "json":
        print(json.dumps(list(result), default=_plain, indent=2))  # noqa: T201
    else:
        _table(result, console)


def _plain(value: object) -> object:
    """What JSON has no type for: decimals as numbers, dates and times as text."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)


def _table(result: Rows, console: Console) -> None:
    if not result.columns:
        console.print("done")
        return
    table = Table(box=None, pad_edge=False)
    for name in result.columns:
        table.add_column(name, no_wrap=True)
    for row in result:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    Console(width=_UNFOLDED, highlight=False).print(table)
    console.print(f"({len(result)} rows)")
