"""Makes moto's Glue crawlers crawl: `StartCrawler` really infers tables and partitions and writes the catalog.

This module is the API: `crawler_runs` runs the crawls, `crawl` looks at the data, `crawler_catalog` writes the tables,
and `crawler_settings` says which settings are done. `triggers` starts crawlers by their schedules.
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
"""What GetCrawler, and triggers, call the state of a crawl; FAILED is the same in all."""


def state(crawler: glue_models.FakeCrawler) -> str:
    """READY, RUNNING or STOPPING."""
    last = crawler.crawls[-1].status if crawler.crawls else "READY"
    return last if last in BUSY else "READY"


def start_crawler(crawler: glue_models.FakeCrawler, runner: CrawlerRunner, trigger: str = "") -> None:
    """StartCrawler. Raises CrawlerRunningException if it is running already.

    Args:
        crawler: the crawler.
        runner: runs it.
        trigger: name of the trigger that starts it; empty if somebody else does.
    """
    with runner.lock:
        if state(crawler) in BUSY:
            raise CrawlerRunningException(f"Crawler with name {crawler.name} has already started")
        crawl = Crawl(crawler.name)
        crawl.trigger = trigger
        crawler.crawls.append(crawl)
    runner.start(crawler, crawl)


def stop_crawler(crawler: glue_models.FakeCrawler, runner: CrawlerRunner) -> None:
    """StopCrawler. Raises CrawlerNotRunningException if it is not running."""
    with runner.lock:
        if state(crawler) != "RUNNING":
            raise CrawlerNotRunningException(f"Crawler with name {crawler.name} isn't running")
        crawler.crawls[-1].status = "STOPPING"


def described(as_dict: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """`FakeCrawler.as_dict` with its last crawl as Glue describes it."""

    @functools.wraps(as_dict)
    def described(self: glue_models.FakeCrawler) -> dict[str, Any]:
        answer = as_dict(self)
        finished = [crawl for crawl in self.crawls if crawl.status not in BUSY]
        answer.pop("LastCrawl", None)
        if finished:
            last = finished[-1]
            status = LAST_CRAWL.get(last.status, last.status)
            answer["LastCrawl"] = {
                "Status": status,
                "LogGroup": last.log_group,
                "LogStream": last.log_stream,
                "MessagePrefix": last.message_prefix,
                "StartTime": last.start_time,
            }
            if last.error:
                answer["LastCrawl"]["ErrorMessage"] = last.error
        if state(self) in BUSY:
            answer["CrawlElapsedTime"] = int(self.crawls[-1].seconds * 1000)
        return answer

    return described


def creating(create: Callable[..., ActionResult]) -> Callable[..., ActionResult]:
    """`GlueResponse.create_crawler` that refuses settings that are not done here."""

    @functools.wraps(create)
    def create_crawler(self: GlueResponse) -> ActionResult:
        crawler_settings.check(self.parameters)
        classifiers.check_known(self.glue_backend, self.parameters.get("Classifiers"))
        return create(self)

    return create_crawler


def deleting(delete: Callable[..., None]) -> Callable[..., None]:
    """`GlueBackend.delete_crawler` that refuses to delete a crawler that is running."""

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
    """UpdateCrawler changes what it names and leaves the rest."""
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
    """GetCrawlerMetrics, of the crawls that this server remembers."""
    names = self.parameters.get("CrawlerNameList") or list(self.glue_backend.crawlers)
    known = [self.glue_backend.crawlers[name] for name in names if name in self.glue_backend.crawlers]
    return ActionResult({"CrawlerMetricsList": [_metrics(crawler) for crawler in known]})


def _metrics(crawler: glue_models.FakeCrawler) -> dict[str, Any]:
    done = [crawl for crawl in crawler.crawls if crawl.status not in BUSY]
    last = done[-1] if done else None
    return {
        "CrawlerName": crawler.name,
        "TimeLeftSeconds": 0.0,
        "StillEstimating": state(crawler) in BUSY and not done,
        "LastRuntimeSeconds": last.seconds if last else 0.0,
        "MedianRuntimeSeconds": statistics.median(crawl.seconds for crawl in done) if done else 0.0,
        "TablesCreated": last.tables.created if last else 0,
        "TablesUpdated": last.tables.updated if last else 0,
        "TablesDeleted": last.tables.deleted if last else 0,
    }
