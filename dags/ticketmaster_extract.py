"""The extract of `ticketmaster_daily`: what the crawl is asked for, and with which key and quota."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_services import resources
from runs.results import LandedEvents

if TYPE_CHECKING:
    from pydantic import SecretStr

    from lake.landing import RawLanding
    from runs.context import RunContext
    from runs.landing import Extract


def land_events(context: RunContext) -> LandedEvents:
    """Crawl the Discovery API into the run's raw data; a finished extract is left alone.

    Raises:
        lake.run_lock.LockLost: another run has taken over.
        sources.ticketmaster.DiscoveryError: the API cannot be used; the next attempt resumes.
    """
    from runs.landing import land

    manifests = land(context, context.pipeline.entities, lambda landing: _crawl(context, landing))
    if manifests is None:
        return {"finished": "before"}
    events = manifests["events"]
    return {
        "requests": events.requests or 0,
        "events": events.extra["events_distinct"],
        "residual": events.extra["residual"],
    }


def _crawl(context: RunContext, landing: RawLanding) -> Extract:
    from lake.counters import LakeCounter
    from runs.landing import Extract
    from sources.ticketmaster import DiscoveryClient, crawl
    from warehouse.ticketmaster.expectations import expected_events

    settings, source = context.settings, context.pipeline.source
    start, end = settings.horizon(context.business_date)
    expected = expected_events(context.warehouse, context.business_date, end.date())
    requests = LakeCounter(context.lake, source, f"requests-of-{context.run_id}")
    requests_before = requests.load()  # by earlier attempts
    with DiscoveryClient(
        settings.ticketmaster_api_url,
        _api_key(),
        requests_per_second=settings.ticketmaster_requests_per_second,
        daily_quota=settings.ticketmaster_daily_quota,
        counter=LakeCounter(context.lake, source, f"requests-{settings.current_date()}"),
    ) as client:
        try:
            result = crawl(client, landing, countries=settings.countries, start=start, end=end, expected=expected)
        finally:
            requests.save(requests_before + client.requests_made)
    details = {
        **result.as_dict(),
        "distinct_records": {"events": result.events_distinct},
        "api": settings.ticketmaster_api_url,
        "observed_to": end.date().isoformat(),
    }
    return Extract(details, requests=requests.load())


def _api_key() -> SecretStr:
    """The API's key. Only the client sees it; Airflow masks it in logs in case anything else shows it."""
    from airflow.sdk.log import mask_secret

    from aws_services.secrets import SecretsManager

    key = SecretsManager().get(resources.TICKETMASTER_API_KEY_SECRET)
    mask_secret(key.get_secret_value())
    return key
