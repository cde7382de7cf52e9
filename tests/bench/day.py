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
from aws_services.redshift_data import RedshiftData
from aws_services.resources import Pipeline
from dags import file_extract, shape, ticketmaster_extract
from runs import closing, loading, opening, validating
from runs.context import TaskContext, open_lake
from runs.run import Run
from tests.bench.harness import Alone, alone
from tests.fixtures.task_context import task_context


def context_of(pipeline: Pipeline, dag_run_id: str, params: dict[str, Any]) -> TaskContext:
    """The context that a task creates before its step, in this process."""
    return task_context(pipeline, open_lake(), RedshiftData(), dag_run_id=dag_run_id, **params)


@dataclass(slots=True)
class _Day(ABC):
    """One run of a pipeline.

    Attributes:
        date: its business date.
        attempt: a number that distinguishes runs of the same day, as in Airflow.
        seconds: how long each step took.
        job_run: id of the Glue job's run, once it is over.
    """

    pipeline: ClassVar[Pipeline]

    date: date
    attempt: str = "first"
    seconds: dict[str, float] = field(default_factory=dict)
    job_run: str | None = None

    def run(self) -> bool:
        """Run the day to its end; False when it was finished before, and nothing was done."""
        run = self._step("open_run", self.open_run)
        if run is None:
            return False
        try:
            self._step("extract", lambda: self.extract(run))
            for entity in self.pipeline.entities:
                self._step("validate", lambda entity=entity: self.validate(run, entity))
            for crawler in (*self.pipeline.raw_crawlers.values(), self.pipeline.curated_crawler):
                self._step("crawl", GlueCrawler(crawler.name).run)
            self._step("build_star", lambda: self._build_star(run))
            self._step("audit", lambda: loading.audit(self.context().of_run(run)))
            self._step("publish", lambda: loading.publish(self.context().of_run(run)))
            self._step("refresh", lambda: loading.refresh(self.context().of_run(run)))
        finally:
            self._step("close_run", lambda: closing.close_run(self.context().of_run(run)))
        return True

    @abstractmethod
    def open_run(self) -> Run | None:
        """The DAG's first task."""

    @abstractmethod
    def extract(self, run: Run) -> None:
        """The DAG's extract."""

    def validate(self, run: Run, entity: str) -> None:
        """The DAG's validation of one entity."""
        validating.validate(self.context().of_run(run), entity)

    def params(self) -> dict[str, Any]:
        """The parameters that the run is triggered with."""
        return {"date": self.date.isoformat()}

    def context(self) -> TaskContext:
        """A task's context; each task makes its own."""
        return context_of(self.pipeline, self.dag_run_id, self.params())

    @property
    def dag_run_id(self) -> str:
        """The id of the DAG run."""
        return f"bench__{self.date}__{self.attempt}"

    def _step(self, name: str, work: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        try:
            return work()
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began

    def _build_star(self, run: Run) -> None:
        returned = SimpleNamespace(xcom_pull=lambda task_ids: run)
        arguments = {name: jinja2.Template(text).render(ti=returned) for name, text in shape.job_arguments().items()}
        job = GlueJob(self.pipeline.job)
        self.job_run = job.start(arguments)
        job.wait(self.job_run)


class Day(_Day):
    """A day of `ticketmaster_daily`."""

    pipeline = resources.TICKETMASTER

    def open_run(self) -> Run | None:
        """The DAG's first task."""
        return opening.open_run(self.context(), has_past=False)

    def extract(self, run: Run) -> None:
        """The DAG's extract."""
        ticketmaster_extract.land_events(self.context().of_run(run))


@dataclass(slots=True)
class TickitDay(_Day):
    """A day of `tickit_load`, its extract and validation in a process each, as in Airflow.

    Attributes:
        location: of the files.
        peak_mb: the most memory that any of those processes held, by step.
    """

    pipeline = resources.TICKIT

    location: str = ""
    peak_mb: dict[str, float] = field(default_factory=dict)

    def open_run(self) -> Run | None:
        """The DAG's first task."""
        return opening.open_run(self.context(), has_past=True)

    def extract(self, run: Run) -> None:
        """The DAG's extract, entity by entity."""
        for entity in self.pipeline.entities:
            self._note("extract", alone(land_files, run, entity, self.params()))

    def validate(self, run: Run, entity: str) -> None:
        """The DAG's validation of one entity."""
        self._note("validate", alone(validate, run, entity, self.params()))

    def params(self) -> dict[str, Any]:
        """The parameters that the run is triggered with."""
        return _Day.params(self) | {"location": self.location}

    def _note(self, step: str, done: Alone[Any]) -> None:
        self.peak_mb[step] = max(self.peak_mb.get(step, 0.0), done.peak_mb)


def land_files(run: Run, entity: str, params: dict[str, Any]) -> None:
    """Land an entity of TICKIT in this process, which is one of its own."""
    file_extract.land_files(context_of(resources.TICKIT, run["holder"], params).of_run(run), entity)


def validate(run: Run, entity: str, params: dict[str, Any]) -> None:
    """Validate an entity of TICKIT in this process, which is one of its own."""
    validating.validate(context_of(resources.TICKIT, run["holder"], params).of_run(run), entity)
