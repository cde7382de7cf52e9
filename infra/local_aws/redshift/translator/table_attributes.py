"""Table attributes: BACKUP, DISTSTYLE, DISTKEY, SORTKEY, ENCODE. They change no result; they are remembered.

`database/attributes.sql` has the tables that remember them, for the catalog and SHOW TABLE.
Source: https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from ..errors import RefusedByRedshift
from .lexer import quote_literal
from .reader import Reader

MOST_INTERLEAVED = 8
MOST_COMPOUND = 400
_NUMBERS = ("smallint", "integer", "bigint", "numeric")
_TIMES = ("date", "timestamp", "timestamptz", "time", "timetz")
_EVERY = None
ENCODINGS: dict[str, tuple[str, ...] | None] = {
    "raw": _EVERY, "auto": _EVERY, "zstd": _EVERY, "runlength": _EVERY,
    "bytedict": (*_NUMBERS, "real", "double precision", "char", "varchar", *_TIMES),
    "az64": (*_NUMBERS, *_TIMES), "delta": (*_NUMBERS, *_TIMES), "delta32k": (*_NUMBERS, *_TIMES),
    "lzo": (*_NUMBERS, "char", "varchar", "bytea", "jsonb", *_TIMES),
    "mostly8": _NUMBERS, "mostly16": ("integer", "bigint", "numeric"), "mostly32": ("bigint", "numeric"),
    "text255": ("varchar",), "text32k": ("varchar",),
}  # fmt: skip
"""The compression encodings, with the types that they can compress (as PostgreSQL spells them); None: every type.

Source: https://docs.aws.amazon.com/redshift/latest/dg/c_Compression_encodings.html
"""
_WITHOUT_KEYS = ("jsonb",)
"""Types of columns that can be no distribution key or sort key."""


@dataclass(slots=True)
class Attributes:
    """The attributes of a table or materialized view, with Redshift's defaults.

    Attributes:
        dist_style: AUTO, EVEN, KEY or ALL; empty: not specified.
        sort_style: COMPOUND, INTERLEAVED or AUTO.
        encodings: Encodings of single columns.
        keys: Declared keys: kind (p, u, f), columns, and what they refer to.
        like: Name of the table whose attributes are copied.
    """

    dist_style: str = ""
    dist_keys: list[str] = field(default_factory=list)
    sort_style: str = "AUTO"
    sort_keys: list[str] = field(default_factory=list)
    backup: bool = True
    auto_refresh: bool = False
    encodings: dict[str, str] = field(default_factory=dict)
    keys: list[dict[str, Any]] = field(default_factory=list)
    like: str | None = None

    def remember(self, name: str, keep: bool = False) -> str:
        """The statement that writes them, to run after the relation was created.

        Args:
            name: The relation's quoted name.
            keep: An older relation's attributes stay, for IF NOT EXISTS.
        """
        facts = {
            "dist_style": self.dist_style or ("KEY" if self.dist_keys else "AUTO"),
            "dist_keys": self.dist_keys,
            "sort_style": self.sort_style,
            "sort_keys": self.sort_keys,
            "encode_auto": not set(self.encodings.values()) - {"auto"},
            "backup": self.backup,
            "auto_refresh": self.auto_refresh,
            "encodings": self.encodings,
            "keys": self.keys,
            "like": self.like,
        }
        text = quote_literal(json.dumps(facts, ensure_ascii=False))
        return f"SELECT rs.remember_table({quote_literal(name)}, {text}{', true' if keep else ''})"


def read_encoding(reader: Reader, column: str, postgres: str | None = None) -> str:
    """Reads the name of an encoding.

    Args:
        reader: Is after ENCODE.
        column: The column's name.
        postgres: Its type in PostgreSQL, if known.
    """
    name = reader.word()
    if name not in ENCODINGS:
        raise RefusedByRedshift(f'encoding type "{name}" is not supported')
    kinds = ENCODINGS[name]
    if postgres and kinds is not None and postgres.split("(")[0] not in kinds:
        raise RefusedByRedshift(f'encoding type "{name}" is not supported for column "{column}" of type {postgres}')
    return name


def read_attributes(reader: Reader, attributes: Attributes, *, of_view: bool = False) -> None:
    """Reads the attributes that come next, in any order, into `attributes`.

    Args:
        reader: The statement.
        attributes: Has the attributes of the columns already.
        of_view: Whether they are a materialized view's, which has AUTO REFRESH and no encodings.
    """
    while not reader.done:
        at = reader.at
        if reader.accept("BACKUP"):
            attributes.backup = _yes_or_no(reader)
        elif reader.accept("DISTSTYLE"):
            _dist_style(reader, attributes)
        elif reader.accept("DISTKEY"):
            _set_dist_keys(attributes, [_name_in_parens(reader)])
        elif of_view and reader.accept("AUTO", "REFRESH"):
            attributes.auto_refresh = _yes_or_no(reader)
        elif not of_view and reader.accept("ENCODE", "AUTO"):
            if set(attributes.encodings.values()) - {"auto"}:
                raise RefusedByRedshift("ENCODE AUTO cannot be used when a column has its own encoding")
        else:
            _sort_key(reader, attributes)
        if reader.at == at:
            break
    _check_distribution(attributes)


def _yes_or_no(reader: Reader) -> bool:
    answer = reader.accept_any("YES", "NO")
    if answer is None:
        raise reader.error("expected YES or NO")
    return answer == "YES"


def _dist_style(reader: Reader, attributes: Attributes) -> None:
    if attributes.dist_style:
        raise RefusedByRedshift("DISTSTYLE is specified more than once")
    attributes.dist_style = reader.accept_any("AUTO", "EVEN", "KEY", "ALL") or ""
    if not attributes.dist_style:
        raise reader.error("expected AUTO, EVEN, KEY or ALL")


def _set_dist_keys(attributes: Attributes, names: list[str]) -> None:
    if attributes.dist_keys:
        raise RefusedByRedshift("cannot specify more than one DISTKEY column")
    attributes.dist_keys = names


def set_dist_key(attributes: Attributes, column: str) -> None:
    """Makes a column the distribution key. Raises RefusedByRedshift if there is one already."""
    _set_dist_keys(attributes, [column])


def _name_in_parens(reader: Reader) -> str:
    """`(column)` or `column`; in CREATE TABLE AS also a position."""
    inner = reader.parens() if reader.peek("(") else None
    if inner is None:
        return reader.word()
    names = [_column_or_position(part) for part in inner.split(",")]
    if len(names) != 1:
        raise RefusedByRedshift("cannot specify more than one DISTKEY column")
    return names[0]


def _column_or_position(reader: Reader) -> str:
    token = reader.tokens[reader.at] if not reader.done else None
    name = str(reader.integer()) if token is not None and token.kind == "number" else reader.word()
    reader.end()
    return name


def _sort_key(reader: Reader, attributes: Attributes) -> None:
    """`[COMPOUND | INTERLEAVED] SORTKEY (columns)` or `SORTKEY AUTO`, if it comes next."""
    style = reader.accept_any("COMPOUND", "INTERLEAVED")
    if not style and not reader.peek("SORTKEY"):
        return
    if attributes.sort_keys:
        raise RefusedByRedshift("cannot specify more than one SORTKEY")
    reader.expect("SORTKEY")
    if not style and reader.accept("AUTO"):
        attributes.sort_style = "AUTO"
        return
    attributes.sort_keys = read_sort_columns(reader, style or "COMPOUND")
    attributes.sort_style = style or "COMPOUND"


def read_sort_columns(reader: Reader, style: str = "COMPOUND") -> list[str]:
    """`(columns)` of a sort key, or one column without parentheses."""
    parts = reader.parens().split(",") if reader.peek("(") else [None]
    names = [_column_or_position(part) if part is not None else reader.word() for part in parts]
    most = MOST_INTERLEAVED if style == "INTERLEAVED" else MOST_COMPOUND
    if len(names) > most:
        raise RefusedByRedshift(f"{style.lower()} sort keys cannot have more than {most} columns")
    if len(set(names)) < len(names):
        raise RefusedByRedshift("a column is named more than once in SORTKEY")
    return names


def _check_distribution(attributes: Attributes) -> None:
    style = attributes.dist_style
    if attributes.dist_keys and style not in ("", "KEY"):
        raise RefusedByRedshift(f"DISTSTYLE {style} cannot be used with DISTKEY")
    if style == "KEY" and not attributes.dist_keys:
        raise RefusedByRedshift("DISTSTYLE KEY requires a DISTKEY column")


def check_key_columns(attributes: Attributes, kinds: dict[str, str]) -> None:
    """Checks that the distribution and sort keys are columns that can be keys.

    Args:
        attributes: With the keys.
        kinds: PostgreSQL's types by column.
    """
    for name in (*attributes.dist_keys, *attributes.sort_keys):
        if name not in kinds:
            raise RefusedByRedshift(f'column "{name}" named in distkey or sortkey does not exist')
        if kinds[name] in _WITHOUT_KEYS:
            raise RefusedByRedshift(f'column "{name}" of type SUPER cannot be a distribution key or sort key')
