"""How COPY converts a field's text to its column's type, with Redshift's error codes and words.

COPY counts the records that do not load (MAXERROR), which PostgreSQL does not. So each field is checked here, and
PostgreSQL gets only what it accepts.

Sources: https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-conversion.html and
r_Load_Error_Reference.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal

from . import date_formats
from .columns import TEXTS, Column
from .copy_command import CopyCommand

BLANK = " \t\r\n\f\v"
Read = Callable[[str], "str | None"]
"""Converts a field's text to the text to load; None is NULL."""

_INTEGER = re.compile(r"[+-]?[0-9]+")
_PLAIN_NUMBER = re.compile(r"-?([0-9]+)(?:\.([0-9]*))?")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_SPECIAL_FLOATS = ("nan", "inf", "infinity", "-inf", "-infinity", "+inf", "+infinity")
_INTEGERS = {"smallint": ("Short", 16), "integer": ("Integer", 32), "bigint": ("Long", 64)}
_TRUE = ("t", "true", "y", "yes", "1")
_FALSE = ("f", "false", "n", "no", "0")
_TIME = re.compile(r"(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?(?:\s*(?:[Zz]|[+-]\d{1,2}(?::?\d{2})?))?")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})*")
_BRACKETS = re.compile(r'[\[\]{}]|"(?:[^"\\]|\\.)*"')
_DEEPEST = 1_000
"""How deep a SUPER may nest: https://docs.aws.amazon.com/redshift/latest/dg/limitations-super.html"""
_DECIMALS = Context(prec=80)


class FieldError(Exception):
    """A field does not fit its column.

    Attributes:
        code: Redshift's error code.
    """

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


def reader(column: Column, command: CopyCommand) -> Read:
    """The conversion of a column's fields. It raises FieldError for a text that does not fit."""
    if column.kind in TEXTS:
        return _text_reader(column, command)
    return _null_if_blank(_typed_reader(column, command), command.null_as)


def missing(column: Column, command: CopyCommand) -> str | None:
    """The value of a column that FILLRECORD adds."""
    return "" if column.kind in TEXTS and not command.empty_as_null and command.format in ("TEXT", "CSV") else None


def _null_if_blank(read: Read, null_as: str | None) -> Read:
    return lambda text: None if text == null_as or not text.strip(BLANK) else read(text)


def _typed_reader(column: Column, command: CopyCommand) -> Read:
    if column.kind in _INTEGERS:
        return _integer_reader(*_INTEGERS[column.kind])
    if column.kind == "numeric":
        return _decimal_reader(column.arguments, ROUND_HALF_UP if command.round_decimals else ROUND_DOWN)
    if column.kind == "date":
        return _dated(date_formats.date_reader(command.date_format), command, 1205, _bad_date)
    if column.kind.startswith("timestamp"):
        read = date_formats.timestamp_reader(command.time_format, has_zone=column.kind.endswith("with time zone"))
        return _dated(read, command, 1206, _bad_timestamp)
    return _OTHERS.get(column.kind, str)


def _integer_reader(name: str, bits: int) -> Read:
    limit = 1 << (bits - 1)

    def read(text: str) -> str:
        stripped = text.strip(BLANK)
        if not _INTEGER.fullmatch(stripped):
            raise FieldError(1207, _invalid_digit(text, name))
        if not -limit <= int(stripped) < limit:
            raise FieldError(1222, f"Overflow, Value '{stripped}', Type: {name}")
        return stripped

    return read


def _invalid_digit(text: str, name: str, allowed: str = "0123456789") -> str:
    offset = 1 if text[:1] in ("+", "-") else 0
    position = next((i for i, letter in enumerate(text) if i >= offset and letter not in allowed), 0)
    return f"Invalid digit, Value '{text[position]}', Pos {position}, Type: {name}"


def _decimal_reader(arguments: tuple[int, ...], rounding: str) -> Read:
    precision, scale = arguments if arguments else (18, 0)
    unit = Decimal(1).scaleb(-scale)

    def read(text: str) -> str:
        plain = _PLAIN_NUMBER.fullmatch(text)
        if plain and len(plain[1]) <= precision - scale and len(plain[2] or "") <= scale:
            return text
        stripped = text.strip(BLANK)
        match = _NUMBER.fullmatch(stripped)
        if not match:
            raise FieldError(1207, _invalid_digit(text, "Decimal", "0123456789."))
        value = Decimal(stripped)
        if value.adjusted() >= precision - scale and value:
            raise FieldError(1209, f"Overflow for NUMERIC({precision},{scale})")
        rounded = value.quantize(unit, rounding, _DECIMALS)
        if rounded and rounded.adjusted() >= precision - scale:
            raise FieldError(1209, f"Overflow for NUMERIC({precision},{scale})")
        return str(rounded)

    return read


def _float(text: str) -> str:
    stripped = text.strip(BLANK)
    if not _NUMBER.fullmatch(stripped) and stripped.lower() not in _SPECIAL_FLOATS:
        raise FieldError(1208, _invalid_digit(text, "Double", "0123456789.eE+-"))
    return stripped


def _real(text: str) -> str:
    stripped = _float(text)
    if stripped.lower() not in _SPECIAL_FLOATS and abs(float(stripped)) > 3.4028235677973366e38:
        raise FieldError(1204, f"Overflow, Value '{stripped}', Type: Float")
    return stripped


def _double(text: str) -> str:
    stripped = _float(text)
    if stripped.lower() not in _SPECIAL_FLOATS and abs(float(stripped)) == float("inf"):
        raise FieldError(1204, f"Overflow, Value '{stripped}', Type: Double")
    return stripped


def _boolean(text: str) -> str:
    word = text.strip(BLANK).lower()
    if word not in _TRUE and word not in _FALSE:
        raise FieldError(1210, "Unknown boolean format")
    return "t" if word in _TRUE else "f"


def _time(text: str) -> str:
    stripped = text.strip(BLANK)
    if not _TIME.fullmatch(stripped):
        raise FieldError(1206, "Invalid time format or value [HH24:MI:SS]")
    return stripped


def _super(text: str) -> str:
    if text.count("[") + text.count("{") > _DEEPEST and _depth(text) > _DEEPEST:
        raise FieldError(1224, f"SUPER exceeds the maximum nesting of {_DEEPEST}")
    try:
        json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise FieldError(1224, f"Invalid JSON format for SUPER: {error}") from error
    return text


def _depth(text: str) -> int:
    """How deep a JSON text nests."""
    depth = deepest = 0
    for mark in _BRACKETS.findall(text):
        depth += (mark in "[{") - (mark in "]}")
        deepest = max(deepest, depth)
    return deepest


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _varbyte(text: str) -> str:
    stripped = text.strip(BLANK)
    if not _HEX.fullmatch(stripped):
        raise FieldError(1219, "VARBYTE has an invalid hexadecimal digit, or an odd number of them")
    return "\\x" + stripped


_OTHERS: dict[str, Read] = {
    "double precision": _double, "real": _real, "boolean": _boolean, "jsonb": _super, "bytea": _varbyte,
    "time without time zone": _time, "time with time zone": _time,
}  # fmt: skip


def _bad_date(text: str, form: str) -> str:
    if not form and len(text) < len(date_formats.DEFAULT_DATE):
        return "Invalid Date Format - length must be 10 or more"
    return f"Invalid date format or value [{form or date_formats.DEFAULT_DATE}]"


def _bad_timestamp(_text: str, form: str) -> str:
    return f"Invalid timestamp format or value [{form or 'YYYY-MM-DD HH24:MI:SS'}]"


def _dated(
    normalize: date_formats.Normalize, command: CopyCommand, code: int, reason: Callable[[str, str], str]
) -> Read:
    form = command.date_format if code == 1205 else command.time_format

    def read(text: str) -> str | None:
        value = normalize(text)
        if value is None and not command.accept_any_date:
            raise FieldError(code, reason(text, form))
        return value

    return read


def _text_reader(column: Column, command: CopyCommand) -> Read:
    length = column.arguments[0] if column.arguments else None
    is_char = column.kind == "character"
    null = command.null_as

    def read(text: str) -> str | None:
        if text == null or (command.empty_as_null and not text):
            return None
        if command.blanks_as_null and text and not text.strip(BLANK):
            return None
        if command.trim_blanks and not is_char:
            text = text.rstrip(BLANK)
        if "\0" in text:
            raise FieldError(1218, "The local Redshift can't store the character NUL; use NULL AS '\\0'")
        size = len(text) if text.isascii() else _bytes(text, is_char=is_char)
        if length is None or size <= length or (is_char and len(text.rstrip(" ")) <= length):
            return text
        if command.truncate_columns:
            return text.encode()[:length].decode(errors="ignore")
        raise FieldError(1204, f"{'Char' if is_char else 'String'} length exceeds DDL length")

    return read


def _bytes(text: str, *, is_char: bool) -> int:
    """The number of bytes of a text that is not ASCII. Bytes that are not UTF-8 arrive as surrogates."""
    if is_char:
        letter = next(letter for letter in text if not letter.isascii())
        code = letter.encode(errors="surrogatepass").hex(" ")
        raise FieldError(
            1220, f"Multibyte character not supported for CHAR (Hint: try using VARCHAR). Invalid char: {code}"
        )
    try:
        return len(text.encode())
    except UnicodeEncodeError as error:
        sequence, number = _bad_sequence(text, error.start)
        reason = "String contains invalid or unsupported UTF8 codepoints. Bad UTF8 hex sequence"
        raise FieldError(1220, f"{reason}: {sequence} (error {number})") from error


def _bad_sequence(text: str, start: int) -> tuple[str, int]:
    """The bytes that are not UTF-8, in hex, and the number of Redshift's reason.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/multi-byte-character-load-errors.html
    """
    end = start
    while end < min(len(text), start + 4) and "\udc80" <= text[end] <= "\udcff":
        end += 1
    if end == start:
        return text[start].encode(errors="surrogatepass").hex(" "), 4
    sequence = text[start:end].encode(errors="surrogateescape")
    if sequence[0] < 0xC0 or sequence[0] >= 0xFE:
        number = 3
    elif sequence[0] >= 0xF8:
        number = 1
    else:
        number = 2 if end == len(text) else 4
    return sequence.hex(" "), number
