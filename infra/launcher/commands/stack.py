"""Commands that start, stop and inspect the local stack."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from infra import children, terminal
from infra.launcher.commands import access
from infra.stack import removal
from infra.stack.airflow_api import AirflowError
from infra.stack.stack import Stack


def up() -> None:
    """Bring the local stack up: local AWS, warehouse, simulator, Airflow. Running services are left alone."""
    stack = access.stack()
    access.bring_up(stack)
    show_addresses(stack)


def down() -> None:
    """Stop the stack and all of its processes. Data is kept (`reset` removes it)."""
    stopped = Stack(access.settings()).down()
    terminal.say(f"stopped {stopped} processes" if stopped else "nothing was running")


def status(as_json: access.JsonOption = False) -> None:
    """Show the services, their addresses and problems, and the runs that failed.

    Sends a request to each service, with a limit of five seconds. Exit code 0: everything works. 3: a service is down
    or doesn't answer, and its line shows what to do. 4: everything is up, but the newest run of a DAG failed.
    """
    from infra.launcher import condition

    state = condition.of(access.stack())
    if as_json:
        terminal.show_json(state)
    else:
        for line in condition.lines(state):
            terminal.say(line)
    raise typer.Exit(condition.exit_code(state))


def reset(yes: access.YesOption = False) -> None:
    """Stop the stack and remove all of its data: lake, warehouse, Airflow's history. The environment is kept."""
    stack = Stack(access.settings())
    if not yes:
        typer.confirm(f"Remove all data under {stack.home}?", abort=True)
    stack.down()
    stack.database.remove()
    try:
        removal.remove(stack.home)
    except OSError as error:
        terminal.fail(f"not all data could be removed ({error}); './boxoffice reset' removes the rest")
    terminal.say(f"removed the data under {stack.home}")


def logs(
    name: Annotated[
        str | None, typer.Argument(help="A service, a DAG, a task or a Glue job. Default: list all.")
    ] = None,
    task: Annotated[str | None, typer.Argument(help="A task of the DAG; its newest attempt is shown.")] = None,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Print new lines as they are written, until Ctrl-C.")
    ] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, help="How many lines, from the end.")] = 100,
) -> None:
    """Show the log of a service, a task or a Glue job, or list all logs. The stack may be up or down."""
    from infra.launcher import logs as log_files

    home_logs = log_files.Logs(access.home())
    if name is None:
        home_logs.show_all()
        return
    try:
        path = home_logs.find(name, task)
    except log_files.NoSuchLog as error:
        terminal.fail(error, access.USAGE)
    log_files.show(path, lines, follow=follow)


def airflow(context: typer.Context) -> None:
    """Run Airflow's own command line on this stack, such as: airflow dags list."""
    stack = access.stack()
    access.require_up(stack)
    _refuse_to_backfill_a_paused_dag(stack, context.args)
    command = [sys.executable, "-m", "airflow", *context.args]
    raise typer.Exit(children.run(command, stack.airflow_environment()))


def _refuse_to_backfill_a_paused_dag(stack: Stack, arguments: Sequence[str]) -> None:
    """Refuse the backfill: Airflow would accept it, and its runs would wait silently."""
    if list(arguments[:2]) != ["backfill", "create"]:
        return
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--dag-id")
    known, _ = parser.parse_known_args(arguments[2:])
    try:
        if known.dag_id:
            stack.airflow.require_on(known.dag_id)
    except AirflowError as error:
        terminal.fail(error)


def show_addresses(stack: Stack) -> None:
    """Print where Airflow and the warehouse are."""
    urls = stack.status()["urls"]
    terminal.say(f"Airflow    {urls['airflow']}")
    if "warehouse" in urls:
        address = urls["warehouse"]
        terminal.say(f"Warehouse  {address}   (the administrator; a BI tool gets a login by './boxoffice login')")
    terminal.say("The stack stays up; './boxoffice down' stops it.")
