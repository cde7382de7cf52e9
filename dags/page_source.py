"""The DAG of a source of pages, from a declaration: fetch all pages of an API, land them, load them.

Wiring only: what a step does is in `dags/steps.py`, `sources`, `lake` and `warehouse`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, task

from aws_services.resources import Pipeline
from dags import retries, shape, steps

FINAL_ERRORS = ("sources.pages.PageError",)
OUTAGES = ("sources.pages.PageUnavailable",)

PARAMS = steps.params(
    date="The day to observe (UTC). Empty: the scheduled day, else today. A past day needs raw data.",
    refetch="Fetch a second observation of the day beside the first, and load that.",
    accept_drop="Publish although there are less than half the rows that were published before.",
)

_DOC = """

* A day is a run: triggering a finished day again does nothing; a failed one resumes where it stopped.
* The API tells what is so now: a past day cannot be fetched. While it is down, the run tries again until the day ends.
* `date`, `refetch`, `rebuild` and `accept_drop` can be set when triggering.
"""


def page_source(pipeline: Pipeline, *, fact: str, schedule: str, description: str, doc_md: str) -> DAG:
    """The DAG of a pipeline that reads the pages of an API.

    Args:
        pipeline: its entry in the list of resources; the module `sources.<source>` holds a `PageSource`.
        fact: the star's table that tells most; the star's asset is named by it.
        schedule: cron expression, in UTC; the setting `<SOURCE>_SCHEDULE`, where there is one, goes before it.
        description: a line about the pipeline.
        doc_md: what is particular to the source; what all sources of pages share is added.
    """

    @shape.pipeline_dag(pipeline, schedule, PARAMS, FINAL_ERRORS, OUTAGES, description, doc_md.rstrip() + _DOC)
    def wired() -> None:
        @task.short_circuit(
            ignore_downstream_trigger_rules=True,
            doc_md="Decide the day, take the lock, open the ledger.",
            retries=retries.WITHIN_DAY,
        )
        def open_run(**context: Any) -> steps.Run | None:
            return steps.open_run(pipeline.name, pipeline.source, pipeline.entities, context, has_past=False)

        @task(
            doc_md="Fetch every page; land each as received.",
            execution_timeout=timedelta(hours=1),
            retries=retries.WITHIN_DAY,
        )
        def extract(run: steps.Run) -> dict[str, Any]:
            return _fetch(pipeline, run)

        run: Any = open_run()
        shape.load(run, [extract(run)], pipeline=pipeline, fact=fact)

    return wired()


def _fetch(pipeline: Pipeline, run: steps.Run) -> dict[str, Any]:
    """Land all pages; a finished extract is left alone."""
    from lake.landing import RawLanding
    from lake.layout import RunId
    from settings import get_settings
    from sources.pages import page_source as source_of_pages

    steps.check_lock(run)
    landing = RawLanding(steps.lake(), pipeline.source, RunId.parse(run["run_id"]), pipeline.entities)
    if landing.finished:
        return {"finished": "before"}
    records = source_of_pages(pipeline.source).extract(landing, get_settings().of_source(pipeline.source, "url") or "")
    steps.check_lock(run)  # it may have taken an hour
    landing.finish()
    return dict(records)
