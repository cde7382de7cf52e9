"""dlt's way with a day's pages: to Parquet, into PostgreSQL. Runs in an environment of its own.

`python _dlt_load.py FOLDER FILE ...` prints the seconds of each step as JSON; dlt works in FOLDER, and
`DESTINATION__POSTGRES__CREDENTIALS` names the database.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dlt


def main(folder: str, files: list[str]) -> None:
    """Extract, normalise, load."""

    @dlt.resource(name="events", write_disposition="append")
    def events() -> Iterator[list[dict[str, Any]]]:
        for file in files:
            yield json.loads(gzip.decompress(Path(file).read_bytes()))["_embedded"]["events"]

    pipeline = dlt.pipeline(
        pipeline_name="events",
        pipelines_dir=folder,
        destination="postgres",
        dataset_name="dlt_events",
    )
    seconds = {}
    for name, step in {
        "extract": lambda: pipeline.extract(events(), loader_file_format="parquet"),
        "normalise to Parquet": pipeline.normalize,
        "load into PostgreSQL": lambda: pipeline.load(raise_on_failed_jobs=True),
    }.items():
        began = time.perf_counter()
        step()
        seconds[name] = time.perf_counter() - began
    tables = pipeline.last_trace.last_normalize_info.row_counts
    sys.stdout.write(json.dumps({"seconds": seconds, "rows": tables}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
