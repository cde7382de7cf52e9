"""Days of observations for tests: short descriptions become staged rows, audited and published like real ones."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from runs.ledger import TableCounts, open_run, record_entities, record_window
from tests.fixtures.warehouse import DirectRedshift, audit_few
from warehouse.publish import publish

PIPELINE = "ticketmaster_daily"
Row = dict[str, Any]

_VENUE = {
    "venue_id": "", "name": "Hall", "address_line1": None, "city": "Springfield", "state_code": "IL",
    "country_code": "US", "postal_code": "62701", "timezone": "America/Chicago", "latitude": 39.8, "longitude": -89.6,
    "is_test": False, "market_ids": None,
}  # fmt: skip
_ATTRACTION = {
    "attraction_id": "", "name": "Band", "classification_id": None, "homepage_url": None, "musicbrainz_id": None,
    "is_test": False,
}  # fmt: skip
VOLATILE_OF_VENUES = {
    "url": None, "state_name": "Illinois", "country_name": "United States", "upcoming_events": None
}  # fmt: skip
VOLATILE_OF_ATTRACTIONS = {
    "url": None, "segment_name": "Music", "genre_name": "Rock", "subgenre_name": "Pop", "type_name": None,
    "subtype_name": None, "upcoming_events": None,
}  # fmt: skip
_CLASSIFICATION = {
    "classification_id": "", "segment_id": "S1", "segment_name": "Music", "genre_id": None, "genre_name": None,
    "subgenre_id": None, "subgenre_name": None, "type_id": None, "type_name": None, "subtype_id": None,
    "subtype_name": None,
}  # fmt: skip
_EVENT = {
    "event_id": "", "name": "Show", "url": None, "status": "onsale", "venue_id": None, "attraction_id": None,
    "classification_id": None, "market_id": None, "start_date_key": 20261205, "start_date": date(2026, 12, 5),
    "start_local_at": None, "start_at": None, "timezone": "America/Chicago", "local_hour": 20,
    "local_weekday": "Saturday", "weekday_sort": 6, "end_at": None, "public_sale_start_at": None,
    "public_sale_end_at": None, "price_min": None, "price_max": None, "price_currency": None, "attraction_count": 0,
    "classification_count": 0, "presale_count": 0, "promoter_name": None, "is_test": False, "is_archtics": False,
    "is_show": True, "non_show_reason": None, "is_date_tba": False, "is_date_tbd": False, "is_time_tba": False,
    "spans_multiple_days": False, "is_legal_age_enforced": False,
    "start_source": "both", "start_conflict": None, "price_type": None, "inventory_kind": None, "show_of": None,
}  # fmt: skip


def _with_show(event: Row) -> Row:
    """The event with what it is: by itself a show, or parking."""
    if "inventory_kind" in event:
        return event
    if event.get("is_show", True):
        return event | {"inventory_kind": "show", "show_of": event["event_id"]}
    return event | {"inventory_kind": "parking", "non_show_reason": event.get("non_show_reason") or "parking"}


def _hash(row: Mapping[str, Any]) -> str:
    return hashlib.sha256(repr(sorted(row.items())).encode()).hexdigest()


@dataclass
class Day:
    """The rows observed on one day; each row names only what matters to the test."""

    on: date
    events: list[Row] = field(default_factory=list)
    venues: list[Row] = field(default_factory=list)
    attractions: list[Row] = field(default_factory=list)
    classifications: list[Row] = field(default_factory=list)
    markets: list[Row] = field(default_factory=list)
    to: date | None = None
    """Where the observation window ends, exclusive."""

    def run_id(self, observation: int = 1) -> str:
        return f"{PIPELINE}-{self.on.isoformat()}" + (f"-{observation}" if observation > 1 else "")

    def staged(self, run_id: str) -> dict[str, list[Row]]:
        """The rows of each staging table."""
        key = {"run_id": run_id, "observed_on": self.on}

        def full(default: Row, rows: Iterable[Row], volatile: Row | None = None) -> list[Row]:
            full_rows = []
            for row in rows:
                assert not (wrong := row.keys() - default.keys() - (volatile or {}).keys()), f"no column: {wrong}"
                content = {name: row.get(name, value) for name, value in default.items()}
                unhashed = {name: row.get(name, value) for name, value in (volatile or {}).items()}
                full_rows.append(key | content | unhashed | {"row_hash": _hash(content)})
            return full_rows

        lists = ("attractions", "classifications")
        events = [
            {name: value for name, value in _with_show(event).items() if name not in lists} for event in self.events
        ]
        return {
            "ticketmaster_venues": full(_VENUE, self.venues, VOLATILE_OF_VENUES),
            "ticketmaster_attractions": full(_ATTRACTION, self.attractions, VOLATILE_OF_ATTRACTIONS),
            "ticketmaster_classifications": full(_CLASSIFICATION, self.classifications),
            "ticketmaster_markets": full({"market_id": "", "name": None}, self.markets),
            "ticketmaster_venue_markets": [
                key | {"venue_id": venue["venue_id"], "market_id": market, "position": position}
                for venue in self.venues
                for position, market in enumerate((venue.get("market_ids") or "").split(","))
                if market
            ],
            "ticketmaster_events": full(_EVENT, events),
            "ticketmaster_event_attractions": [
                key | {"event_id": e["event_id"], "attraction_id": a, "position": n, "is_primary": n == 0}
                for e in self.events
                for n, a in enumerate(e.get("attractions", ()))
            ],
            "ticketmaster_event_classifications": [
                key | {"event_id": e["event_id"], "position": n, "is_primary": n == 0, "classification_id": c}
                for e in self.events
                for n, c in enumerate(e.get("classifications", ()))
            ],
        }


def stage(redshift: DirectRedshift, day: Day, observation: int = 1, fence: int = 1) -> str:
    """Open the day's run, write its books, stage its rows; returns the run id."""
    run_id = day.run_id(observation)
    open_run(redshift, run_id, PIPELINE, day.on, fence)
    counts = TableCounts(
        table_name="events", said_records=len(day.events), got_records=len(day.events),
        raw_records=len(day.events), distinct_records=len(day.events), curated_records=len(day.events),
        quarantined_records=0, duplicate_records=0, residual_records=0,
    )  # fmt: skip
    record_entities(redshift, run_id, PIPELINE, day.on, [counts])
    if day.to:
        record_window(redshift, run_id, day.to)
    for table, rows in day.staged(run_id).items():
        redshift.execute(f"DELETE FROM staging.{table} WHERE run_id = :run_id", {"run_id": run_id})
        redshift.insert(f"staging.{table}", rows)
    return run_id


def load(redshift: DirectRedshift, day: Day, observation: int = 1, fence: int = 1, gate: float = 0) -> str:
    """Stage, audit and publish one day; returns the run id."""
    run_id = stage(redshift, day, observation, fence)
    audit_few(redshift, run_id, gate)
    publish(redshift, PIPELINE, run_id, fence)
    return run_id
