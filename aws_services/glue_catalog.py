"""The AWS Glue Data Catalog: its tables, their columns, and the locations of their partitions.

Reading a table or partition uses the plain API, because the Glue job also does it and has no awswrangler.
Administration uses awswrangler, which is imported only then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from aws_services._session import asking, client, session


@dataclass(frozen=True, slots=True)
class CatalogColumn:
    """A column in the catalog; the type is Hive's, such as `decimal(12,2)`."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class CatalogTable:
    """A table in the catalog.

    Attributes:
        database: its database.
        name: its name.
        location: S3 URI of its root, with a trailing '/'.
        columns: without the partition keys, in order.
        partition_keys: in order.
        parameters: such as `classification` (`parquet`, `json`).
    """

    database: str
    name: str
    location: str
    columns: tuple[CatalogColumn, ...]
    partition_keys: tuple[CatalogColumn, ...]
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Partition:
    """One partition of a table: the values of its partition keys and its location (an S3 URI with a trailing '/')."""

    values: tuple[str, ...]
    location: str
    columns: tuple[CatalogColumn, ...]


class GlueCatalog:
    """The Data Catalog. Every method may raise `AccessDenied`, `Throttled` or `ServiceUnreachable`."""

    def __init__(self, glue_client: Any = None) -> None:
        self._client = glue_client or client("glue")

    def table(self, database: str, name: str) -> CatalogTable:
        """One table. Raises NotFound if no crawler has written it (yet)."""
        with asking("GetTable", f"{database}.{name}"):
            return _table(self._client.get_table(DatabaseName=database, Name=name)["Table"])

    def tables(self, database: str) -> tuple[CatalogTable, ...]:
        """All tables of a database, by name. Raises NotFound."""
        with asking("GetTables", database):
            pages = self._client.get_paginator("get_tables").paginate(DatabaseName=database)
            tables = [_table(table) for page in pages for table in page["TableList"]]
        return tuple(sorted(tables, key=lambda table: table.name))

    def partition(self, database: str, table: str, values: Sequence[str]) -> Partition:
        """One partition by the values of its keys. Raises NotFound."""
        with asking("GetPartition", f"{database}.{table}/{'/'.join(values)}"):
            response = self._client.get_partition(DatabaseName=database, TableName=table, PartitionValues=list(values))
        return _partition(response["Partition"])

    def partitions(self, database: str, table: str, expression: str = "") -> tuple[Partition, ...]:
        """The partitions of a table, by value.

        Args:
            database: its database.
            table: its name.
            expression: a filter such as `ingest_date >= '2026-11-01'`; all when empty.

        Raises:
            NotFound: there is no such table.
        """
        request = {"DatabaseName": database, "TableName": table, **({"Expression": expression} if expression else {})}
        with asking("GetPartitions", f"{database}.{table}"):
            pages = self._client.get_paginator("get_partitions").paginate(**request)
            partitions = [_partition(partition) for page in pages for partition in page["Partitions"]]
        return tuple(sorted(partitions, key=lambda partition: partition.values))

    def databases(self) -> dict[str, str]:
        """All databases: description by name."""
        wrangler = _awswrangler()
        with asking("GetDatabases", "the catalog"):
            databases = wrangler.catalog.get_databases(boto3_session=session())
            return {database["Name"]: database.get("Description", "") for database in databases}

    def ensure_database(self, name: str, description: str = "") -> None:
        """Create a database unless it exists."""
        wrangler = _awswrangler()
        with asking("CreateDatabase", name):
            wrangler.catalog.create_database(name, description=description, exist_ok=True, boto3_session=session())

    def delete_table(self, database: str, name: str) -> bool:
        """Delete a table from the catalog (not its files). Returns whether there was one."""
        wrangler = _awswrangler()
        with asking("DeleteTable", f"{database}.{name}"):
            return bool(wrangler.catalog.delete_table_if_exists(database, name, boto3_session=session()))


def _awswrangler() -> ModuleType:
    import awswrangler  # a second to import, and absent in the Glue job

    return awswrangler


def _columns(described: Sequence[Mapping[str, str]]) -> tuple[CatalogColumn, ...]:
    return tuple(CatalogColumn(column["Name"], column.get("Type", "string")) for column in described)


def _table(described: Mapping[str, Any]) -> CatalogTable:
    storage = described.get("StorageDescriptor", {})
    return CatalogTable(
        described["DatabaseName"],
        described["Name"],
        _folder(storage.get("Location", "")),
        _columns(storage.get("Columns", ())),
        _columns(described.get("PartitionKeys", ())),
        dict(described.get("Parameters", {})),
    )


def _partition(described: Mapping[str, Any]) -> Partition:
    storage = described.get("StorageDescriptor", {})
    return Partition(
        tuple(described["Values"]), _folder(storage.get("Location", "")), _columns(storage.get("Columns", ()))
    )


def _folder(location: str) -> str:
    return location if not location or location.endswith("/") else f"{location}/"
