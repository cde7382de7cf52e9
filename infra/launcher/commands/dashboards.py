"""The command that shows the dashboards in Superset."""

from __future__ import annotations

from typing import Annotated

import typer

from infra import terminal
from infra.children import INTERRUPTED
from infra.launcher.commands import access
from infra.stack.dashboards import Dashboards, DashboardsError
from infra.superset import ADMINISTRATOR, VIEWER


def dashboards(
    stop: Annotated[bool, typer.Option("--stop", help="Stop Superset; the rest of the stack keeps running.")] = False,
) -> None:
    """Show the dashboards in Superset, and print its address.

    The first start installs Superset in an environment of its own and prepares it, which takes a minute or two.
    Superset then runs until `dashboards --stop` or `down`. It reads the local warehouse with the privileges of an
    analyst, or the warehouse that BOXOFFICE_DASHBOARDS_WAREHOUSE names. You log in with a generated password: the user
    `analyst` sees the dashboards, and `admin` may also change them.
    """
    stack = access.stack()
    superset = Dashboards(stack, terminal.say)
    if stop:
        terminal.say("stopped the dashboards" if superset.stop() else "the dashboards were not running")
        return
    try:
        superset.start()
    except DashboardsError as error:
        terminal.fail(error)
    except KeyboardInterrupt:
        superset.stop()
        terminal.complain("\nboxoffice: interrupted; the dashboards are not up, the rest of the stack is as it was")
        raise typer.Exit(INTERRUPTED) from None
    terminal.say(f"Dashboards  {stack.dashboards_url}")
    terminal.say(f"Log in as   {VIEWER}, or {ADMINISTRATOR} to change them; passwords: {superset.passwords}")
    terminal.say("They stay up; './boxoffice dashboards --stop' stops them.")
