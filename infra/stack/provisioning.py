"""Prepares a local AWS for the pipelines: AWS resources, job artifacts, the API key, the warehouse's tables."""

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
        endpoint_url: the local AWS. This process's environment must point to it too.
        settings: the settings with the API key, and the scale and seed of the sample files.
        say: prints a line.
        is_simulated: whether the Discovery API is the simulator, whose key is known. For the real API, without a key in
            the settings, the key in Secrets Manager stays.

    Raises:
        NoApiKey: there is no key for the real API.
        aws_services.errors.AwsError: AWS refused a call.
        warehouse.migrate.MigrationRefused: an applied migration has changed.
    """
    key = SecretStr(SIMULATOR_KEY) if is_simulated else settings.ticketmaster_api_key or _known_key()
    for line in provision(endpoint_url, api_key=key.get_secret_value()):
        say(line)
    recipe = samples.Recipe(
        settings.simulated_tickit_scale, settings.simulated_tickit_seed, settings.simulated_tickit_quirks
    )
    samples.provide(settings.tickit_location, recipe, say)


def _known_key() -> SecretStr:
    try:
        return SecretsManager().get(resources.TICKETMASTER_API_KEY_SECRET)
    except NotFound as error:
        raise NoApiKey(
            "the stack uses the real Discovery API but has no key for it: set TICKETMASTER_API_KEY"
        ) from error


def provision(endpoint_url: str, *, api_key: str) -> Iterator[str]:
    """Create or update all resources, idempotently. Yields a line for each change.

    Args:
        endpoint_url: the local AWS.
        api_key: the Discovery API's key, which is stored only in Secrets Manager.

    Raises:
        aws_services.errors.AwsError: AWS refused a call.
        warehouse.migrate.MigrationRefused: an applied migration has changed.
    """
    provision_local(endpoint_url)
    upload(S3(), ROOT)
    SecretsManager().put(resources.TICKETMASTER_API_KEY_SECRET, SecretStr(api_key))
    applied = migrate(RedshiftData())
    if applied:
        yield f"warehouse: {len(applied)} migrations applied"
