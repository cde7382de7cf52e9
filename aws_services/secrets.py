"""AWS Secrets Manager: API keys and passwords, which must not appear in a log, a repr or a traceback."""

from __future__ import annotations

from typing import Any

from pydantic import SecretStr

from aws_services._session import asking, client
from aws_services.errors import NotFound


class SecretsManager:
    """Secrets by name.

    Every method may raise `AccessDenied`, `NoCredentials`, `Throttled` or `ServiceUnreachable`.
    """

    def __init__(self, secrets_client: Any = None) -> None:
        self._client = secrets_client or client("secretsmanager")

    def get(self, name: str) -> SecretStr:
        """The current value; `.get_secret_value()` reveals it. Raises NotFound, also for an empty secret."""
        with asking("GetSecretValue", name):
            value = self._client.get_secret_value(SecretId=name).get("SecretString")
        if not value:
            raise NotFound("GetSecretValue", name, "the secret exists but has no text")
        return SecretStr(value)

    def put(self, name: str, value: SecretStr) -> None:
        """Set a secret's value; create the secret if it doesn't exist."""
        try:
            with asking("PutSecretValue", name):
                self._client.put_secret_value(SecretId=name, SecretString=value.get_secret_value())
        except NotFound:
            with asking("CreateSecret", name):
                self._client.create_secret(Name=name, SecretString=value.get_secret_value())
