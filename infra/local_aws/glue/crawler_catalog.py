"""Brings the Data Catalog in line with one target of a crawler, as Glue does.

One table per S3 target, named by `table_names`. An empty target makes no table; a changed schema updates the table
(unless `UpdateBehavior` is LOG); partitions whose objects are gone are deleted (unless `DeleteBehavior` is LOG). A
target that became empty has its table deleted only under DELETE_FROM_DATABASE, else marked as deprecated. The database
must exist. Everything is asked of the crawler's role first.
"""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from moto.glue import models as glue_models

from ..access import Ask, listing, objects, tables
from ..s3.disk import S3Disk
from . import classifiers, crawler_settings
from .crawl import Found, explore
from .crawl_objects import CrawlError, Target
from .table_inputs import Columns, partition_input, table_input
from .table_names import own_name, plain_name

Require = Callable[..., None]
"""Called with what the crawler's role must be allowed; raises AccessDenied."""
_NAMING = threading.Lock()
"""Held from the choice of a table's name until the table is there: crawlers may share a database."""


@dataclass
class Counts:
    """Tables that a crawl changed."""

    created: int = 0
    updated: int = 0
    deleted: int = 0


class CrawlerCatalog:
    """The catalog as one crawl of a crawler changes it.

    Args:
        disk: where the buckets are.
        crawler: the crawler, as moto has it.
        counts: counted up with each table that changes.
        require: asks IAM in the name of the crawler's role.
    """

    def __init__(self, disk: S3Disk, crawler: glue_models.FakeCrawler, counts: Counts, require: Require) -> None:
        self._disk, self._crawler, self._counts, self._require = disk, crawler, counts, require
        self._prefix: str = crawler.table_prefix or ""
        policy = crawler.schema_change_policy or {}
        self._updates = policy.get("UpdateBehavior") != "LOG"
        self._deletes = policy.get("DeleteBehavior") != "LOG"
        self._drops = policy.get("DeleteBehavior") == "DELETE_FROM_DATABASE"
        self._new_folders_only = crawler_settings.crawls_new_folders_only(crawler.recrawl_policy)
        self._merges = crawler_settings.merges_new_columns(crawler.configuration)

    def crawl(self, target: Target) -> str:
        """Bring the catalog in line with one target; returns what to log.

        Raises:
            CrawlError: the target cannot be made into one table.
            AccessDenied: the role may not do what this takes.
        """
        self._require(listing(target.bucket, target.path), *self._asks("GetDatabase"))
        database = self._crawler.backend.get_database(self._crawler.database_name)
        known = classifiers.of_crawler(self._crawler)
        existing = self._existing(database, target)
        folders = self._known_folders(existing)
        found = explore(self._disk, target, known, folders)
        if found is None and existing is not None and folders:
            return f"{existing.name}: no new folders"
        if found is None:
            return self._remove(database, existing, target)
        keys = (key for partition in found.partitions for key in partition.keys)
        self._require(*(objects("s3:GetObject", f"s3://{target.bucket}/{key}") for key in keys))
        with _NAMING:
            table, columns = self._write_table(database, target, found)
        self._write_partitions(table, found, columns)
        notes = "".join(f"\n{note}" for note in found.notes)
        size = f"{found.objects} objects, {len(found.partitions)} partitions, {len(columns)} columns"
        return f"{table.name}: {size}{notes}"

    def _asks(self, operation: str, *names: str) -> Iterable[Ask]:
        return tables(operation, self._crawler.backend.region_name, self._crawler.database_name, *names)

    def _name(self, database: glue_models.FakeDatabase, target: Target) -> str:
        name = own_name(self._prefix, target.uri, {table.name: _location(table) for table in _tables(database)})
        self._require(*self._asks("GetTable", plain_name(self._prefix, target.uri), name))
        return name

    def _existing(self, database: glue_models.FakeDatabase, target: Target) -> glue_models.FakeTable | None:
        return database.tables.get(self._name(database, target))

    def _known_folders(self, existing: glue_models.FakeTable | None) -> set[str]:
        """Folders that this crawl need not look into: those of the last crawls, if it is after new ones only."""
        if existing is None or not self._new_folders_only:
            return set()
        locations = {each.partition_input["StorageDescriptor"]["Location"] for each in existing.partitions.values()}
        return locations or {_location(existing)}

    def _write_table(
        self, database: glue_models.FakeDatabase, target: Target, found: Found
    ) -> tuple[glue_models.FakeTable, Columns]:
        """The table of the target, created or updated, and the columns of its partitions."""
        name = self._name(database, target)
        existing: glue_models.FakeTable | None = database.tables.get(name)
        columns = self._columns(found, existing)
        wanted = table_input(name, self._crawler.name, found, columns)
        if existing is None:
            self._require(*self._asks("CreateTable", name))
            self._crawler.backend.create_table(self._crawler.database_name, name, wanted)
            self._counts.created += 1
            return database.tables[name], columns
        if not self._updates:
            _check_partition_keys(existing, found)
            return existing, _content(existing)["StorageDescriptor"].get("Columns", columns)
        if _differs(existing, wanted):
            self._require(*self._asks("UpdateTable", name))
            existing.update(wanted)
            self._counts.updated += 1
        return existing, columns

    def _columns(self, found: Found, existing: glue_models.FakeTable | None) -> Columns:
        """The columns found, with those of the table that stay.

        Under MergeNewColumns all of them stay as they are. Of a sampled format those stay that earlier samples had
        and these have not.
        """
        columns = {name: str(kind) for name, kind in found.columns.items()}
        current = _content(existing).get("StorageDescriptor", {}).get("Columns", []) if existing is not None else []
        earlier = {column["Name"]: column["Type"] for column in current}
        if self._merges:
            columns = earlier | {name: kind for name, kind in columns.items() if name not in earlier}
        elif found.classification == "json":
            columns = columns | {name: kind for name, kind in earlier.items() if name not in columns}
        return [{"Name": name, "Type": kind} for name, kind in columns.items()]

    def _write_partitions(self, table: glue_models.FakeTable, found: Found, columns: Columns) -> None:
        if not found.partition_keys:
            table.partitions.clear()
            return
        wanted = {
            str(list(partition.values)): glue_models.FakePartition(
                table.database_name, table.name, partition_input(found, columns, partition)
            )
            for partition in found.partitions
        }
        self._require(*self._asks("BatchGetPartition", table.name))
        if self._deletes and (gone := [key for key in table.partitions if key not in wanted]):
            self._require(*self._asks("BatchDeletePartition", table.name))
            for key in gone:
                table.partitions.pop(key, None)
        new = {key: entry for key, entry in wanted.items() if key not in table.partitions}
        changed = {
            key: entry
            for key, entry in wanted.items()
            if key not in new and table.partitions[key].partition_input != entry.partition_input
        }
        for operation, entries in (("BatchCreatePartition", new), ("BatchUpdatePartition", changed)):
            if entries:
                self._require(*self._asks(operation, table.name))
                table.partitions.update(entries)

    def _remove(
        self, database: glue_models.FakeDatabase, existing: glue_models.FakeTable | None, target: Target
    ) -> str:
        """What the crawler's DeleteBehavior does with the table of a target that holds no data any more."""
        if existing is None or not self._deletes:
            return f"{target.uri}: no objects, no table"
        if self._drops:
            self._require(*self._asks("DeleteTable", existing.name))
            del database.tables[existing.name]
            self._counts.deleted += 1
            return f"{existing.name}: no objects any more, table deleted"
        self._require(*self._asks("UpdateTable", existing.name))
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


def _differs(existing: glue_models.FakeTable, wanted: dict[str, Any]) -> bool:
    current = _content(existing)
    return any(current.get(name) != wanted[name] for name in ("Parameters", "PartitionKeys", "StorageDescriptor"))


def _check_partition_keys(existing: glue_models.FakeTable, found: Found) -> None:
    keys = [key["Name"] for key in _content(existing).get("PartitionKeys") or []]
    if keys != found.partition_keys:
        raise CrawlError(f"Table {existing.name} is partitioned by {keys}, its folders by {found.partition_keys}")
