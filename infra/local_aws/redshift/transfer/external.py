"""External schemas: tables of the Glue catalog, read in place, as Redshift Spectrum does.

If a statement names an external table, its rows are loaded into a temporary table with the same columns for the
statement's transaction. The schema's IAM role is used to read them. Only Parquet is supported, and a statement can read
external tables, not write them.
Source: https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_EXTERNAL_SCHEMA.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq

from ..errors import LoadError, RefusedByRedshift, UnsupportedStatement
from ..translator.datatypes import read_type
from ..translator.lexer import quote_name, tokenize
from ..translator.reader import Reader
from ..translator.relations import Columns
from .columnar import as_csv
from .columns import quoted
from .objects import ObjectStore

_LISTS = re.compile(r"\bsvv_(?:external_(?:tables|columns|partitions)|(?:all_)?(?:tables|columns))\b|^\s*show\b", re.I)
"""Statements that may list external tables: queries of the system views, and the SHOW family."""
_SHOW = re.compile(r"\s*show\b", re.I)
_BATCH_ROWS = 32_768
_NESTED = ("array", "struct", "map")
_TYPES = {"string": "varchar(65535)", "double": "float8", "float": "float4", "tinyint": "smallint"}


@dataclass(frozen=True, slots=True)
class ExternalPartition:
    """The location of some of a table's objects, and their values of the partition columns."""

    location: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExternalTable:
    """A table in the Glue catalog: columns with Glue's types, then the partition columns."""

    columns: dict[str, str]
    partition_keys: dict[str, str]
    partitions: tuple[ExternalPartition, ...]
    is_parquet: bool
    storage: Mapping[str, str] = field(default_factory=dict)
    """Details that the system views show: location, input_format, output_format and so on."""


class Catalog(Protocol):
    """The Glue catalog, read with the permissions of an external schema's role."""

    def __call__(self, role: str, database: str, name: str, /) -> ExternalTable | None:
        """A table; None if there is none. Raises PermissionError if the role may not read it."""

    def names(self, role: str, database: str, /) -> list[str]:
        """The names of a database's tables; none if the role may not list them."""


@dataclass(frozen=True, slots=True)
class _Reference:
    schema: str
    table: str
    database: str
    role: str

    @property
    def stand_in(self) -> str:
        """The temporary table's name."""
        return f"external_{self.schema}_{self.table}"


class ExternalSchemas:
    """The external schemas of one session.

    Args:
        connection: the session's.
        catalog: the Glue catalog; checks a role's permissions.
        store_of: returns the objects that a role can access.
    """

    def __init__(
        self, connection: psycopg.Connection[Any], catalog: Catalog, store_of: Callable[[str], ObjectStore]
    ) -> None:
        self._connection = connection
        self._catalog = catalog
        self._store_of = store_of

    def names(self, sql: str) -> bool:
        """Whether a statement names an external table, or may list them."""
        return bool(_LISTS.search(sql) or self._references(sql))

    def columns(self, schema: str, table: str) -> Columns | None:
        """The columns of an external table with PostgreSQL's types; None if there is none that the schema may read."""
        row = self._connection.execute(
            "SELECT role, database FROM rs.external_schemas WHERE name = %s", (schema,)
        ).fetchone()
        if row is None:
            return None
        try:
            external = self._catalog(row[0], row[1], table)
        except PermissionError:
            return None
        if external is None:
            return None
        return Columns((name, _type(kind)) for name, kind in {**external.columns, **external.partition_keys}.items())

    def bring(self, sql: str) -> Callable[[str], str]:
        """Loads the rows of the external tables that a statement names.

        Returns:
            A function that makes the translated statement read the loaded rows.

        Raises:
            RefusedByRedshift: the user may not use the schema, or it has no such table.
            UnsupportedStatement: the table is not in Parquet format.
            LoadError: a file is not readable, or the schema's role may not read it.
        """
        if _LISTS.search(sql):
            self._describe()
        references = [] if _SHOW.match(sql) else self._references(sql)
        for reference in references:
            self._load(reference)

        def rewrite(translated: str) -> str:
            for reference in references:
                name = f"{quote_name(reference.schema)}.{quote_name(reference.table)}"
                translated = translated.replace(name, f"pg_temp.{quote_name(reference.stand_in)}")
            return translated

        return rewrite

    def _references(self, sql: str) -> list[_Reference]:
        schemas = self._connection.execute("SELECT name, database, role FROM rs.external_schemas").fetchall()
        if not any(name in sql.lower() for name, _, _ in schemas):
            return []
        by_name = {name: (database, role) for name, database, role in schemas}
        qualified_names = _qualified_names(sql)
        return [
            _Reference(schema, table, *by_name[schema])
            for schema, table in sorted(qualified_names)
            if schema in by_name
        ]

    def _describe(self) -> None:
        """Hands the system views what the Glue catalog has, for the rest of the transaction."""
        schemas = self._connection.execute(
            "SELECT name, database, role FROM rs.external_schemas WHERE has_schema_privilege(name, 'USAGE')"
        ).fetchall()
        tables = [
            _described(schema, name, table)
            for schema, database, role in schemas
            for name in self._catalog.names(role, database)
            if (table := self._permitted(role, database, name)) is not None
        ]
        self._connection.execute("SELECT set_config('rs.glue_tables', %s, true)", (json.dumps(tables),))

    def _permitted(self, role: str, database: str, name: str) -> ExternalTable | None:
        """A table of the catalog, or None if the role may not read it: such a table is not listed."""
        try:
            return self._catalog(role, database, name)
        except PermissionError:
            return None

    def _load(self, reference: _Reference) -> None:
        usable = self._connection.execute("SELECT has_schema_privilege(%s, 'USAGE')", (reference.schema,)).fetchone()
        if not usable or not usable[0]:
            raise RefusedByRedshift(f"permission denied for schema {reference.schema}")
        try:
            table = self._catalog(reference.role, reference.database, reference.table)
        except PermissionError as error:
            raise LoadError(f"AccessDenied: {error}") from error
        if table is None:
            raise RefusedByRedshift(f'relation "{reference.schema}.{reference.table}" does not exist')
        if not table.is_parquet:
            raise UnsupportedStatement(f"{reference.schema}.{reference.table} is not in Parquet format")
        columns = {**table.columns, **table.partition_keys}
        declared = ", ".join(f"{quote_name(name)} {_type(kind)}" for name, kind in columns.items())
        target = quote_name(reference.stand_in)
        self._connection.execute(f"DROP TABLE IF EXISTS pg_temp.{target}")
        self._connection.execute(f"CREATE TEMP TABLE {target} ({declared}) ON COMMIT DROP")
        with self._connection.cursor() as cursor:
            statement = f"COPY pg_temp.{target} ({quoted(list(columns))}) FROM STDIN (FORMAT csv)"
            with cursor.copy(statement) as sink:
                for part in _rows(self._store_of(reference.role), table):
                    sink.write(part)


def _described(schema: str, name: str, table: ExternalTable) -> dict[str, Any]:
    """A table as `rs.glue_tables` reads it."""
    columns = [{"name": column, "type": kind, "part_key": 0} for column, kind in table.columns.items()]
    columns += [
        {"name": key, "type": kind, "part_key": number}
        for number, (key, kind) in enumerate(table.partition_keys.items(), 1)
    ]
    partitions = [
        {"location": partition.location, "values": json.dumps(partition.values)}
        for partition in table.partitions
        if table.partition_keys
    ]
    names = {"schemaname": schema, "tablename": name.lower()}
    return {**table.storage, **names, "columns": columns, "partitions": partitions}


def _qualified_names(sql: str) -> set[tuple[str, str]]:
    """Every `a.b` in a statement, in lower case."""
    tokens = tokenize(sql)
    return {
        (schema_token.text.strip('"').lower(), table_token.text.strip('"').lower())
        for schema_token, dot, table_token in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if dot.text == "." and {schema_token.kind, table_token.kind} <= {"word", "quoted"}
    }


def _type(glue: str) -> str:
    """PostgreSQL's equivalent of a Glue type, as Redshift would read it."""
    if glue.startswith(_NESTED):
        return "jsonb"
    return read_type(Reader(_TYPES.get(glue, glue))).postgres


def _rows(store: ObjectStore, table: ExternalTable) -> Iterator[bytes]:
    for partition in table.partitions:
        for uri in store.list(partition.location):
            if not re.search(r"/[_.][^/]*$", uri):  # Spectrum also skips names that begin like this
                yield from _file(store, uri, table, partition.values)


def _file(store: ObjectStore, uri: str, table: ExternalTable, values: tuple[str, ...]) -> Iterator[bytes]:
    with store.open(uri) as stream:
        try:
            file = pq.ParquetFile(stream, coerce_int96_timestamp_unit="us")
        except pa.ArrowInvalid as error:
            raise LoadError(f"Spectrum Scan Error. File '{uri}' is not a valid Parquet file: {error}", uri) from error
        for batch in file.iter_batches(batch_size=_BATCH_ROWS):
            arrays_by_name = {
                name.lower(): array for name, array in zip(batch.schema.names, batch.columns, strict=True)
            }
            arrays = [_array(arrays_by_name.get(name), batch.num_rows) for name in table.columns]
            arrays += [pa.array([value] * batch.num_rows, pa.string()) for value in values]
            yield as_csv(arrays)


def _array(array: pa.Array | None, rows: int) -> pa.Array:
    """A column in a form that CSV supports. A column that the file lacks is NULL."""
    if array is None:
        return pa.nulls(rows, pa.string())
    if pa.types.is_nested(array.type):
        return pa.array([None if v is None else json.dumps(v, default=str) for v in array.to_pylist()], pa.string())
    return array
