"""Patches of moto's Glue: jobs run, crawlers crawl, and there are classifiers."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from moto.glue import models as glue_models
from moto.glue.models import FakeCrawler, FakeJob, GlueBackend
from moto.glue.responses import GlueResponse

from ..patching import Patch, apply, bound, instead
from . import classifiers, crawlers, jobs, trigger_operations
from .crawler_runs import Crawl, CrawlerRunner
from .job_run import JobRun
from .jobs import JobRunner
from .triggers import Triggers


@dataclass(frozen=True, slots=True)
class Runners:
    """The objects that do the work behind the API."""

    jobs: JobRunner
    crawlers: CrawlerRunner
    triggers: Triggers


_RUNS = "moto's job runs run nothing"
_CRAWLS = "moto's crawlers crawl nothing"
_ORDER = "Glue lists the newest run first"
_UPDATE = "moto has no update of it"
_NONE = "moto has no classifiers"
_FIRES = "moto's triggers start nothing"


def _starting(original: Any, runners: Runners) -> Any:
    return jobs.starting(runners.jobs, original)


def _creating(original: Any, _runners: Runners) -> Any:
    return jobs.creating(original)


def _classifiers(_original: Any, _runners: Runners) -> Any:
    return functools.cached_property(classifiers.no_classifiers)


PATCHES = (
    Patch(glue_models, "FakeJobRun", "5.2.5 7825b0e9ca2f", _RUNS, instead(JobRun)),
    Patch(
        FakeJob,
        "start_job_run",
        "5.2.5 eacd4b77429e",
        _RUNS,
        _starting,
    ),
    Patch(FakeJob, "get_job_runs", "5.2.5 efe2bb07ddc1", _ORDER, instead(jobs.newest_first)),
    Patch(
        GlueBackend,
        "create_job",
        "5.2.5 d546f09e02c1",
        "moto accepts jobs that cannot run",
        _creating,
    ),
    Patch(
        GlueBackend,
        "delete_job",
        "5.2.5 3afb81e45e93",
        "the runs of a job are deleted with it",
        lambda original, runners: jobs.deleting(runners.jobs, original),
    ),
    Patch(
        GlueResponse,
        "batch_stop_job_run",
        "5.2.5 absent",
        _RUNS,
        bound(jobs.batch_stop_job_run, lambda runners: runners.jobs),
    ),
    Patch(GlueResponse, "update_job", "5.2.5 absent", _UPDATE, instead(jobs.update_job)),
    Patch(
        FakeCrawler,
        "start_crawler",
        "5.2.5 7841a96646dd",
        _CRAWLS,
        bound(crawlers.start_crawler, lambda runners: runners.crawlers),
    ),
    Patch(
        FakeCrawler,
        "stop_crawler",
        "5.2.5 c03f9a33b08f",
        _CRAWLS,
        bound(crawlers.stop_crawler, lambda runners: runners.crawlers),
    ),
    Patch(FakeCrawler, "status", "5.2.5 60742da5b00f", _CRAWLS, instead(property(crawlers.state))),
    Patch(FakeCrawler, "as_dict", "5.2.5 98bfd83d13d8", _CRAWLS, lambda original, _: crawlers.described(original)),
    Patch(
        GlueResponse,
        "create_crawler",
        "5.2.5 e407f71335d9",
        "moto accepts settings that are not supported here",
        lambda original, _: crawlers.creating(original),
    ),
    Patch(
        GlueBackend,
        "delete_crawler",
        "5.2.5 fc14674d5c28",
        "Glue refuses to delete a running crawler",
        lambda original, _: crawlers.deleting(original),
    ),
    Patch(GlueResponse, "update_crawler", "5.2.5 absent", _UPDATE, instead(crawlers.update_crawler)),
    Patch(GlueResponse, "get_crawler_metrics", "5.2.5 absent", _CRAWLS, instead(crawlers.get_crawler_metrics)),
    Patch(GlueBackend, "classifiers", "5.2.5 absent", _NONE, _classifiers),
    Patch(GlueResponse, "create_classifier", "5.2.5 absent", _NONE, instead(classifiers.create)),
    Patch(GlueResponse, "update_classifier", "5.2.5 absent", _NONE, instead(classifiers.update)),
    Patch(GlueResponse, "get_classifier", "5.2.5 absent", _NONE, instead(classifiers.get)),
    Patch(GlueResponse, "get_classifiers", "5.2.5 absent", _NONE, instead(classifiers.list_all)),
    Patch(GlueResponse, "delete_classifier", "5.2.5 absent", _NONE, instead(classifiers.delete)),
    Patch(
        GlueResponse,
        "create_trigger",
        "5.2.5 848d44ed50c3",
        "moto accepts triggers that cannot be fired",
        instead(trigger_operations.create_trigger),
    ),
    Patch(GlueResponse, "update_trigger", "5.2.5 absent", _UPDATE, instead(trigger_operations.update_trigger)),
    Patch(
        GlueBackend,
        "start_trigger",
        "5.2.5 10a7e6801f5c",
        _FIRES,
        bound(trigger_operations.start_trigger, lambda runners: runners.triggers),
    ),
    Patch(GlueBackend, "stop_trigger", "5.2.5 d653669e8e1b", _FIRES, instead(trigger_operations.stop_trigger)),
)


def install(runners: Runners) -> None:
    """Patches moto's Glue, for this whole process."""
    apply(PATCHES, runners)
    runners.jobs.ended = functools.partial(_job_ended, runners.triggers)
    runners.crawlers.ended = functools.partial(_crawl_ended, runners.triggers)


def _job_ended(triggers: Triggers, run: JobRun, job: FakeJob) -> None:
    if run.trigger:
        triggers.ended(job.backend, "JobName", job.name, run.status)


def _crawl_ended(triggers: Triggers, crawler: FakeCrawler, crawl: Crawl) -> None:
    if crawl.trigger:
        triggers.ended(
            crawler.backend, "CrawlerName", crawler.name, crawlers.LAST_CRAWL.get(crawl.status, crawl.status)
        )
