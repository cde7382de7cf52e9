"""Runs crawls, each in a thread, with the permissions of the crawler's role and a log in CloudWatch Logs.

A failed crawl reports its reason in `LastCrawl.ErrorMessage`. A target that fails does not stop the others. A crawl
also fails if its changes to the catalog can't be saved, so that no crawler stays RUNNING.
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

from ..access import AccessDenied, Guard, log_writing
from ..s3.disk import S3Disk
from .crawl_objects import CrawlError, Target
from .crawler_catalog import Counts, CrawlerCatalog

BUSY = ("RUNNING", "STOPPING")
_LOG = logging.getLogger(__name__)
_LOG_GROUP = "/aws-glue/crawlers"
_DIED = "The local AWS stopped while the crawl was in progress."
_SESSION = "AWS-Crawler"  # Glue's name for the session of a crawler's role
_SERVICES = ("glue.amazonaws.com",)  # the services that the role must trust


class Crawl(glue_models.FakeCrawl):
    """One crawl with its real state: RUNNING, STOPPING, then COMPLETED, FAILED or STOPPED."""

    _state = "RUNNING"
    trigger = ""
    """Name of the trigger that started the crawl; empty if no trigger did."""

    def __init__(self, crawler_name: str) -> None:
        super().__init__(crawler_name)
        self.error: str | None = None
        self.tables = Counts()

    @property
    def status(self) -> str:
        """The state of the crawl."""
        return self._state

    @status.setter
    def status(self, value: str | None) -> None:
        self._state = value or "RUNNING"

    def advance(self) -> None:
        """Does nothing: moto would advance the state here."""

    @property
    def seconds(self) -> float:
        """How long the crawl took, or has taken so far."""
        start: datetime = self.start_time
        end: datetime = self.end_time or utcnow()
        return (end - start).total_seconds()

    def as_dict(self) -> dict[str, Any]:
        """The crawl as ListCrawls returns it."""
        fields: dict[str, Any] = super().as_dict()
        if self.error:
            fields["ErrorMessage"] = self.error
        return fields


class CrawlerRunner:
    """Runs the crawls of this server, each in a thread."""

    def __init__(self, disk: S3Disk, save: Callable[[], None], guard: Guard) -> None:
        self._disk = disk
        self._save = save
        self._guard = guard
        self.lock = threading.RLock()
        self._threads: list[threading.Thread] = []
        self.ended: Callable[[glue_models.FakeCrawler, Crawl], None] = lambda *_: None
        """Called with the crawler and the crawl when a crawl has ended."""

    def recover(self) -> None:
        """Marks crawls as failed that were running when the server died. Their changes to the catalog are complete."""
        for _, _, backend in glue_models.glue_backends.iter_backends():
            for crawl in (crawl for crawler in backend.crawlers.values() for crawl in crawler.crawls):
                if crawl.status in BUSY:
                    crawl.error = _DIED
                    crawl.end_time = utcnow()
                    crawl.status = "FAILED"

    def close(self) -> None:
        """Waits for running crawls, which take seconds."""
        for thread in list(self._threads):
            thread.join(30)

    def start(self, crawler: glue_models.FakeCrawler, crawl: Crawl) -> None:
        """Starts a crawl in the background."""
        thread = threading.Thread(target=self._carry_out, args=(crawler, crawl), daemon=True)
        self._threads = [*(running for running in self._threads if running.is_alive()), thread]
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
            advice = "Its results are in memory and will be saved as soon as possible."
            error = "; ".join(filter(None, [error, f"Internal Service Exception: {failure}. {advice}"]))
        except Exception as failure:  # noqa: BLE001  Glue also reports any error as a failed crawl
            _LOG.exception("crawl of %s failed", crawler.name)
            error = "; ".join(filter(None, [error, f"Internal Service Exception: {failure!r}"]))
        with self.lock:
            crawl.error = error
            crawl.end_time = utcnow()
            crawl.status = "FAILED" if error else "STOPPED" if crawl.status == "STOPPING" else "COMPLETED"
        with contextlib.suppress(OSError):  # the error is in the log, and saving is retried once there is room
            self._save()
        self.ended(crawler, crawl)

    def _crawl(self, crawler: glue_models.FakeCrawler, crawl: Crawl) -> str | None:
        """Crawls every target. Returns why some failed, which doesn't stop the others."""
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
        self._crawl_id = crawl.crawl_id
        self._stream = crawler.name
        if _LOG_GROUP not in self._backend.groups:
            self._backend.create_log_group(_LOG_GROUP, {})
        if self._stream not in self._backend.groups[_LOG_GROUP].streams:
            self._backend.create_log_stream(_LOG_GROUP, self._stream)

    def line(self, text: str) -> None:
        """Writes one event."""
        event = {"timestamp": int(time.time() * 1000), "message": f"[{self._crawl_id}] {text}"[:250_000]}
        self._backend.put_log_events(_LOG_GROUP, self._stream, [event])
