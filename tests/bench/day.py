"""A day of a pipeline without Airflow: the steps of its DAG, one after the other, each timed."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any, ClassVar

import jinja2

from aws_services import resources
from aws_services.glue_crawler import GlueCrawler
from aws_services.glue_job import GlueJob
from aws_services.resources import Crawler, Job
from dags import file_steps, steps, ticketmaster_daily
from tests.bench.harness import Alone, alone


@dataclass(slots=True)
class _Pipeline(ABC):
    """One run of a pipeline.

    Attributes:
        date: its business date.
        attempt: tells runs of the same day apart, as Airflow does.
        seconds: how long each step took.
        job_run: id of the Glue job's run, once it is over.
    """

    pipeline: ClassVar[str]
    entities: ClassVar[tuple[str, ...]]
    crawlers: ClassVar[tuple[Crawler, ...]]
    job: ClassVar[Job]

    date: date
    attempt: str = "first"
    seconds: dict[str, float] = field(default_factory=dict)
    job_run: str | None = None

    def run(self) -> bool:
        """Run the day to its end; False when it was finished before, and nothing was done."""
        run = self._step("open_run", lambda: self.open_run(self._context()))
        if run is None:
            return False
        try:
            self._step("extract", lambda: self.extract(run))
            for entity in self.entities:
                self._step("validate", lambda entity=entity: self.validate(run, entity))
            for crawler in self.crawlers:
                self._step("crawl", GlueCrawler(crawler.name).run)
            self._step("build_star", lambda: self._build_star(run))
            self._step("audit", lambda: steps.audit(run, self.entities))
            self._step("publish", lambda: steps.publish(run))
            self._step("refresh", lambda: steps.refresh(run))
        finally:
            self._step("close_run", lambda: steps.close_run(run, self._context()))
        return True

    @abstractmethod
    def open_run(self, context: dict[str, Any]) -> steps.Run | None:
        """The DAG's first task."""

    @abstractmethod
    def extract(self, run: steps.Run) -> None:
        """The DAG's extract."""

    def validate(self, run: steps.Run, entity: str) -> None:
        """The DAG's validation of one entity."""
        steps.validate(run, entity)

    def params(self) -> dict[str, Any]:
        """What the run is triggered with."""
        return {"date": self.date.isoformat(), "refetch": False, "rebuild": False, "accept_drop": False}

    def _step(self, name: str, work: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        try:
            return work()
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began

    def _build_star(self, run: steps.Run) -> None:
        returned = SimpleNamespace(xcom_pull=lambda task_ids: run)
        arguments = {name: jinja2.Template(text).render(ti=returned) for name, text in steps.job_arguments().items()}
        job = GlueJob(self.job)
        self.job_run = job.start(arguments)
        job.wait(self.job_run)

    def _context(self) -> dict[str, Any]:
        """As much of Airflow's task context as the steps look at."""
        identity = f"bench__{self.date}__{self.attempt}"
        task = SimpleNamespace(upstream_task_ids=set())
        ti = SimpleNamespace(dag_id=self.pipeline, run_id=identity, task=task, get_task_states=lambda **_: {})
        dag_run = SimpleNamespace(run_id=identity, run_type="manual")
        return {"dag_run": dag_run, "ti": ti, "params": self.params(), "logical_date": None}


class Day(_Pipeline):
    """A day of `ticketmaster_daily`."""

    pipeline = ticketmaster_daily.PIPELINE
    entities = resources.TICKETMASTER_ENTITIES
    crawlers = (resources.TICKETMASTER_RAW_CRAWLER, resources.TICKETMASTER_CURATED_CRAWLER)
    job = resources.TICKETMASTER_JOB

    def open_run(self, context: dict[str, Any]) -> steps.Run | None:
        """The DAG's first task."""
        return steps.open_run(self.pipeline, ticketmaster_daily.SOURCE, self.entities, context, has_past=False)

    def extract(self, run: steps.Run) -> None:
        """The DAG's extract."""
        ticketmaster_daily._crawl(run)


@dataclass(slots=True)
class TickitDay(_Pipeline):
    """A day of `tickit_load`, its extract and validation in a process each, as in Airflow.

    Attributes:
        location: of the files.
        peak_mb: the most memory that any of those processes held, by step.
    """

    pipeline = resources.TICKIT.name
    entities = resources.TICKIT_ENTITIES
    crawlers = (*resources.TICKIT_RAW_CRAWLERS, resources.TICKIT_CURATED_CRAWLER)
    job = resources.TICKIT_JOB

    location: str = ""
    peak_mb: dict[str, float] = field(default_factory=dict)

    def open_run(self, context: dict[str, Any]) -> steps.Run | None:
        """The DAG's first task."""
        return steps.open_run(self.pipeline, resources.TICKIT.source, self.entities, context, has_past=True)

    def extract(self, run: steps.Run) -> None:
        """The DAG's extract, entity by entity."""
        for entity in self.entities:
            self._note("extract", alone(file_steps.land, resources.TICKIT, run, entity, self.params()))

    def validate(self, run: steps.Run, entity: str) -> None:
        """The DAG's validation of one entity."""
        self._note("validate", alone(steps.validate, run, entity))

    def params(self) -> dict[str, Any]:
        """What the run is triggered with."""
        return _Pipeline.params(self) | {"location": self.location, "full": False}

    def _note(self, step: str, done: Alone[Any]) -> None:
        self.peak_mb[step] = max(self.peak_mb.get(step, 0.0), done.peak_mb)
