"""ticketmaster_daily: every Ticketmaster event of the coming weeks, from the Discovery API to a checked star.

Wiring only: what a step does stands in `dags/steps.py`, `sources`, `lake` and `warehouse`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import CronTriggerTimetable, dag, task

from aws_services import resources
from dags import alerts, shape, steps

PIPELINE = "ticketmaster_daily"
SOURCE = "ticketmaster"

# A key that is wrong, a request that is refused or a quota that is used up are the same a minute later.
FINAL_ERRORS = (
    "sources.ticketmaster.errors.BadRequest",
    "sources.ticketmaster.errors.InvalidApiKey",
    "sources.ticketmaster.errors.NotFound",
    "sources.ticketmaster.errors.QuotaExceeded",
)

PARAMS = steps.params(
    date="The day to observe (UTC). Empty: the scheduled day, else today. A past day needs raw data.",
    refetch="Fetch a second observation of the day beside the first, and load that.",
    accept_drop="Publish although there are less than half the events of the day before: countries were narrowed.",
)

DOC = """
Collects **every** event of the next 30 days in the configured countries, lands the API's pages as received, validates
them against the contracts, catalogs them, builds the star in a Glue job and publishes it behind a quality gate.

* A day is a run: triggering a finished day again does nothing; a failed one resumes where it stopped.
* `date`, `refetch`, `rebuild` and `accept_drop` can be set when triggering.
* Nothing is published unless the books balance and the quality gate passes; readers keep yesterday's star until then.
"""


@dag(
    dag_id=PIPELINE,
    # No start date: the first scheduled run is the next 02:00, never one that lies in the past.
    schedule=CronTriggerTimetable("0 2 * * *", timezone="UTC", run_immediately=timedelta(0)),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=steps.LEASE,
    params=PARAMS,
    tags=["ticketmaster", "daily", "star"],
    default_args=steps.defaults(*FINAL_ERRORS),
    doc_md=DOC,
    on_failure_callback=alerts.run_failed,
    description="Ticketmaster Discovery API -> raw -> curated -> star schema in Redshift",
)
def ticketmaster_daily() -> None:
    """Wire the pipeline."""

    @task.short_circuit(ignore_downstream_trigger_rules=True, doc_md="Decide the day, take the lock, open the ledger.")
    def open_run(**context: Any) -> steps.Run | None:
        # The API tells what is on sale now: a past day cannot be fetched.
        return steps.open_run(PIPELINE, SOURCE, resources.TICKETMASTER_ENTITIES, context, has_past=False)

    @task(
        doc_md="Fetch every event of the window; land each response as received.",
        execution_timeout=timedelta(hours=1),  # three attempts fit into the lease
    )
    def extract(run: steps.Run) -> dict[str, Any]:
        return _crawl(run)

    run: Any = open_run()
    shape.load(run, [extract(run)], pipeline=resources.TICKETMASTER, fact="fact_events")


def _crawl(run: steps.Run) -> dict[str, Any]:
    """Crawl the Discovery API into the run's raw prefix; a finished extract is left alone."""
    from airflow.sdk.log import mask_secret

    from aws_services.secrets import SecretsManager
    from lake.counters import LakeCounter
    from lake.landing import RawLanding
    from lake.layout import RunId
    from settings import get_settings
    from sources.ticketmaster import DiscoveryClient, crawl

    steps.check_lock(run)
    settings, lake, run_id = get_settings(), steps.lake(), RunId.parse(run["run_id"])
    landing = RawLanding(lake, SOURCE, run_id, resources.TICKETMASTER_ENTITIES)
    if landing.finished:
        return {"finished": "before"}
    start, end = settings.horizon(run_id.business_date)
    key = SecretsManager().get(resources.TICKETMASTER_API_KEY_SECRET)
    mask_secret(key.get_secret_value())  # the client shows it to nobody; Airflow blots it out should anything else
    made = LakeCounter(lake, SOURCE, f"requests-of-{run_id}")
    before = made.load()  # by earlier attempts
    with DiscoveryClient(
        settings.ticketmaster_api_url,
        key,
        requests_per_second=settings.ticketmaster_requests_per_second,
        daily_quota=settings.ticketmaster_daily_quota,
        counter=LakeCounter(lake, SOURCE, f"requests-{settings.current_date()}"),
    ) as client:
        try:
            result = crawl(client, landing, countries=settings.countries, start=start, end=end)
        finally:
            made.save(before + client.requests_made)
    counted = {"distinct_records": {"events": result.events_distinct}, "api": settings.ticketmaster_api_url}
    steps.check_lock(run)  # it may have taken an hour
    landing.finish(result.as_dict() | counted, requests=made.load())
    return {"requests": made.load(), "events": result.events_distinct, "residual": result.residual}


ticketmaster_daily()
