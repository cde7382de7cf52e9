"""Who asks for credentials, and which endpoint the answers name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..database.warehouse import DATABASE, USER
from .store import CredentialStore, Login, Password

DURATIONS = range(900, 3601)
"""Seconds that a temporary password may be valid."""
DEFAULT_SECONDS = 900
LOCAL = "local"
"""Name of the cluster, workgroup and namespace if the server was not given one."""


@dataclass(frozen=True, slots=True)
class Sender:
    """The role's session or the user that sent a request.

    Attributes:
        database_user: its user in the database: `IAMR:<role>` or `IAM:<user>`.
        user_id: `aws:userid`.
    """

    database_user: str
    user_id: str


Senders = Callable[[str], Sender | None]
"""Returns who sent a request, given its header `Authorization`; None for the administrator."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The warehouse, as AWS's APIs describe it: a workgroup and a cluster of the same name.

    Attributes:
        store: gives out passwords.
        senders: finds who sent a request.
        port: returns the port that Redshift's clients connect to.
        name: the only workgroup; None accepts any name.
    """

    store: CredentialStore
    senders: Senders
    port: Callable[[], int]
    name: str | None = None

    @property
    def own_name(self) -> str:
        """The name in lists."""
        return self.name or LOCAL

    def has(self, name: str) -> bool:
        """Whether this is the warehouse's name."""
        return self.name in (None, name)

    def issue_to(self, sender: Sender | None, database: str | None, seconds: int) -> tuple[str, Password]:
        """A password for the sender's own user, who is created at the first login; the administrator's is its own.

        Returns:
            The user name to log in with, and the password.
        """
        if sender is None:
            login = Login(f"IAM:{USER}", USER, database)
        else:
            user = sender.database_user
            login = Login(user, user.lower(), database, creates_user=True)
        return login.name, self.store.issue(login, seconds)


def host_of(header: str | None) -> str:
    """The host name in a header `Host`: a client that reaches the server by it reaches the warehouse by it, too."""
    return (header or "localhost").rpartition("@")[2].partition(":")[0] or "localhost"


__all__ = ["DATABASE", "DEFAULT_SECONDS", "DURATIONS", "USER", "Endpoint", "Sender", "Senders", "host_of"]
