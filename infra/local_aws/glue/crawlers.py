"""Makes moto's Glue crawlers crawl: `StartCrawler` really infers tables and partitions and writes the catalog.

What a crawl finds is in `crawl`; this module writes it down as Glue does: one table per S3 target, named after its
last folder behind the crawler's table prefix; an empty target makes no table; a changed schema updates the table
(unless `UpdateBehavior` is LOG); partitions whose objects are gone are deleted (unless `DeleteBehavior` is LOG). A
target that became empty has its table deleted only under DELETE_FROM_DATABASE, else marked as deprecated. A crawl
that fails says why in `LastCrawl.ErrorMessage`; a target that fails does not stop the others. The database must exist.
Schedules are kept, but never fire.
"""

import functools
import json
import logging
import re
import statistics
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow
from moto.glue import models as glue_models
from moto.glue.exceptions import CrawlerNotRunningException, CrawlerRunningException
from moto.glue.responses import GlueResponse
from moto.logs.models import logs_backends

from infra.local_aws.access import AccessDenied, Ask, Guard, listing, log_writing, objects, tables
from infra.local_aws.glue import classifiers
from infra.local_aws.glue.column_types import GlueType
from infra.local_aws.glue.crawl import CrawlError, Found, Partition, explore
from infra.local_aws.glue.csv_classifier import Layout
from infra.local_aws.s3.disk import S3Disk

_LOG = logging.getLogger(__name__)
_LOG_GROUP = "/aws-glue/crawlers"
_BUSY = ("RUNNING", "STOPPING")
_DIED = "The local AWS stopped while the crawl was in progress."
_SESSION = "AWS-Crawler"  # as Glue calls the session of a crawler's role
Require = Callable[..., None]
"""Called with what the crawler's role must be allowed; raises AccessDenied."""
_TEXT = ("org.apache.hadoop.mapred.TextInputFormat", "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat")
_SERDES = {
    "parquet": (
        "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
        "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
        "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
    ),
    "json": (*_TEXT, "org.openx.data.jsonserde.JsonSerDe"),
    "LazySimpleSerDe": (*_TEXT, "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"),
    "OpenCSVSerDe": (*_TEXT, "org.apache.hadoop.hive.serde2.OpenCSVSerde"),
}


class Crawl(glue_models.FakeCrawl):
    """One crawl, whose state is what happened. States: RUNNING, STOPPING, then COMPLETED, FAILED or STOPPED."""

    _state = "RUNNING"

    def __init__(self, crawler_name: str) -> None:
        super().__init__(crawler_name)
        self.error: str | None = None
        self.tables = _Counts()

    @property
    def status(self) -> str:
        """Where the crawl is."""
        return self._state

    @status.setter
    def status(self, value: str | None) -> None:
        self._state = value or "RUNNING"

    def advance(self) -> None:
        """moto would move the state on by itself here."""

    @property
    def seconds(self) -> float:
        """How long it took, or has taken so far."""
        end: datetime = self.end_time or utcnow()
        return (end - self.start_time).total_seconds()

    def as_dict(self) -> dict[str, Any]:
        """The crawl as ListCrawls returns it."""
        answer: dict[str, Any] = super().as_dict()
        if self.error:
            answer["ErrorMessage"] = self.error
        return answer


@dataclass
class _Counts:
    created: int = 0
    updated: int = 0
    deleted: int = 0


class CrawlerRunner:
    """Runs the crawls of this server, each in a thread."""

    def __init__(self, disk: S3Disk, save: Callable[[], None], guard: Guard) -> None:
        self._disk, self._save, self._guard = disk, save, guard
        self.lock = threading.RLock()
        self._threads: list[threading.Thread] = []

    def recover(self) -> None:
        """A crawl that was running when its server died has failed; what it wrote to the catalog is whole."""
        for _, _, backend in glue_models.glue_backends.iter_backends():
            for crawl in (crawl for crawler in backend.crawlers.values() for crawl in crawler.crawls):
                if crawl.status in _BUSY:
                    crawl.error, crawl.end_time, crawl.status = _DIED, utcnow(), "FAILED"

    def close(self) -> None:
        """Waits for running crawls; they take seconds."""
        for thread in list(self._threads):
            thread.join(30)

    def start(self, crawler: glue_models.FakeCrawler, crawl: Crawl) -> None:
        """Starts a crawl in the background."""
        thread = threading.Thread(target=self._carry_out, args=(crawler, crawl), daemon=True)
        self._threads = [*(known for known in self._threads if known.is_alive()), thread]
        thread.start()

    def _carry_out(self, crawler: glue_models.FakeCrawler, crawl: Crawl) -> None:
        error: str | None = "Internal Service Exception"
        try:
            error = self._crawl(crawler, crawl)
            self._save()  # what a crawl that has succeeded wrote is on disk
        except (JsonRESTError, AccessDenied) as failure:
            error = str(failure)
        except OSError as failure:
            error = f"Internal Service Exception: {failure}"
        except Exception as failure:  # noqa: BLE001  Glue, too, reports whatever goes wrong as a failed crawl
            _LOG.exception("crawl of %s failed", crawler.name)
            error = f"Internal Service Exception: {failure!r}"
        finally:
            with self.lock:
                crawl.error, crawl.end_time = error, utcnow()
                crawl.status = "FAILED" if error else "STOPPED" if crawl.status == "STOPPING" else "COMPLETED"
        try:
            self._save()
        except OSError as failure:  # the next save has it
            _LOG.warning("the end of the crawl of %s is not saved: %s", crawler.name, failure)

    def _crawl(self, crawler: glue_models.FakeCrawler, crawl: Crawl) -> str | None:
        """Crawl all targets; returns what failed. Raises what stopped it as a whole."""
        log = _CrawlLog(crawler, crawl)
        require = functools.partial(self._guard.require_role, crawler.role, _SESSION)
        try:
            require(*log_writing(crawler.backend.region_name, _LOG_GROUP, crawler.name))
            log.line(f"Crawl of {crawler.name} started")
            error = "; ".join(self._crawl_targets(crawler, crawl, log, require)) or None
        except Exception as failure:
            log.line(f"ERROR: {failure}")
            raise
        if error:
            log.line(f"ERROR: {error}")
        return error

    def _crawl_targets(
        self, crawler: glue_models.FakeCrawler, crawl: Crawl, log: "_CrawlLog", require: Require
    ) -> Iterator[str]:
        """Crawl every target; yields why one could not become a table, which does not stop the others."""
        for target in crawler.targets.get("S3Targets", []):
            if crawl.status == "STOPPING":
                return
            try:
                log.line(_crawl_target(self._disk, crawler, crawl, target, require))
            except CrawlError as failure:
                yield f"{target['Path']}: {failure}"


class _CrawlLog:
    """The crawler's stream in CloudWatch Logs."""

    def __init__(self, crawler: glue_models.FakeCrawler, crawl: Crawl) -> None:
        self._backend = logs_backends[crawler.backend.account_id][crawler.backend.region_name]
        self._crawl_id, self._stream = crawl.crawl_id, crawler.name
        if _LOG_GROUP not in self._backend.groups:
            self._backend.create_log_group(_LOG_GROUP, {})
        if self._stream not in self._backend.groups[_LOG_GROUP].streams:
            self._backend.create_log_stream(_LOG_GROUP, self._stream)

    def line(self, text: str) -> None:
        """Writes one event."""
        event = {"timestamp": int(time.time() * 1000), "message": f"[{self._crawl_id}] {text}"[:250_000]}
        self._backend.put_log_events(_LOG_GROUP, self._stream, [event])


def _crawl_target(
    disk: S3Disk, crawler: glue_models.FakeCrawler, crawl: Crawl, target: dict[str, Any], require: Require
) -> str:
    """Brings the catalog in line with one target; returns what to log. Each access is `require`d of the role."""
    bucket, _, prefix = target["Path"].removeprefix("s3://").partition("/")
    require(listing(bucket, prefix), *_asks(crawler, "GetDatabase"))
    database = crawler.backend.get_database(crawler.database_name)
    name = _table_name(crawler.table_prefix or "", target["Path"])
    known = classifiers.of_crawler(crawler)
    found = explore(disk, target["Path"], target.get("Exclusions") or [], known)
    existing = database.tables.get(name)
    require(*_asks(crawler, "GetTable", name))
    if found is None:
        return _target_is_empty(crawler, crawl, database, name, require)
    require(*(objects("s3:GetObject", f"s3://{bucket}/{key}") for part in found.partitions for key in part.keys))
    columns = _columns(found, existing)
    table_input = _table_input(name, crawler.name, found, columns)
    if existing is None:
        require(*_asks(crawler, "CreateTable", name))
        crawler.backend.create_table(crawler.database_name, name, table_input)
        existing = database.tables[name]
        crawl.tables.created += 1
    elif _policy(crawler, "UpdateBehavior", "UPDATE_IN_DATABASE") != "LOG" and _differs(existing, table_input):
        require(*_asks(crawler, "UpdateTable", name))
        existing.update(table_input)
        crawl.tables.updated += 1
    require_of_table = functools.partial(_require_of_table, require, crawler, name)
    _write_partitions(
        existing, found, columns, require_of_table, delete=_policy(crawler, "DeleteBehavior", "") != "LOG"
    )
    notes = "".join(f"\n{note}" for note in found.notes)
    return f"{name}: {found.objects} objects, {len(found.partitions)} partitions, {len(columns)} columns{notes}"


def _asks(crawler: glue_models.FakeCrawler, operation: str, *names: str) -> Iterable[Ask]:
    return tables(operation, crawler.backend.region_name, crawler.database_name, *names)


def _require_of_table(require: Require, crawler: glue_models.FakeCrawler, name: str, operation: str) -> None:
    require(*_asks(crawler, operation, name))


def _policy(crawler: glue_models.FakeCrawler, name: str, default: str) -> str:
    return str((crawler.schema_change_policy or {}).get(name) or default)


def _target_is_empty(
    crawler: glue_models.FakeCrawler, crawl: Crawl, database: glue_models.FakeDatabase, name: str, require: Require
) -> str:
    existing = database.tables.get(name)
    behaviour = _policy(crawler, "DeleteBehavior", "DEPRECATE_IN_DATABASE")
    if existing is None or behaviour == "LOG":
        return f"{name}: no objects, no table"
    if behaviour == "DELETE_FROM_DATABASE":
        require(*_asks(crawler, "DeleteTable", name))
        del database.tables[name]
        crawl.tables.deleted += 1
        return f"{name}: no objects any more, table deleted"
    require(*_asks(crawler, "UpdateTable", name))
    current = dict(existing.get_version(str(existing._current_version)))
    current["Parameters"] = {**current.get("Parameters", {}), "DEPRECATED_BY_CRAWLER": str(int(time.time() * 1000))}
    existing.partitions.clear()
    existing.update(current)
    crawl.tables.updated += 1
    return f"{name}: no objects any more, table deprecated"


def _table_name(prefix: str, uri: str) -> str:
    return re.sub(r"[^a-z0-9_]", "_", (prefix + uri.rstrip("/").rpartition("/")[2]).lower())


def _columns(found: Found, existing: glue_models.FakeTable | None) -> list[dict[str, str]]:
    """The columns found; of a sampled format also those that earlier samples had and these have not."""
    columns = {name: str(kind) for name, kind in found.columns.items()}
    if existing is not None and found.classification == "json":
        current = existing.get_version(str(existing._current_version))
        for column in current.get("StorageDescriptor", {}).get("Columns", []):
            columns.setdefault(column["Name"], column["Type"])
    return [{"Name": name, "Type": kind} for name, kind in columns.items()]


def _storage(found: Found, columns: list[dict[str, str]], location: str) -> dict[str, Any]:
    kind = found.layout.serde if found.layout else found.classification
    input_format, output_format, serde = _SERDES.get(kind, ("", "", ""))
    parameters = _separators(found.layout) if found.layout else {"serialization.format": "1"}
    if found.classification == "json":
        parameters["paths"] = ",".join(column["Name"] for column in columns)
    return {
        "Columns": columns,
        "Location": location,
        "InputFormat": input_format,
        "OutputFormat": output_format,
        "Compressed": found.compressed,
        "NumberOfBuckets": -1,
        "SerdeInfo": {"SerializationLibrary": serde, "Parameters": parameters},
        "BucketColumns": [],
        "SortColumns": [],
        "StoredAsSubDirectories": False,
    }


def _separators(layout: Layout) -> dict[str, str]:
    if layout.serde == "OpenCSVSerDe":
        return {"separatorChar": layout.delimiter, "quoteChar": layout.quote}
    return {"field.delim": layout.delimiter}


def _text_hints(layout: Layout) -> dict[str, str]:
    hints = {"delimiter": layout.delimiter, "columnsOrdered": "true"}
    hints["areColumnsQuoted"] = str(layout.is_quoted).lower()
    return hints | ({"skip.header.line.count": "1"} if layout.has_heading else {})


def _hints(found: Found, objects: int, size: int, records: int | None) -> dict[str, str]:
    hints = {"classification": found.classification, "objectCount": str(objects), "sizeKey": str(size)}
    hints |= {"compressionType": "gzip" if found.compressed else "none", "typeOfData": "file"}
    if found.layout is not None:
        hints |= _text_hints(found.layout)
    return hints if records is None else hints | {"recordCount": str(records)}


def _table_input(name: str, crawler: str, found: Found, columns: list[dict[str, str]]) -> dict[str, Any]:
    size = sum(partition.size for partition in found.partitions)
    hints = _hints(found, found.objects, size, found.records) | {"UPDATED_BY_CRAWLER": crawler}
    return {
        "Name": name,
        "Owner": "owner",
        "Retention": 0,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": hints,
        "PartitionKeys": [{"Name": key, "Type": str(GlueType("string"))} for key in found.partition_keys],
        "StorageDescriptor": _storage(found, columns, found.location),
    }


def _differs(existing: glue_models.FakeTable, table_input: dict[str, Any]) -> bool:
    current = existing.get_version(str(existing._current_version))
    return any(current.get(name) != table_input[name] for name in ("Parameters", "PartitionKeys", "StorageDescriptor"))


def _write_partitions(
    table: glue_models.FakeTable,
    found: Found,
    columns: list[dict[str, str]],
    require: Callable[[str], None],
    *,
    delete: bool,
) -> None:
    if not found.partition_keys:
        table.partitions.clear()
        return
    wanted = {
        str(list(partition.values)): glue_models.FakePartition(
            table.database_name, table.name, _partition_input(found, columns, partition)
        )
        for partition in found.partitions
    }
    require("BatchGetPartition")
    if delete and (gone := [key for key in table.partitions if key not in wanted]):
        require("BatchDeletePartition")
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
            require(operation)
            table.partitions.update(entries)


def _partition_input(found: Found, columns: list[dict[str, str]], partition: Partition) -> dict[str, Any]:
    return {
        "Values": list(partition.values),
        "StorageDescriptor": _storage(found, columns, partition.location),
        "Parameters": _hints(found, len(partition.keys), partition.size, partition.records),
    }


def state(crawler: glue_models.FakeCrawler) -> str:
    """READY, RUNNING or STOPPING."""
    last = crawler.crawls[-1].status if crawler.crawls else "READY"
    return last if last in _BUSY else "READY"


def start_crawler(crawler: glue_models.FakeCrawler, runner: CrawlerRunner) -> None:
    """StartCrawler. Raises CrawlerRunningException if it is running already."""
    with runner.lock:
        if state(crawler) in _BUSY:
            raise CrawlerRunningException(f"Crawler with name {crawler.name} has already started")
        crawl = Crawl(crawler.name)
        crawler.crawls.append(crawl)
    runner.start(crawler, crawl)


def stop_crawler(crawler: glue_models.FakeCrawler, runner: CrawlerRunner) -> None:
    """StopCrawler. Raises CrawlerNotRunningException if it is not running."""
    with runner.lock:
        if state(crawler) != "RUNNING":
            raise CrawlerNotRunningException(f"Crawler with name {crawler.name} isn't running")
        crawler.crawls[-1].status = "STOPPING"


def described(as_dict: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """`FakeCrawler.as_dict` with its last crawl as Glue describes it."""

    @functools.wraps(as_dict)
    def described(self: glue_models.FakeCrawler) -> dict[str, Any]:
        answer = as_dict(self)
        finished = [crawl for crawl in self.crawls if crawl.status not in _BUSY]
        answer.pop("LastCrawl", None)
        if finished:
            last = finished[-1]
            status = {"COMPLETED": "SUCCEEDED", "STOPPED": "CANCELLED"}.get(last.status, last.status)
            answer["LastCrawl"] = {
                "Status": status,
                "LogGroup": last.log_group,
                "LogStream": last.log_stream,
                "MessagePrefix": last.message_prefix,
                "StartTime": last.start_time,
            }
            if last.error:
                answer["LastCrawl"]["ErrorMessage"] = last.error
        if state(self) in _BUSY:
            answer["CrawlElapsedTime"] = int(self.crawls[-1].seconds * 1000)
        return answer

    return described


def _check_crawler(targets: dict[str, Any] | None, configuration: str | None) -> None:
    paths = [target.get("Path", "") for target in (targets or {}).get("S3Targets", [])]
    others = [kind for kind, entries in (targets or {}).items() if entries and kind != "S3Targets"]
    if others or not paths or not all(re.fullmatch(r"s3://[^/]+(/.*)?", path) for path in paths):
        raise JsonRESTError("InvalidInputException", f"The local Glue crawls S3 targets only: {targets}")
    try:
        version = json.loads(configuration)["Version"] if configuration else 1.0
    except (ValueError, KeyError, TypeError):
        raise JsonRESTError("InvalidInputException", "Crawler configuration is not valid JSON with a Version") from None
    if version != 1.0:
        raise JsonRESTError("InvalidInputException", f"Crawler configuration version {version} is not supported")


def creating(create: Callable[..., None]) -> Callable[..., None]:
    """`GlueBackend.create_crawler` that refuses what is not crawled here."""

    @functools.wraps(create)
    def create_crawler(self: glue_models.GlueBackend, **kwargs: Any) -> None:
        _check_crawler(kwargs.get("targets"), kwargs.get("configuration"))
        classifiers.check_known(self, kwargs.get("classifiers"))
        create(self, **kwargs)

    return create_crawler


def deleting(delete: Callable[..., None]) -> Callable[..., None]:
    """`GlueBackend.delete_crawler` that refuses to delete a crawler that is running."""

    @functools.wraps(delete)
    def delete_crawler(self: glue_models.GlueBackend, name: str) -> None:
        if name in self.crawlers and state(self.crawlers[name]) in _BUSY:
            raise CrawlerRunningException(f"Crawler with name {name} is running")
        delete(self, name)

    return delete_crawler


_UPDATABLE = {
    "Role": "role",
    "DatabaseName": "database_name",
    "Description": "description",
    "Targets": "targets",
    "Schedule": "schedule",
    "Classifiers": "classifiers",
    "TablePrefix": "table_prefix",
    "SchemaChangePolicy": "schema_change_policy",
    "RecrawlPolicy": "recrawl_policy",
    "LineageConfiguration": "lineage_configuration",
    "Configuration": "configuration",
    "CrawlerSecurityConfiguration": "crawler_security_configuration",
}


def update_crawler(self: GlueResponse) -> EmptyResult:
    """UpdateCrawler changes what it names and leaves the rest."""
    request = self.parameters
    crawler = self.glue_backend.get_crawler(request.get("Name"))
    if state(crawler) in _BUSY:
        raise CrawlerRunningException(f"Crawler with name {crawler.name} is running")
    _check_crawler(request.get("Targets", crawler.targets), request.get("Configuration", crawler.configuration))
    classifiers.check_known(self.glue_backend, request.get("Classifiers"))
    for name, attribute in _UPDATABLE.items():
        if name in request:
            setattr(crawler, attribute, request[name])
    crawler.version += 1
    crawler.last_updated = utcnow()
    return EmptyResult()


def get_crawler_metrics(self: GlueResponse) -> ActionResult:
    """GetCrawlerMetrics, of the crawls that this server remembers."""
    names = self.parameters.get("CrawlerNameList") or list(self.glue_backend.crawlers)
    known = [self.glue_backend.crawlers[name] for name in names if name in self.glue_backend.crawlers]
    return ActionResult({"CrawlerMetricsList": [_metrics(crawler) for crawler in known]})


def _metrics(crawler: glue_models.FakeCrawler) -> dict[str, Any]:
    done = [crawl for crawl in crawler.crawls if crawl.status not in _BUSY]
    last = done[-1] if done else None
    return {
        "CrawlerName": crawler.name,
        "TimeLeftSeconds": 0.0,
        "StillEstimating": state(crawler) in _BUSY and not done,
        "LastRuntimeSeconds": last.seconds if last else 0.0,
        "MedianRuntimeSeconds": statistics.median(crawl.seconds for crawl in done) if done else 0.0,
        "TablesCreated": last.tables.created if last else 0,
        "TablesUpdated": last.tables.updated if last else 0,
        "TablesDeleted": last.tables.deleted if last else 0,
    }
