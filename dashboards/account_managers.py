"""The account managers' dashboard: which venues to call first, and what their next 30 days look like."""

from __future__ import annotations

from dashboards.declarations import Chart, Dashboard, Filter, Kind
from semantics.queries import Condition

_TIMED = (Condition("show__local_hour", "is not null"),)

DASHBOARD = Dashboard(
    title="Account managers",
    slug="account-managers",
    description=(
        "Which venues are busiest in the next 30 days, and when their shows start. A show counts if the last run still "
        "saw it and it is not cancelled. Times are the venue's local times."
    ),
    filters=(
        Filter("venue__country_code", "Country"),
        Filter("venue__state_code", "State"),
        Filter("venue__city", "City"),
        Filter("show__segment_name", "Segment"),
        Filter("show__start_date", "Date"),
    ),
    rows=(
        (
            Chart("Upcoming shows", Kind.NUMBER, metrics=("upcoming_events",), width=3, note="in the next 30 days"),
            Chart("Venues with shows", Kind.NUMBER, metrics=("upcoming_venues",), width=3, note="in the next 30 days"),
            Chart("Evening shows", Kind.NUMBER, metrics=("evening_share",), width=3, note="start from 7 to 9 pm"),
            Chart(
                "Friday and Saturday",
                Kind.NUMBER,
                metrics=("friday_saturday_share",),
                width=3,
                note="of shows are on these two days",
            ),
        ),
        (
            Chart(
                "Venues to call first",
                Kind.TABLE,
                metrics=("upcoming_events", "event_days", "next_event_date", "weekend_share"),
                by=(
                    "venue__venue_rank",
                    "venue",
                    "venue__label",
                    "venue__state_code",
                    "venue__country_code",
                    "venue__upcoming_events_change",
                ),
                where=(Condition("venue__venue_rank", "is not null"),),
                order=("-upcoming_events", "venue__label"),
                limit=500,
                width=12,
                note=(
                    "Rank and change count all shows of the venue, whatever the filters. The change is against the "
                    "previous run."
                ),
            ),
        ),
        (
            Chart(
                "Busiest venues",
                Kind.BAR,
                metrics=("upcoming_events",),
                by=("venue", "venue__label"),
                order=("-upcoming_events", "venue__label"),
                limit=12,
            ),
            Chart("Shows per day", Kind.COLUMN, metrics=("upcoming_events",), by=("show__start_date",)),
        ),
        (
            Chart(
                "Shows by start hour",
                Kind.COLUMN,
                metrics=("upcoming_events",),
                by=("show__local_hour",),
                where=_TIMED,
                note="The venue's local time. Shows without a known time are left out.",
            ),
            Chart(
                "Shows by weekday",
                Kind.BAR,
                metrics=("upcoming_events",),
                by=("show__weekday_label",),
                order=("show__weekday_label",),
            ),
        ),
        (
            Chart(
                "When shows start",
                Kind.HEATMAP,
                metrics=("upcoming_events",),
                by=("show__local_hour", "show__weekday_label"),
                where=_TIMED,
                width=12,
                note="The venue's local time. Shows without a known time are left out.",
            ),
        ),
        (
            Chart(
                "Segments",
                Kind.SHARE,
                metrics=("upcoming_events",),
                by=("show__segment_id", "show__segment_name"),
                order=("-upcoming_events",),
            ),
            Chart(
                "States",
                Kind.BAR,
                metrics=("upcoming_events",),
                by=("venue__state_code",),
                order=("-upcoming_events", "venue__state_code"),
                limit=15,
            ),
        ),
    ),
)
