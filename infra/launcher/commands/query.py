"""Commands that ask: the warehouse, the contracts, and what each role may do."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra import terminal
from infra.children import INTERRUPTED
from infra.launcher.commands import access

if TYPE_CHECKING:
    from infra.launcher import queries


def sql(
    statement: Annotated[
        str | None, typer.Argument(help="SQL in Redshift's dialect; - reads it from standard input.")
    ] = None,
    file: Annotated[Path | None, typer.Option("--file", "-f", help="Run the statements of a file, in order.")] = None,
    as_json: access.JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV with a header line.")] = False,
    actor: Annotated[
        access.Actor | None, typer.Option("--as", help="Whose privileges to have. Default: the administrator's.")
    ] = None,
) -> None:
    """Run SQL in the warehouse through the Redshift Data API.

    Statements come from the argument, a file or standard input, separated by semicolons; the first that fails ends the
    command. With none of these, at a terminal, there is a prompt. In JSON a decimal is a number with all of its digits.
    """
    from infra.launcher import queries

    form: queries.Format = "json" if as_json else "csv" if as_csv else "table"
    if statement is None and file is None and sys.stdin.isatty():
        _converse(form, actor)
        return
    text, source = _text(statement, file)
    try:
        several = queries.parse(text, source)
    except queries.NoStatement as error:
        terminal.fail(error, access.USAGE)
    stack = access.stack()
    access.require_warehouse(stack)
    try:
        queries.run(stack, several, form, actor)
    except queries.QueryFailed as error:
        terminal.fail(error)
    except KeyboardInterrupt:
        terminal.complain("\nboxoffice: interrupted; the statement that was running is cancelled")
        raise typer.Exit(INTERRUPTED) from None


def _converse(form: queries.Format, actor: str | None) -> None:
    from infra.launcher import queries
    from infra.launcher.prompt import Prompt

    stack = access.stack()
    access.require_warehouse(stack)
    Prompt(lambda typed: queries.run(stack, [typed], form, actor), stack.home / "sql_history").converse()


def _text(statement: str | None, file: Path | None) -> tuple[str, str]:
    """The SQL to run, and in words where it is from."""
    if statement is not None and file is not None:
        terminal.fail("give a statement or a file, not both", access.USAGE)
    if statement not in (None, "-"):
        return str(statement), "the argument"
    if file is None or str(file) == "-":
        return sys.stdin.read(), "standard input"
    access.require_file(file)
    try:
        return file.read_text(encoding="utf-8"), str(file)
    except (OSError, UnicodeDecodeError) as error:
        terminal.fail(f"{file} cannot be read: {error}", access.USAGE)


def privileges(as_json: access.JsonOption = False) -> None:
    """Show what each role of the account may do, and what of it this stack's runs have used.

    Exit code 0 only when there is a reason for whatever is granted and was not used, and no call was denied.
    """
    from infra.launcher import privileges as granted

    found = granted.report(access.home() / "aws")
    granted.show(found, as_json=as_json)
    raise typer.Exit(1 if found.too_many or found.denials else 0)


def validate(
    source: Annotated[str, typer.Argument(help="The source, such as tickit.")],
    entity: Annotated[str, typer.Argument(help="The entity, such as sales.")],
    files: Annotated[list[Path], typer.Argument(help="Raw records as the source gives them; .gz too.")],
    as_json: access.JsonOption = False,
) -> None:
    """Validate local files of raw records against the contracts. Needs no running stack, writes nothing.

    Exit code 1 when more records are rejected than the contract accepts: a run would stop there.
    """
    from infra.launcher import offline
    from lake.report import ContractViolation

    for file in files:
        access.require_file(file)
    try:
        report = offline.validate(source, entity, files)
    except offline.InvalidArguments as error:
        terminal.fail(error, access.USAGE)
    except ContractViolation as error:
        terminal.fail(error)
    offline.show(report, as_json=as_json)
    if report.has_too_many_rejects:
        terminal.fail(
            f"{report.quarantined_records:,} of {report.raw_records:,} records ({report.reject_share:.1%}) were "
            f"rejected, more than the {report.reject_threshold:.1%} that the contract of {source} {entity} accepts"
        )
