"""What becomes of each operation of a service: the claims, operation by operation, from the code that answers them."""

from __future__ import annotations

import enum
import importlib
import inspect
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from botocore.session import get_session
from moto.core.utils import camelcase_to_underscores

from .. import patching
from .types import Service, always

CHECKED = (
    *("s3", "glue", "redshift-data", "stepfunctions", "secretsmanager", "iam", "sts", "sns", "sqs", "cloudwatch"),
    *("logs", "kms", "dynamodb", "kinesis", "firehose", "events", "ssm", "athena"),
)
"""Services whose every operation is called by a test, which compares the answer with what is claimed."""
_PACKAGES = {"lambda": "awslambda"}
"""moto's package of a service, where its name is not boto3's without hyphens."""


_NOT_IN_S3 = ("ListDirectoryBuckets", "WriteGetObjectResponse")
"""moto's S3 tells operations apart by path and query, not by its methods. It takes these two for others."""


class Outcome(enum.Enum):
    """What becomes of an operation."""

    OURS = "works here"
    """Code of the local AWS has a part in it."""
    MOTO = "as moto"
    """moto answers, from memory."""
    PARTLY = "refused if"
    """Refused under a condition."""
    REFUSED = "refused"
    MISSING = "not done"
    """moto lacks it too."""


def outcomes(service: Service) -> Mapping[str, Outcome]:
    """What becomes of each operation, by its name, in the order of botocore's model."""
    model = get_session().get_service_model(service.name)
    return {name: _outcome(service, name) for name in model.operation_names}


def _outcome(service: Service, operation: str) -> Outcome:
    refusals = service.refusals(operation)
    if any(refusal.when is always for refusal in refusals):
        return Outcome.REFUSED
    method = camelcase_to_underscores(operation)
    if not _is_there(service.name, operation, method):
        return Outcome.MISSING
    if refusals:
        return Outcome.PARTLY
    return Outcome.OURS if method in _patched(service.name) else Outcome.MOTO


def _is_there(service: str, operation: str, method: str) -> bool:
    if service == "s3":
        return operation not in _NOT_IN_S3
    return method in _methods(service) | _patched(service)


def _package(service: str) -> str:
    return _PACKAGES.get(service, service.replace("-", ""))


@cache
def _methods(service: str) -> frozenset[str]:
    """What moto's response classes of a service can answer."""
    return frozenset(name for kind in _response_classes(service) for name in dir(kind))


def _response_classes(service: str) -> Iterator[Any]:
    handlers = importlib.import_module(f"moto.{_package(service)}.urls").url_paths.values()
    for handler in handlers:
        owner = getattr(handler, "__self__", None)
        if owner is not None:
            yield owner if inspect.isclass(owner) else type(owner)


@cache
def _patched(service: str) -> frozenset[str]:
    """The methods of moto's package of a service that the local AWS replaces or adds."""
    package = f"moto.{_package(service)}."
    return frozenset(patch.name for patch in patching.declared() if patch.target.startswith(package))
