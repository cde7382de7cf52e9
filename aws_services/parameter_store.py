"""AWS Systems Manager's Parameter Store: values that other programs left, such as the CDK's bootstrap."""

from __future__ import annotations

from typing import Any

from aws_services._session import asking, client


class ParameterStore:
    """Parameters by name. Methods raise `AccessDenied`, `NoCredentials`, `Throttled` or `ServiceUnreachable`."""

    def __init__(self, ssm_client: Any = None) -> None:
        self._client = ssm_client or client("ssm")

    def get(self, name: str) -> str:
        """The value of a parameter that isn't a secret. Raises NotFound."""
        with asking("GetParameter", name):
            return str(self._client.get_parameter(Name=name)["Parameter"]["Value"])
