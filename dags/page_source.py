"""The DAG of a source of pages, from a declaration: fetch all pages of an API, land them, load them.

Wiring only: what a step does is in `runs`, `sources` and `dags/page_extract.py`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from airflow.sdk import DAG, task

from aws_services.resources import Pipeline
from dags import defaults, page_extract, retries, shape, waiting
from dags.task_context import run_context, task_context
from runs.run import Run

FINAL_ERRORS = ("sources.pages.PageError",)
OUTAGES = ("sources.pages.PageUnavailable",)

PARAMS = defaults.params(
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
        def open_run() -> Run | None:
            from runs import opening

            with waiting.for_its_turn():
                return opening.open_run(task_context(pipeline), has_past=False)

        @task(
            doc_md="Fetch every page; land each as received.",
            execution_timeout=timedelta(hours=1),
            retries=retries.WITHIN_DAY,
        )
        def extract(run: Run) -> dict[str, int | str]:
            return page_extract.land_pages(run_context(pipeline, run))

        run = cast("Run", open_run())
        shape.load(run, [extract(run)], pipeline=pipeline, fact=fact)

    return wired()
