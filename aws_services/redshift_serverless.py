"""Amazon Redshift Serverless, apart from its SQL: temporary logins, and where the administrator's password is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import SecretStr

from aws_services._session import asking, client
from aws_services.errors import NotFound


@dataclass(frozen=True, slots=True)
class Login:
    """A temporary login to the database.

    Attributes:
        user: the name to log in with; for a role, `IAMR:<role>`.
        password: valid for this user only.
        expires_at: when the password ends, in UTC. Open sessions stay.
    """

    user: str
    password: SecretStr
    expires_at: datetime


class RedshiftServerless:
    """Workgroups and namespaces.

    Every method may raise `AccessDenied`, `NoCredentials`, `Throttled` or `ServiceUnreachable`.
    """

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

    def login(self, workgroup: str, database: str, seconds: int = 900) -> Login:
        """A login for the caller's own database user.

        Args:
            workgroup: the workgroup's name.
            database: the only database that it opens.
            seconds: how long the password is valid, from 900 to 3600.

        Raises:
            NotFound: there is no such workgroup.
        """
        with asking("GetCredentials", workgroup):
            answer = self._client.get_credentials(workgroupName=workgroup, dbName=database, durationSeconds=seconds)
        return Login(answer["dbUser"], SecretStr(answer["dbPassword"]), answer["expiration"])
