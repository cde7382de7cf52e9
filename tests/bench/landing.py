"""Landing pages of an API in the lake, compared with `curl -Z` writing them to files.

The server is a process of its own and answers with pages of 200 events (1.6 MB) after 20 ms, with no limits. Ours asks
with the Discovery client's limiter out of the way, and for each page: looks through it for ids, starts and references,
takes its SHA-256, packs it, and puts it as an object of the local AWS's S3 (another process); the manifests come last.
curl writes the pages as they are. Both have eight requests under way.
"""

from __future__ import annotations

import itertools
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from pathlib import Path

from aws_services import resources
from lake.landing import RawLanding
from lake.layout import RunId
from lake.store import Lake
from sources.ticketmaster.client import DiscoveryClient
from sources.ticketmaster.pages import PageReader
from tests.bench.harness import Comparison, Options, compare
from tests.bench.made_events import PAGE, MadeEvents
from tests.bench.world import running_aws

SIDE_BY_SIDE = 8
DELAY = 0.02


def measure(options: Options) -> Iterator[Comparison]:
    """Compare landing with curl."""
    pages, different = options.size(500, 100), 10
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="boxoffice-bench-")))
        for name, body in MadeEvents(folder / "made", different * PAGE).pages(different * PAGE):
            (folder / "served").mkdir(exist_ok=True)
            (folder / "served" / name.rpartition("/")[2]).write_bytes(body)
        lake = stack.enter_context(running_aws(folder / "aws")).lake
        url = stack.enter_context(serving(folder / "served"))
        days = itertools.count()
        yield compare(
            f"landing {pages} pages of {PAGE} events",
            lambda: land(lake, url, pages, date(2026, 3, 2) + timedelta(days=next(days))),
            lambda: fetch_with_curl(url, pages, folder / "fetched"),
            against=f"curl -Z --parallel-max {SIDE_BY_SIDE}",
            rounds=options.rounds,
            at_most=1.3,
        )


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """A running server of pages; its base URL."""
    command = [sys.executable, "-m", "tests.bench.page_server", str(folder), str(DELAY)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield f"http://127.0.0.1:{server.stdout.readline().strip()}/discovery/v2"
        server.communicate()


def land(lake: Lake, url: str, pages: int, day: date) -> None:
    """Land pages as the crawl does: a few threads that each ask, look through and land one page after the other."""
    landing = RawLanding(lake, "ticketmaster", RunId("ticketmaster_daily", day), resources.TICKETMASTER_ENTITIES)
    with (
        DiscoveryClient(url, "a-key", requests_per_second=100_000, daily_quota=10**6) as client,
        ThreadPoolExecutor(SIDE_BY_SIDE) as pool,
    ):
        reader = PageReader(client, landing)
        for read in [pool.submit(reader.read, "events", "US/all", number, {"size": "200"}) for number in range(pages)]:
            read.result()
    landed = landing.finish()["events"]
    if (len(landed.objects), landed.records) != (pages, pages * PAGE):
        raise AssertionError(f"{len(landed.objects)} pages with {landed.records} records were landed")


def fetch_with_curl(url: str, pages: int, folder: Path) -> None:
    """Fetch as many pages into files."""
    shutil.rmtree(folder, ignore_errors=True)
    target = ["-o", f"{folder}/#1.json", f"{url}/events.json?size=200&page=[0-{pages - 1}]"]
    parallel = ["-Z", "--parallel-max", str(SIDE_BY_SIDE)]
    subprocess.run(["curl", "--no-progress-meter", "--fail", "--create-dirs", *parallel, *target], check=True)
    if len(list(folder.iterdir())) != pages:
        raise AssertionError("curl did not fetch every page")
