"""A day of `ticketmaster_daily` without Airflow: the same steps, one after the other, each timed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any

import jinja2

from aws_services import resources
from aws_services.glue_crawler import GlueCrawler
from aws_services.glue_job import GlueJob
from dags import steps
from dags import ticketmaster_daily as daily

ENTITIES = resources.TICKETMASTER_ENTITIES


@dataclass(slots=True)
class Day:
    """One run of the pipeline.

    Attributes:
        date: its business date.
        attempt: tells runs of the same day apart, as Airflow does.
        seconds: how long each step took.
        job_run: id of the Glue job's run, once it is over.
    """

    date: date
    attempt: str = "first"
    seconds: dict[str, float] = field(default_factory=dict)
    job_run: str | None = None

    def run(self) -> bool:
        """Run the day to its end; False when it was finished before, and nothing was done."""
        run = self._step(
            "open_run", lambda: steps.open_run(daily.PIPELINE, daily.SOURCE, ENTITIES, self._context(), has_past=False)
        )
        if run is None:
            return False
        try:
            self._step("extract", lambda: daily._crawl(run))
            for entity in ENTITIES:
                self._step("validate", lambda entity=entity: steps.validate(run, entity))
            self._step("crawl_raw", GlueCrawler(resources.TICKETMASTER_RAW_CRAWLER.name).run)
            self._step("crawl_curated", GlueCrawler(resources.TICKETMASTER_CURATED_CRAWLER.name).run)
            self._step("build_star", lambda: self._build_star(run))
            self._step("audit", lambda: steps.audit(run, ENTITIES))
            self._step("publish", lambda: steps.publish(run))
            self._step("refresh", lambda: steps.refresh(run))
        finally:
            self._step("close_run", lambda: steps.close_run(run, self._context()))
        return True

    def _step(self, name: str, work: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        try:
            return work()
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began

    def _build_star(self, run: steps.Run) -> None:
        returned = SimpleNamespace(xcom_pull=lambda task_ids: run)
        arguments = {name: jinja2.Template(text).render(ti=returned) for name, text in steps.job_arguments().items()}
        job = GlueJob(resources.TICKETMASTER_JOB)
        self.job_run = job.start(arguments)
        job.wait(self.job_run)

    def _context(self) -> dict[str, Any]:
        """As much of Airflow's task context as the steps look at."""
        identity = f"bench__{self.date}__{self.attempt}"
        ti = SimpleNamespace(dag_id=daily.PIPELINE, run_id=identity, get_task_states=lambda **_: {})
        params = {"date": self.date.isoformat(), "refetch": False, "rebuild": False, "accept_drop": False}
        return {"dag_run": SimpleNamespace(run_id=identity), "ti": ti, "params": params, "logical_date": None}
