"""Amazon Redshift Serverless, apart from its SQL: where the administrator's password is kept."""

from __future__ import annotations

from typing import Any

from aws_services._session import asking, client
from aws_services.errors import NotFound


class RedshiftServerless:
    """Namespaces. Every method may raise `AccessDenied`, `NoCredentials`, `Throttled` or `ServiceUnreachable`."""

    def __init__(self, serverless_client: Any = None) -> None:
        self._client = serverless_client or client("redshift-serverless")

    def administrator(self, namespace: str) -> str:
        """The ARN of the secret with the administrator's password, which Redshift generates and rotates.

        Raises:
            NotFound: there is no such namespace, or its password is not kept in Secrets Manager.
        """
        with asking("GetNamespace", namespace):
            description = self._client.get_namespace(namespaceName=namespace)["namespace"]
        arn = description.get("adminPasswordSecretArn")
        if not arn:
            raise NotFound("GetNamespace", namespace, "the administrator's password is not kept in Secrets Manager")
        return str(arn)
