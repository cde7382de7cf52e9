"""Amazon Redshift Serverless itself, beside its SQL: where the administrator's password is kept."""

from __future__ import annotations

from typing import Any

from aws_services._session import asking, client
from aws_services.errors import NotFound


class RedshiftServerless:
    """Namespaces. Raises `AccessDenied`, `NoCredentials`, `Throttled` or `ServiceUnreachable` where they apply."""

    def __init__(self, serverless_client: Any = None) -> None:
        self._client = serverless_client or client("redshift-serverless")

    def administrator(self, namespace: str) -> str:
        """The ARN of the secret that holds the administrator's password, which Redshift makes and rotates.

        Raises:
            NotFound: there is no such namespace, or its password is not kept in Secrets Manager.
        """
        with asking("GetNamespace", namespace):
            found = self._client.get_namespace(namespaceName=namespace)["namespace"]
        arn = found.get("adminPasswordSecretArn")
        if not arn:
            raise NotFound("GetNamespace", namespace, "the administrator's password is not kept in Secrets Manager")
        return str(arn)
