"""AWS STS: who the credentials are, and where they lead."""

from __future__ import annotations

from typing import Any

from aws_services._session import asking, client


class Sts:
    """The caller. Raises `NoCredentials`, `AccessDenied` or `ServiceUnreachable` where they apply."""

    def __init__(self, sts_client: Any = None) -> None:
        self._client = sts_client or client("sts")

    @property
    def endpoint(self) -> str:
        """The URL that is asked, whatever set it: the environment or a profile."""
        return str(self._client.meta.endpoint_url)

    def account(self) -> str:
        """The id of the account that the credentials belong to."""
        with asking("GetCallerIdentity", "the credentials in use"):
            return str(self._client.get_caller_identity()["Account"])
