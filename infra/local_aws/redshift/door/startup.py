"""The beginning of a connection: TLS, cancel requests, and the parameters that the client sends.

Source: https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-START-UP
"""

from __future__ import annotations

import re
import ssl
import struct
from collections.abc import Callable
from dataclasses import dataclass

from .client import Client, Gone
from .messages import message

_TLS_REQUEST = 80877103
_ENCRYPTION_REQUEST = 80877104
_CANCEL_REQUEST = 80877102
_PROTOCOL_3 = 3 << 16
_CODE = struct.Struct("!i")
_KEY = struct.Struct("!ii")
_OPTION = re.compile(r"(?:-c\s*|--)([\w.-]+)=((?:\\.|[^\s\\])*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Cancellation:
    """A request to cancel what another connection runs, by the process id and key that this one was given."""

    pid: int
    key: int


@dataclass(frozen=True, slots=True)
class Startup:
    """The parameters that begin a session.

    Attributes:
        user, database: As the client wrote them. The database's default is the user's name.
        parameters: The other parameters. Drivers of Redshift send some that PostgreSQL does not know.
        options: Settings from the parameter `options`, such as `-c search_path=x`.
    """

    user: str
    database: str
    parameters: dict[str, str]
    options: dict[str, str]


def begin(client: Client, tls: Callable[[], ssl.SSLContext]) -> Startup | Cancellation:
    """Reads the first packets of a connection, and starts TLS if the client asks for it.

    Raises:
        Gone: The client sent something else.
    """
    while True:
        packet = client.packet()
        (code,) = _CODE.unpack_from(packet)
        if code == _TLS_REQUEST and not client.is_encrypted:
            client.send(b"S")
            client.start_tls(tls())
        elif code == _ENCRYPTION_REQUEST:
            client.send(b"N")
        elif code == _CANCEL_REQUEST and len(packet) == _CODE.size + _KEY.size:
            return Cancellation(*_KEY.unpack_from(packet, _CODE.size))
        elif code >> 16 == _PROTOCOL_3 >> 16:
            return _startup(client, code, packet[_CODE.size :])
        else:
            raise Gone


def _startup(client: Client, code: int, body: bytes) -> Startup:
    parts = [part.decode(errors="replace") for part in body.split(b"\0")]
    parameters = {name: value for name, value in zip(parts[::2], parts[1::2], strict=False) if name}
    extensions = [name for name in parameters if name.startswith("_pq_.")]
    if code != _PROTOCOL_3 or extensions:  # NegotiateProtocolVersion: 3.0, and no extension
        names = b"".join(name.encode() + b"\0" for name in extensions)
        client.send(message(b"v", struct.pack("!ii", _PROTOCOL_3, len(extensions)) + names))
    user = parameters.pop("user", "")
    database = parameters.pop("database", "") or user
    return Startup(user, database, parameters, options(parameters.pop("options", "")))


def options(text: str) -> dict[str, str]:
    r"""Settings in the parameter `options`: `-c name=value`, `-cname=value`, `--name=value`; a backslash escapes."""
    return {
        name.lower().replace("-", "_"): re.sub(r"\\(.)", r"\1", value, flags=re.DOTALL)
        for name, value in _OPTION.findall(text)
    }
