"""Looks at one crawler target: which format, which columns. Reads disk, writes nothing.

Like Glue's crawler it groups the objects below the target into one table whose partitions are the folders
(`name=value`, or `partition_0` for a plain folder). Unlike Glue it refuses what Glue would split into several tables
(mixed formats, uneven folder depth, columns of irreconcilable types): the crawl fails and says which objects differ,
because a second, unplanned table is never what a pipeline wants.

Parquet: the footers of all objects are read (they are small). JSON and delimited text: objects may be megabytes and
there may be hundreds, so a few objects of each partition are sampled (`SAMPLES_PER_PARTITION`, the newest partitions
first, at most `SAMPLES` in all); columns that only the others have are missed, as in Glue's own sampling. A sampled
object that is no JSON (an HTML error page with a .json.gz name), or that no classifier knows, is noted and skipped.

Names of columns are in lower case, as in the catalog. `Id` in one object and `id` in another are one column. Both in
one Parquet object fail the crawl: Glue writes both, and readers refuse such a table (HIVE_INVALID_METADATA in Athena).
Both in one JSON object are one column: page by page foreign data is no reason to fail. Delimited text has numbers for
repeated names (`csv_classifier`), because its columns count by their place.

Unlike Glue the name of an object says whether it is Parquet or JSON; any other name is delimited text or UNKNOWN, by
its content. Custom classifiers are asked before the name of a JSON object is believed. Of compressions gzip is known.
"""

import gzip
import json
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from ..s3.disk import S3Disk
from .column_types import GlueType, TypeConflict, merge, merge_columns, of_arrow, of_json, settled
from .crawl_objects import CrawlError, Partition, Target, find_objects
from .csv_classifier import BUILT_IN, SAMPLE_BYTES, CsvClassifier, Layout, Recognised, recognise

if TYPE_CHECKING:
    import pyarrow as pa

SAMPLES_PER_PARTITION = 3
SAMPLES = 30
_JSON_SAMPLE_BYTES = 64 * 1024 * 1024
_FORMATS = {"parquet": "parquet", "json": "json", "jsonl": "json", "ndjson": "json"}


@dataclass
class Found:
    """What a target holds; `layout` is set for delimited text. Names of columns are in lower case."""

    location: str
    classification: str
    compressed: bool
    columns: dict[str, GlueType]
    partition_keys: list[str]
    partitions: list[Partition]
    notes: list[str]
    layout: Layout | None = None
    sample_size: int | None = None

    @property
    def objects(self) -> int:
        """Number of objects."""
        return sum(len(partition.keys) for partition in self.partitions)

    @property
    def records(self) -> int | None:
        """Number of rows, where the format states it."""
        counts = [partition.records for partition in self.partitions]
        return None if None in counts else sum(count for count in counts if count is not None)


def explore(
    disk: S3Disk, target: Target, classifiers: Sequence[CsvClassifier] = (), known_folders: Collection[str] = ()
) -> Found | None:
    """What a target holds, or None when it holds no data.

    Args:
        disk: where the buckets are.
        target: what to look at.
        classifiers: the crawler's own, in its order.
        known_folders: locations of partitions that are left out, as no new folders.

    Raises:
        CrawlError: no such bucket, or objects that do not make one table.
    """
    if (objects := find_objects(disk, target, known_folders)) is None:
        return None
    classification, compressed = _format(objects.keys)
    found = Found(
        objects.location, classification, compressed, {}, objects.partition_keys, objects.partitions, [],
        sample_size=target.sample_size,
    )  # fmt: skip
    bucket, names = target.bucket, found.partition_keys
    if classification == "parquet":
        _read_footers(disk, bucket, found)
    elif classification == "json":
        if not _sample_text(disk, bucket, found, classifiers):
            _sample_json(disk, bucket, found)
    else:
        _sample_text(disk, bucket, found, [*classifiers, BUILT_IN])
    found.columns = {name: settled(kind) for name, kind in found.columns.items() if name not in names}
    return found


def _format(keys: list[str]) -> tuple[str, bool]:
    formats: dict[str, str] = {}
    for key in keys:
        name = key.rpartition("/")[2].lower().removesuffix(".gz")
        formats.setdefault(_FORMATS.get(name.rpartition(".")[2], "UNKNOWN"), key)
    if len(formats) > 1:
        examples = ", ".join(f"{kind}: {key}" for kind, key in formats.items())
        raise CrawlError(f"Objects of several formats below one target ({examples}); exclude some of them")
    return next(iter(formats)), keys[0].lower().endswith(".gz")


def _read_footers(disk: S3Disk, bucket: str, found: Found) -> None:
    from pyarrow import ArrowException, parquet  # 40 MB that a server which crawls no Parquet does without

    seen: list[pa.Schema] = []
    for partition in found.partitions:
        sampled = partition.keys[: found.sample_size]
        partition.records = 0 if len(sampled) == len(partition.keys) else None
        for key in sampled:
            try:
                with parquet.ParquetFile(disk.path_of(bucket, key)) as file:
                    if partition.records is not None:
                        partition.records += file.metadata.num_rows
                    schema = file.schema_arrow.remove_metadata()
            except FileNotFoundError:
                continue  # deleted since it was listed
            except (ArrowException, OSError) as error:
                raise CrawlError(f"{key} is not readable as Parquet: {error}") from error
            if schema not in seen:
                _add_schema(found, key, schema)
                seen.append(schema)


def _add_schema(found: Found, key: str, schema: "pa.Schema") -> None:
    names = [name.lower() for name in schema.names]
    if twice := [name for name in schema.names if names.count(name.lower()) > 1]:
        raise CrawlError(
            f"{key} has columns that differ in case only: {twice}; the catalog's names are in lower case, "
            "and nothing can read a table that has a column twice"
        )
    try:
        columns = {name: of_arrow(kind) for name, kind in zip(names, schema.types, strict=True)}
        found.columns = merge_columns(found.columns, columns, strict=True)
    except TypeConflict as conflict:
        raise CrawlError(f"{key} does not fit the objects before it: {conflict}") from conflict


def _samples(found: Found) -> list[str]:
    """Keys of the objects that are looked into, newest partitions first."""
    if found.sample_size is not None:
        return [key for partition in reversed(found.partitions) for key in partition.keys[: found.sample_size]]
    return [key for partition in reversed(found.partitions) for key in partition.keys[:SAMPLES_PER_PARTITION]][:SAMPLES]


def _sample_text(disk: S3Disk, bucket: str, found: Found, classifiers: Sequence[CsvClassifier]) -> bool:
    """Whether the classifiers know any of the sampled objects as delimited text; then `found` says how it looks."""
    notes, texts = [], dict[str, Recognised]()
    for key in _samples(found) if classifiers else []:
        try:
            with _unpacked(disk.path_of(bucket, key)) as file:
                text = recognise(file.read(SAMPLE_BYTES), classifiers)
        except FileNotFoundError:
            continue  # deleted since it was listed
        except (EOFError, OSError, zlib.error) as error:
            notes.append(f"skipped {key}: not readable ({error})")
            continue
        if text is None:
            notes.append(f"skipped {key}: no classifier knows it")
        else:
            texts[key] = text
    if not texts and found.classification == "json":
        return False
    found.notes += notes
    if texts:
        _check_shapes(texts)
        _add_texts(found, texts)
    return bool(texts)


def _check_shapes(texts: Mapping[str, Recognised]) -> None:
    """Raise CrawlError unless all objects look alike: columns of text have a place rather than a name.

    It names those that are in the minority; of as many, the older ones.
    """
    shapes: dict[str, list[str]] = {}
    for key, text in texts.items():
        heading = "a heading" if text.layout.has_heading else "no heading"
        shape = f"delimiter {text.layout.delimiter!r}, {heading}, {len(text.columns)} columns {[*text.columns]}"
        shapes.setdefault(shape, []).append(key)
    (usual, alike), *others = sorted(shapes.items(), key=lambda shape: -len(shape[1]))
    if others:
        odd = "; ".join(f"{', '.join(keys)} ({shape})" for shape, keys in others)
        raise CrawlError(
            f"Of {len(texts)} sampled objects these do not fit: {odd}. The others have {usual}, such as {alike[0]}"
        )


def _add_texts(found: Found, texts: Mapping[str, Recognised]) -> None:
    """Take columns and layout from objects that look alike."""
    first = next(iter(texts.values()))
    found.classification, found.layout, found.columns = "csv", first.layout, _lower(first.columns)
    for key, text in texts.items():
        if hidden := {name.lower() for name in text.columns} & {*found.partition_keys}:
            raise CrawlError(f"{key} has columns named like folders of partitions: {sorted(hidden)}; rename either")
        found.columns = merge_columns(found.columns, _lower(text.columns), strict=False)
        found.layout = replace(found.layout, is_quoted=found.layout.is_quoted or text.layout.is_quoted)


def _lower(columns: Mapping[str, GlueType]) -> dict[str, GlueType]:
    return {name.lower(): kind for name, kind in columns.items()}


def _columns_of(record: Mapping[str, Any]) -> dict[str, GlueType]:
    """The columns of a JSON object; keys that differ in case only are one column, which holds values of both."""
    columns: dict[str, GlueType] = {}
    for key, value in record.items():
        name, kind = key.lower(), of_json(value)
        columns[name] = merge(columns[name], kind, strict=False) if name in columns else kind
    return columns


def _sample_json(disk: S3Disk, bucket: str, found: Found) -> None:
    for key in _samples(found):
        try:
            for record in _json_records(disk.path_of(bucket, key)):
                found.columns = merge_columns(found.columns, _columns_of(record), strict=False)
        except FileNotFoundError:
            continue  # deleted since it was listed
        except (ValueError, RecursionError, EOFError, OSError, zlib.error) as error:
            found.notes.append(f"skipped {key}: not readable as JSON ({error})")


def _unpacked(path: Path) -> IO[bytes]:
    """The file opened, through gzip when it begins like it, whatever its name."""
    with path.open("rb") as probe:
        compressed = probe.read(2) == b"\x1f\x8b"
    return cast(IO[bytes], gzip.open(path)) if compressed else path.open("rb")


def _json_records(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON document, of an array of objects, or of JSON Lines, gzipped or not."""
    with _unpacked(path) as file:
        text = file.read(_JSON_SAMPLE_BYTES).decode("utf-8-sig")
    try:
        content = json.loads(text)
        yield from _objects(content if isinstance(content, list) else [content])
    except json.JSONDecodeError as error:
        if not error.msg.startswith("Extra data"):
            raise
        for line in text.splitlines():
            if line.strip():
                yield from _objects([json.loads(line)])


def _objects(values: list[Any]) -> Iterator[dict[str, Any]]:
    for value in values:
        if not isinstance(value, dict):
            raise ValueError("not a JSON object")
        yield value
