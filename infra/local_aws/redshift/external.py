"""External schemas: tables of the Glue catalog, read in place, as Redshift Spectrum does.

If a statement names an external table, its rows are loaded into a temporary table with the same columns for the
statement's transaction. The schema's IAM role is used to read them. Only Parquet is supported, and a statement can read
external tables, not write them.
Source: https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_EXTERNAL_SCHEMA.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq

from .copy_command import quoted
from .datatypes import read_type
from .errors import LoadError, RefusedByRedshift, UnsupportedStatement
from .lexer import quote_literal, quote_name, tokenize
from .load import as_csv
from .objects import ObjectStore
from .reader import Reader

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


Catalog = Callable[[str, str, str], ExternalTable | None]
"""Returns a table of the Glue catalog, given role, database and table; None if there is none."""


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


def create_schema(reader: Reader) -> list[str]:
    """CREATE EXTERNAL SCHEMA [IF NOT EXISTS] … FROM DATA CATALOG. The reader is after CREATE EXTERNAL SCHEMA."""
    exists = reader.accept("IF", "NOT", "EXISTS")
    name = reader.word()
    reader.expect("FROM")
    if not reader.accept("DATA", "CATALOG"):
        raise UnsupportedStatement("external schemas are known FROM DATA CATALOG only")
    reader.expect("DATABASE")
    database = reader.string()
    role = ""
    while not reader.done:
        if reader.accept("REGION"):
            reader.string()
        elif reader.accept("IAM_ROLE"):
            role = "DEFAULT" if reader.accept("DEFAULT") else reader.string()
        else:
            raise reader.unsupported("clause of an external schema")
    if not role:
        raise RefusedByRedshift("an external schema needs IAM_ROLE")
    values = ", ".join(map(quote_literal, (name, database, role)))
    again = " ON CONFLICT DO NOTHING" if exists else ""
    return [
        f"CREATE SCHEMA {'IF NOT EXISTS ' if exists else ''}{quote_name(name)}",
        f"INSERT INTO rs.external_schemas (name, database, role) VALUES ({values}){again}",
    ]


def forget_schemas(names: Iterable[str]) -> str:
    """The additional statement for DROP SCHEMA."""
    return f"DELETE FROM rs.external_schemas WHERE name IN ({', '.join(map(quote_literal, names))})"


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

    def bring(self, sql: str) -> Callable[[str], str]:
        """Loads the rows of the external tables that a statement names.

        Returns:
            A function that makes the translated statement read the loaded rows.

        Raises:
            RefusedByRedshift: the user may not use the schema, or it has no such table.
            UnsupportedStatement: the table is not in Parquet format.
            LoadError: a file is not readable, or the schema's role may not read it.
        """
        references = self._references(sql)
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
            yield as_csv(pa.RecordBatch.from_arrays(arrays, names=[str(i) for i in range(len(arrays))]))


def _array(array: pa.Array | None, rows: int) -> pa.Array:
    """A column in a form that CSV supports. A column that the file lacks is NULL."""
    if array is None:
        return pa.nulls(rows, pa.string())
    if pa.types.is_nested(array.type):
        return pa.array([None if v is None else json.dumps(v, default=str) for v in array.to_pylist()], pa.string())
    return array
