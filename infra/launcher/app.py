"""The command line of ./boxoffice: which commands there are. What each does is in `infra.launcher.commands`."""

from __future__ import annotations

import sys
from typing import Any

import typer

from infra.launcher import terminal
from infra.launcher.commands import account, developer, query, runs, stack

app = typer.Typer(
    help="Boxoffice: live-event data from the source to a checked star schema. Start with: ./boxoffice run",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_PASSED_ON: dict[str, Any] = {"allow_extra_args": True, "ignore_unknown_options": True}
"""Settings of a command whose further arguments belong to another program."""

app.command()(runs.run)
app.command()(stack.up)
app.command()(stack.down)
app.command()(stack.status)
app.command()(stack.reset)
app.command(context_settings={**_PASSED_ON, "help_option_names": []})(stack.airflow)
app.command()(runs.trigger)
app.command()(runs.replay)
app.command()(query.sql)
app.command()(query.privileges)
app.command()(query.validate)
app.command(context_settings=_PASSED_ON)(developer.test)
app.command(add_help_option=False, context_settings=_PASSED_ON)(developer.bench)
app.command()(developer.lint)
app.command()(account.deploy)
app.command()(account.destroy)


def main() -> None:
    """Run the command line."""
    try:
        app(prog_name="./boxoffice")
    except KeyboardInterrupt:
        terminal.complain("boxoffice: interrupted; the stack stays as it is ('./boxoffice down' stops it)")
        sys.exit(130)


__all__ = ["app", "main"]
