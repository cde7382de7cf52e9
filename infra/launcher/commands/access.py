"""How a command gets at its stack, and the options that several commands share."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import pydantic
import typer

from infra.launcher import terminal
from infra.launcher.stack import Stack, StackError
from settings import Settings

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
        lines = [f"{'.'.join(map(str, item['loc'])).upper()}: {item['msg']}" for item in error.errors()]
        terminal.fail("a setting is not valid:\n  " + "\n  ".join(lines), code=2)


def stack() -> Stack:
    """The stack of the home that is set."""
    return Stack(settings(), say=terminal.say)


def bring_up(found: Stack) -> None:
    """Start what does not run; the command ends if that fails."""
    try:
        found.up()
    except StackError as error:
        terminal.fail(error)


def require_up(found: Stack) -> None:
    """End the command unless the whole stack is up."""
    if dead := found.dead():
        terminal.fail(
            f"{', '.join(dead)} died (logs: {found.processes.logs}); './boxoffice up' starts again what is missing"
        )
    if not found.is_up():
        terminal.fail("the stack is not up; './boxoffice up' starts it")
