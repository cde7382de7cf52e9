"""Commands for those who work on Boxoffice itself."""

from __future__ import annotations

import typer

from infra.launcher import checks, terminal


def test(context: typer.Context) -> None:
    """Run all tests (further arguments go to pytest)."""
    raise typer.Exit(checks.test(context.args))


def bench(context: typer.Context) -> None:
    """Measure Boxoffice beside the plain way of doing the same (`bench --help` tells more)."""
    raise typer.Exit(checks.bench(context.args))


def lint() -> None:
    """Check format, style, types, import rules and SQL."""
    raise typer.Exit(checks.lint(terminal.say))
