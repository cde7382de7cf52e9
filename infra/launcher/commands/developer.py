"""Commands for those who work on Boxoffice itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from infra import terminal
from infra.checks import runner as checks
from infra.launcher.commands import access
from infra.launcher.new_source import Like

_TEXTS = Path(__file__).parents[1] / "help_texts"
"""Written by `infra.launcher.help`."""


def test(
    context: typer.Context,
    *,
    quick: Annotated[bool, typer.Option("--quick", help="Only tests that need no server, database or Spark.")] = False,
) -> None:
    """Run all tests (further arguments go to pytest)."""
    raise typer.Exit(checks.test(context.args, quick=quick))


def bench(context: typer.Context) -> None:
    """Measure Boxoffice beside the plain way of doing the same (`bench --help` tells more)."""
    raise typer.Exit(checks.bench(context.args))


def lint() -> None:
    """Check format, style, types, import rules and SQL."""
    raise typer.Exit(checks.lint(terminal.say))


def new_source(
    name: Annotated[str, typer.Argument(help="What the source is called: small letters, digits, underscores.")],
    like: Annotated[Like, typer.Option(help="tickit: files at a location; ticketmaster: an API, page by page.")],
) -> None:
    """Write the files of a new source, which loads its own sample at once."""
    from infra.checkout import ROOT
    from infra.launcher.new_source import NameRefused, Skeleton, regenerate

    skeleton = Skeleton(name, like, ROOT)
    try:
        written = skeleton.write()
    except (NameRefused, FileExistsError, LookupError) as refused:
        terminal.complain(str(refused))
        raise typer.Exit(2) from None
    for path in [*written, *regenerate(access.settings().home, terminal.complain)]:
        terminal.say(f"wrote {path}")
    terminal.say(skeleton.next_steps())


def completion(shell: Annotated[Literal["bash", "zsh", "fish"], typer.Argument(help="For which shell.")]) -> None:
    """Print what makes a shell complete commands and options: source <(./boxoffice completion bash)."""
    terminal.say((_TEXTS / f"completion.{shell}").read_text(encoding="utf-8").rstrip("\n"))
