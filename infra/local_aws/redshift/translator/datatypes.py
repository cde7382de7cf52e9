"""Redshift's data types and their equivalents in PostgreSQL.

The important differences: lengths of VARCHAR and CHAR count bytes, DECIMAL without precision is DECIMAL(18,0), and
VARCHAR without length is VARCHAR(256) in a table. SUPER has no equivalent, so it becomes jsonb. PostgreSQL's other
types are refused.
Source: https://docs.aws.amazon.com/redshift/latest/dg/c_Supported_data_types.html
"""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import RefusedByRedshift, UnsupportedStatement
from .reader import Reader

MAX_VARCHAR = 65535

_PLAIN = {
    "smallint": "smallint", "int2": "smallint", "integer": "integer", "int": "integer", "int4": "integer",
    "bigint": "bigint", "int8": "bigint", "real": "real", "float4": "real", "float8": "double precision",
    "float": "double precision", "boolean": "boolean", "bool": "boolean", "date": "date", "super": "jsonb",
    "timestamptz": "timestamptz", "timetz": "timetz", "refcursor": "refcursor", "record": "record",
}  # fmt: skip
_DECIMAL = ("decimal", "numeric", "dec")
_VARCHAR = ("varchar", "nvarchar", "text")
_CHAR = ("char", "nchar", "bpchar", "character")
_BYTES = ("varbyte", "varbinary", "binary")
_REFUSED = {
    "json", "jsonb", "uuid", "xml", "bytea", "serial", "bigserial", "smallserial", "money", "inet", "cidr",
    "macaddr", "tsvector", "tsquery", "bit", "varbit", "oid", "regclass", "point", "line", "lseg", "box", "path",
    "polygon", "circle", "hstore", "citext", "int4range", "daterange", "tsrange", "array", "enum", "name",
}  # fmt: skip
_NOT_YET = {"geometry", "geography", "hllsketch", "interval"}


@dataclass(frozen=True, slots=True)
class DataType:
    """One data type.

    Attributes:
        postgres: Its spelling in PostgreSQL.
        max_bytes: The length limit of VARCHAR and CHAR, in bytes.
        is_text: Whether it is VARCHAR (not CHAR).
    """

    postgres: str
    max_bytes: int | None = None
    is_text: bool = False


def _length(reader: Reader, default: int, maximum: int) -> int:
    if not reader.peek("("):
        return default
    inner = reader.parens()
    length = maximum if inner.accept("MAX") else inner.integer()
    inner.end()
    if not 1 <= length <= maximum:
        raise RefusedByRedshift(f"length for type must be between 1 and {maximum}")
    return length


def _decimal(reader: Reader) -> DataType:
    precision = 18
    scale = 0
    if reader.peek("("):
        numbers = [part.integer() for part in reader.parens().split(",")]
        precision = numbers[0]
        scale = numbers[1] if len(numbers) > 1 else 0
    if not 1 <= precision <= 38 or not 0 <= scale <= 37 or scale > precision:
        raise RefusedByRedshift(f"DECIMAL precision {precision} must be between 1 and 38, scale {scale} at most 37")
    return DataType(f"numeric({precision},{scale})")


def _time(reader: Reader, word: str) -> DataType:
    if reader.peek("("):
        raise RefusedByRedshift(f"{word} takes no precision")
    zone = "tz" if reader.accept("WITH", "TIME", "ZONE") else ""
    if not zone:
        reader.accept("WITHOUT", "TIME", "ZONE")
    return DataType(word + zone)


def _character(reader: Reader, word: str, in_table: bool) -> DataType:
    if word in ("character", "char", "nchar") and reader.accept("VARYING"):
        word = "varchar"
    if word in _VARCHAR:
        sized = reader.peek("(")
        if word == "text" and sized:
            raise RefusedByRedshift("TEXT takes no length")
        length = _length(reader, 256, MAX_VARCHAR)
        if not sized and not in_table:
            return DataType("varchar", None, True)
        return DataType(f"varchar({length})", length, True)
    length = _length(reader, 256 if word == "bpchar" else 1, 4096)
    return DataType(f"char({length})", length)


def read_type(reader: Reader, in_table: bool = True) -> DataType:
    """Reads a data type.

    Args:
        reader: Is at the type's first word.
        in_table: Whether it is a column's type, where VARCHAR means VARCHAR(256). In a cast, it means any length.

    Raises:
        RefusedByRedshift: The type exists only in PostgreSQL, or its length is out of range.
        UnsupportedStatement: Redshift has the type, but this stand-in does not.
    """
    word = reader.word()
    if word in _PLAIN:
        data_type = DataType(_PLAIN[word])
    elif word in _DECIMAL:
        data_type = _decimal(reader)
    elif word in _VARCHAR or word in _CHAR:
        data_type = _character(reader, word, in_table)
    elif word in ("timestamp", "time"):
        data_type = _time(reader, word)
    elif word in _BYTES:
        reader.accept("VARYING")
        _length(reader, 64000, 1_024_000)
        data_type = DataType("bytea")
    elif word == "double":
        reader.expect("PRECISION")
        data_type = DataType("double precision")
    elif word in _REFUSED:
        raise RefusedByRedshift(f"type \"{word}\" does not exist (it is PostgreSQL's, not Redshift's)")
    elif word in _NOT_YET:
        raise UnsupportedStatement(f"the local Redshift does not support the data type {word}")
    else:
        raise RefusedByRedshift(f'type "{word}" does not exist')
    if reader.peek("[") or reader.peek("ARRAY"):
        raise RefusedByRedshift("array types are not supported; use SUPER")
    return data_type


def type_from_text(text: str, in_table: bool = False) -> DataType:
    """The data type written as `text`. Raises like `read_type`."""
    reader = Reader(text)
    data_type = read_type(reader, in_table)
    reader.end()
    return data_type


def signature(reader: Reader) -> str:
    """`([name] [mode] type, …)` as modes and types. The mode may also come first."""
    kinds = []
    for part in reader.parens().split(","):
        mode = part.accept_any("IN", "OUT", "INOUT") or ""
        following = part.tokens[part.at + 1 : part.at + 2]
        if following and following[0].kind == "word" and following[0].upper not in _TYPE_TAILS:
            part.word()
            mode = mode or part.accept_any("IN", "OUT", "INOUT") or ""
        kinds.append(f"{mode} {read_type(part).postgres.split('(')[0]}".strip())
        part.end()
    return f"({', '.join(kinds)})"


_TYPE_TAILS = ("PRECISION", "VARYING", "WITH", "WITHOUT")
