"""The service `redshift-serverless`, which moto lacks: the warehouse as a workgroup and a namespace, and its logins.

Source: https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from ... import account
from ...errors import error_response, not_implemented
from ...protocol import body, target
from .identity import DATABASE, DEFAULT_SECONDS, DURATIONS, USER, Endpoint, host_of

_SINCE = "2024-01-01T00:00:00Z"


class ServerlessError(Exception):
    """A call was refused.

    Attributes:
        code: AWS's name of the error.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Application:
    """WSGI application of the service. Its protocol is JSON with a header for the operation.

    Args:
        endpoint: the warehouse.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Handles one request."""
        operation = OPERATIONS.get(target(environ).operation)
        if operation is None:
            return not_implemented(environ, start_response)
        try:
            answer = operation(self._endpoint, _Call(environ))
        except ServerlessError as error:
            return error_response(environ, start_response, error.code, str(error))
        start_response("200 OK", [("Content-Type", "application/x-amz-json-1.1")])
        return [json.dumps(answer).encode()]


class _Call:
    """One request."""

    def __init__(self, environ: dict[str, Any]) -> None:
        self._environ = environ
        self.parameters: dict[str, Any] = json.loads(body(environ) or b"{}")

    @property
    def host(self) -> str:
        """The host name that the client used."""
        return host_of(self._environ.get("HTTP_HOST"))

    @property
    def authorization(self) -> str:
        """The signature."""
        return str(self._environ.get("HTTP_AUTHORIZATION", ""))

    @property
    def region(self) -> str:
        """The region in the signature."""
        scope = self.authorization.partition("Credential=")[2].split("/")
        return scope[2] if len(scope) > 2 else "us-east-1"

    def name(self, key: str) -> str:
        """A required name. Raises ServerlessError."""
        if not (name := self.parameters.get(key)):
            raise ServerlessError("ValidationException", f"{key} is required.")
        return str(name)


def _get_credentials(endpoint: Endpoint, call: _Call) -> dict[str, Any]:
    workgroup = call.parameters.get("workgroupName")
    if bool(workgroup) == bool(call.parameters.get("customDomainName")):
        raise ServerlessError("ValidationException", "Exactly one of workgroupName and customDomainName is required.")
    if workgroup:
        _require(endpoint, "Workgroup", workgroup)
    seconds = int(call.parameters.get("durationSeconds") or DEFAULT_SECONDS)
    if seconds not in DURATIONS:
        raise ServerlessError("ValidationException", "durationSeconds must be between 900 and 3600.")
    sender = endpoint.senders(call.authorization)
    name, password = endpoint.issue_to(sender, call.parameters.get("dbName"), seconds)
    expires_at = password.expires_at.timestamp()
    return {"dbUser": name, "dbPassword": password.text, "expiration": expires_at, "nextRefreshTime": expires_at}


def _get_workgroup(endpoint: Endpoint, call: _Call) -> dict[str, Any]:
    name = call.name("workgroupName")
    _require(endpoint, "Workgroup", name)
    return {"workgroup": _workgroup(endpoint, call, name)}


def _list_workgroups(endpoint: Endpoint, call: _Call) -> dict[str, Any]:
    return {"workgroups": [_workgroup(endpoint, call, endpoint.own_name)]}


def _get_namespace(endpoint: Endpoint, call: _Call) -> dict[str, Any]:
    name = call.name("namespaceName")
    _require(endpoint, "Namespace", name)
    return {"namespace": _namespace(call, name)}


def _list_namespaces(endpoint: Endpoint, call: _Call) -> dict[str, Any]:
    return {"namespaces": [_namespace(call, endpoint.own_name)]}


def _require(endpoint: Endpoint, kind: str, name: str) -> None:
    if not endpoint.has(name):
        raise ServerlessError("ResourceNotFoundException", f"{kind} {name} was not found.")


def _workgroup(endpoint: Endpoint, call: _Call, name: str) -> dict[str, Any]:
    return {
        "workgroupName": name,
        "workgroupId": name,
        "workgroupArn": _arn(call, "workgroup", name),
        "namespaceName": name,
        "status": "AVAILABLE",
        "endpoint": {"address": call.host, "port": endpoint.port(), "vpcEndpoints": []},
        "port": endpoint.port(),
        "baseCapacity": 8,
        "publiclyAccessible": False,
        "enhancedVpcRouting": False,
        "configParameters": [],
        "securityGroupIds": [],
        "subnetIds": [],
        "creationDate": _SINCE,
    }


def _namespace(call: _Call, name: str) -> dict[str, Any]:
    return {
        "namespaceName": name,
        "namespaceId": name,
        "namespaceArn": _arn(call, "namespace", name),
        "adminUsername": USER,
        "dbName": DATABASE,
        "status": "AVAILABLE",
        "iamRoles": [],
        "logExports": [],
        "creationDate": _SINCE,
    }


def _arn(call: _Call, kind: str, name: str) -> str:
    return f"arn:aws:redshift-serverless:{call.region}:{account.ID}:{kind}/{name}"


OPERATIONS: dict[str, Callable[[Endpoint, _Call], dict[str, Any]]] = {
    "GetCredentials": _get_credentials,
    "GetWorkgroup": _get_workgroup,
    "ListWorkgroups": _list_workgroups,
    "GetNamespace": _get_namespace,
    "ListNamespaces": _list_namespaces,
}
"""All operations, by their name."""
