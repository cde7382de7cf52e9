"""Finds the objects of one crawler target and sorts them into partitions, using only their keys.

A target is a folder, a whole bucket, or one object. Glue doesn't document the following, so we decided:

- The crawl skips objects without data anywhere below the target: see `is_marker`. The rule is Spark's own for the
  files that it reads (`_` and `.` hide a file or folder, but `_name=value` is a partition), plus the markers that EMR,
  Hadoop and the S3 console write. It also skips empty objects.
- An object below two targets of one crawler belongs to the deeper target. To make a folder a separate table,
  Glue's manual advises you to give it its own target.
  https://docs.aws.amazon.com/glue/latest/dg/crawler-s3-folder-table-partition.html
- Names of partition keys are in lower case, like all names in the catalog: `Year=2025/` and `year=2026/` are two
  partitions of one table. `Year=2025/` next to `year=2025/` fails the crawl: the catalog has one location per
  partition, so the table would miss the rows of the other folder.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from ..s3.disk import S3Disk

_HADOOP_FOLDER = "_$folder$"
_UNFINISHED = "._COPYING_"
_CHECKSUM = ".crc"


class CrawlError(RuntimeError):
    """The target can't become one table. The message gives the reason and names the objects that prevent it."""


@dataclass(frozen=True)
class Target:
    """One S3 target of a crawler.

    Attributes:
        uri: `s3://bucket/path` of a folder (with or without a slash at the end), a bucket or an object.
        exclusions: globs relative to the target, in Glue's form (`*` stays in a folder, `**` crosses folders).
        others: URIs of the crawler's other targets.
        sample_size: the maximum number of objects to read per folder; None for the crawl's own rule.
    """

    uri: str
    exclusions: Sequence[str] = ()
    others: Sequence[str] = ()
    sample_size: int | None = None

    @property
    def bucket(self) -> str:
        """The bucket's name."""
        return self.uri.removeprefix("s3://").partition("/")[0]

    @property
    def path(self) -> str:
        """The part after the bucket, without slashes at its end; empty for a whole bucket."""
        return self.uri.removeprefix("s3://").partition("/")[2].rstrip("/")


@dataclass
class CrawledPartition:
    """One partition: its values (empty for an unpartitioned table) and the objects in it."""

    values: tuple[str, ...]
    location: str
    keys: list[str] = field(default_factory=list)
    size: int = 0
    records: int | None = None


@dataclass
class Objects:
    """The objects of a target that have data, by partition. `location` is the table's."""

    location: str
    keys: list[str]
    partition_keys: list[str]
    partitions: list[CrawledPartition]


def find_objects(disk: S3Disk, target: Target, known_folders: Collection[str] = ()) -> Objects | None:
    """The data objects of a target, or None if there are none.

    Args:
        disk: contains the buckets.
        target: the target to search.
        known_folders: locations of partitions whose objects are skipped.

    Raises:
        CrawlError: the bucket doesn't exist, or the objects don't form one table.
    """
    bucket = target.bucket
    path = target.path
    if not target.uri.startswith("s3://") or bucket not in disk.buckets():
        raise CrawlError(f"The specified bucket does not exist: {target.uri}")
    is_object = bool(path) and not target.uri.endswith("/") and disk.stamp_of(bucket, path) is not None
    root = path[: path.rfind("/") + 1] if is_object else f"{path}/" if path else ""
    candidates = [path] if is_object else sorted(disk.keys(bucket, root))
    keys = _data_keys(candidates, root, target)
    names, partitions = _partitions(disk, bucket, root, keys, known_folders)
    if not partitions:
        return None
    location = f"s3://{bucket}/{path if is_object else root}"
    if is_object:
        partitions[0].location = location
    return Objects(location, [key for partition in partitions for key in partition.keys], names, partitions)


def is_marker(relative_key: str) -> bool:
    """Whether a key, relative to its target, is not data: a marker, a folder's placeholder, or hidden."""
    *folders, name = relative_key.split("/")
    return (
        not name
        or name.endswith((_HADOOP_FOLDER, _UNFINISHED, _CHECKSUM))
        or any(part.startswith(".") or (part.startswith("_") and "=" not in part) for part in (*folders, name))
    )


def _data_keys(candidates: Sequence[str], root: str, target: Target) -> list[str]:
    excluded = [_pattern(glob) for glob in target.exclusions]
    own_folder = _folder_of(target.uri)
    inner = [
        folder for folder in map(_folder_of, target.others) if folder.startswith(own_folder) and folder != own_folder
    ]
    return [
        key
        for key in candidates
        if not is_marker(key[len(root) :])
        and not any(pattern.fullmatch(key[len(root) :]) for pattern in excluded)
        and not any(f"s3://{target.bucket}/{key}/".startswith(folder) for folder in inner)
    ]


def _folder_of(uri: str) -> str:
    return uri.rstrip("/") + "/"


def _pattern(glob: str) -> re.Pattern[str]:
    """Glue's exclude patterns are Java globs: `**`, `*`, `?`, `[...]`, `{a,b}`, and a backslash to quote."""
    parts = []
    depth = 0
    position = 0
    while position < len(glob):
        char = glob[position]
        if glob.startswith("**", position):
            parts.append(".*")
            position += 1
        elif char in "*?":
            parts.append("[^/]*" if char == "*" else "[^/]")
        elif char == "[" and "]" in glob[position + 1 :]:
            end = glob.index("]", position + 1)
            inside = glob[position + 1 : end].replace("\\", "\\\\")
            parts.append("[" + ("^" + inside[1:] if inside[:1] == "!" else inside) + "]")
            position = end
        elif char == "{" or (char == "}" and depth):
            depth += 1 if char == "{" else -1
            parts.append("(?:" if char == "{" else ")")
        elif char == "," and depth:
            parts.append("|")
        elif char == "\\" and position + 1 < len(glob):
            position += 1
            parts.append(re.escape(glob[position]))
        else:
            parts.append(re.escape(char))
        position += 1
    return re.compile("".join(parts), re.DOTALL)


def _partitions(
    disk: S3Disk, bucket: str, root: str, keys: Sequence[str], known_folders: Collection[str]
) -> tuple[list[str], list[CrawledPartition]]:
    names: list[str] | None = None
    partitions: dict[str, CrawledPartition] = {}
    for key in keys:
        folder = key[len(root) : key.rfind("/") + 1] if "/" in key[len(root) :] else ""
        location = f"s3://{bucket}/{root}{folder}"
        if location in known_folders:
            continue
        stamp = disk.stamp_of(bucket, key)
        if stamp is None or not stamp.size:
            continue  # deleted since it was listed, not a regular file, or empty
        pairs = [part.partition("=") for part in folder.split("/")[:-1]]
        folder_names = [name.lower() if equals else f"partition_{n}" for n, (name, equals, _) in enumerate(pairs)]
        if names is None:
            names = _checked_names(folder_names, key)
        elif folder_names != names:
            first_key = next(iter(partitions.values())).keys[0]
            raise CrawlError(
                f"Objects of one table must be in like folders: {first_key} is partitioned by {names}, "
                f"{key} by {folder_names}"
            )
        if folder not in partitions:
            values = tuple(_unescape(value) if equals else name for name, equals, value in pairs)
            partitions[folder] = CrawledPartition(values, location)
        partitions[folder].keys.append(key)
        partitions[folder].size += stamp.size
    _check_values(partitions.values())
    return names or [], list(partitions.values())


def _checked_names(names: list[str], key: str) -> list[str]:
    if len({*names}) < len(names):
        raise CrawlError(f"{key} names a partition key twice: {names}")
    return names


def _check_values(partitions: Collection[CrawledPartition]) -> None:
    locations: dict[tuple[str, ...], str] = {}
    for partition in partitions:
        if (other_location := locations.setdefault(partition.values, partition.location)) != partition.location:
            raise CrawlError(
                f"{other_location} and {partition.location} are the same partition {list(partition.values)} "
                "to the catalog, which ignores the case of names; move the objects of one into the other"
            )


def _unescape(value: str) -> str:
    """Hive and Spark percent-encode special characters in partition folders."""
    return re.sub(r"%([0-9A-Fa-f]{2})", lambda match: chr(int(match[1], 16)), value)
