"""`python -m infra.launcher.containers`: what the services of docker-compose.yaml run, besides Airflow itself.

The same parts as `./boxoffice up` starts as processes, made by the same code.
"""

from __future__ import annotations

import base64
import os
import secrets
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn
from urllib.parse import urlsplit

import typer

from aws_services.errors import AwsError
from infra import terminal
from infra.launcher.follow import Follower
from infra.stack.airflow_api import AirflowError
from infra.stack.services import answers, aws_command, simulator_command
from infra.stack.stack import Stack, StackError
from settings import Settings
from warehouse.migrate import MigrationRefused
from warehouse.stars import stars

SIMULATOR_HOST = "simulator"
DATABASE = "postgres:5432:airflow:airflow"
"""Host, port, database and user of Airflow's metadata database, as in libpq's password file."""

_ON_THE_NETWORK = ("--host", "0.0.0.0")  # of the containers; only the ports that compose publishes are the host's
_PATIENCE_SECONDS = 180.0

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.command("secrets")
def make_secrets(folder: Path) -> None:
    """Make this installation's secrets, those that are not there yet: each random, in a file of its own."""
    password = _make(folder / "postgres-password", secrets.token_hex(32), 0o440)  # the database's user is of our group
    _make(folder / "pgpass", f"{DATABASE}:{password}\n", 0o600)
    _make(folder / "api-secret-key", secrets.token_hex(32), 0o400)
    _make(folder / "jwt-secret", secrets.token_hex(32), 0o400)
    _make(folder / "fernet-key", base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(), 0o400)


@app.command()
def local_aws() -> None:
    """Be the local AWS."""
    _become(aws_command(Settings()))


@app.command()
def simulator() -> None:
    """Be the simulator of the Discovery API."""
    _become(simulator_command(Settings()))


@app.command()
def provision() -> None:
    """Make the local AWS ready for the pipelines, once it answers. An account is left alone: it is deployed to."""
    from infra.stack import provisioning

    settings = Settings()
    _refuse_a_mixture(settings)
    url = settings.aws_endpoint_url
    if not url:
        terminal.say("AWS_ENDPOINT_URL is empty: Airflow works on AWS itself, and nothing is provisioned here")
        return
    _wait_for(url)
    try:
        provisioning.prepare(url, settings, terminal.say, is_simulated=not settings.ticketmaster_api_key)
    except (AwsError, MigrationRefused) as error:
        _fail(str(error))
    terminal.say(f"{url} is ready for the pipelines")


@app.command()
def run(pipelines: Annotated[list[str] | None, typer.Argument(help="Default: all of them.")] = None) -> None:
    """Run pipelines for today, one after the other, and follow them; exit code 0 only if all succeed."""
    stack = Stack(Settings(), terminal.say)
    known = [star.pipeline for star in stars()]
    if unknown := set(pipelines or ()) - set(known):
        _fail(f"there is no pipeline {', '.join(sorted(unknown))}; there is {', '.join(known)}")
    failed = [name for name in pipelines or known if not _succeeds(stack, name)]
    if failed:
        _fail(f"{', '.join(failed)} failed; the same command resumes what was not finished")


def _succeeds(stack: Stack, dag_id: str) -> bool:
    try:
        stack.wait_for_dag(dag_id, _PATIENCE_SECONDS)
        run_id = stack.airflow.trigger(dag_id, {"date": stack.settings.current_date().isoformat()})
        terminal.say(f"running {dag_id}: {run_id}")
        outcome = Follower(stack.airflow, Path(os.environ["AIRFLOW_HOME"]), terminal.say).follow(dag_id, run_id)
    except (AirflowError, StackError) as error:
        terminal.complain(f"{dag_id}: {error}")
        return False
    for failure in outcome.failures:
        terminal.complain(f"  task {failure.task}: {failure.reason}\n  log: {failure.log}")
    terminal.say(f"{dag_id}: {outcome.state} after {outcome.seconds:.0f} s")
    return outcome.succeeded


def _make(path: Path, content: str, mode: int) -> str:
    """A file's content, which is made unless it is there; whole or not at all."""
    if not path.exists():
        part = path.with_name(f".{path.name}.part")
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        part.write_text(content)
        part.chmod(mode)
        part.replace(path)
    return path.read_text()


def _refuse_a_mixture(settings: Settings) -> None:
    """Real events and simulated ones are never mixed: a key goes with the real API, none with the simulator."""
    is_simulated = urlsplit(settings.ticketmaster_api_url).hostname == SIMULATOR_HOST
    real = Settings.model_fields["ticketmaster_api_url"].default
    if not settings.aws_endpoint_url and is_simulated:
        _fail(
            "AWS_ENDPOINT_URL is empty, and TICKETMASTER_API_URL leads to the simulator: an account is given real "
            f"events only. Set TICKETMASTER_API_URL={real}"
        )
    if settings.aws_endpoint_url and is_simulated == bool(settings.ticketmaster_api_key):
        _fail(
            "TICKETMASTER_API_KEY and TICKETMASTER_API_URL belong together: set both, "
            f"TICKETMASTER_API_URL={real}, or neither for the simulator"
        )


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not answers(f"{url.rstrip('/')}/moto-api/"):
        if time.monotonic() > deadline:
            _fail(f"nothing answers at {url} (AWS_ENDPOINT_URL): is local-aws up? Leave it empty for AWS itself")
        time.sleep(0.5)


def _become(command: Sequence[str]) -> NoReturn:
    os.execv(command[0], [*command, *_ON_THE_NETWORK])  # the container's signals are then the server's


def _fail(message: str) -> NoReturn:
    terminal.fail(message)


if __name__ == "__main__":
    app()
