"""How a command gets at its stack, and the options that several commands share."""

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
"""Exit code of a call that cannot be carried out as it was made: options, files or settings that are wrong."""

DateOption = Annotated[
    datetime | None,
    typer.Option("--date", formats=["%Y-%m-%d"], help="Business date, YYYY-MM-DD. Default: today in UTC."),
]
Actor = Literal["analyst", "extractor"]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def settings() -> Settings:
    """The settings of the environment; a value that is not valid ends the command."""
    try:
        return Settings()
    except pydantic.ValidationError as error:
        terminal.fail("\n  ".join(["a setting is not valid:", *map(_invalid, error.errors())]), code=USAGE)


def _invalid(item: ErrorDetails) -> str:
    """A setting that is not valid, by the name that a user writes; the API's key is not repeated."""
    name = str(item["loc"][0])
    variable = Settings.variable(name) if name in Settings.model_fields else name.upper()
    given = "" if "KEY" in variable else f" (it is {item['input']!r})"
    return f"{variable}: {item['msg']}{given}"


def stack() -> Stack:
    """The stack of the home, as it was started; a variable that says otherwise while it runs ends the command."""
    found = Stack(settings(), say=terminal.say)
    if found.processes.any_running() and (others := found.record.contradictions(found.settings)):
        advice = (
            f"Unset what is named to work on the stack of {found.home} as it runs. './boxoffice down' first, to start "
            "it with other settings; or set BOXOFFICE_HOME to another folder, for another stack"
        )
        terminal.fail("\n  ".join([*others, advice]), code=USAGE)
    return found


def home() -> Path:
    """The home that is set, for what does not depend on how the stack was started."""
    return home_of(os.environ)


def day(given: datetime | None, found: Stack) -> date | None:
    """The business date of an option; one that is still to come ends the command."""
    if given is None:
        return None
    today = found.settings.current_date()
    if given.date() > today:
        terminal.fail(
            f"{given.date()} is in the future: today is {today} (UTC); --date takes today or a past day", USAGE
        )
    return given.date()


def require_file(path: Path) -> None:
    """End the command unless a path is a file that holds something."""
    if path.is_dir():
        terminal.fail(f"{path} is a folder; a file is expected", USAGE)
    if not path.exists():
        terminal.fail(f"there is no file {path}", USAGE)
    if path.is_file() and not path.stat().st_size:
        terminal.fail(f"{path} is empty", USAGE)


def bring_up(found: Stack) -> None:
    """Start what does not run; the command ends if that fails. After Ctrl-C a stack that was down is down again."""
    was_up = found.processes.any_running()
    try:
        found.up()
    except StackError as error:
        terminal.fail(error)
    except KeyboardInterrupt:
        if was_up:
            terminal.complain("\nboxoffice: interrupted; what ran before still runs, './boxoffice up' starts the rest")
        else:
            terminal.complain("\nboxoffice: interrupted; stopping what was started …")
            found.down()
            terminal.complain("the stack is down, its data is kept; './boxoffice up' starts it")
        raise typer.Exit(INTERRUPTED) from None


def require_up(found: Stack) -> None:
    """End the command unless the whole stack is up."""
    _require(found, found.process_names())


def require_warehouse(found: Stack) -> None:
    """End the command unless the warehouse is up; the rest of the stack may be down."""
    _require(found, [AWS] if found.owns_aws else [])


def _require(found: Stack, names: Sequence[str]) -> None:
    down = [name for name in names if not found.processes.running(name)]
    if dead := [name for name in down if found.processes.has_died(name)]:
        terminal.fail(
            f"{', '.join(dead)} died (logs: {found.processes.logs}); './boxoffice up' starts again what is missing"
        )
    if down:
        others = "".join(
            f"\n  a stack of another home is up: BOXOFFICE_HOME={home}" for home in found.processes.other_homes()
        )
        terminal.fail(f"the stack of {found.home} is not up; './boxoffice up' starts it{others}")
