"""Creates all AWS clients, with their retries, timeouts and region, and translates their errors.

The endpoint is not set here: boto3 itself reads AWS_ENDPOINT_URL.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004  botocore's name
    HTTPClientError,
    IncompleteReadError,
    NoCredentialsError,
    ParamValidationError,
    PartialCredentialsError,
)
from botocore.utils import determine_content_length

from aws_services import errors, resources

# "standard" retries only throttling, 5xx and connection errors, with exponential backoff and jitter. A permission error
# fails at once.
_CONFIG = Config(
    retries={"mode": "standard", "total_max_attempts": 6},
    connect_timeout=10,
    read_timeout=60,
    max_pool_connections=32,
    tcp_keepalive=True,
)
# From this size on (bytes), a body is expensive enough to wait for S3's consent before sending it.
_LARGE_BODY = 2_000_000
_ASSUMED: dict[str, Any] = {}
"""Temporary credentials of roles, which botocore keeps here and renews when they expire."""


def session() -> boto3.Session:
    """A session in the configured region (from the environment, otherwise from `resources`).

    Sessions are not shared, because they are not thread-safe and Airflow forks. The data that they read from disk is.
    """
    plain = botocore.session.get_session()
    region = plain.get_config_variable("region") or resources.REGION
    # The whole process shares one session of a role, instead of one per client.
    plain.get_component("credential_provider").get_provider("assume-role").cache = _ASSUMED
    boto3_session = boto3.Session(botocore_session=plain, region_name=region)
    plain.register_component("data_loader", _models())
    return boto3_session


@functools.cache
def _models() -> Any:
    """The descriptions of AWS's services. Reading them again for every session would be most of a client's cost."""
    return botocore.session.get_session().get_component("data_loader")


def client(service: str) -> Any:
    """A client of one AWS service. Clients are thread-safe; the first one of a service takes about 0.1 s to create."""
    create: Any = session().client  # its overloads name every service literally
    service_client = create(service, config=_CONFIG)
    service_client.meta.events.register_last("before-call.s3", _send_at_once)
    return service_client


def _send_at_once(params: dict[str, Any], **_: Any) -> None:
    """Send a small body with its headers: waiting for S3's consent (`Expect: 100-continue`) costs a round trip."""
    if (size := determine_content_length(params.get("body"))) is not None and size < _LARGE_BODY:
        params["headers"].pop("Expect", None)


@contextmanager
def asking(operation: str, resource: str) -> Iterator[None]:
    """Translate botocore's exceptions inside the block into those of `errors`.

    Args:
        operation: the AWS operation, such as `GetObject`.
        resource: the resource that it is called on: a URI, a name.
    """
    try:
        yield
    except ClientError as error:
        raise errors.from_response(dict(error.response), operation, resource) from error
    except (NoCredentialsError, PartialCredentialsError) as error:
        raise errors.NoCredentials(operation, resource, str(error)) from error
    except (ConnectionError, HTTPClientError, IncompleteReadError) as error:
        raise errors.ServiceUnreachable(operation, resource, str(error)) from error
    except (ParamValidationError, BotoCoreError) as error:
        raise errors.InvalidRequest(operation, resource, str(error)) from error
