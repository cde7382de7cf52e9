"""AWS Systems Manager's Parameter Store: what other programs left word of, such as the CDK's bootstrap."""

from __future__ import annotations

from typing import Any

from aws_services._session import asking, client


class ParameterStore:
    """Parameters by name.

    Raises `AccessDenied`, `NoCredentials`, `Throttled` or `ServiceUnreachable` where they apply.
    """

    def __init__(self, ssm_client: Any = None) -> None:
        self._client = ssm_client or client("ssm")

    def get(self, name: str) -> str:
        """The value of a parameter that is no secret. Raises NotFound."""
        with asking("GetParameter", name):
            return str(self._client.get_parameter(Name=name)["Parameter"]["Value"])
