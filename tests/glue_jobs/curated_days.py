"""Curated days for tests: Parquet files and manifests as validation leaves them, and the catalog as a crawl does."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import boto3
import pyarrow as pa
import pyarrow.parquet as pq

from aws_services import resources
from lake import layout
from lake.layout import RunId
from lake.manifests import CuratedFile, CuratedManifest
from lake.store import Lake
from schemas.contract import LINEAGE, CuratedRow
from schemas.source import Source
from tests.glue_jobs.frames import defaults

Rows = Sequence[Mapping[str, Any]]
SEEN = datetime.fromisoformat("2026-11-20T02:05:00")


def put_entity(lake: Lake, source: Source, run: RunId, entity: str, tables: Mapping[str, Rows]) -> CuratedManifest:
    """What validating one raw entity writes: a file of each table that has rows, and the manifest last."""
    files = [_put_file(lake, source, run, entity, table, rows) for table, rows in tables.items() if rows]
    count = len(tables.get(entity, ()))
    manifest = CuratedManifest(
        source=source.name,
        entity=entity,
        run_id=str(run),
        business_date=run.business_date,
        raw_digest="d",
        contract_version="v",
        finished_at=datetime(2026, 11, 20, 2, 6, tzinfo=UTC),
        files=tuple(files),
        quarantine=(),
        tables={table: len(tables.get(table, ())) for table in source.tables},
        raw_records=count,
        curated_records=count,
        quarantined_records=0,
        duplicate_records=0,
    )
    manifest.write(lake)
    return manifest


def put_day(lake: Lake, source: Source, run: RunId, entities: Mapping[str, Mapping[str, Rows]]) -> None:
    """What validating every entity of a source writes; entities that are not given had no records."""
    for entity in source.entities:
        put_entity(lake, source, run, entity, entities.get(entity, {}))


def _put_file(lake: Lake, source: Source, run: RunId, entity: str, table: str, rows: Rows) -> CuratedFile:
    lineage = {"_run_id": str(run), "_ingested_at": SEEN, "_source_uri": f"s3://raw/{entity}/p0", "_row_hash": "0"}
    contract = source.table(table)
    complete = [{**lineage, **defaults(contract), **row} for row in rows]
    schema = contract.arrow_schema()
    body = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([_typed(row, schema) for row in complete], schema), body, compression="zstd")
    key = layout.curated_key(source.name, table, run, entity, 0)
    lake.put(key, body.getvalue())
    return CuratedFile(table, key, len(rows), len(body.getvalue()))


def _typed(row: Mapping[str, Any], schema: pa.Schema) -> dict[str, Any]:
    return {name: _value(value, schema.field(name).type) for name, value in row.items()}


def _value(value: Any, kind: pa.DataType) -> Any:
    if not isinstance(value, str) or pa.types.is_string(kind):
        return value
    if pa.types.is_timestamp(kind):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if pa.types.is_date(kind) else Decimal(value)


def catalog_table(
    lake: Lake,
    source: Source,
    table: str,
    day: date,
    *,
    columns: Mapping[str, str] | None = None,
    location: str | None = None,
    partition_key: str = "ingest_date",
    partition: bool = True,
) -> None:
    """Write a curated table into the catalog, as the contract has it unless the arguments differ."""
    glue = boto3.client("glue")
    database = resources.curated_database(source.name)
    root = location or lake.uri(layout.curated_root(source.name, table))
    described = [
        {"Name": name, "Type": kind} for name, kind in (columns or contract_columns(source.table(table))).items()
    ]
    storage = {"Columns": described, "Location": root}
    keys = [{"Name": partition_key, "Type": "string"}]
    if database not in {entry["Name"] for entry in glue.get_databases()["DatabaseList"]}:
        glue.create_database(DatabaseInput={"Name": database})
    glue.create_table(
        DatabaseName=database, TableInput={"Name": table, "StorageDescriptor": storage, "PartitionKeys": keys}
    )
    if partition:
        where = storage | {"Location": f"{root}ingest_date={day}/"}
        glue.create_partition(
            DatabaseName=database,
            TableName=table,
            PartitionInput={"Values": [day.isoformat()], "StorageDescriptor": where},
        )


def contract_columns(contract: type[CuratedRow]) -> dict[str, str]:
    """Hive types of a contract's columns, lineage included, by name."""
    return {column.name: column.hive_type for column in (*contract.columns(), *LINEAGE)}
