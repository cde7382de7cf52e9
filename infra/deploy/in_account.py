"""`./boxoffice deploy` and `./boxoffice destroy`, in a process of their own.

The names of AWS resources are made of `BOXOFFICE_ENVIRONMENT` when `aws_services.resources` is imported: whoever means
another environment needs another process. `./boxoffice` becomes this one, with the variable set.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from infra import terminal
from infra.checkout import ROOT
from infra.deploy import account
from infra.deploy.account import STACK, DeploymentRefused
from infra.deploy.demolition import Demolition, DemolitionFailed
from infra.deploy.deployment import Deployment, StepFailed
from infra.packaging import NothingToPackage

app = typer.Typer(help=__doc__, add_completion=False, pretty_exceptions_enable=False)

_NOTHING = "Nothing was changed"


def become(environment: str, *arguments: str) -> NoReturn:
    """Replace this process by one that runs a command for an environment."""
    sys.stdout.flush()
    os.execve(
        sys.executable,
        [sys.executable, "-m", "infra.deploy.in_account", *arguments],
        account.variables(environment),
    )


@app.command()
def deploy(*, dry_run: bool = False, yes: bool = False) -> None:
    """Deploy the environment that `BOXOFFICE_ENVIRONMENT` names."""
    home = Path(os.environ.get("BOXOFFICE_HOME", ROOT / ".boxoffice")).resolve()
    deployment = Deployment(home, _say, ask=not yes)
    try:
        if dry_run:
            deployment.tell(os.environ.get("BOXOFFICE_AWS_ACCOUNT"))
            return
        account.refuse_endpoints(os.environ)
        if not yes and not _can_ask():
            raise DeploymentRefused("there is no terminal to ask at before permissions are widened: --yes does not ask")
        account_id = deployment.check()
    except (DeploymentRefused, NothingToPackage) as error:
        _fail(f"{error}\n{_NOTHING}")
    try:
        deployment.run(account_id)
    except StepFailed as error:
        _fail(str(error))


@app.command()
def destroy(*, dry_run: bool = False, confirm: Annotated[str | None, typer.Option()] = None) -> None:
    """Destroy the environment that `BOXOFFICE_ENVIRONMENT` names."""
    demolition = Demolition(_say)
    try:
        if not dry_run:
            account.refuse_endpoints(os.environ)
            _refuse_another(confirm)
            stack = demolition.check()
    except DeploymentRefused as error:
        _fail(f"{error}\n{_NOTHING}")
    for line in demolition.describe():
        _say(line)
    if dry_run:
        _say("A dry run: AWS was asked nothing, and nothing was changed")
        return
    _refuse_another(confirm or typer.prompt(f"Type {STACK} to destroy it", default="", show_default=False))
    try:
        demolition.run(stack)
    except DemolitionFailed as error:
        _fail(str(error))


def _refuse_another(typed: str | None) -> None:
    """Refuse a confirmation that is not the stack's name, or that nobody can give."""
    if typed is None and not _can_ask():
        _fail(f"there is no terminal to type the confirmation at: --confirm {STACK}\n{_NOTHING}")
    if typed is not None and typed.strip() != STACK:
        _fail(f"{typed.strip()!r} is not {STACK}\n{_NOTHING}")


def _can_ask() -> bool:
    return sys.stdin.isatty()


def _say(line: str) -> None:
    terminal.say(line)


def _fail(message: str) -> NoReturn:
    terminal.fail(message)


if __name__ == "__main__":
    try:
        app()
    except KeyboardInterrupt:
        terminal.complain("boxoffice: interrupted; the same command resumes")
        sys.exit(130)
