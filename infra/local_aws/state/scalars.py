"""Scalar values that JSON does not have: times, bytes, decimals, patterns. Each is `{"$kind": text}`."""

import base64
import re
import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

_WRITERS: Mapping[type, tuple[str, Callable[[Any], Any]]] = {
    datetime: ("$datetime", datetime.isoformat),
    date: ("$date", date.isoformat),
    time: ("$time", time.isoformat),
    timedelta: ("$seconds", timedelta.total_seconds),
    bytes: ("$bytes", lambda value: base64.b64encode(value).decode()),
    bytearray: ("$bytearray", lambda value: base64.b64encode(value).decode()),
    Decimal: ("$decimal", str),
    uuid.UUID: ("$uuid", str),
    re.Pattern: ("$pattern", lambda value: [value.pattern, value.flags]),
}
READERS: Mapping[str, Callable[[Any], Any]] = {
    "$datetime": datetime.fromisoformat,
    "$date": date.fromisoformat,
    "$time": time.fromisoformat,
    "$seconds": lambda value: timedelta(seconds=value),
    "$bytes": base64.b64decode,
    "$bytearray": lambda value: bytearray(base64.b64decode(value)),
    "$decimal": Decimal,
    "$uuid": uuid.UUID,
    "$pattern": lambda value: re.compile(*value),
}
SCALARS = frozenset(_WRITERS)
"""Their types."""


def scalar_of(value: Any) -> dict[str, Any] | None:
    """The JSON of such a value, or None for any other value. Patterns of bytes count as other values."""
    writer = _WRITERS.get(type(value))
    if writer is None or (isinstance(value, re.Pattern) and not isinstance(value.pattern, str)):
        return None
    return {writer[0]: writer[1](value)}
