"""How the local AWS handles each operation of a service, derived from the code that handles it."""

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
    *("s3", "glue", "redshift-data", "redshift-serverless", "stepfunctions", "secretsmanager", "iam", "sts", "sns"),
    *("sqs", "cloudwatch", "logs", "kms", "dynamodb", "kinesis", "firehose", "events", "ssm", "athena"),
)
"""Services for which a test calls every operation and compares the response with the claim."""
_PACKAGES = {"lambda": "awslambda"}
"""moto's package of a service, if its name is not boto3's without hyphens."""
_OWN = {"redshift-serverless": "redshift.credentials.serverless"}
"""Services that moto lacks: our module, whose `OPERATIONS` has all operations by name."""

_NOT_IN_S3 = ("ListDirectoryBuckets", "WriteGetObjectResponse")
"""moto's S3 identifies operations by path and query, not by methods. It mistakes these two for others."""


class CallOutcome(enum.Enum):
    """How the local AWS handles an operation."""

    OURS = "works here"
    """Code of the local AWS is involved."""
    MOTO = "as moto"
    """moto responds, from memory."""
    PARTLY = "refused if"
    """Refused under a condition."""
    REFUSED = "refused"
    MISSING = "not done"
    """moto does not have it either."""


def outcomes(service: Service) -> Mapping[str, CallOutcome]:
    """The outcome of each operation, by its name, in the order of botocore's model."""
    model = get_session().get_service_model(service.name)
    return {name: _outcome(service, name) for name in model.operation_names}


def _outcome(service: Service, operation: str) -> CallOutcome:
    refusals = service.refusals(operation)
    if any(refusal.when is always for refusal in refusals):
        return CallOutcome.REFUSED
    if service.name in _OWN:
        return CallOutcome.OURS if operation in _own_operations(service.name) else CallOutcome.MISSING
    method = camelcase_to_underscores(operation)
    if not _is_there(service.name, operation, method):
        return CallOutcome.MISSING
    if refusals:
        return CallOutcome.PARTLY
    return CallOutcome.OURS if method in _patched_methods(service.name) else CallOutcome.MOTO


def _own_operations(service: str) -> Mapping[str, Any]:
    package = __package__.rpartition(".")[0]
    operations: Mapping[str, Any] = importlib.import_module(f"{package}.{_OWN[service]}").OPERATIONS
    return operations


def _is_there(service: str, operation: str, method: str) -> bool:
    if service == "s3":
        return operation not in _NOT_IN_S3
    return method in _methods(service) | _patched_methods(service)


def _package(service: str) -> str:
    return _PACKAGES.get(service, service.replace("-", ""))


@cache
def _methods(service: str) -> frozenset[str]:
    """The methods of moto's response classes for a service."""
    return frozenset(name for kind in _response_classes(service) for name in dir(kind))


def _response_classes(service: str) -> Iterator[Any]:
    handlers = importlib.import_module(f"moto.{_package(service)}.urls").url_paths.values()
    for handler in handlers:
        owner = getattr(handler, "__self__", None)
        if owner is not None:
            yield owner if inspect.isclass(owner) else type(owner)


@cache
def _patched_methods(service: str) -> frozenset[str]:
    """The methods in moto's package of a service that the local AWS replaces or adds."""
    package = f"moto.{_package(service)}."
    return frozenset(patch.name for patch in patching.declared() if patch.target.startswith(package))
