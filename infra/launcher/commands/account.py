"""Commands that work in an AWS account."""

from __future__ import annotations

from typing import Annotated, NoReturn

import typer

from infra import terminal

EnvironmentOption = Annotated[str, typer.Option("--env", help="Which environment: dev or prod.")]


def deploy(
    env: EnvironmentOption,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only print what would change; needs no account and no network.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask before permissions are widened.")] = False,
) -> None:
    """Create or update an environment in an AWS account.

    It deploys infrastructure, the warehouse and the Glue jobs' code. The command checks every requirement before it
    changes anything. After a failed step, run it again to resume. At the end it prints the settings for Airflow.
    docs/deploy.md lists the requirements.
    """
    _in_account(env, "deploy", dry_run and "--dry-run", yes and "--yes")


def destroy(
    env: EnvironmentOption,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only print what would be lost and kept; needs no account.")
    ] = False,
    confirm: Annotated[
        str | None, typer.Option("--confirm", metavar="STACK", help="The stack's name, so that you needn't type it.")
    ] = None,
) -> None:
    """Remove an environment from its AWS account.

    You confirm this with the name of its stack. For dev this removes everything, including data. For prod it keeps the
    buckets, the warehouse's data, the secret and the key.
    """
    _in_account(env, "destroy", dry_run and "--dry-run", *(["--confirm", confirm] if confirm else []))


def _in_account(environment: str, *arguments: str | bool) -> NoReturn:
    """Become the process that works in an account, with the resource names of that environment."""
    from infra.aws.environments import ENVIRONMENTS
    from infra.deploy import in_account

    if environment not in ENVIRONMENTS:
        terminal.fail(f"there is no environment {environment!r}; there is {', '.join(ENVIRONMENTS)}", code=2)
    in_account.become(environment, *(argument for argument in arguments if isinstance(argument, str)))
