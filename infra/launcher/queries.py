"""`./boxoffice sql`: statements through the Redshift Data API, their rows shown as a table, JSON or CSV."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Literal

from aws_services import resources
from aws_services.errors import AwsError
from aws_services.redshift_data import RedshiftData, Rows
from infra import terminal
from infra.stack.stack import Stack
from warehouse import statements

Format = Literal["table", "json", "csv"]


class QueryFailed(RuntimeError):
    """The warehouse refused the statement; the message is its reason."""


class NoStatement(ValueError):
    """There is nothing to run; the message says where it was looked for."""


def warehouse(stack: Stack, actor: str | None = None) -> RedshiftData:
    """The stack's warehouse, through the Data API; as its administrator, or as one of `stack.ACTORS`."""
    stack.use_aws(actor)
    return RedshiftData(resources.WORKGROUP, resources.WAREHOUSE_DATABASE)


def parse(text: str, source: str) -> list[str]:
    """The statements of a text.

    Raises:
        NoStatement: there is none, or a string is not closed; the message names the source.
    """
    try:
        found = statements.split(text)
    except ValueError as error:
        raise NoStatement(f"{source}: {error}") from error
    if not found:
        raise NoStatement(f"there is no statement in {source}")
    return found


def run(stack: Stack, several: Sequence[str], form: Format, actor: str | None = None) -> None:
    """Run statements one after the other, as the administrator or as an actor, and print their rows.

    Each is a transaction of its own. As JSON, one statement gives a list of rows, several a list of such lists.

    Raises:
        QueryFailed: one was refused; the message has its number, and those after it are not run.
    """
    redshift = warehouse(stack, actor)
    results = []
    for number, statement in enumerate(several, start=1):
        try:
            result = redshift.execute(statement)
        except AwsError as error:
            if len(several) == 1:
                raise QueryFailed(str(error)) from error
            kept = "what came before it is done" if number > 1 else "nothing was done"
            raise QueryFailed(f"statement {number} of {len(several)} failed, {kept}: {error}") from error
        if form == "json":
            results.append(list(result))
        elif form == "csv":
            _csv(result)
        else:
            _table(result)
    if form == "json":
        terminal.show_json(results[0] if len(results) == 1 else results)


def _csv(result: Rows) -> None:
    """Print rows as RFC 4180 has it, values exactly as they are; only a terminal gets control characters escaped."""
    if not result.columns:
        return
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
    shortened = "; long text is shortened here, --csv and --json print all" if is_shortened else ""
    terminal.say(f"({len(result)} row{'' if len(result) == 1 else 's'}{shortened})")
