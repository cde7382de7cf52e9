"""Updates the Data Catalog from one target of a crawler, as Glue does.

Each S3 target becomes one table, named by `table_names`. An empty target creates no table. A changed schema updates the
table (unless `UpdateBehavior` is LOG). Partitions whose objects have been removed are deleted (unless `DeleteBehavior`
is LOG). If a target has become empty, its table is deleted under DELETE_FROM_DATABASE, else marked as deprecated. The
database must exist. Before each step, the crawler's role must have the permission for it.
"""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from moto.glue import models as glue_models

from ..access import AccessRequest, listing, objects, tables
from ..s3.disk import S3Disk
from . import classifiers, crawler_settings
from .crawl import CrawlResult, explore
from .crawl_objects import CrawlError, Target
from .table_inputs import Columns, partition_input, table_input
from .table_names import own_name, plain_name

Require = Callable[..., None]
"""Called with the permissions that the crawler's role needs; raises AccessDenied."""
_NAMING = threading.Lock()
"""Held from the choice of a table's name until the table exists, because crawlers may share a database."""


@dataclass
class Counts:
    """Numbers of tables that a crawl changed."""

    created: int = 0
    updated: int = 0
    deleted: int = 0


class CrawlerCatalog:
    """The catalog as changed by one crawl.

    Args:
        disk: contains the buckets.
        crawler: moto's crawler.
        counts: incremented for each table that changes.
        require: checks the permissions of the crawler's role.
    """

    def __init__(self, disk: S3Disk, crawler: glue_models.FakeCrawler, counts: Counts, require: Require) -> None:
        self._disk = disk
        self._crawler = crawler
        self._counts = counts
        self._require = require
        self._prefix: str = crawler.table_prefix or ""
        policy = crawler.schema_change_policy or {}
        self._updates = policy.get("UpdateBehavior") != "LOG"
        self._deletes = policy.get("DeleteBehavior") != "LOG"
        self._drops = policy.get("DeleteBehavior") == "DELETE_FROM_DATABASE"
        self._new_folders_only = crawler_settings.crawls_new_folders_only(crawler.recrawl_policy)
        self._merges = crawler_settings.merges_new_columns(crawler.configuration)

    def crawl(self, target: Target) -> str:
        """Updates the catalog from one target, and returns a message for the log.

        Raises:
            CrawlError: the target can't become one table.
            AccessDenied: the role lacks a permission that the update needs.
        """
        self._require(listing(target.bucket, target.path), *self._permissions("GetDatabase"))
        database = self._crawler.backend.get_database(self._crawler.database_name)
        custom_classifiers = classifiers.of_crawler(self._crawler)
        existing = self._existing(database, target)
        folders = self._known_folders(existing)
        result = explore(self._disk, target, custom_classifiers, folders)
        if result is None and existing is not None and folders:
            return f"{existing.name}: no new folders"
        if result is None:
            return self._remove(database, existing, target)
        keys = (key for partition in result.partitions for key in partition.keys)
        self._require(*(objects("s3:GetObject", f"s3://{target.bucket}/{key}") for key in keys))
        with _NAMING:
            table, columns = self._write_table(database, target, result)
        self._write_partitions(table, result, columns)
        notes = "".join(f"\n{note}" for note in result.notes)
        size = f"{result.objects} objects, {len(result.partitions)} partitions, {len(columns)} columns"
        return f"{table.name}: {size}{notes}"

    def _permissions(self, operation: str, *names: str) -> Iterable[AccessRequest]:
        return tables(operation, self._crawler.backend.region_name, self._crawler.database_name, *names)

    def _name(self, database: glue_models.FakeDatabase, target: Target) -> str:
        name = own_name(self._prefix, target.uri, {table.name: _location(table) for table in _tables(database)})
        self._require(*self._permissions("GetTable", plain_name(self._prefix, target.uri), name))
        return name

    def _existing(self, database: glue_models.FakeDatabase, target: Target) -> glue_models.FakeTable | None:
        return database.tables.get(self._name(database, target))

    def _known_folders(self, existing: glue_models.FakeTable | None) -> set[str]:
        """Folders that this crawl skips: those of earlier crawls, if it only wants new ones."""
        if existing is None or not self._new_folders_only:
            return set()
        locations = {
            partition.partition_input["StorageDescriptor"]["Location"] for partition in existing.partitions.values()
        }
        return locations or {_location(existing)}

    def _write_table(
        self, database: glue_models.FakeDatabase, target: Target, result: CrawlResult
    ) -> tuple[glue_models.FakeTable, Columns]:
        """The table of the target, created or updated, and the columns of its partitions."""
        name = self._name(database, target)
        existing: glue_models.FakeTable | None = database.tables.get(name)
        columns = self._columns(result, existing)
        new_input = table_input(name, self._crawler.name, result, columns)
        if existing is None:
            self._require(*self._permissions("CreateTable", name))
            self._crawler.backend.create_table(self._crawler.database_name, name, new_input)
            self._counts.created += 1
            return database.tables[name], columns
        if not self._updates:
            _check_partition_keys(existing, result)
            return existing, _content(existing)["StorageDescriptor"].get("Columns", columns)
        if _differs(existing, new_input):
            self._require(*self._permissions("UpdateTable", name))
            existing.update(new_input)
            self._counts.updated += 1
        return existing, columns

    def _columns(self, result: CrawlResult, existing: glue_models.FakeTable | None) -> Columns:
        """The crawled columns, with those that the table keeps.

        Under MergeNewColumns, the table keeps all its columns unchanged. For a sampled format, it keeps the
        columns that only earlier samples had.
        """
        columns = {name: str(kind) for name, kind in result.columns.items()}
        current = _content(existing).get("StorageDescriptor", {}).get("Columns", []) if existing is not None else []
        earlier = {column["Name"]: column["Type"] for column in current}
        if self._merges:
            columns = earlier | {name: kind for name, kind in columns.items() if name not in earlier}
        elif result.classification == "json":
            columns = columns | {name: kind for name, kind in earlier.items() if name not in columns}
        return [{"Name": name, "Type": kind} for name, kind in columns.items()]

    def _write_partitions(self, table: glue_models.FakeTable, result: CrawlResult, columns: Columns) -> None:
        if not result.partition_keys:
            table.partitions.clear()
            return
        entries_by_key = {
            str(list(partition.values)): glue_models.FakePartition(
                table.database_name, table.name, partition_input(result, columns, partition)
            )
            for partition in result.partitions
        }
        self._require(*self._permissions("BatchGetPartition", table.name))
        if self._deletes and (removed_keys := [key for key in table.partitions if key not in entries_by_key]):
            self._require(*self._permissions("BatchDeletePartition", table.name))
            for key in removed_keys:
                table.partitions.pop(key, None)
        new = {key: entry for key, entry in entries_by_key.items() if key not in table.partitions}
        changed = {
            key: entry
            for key, entry in entries_by_key.items()
            if key not in new and table.partitions[key].partition_input != entry.partition_input
        }
        for operation, changes in (("BatchCreatePartition", new), ("BatchUpdatePartition", changed)):
            if changes:
                self._require(*self._permissions(operation, table.name))
                table.partitions.update(changes)

    def _remove(
        self, database: glue_models.FakeDatabase, existing: glue_models.FakeTable | None, target: Target
    ) -> str:
        """Applies the crawler's DeleteBehavior to the table of a target that no longer has data."""
        if existing is None or not self._deletes:
            return f"{target.uri}: no objects, no table"
        if self._drops:
            self._require(*self._permissions("DeleteTable", existing.name))
            del database.tables[existing.name]
            self._counts.deleted += 1
            return f"{existing.name}: no objects any more, table deleted"
        self._require(*self._permissions("UpdateTable", existing.name))
        content = dict(_content(existing))
        content["Parameters"] = {**content.get("Parameters", {}), "DEPRECATED_BY_CRAWLER": str(int(time.time() * 1000))}
        existing.partitions.clear()
        existing.update(content)
        self._counts.updated += 1
        return f"{existing.name}: no objects any more, table deprecated"


def _tables(database: glue_models.FakeDatabase) -> list[glue_models.FakeTable]:
    return list(database.tables.values())


def _content(table: glue_models.FakeTable) -> dict[str, Any]:
    content: dict[str, Any] = table.get_version(str(table._current_version))
    return content


def _location(table: glue_models.FakeTable) -> str:
    return (_content(table).get("StorageDescriptor") or {}).get("Location") or ""


def _differs(existing: glue_models.FakeTable, new_input: dict[str, Any]) -> bool:
    current = _content(existing)
    return any(current.get(name) != new_input[name] for name in ("Parameters", "PartitionKeys", "StorageDescriptor"))


def _check_partition_keys(existing: glue_models.FakeTable, result: CrawlResult) -> None:
    keys = [key["Name"] for key in _content(existing).get("PartitionKeys") or []]
    if keys != result.partition_keys:
        raise CrawlError(f"Table {existing.name} is partitioned by {keys}, its folders by {result.partition_keys}")
