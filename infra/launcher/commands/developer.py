"""Commands for work on Boxoffice itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from infra import terminal
from infra.checks import runner as checks
from infra.launcher.commands import access
from infra.launcher.new_source import Like

_TEXTS = Path(__file__).parents[1] / "help_texts"
"""The folder that `infra.launcher.help` writes."""


def test(
    context: typer.Context,
    *,
    quick: Annotated[bool, typer.Option("--quick", help="Only tests that need no server, database or Spark.")] = False,
) -> None:
    """Run all tests (further arguments go to pytest)."""
    raise typer.Exit(checks.test(context.args, quick=quick))


def bench(context: typer.Context) -> None:
    """Measure Boxoffice against plain tools for the same work (see `bench --help`)."""
    raise typer.Exit(checks.bench(context.args))


def lint() -> None:
    """Check format, style, types, import rules and SQL."""
    raise typer.Exit(checks.lint(terminal.say))


def new_source(
    name: Annotated[str, typer.Argument(help="Name of the source: lower-case letters, digits, underscores.")],
    like: Annotated[Like, typer.Option(help="tickit: files at a location; ticketmaster: an API, page by page.")],
) -> None:
    """Write the files of a new source. It can load its own sample at once."""
    from infra.checkout import ROOT
    from infra.launcher.new_source import NameRefused, Skeleton, regenerate

    skeleton = Skeleton(name, like, ROOT)
    try:
        paths = skeleton.write()
    except (NameRefused, FileExistsError, LookupError) as error:
        terminal.complain(str(error))
        raise typer.Exit(2) from None
    for path in [*paths, *regenerate(access.settings().home, terminal.complain)]:
        terminal.say(f"wrote {path}")
    terminal.say(skeleton.next_steps())


def completion(shell: Annotated[Literal["bash", "zsh", "fish"], typer.Argument(help="For which shell.")]) -> None:
    """Print the completion script for a shell: source <(./boxoffice completion bash)."""
    terminal.say((_TEXTS / f"completion.{shell}").read_text(encoding="utf-8").rstrip("\n"))
