"""Every path in the lake, computed here and nowhere else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_RUN_ID = re.compile(r"(?P<pipeline>[a-z][a-z0-9_]*)-(?P<day>\d{4}-\d{2}-\d{2})(?:-(?P<observation>\d+))?")
_DAY = re.compile(r"/ingest_date=(\d{4}-\d{2}-\d{2})/")
_SAFE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.=-]*$")


def _segment(value: str) -> str:
    """One path segment, refused unless it is made of safe characters only."""
    if not _SAFE.fullmatch(value) or ".." in value:
        raise ValueError(f"{value!r} cannot be part of a lake path: use letters, digits, '_', '-', '.' only")
    return value


@dataclass(frozen=True, slots=True)
class RunId:
    """Identity of a run: pipeline and business date; `observation` counts refetches of the same day from 1."""

    pipeline: str
    business_date: date
    observation: int = 1

    def __str__(self) -> str:
        suffix = f"-{self.observation}" if self.observation > 1 else ""
        return f"{_segment(self.pipeline)}-{self.business_date.isoformat()}{suffix}"

    @classmethod
    def parse(cls, text: str) -> RunId:
        """Read a run id back. Raises ValueError when the text is not one.

        >>> RunId.parse("ticketmaster_daily-2026-11-20-2")
        RunId(pipeline='ticketmaster_daily', business_date=datetime.date(2026, 11, 20), observation=2)
        >>> str(RunId("ticketmaster_daily", date(2026, 11, 20)))
        'ticketmaster_daily-2026-11-20'
        """
        match = _RUN_ID.fullmatch(text)
        if not match:
            raise ValueError(f"{text!r} is not a run id such as 'ticketmaster_daily-2026-11-20'")
        return cls(match["pipeline"], date.fromisoformat(match["day"]), int(match["observation"] or 1))


def _day(business_date: date) -> str:
    return f"ingest_date={business_date.isoformat()}"


def day_of(key: str) -> date | None:
    """The day of the partition that contains a key or a prefix; None when there is none.

    >>> day_of("curated/tickit/sales/ingest_date=2026-11-20/part.parquet")
    datetime.date(2026, 11, 20)
    """
    match = _DAY.search(key)
    return date.fromisoformat(match[1]) if match else None


def raw_root(source: str, entity: str) -> str:
    """Prefix of all raw objects of an entity: the raw crawler's target."""
    return f"raw/{_segment(source)}/{_segment(entity)}/"


def raw_prefix(source: str, entity: str, run: RunId) -> str:
    """Prefix of one run's raw objects of an entity."""
    return f"{raw_root(source, entity)}{_day(run.business_date)}/run_id={run}/"


def raw_key(source: str, run: RunId, name: str) -> str:
    """Key of one raw object; `name` is `<entity>/<path>` as the source named it.

    >>> raw_key("ticketmaster", RunId.parse("ticketmaster_daily-2026-11-20"), "events/US.p0000.json.gz")
    'raw/ticketmaster/events/ingest_date=2026-11-20/run_id=ticketmaster_daily-2026-11-20/US.p0000.json.gz'
    """
    entity, *rest = name.split("/")
    return raw_prefix(source, entity, run) + "/".join(_segment(part) for part in rest)


def raw_manifest_key(source: str, entity: str, run: RunId) -> str:
    """Key of the manifest of one run's raw objects of an entity, written last: with it the raw data is finished."""
    return f"{raw_prefix(source, entity, run)}_manifest.json"


def raw_day_prefix(source: str, entity: str, business_date: date) -> str:
    """Prefix of all observations of an entity on one day."""
    return f"{raw_root(source, entity)}{_day(business_date)}/"


def curated_root(source: str, table: str) -> str:
    """Prefix of a curated table: the curated crawler's target."""
    return f"curated/{_segment(source)}/{_segment(table)}/"


def curated_prefix(source: str, table: str, business_date: date) -> str:
    """Prefix of one day of a curated table."""
    return f"{curated_root(source, table)}{_day(business_date)}/"


def curated_key(source: str, table: str, run: RunId, entity: str, part: int) -> str:
    """Key of one curated file; the name tells which run and which raw entity wrote it."""
    return f"{curated_prefix(source, table, run.business_date)}{run}.{_segment(entity)}.{part:04d}.parquet"


def curated_manifest_key(source: str, entity: str, business_date: date) -> str:
    """Key of the manifest of validating one entity: all files of all its tables and their counts, put last.

    It lies in the entity's own curated table and names the run (the observation) that it is of.
    """
    return f"{curated_prefix(source, entity, business_date)}_manifest.json"


def quarantine_prefix(source: str, entity: str, run: RunId) -> str:
    """Prefix of the records of a run that were rejected."""
    return f"quarantine/{_segment(source)}/{_segment(entity)}/{_day(run.business_date)}/run_id={run}/"


def quarantine_key(source: str, entity: str, run: RunId, part: int) -> str:
    """Key of one file of rejected records."""
    return f"{quarantine_prefix(source, entity, run)}{part:04d}.jsonl.gz"


def staging_root() -> str:
    """Prefix of what all runs of all pipelines stage."""
    return "staging/"


def staging_prefix(run: RunId) -> str:
    """Prefix of everything a run stages for COPY."""
    return f"{staging_root()}{_segment(run.pipeline)}/{run}/"


def staging_table_prefix(run: RunId, table: str) -> str:
    """Prefix of the Parquet files staged for one table."""
    return f"{staging_prefix(run)}{_segment(table)}/"


def staging_copy_manifest_key(run: RunId, table: str) -> str:
    """Key of the COPY manifest of one staged table."""
    return f"{staging_prefix(run)}{_segment(table)}.manifest"


def locks_root() -> str:
    """Prefix of the run locks of all pipelines."""
    return "state/locks/"


def lock_key(pipeline: str) -> str:
    """Key of a pipeline's run lock."""
    return f"{locks_root()}{_segment(pipeline)}.json"


def locked_pipeline(key: str) -> str:
    """The pipeline whose run lock is stored under a key.

    >>> locked_pipeline(lock_key("tickit_load"))
    'tickit_load'
    """
    return key.removeprefix(locks_root()).removesuffix(".json")


def counters_root() -> str:
    """Prefix of the persistent counters of all sources."""
    return "state/counters/"


def counter_key(source: str, name: str) -> str:
    """Key of a persistent counter of a source, such as the requests of one day."""
    return f"{counters_root()}{_segment(source)}/{_segment(name)}.json"


def outcome_key(run: RunId) -> str:
    """Key of a run's outcome record: what happened, for people and for the next run."""
    return f"state/runs/{_segment(run.pipeline)}/{run}.json"


def uri(bucket: str, key: str) -> str:
    """The `s3://` URI of a key."""
    return f"s3://{bucket}/{key}"
