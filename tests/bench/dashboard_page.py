"""The report: from a published star to one HTML file, and how large the file gets.

The account managers' dashboard is made again and again from the same star. Reading includes writing the SQL and running
it; the first time also imports the libraries of metrics, which is its own figure.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from infra.local_aws.redshift.database.warehouse import Warehouse
from tests.bench.harness import Figure, Finding, Options
from tests.dashboards.page.conftest import MADE_AT, STAR, event, publish_day, read
from tests.fixtures.warehouse import DirectRedshift
from warehouse.migrate import migrate


def measure(options: Options) -> Iterator[Finding]:
    """Make the report of a star."""
    from dashboards.page.page import rendered

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="boxoffice-bench-")))
        server = stack.enter_context(Warehouse(folder))
        redshift = DirectRedshift(server)
        stack.callback(redshift.close)
        migrate(redshift)  # type: ignore[arg-type]
        publish_day(redshift, [event(number) for number in range(options.size(10_000, 500))])
        reading, drawing, text = [], [], ""
        for _ in range(options.rounds + 1):
            began = time.perf_counter()
            section = read(redshift)
            reading.append(time.perf_counter() - began)
            began = time.perf_counter()
            text = rendered("Report", [STAR], [section], MADE_AT)
            drawing.append(time.perf_counter() - began)
    yield Figure("reading the charts of a dashboard, the first time", reading[0], "s", at_most=15)
    yield Figure("reading them again", statistics.median(reading[1:]), "s", at_most=2)
    yield Figure("drawing the page, the first time", drawing[0], "s")
    yield Figure("drawing it again", statistics.median(drawing[1:]), "s", at_most=5)
    yield Figure("size of the file", len(text.encode()) / 1000, "kB", at_most=400)
