"""What a pipeline needs before it can run: AWS resources, job artifacts, the API key, the warehouse's tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pydantic import SecretStr

from aws_services import resources
from aws_services.errors import NotFound
from aws_services.redshift_data import RedshiftData
from aws_services.s3 import S3
from aws_services.secrets import SecretsManager
from infra.checkout import ROOT
from infra.packaging import upload
from infra.stack import samples
from infra.stack.local_resources import provision as provision_local
from infra.stack.services import SIMULATOR_KEY, NoApiKey
from settings import Settings
from warehouse.migrate import migrate


def prepare(endpoint_url: str, settings: Settings, say: Callable[[str], None], *, is_simulated: bool) -> None:
    """Make a local AWS ready for every pipeline: resources, artifacts, API key, warehouse, sample files.

    Args:
        endpoint_url: of the local AWS; this process's environment must lead there, too.
        settings: with the API's key, and with what the sample files are made of.
        say: prints a line.
        is_simulated: whether the Discovery API is the simulator, whose key is known. Without a key in the settings, the
            real API's stays the one that Secrets Manager has.

    Raises:
        NoApiKey: there is none.
        aws_services.errors.AwsError: AWS refused something.
        warehouse.migrate.MigrationRefused: a migration that was applied has changed since.
    """
    key = SecretStr(SIMULATOR_KEY) if is_simulated else settings.ticketmaster_api_key or _known_key()
    for line in provision(endpoint_url, api_key=key.get_secret_value()):
        say(line)
    samples.provide(settings.tickit_location, settings.simulated_tickit_scale, settings.simulated_tickit_seed, say)


def _known_key() -> SecretStr:
    try:
        return SecretsManager().get(resources.TICKETMASTER_API_KEY_SECRET)
    except NotFound as error:
        raise NoApiKey(
            "the real Discovery API is to be read and its key is not known: set TICKETMASTER_API_KEY"
        ) from error


def provision(endpoint_url: str, *, api_key: str) -> Iterator[str]:
    """Create or update everything, idempotently; yields a line for what changed.

    Args:
        endpoint_url: of the local AWS.
        api_key: the Discovery API's key, kept in Secrets Manager only.

    Raises:
        aws_services.errors.AwsError: AWS refused something.
        warehouse.migrate.MigrationRefused: a migration that was applied has changed since.
    """
    provision_local(endpoint_url)
    upload(S3(), ROOT)
    SecretsManager().put(resources.TICKETMASTER_API_KEY_SECRET, SecretStr(api_key))
    applied = migrate(RedshiftData())
    if applied:
        yield f"warehouse: {len(applied)} migrations applied"
