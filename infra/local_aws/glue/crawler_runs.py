"""Runs crawls: each in a thread, in the name of the crawler's role, with a log in CloudWatch Logs.

A crawl that fails says why in `LastCrawl.ErrorMessage`; a target that fails does not stop the others. It also fails
when what it wrote into the catalog cannot be saved, so that no crawler stays RUNNING.
"""

import contextlib
import functools
import logging
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.core.utils import utcnow
from moto.glue import models as glue_models
from moto.logs.models import logs_backends

from infra.local_aws.access import AccessDenied, Guard, log_writing
from infra.local_aws.glue.crawl_objects import CrawlError, Target
from infra.local_aws.glue.crawler_catalog import Counts, CrawlerCatalog
from infra.local_aws.s3.disk import S3Disk

BUSY = ("RUNNING", "STOPPING")
_LOG = logging.getLogger(__name__)
_LOG_GROUP = "/aws-glue/crawlers"
_DIED = "The local AWS stopped while the crawl was in progress."
_SESSION = "AWS-Crawler"  # as Glue calls the session of a crawler's role
_SERVICES = ("glue.amazonaws.com",)  # whom the role must trust


class Crawl(glue_models.FakeCrawl):
    """One crawl, whose state is what happened. States: RUNNING, STOPPING, then COMPLETED, FAILED or STOPPED."""

    _state = "RUNNING"
    trigger = ""
    """Name of the trigger that started it; empty if none did."""

    def __init__(self, crawler_name: str) -> None:
        super().__init__(crawler_name)
        self.error: str | None = None
        self.tables = Counts()

    @property
    def status(self) -> str:
        """Where the crawl is."""
        return self._state

    @status.setter
    def status(self, value: str | None) -> None:
        self._state = value or "RUNNING"

    def advance(self) -> None:
        """moto would move the state on by itself here."""

    @property
    def seconds(self) -> float:
        """How long it took, or has taken so far."""
        start: datetime = self.start_time
        end: datetime = self.end_time or utcnow()
        return (end - start).total_seconds()

    def as_dict(self) -> dict[str, Any]:
        """The crawl as ListCrawls returns it."""
        answer: dict[str, Any] = super().as_dict()
        if self.error:
            answer["ErrorMessage"] = self.error
        return answer


class CrawlerRunner:
    """Runs the crawls of this server, each in a thread."""

    def __init__(self, disk: S3Disk, save: Callable[[], None], guard: Guard) -> None:
        self._disk, self._save, self._guard = disk, save, guard
        self.lock = threading.RLock()
        self._threads: list[threading.Thread] = []
        self.ended: Callable[[glue_models.FakeCrawler, Crawl], None] = lambda *_: None
        """Called with each crawler and its crawl when that has ended."""

    def recover(self) -> None:
        """A crawl that was running when its server died has failed; what it wrote to the catalog is whole."""
        for _, _, backend in glue_models.glue_backends.iter_backends():
            for crawl in (crawl for crawler in backend.crawlers.values() for crawl in crawler.crawls):
                if crawl.status in BUSY:
                    crawl.error, crawl.end_time, crawl.status = _DIED, utcnow(), "FAILED"

    def close(self) -> None:
        """Waits for running crawls; they take seconds."""
        for thread in list(self._threads):
            thread.join(30)

    def start(self, crawler: glue_models.FakeCrawler, crawl: Crawl) -> None:
        """Starts a crawl in the background."""
        thread = threading.Thread(target=self._carry_out, args=(crawler, crawl), daemon=True)
        self._threads = [*(known for known in self._threads if known.is_alive()), thread]
        thread.start()

    def _carry_out(self, crawler: glue_models.FakeCrawler, crawl: Crawl) -> None:
        error: str | None = None
        try:
            error = self._crawl(crawler, crawl)
            self._save()
        except (CrawlError, JsonRESTError, AccessDenied) as failure:
            error = str(failure)
        except OSError as failure:
            _LOG.warning("crawl of %s failed: %s", crawler.name, failure)
            advice = "What it found is kept in memory, and is saved as soon as it can be."
            error = "; ".join(filter(None, [error, f"Internal Service Exception: {failure}. {advice}"]))
        except Exception as failure:  # noqa: BLE001  Glue, too, reports whatever goes wrong as a failed crawl
            _LOG.exception("crawl of %s failed", crawler.name)
            error = "; ".join(filter(None, [error, f"Internal Service Exception: {failure!r}"]))
        with self.lock:
            crawl.error, crawl.end_time = error, utcnow()
            crawl.status = "FAILED" if error else "STOPPED" if crawl.status == "STOPPING" else "COMPLETED"
        with contextlib.suppress(OSError):  # it is in the log, and is saved as soon as there is room
            self._save()
        self.ended(crawler, crawl)

    def _crawl(self, crawler: glue_models.FakeCrawler, crawl: Crawl) -> str | None:
        """Crawl every target; returns why some could not become a table, which does not stop the others."""
        require = functools.partial(self._guard.require_role, crawler.role, _SESSION, services=_SERVICES)
        require(*log_writing(crawler.backend.region_name, _LOG_GROUP, crawler.name))
        log = _CrawlLog(crawler, crawl)
        log.line(f"Crawl of {crawler.name} started")
        catalog = CrawlerCatalog(self._disk, crawler, crawl.tables, require)
        try:
            error = "; ".join(_crawl_targets(catalog, crawler, crawl, log)) or None
        except (CrawlError, JsonRESTError, AccessDenied) as failure:
            error = str(failure)
        if error:
            log.line(f"ERROR: {error}")
        return error


def _crawl_targets(
    catalog: CrawlerCatalog, crawler: glue_models.FakeCrawler, crawl: Crawl, log: "_CrawlLog"
) -> Iterator[str]:
    for target in _targets(crawler):
        if crawl.status == "STOPPING":
            return
        try:
            log.line(catalog.crawl(target))
        except CrawlError as failure:
            yield f"{target.uri}: {failure}"


def _targets(crawler: glue_models.FakeCrawler) -> list[Target]:
    entries = crawler.targets.get("S3Targets", [])
    paths = [entry["Path"] for entry in entries]
    return [Target(entry["Path"], entry.get("Exclusions") or [], paths, entry.get("SampleSize")) for entry in entries]


class _CrawlLog:
    """The crawler's stream in CloudWatch Logs."""

    def __init__(self, crawler: glue_models.FakeCrawler, crawl: Crawl) -> None:
        self._backend = logs_backends[crawler.backend.account_id][crawler.backend.region_name]
        self._crawl_id, self._stream = crawl.crawl_id, crawler.name
        if _LOG_GROUP not in self._backend.groups:
            self._backend.create_log_group(_LOG_GROUP, {})
        if self._stream not in self._backend.groups[_LOG_GROUP].streams:
            self._backend.create_log_stream(_LOG_GROUP, self._stream)

    def line(self, text: str) -> None:
        """Writes one event."""
        event = {"timestamp": int(time.time() * 1000), "message": f"[{self._crawl_id}] {text}"[:250_000]}
        self._backend.put_log_events(_LOG_GROUP, self._stream, [event])
