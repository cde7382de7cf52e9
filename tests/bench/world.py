"""The programs' world: a local AWS with everything that a deployment creates, and a simulated API."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from aws_services import resources
from aws_services.redshift_data import RedshiftData
from aws_services.s3 import S3
from infra.local_aws import LocalAws
from infra.stack.provisioning import provision
from lake.store import Lake
from settings import get_settings

API_KEY = "simulated-key"


@dataclass(frozen=True, slots=True)
class World:
    """A running local AWS.

    Attributes:
        aws: the process.
        lake: its lake.
        redshift: its warehouse, migrated.
    """

    aws: LocalAws
    lake: Lake
    redshift: RedshiftData


@contextmanager
def running_aws(state: Path) -> Iterator[World]:
    """A provisioned local AWS; while it runs, the environment points at it."""
    with LocalAws(state) as aws:
        before = dict(os.environ)
        os.environ.update(aws.environment)
        try:
            for _ in provision(aws.url, api_key=API_KEY):
                pass
            yield World(aws, Lake(S3(), resources.LAKE_BUCKET), RedshiftData())
        finally:
            os.environ.clear()
            os.environ.update(before)


@contextmanager
def simulated_api(events: int, day: date) -> Iterator[str]:
    """The base URL of a simulated Discovery API without limits, in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="boxoffice-bench-") as folder:
        ready = Path(folder) / "url"
        command = [sys.executable, "-m", "infra.simulators.discovery", "--events", str(events), "--no-rate-limit"]
        command += ["--quota", "1000000", "--now", f"{day}T02:00:00Z", "--ready-file", str(ready)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            server.stdout.readline()
            try:
                yield ready.read_text()
            finally:
                server.terminate()


@contextmanager
def today_is(today: date, **settings: str) -> Iterator[None]:
    """Settings under which today is a certain day, and others as given."""
    values = {"BOXOFFICE_TODAY": today.isoformat(), **settings}
    before = dict(os.environ)
    os.environ.update(values)
    get_settings.cache_clear()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        get_settings.cache_clear()


def day_of(today: date, api_url: str) -> AbstractContextManager[None]:
    """Settings under which today is a certain day and the Discovery API is elsewhere, without its rate limit."""
    return today_is(
        today,
        TICKETMASTER_API_URL=api_url,
        TICKETMASTER_REQUESTS_PER_SECOND="1000",
        TICKETMASTER_DAILY_QUOTA="1000000",
    )
