"""Access of a command to its stack, and the options that several commands share."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

import pydantic
import typer
from pydantic_core import ErrorDetails

from infra import terminal
from infra.children import INTERRUPTED
from infra.stack.record import home_of
from infra.stack.services import AWS
from infra.stack.stack import Stack, StackError
from settings import Settings

USAGE = 2
"""Exit code for wrong options, files or settings."""

DateOption = Annotated[
    datetime | None,
    typer.Option("--date", formats=["%Y-%m-%d"], help="Business date, YYYY-MM-DD. Default: today in UTC."),
]
Actor = Literal["analyst", "extractor"]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Don't ask for confirmation.")]


def settings() -> Settings:
    """The settings from the environment. An invalid value ends the command."""
    try:
        return Settings()
    except pydantic.ValidationError as error:
        terminal.fail("\n  ".join(["invalid setting:", *map(_invalid, error.errors())]), code=USAGE)


def _invalid(item: ErrorDetails) -> str:
    """An invalid setting, by the name of its variable. The value of an API key is not printed."""
    name = str(item["loc"][0])
    variable = Settings.variable(name) if name in Settings.model_fields else name.upper()
    value = "" if "KEY" in variable else f" (it is {item['input']!r})"
    return f"{variable}: {item['msg']}{value}"


def stack() -> Stack:
    """The stack of the home, as it was started. A variable that contradicts a running stack ends the command."""
    local = Stack(settings(), say=terminal.say)
    if local.processes.any_running() and (contradictions := local.record.contradictions(local.settings)):
        advice = (
            f"Unset these variables to use the running stack of {local.home}. To start it with other settings, run "
            "'./boxoffice down' first. For another stack, set BOXOFFICE_HOME to another folder"
        )
        terminal.fail("\n  ".join([*contradictions, advice]), code=USAGE)
    return local


def home() -> Path:
    """The home that is set, for commands that don't depend on how the stack was started."""
    return home_of(os.environ)


def day(option: datetime | None, local: Stack) -> date | None:
    """The business date of an option. A date in the future ends the command."""
    if option is None:
        return None
    today = local.settings.current_date()
    if option.date() > today:
        terminal.fail(
            f"{option.date()} is in the future: today is {today} (UTC); --date takes today or a past day", USAGE
        )
    return option.date()


def require_file(path: Path) -> None:
    """End the command unless a path is a file that isn't empty."""
    if path.is_dir():
        terminal.fail(f"{path} is a folder; a file is expected", USAGE)
    if not path.exists():
        terminal.fail(f"there is no file {path}", USAGE)
    if path.is_file() and not path.stat().st_size:
        terminal.fail(f"{path} is empty", USAGE)


def bring_up(local: Stack) -> None:
    """Start the processes that don't run. A failure ends the command. After Ctrl-C, a stack that was down is stopped.

    Args:
        local: the stack.
    """
    was_up = local.processes.any_running()
    try:
        local.up()
    except StackError as error:
        terminal.fail(error)
    except KeyboardInterrupt:
        if was_up:
            terminal.complain(
                "\nboxoffice: interrupted; processes that ran before still run, './boxoffice up' starts the others"
            )
        else:
            terminal.complain("\nboxoffice: interrupted; stopping the new processes …")
            local.down()
            terminal.complain("the stack is down, its data is kept; './boxoffice up' starts it")
        raise typer.Exit(INTERRUPTED) from None


def require_up(local: Stack) -> None:
    """End the command unless the whole stack is up."""
    _require(local, local.process_names())


def require_warehouse(local: Stack) -> None:
    """End the command unless the warehouse is up. The other services may be down."""
    _require(local, [AWS] if local.owns_aws else [])


def _require(local: Stack, names: Sequence[str]) -> None:
    down = [name for name in names if not local.processes.running(name)]
    if dead := [name for name in down if local.processes.has_died(name)]:
        terminal.fail(f"{', '.join(dead)} died (logs: {local.processes.logs}); './boxoffice up' restarts it")
    if down:
        others = "".join(
            f"\n  a stack of another home is up: BOXOFFICE_HOME={home}" for home in local.processes.other_homes()
        )
        terminal.fail(f"the stack of {local.home} is not up; './boxoffice up' starts it{others}")
