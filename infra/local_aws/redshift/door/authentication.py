"""Asks the client for its password, and opens the session of PostgreSQL as the role that it proves to be."""

from __future__ import annotations

import struct

import psycopg

from ..database.warehouse import Warehouse, WarehouseError
from ..errors import RefusedByRedshift
from ..translator.parameters import POSTGRES
from ..translator.session import stored
from .client import Client
from .credentials import Credentials
from .messages import message
from .startup import Startup

_CLEAR_TEXT = message(b"R", struct.pack("!i", 3))
AUTHENTICATED = message(b"R", struct.pack("!i", 0))


class Refusal(Exception):
    """A connection is refused.

    Attributes:
        code: The SQLSTATE.
    """

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


def authenticate(client: Client, startup: Startup, credentials: Credentials) -> str:
    """Asks for the password in clear text, which every driver knows, and returns the role to become.

    Redshift's own drivers can't do SCRAM. The client's connection is encrypted or stays on this machine.

    Raises:
        Refusal: The password is wrong, or would travel unencrypted.
    """
    if not (client.is_encrypted or client.is_local):
        raise Refusal("connections from other machines must use SSL", "28000")
    client.send(_CLEAR_TEXT)
    password = client.password().split(b"\0")[0].decode(errors="replace")
    role = credentials.check(startup.user, password, startup.database)
    if role is None:
        raise Refusal(f'password authentication failed for user "{startup.user}"', "28000")
    return role


def open_session(warehouse: Warehouse, role: str, startup: Startup) -> psycopg.Connection:
    """Logs in to PostgreSQL as the role.

    Raises:
        Refusal: There is no such database, or PostgreSQL accepts no connection; in Redshift's words.
    """
    settings = {name: value for name, value in startup.parameters.items() if name.lower() in POSTGRES}
    options = " ".join(_option(name.lower(), value) for name, value in {**settings, **startup.options}.items())
    try:
        connection = warehouse.connect_as(role, autocommit=True, dbname=startup.database.lower(), options=options)
    except WarehouseError as error:
        raise Refusal(str(error), "57P03") from error
    except psycopg.OperationalError as error:
        raise _refusal(str(error), startup) from error
    connection.prepare_threshold = None  # psycopg would send DEALLOCATE ALL, also of the client's statements
    return connection


def _option(name: str, value: str) -> str:
    """A setting for the session's start. The encoding is always UTF8."""
    if name == "client_encoding":
        return ""
    try:
        setting = stored(name)
    except RefusedByRedshift as error:
        raise Refusal(f'unrecognized configuration parameter "{name}"', "42704") from error
    return f"-c {setting}={_escaped(value if name == 'search_path' else value.strip(chr(39)))}"


def _escaped(value: str) -> str:
    return "".join(f"\\{character}" if character in "\\ \t\n\r\f\v" else character for character in value)


def _refusal(text: str, startup: Startup) -> Refusal:
    """PostgreSQL's reason without its address."""
    if "does not exist" in text and "database" in text:
        return Refusal(f'database "{startup.database}" does not exist', "3D000")
    if "permission denied for database" in text:
        return Refusal(f'permission denied for database "{startup.database}"', "42501")
    if "too many" in text or "connection slots" in text:
        return Refusal("too many connections", "53300")
    if "invalid value for parameter" in text or "unrecognized configuration parameter" in text:
        return Refusal(text.rpartition("FATAL:")[2].strip(), "22023")
    return Refusal("the warehouse's server accepts no connection; its log has the reason", "57P03")
