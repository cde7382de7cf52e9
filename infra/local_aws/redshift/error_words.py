"""Errors in Redshift's words: those of the translator, and those of the database by kind (SQLSTATE).

PostgreSQL's names of types, its hints and the stand-in's own names mean nothing to Redshift's users. Where a function
or an operator exists in Redshift, and only the stand-in lacks it for these types, the text reports that.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import psycopg

from .errors import LoadError, StatementError, UnsupportedStatement
from .translator.function_names import SAME, TWIN

UNSUPPORTED = "not supported by the local Redshift"
_CONNECTION_LOST = (
    "the warehouse's server ended while the statement ran. Uncommitted changes were rolled back, and the server "
    "is being restarted: submit the statement again"
)
_TOO_DEEP = f"{UNSUPPORTED}: the statement is nested too deeply, or too large"
_BYTES = re.compile(r"rs_bytes_(\d+)_")
_NAMES = (
    (re.compile(r"^permission denied for (?:table|view|materialized view)\b"), "permission denied for relation"),
    (re.compile(r"\bjsonb_build_array\b|\brs\.super_array\b"), "array"),
    (re.compile(r"\bjsonb_build_object\b"), "object"),
    (re.compile(r"\bstring_agg\b"), "listagg"),
    (re.compile(r"\"?\brs\b\"?\."), ""),
    (re.compile(r"\bjsonb?\b"), "super"),
    (re.compile(r"\bbytea\b"), "binary varying"),
    (re.compile(r"(?<=[(, ])text(?=[,) ]|$)"), "character varying"),
    (re.compile(r"(?<=[(, ])unknown(?=[,) ]|$)"), '"unknown"'),
)
"""PostgreSQL's and the stand-in's own names, and Redshift's."""
_MISSING_FUNCTION = re.compile(r"function (\"?[\w.\"]+)\((.*)\) does not exist", re.DOTALL)
_NOT_UNIQUE = re.compile(r"(function|operator) .* is not unique", re.DOTALL)
_MISSING_OPERATOR = re.compile(r"operator does not exist: (.*)", re.DOTALL)
_BAD_INPUT = re.compile(r'invalid input syntax for (?:type )?([\w ]+?)(?:: "(.*)")?$', re.DOTALL)
_NUMBERS = {
    "integer": "Integer", "bigint": "Long", "smallint": "Short", "numeric": "Decimal", "double precision": "Double",
    "real": "Float",
}  # fmt: skip


def error_text(error: BaseException) -> str:
    """An error in Redshift's words. Begins with `ERROR:`."""
    if isinstance(error, UnsupportedStatement):
        return f"ERROR: {UNSUPPORTED}: {error}"
    if isinstance(error, (StatementError, LoadError)):
        return f"ERROR: {error}"
    if isinstance(error, (RecursionError, MemoryError)):
        return f"ERROR: {_TOO_DEEP}"
    if not isinstance(error, psycopg.Error):
        return f"ERROR: {error or type(error).__name__}"
    if isinstance(error, psycopg.OperationalError) and error.sqlstate is None:
        return f"ERROR: {_CONNECTION_LOST}"
    return f"ERROR: {_database_error(error)}"


def _database_error(error: psycopg.Error) -> str:
    diag = error.diag
    state = error.sqlstate or ""
    primary = diag.message_primary or str(error)
    message = redshift_message(state, primary, diag.constraint_name or "", diag.column_name or "")
    if message == primary and diag.message_detail and not state.startswith("42"):
        message += f"\n  Detail: {_renamed(diag.message_detail)}"
    return message


def redshift_message(state: str, message: str, constraint: str = "", column: str = "") -> str:
    """The message of a database error in Redshift's words.

    Args:
        state: Its SQLSTATE.
        message: PostgreSQL's primary message.
        constraint: The constraint that was violated, or an empty string.
        column: The column that the error is about, or an empty string.
    """
    if state == "23514" and (match := _BYTES.match(constraint)):
        return f"value too long for type character varying({match[1]})"
    if state == "22003" and "numeric field overflow" in message:
        return "Numeric data overflow (result precision)"
    if state == "23502":
        return f"Cannot insert a NULL value into column {column}"
    words = _BY_STATE.get(state)
    return words(message) if words else _renamed(message)


def _renamed(message: str) -> str:
    for pattern, name in _NAMES:
        message = pattern.sub(name, message)
    return message


def _isolation(message: str) -> str:
    return f"1023\n  Detail: Serializable isolation violation on table in Redshift ({message})"


def _cardinality(message: str) -> str:
    return "Found multiple matches to update the same tuple" if "second time" in message else _renamed(message)


def _undefined_function(message: str) -> str:
    """A function or operator that exists in Redshift is missing here for these types; any other does not exist."""
    from .translator.functions import SPECIAL  # sqlglot takes 45 MB, and many servers run no statement

    if match := _MISSING_OPERATOR.match(message):
        return f"{UNSUPPORTED}: the operator of {_renamed(' ' + match[1]).strip()}; cast its operands"
    match = _MISSING_FUNCTION.match(message)
    if match is None:
        return _renamed(message)
    call = _renamed(f"{match[1]}({match[2]})")
    name = call.split("(")[0]
    if name in SAME or name in TWIN or name in SPECIAL or name in ("listagg", "try_cast"):
        return f"{UNSUPPORTED}: the function {call} with arguments of these types; cast them"
    return f"function {call} does not exist"


def _ambiguous_function(message: str) -> str:
    if _NOT_UNIQUE.match(message):
        return f"{UNSUPPORTED}: {_renamed(message).replace(' is not unique', '')} with arguments of these types"
    return _renamed(message)


def _bad_input(message: str) -> str:
    """Source: https://docs.aws.amazon.com/redshift/latest/dg/r_STL_LOAD_ERRORS.html (of "Invalid digit")."""
    match = _BAD_INPUT.match(message)
    if match is None:
        return _renamed(message)
    type_name, value = match[1], match[2] or ""
    if type_name in _NUMBERS:
        return _invalid_digit(value, _NUMBERS[type_name])
    if type_name in ("json", "jsonb"):
        return "Error parsing JSON: the value is not valid JSON"
    return f'Error converting text to {_renamed(type_name)}: "{value}"'


def _invalid_digit(value: str, type_name: str) -> str:
    match = re.match(r"\s*[+-]?\d*(\.\d*)?", value)
    position = match.end() if match else 0
    character = value[position : position + 1] or value[:1]
    return f"Invalid digit, Value '{character}', Pos {position}, Type: {type_name}"


def _unknown_type(message: str) -> str:
    return f"{UNSUPPORTED}: the type of an argument or parameter is not known; cast it"


def _columns(message: str) -> str:
    return message.replace("1664", "1600")


def _fixed(text: str) -> Callable[[str], str]:
    return lambda _message: text


_BY_STATE: dict[str, Callable[[str], str]] = {
    "40001": _isolation,
    "40P01": _isolation,
    "21000": _cardinality,
    "428C9": lambda message: f"cannot set an identity column to a value ({message})",
    "2D000": _fixed(
        "TRUNCATE, COMMIT and ROLLBACK cannot be invoked from a procedure that is executing in an atomic context"
    ),
    "57014": _fixed("Query cancelled on user's request"),
    "42883": _undefined_function,
    "42725": _ambiguous_function,
    "22P02": _bad_input,
    "22007": _bad_input,
    "22030": _fixed("Error parsing JSON: an object has the same key twice"),
    "42P18": _unknown_type,
    "42P38": _unknown_type,
    "54001": _fixed(_TOO_DEEP),
    "54000": _fixed(_TOO_DEEP),
    "53200": _fixed(_TOO_DEEP),
    "54011": _columns,
}
