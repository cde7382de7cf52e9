"""`./boxoffice login`: a login to the warehouse for a BI tool or a driver, with a password that ends after an hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from aws_services import resources
from aws_services.errors import AwsError
from aws_services.redshift_serverless import RedshiftServerless
from infra import terminal
from infra.local_aws.room import write_whole
from infra.stack.stack import Stack

_SECONDS = 3600
"""The longest that Redshift allows."""
_HOSTS = ("127.0.0.1", "localhost")


class LoginRefused(RuntimeError):
    """The actor gets no login. The message is AWS's reason."""


@dataclass(frozen=True, slots=True)
class Login:
    """A login, whose password is in a file.

    Attributes:
        password_file: libpq's password file, which only its owner can read; the password ends each line.
        expires_at: when the password ends (UTC).
    """

    port: int
    user: str
    password_file: Path
    expires_at: datetime

    @property
    def url(self) -> str:
        """The URL for libpq's clients. It has the path of the password file, not the password."""
        address = f"{_HOSTS[0]}:{self.port}/{resources.WAREHOUSE_DATABASE}"
        return f"postgresql://{quote(self.user, safe='')}@{address}?passfile={quote(str(self.password_file))}"


def give(stack: Stack, actor: str) -> Login:
    """A new login for an actor of the stack's own warehouse.

    Raises:
        LoginRefused: the actor may not log in.
    """
    stack.use_aws(actor)
    try:
        answer = RedshiftServerless().login(resources.WORKGROUP, resources.WAREHOUSE_DATABASE, _SECONDS)
    except AwsError as error:
        raise LoginRefused(str(error)) from error
    user = answer.user.replace(":", "\\:")
    password = answer.password.get_secret_value()
    tail = f"{stack.settings.warehouse_port}:{resources.WAREHOUSE_DATABASE}:{user}:{password}"
    path = stack.home / "aws" / f"{actor}.pgpass"
    write_whole(path, "".join(f"{host}:{tail}\n" for host in _HOSTS).encode())
    return Login(stack.settings.warehouse_port, answer.user, path, answer.expires_at)


def show(login: Login, *, as_json: bool) -> None:
    """Print a login."""
    fields = {
        "host": _HOSTS[0],
        "port": login.port,
        "database": resources.WAREHOUSE_DATABASE,
        "user": login.user,
        "password_file": str(login.password_file),
        "expires_at": login.expires_at.isoformat(timespec="seconds"),
        "url": login.url,
    }
    if as_json:
        terminal.show_json(fields)
        return
    fields["password"] = f"at the end of each line of {fields.pop('password_file')}"
    fields["valid until"] = f"{login.expires_at:%H:%M} UTC; open sessions stay"
    del fields["expires_at"]
    for name in ("host", "port", "database", "user", "password", "valid until", "url"):
        terminal.say(f"{name:12}{fields[name]}")
