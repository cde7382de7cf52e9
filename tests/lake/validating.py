"""Pages of events for tests of validation, and one validation of them."""

from __future__ import annotations

import gzip
import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from lake.curated import Lineage
from lake.report import ValidationReport
from lake.validate import validate
from schemas.registry import get_source

SOURCE = get_source("ticketmaster")
AT = datetime(2026, 11, 20, 2, tzinfo=UTC)


def event(number: int, **changes: Any) -> dict[str, Any]:
    return {"id": f"E{number}", "type": "event", "name": f"Show {number}", "dates": {}, **changes}


def page(*records: dict[str, Any] | bytes, entity: str = "events") -> bytes:
    texts = [record if isinstance(record, bytes) else json.dumps(record).encode() for record in records]
    return b'{"_embedded": {"%s": [%s]}, "page": {"number": 0}}' % (entity.encode(), b", ".join(texts))


class Result:
    """A report with what was written."""

    def __init__(self, report: ValidationReport) -> None:
        self.report = report
        self.lines: list[dict[str, Any]] = []
        for file in report.quarantine_files:
            self.lines += [json.loads(line) for line in gzip.decompress(file.path.read_bytes()).splitlines()]

    def rows(self, table: str) -> list[dict[str, Any]]:
        return [row for f in self.report.files if f.table == table for row in pq.read_table(f.path).to_pylist()]


def run(tmp_path: Path, *bodies: bytes, entity: str = "events") -> Result:
    objects = [(f"s3://lake/raw/p{number:04d}.json.gz", body) for number, body in enumerate(bodies)]
    out = Path(tempfile.mkdtemp(dir=tmp_path))
    result = Result(validate(objects, SOURCE, entity, out, Lineage("daily-2026-11-20", AT)))
    assert result.report.is_balanced
    assert len(result.lines) == result.report.quarantined_records
    assert len(result.rows(entity)) == result.report.curated_records
    return result
