"""ticketmaster_daily: every Ticketmaster event of the coming weeks, from the Discovery API to a checked star.

Wiring only: what a step does is in `runs`, `sources` and `dags/ticketmaster_extract.py`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from airflow.sdk import dag, task

from aws_services import resources
from dags import alerts, defaults, retries, schedules, shape, ticketmaster_extract, waiting
from dags.task_context import run_context, task_context
from runs.results import LandedEvents
from runs.run import LONGEST_RUN, Run
from settings import get_settings

PIPELINE = resources.TICKETMASTER

# A key that is wrong, a request that is refused or a quota that is used up are the same a minute later.
FINAL_ERRORS = (
    "sources.ticketmaster.errors.BadRequest",
    "sources.ticketmaster.errors.InvalidApiKey",
    "sources.ticketmaster.errors.NotFound",
    "sources.ticketmaster.errors.QuotaExceeded",
)

OUTAGES = (
    "sources.ticketmaster.errors.MalformedBody",
    "sources.ticketmaster.errors.RateLimited",
    "sources.ticketmaster.errors.ServerError",
    "sources.ticketmaster.errors.UnexpectedStatus",
    "sources.ticketmaster.errors.ApiUnreachable",
)

PARAMS = defaults.params(
    date="The day to observe (UTC). Empty: the scheduled day, else today. A past day needs raw data.",
    refetch="Fetch a second observation of the day beside the first, and load that.",
    accept_drop="Publish although there are less than half the events of the day before: countries were narrowed.",
)

DOC = """
Collects **every** event of the next 30 days in the configured countries, lands the API's pages as received, validates
them against the contracts, catalogs them, builds the star in a Glue job and publishes it behind a quality gate.

* While the API is away the extract tries again, with growing pauses, until the day (UTC) is over; one alert tells.
* A day is a run: triggering a finished day again does nothing; a failed one resumes where it stopped.
* `date`, `refetch`, `rebuild` and `accept_drop` can be set when triggering.
* Nothing is published unless the books balance and the quality gate passes; readers keep yesterday's star until then.
"""


@dag(
    dag_id=PIPELINE.name,
    schedule=schedules.at("0 2 * * *", get_settings().ticketmaster_schedule),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=LONGEST_RUN,
    params=PARAMS,
    tags=["ticketmaster", "daily", "star"],
    default_args=defaults.default_args(final=FINAL_ERRORS, outages=OUTAGES),
    doc_md=DOC,
    on_failure_callback=alerts.run_failed,
    description="Ticketmaster Discovery API -> raw -> curated -> star schema in Redshift",
)
def ticketmaster_daily() -> None:
    """Wire the pipeline."""

    @task.short_circuit(
        ignore_downstream_trigger_rules=True,
        doc_md="Decide the day, take the lock, open the ledger.",
        retries=retries.WITHIN_DAY,
    )
    def open_run() -> Run | None:
        from runs import opening

        with waiting.for_its_turn():
            return opening.open_run(task_context(PIPELINE), has_past=False)  # the API knows only what is on sale now

    @task(
        doc_md="Fetch every event of the window; land each response as received.",
        execution_timeout=timedelta(hours=1),
        retries=retries.WITHIN_DAY,
    )
    def extract(run: Run) -> LandedEvents:
        return ticketmaster_extract.land_events(run_context(PIPELINE, run))

    run = cast("Run", open_run())
    shape.load(run, [extract(run)], pipeline=PIPELINE, fact="fact_events")


ticketmaster_daily()
