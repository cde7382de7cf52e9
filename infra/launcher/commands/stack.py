"""Commands that start the local stack, stop it, and look at it."""

from __future__ import annotations

import shutil
import subprocess
import sys

import typer

from infra.launcher import terminal
from infra.launcher.commands import access
from infra.launcher.stack import Stack


def up() -> None:
    """Bring the local stack up: local AWS, warehouse, simulator, Airflow. What runs already is left alone."""
    stack = access.stack()
    access.bring_up(stack)
    show_addresses(stack)


def down() -> None:
    """Stop the stack; no process stays behind. Data is kept (`reset` removes it)."""
    stopped = access.stack().down()
    terminal.say(f"stopped {stopped} processes" if stopped else "nothing was running")


def status(as_json: access.JsonOption = False) -> None:
    """Show what is up, where, and how the latest runs ended. Exit code 0 only when everything is up."""
    from infra.launcher import summary

    stack = access.stack()
    state = stack.status() | {"runs": summary.latest(stack) if stack.is_up() else []}
    if as_json:
        terminal.show_json(state)
    else:
        for name, process in state["processes"].items():
            pid = f"pid {process['pid']}" if process["pid"] else f"log {process['log']}"
            terminal.say(f"{name:<24} {process['state']:<6} {pid}")
        if stack.dead():
            terminal.say("'./boxoffice up' starts again what died; runs that were under way go on, or say what to do")
        for name, url in state["urls"].items():
            terminal.say(f"{name:<24} {url}")
        for run_ in state["runs"]:
            at = run_["finished_at"] or f"since {run_['started_at']}"
            terminal.say(f"{run_['run_id']:<36} {run_['status']:<10} {at:<28} {summary.unchanged(run_)}".rstrip())
    raise typer.Exit(0 if state["up"] else 3)


def reset(yes: access.YesOption = False) -> None:
    """Stop the stack and remove all of its data: lake, warehouse, Airflow's history. Keeps the environment."""
    stack = access.stack()
    if not yes:
        typer.confirm(f"Remove all data under {stack.home}?", abort=True)
    stack.down()
    for name in ("aws", "airflow", "alerts", "logs", "run"):
        shutil.rmtree(stack.home / name, ignore_errors=True)
    terminal.say(f"removed the data under {stack.home}")


def airflow(context: typer.Context) -> None:
    """Airflow's own command line on this stack, such as: airflow backfill create --help."""
    stack = access.stack()
    access.require_up(stack)
    command = [sys.executable, "-m", "airflow", *context.args]
    raise typer.Exit(subprocess.run(command, env=stack.airflow_environment(), check=False).returncode)


def show_addresses(stack: Stack) -> None:
    """Print where Airflow and the warehouse are."""
    urls = stack.status()["urls"]
    terminal.say(f"Airflow    {urls['airflow']}")
    if "warehouse" in urls:
        address = urls["warehouse"]
        terminal.say(f'Warehouse  {address}   (any PostgreSQL client; or ./boxoffice sql "select …")')
    terminal.say("The stack stays up; './boxoffice down' stops it.")
