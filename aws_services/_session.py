"""One place where AWS clients are made: retries, timeouts, region, and the translation of errors.

The endpoint is not named here: boto3 itself reads AWS_ENDPOINT_URL.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    HTTPClientError,
    IncompleteReadError,
    NoCredentialsError,
    ParamValidationError,
    PartialCredentialsError,
)

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


def session() -> boto3.Session:
    """A session in the configured region (the environment's, else that of `resources`).

    Not shared: sessions are not thread-safe, and Airflow forks.
    """
    made = boto3.Session()
    return made if made.region_name else boto3.Session(region_name=resources.REGION)


def client(service: str) -> Any:
    """A client of one AWS service. Clients are thread-safe, and dear to make (about 0.1 s): keep them."""
    make: Any = session().client  # its overloads name every service literally
    return make(service, config=_CONFIG)


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
