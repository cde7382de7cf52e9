"""Curated rows: the contract of a table, declared once.

A `CuratedRow` class defines the Arrow schema, the Parquet files, the data dictionary, and the check that the catalog
and the Redshift tables agree.
"""

from __future__ import annotations

import hashlib
import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError

from schemas.types import PLAIN_TYPES, TIMESTAMP, ColumnType, Text

if TYPE_CHECKING:
    import pyarrow as pa

_DECIMAL = re.compile(r"decimal128\((\d+), (\d+)\)")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a curated table, or of a table of the warehouse.

    Attributes:
        name: in snake_case; `_at` is UTC, `_local_at` the venue's time.
        type: the column's types in Arrow, Hive and Redshift.
        nullable: whether the value may be null.
        volatile: whether the value may change without a new version of the row (counters); `_row_hash` excludes it.
        description: unit, zone and meaning.
    """

    name: str
    type: ColumnType
    nullable: bool = True
    volatile: bool = False
    description: str = ""

    @property
    def hive_type(self) -> str:
        """The type in the Glue Data Catalog."""
        return self.type.hive

    @property
    def redshift_type(self) -> str:
        """The type in Redshift."""
        return self.type.redshift

    @property
    def arrow_type(self) -> pa.DataType:
        """The type in Arrow and Parquet."""
        import pyarrow as pa  # not at the top: some readers of contracts don't have it

        if decimal := _DECIMAL.fullmatch(self.type.arrow):
            return pa.decimal128(*map(int, decimal.groups()))
        return pa.type_for_alias(self.type.arrow)


LINEAGE = (
    Column("_run_id", Text(128).column_type, nullable=False, description="Run that wrote the row."),
    Column("_ingested_at", TIMESTAMP, nullable=False, description="When the run's raw data was finished, UTC."),
    Column("_source_uri", Text(1000).column_type, nullable=False, description="URI of the raw object with the record."),
    Column(
        "_row_hash",
        Text(64).column_type,
        nullable=False,
        description="SHA-256 (hex) of all columns except volatile ones.",
    ),
)
"""The columns at the end of every curated table."""


@dataclass(frozen=True, slots=True)
class DiscardedValue:
    """A value that became null because its column doesn't accept it.

    Attributes:
        path: `table.column`.
        type: pydantic's short name of the reason.
        message: the reason for people, without the value.
    """

    path: str
    type: str
    message: str


_DISCARDED: ContextVar[list[DiscardedValue] | None] = ContextVar("discarded", default=None)


@contextmanager
def discarding() -> Iterator[list[DiscardedValue]]:
    """Replace bad values of nullable columns by null within the block; yields the list of these values.

    A bad value of a column that isn't nullable, or outside the block, raises pydantic.ValidationError.
    """
    discarded: list[DiscardedValue] = []
    token = _DISCARDED.set(discarded)
    try:
        yield discarded
    finally:
        _DISCARDED.reset(token)


class CuratedRow(BaseModel):
    """Base of all curated rows: typed, named, documented, with a key.

    A subclass declares `table`, `key` (columns that identify a row) and, if it has counters, `volatile`. Its
    docstring is the table's description and every field has a `description`.
    """

    model_config = ConfigDict(extra="forbid")

    table: ClassVar[str]
    key: ClassVar[tuple[str, ...]]
    description: ClassVar[str]
    volatile: ClassVar[frozenset[str]] = frozenset()
    values_of: ClassVar[Callable[[dict[str, Any]], tuple[Any, ...]]]
    lasting_of: ClassVar[Callable[[tuple[Any, ...]], tuple[Any, ...]]]

    def __init__(self, **values: Any) -> None:
        """Make a row of these values. Raises pydantic.ValidationError, except for values that `discarding` replaces."""
        try:
            self.__pydantic_validator__.validate_python(values, self_instance=self)
        except ValidationError as error:
            if (discarded := _DISCARDED.get()) is None:
                raise
            bad = {str(detail["loc"][0]): detail for detail in error.errors(include_url=False, include_input=False)}
            if not bad.keys() <= {column.name for column in self.columns() if column.nullable}:
                raise
            self.__pydantic_validator__.validate_python(values | dict.fromkeys(bad), self_instance=self)
            discarded += [
                DiscardedValue(f"{self.table}.{name}", detail["type"], detail["msg"]) for name, detail in bad.items()
            ]

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        cls.description = inspect.cleandoc(cls.__doc__ or "")
        cls.values_of = itemgetter(*cls.model_fields)
        nullable = {column.name: column.nullable for column in cls.columns()}
        for name in cls.key:
            if nullable.get(name, True):
                raise TypeError(f"{cls.__name__}: key column {name!r} is missing or nullable")
        if unknown := cls.volatile - nullable.keys():
            raise TypeError(f"{cls.__name__}: volatile columns {sorted(unknown)} do not exist")
        lasting = [place for place, name in enumerate(cls.model_fields) if name not in cls.volatile]
        cls.lasting_of = itemgetter(*lasting) if cls.volatile else tuple

    @classmethod
    @cache
    def columns(cls) -> tuple[Column, ...]:
        """The business columns in order, without the lineage columns."""
        return tuple(
            Column(name, *_column_type(field.annotation, field.metadata), name in cls.volatile, field.description or "")
            for name, field in cls.model_fields.items()
        )

    @classmethod
    @cache
    def arrow_schema(cls) -> pa.Schema:
        """The Arrow schema of the table's Parquet files: the business columns, then the lineage columns."""
        import pyarrow as pa  # not at the top: some readers of contracts don't have it

        return pa.schema(
            [pa.field(column.name, column.arrow_type, column.nullable) for column in (*cls.columns(), *LINEAGE)]
        )

    def values(self) -> tuple[Any, ...]:
        """The values of the business columns in order."""
        return type(self).values_of(self.__dict__)

    def row_hash(self) -> str:
        """The `_row_hash` of the row."""
        return self.hash_of(self.values())

    @classmethod
    def hash_of(cls, values: tuple[Any, ...]) -> str:
        """SHA-256 (hex) of a row's values as MessagePack, without volatile columns. Null and '' differ."""
        return hashlib.sha256(_packer()(cls.lasting_of(values))).hexdigest()


@cache
def _packer() -> Callable[[Any], bytes]:
    import msgspec  # not at the top: some readers of contracts don't have it

    return msgspec.msgpack.Encoder().encode


def _column_type(annotation: Any, metadata: list[Any]) -> tuple[ColumnType, bool]:
    """The column type and nullability that a field's annotation declares."""
    nullable = False
    if get_origin(annotation) in {Union, type(int | None)}:
        (annotation,) = (member for member in get_args(annotation) if member is not type(None))
        nullable = True
    if get_origin(annotation) is Annotated:
        annotation, *metadata = get_args(annotation)
    for item in metadata:
        if isinstance(item, ColumnType):
            return item, nullable
        if isinstance(declared := getattr(item, "column_type", None), ColumnType):
            return declared, nullable
    if annotation not in PLAIN_TYPES:
        raise TypeError(f"{annotation!r} has no column type: use a type of schemas/types.py, which has bounds")
    return PLAIN_TYPES[annotation], nullable
