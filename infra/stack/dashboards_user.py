"""The dashboards' user in the local warehouse: analysts' privileges, a limit for its statements, a random password."""

from __future__ import annotations

import hashlib
import secrets
import string
from pathlib import Path
from urllib.parse import urlencode

from aws_services import resources
from aws_services.redshift_data import RedshiftData
from infra.local_aws.room import write_whole

NAME = "dashboards"
HOST = "localhost"
"""The name in the certificate of the local warehouse."""
STATEMENT_SECONDS = 60
"""The longest that a statement may take."""

_LETTERS = string.ascii_letters + string.digits


def password() -> str:
    """A random password of 190 bits, with each kind of character that Redshift demands."""
    return "".join(secrets.choice(_LETTERS) for _ in range(32)) + "Aa1"


def statements(secret: str, *, exists: bool) -> list[str]:
    """The statements that create the user, or set its password and privileges again.

    The warehouse receives a digest of the password, in Redshift's own form.
    """
    digest = hashlib.md5(f"{secret}{NAME}".encode(), usedforsecurity=False).hexdigest()
    return [
        f"{'ALTER' if exists else 'CREATE'} USER {NAME} PASSWORD 'md5{digest}'",
        f"GRANT ROLE {resources.DATABASE_ROLES[resources.ANALYST_ROLE]} TO {NAME}",
        f"ALTER USER {NAME} SET statement_timeout TO {STATEMENT_SECONDS * 1000}",
    ]


def create(port: int, passfile: Path) -> None:
    """Give the user a new password, and write it to libpq's password file, which only its owner can read.

    Raises:
        aws_services.errors.AwsError: the warehouse refused it.
    """
    secret = password()
    redshift = RedshiftData()
    exists = bool(redshift.execute("SELECT usename FROM pg_user WHERE usename = :name", {"name": NAME}))
    redshift.batch(statements(secret, exists=exists))
    write_passfile(passfile, port, secret)


def write_passfile(path: Path, port: int, secret: str) -> None:
    """Write libpq's password file for the user."""
    write_whole(path, f"{HOST}:{port}:{resources.WAREHOUSE_DATABASE}:{NAME}:{secret}\n".encode())


def url(port: int, passfile: Path, authority: Path) -> str:
    """SQLAlchemy's URL of the local warehouse. It has the path of the password file, not the password.

    Args:
        port: the warehouse's.
        passfile: the password file.
        authority: the certificate of the stack's own authority.
    """
    query = urlencode({"passfile": passfile, "sslmode": "verify-full", "sslrootcert": authority})
    return f"redshift+psycopg2://{NAME}@{HOST}:{port}/{resources.WAREHOUSE_DATABASE}?{query}"
