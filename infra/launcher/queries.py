"""`./boxoffice sql`: one statement through the Redshift Data API, shown as a table, JSON or CSV."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Literal

from aws_services import resources
from aws_services.errors import AwsError
from aws_services.redshift_data import RedshiftData, Rows
from infra.launcher import terminal
from infra.launcher.stack import Stack

Format = Literal["table", "json", "csv"]


class QueryFailed(RuntimeError):
    """The warehouse refused the statement; the message is its reason."""


def warehouse(stack: Stack, actor: str | None = None) -> RedshiftData:
    """The stack's warehouse, through the Data API; as its administrator, or as one of `stack.ACTORS`."""
    stack.use_aws(actor)
    return RedshiftData(resources.WORKGROUP, resources.WAREHOUSE_DATABASE)


def show(stack: Stack, statement: str, form: Format, actor: str | None = None) -> None:
    """Run a statement, as the administrator or as an actor, and print its rows.

    Raises:
        QueryFailed: the statement was refused.
    """
    try:
        result = warehouse(stack, actor).execute(statement)
    except AwsError as error:
        raise QueryFailed(str(error)) from error
    if form == "csv":
        _csv(result)
    elif form == "json":
        terminal.show_json(list(result))
    else:
        _table(result)


def _csv(result: Rows) -> None:
    """Print rows as RFC 4180 has it, values exactly as they are; only a terminal gets control characters escaped."""
    plain: Callable[[Any], Any] = terminal.printable if sys.stdout.isatty() else lambda text: text
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(map(plain, result.columns))
    writer.writerows([None if value is None else plain(_exact(value)) for value in row.values()] for row in result)


def _exact(value: object) -> object:
    return f"{value:f}" if isinstance(value, Decimal) else value


def _table(result: Rows) -> None:
    if not result.columns:
        terminal.say("done")
        return
    rows = [list(row.values()) for row in result]
    is_shortened = terminal.show_table(result.columns, rows, grouped=False, folded=False)
    terminal.say(f"({len(result)} rows{'; long text is shortened here, --csv and --json print all' * is_shortened})")
