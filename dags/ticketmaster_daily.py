"""ticketmaster_daily: every Ticketmaster event of the coming weeks, from the Discovery API to a checked star.

Wiring only: what a step does stands in `dags/steps.py`, `sources`, `lake` and `warehouse`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import dag, task

from aws_services import resources
from dags import alerts, retries, schedules, shape, steps
from settings import get_settings

PIPELINE = "ticketmaster_daily"
SOURCE = "ticketmaster"

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
    "sources.ticketmaster.errors.Unreachable",
)

PARAMS = steps.params(
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
    dag_id=PIPELINE,
    schedule=schedules.at("0 2 * * *", get_settings().ticketmaster_schedule),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=steps.LONGEST_RUN,
    params=PARAMS,
    tags=["ticketmaster", "daily", "star"],
    default_args=steps.defaults(final=FINAL_ERRORS, outages=OUTAGES),
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
    def open_run(**context: Any) -> steps.Run | None:
        # The API tells what is on sale now: a past day cannot be fetched.
        return steps.open_run(PIPELINE, SOURCE, resources.TICKETMASTER_ENTITIES, context, has_past=False)

    @task(
        doc_md="Fetch every event of the window; land each response as received.",
        execution_timeout=timedelta(hours=1),
        retries=retries.WITHIN_DAY,
    )
    def extract(run: steps.Run) -> dict[str, Any]:
        return _crawl(run)

    run: Any = open_run()
    shape.load(run, [extract(run)], pipeline=resources.TICKETMASTER, fact="fact_events")


def _crawl(run: steps.Run) -> dict[str, Any]:
    """Crawl the Discovery API into the run's raw prefix; a finished extract is left alone."""
    from airflow.sdk.log import mask_secret

    from aws_services.redshift_data import RedshiftData
    from aws_services.secrets import SecretsManager
    from lake.counters import LakeCounter
    from lake.landing import RawLanding
    from lake.layout import RunId
    from settings import get_settings
    from sources.ticketmaster import DiscoveryClient, crawl
    from warehouse.ticketmaster.expectations import expected_events

    steps.check_lock(run)
    settings, lake, run_id = get_settings(), steps.lake(), RunId.parse(run["run_id"])
    landing = RawLanding(lake, SOURCE, run_id, resources.TICKETMASTER_ENTITIES)
    if landing.finished:
        return {"finished": "before"}
    start, end = settings.horizon(run_id.business_date)
    expected = expected_events(RedshiftData(), run_id.business_date, end.date())
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
            result = crawl(client, landing, countries=settings.countries, start=start, end=end, expected=expected)
        finally:
            made.save(before + client.requests_made)
    counted = {"distinct_records": {"events": result.events_distinct}, "api": settings.ticketmaster_api_url}
    counted["observed_to"] = end.date().isoformat()
    steps.check_lock(run)  # it may have taken an hour
    landing.finish(result.as_dict() | counted, requests=made.load())
    return {"requests": made.load(), "events": result.events_distinct, "residual": result.residual}


ticketmaster_daily()
