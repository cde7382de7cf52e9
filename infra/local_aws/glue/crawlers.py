"""Makes moto's Glue crawlers crawl: `StartCrawler` infers tables and partitions and writes the catalog.

This module is the API: `crawler_runs` runs the crawls, `crawl` inspects the data, `crawler_catalog` writes the tables,
and `crawler_settings` checks the settings. `triggers` starts crawlers by their schedules.
"""

import functools
import statistics
from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow
from moto.glue import models as glue_models
from moto.glue.exceptions import CrawlerNotRunningException, CrawlerRunningException
from moto.glue.responses import GlueResponse

from . import classifiers, crawler_settings
from .crawler_runs import BUSY, Crawl, CrawlerRunner

LAST_CRAWL = {"COMPLETED": "SUCCEEDED", "STOPPED": "CANCELLED"}
"""The names that GetCrawler and triggers use for the state of a crawl; FAILED is the same everywhere."""


def state(crawler: glue_models.FakeCrawler) -> str:
    """READY, RUNNING or STOPPING."""
    last_state = crawler.crawls[-1].status if crawler.crawls else "READY"
    return last_state if last_state in BUSY else "READY"


def start_crawler(crawler: glue_models.FakeCrawler, runner: CrawlerRunner, trigger: str = "") -> None:
    """StartCrawler. Raises CrawlerRunningException if the crawler is already running.

    Args:
        crawler: the crawler to start.
        runner: runs the crawl.
        trigger: name of the trigger that starts it; empty for any other caller.
    """
    with runner.lock:
        if state(crawler) in BUSY:
            raise CrawlerRunningException(f"Crawler with name {crawler.name} has already started")
        crawl = Crawl(crawler.name)
        crawl.trigger = trigger
        crawler.crawls.append(crawl)
    runner.start(crawler, crawl)


def stop_crawler(crawler: glue_models.FakeCrawler, runner: CrawlerRunner) -> None:
    """StopCrawler. Raises CrawlerNotRunningException if the crawler is not running."""
    with runner.lock:
        if state(crawler) != "RUNNING":
            raise CrawlerNotRunningException(f"Crawler with name {crawler.name} isn't running")
        crawler.crawls[-1].status = "STOPPING"


def described(as_dict: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """`FakeCrawler.as_dict` with the last crawl as Glue describes it."""

    @functools.wraps(as_dict)
    def described(self: glue_models.FakeCrawler) -> dict[str, Any]:
        fields = as_dict(self)
        finished = [crawl for crawl in self.crawls if crawl.status not in BUSY]
        fields.pop("LastCrawl", None)
        if finished:
            last_crawl = finished[-1]
            status = LAST_CRAWL.get(last_crawl.status, last_crawl.status)
            fields["LastCrawl"] = {
                "Status": status,
                "LogGroup": last_crawl.log_group,
                "LogStream": last_crawl.log_stream,
                "MessagePrefix": last_crawl.message_prefix,
                "StartTime": last_crawl.start_time,
            }
            if last_crawl.error:
                fields["LastCrawl"]["ErrorMessage"] = last_crawl.error
        if state(self) in BUSY:
            fields["CrawlElapsedTime"] = int(self.crawls[-1].seconds * 1000)
        return fields

    return described


def creating(create: Callable[..., ActionResult]) -> Callable[..., ActionResult]:
    """`GlueResponse.create_crawler` that refuses unsupported settings."""

    @functools.wraps(create)
    def create_crawler(self: GlueResponse) -> ActionResult:
        crawler_settings.check(self.parameters)
        classifiers.check_known(self.glue_backend, self.parameters.get("Classifiers"))
        return create(self)

    return create_crawler


def deleting(delete: Callable[..., None]) -> Callable[..., None]:
    """`GlueBackend.delete_crawler` that refuses to delete a running crawler."""

    @functools.wraps(delete)
    def delete_crawler(self: glue_models.GlueBackend, name: str) -> None:
        if name in self.crawlers and state(self.crawlers[name]) in BUSY:
            raise CrawlerRunningException(f"Crawler with name {name} is running")
        delete(self, name)

    return delete_crawler


_UPDATABLE = {
    "Role": "role",
    "DatabaseName": "database_name",
    "Description": "description",
    "Targets": "targets",
    "Schedule": "schedule",
    "Classifiers": "classifiers",
    "TablePrefix": "table_prefix",
    "SchemaChangePolicy": "schema_change_policy",
    "RecrawlPolicy": "recrawl_policy",
    "LineageConfiguration": "lineage_configuration",
    "Configuration": "configuration",
    "CrawlerSecurityConfiguration": "crawler_security_configuration",
}


def update_crawler(self: GlueResponse) -> EmptyResult:
    """UpdateCrawler changes the settings in the request and keeps the others."""
    request = self.parameters
    crawler = self.glue_backend.get_crawler(request.get("Name"))
    if state(crawler) in BUSY:
        raise CrawlerRunningException(f"Crawler with name {crawler.name} is running")
    crawler_settings.check({name: getattr(crawler, attribute) for name, attribute in _UPDATABLE.items()} | request)
    classifiers.check_known(self.glue_backend, request.get("Classifiers"))
    for name, attribute in _UPDATABLE.items():
        if name in request:
            setattr(crawler, attribute, request[name])
    crawler.version += 1
    crawler.last_updated = utcnow()
    return EmptyResult()


def get_crawler_metrics(self: GlueResponse) -> ActionResult:
    """GetCrawlerMetrics, for the crawls that this server remembers."""
    names = self.parameters.get("CrawlerNameList") or list(self.glue_backend.crawlers)
    crawlers = [self.glue_backend.crawlers[name] for name in names if name in self.glue_backend.crawlers]
    return ActionResult({"CrawlerMetricsList": [_metrics(crawler) for crawler in crawlers]})


def _metrics(crawler: glue_models.FakeCrawler) -> dict[str, Any]:
    finished = [crawl for crawl in crawler.crawls if crawl.status not in BUSY]
    last_crawl = finished[-1] if finished else None
    return {
        "CrawlerName": crawler.name,
        "TimeLeftSeconds": 0.0,
        "StillEstimating": state(crawler) in BUSY and not finished,
        "LastRuntimeSeconds": last_crawl.seconds if last_crawl else 0.0,
        "MedianRuntimeSeconds": statistics.median(crawl.seconds for crawl in finished) if finished else 0.0,
        "TablesCreated": last_crawl.tables.created if last_crawl else 0,
        "TablesUpdated": last_crawl.tables.updated if last_crawl else 0,
        "TablesDeleted": last_crawl.tables.deleted if last_crawl else 0,
    }
