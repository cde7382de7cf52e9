"""The type of an expression, and Redshift's rules for the types of results: pure arithmetic on precision and scale.

Sources: https://docs.aws.amazon.com/redshift/latest/dg/r_numeric_computations201.html (result tables) and
https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html (lengths).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

MAX_PRECISION = 38
MAX_SCALE = 37
MAX_BYTES = 65535
_INTEGER_DIGITS = {"int2": 5, "int4": 10, "int8": 19}
_INTEGER_BYTES = {"int2": 6, "int4": 11, "int8": 20}
_FLOATS = ("float4", "float8")


class Digits(NamedTuple):
    """The digits of a DECIMAL: all of them, and those after the point."""

    precision: int
    scale: int

    @property
    def whole(self) -> int:
        """The number of digits before the point."""
        return self.precision - self.scale


@dataclass(frozen=True, slots=True)
class Kind:
    """A data type.

    Attributes:
        name: Redshift's internal name, such as `int4`, `numeric`, `varchar`, `bpchar`; `null` for the word NULL.
        size: Precision of a numeric, or the byte limit of a text; None if it is not known.
        scale: Scale of a numeric; None if it is not known.
        is_literal: A quoted literal, which takes the type of what it is compared or combined with.
    """

    name: str
    size: int | None = None
    scale: int | None = None
    is_literal: bool = False

    @property
    def is_integer(self) -> bool:
        """Whether it is SMALLINT, INTEGER or BIGINT."""
        return self.name in _INTEGER_DIGITS

    @property
    def is_float(self) -> bool:
        """Whether it is REAL or DOUBLE PRECISION."""
        return self.name in _FLOATS

    @property
    def is_number(self) -> bool:
        """Whether one can calculate with it."""
        return self.is_integer or self.is_float or self.name == "numeric"

    @property
    def is_text(self) -> bool:
        """Whether it is CHAR or VARCHAR."""
        return self.name in ("varchar", "bpchar")

    @property
    def digits(self) -> Digits | None:
        """The digits of the DECIMAL that an operand is converted to; None if it is no exact number of known size."""
        if self.is_integer:
            return Digits(_INTEGER_DIGITS[self.name], 0)
        if self.name != "numeric" or self.size is None or self.scale is None:
            return None
        return Digits(self.size, self.scale)


NULL = Kind("null")
BOOL = Kind("bool")
INT4 = Kind("int4")
INT8 = Kind("int8")
FLOAT8 = Kind("float8")
NUMERIC = Kind("numeric")
VARCHAR = Kind("varchar")
DATE = Kind("date")
TIMESTAMP = Kind("timestamp")

_POSTGRES_NAMES = {
    "smallint": "int2", "integer": "int4", "bigint": "int8", "real": "float4", "double precision": "float8",
    "boolean": "bool", "date": "date", "timestamp": "timestamp", "timestamp without time zone": "timestamp",
    "timestamptz": "timestamptz", "timestamp with time zone": "timestamptz", "time": "time",
    "time without time zone": "time", "timetz": "timetz", "time with time zone": "timetz", "numeric": "numeric",
    "varchar": "varchar", "character varying": "varchar", "text": "varchar", "char": "bpchar", "character": "bpchar",
    "bpchar": "bpchar", "jsonb": "super", "bytea": "varbyte", "interval": "interval",
}  # fmt: skip
_SIZED = re.compile(r"(?P<name>[a-z ]+?)\s*(?:\((?P<size>\d+)(?:,(?P<scale>-?\d+))?\))?")


def kind_of_type(text: str) -> Kind | None:
    """The kind of a type as PostgreSQL writes it, such as `numeric(18,2)`; None if it is none of Redshift's."""
    match = _SIZED.fullmatch(text)
    name = _POSTGRES_NAMES.get(match["name"]) if match else None
    if match is None or name is None:
        return None
    size = int(match["size"]) if match["size"] else None
    if name == "numeric":
        return Kind(name, size, int(match["scale"] or 0) if size else None)
    return Kind(name, size if name in ("varchar", "bpchar") else None)


def postgres_type_of(kind: Kind) -> str:
    """The kind as PostgreSQL writes it. Only for numbers and texts with a known size."""
    if kind.name == "numeric":
        return f"numeric({kind.size},{kind.scale})"
    return f"{kind.name}({kind.size})"


def kind_of_number(text: str) -> Kind:
    """The kind of a number as it is written in a statement. With an exponent, its scale is not known."""
    if "e" in text.lower():
        return NUMERIC
    whole, _, fraction = text.partition(".")
    if "." not in text:
        value = int(whole)
        if value < 2**31:
            return INT4
        return INT8 if value < 2**63 else Kind("numeric", min(len(whole), MAX_PRECISION), 0)
    digits = len(whole.lstrip("0")) + len(fraction)
    return Kind("numeric", min(max(digits, 1), MAX_PRECISION), min(len(fraction), MAX_SCALE))


def decimal(precision: int, scale: int) -> Kind:
    """A DECIMAL, within its limits."""
    return Kind("numeric", min(precision, MAX_PRECISION), min(scale, MAX_SCALE))


def _quotient(left: Digits, right: Digits) -> Kind:
    """If the precision exceeds 38, the scale is what is left of it, but at least 4."""
    scale = max(4, left.scale + right.whole + 1)
    precision = left.whole + right.scale + scale
    if precision > MAX_PRECISION:
        scale = max(MAX_PRECISION + scale - precision, 4)
    return decimal(precision, scale)


def calculated(operator: str, left: Kind | None, right: Kind | None) -> Kind | None:
    """The kind of `left operator right`, for + - * / %. None if it is not known."""
    if left is None or right is None:
        return None
    if operator == "+" and left.name == right.name == "varbyte":
        return left
    if not (left.is_number and right.is_number):
        return None
    if left.is_float or right.is_float:
        return left if left == right else FLOAT8
    if left.is_integer and right.is_integer:
        return max(left, right, key=lambda kind: _INTEGER_DIGITS[kind.name])
    if left.digits is None or right.digits is None:
        return NUMERIC
    return _exact(operator, left.digits, right.digits)


def _exact(operator: str, left: Digits, right: Digits) -> Kind:
    if operator == "/":
        return _quotient(left, right)
    if operator == "*":
        return decimal(left.precision + right.precision + 1, left.scale + right.scale)
    scale = max(left.scale, right.scale)
    carry = 0 if operator == "%" else 1
    return decimal(max(left.whole, right.whole) + scale + carry, scale)


def combined(kinds: Sequence[Kind | None]) -> Kind | None:
    """The common kind of the branches of CASE, COALESCE or UNION. None if it is not known.

    The documentation caps the precision of such a DECIMAL at 19. Here it is 38, the limit of all DECIMALs, because a
    sum has 38 digits, and `COALESCE(SUM(x), 0)` must hold it.
    """
    known = [kind for kind in kinds if kind is not None]
    if len(known) < len(kinds):
        return None
    typed = [kind for kind in known if kind != NULL and not kind.is_literal]
    texts = [kind for kind in known if kind.is_text]
    if texts and len([kind for kind in typed if kind.is_text]) == len(typed):
        return _combined_text(texts)
    if not typed:
        return NULL
    if all(kind.is_number for kind in typed):
        return _combined_number(typed)
    return typed[0] if len({kind.name for kind in typed}) == 1 else None


def _combined_text(texts: list[Kind]) -> Kind:
    sizes = [kind.size for kind in texts]
    name = "bpchar" if all(kind.name == "bpchar" for kind in texts) else "varchar"
    return Kind(name, None if None in sizes else max(size for size in sizes if size is not None))


def _combined_number(kinds: list[Kind]) -> Kind:
    if any(kind.is_float for kind in kinds):
        return kinds[0] if len(set(kinds)) == 1 else FLOAT8
    if all(kind.is_integer for kind in kinds):
        return max(kinds, key=lambda kind: _INTEGER_DIGITS[kind.name])
    digits = [kind.digits for kind in kinds if kind.digits is not None]
    if len(digits) < len(kinds):
        return NUMERIC
    scale = max(part.scale for part in digits)
    return decimal(max(part.whole for part in digits) + scale, scale)


def joined(left: Kind | None, right: Kind | None) -> Kind | None:
    """The kind of `left || right`: a VARCHAR of both lengths."""
    if left is None or right is None:
        return None
    if "varbyte" in (left.name, right.name):
        return Kind("varbyte")
    sizes = [_INTEGER_BYTES.get(kind.name) if kind.is_integer else kind.size for kind in (left, right)]
    if not (left.is_text or right.is_text) or None in sizes:
        return VARCHAR
    return Kind("varchar", min(sum(size for size in sizes if size), MAX_BYTES))
