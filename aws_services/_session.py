"""One place where AWS clients are made: retries, timeouts, region, and the translation of errors.

The endpoint is not named here: boto3 itself reads AWS_ENDPOINT_URL.
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

# "standard" retries throttling, 5xx and connection errors with exponential backoff and jitter, and nothing else:
# a permission error fails at once.
_CONFIG = Config(
    retries={"mode": "standard", "total_max_attempts": 6},
    connect_timeout=10,
    read_timeout=60,
    max_pool_connections=32,
    tcp_keepalive=True,
)
# Bytes of a body that S3 might refuse, and that are too many to send in vain.
_WORTH_ASKING = 2_000_000
_ASSUMED: dict[str, Any] = {}
"""Temporary credentials of roles, which botocore keeps here and renews when they expire."""


def session() -> boto3.Session:
    """A session in the configured region (the environment's, else that of `resources`).

    Not shared: sessions are not thread-safe, and Airflow forks. What they read from disk is.
    """
    plain = botocore.session.get_session()
    region = plain.get_config_variable("region") or resources.REGION
    # One session of a role for the whole process, not one for each client.
    plain.get_component("credential_provider").get_provider("assume-role").cache = _ASSUMED
    made = boto3.Session(botocore_session=plain, region_name=region)
    plain.register_component("data_loader", _models())
    return made


@functools.cache
def _models() -> Any:
    """The descriptions of AWS's services, which every session would read anew: most of what a client costs."""
    return botocore.session.get_session().get_component("data_loader")


def client(service: str) -> Any:
    """A client of one AWS service. Clients are thread-safe; the first of a service is dear to make (about 0.1 s)."""
    make: Any = session().client  # its overloads name every service literally
    made = make(service, config=_CONFIG)
    made.meta.events.register_last("before-call.s3", _send_at_once)
    return made


def _send_at_once(params: dict[str, Any], **_: Any) -> None:
    """Let a small body leave with its headers: asking S3's leave first (`Expect: 100-continue`) costs a round trip."""
    if (size := determine_content_length(params.get("body"))) is not None and size < _WORTH_ASKING:
        params["headers"].pop("Expect", None)


@contextmanager
def asking(asked: str, resource: str) -> Iterator[None]:
    """Turn what botocore raises inside the block into the exceptions of `errors`.

    Args:
        asked: the operation, in words.
        resource: what it is asked of.
    """
    try:
        yield
    except ClientError as error:
        raise errors.from_response(dict(error.response), asked, resource) from error
    except (NoCredentialsError, PartialCredentialsError) as error:
        raise errors.NoCredentials(asked, resource, str(error)) from error
    except (ConnectionError, HTTPClientError, IncompleteReadError) as error:
        raise errors.Unreachable(asked, resource, str(error)) from error
    except (ParamValidationError, BotoCoreError) as error:
        raise errors.InvalidRequest(asked, resource, str(error)) from error
