"""Commands that work in an AWS account."""

from __future__ import annotations

from typing import Annotated, NoReturn

import typer

from infra import terminal

EnvironmentOption = Annotated[str, typer.Option("--env", help="Which environment: dev or prod.")]


def deploy(
    env: EnvironmentOption,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would be done; needs no account and no network.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before permissions are widened.")] = False,
) -> None:
    """Bring an environment into an AWS account, or up to date there: infrastructure, warehouse, Glue jobs' code.

    Whatever is not as it must be is refused before anything is changed; after a step that failed, the same command
    resumes. It ends with what to configure Airflow with. docs/deploy.md tells what must be there.
    """
    _in_account(env, "deploy", dry_run and "--dry-run", yes and "--yes")


def destroy(
    env: EnvironmentOption,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would be lost and kept; needs no account.")
    ] = False,
    confirm: Annotated[
        str | None, typer.Option("--confirm", metavar="STACK", help="The stack's name, instead of typing it.")
    ] = None,
) -> None:
    """Take an environment out of its AWS account, after its stack's name was typed.

    Of dev everything goes, data too. Of prod the buckets, the warehouse's data, the secret and the key are kept.
    """
    _in_account(env, "destroy", dry_run and "--dry-run", *(["--confirm", confirm] if confirm else []))


def _in_account(environment: str, *arguments: str | bool) -> NoReturn:
    """Become the process that works in an account: it names resources as that environment's."""
    from infra.aws.environments import ENVIRONMENTS
    from infra.deploy import in_account

    if environment not in ENVIRONMENTS:
        terminal.fail(f"there is no environment {environment!r}; there is {', '.join(ENVIRONMENTS)}", code=2)
    in_account.become(environment, *(argument for argument in arguments if isinstance(argument, str)))
