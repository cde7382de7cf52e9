"""Files for tests of the readers, and one validation of them."""

from __future__ import annotations

import gzip
import json
import tempfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from lake.curated import Lineage
from lake.report import ValidationReport
from lake.validate import Body, validate
from schemas.formats import Format
from tests.fixtures.sales import RawSale, shop

FILE = "s3://shop/sales.txt"


class Result:
    """A report with the rows and the quarantine that were written."""

    def __init__(self, report: ValidationReport) -> None:
        assert report.is_balanced
        self.report = report
        self.rows = [row for file in report.files for row in pq.read_table(file.path).to_pylist()]
        packed = (file.path.read_bytes() for file in report.quarantine_files)
        self.lines: list[dict[str, Any]] = [
            json.loads(line) for file_bytes in packed for line in gzip.decompress(file_bytes).splitlines()
        ]

    @property
    def reasons(self) -> list[tuple[int | None, str]]:
        """Line and reason of every rejected record."""
        return [(line["line"], line["reason"]) for line in self.lines]


def run(form: Format, *parts: bytes, model: type[RawSale] = RawSale) -> Result:
    bodies = [Body(f"s3://lake/sales.txt-{number:05d}", part, FILE) for number, part in enumerate(parts)]
    with tempfile.TemporaryDirectory() as out:
        lineage = Lineage("run", datetime(2026, 1, 1, tzinfo=UTC))
        return Result(validate(bodies, shop(form, model), "sales", Path(out), lineage))


def sales(result: Result) -> list[tuple[int, str | None, Decimal | None]]:
    return [(row["sale_id"], row["buyer"], row["price"]) for row in result.rows]
