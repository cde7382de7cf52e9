"""One poison record among a million: exactly one quarantined, verbatim, and its bytes cost no memory.

The poison is a good event with brackets nested ten thousand deep, which no strict JSON reader takes: its page has to be
taken apart without one.
"""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from lake.curated import Lineage
from lake.quarantine import record_bytes
from lake.validate import validate
from schemas.registry import get_source
from tests.bench.harness import Figure, Options, alone
from tests.bench.made_events import MadeEvents

_AT = datetime(2026, 3, 2, 2, tzinfo=UTC)
_POISON = b'{"id": "poison", "name": "Poison", "dates": {}, "x": ' + b"[" * 10_000 + b"]" * 10_000 + b"}"


def measure(options: Options) -> Iterator[Figure]:
    """Validate them in a process of their own; an error when anything but the poison is quarantined."""
    events = options.size(1_000_000, 50_000)
    with tempfile.TemporaryDirectory(prefix="boxoffice-bench-") as directory:
        done = alone(validated, MadeEvents(Path(directory), 2_000), events)
    yield Figure(f"quarantined of {events + 1:,} records, one of them poison", done.value, "record", at_most=1)
    yield Figure("peak memory", done.peak_mb, "MB", at_most=400)
    yield Figure("events a second of processor time", events / done.cpu_seconds, "events")


def validated(universe: MadeEvents, events: int) -> int:
    """Validate events with the poison in their midst; returns how many records were quarantined."""
    with tempfile.TemporaryDirectory(prefix="boxoffice-bench-") as out:
        lineage = Lineage("ticketmaster_daily-2026-03-02", _AT)
        report = validate(_poisoned(universe, events), get_source("ticketmaster"), "events", Path(out), lineage)
        (file,) = report.quarantine_files
        (line,) = gzip.decompress(file.path.read_bytes()).splitlines()
    if record_bytes(json.loads(line)) != _POISON or report.curated_records != events:
        raise AssertionError(f"{events} events became {report.curated_records} rows: {report.quarantined_by_reason}")
    return report.quarantined_records


def _poisoned(universe: MadeEvents, events: int) -> Iterator[tuple[str, bytes]]:
    for number, (uri, body) in enumerate(universe.pages(events)):
        is_middle = number == events // 400
        yield uri, body.replace(b'"events":[', b'"events":[' + _POISON + b",", 1) if is_middle else body


def main() -> None:
    """Print what it finds."""
    for figure in measure(Options()):
        print(*figure.cells())  # noqa: T201


if __name__ == "__main__":
    main()
