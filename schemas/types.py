"""The types of columns and of raw values: declared once, they give the check, the Arrow, Hive and Redshift types.

A type is a plain Python type with metadata (`Annotated[str, Text(200)]`), so that mypy sees the Python type and
pydantic-core does the checking without calling back into Python.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

_NO_NUL = r"^[^\x00]*$"


@dataclass(frozen=True, slots=True)
class ColumnType:
    """How a column is called in Arrow (Parquet), in Hive (the Glue Data Catalog) and in Redshift."""

    arrow: str
    hive: str
    redshift: str


@dataclass(frozen=True, slots=True)
class Text:
    """Text of at most `most` characters and at least `least`, without NUL.

    Redshift counts VARCHAR in bytes and UTF-8 needs at most four for a character, so that `VARCHAR(4n)` always fits;
    NUL is refused because COPY and PostgreSQL's protocol refuse it.
    """

    most: int
    least: int = 0

    @property
    def column_type(self) -> ColumnType:
        """The column's types outside Python."""
        return ColumnType("string", "string", f"VARCHAR({4 * self.most})")

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.str_schema(min_length=self.least, max_length=self.most, pattern=_NO_NUL)


@dataclass(frozen=True, slots=True)
class ByteText:
    """Text of at most `most` bytes in UTF-8, without NUL: for lengths that a source states as Redshift counts them."""

    most: int

    @property
    def column_type(self) -> ColumnType:
        """The column's types outside Python."""
        return ColumnType("string", "string", f"VARCHAR({self.most})")

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        text = core_schema.str_schema(max_length=self.most, pattern=_NO_NUL)
        return core_schema.no_info_after_validator_function(self._measured, text)

    def _measured(self, text: str) -> str:
        if not text.isascii() and len(text.encode()) > self.most:
            raise PydanticCustomError(
                "string_too_long", "String should have at most {max_length} bytes", {"max_length": self.most}
            )
        return text


_ZERO = Decimal("0.00")


def _one_zero(amount: Decimal) -> Decimal:
    """The amount, with one way to write zero: 0E+20 has few digits for pydantic, and more than its column for Arrow."""
    return amount or _ZERO


@dataclass(frozen=True, slots=True)
class Amount:
    """Money of at most `digits` digits, two of them after the point: exact, never a float in storage."""

    digits: int

    @property
    def column_type(self) -> ColumnType:
        """The column's types outside Python."""
        return ColumnType(f"decimal128({self.digits}, 2)", f"decimal({self.digits},2)", f"DECIMAL({self.digits},2)")

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        amount = core_schema.decimal_schema(max_digits=self.digits, decimal_places=2)
        return core_schema.no_info_after_validator_function(_one_zero, amount)


FIRST_YEAR = 1901
"""Of all dates and times. Systems write "no date" as a day before it: in the year 1, 1601, 1753, 1899 or 1900."""


@dataclass(frozen=True, slots=True)
class Timestamp:
    """An instant (`utc=True`: aware in Python, UTC in storage) or the time on a venue's wall (naive).

    From 1901 to 9999, to the microsecond.
    """

    utc: bool

    @property
    def column_type(self) -> ColumnType:
        """The column's types outside Python: microseconds without a zone in both cases."""
        return ColumnType("timestamp[us]", "timestamp", "TIMESTAMP")

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        zone = UTC if self.utc else None
        return core_schema.datetime_schema(
            ge=datetime(FIRST_YEAR, 1, 1, tzinfo=zone),
            le=datetime.max.replace(tzinfo=zone),
            tz_constraint="aware" if self.utc else "naive",
        )


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar, from 1901 to 9999."""

    @property
    def column_type(self) -> ColumnType:
        """The column's types outside Python."""
        return ColumnType("date32", "date", "DATE")

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.date_schema(ge=date(FIRST_YEAR, 1, 1))


INTEGER = ColumnType("int32", "int", "INTEGER")
BIG_INTEGER = ColumnType("int64", "bigint", "BIGINT")
DOUBLE = ColumnType("double", "double", "DOUBLE PRECISION")
BOOLEAN = ColumnType("bool", "boolean", "BOOLEAN")
DATE = Day().column_type
TIMESTAMP = Timestamp(utc=True).column_type
PLAIN_TYPES: dict[type, ColumnType] = {bool: BOOLEAN}
"""Python's types that hold nothing that a column cannot; of all others a column needs one of those below."""

# --- columns ---------------------------------------------------------------------------------------------------------
Id = Annotated[str, Text(64, least=1)]
Name = Annotated[str, Text(1000)]
Label = Annotated[str, Text(200)]
Url = Annotated[str, Text(2000)]
UtcTimestamp = Annotated[datetime, Timestamp(utc=True)]
LocalTimestamp = Annotated[datetime, Timestamp(utc=False)]
Integer = Annotated[int, Field(ge=-(2**31), lt=2**31), INTEGER]
BigInteger = Annotated[int, Field(ge=-(2**63), lt=2**63), BIG_INTEGER]
Money = Annotated[Decimal, Amount(12)]
Number = Annotated[float, Field(allow_inf_nan=False), DOUBLE]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False), DOUBLE]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False), DOUBLE]
Date = Annotated[date, Day()]


# --- raw values: what a source may send for a column ------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Written:
    """A value written as text in one form.

    pydantic alone also takes numbers for dates ("20241108" would be a day in August 1970), which here means a
    field whose type has changed, and "1_000" for a number.
    """

    pattern: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.chain_schema([core_schema.str_schema(pattern=self.pattern), handler(source)])


class _Opaque:
    """Validates to None whatever is there, without making Python objects of it."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_default_schema(core_schema.none_schema(), default=None, on_error="default")


class _OpaqueList(_Opaque):
    """As `_Opaque`, but quicker for a list of objects: an error, which becomes None there, takes a copy of it along."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        empty_objects = core_schema.list_schema(core_schema.typed_dict_schema({}, extra_behavior="ignore"))
        return core_schema.with_default_schema(empty_objects, default=None, on_error="default")


@dataclass(frozen=True, slots=True)
class Tidy:
    """Text of at most `most` characters, without NUL and without stray blanks.

    Sources send "Hall  of Fame " and mean "Hall of Fame": blanks around a name are taken off and several in a row
    become one, before its length is measured. Nothing but blanks is no name: null, so declare it as `… | None`.
    """

    most: int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        text = core_schema.str_schema(max_length=self.most, pattern=_NO_NUL)
        return core_schema.no_info_before_validator_function(tidy, core_schema.nullable_schema(text))


def tidy(text: Any) -> Any:
    """Text with one blank where it had several, and none around it; None when nothing is left.

    >>> tidy(" Hall  of Fame ")
    'Hall of Fame'
    >>> tidy("  ") is None
    True
    """
    return (" ".join(text.split()) or None) if isinstance(text, str) else text


def _text_of_number(value: Any) -> Any:
    return str(value) if type(value) is int else value


Opaque = Annotated[Any, _Opaque]
"""A field that is known and not used: neither read nor reported."""
OpaqueList = Annotated[Any, _OpaqueList]
"""The same for a list of objects, such as pictures, which are half of many a record."""
WrittenDate = Annotated[date, Written(r"^\d{4}-\d{2}-\d{2}$")]
WrittenTime = Annotated[time, Written(r"^\d{2}:\d{2}")]
WrittenInstant = Annotated[datetime, Written(r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}")]
WrittenName = Annotated[str, Tidy(1000)]
WrittenLabel = Annotated[str, Tidy(200)]
NumberOrText = Annotated[str, Text(64), BeforeValidator(_text_of_number)]
"""Text that some senders write as a whole number: market ids, postal codes."""
