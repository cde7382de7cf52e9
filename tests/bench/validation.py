"""Validating nested events into curated Parquet, compared with a bare `model_validate_json` and a pyarrow write.

Both read the same pages of 200 events, cut them into records with msgspec, validate each record from its bytes, flatten
it into the same tables, and write zstd Parquet, each time in a fresh process; what counts is its processor time. In
addition, ours sets aside what breaks a constraint, looks for unknown fields, normalises dates and codes, derives
three more columns, checks each row against the curated contract, hashes it, and names run and raw object in it. The
bare script (`tests/bench/plain_events.py`) does none of this: its models know types only, and it ends at the first bad
record.

Peak memory is that of a process that validates pages which are made while it goes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from lake.curated import Lineage
from lake.readers.split import records_of
from lake.report import ValidationReport
from lake.validate import validate
from schemas.registry import get_source
from tests.bench import plain_events
from tests.bench.harness import Comparison, Figure, Options, alone, compare
from tests.bench.made_events import MadeEvents

_AT = datetime(2026, 3, 2, 2, tzinfo=UTC)


def measure(options: Options) -> Iterator[Comparison | Figure]:
    """Compare, then look at the memory at two sizes."""
    events, different = options.size(100_000, 10_000), options.size(20_000, 2_000)
    with tempfile.TemporaryDirectory(prefix="boxoffice-bench-") as directory:
        folder = Path(directory)
        universe = MadeEvents(folder / "made", different)
        (folder / "pages").mkdir()
        pages = universe.files(events, folder / "pages")
        _check_same_rows(pages[:10])
        yield compare(
            f"{events:,} events into curated Parquet, processor time",
            lambda: alone(validated, pages).cpu_seconds,
            lambda: alone(written_plainly, pages).cpu_seconds,
            against="a bare script",
            rounds=options.rounds,
            at_most=1.5,
        )
        small, large = (alone(validated_while_made, universe, count) for count in (events, 10 * events))
        yield Figure(f"peak memory at {events:,} events", small.peak_mb, "MB")
        yield Figure(f"peak memory at {10 * events:,} events", large.peak_mb, "MB", at_most=400)
        yield Figure("the second over the first", large.peak_mb / small.peak_mb, "x", at_most=1.1)


def validated(pages: Sequence[Path]) -> dict[str, int]:
    """Validate pages our way; returns the rows of each table."""
    return _validated((page.as_uri(), page.read_bytes()) for page in pages).rows


def validated_while_made(universe: MadeEvents, events: int) -> int:
    """Validate events that are made on the way; returns the rows of their own table."""
    return _validated(universe.pages(events)).curated_records


def written_plainly(pages: Sequence[Path]) -> dict[str, int]:
    """Validate pages with the bare script; returns the rows of each table."""
    form = get_source("ticketmaster").format("events")
    records = (record for page in pages for record in records_of(page.read_bytes(), form))
    with tempfile.TemporaryDirectory(prefix="boxoffice-bench-") as out:
        return plain_events.write(records, Path(out))


def _validated(objects: Iterable[tuple[str, bytes]]) -> ValidationReport:
    with tempfile.TemporaryDirectory(prefix="boxoffice-bench-") as out:
        lineage = Lineage("ticketmaster_daily-2026-03-02", _AT)
        report = validate(objects, get_source("ticketmaster"), "events", Path(out), lineage)
    if report.curated_records != report.raw_records:
        raise AssertionError(f"{report.raw_records} events, {report.curated_records} rows: {report.as_dict()}")
    return report


def _check_same_rows(pages: Sequence[Path]) -> None:
    """Both sides must write the same number of rows into the same tables, or nothing is compared."""
    ours, theirs = validated(pages), written_plainly(pages)
    if different := {name: (ours[name], theirs[name]) for name in ours if ours[name] != theirs[name]}:
        raise AssertionError(f"rows of ours and of the bare script differ: {different}")
