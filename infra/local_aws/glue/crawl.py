"""Inspects one crawler target: its format and its columns. Reads the disk and writes nothing.

Like Glue's crawler it groups the objects below the target into one table, with a partition for each folder
(`name=value`, or `partition_0` for a plain folder). Glue would split some targets into several tables: mixed formats,
uneven folder depth, columns with irreconcilable types. Here such a crawl fails and names the objects that differ,
because a pipeline never wants a second, unplanned table.

Parquet: the crawl reads the footers of all objects (they are small). JSON and delimited text: there may be hundreds of
objects of several megabytes, so it samples a few objects of each partition (`SAMPLES_PER_PARTITION`, newest partitions
first, at most `SAMPLES` in all). It misses columns that only other objects have, as Glue's own sampling does. It notes
and skips a sampled object that is not JSON (an HTML error page with a .json.gz name) or that no classifier recognises.

Column names are in lower case, as in the catalog. `Id` in one object and `id` in another are one column. If a Parquet
object has both, the crawl fails: Glue writes both, and readers refuse such a table (HIVE_INVALID_METADATA in Athena).
If a JSON object has both, they are one column: a record from outside should not fail the crawl. In delimited text,
repeated names get numbers (`csv_classifier`), because columns of text are identified by position.

Unlike in Glue, an object's name decides whether it is Parquet or JSON; for any other name, the content decides whether
it is delimited text or UNKNOWN. Custom classifiers take precedence over a JSON name. The only known compression is
gzip.
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
from .crawl_objects import CrawledPartition, CrawlError, Target, find_objects
from .csv_classifier import BUILT_IN, SAMPLE_BYTES, CsvClassifier, Layout, Recognised, recognise

if TYPE_CHECKING:
    import pyarrow as pa

SAMPLES_PER_PARTITION = 3
SAMPLES = 30
_JSON_SAMPLE_BYTES = 64 * 1024 * 1024
_FORMATS = {"parquet": "parquet", "json": "json", "jsonl": "json", "ndjson": "json"}


@dataclass
class CrawlResult:
    """The contents of a target. `layout` is set for delimited text. Column names are in lower case."""

    location: str
    classification: str
    compressed: bool
    columns: dict[str, GlueType]
    partition_keys: list[str]
    partitions: list[CrawledPartition]
    notes: list[str]
    layout: Layout | None = None
    sample_size: int | None = None

    @property
    def objects(self) -> int:
        """Number of objects."""
        return sum(len(partition.keys) for partition in self.partitions)

    @property
    def records(self) -> int | None:
        """Number of rows, if the format states it."""
        counts = [partition.records for partition in self.partitions]
        return None if None in counts else sum(count for count in counts if count is not None)


def explore(
    disk: S3Disk, target: Target, classifiers: Sequence[CsvClassifier] = (), known_folders: Collection[str] = ()
) -> CrawlResult | None:
    """The contents of a target, or None if it has no data.

    Args:
        disk: contains the buckets.
        target: the target to inspect.
        classifiers: the crawler's custom classifiers, in its order.
        known_folders: locations of partitions to skip, because only new folders are crawled.

    Raises:
        CrawlError: the bucket doesn't exist, or the objects don't form one table.
    """
    if (objects := find_objects(disk, target, known_folders)) is None:
        return None
    classification, compressed = _format(objects.keys)
    result = CrawlResult(
        objects.location, classification, compressed, {}, objects.partition_keys, objects.partitions, [],
        sample_size=target.sample_size,
    )  # fmt: skip
    bucket = target.bucket
    names = result.partition_keys
    if classification == "parquet":
        _read_footers(disk, bucket, result)
    elif classification == "json":
        if not _sample_text(disk, bucket, result, classifiers):
            _sample_json(disk, bucket, result)
    else:
        _sample_text(disk, bucket, result, [*classifiers, BUILT_IN])
    result.columns = {name: settled(kind) for name, kind in result.columns.items() if name not in names}
    return result


def _format(keys: list[str]) -> tuple[str, bool]:
    formats: dict[str, str] = {}
    for key in keys:
        name = key.rpartition("/")[2].lower().removesuffix(".gz")
        formats.setdefault(_FORMATS.get(name.rpartition(".")[2], "UNKNOWN"), key)
    if len(formats) > 1:
        examples = ", ".join(f"{kind}: {key}" for kind, key in formats.items())
        raise CrawlError(f"Objects of several formats below one target ({examples}); exclude some of them")
    return next(iter(formats)), keys[0].lower().endswith(".gz")


def _read_footers(disk: S3Disk, bucket: str, result: CrawlResult) -> None:
    from pyarrow import ArrowException, parquet  # 40 MB, which a server that crawls no Parquet doesn't need

    schemas: list[pa.Schema] = []
    for partition in result.partitions:
        sampled = partition.keys[: result.sample_size]
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
            if schema not in schemas:
                _add_schema(result, key, schema)
                schemas.append(schema)


def _add_schema(result: CrawlResult, key: str, schema: "pa.Schema") -> None:
    names = [name.lower() for name in schema.names]
    if twice := [name for name in schema.names if names.count(name.lower()) > 1]:
        raise CrawlError(
            f"{key} has columns that differ in case only: {twice}; the catalog's names are in lower case, "
            "and nothing can read a table that has a column twice"
        )
    try:
        columns = {name: of_arrow(kind) for name, kind in zip(names, schema.types, strict=True)}
        result.columns = merge_columns(result.columns, columns, strict=True)
    except TypeConflict as conflict:
        raise CrawlError(f"{key} does not fit the objects before it: {conflict}") from conflict


def _samples(result: CrawlResult) -> list[str]:
    """Keys of the objects to sample, newest partitions first."""
    if result.sample_size is not None:
        return [key for partition in reversed(result.partitions) for key in partition.keys[: result.sample_size]]
    return [key for partition in reversed(result.partitions) for key in partition.keys[:SAMPLES_PER_PARTITION]][
        :SAMPLES
    ]


def _sample_text(disk: S3Disk, bucket: str, result: CrawlResult, classifiers: Sequence[CsvClassifier]) -> bool:
    """Whether the classifiers recognise any sampled object as delimited text. If so, fills in `result`."""
    notes = []
    texts = dict[str, Recognised]()
    for key in _samples(result) if classifiers else []:
        try:
            with _open_unpacked(disk.path_of(bucket, key)) as file:
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
    if not texts and result.classification == "json":
        return False
    result.notes += notes
    if texts:
        _check_shapes(texts)
        _add_texts(result, texts)
    return bool(texts)


def _check_shapes(texts: Mapping[str, Recognised]) -> None:
    """Raises CrawlError unless all objects look alike: columns of text have a position rather than a name.

    The error names the objects in the minority or, if the numbers are equal, the older ones.
    """
    shapes: dict[str, list[str]] = {}
    for key, text in texts.items():
        heading = "a heading" if text.layout.has_heading else "no heading"
        shape = f"delimiter {text.layout.delimiter!r}, {heading}, {len(text.columns)} columns {[*text.columns]}"
        shapes.setdefault(shape, []).append(key)
    (usual, alike), *deviating_shapes = sorted(shapes.items(), key=lambda shape: -len(shape[1]))
    if deviating_shapes:
        odd = "; ".join(f"{', '.join(keys)} ({shape})" for shape, keys in deviating_shapes)
        raise CrawlError(
            f"Of {len(texts)} sampled objects these do not fit: {odd}. The others have {usual}, such as {alike[0]}"
        )


def _add_texts(result: CrawlResult, texts: Mapping[str, Recognised]) -> None:
    """Takes columns and layout from objects that look alike."""
    first_text = next(iter(texts.values()))
    result.classification = "csv"
    result.layout = first_text.layout
    result.columns = _lower(first_text.columns)
    for key, text in texts.items():
        if hidden := {name.lower() for name in text.columns} & {*result.partition_keys}:
            raise CrawlError(f"{key} has columns named like folders of partitions: {sorted(hidden)}; rename either")
        result.columns = merge_columns(result.columns, _lower(text.columns), strict=False)
        result.layout = replace(result.layout, is_quoted=result.layout.is_quoted or text.layout.is_quoted)


def _lower(columns: Mapping[str, GlueType]) -> dict[str, GlueType]:
    return {name.lower(): kind for name, kind in columns.items()}


def _columns_of(record: Mapping[str, Any]) -> dict[str, GlueType]:
    """The columns of a JSON object. Keys that differ only in case are one column, which holds values of both."""
    columns: dict[str, GlueType] = {}
    for key, value in record.items():
        name = key.lower()
        kind = of_json(value)
        columns[name] = merge(columns[name], kind, strict=False) if name in columns else kind
    return columns


def _sample_json(disk: S3Disk, bucket: str, result: CrawlResult) -> None:
    for key in _samples(result):
        try:
            for record in _json_records(disk.path_of(bucket, key)):
                result.columns = merge_columns(result.columns, _columns_of(record), strict=False)
        except FileNotFoundError:
            continue  # deleted since it was listed
        except (ValueError, RecursionError, EOFError, OSError, zlib.error) as error:
            result.notes.append(f"skipped {key}: not readable as JSON ({error})")


def _open_unpacked(path: Path) -> IO[bytes]:
    """Opens the file, and unpacks it if it begins like gzip, whatever its name."""
    with path.open("rb") as probe:
        compressed = probe.read(2) == b"\x1f\x8b"
    return cast(IO[bytes], gzip.open(path)) if compressed else path.open("rb")


def _json_records(path: Path) -> Iterator[dict[str, Any]]:
    """The records in a JSON document, an array of objects, or JSON Lines, gzipped or not."""
    with _open_unpacked(path) as file:
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
