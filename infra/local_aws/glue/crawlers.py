"""Makes moto's Glue crawlers crawl: `StartCrawler` really infers tables and partitions and writes the catalog.

This module is the API: `crawler_runs` runs the crawls, `crawl` looks at the data, `crawler_catalog` writes the tables,
and `crawler_settings` says which settings are done. Schedules are kept, but never fire.
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

from infra.local_aws.access import Guard
from infra.local_aws.glue import classifiers, crawler_settings
from infra.local_aws.glue.crawler_runs import BUSY, Crawl, CrawlerRunner
from infra.local_aws.s3.disk import S3Disk


def install(disk: S3Disk, save: Callable[[], None], guard: Guard) -> CrawlerRunner:
    """Gives moto's Glue the ability to crawl, for this whole process."""
    classifiers.install()
    runner = CrawlerRunner(disk, save, guard)
    crawler = glue_models.FakeCrawler
    crawler.start_crawler = functools.partialmethod(_start_crawler, runner)
    crawler.stop_crawler = functools.partialmethod(_stop_crawler, runner)
    crawler.status = property(_state)
    crawler.as_dict = _described(crawler.as_dict)
    GlueResponse.create_crawler = _creating(GlueResponse.create_crawler)
    glue_models.GlueBackend.delete_crawler = _deleting(glue_models.GlueBackend.delete_crawler)
    GlueResponse.update_crawler = _update_crawler
    GlueResponse.get_crawler_metrics = _get_crawler_metrics
    return runner


def _state(crawler: glue_models.FakeCrawler) -> str:
    last = crawler.crawls[-1].status if crawler.crawls else "READY"
    return last if last in BUSY else "READY"


def _start_crawler(crawler: glue_models.FakeCrawler, runner: CrawlerRunner) -> None:
    with runner.lock:
        if _state(crawler) in BUSY:
            raise CrawlerRunningException(f"Crawler with name {crawler.name} has already started")
        crawl = Crawl(crawler.name)
        crawler.crawls.append(crawl)
    runner.start(crawler, crawl)


def _stop_crawler(crawler: glue_models.FakeCrawler, runner: CrawlerRunner) -> None:
    with runner.lock:
        if _state(crawler) != "RUNNING":
            raise CrawlerNotRunningException(f"Crawler with name {crawler.name} isn't running")
        crawler.crawls[-1].status = "STOPPING"


def _described(as_dict: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    @functools.wraps(as_dict)
    def described(self: glue_models.FakeCrawler) -> dict[str, Any]:
        answer = as_dict(self)
        finished = [crawl for crawl in self.crawls if crawl.status not in BUSY]
        answer.pop("LastCrawl", None)
        if finished:
            last = finished[-1]
            status = {"COMPLETED": "SUCCEEDED", "STOPPED": "CANCELLED"}.get(last.status, last.status)
            answer["LastCrawl"] = {
                "Status": status,
                "LogGroup": last.log_group,
                "LogStream": last.log_stream,
                "MessagePrefix": last.message_prefix,
                "StartTime": last.start_time,
            }
            if last.error:
                answer["LastCrawl"]["ErrorMessage"] = last.error
        if _state(self) in BUSY:
            answer["CrawlElapsedTime"] = int(self.crawls[-1].seconds * 1000)
        return answer

    return described


def _creating(create: Callable[..., ActionResult]) -> Callable[..., ActionResult]:
    @functools.wraps(create)
    def create_crawler(self: GlueResponse) -> ActionResult:
        crawler_settings.check(self.parameters)
        classifiers.check_known(self.glue_backend, self.parameters.get("Classifiers"))
        return create(self)

    return create_crawler


def _deleting(delete: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(delete)
    def delete_crawler(self: glue_models.GlueBackend, name: str) -> None:
        if name in self.crawlers and _state(self.crawlers[name]) in BUSY:
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


def _update_crawler(self: GlueResponse) -> EmptyResult:
    """UpdateCrawler changes what it names and leaves the rest."""
    request = self.parameters
    crawler = self.glue_backend.get_crawler(request.get("Name"))
    if _state(crawler) in BUSY:
        raise CrawlerRunningException(f"Crawler with name {crawler.name} is running")
    crawler_settings.check({name: getattr(crawler, attribute) for name, attribute in _UPDATABLE.items()} | request)
    classifiers.check_known(self.glue_backend, request.get("Classifiers"))
    for name, attribute in _UPDATABLE.items():
        if name in request:
            setattr(crawler, attribute, request[name])
    crawler.version += 1
    crawler.last_updated = utcnow()
    return EmptyResult()


def _get_crawler_metrics(self: GlueResponse) -> ActionResult:
    names = self.parameters.get("CrawlerNameList") or list(self.glue_backend.crawlers)
    known = [self.glue_backend.crawlers[name] for name in names if name in self.glue_backend.crawlers]
    return ActionResult({"CrawlerMetricsList": [_metrics(crawler) for crawler in known]})


def _metrics(crawler: glue_models.FakeCrawler) -> dict[str, Any]:
    done = [crawl for crawl in crawler.crawls if crawl.status not in BUSY]
    last = done[-1] if done else None
    return {
        "CrawlerName": crawler.name,
        "TimeLeftSeconds": 0.0,
        "StillEstimating": _state(crawler) in BUSY and not done,
        "LastRuntimeSeconds": last.seconds if last else 0.0,
        "MedianRuntimeSeconds": statistics.median(crawl.seconds for crawl in done) if done else 0.0,
        "TablesCreated": last.tables.created if last else 0,
        "TablesUpdated": last.tables.updated if last else 0,
        "TablesDeleted": last.tables.deleted if last else 0,
    }
