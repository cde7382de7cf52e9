"""Types as the Glue Data Catalog writes them (Hive's), from Parquet schemas, sampled JSON and delimited text.

A type is a `GlueType`: a scalar name, an array, a struct or a map. `merge` turns the types of many files into one
column type. Numbers widen and structs gain fields. Types that can't be reconciled become a string for JSON and text,
and raise `TypeConflict` for Parquet, whose files declare their types and must agree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

_INTEGERS = ("tinyint", "smallint", "int", "bigint")
_FLOATS = ("float", "double")


class TypeConflict(ValueError):
    """Two files have types for a column that no column type can represent."""


@dataclass(frozen=True, slots=True)
class GlueType:
    """A column type: `name` for scalars, `item` for arrays, `fields` for structs, `key` and `item` for maps."""

    name: str
    item: GlueType | None = None
    fields: tuple[tuple[str, GlueType], ...] = ()
    key: GlueType | None = None

    def __str__(self) -> str:
        """The type as Hive spells it."""
        if self.name == "struct":
            return "struct<" + ",".join(f"{name}:{kind}" for name, kind in self.fields) + ">"
        if self.name == "map":
            return f"map<{self.key},{self.item}>"
        return f"array<{self.item}>" if self.name == "array" else self.name


UNKNOWN = GlueType("unknown")
STRING = GlueType("string")


def merge(left: GlueType, right: GlueType, *, strict: bool) -> GlueType:
    """The type that can hold values of both.

    Raises:
        TypeConflict: there is no such type, and `strict` forbids falling back to a string.
    """
    if left == right or right == UNKNOWN:
        return left
    if left == UNKNOWN:
        return right
    for family in (_INTEGERS, _FLOATS):
        if left.name in family and right.name in family:
            return max(left, right, key=lambda kind: family.index(kind.name))
    if {left.name, right.name} <= {*_INTEGERS, *_FLOATS} and not strict:
        return GlueType("double")
    if left.item is not None and right.item is not None and left.name == right.name and left.key == right.key:
        return GlueType(left.name, merge(left.item, right.item, strict=strict), key=left.key)
    if left.name == right.name == "struct":
        fields = merge_columns(dict(left.fields), dict(right.fields), strict=strict)
        return GlueType("struct", fields=tuple(fields.items()))
    if strict:
        raise TypeConflict(f"{left} and {right}")
    return STRING


def merge_columns(left: dict[str, GlueType], right: dict[str, GlueType], *, strict: bool) -> dict[str, GlueType]:
    """The columns of both, in order of appearance. Raises TypeConflict with the name of the column."""
    merged = dict(left)
    for name, kind in right.items():
        try:
            merged[name] = merge(merged.get(name, UNKNOWN), kind, strict=strict)
        except TypeConflict as conflict:
            raise TypeConflict(f"column {name}: {conflict}") from None
    return merged


def settled(kind: GlueType) -> GlueType:
    """The type with each unknown part (only nulls, or empty lists) turned into a string, as Glue does."""
    if kind == UNKNOWN or (kind.name == "struct" and not kind.fields):
        return STRING
    if kind.item is not None:
        return GlueType(kind.name, settled(kind.item), key=kind.key)
    return GlueType(kind.name, fields=tuple((name, settled(field)) for name, field in kind.fields))


def of_json(value: Any) -> GlueType:
    """The type of one JSON value."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return GlueType("boolean")
    if isinstance(value, int):
        return GlueType("int") if -(2**31) <= value < 2**31 else GlueType("bigint")
    if isinstance(value, float):
        return GlueType("double")
    if isinstance(value, list):
        item = UNKNOWN
        for element in value:
            item = merge(item, of_json(element), strict=False)
        return GlueType("array", item)
    if isinstance(value, dict):
        return GlueType("struct", fields=tuple((name, of_json(item)) for name, item in value.items()))
    return STRING


_INTEGER = re.compile(r"[+-]?[0-9]{1,19}")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


def of_text(value: str) -> GlueType:
    """The type of one value of delimited text. An empty value fits any type."""
    if not value:
        return UNKNOWN
    if value.lower() in ("true", "false"):
        return GlueType("boolean")
    if _INTEGER.fullmatch(value) and -(2**63) <= int(value) < 2**63:
        return GlueType("bigint")
    return GlueType("double") if _NUMBER.fullmatch(value) else STRING


_ARROW = {
    "bool": "boolean",
    "int8": "tinyint",
    "int16": "smallint",
    "int32": "int",
    "int64": "bigint",
    "uint8": "smallint",
    "uint16": "int",
    "uint32": "bigint",
    "uint64": "decimal(20,0)",
    "halffloat": "float",
    "float": "float",
    "double": "double",
    "string": "string",
    "large_string": "string",
    "date32[day]": "date",
    "date64[ms]": "date",
    "null": "unknown",
}
"""Catalog types by Arrow's name of the type."""


def of_arrow(kind: pa.DataType) -> GlueType:
    """The catalog type of a Parquet column, from its Arrow type.

    Raises:
        TypeConflict: the catalog has no such type.
    """
    from pyarrow import types  # 40 MB, which a server that crawls no Parquet doesn't need

    if (name := _ARROW.get(str(kind))) is not None:
        return GlueType(name)
    if types.is_timestamp(kind):
        return GlueType("timestamp")
    if types.is_decimal(kind):
        return GlueType(f"decimal({kind.precision},{kind.scale})")
    if types.is_binary(kind) or types.is_large_binary(kind) or types.is_fixed_size_binary(kind):
        return GlueType("binary")
    if types.is_dictionary(kind):
        return of_arrow(kind.value_type)
    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        return GlueType("array", of_arrow(kind.value_type))
    if types.is_map(kind):
        return GlueType("map", of_arrow(kind.item_type), key=of_arrow(kind.key_type))
    if types.is_struct(kind):
        return GlueType("struct", fields=tuple((field.name, of_arrow(field.type)) for field in kind))
    raise TypeConflict(f"the catalog has no type for {kind}")
