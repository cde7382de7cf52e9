"""Commands that run pipelines and other DAGs through Airflow."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from infra import terminal
from infra.launcher import dag_run
from infra.launcher.commands import access
from infra.launcher.commands.stack import show_addresses
from infra.stack.stack import Stack
from warehouse.stars import stars


def run(date_: access.DateOption = None) -> None:
    """Bring the stack up, run every pipeline for a day, and show the results.

    The stack stays up afterwards. A day that is already finished isn't run again.
    """
    stack = access.stack()
    day = access.day(date_, stack)
    access.bring_up(stack)
    failed = [star.pipeline for star in stars() if not dag_run.succeeds(stack, star.pipeline, day)]
    if failed:
        terminal.complain(f"boxoffice: {', '.join(failed)} failed")
    show_addresses(stack)
    _write_report(stack)
    raise typer.Exit(1 if failed else 0)


def _write_report(stack: Stack) -> None:
    """Write the report of the data. A failure is printed. It doesn't fail the run, whose data are published."""
    from infra.launcher import report

    try:
        terminal.say(f"Report     {report.write(stack).file}")
    except Exception as error:  # noqa: BLE001  whatever it is
        terminal.complain(f"boxoffice: the report was not written: {error}")


def trigger(
    dag: Annotated[str, typer.Argument(help="The DAG to trigger, such as tickit_load.")],
    date_: access.DateOption = None,
    location: Annotated[
        str | None, typer.Option("--location", help="Where the files are: a folder, file://, https:// or s3://.")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Load all files, even those that haven't changed.")] = False,
    refetch: Annotated[bool, typer.Option("--refetch", help="Fetch a second observation of a finished day.")] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Load a finished day again from its raw data.")] = False,
    accept_drop: Annotated[
        bool,
        typer.Option("--accept-drop", help="Publish even if the data has shrunk by more than half."),
    ] = False,
    wait: Annotated[
        bool, typer.Option("--wait", help="Follow the run to its end; exit code 0 only if it succeeds.")
    ] = False,
) -> None:
    """Trigger a DAG through Airflow's API.

    All options except --wait are the DAG's parameters. The command refuses an option that the DAG doesn't have.
    """
    stack = access.stack()
    day = access.day(date_, stack)
    source = _absolute(location) if location else None
    access.require_up(stack)
    options = {"location": source, "full": full, "refetch": refetch, "rebuild": rebuild, "accept_drop": accept_drop}
    params = {name: value for name, value in options.items() if value}
    if wait:
        outcome = dag_run.run(stack, dag, day, **params)
        raise typer.Exit(0 if outcome.succeeded else 1)
    run_id = dag_run.trigger(stack, dag, day, **params)
    terminal.say(f"triggered {dag}: {stack.airflow_url}/dags/{dag}/runs/{run_id}")


def _absolute(location: str) -> str:
    """A location as Airflow needs it: a local folder becomes an absolute path, because Airflow has another folder."""
    if "://" in location:
        return location
    folder = Path(location).expanduser().resolve()
    if folder.is_file():
        terminal.fail(f"{folder} is a file; --location takes the folder that holds the files", access.USAGE)
    if not folder.is_dir():
        terminal.fail(
            f"there is no folder {folder}; --location takes a folder, file://, https:// or s3://", access.USAGE
        )
    return str(folder)


def replay(
    source: Annotated[str, typer.Argument(help="The source: ticketmaster or tickit.")],
    date_: access.DateOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show which records pass now.")] = False,
) -> None:
    """Validate a day's quarantined records again, and load those that pass.

    Use this after you have fixed a contract. The day is validated and loaded from its raw data, each record once.
    """
    from infra.launcher import replaying

    stack = access.stack()
    business_date = access.day(date_, stack) or stack.settings.current_date()
    access.require_up(stack)
    try:
        day = replaying.Replaying(stack, source, business_date)
        results = day.look()
    except replaying.ReplayRefused as error:
        terminal.fail(error)
    replaying.show(results, day.day)
    if dry_run or not any(result.passing for result in results):
        return
    before = day.state()
    outcome = dag_run.run(stack, day.pipeline, day.day, rebuild=True)
    if not outcome.succeeded:
        raise typer.Exit(1)
    replaying.show_gain(before, day.state())
