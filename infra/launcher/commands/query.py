"""Commands that only read: SQL, the report, the privileges of roles, and the validation of local files."""

from __future__ import annotations

import sys
import webbrowser
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
        access.Actor | None, typer.Option("--as", help="Run as this actor. Default: the administrator.")
    ] = None,
) -> None:
    """Run SQL in the warehouse through the Redshift Data API.

    Statements come from the argument, a file or standard input, separated by semicolons. The command stops at the
    first statement that fails. At a terminal, without any of these, it shows a prompt. In JSON a decimal is a number
    with all of its digits.
    """
    from infra.launcher import queries

    form: queries.Format = "json" if as_json else "csv" if as_csv else "table"
    if statement is None and file is None and sys.stdin.isatty():
        _converse(form, actor)
        return
    text, source = _text(statement, file)
    try:
        statements = queries.parse(text, source)
    except queries.NoStatement as error:
        terminal.fail(error, access.USAGE)
    stack = access.stack()
    access.require_warehouse(stack)
    try:
        queries.run(stack, statements, form, actor)
    except queries.QueryFailed as error:
        terminal.fail(error)
    except KeyboardInterrupt:
        terminal.complain("\nboxoffice: interrupted; the running statement is cancelled")
        raise typer.Exit(INTERRUPTED) from None


def _converse(form: queries.Format, actor: str | None) -> None:
    from infra.launcher import queries
    from infra.launcher.prompt import Prompt

    stack = access.stack()
    access.require_warehouse(stack)
    Prompt(lambda statement: queries.run(stack, [statement], form, actor), stack.home / "sql_history").converse()


def _text(statement: str | None, file: Path | None) -> tuple[str, str]:
    """The SQL to run, and the name of its source for messages."""
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


def report(
    browse: Annotated[bool, typer.Option("--open", help="Open it in the web browser.")] = False,
    dashboard: Annotated[str | None, typer.Option("--dashboard", help="Show this dashboard only.")] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file to write. Default: report.html in the home.")
    ] = None,
) -> None:
    """Write all dashboards as one HTML page, read as an analyst.

    The page loads nothing, so you can print it or send it on. It shows the newest published data, and how fresh and how
    good they are. Airflow serves the report of the home.
    """
    from infra.launcher import report as reports

    if output is not None and (output.is_dir() or not output.resolve().parent.is_dir()):
        terminal.fail(f"--output {output}: it takes a file in a folder that exists", access.USAGE)
    stack = access.stack()
    access.require_warehouse(stack)
    try:
        written = reports.write(stack, dashboard, output)
    except reports.UnknownDashboard as error:
        terminal.fail(error, access.USAGE)
    except reports.ReportFailed as error:
        terminal.fail(error)
    terminal.say(f"{written.charts} charts, {written.size / 1000:,.0f} kB: {written.file}")
    if browse and not webbrowser.open(written.file.as_uri()):
        terminal.complain("boxoffice: there is no web browser to open it with")


def login(
    actor: Annotated[access.Actor, typer.Option("--as", help="The actor who logs in.")] = "analyst",
    as_json: access.JsonOption = False,
) -> None:
    """Give a BI tool or a driver a login to the local warehouse, as an analyst. The password ends after an hour.

    The password is in a file that only you can read, and is not printed. Analysts read what is made for them and no
    personal data. The administrator is for administration: its password is in the home, in aws/pgpass.
    """
    from infra.launcher import logins

    stack = access.stack()
    if not stack.owns_aws:
        terminal.fail("the warehouse is in an account: log in to it with the account's own credentials", access.USAGE)
    access.require_warehouse(stack)
    try:
        logins.show(logins.give(stack, actor), as_json=as_json)
    except logins.LoginRefused as error:
        terminal.fail(error)


def privileges(as_json: access.JsonOption = False) -> None:
    """Show the privileges of each role of the account, and which of them this stack's runs have used.

    Exit code 0 if no call was denied and every unused privilege has a documented reason.
    """
    from infra.launcher import privileges as privileges_report

    report = privileges_report.report(access.home() / "aws")
    privileges_report.show(report, as_json=as_json)
    raise typer.Exit(1 if report.too_many or report.denials else 0)


def validate(
    source: Annotated[str, typer.Argument(help="The source, such as tickit.")],
    entity: Annotated[str, typer.Argument(help="The entity, such as sales.")],
    files: Annotated[list[Path], typer.Argument(help="Raw records as the source sends them; may be .gz.")],
    as_json: access.JsonOption = False,
) -> None:
    """Validate local files of raw records against the contracts. Needs no running stack and writes nothing.

    Exit code 1 if more records are rejected than the contract accepts. A run would fail at that point.
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
