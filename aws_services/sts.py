"""AWS STS: the identity behind the credentials, and the endpoint."""

from __future__ import annotations

from typing import Any

from aws_services._session import asking, client


class Sts:
    """The caller. May raise `NoCredentials`, `AccessDenied` or `ServiceUnreachable`."""

    def __init__(self, sts_client: Any = None) -> None:
        self._client = sts_client or client("sts")

    @property
    def endpoint(self) -> str:
        """The URL that is called, whether the environment or a profile sets it."""
        return str(self._client.meta.endpoint_url)

    def account(self) -> str:
        """The id of the credentials' account."""
        with asking("GetCallerIdentity", "the credentials in use"):
            return str(self._client.get_caller_identity()["Account"])
