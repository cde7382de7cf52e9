"""The command line of ./boxoffice and its list of commands. `infra.launcher.commands` implements them."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import traceback
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from infra import terminal
from infra.checkout import ROOT
from infra.children import INTERRUPTED
from infra.launcher.commands import access, account, dashboards, developer, metrics, query, runs, stack

PROGRAM = "./boxoffice"
FAULT = 70
"""Exit code after an unexpected error (EX_SOFTWARE of BSD's sysexits)."""

_CODES = """Exit codes: 0 done; 1 failed, with the reason in the message; 2 wrong arguments or settings; 3 (status)
something is down; 4 (status) the newest run of a DAG failed; 70 a bug in Boxoffice; 130 interrupted."""


class _Commands(TyperGroup):
    """All commands. An interrupted command prints a message instead of a traceback."""

    def invoke(self, context: Any) -> Any:
        """Run a command."""
        try:
            return super().invoke(context)
        except KeyboardInterrupt:
            terminal.complain("\nboxoffice: interrupted")
            raise typer.Exit(INTERRUPTED) from None
        except typer.Abort as error:
            if isinstance(error.__context__, KeyboardInterrupt):
                terminal.complain("\nboxoffice: interrupted; nothing was changed")
                raise typer.Exit(INTERRUPTED) from None
            raise


app = typer.Typer(
    cls=_Commands,
    help="Boxoffice: live-event data from the source to a checked star schema. Start with: ./boxoffice run",
    epilog=_CODES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_PASSED_ON: dict[str, Any] = {"allow_extra_args": True, "ignore_unknown_options": True}
"""Settings of a command that passes its other arguments to another program."""

app.command()(runs.run)
app.command()(stack.up)
app.command()(stack.down)
app.command()(stack.status)
app.command()(stack.reset)
app.command()(stack.logs)
app.command(context_settings={**_PASSED_ON, "help_option_names": []})(stack.airflow)
app.command()(runs.trigger)
app.command()(runs.replay)
app.command()(query.sql)
app.command()(query.report)
app.add_typer(metrics.app, name="metrics")
app.command()(query.login)
app.command()(dashboards.dashboards)
app.command()(query.privileges)
app.command()(query.validate)
app.command(context_settings=_PASSED_ON)(developer.test)
app.command(add_help_option=False, context_settings=_PASSED_ON)(developer.bench)
app.command()(developer.lint)
app.command()(developer.new_source)
app.command()(developer.completion)
app.command()(account.deploy)
app.command()(account.destroy)


def _show_version(is_wanted: bool) -> None:  # noqa: FBT001  typer's callback
    if is_wanted:
        version = subprocess.run([ROOT / PROGRAM, "--version"], capture_output=True, text=True, check=True)
        terminal.say(version.stdout.rstrip("\n"))
        raise typer.Exit


@app.callback()
def _options(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Options of all commands. The application has its own help text."""


def main() -> None:
    """Run the command line. An unexpected error is printed as one line, and its traceback goes to a file."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # the terminal may not be UTF-8
    try:
        app(prog_name=PROGRAM)
    except Exception as error:  # noqa: BLE001 - the last place that can print a readable message
        name = type(error).__name__
        terminal.complain(f"boxoffice: unexpected {name}: {error}\n  {_keep_traceback()}")
        sys.exit(FAULT)


def _keep_traceback() -> str:
    """Write the current error's traceback to a file below the home. Returns a sentence with its path."""
    path = access.home() / "logs" / f"boxoffice-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.getpid()}.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(traceback.format_exc(), encoding="utf-8")
    except OSError as error:
        return f"The traceback could not be written to {path} ({error.strerror})"
    return f"This is a bug in Boxoffice; the traceback is in {path}"
