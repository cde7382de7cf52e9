"""Commands that ask: the warehouse, the contracts, and what each role may do."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from infra.launcher import terminal
from infra.launcher.commands import access


def sql(
    statement: Annotated[str, typer.Argument(help="One statement, in Redshift's SQL.")],
    as_json: access.JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV with a header line.")] = False,
    actor: Annotated[
        access.Actor | None, typer.Option("--as", help="Whose privileges to have. Default: the administrator's.")
    ] = None,
) -> None:
    """Run one SQL statement in the warehouse through the Redshift Data API."""
    from infra.launcher import queries

    stack = access.stack()
    access.require_up(stack)
    try:
        queries.show(stack, statement, "json" if as_json else "csv" if as_csv else "table", actor)
    except queries.QueryFailed as error:
        terminal.fail(error)


def privileges(as_json: access.JsonOption = False) -> None:
    """Show what each role of the account may do, and what of it this stack's runs have used.

    Exit code 0 only when there is a reason for whatever is granted and was not used, and no call was denied.
    """
    from infra.launcher import privileges as granted

    found = granted.report(access.stack().home / "aws")
    granted.show(found, as_json=as_json)
    raise typer.Exit(1 if found.too_many or found.denials else 0)


def validate(
    source: Annotated[str, typer.Argument(help="The source, such as tickit.")],
    entity: Annotated[str, typer.Argument(help="The entity, such as sales.")],
    files: Annotated[list[Path], typer.Argument(help="Raw records as the source gives them; .gz too.")],
    as_json: access.JsonOption = False,
) -> None:
    """Validate local files of raw records against the contracts. Needs no running stack, writes nothing."""
    from infra.launcher import offline

    try:
        report = offline.validate(source, entity, files)
    except offline.Refused as error:
        terminal.fail(error, code=2)
    offline.show(report, as_json=as_json)
