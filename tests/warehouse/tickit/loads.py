"""Days of TICKIT for tests: short descriptions become staged rows, audited and published like real ones."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from tests.fixtures.warehouse import DirectRedshift
from warehouse.ledger import TableCounts, open_run, record_entities
from warehouse.publish import publish
from warehouse.quality import audit
from warehouse.tickit import STAR

PIPELINE = STAR.pipeline
Row = dict[str, Any]

_LIKES = ("sports", "theatre", "concerts", "jazz", "classical", "opera", "rock", "vegas", "broadway", "musicals")
_USER = {"user_id": 0, "city": "Springfield", "state": "IL"} | {f"likes_{thing}": None for thing in _LIKES}
_CONTACT = {
    "username": "ABC12DEF", "first_name": "Vera", "last_name": "Winter", "email": "vera@example.com",
    "phone": "(555) 010-0100",
}  # fmt: skip
_VENUE = {"venue_id": 0, "name": None, "city": "Chicago", "state": "IL", "country": "US", "seats": 100}
_CATEGORY = {"category_id": 0, "category_group": "Concerts", "name": "Pop", "long_name": "Rock and pop concerts"}
_DATE = {
    "date_id": 0, "date_key": 0, "calendar_date": None, "is_holiday": False, "sent_weekday": None, "sent_week": 1,
    "sent_month": None, "sent_quarter": None, "sent_year": None,
}  # fmt: skip
_EVENT = {
    "event_id": 0, "name": "Show", "venue_id": 1, "category_id": 9, "event_date_key": 0,
    "event_date": date(2008, 6, 20), "start_local_at": None, "is_day_corrected": False,
}  # fmt: skip
_LISTING = {
    "listing_id": 0, "event_id": 1, "seller_id": 1, "listing_date_key": 0, "listing_date": date(2008, 5, 1),
    "ticket_count": 10, "price_per_ticket": Decimal("20.00"), "total_price": None, "listed_at": None,
}  # fmt: skip
_SALE = {
    "sale_id": 0, "listing_id": 1, "event_id": 1, "seller_id": 1, "buyer_id": 2, "sale_date_key": 0,
    "sale_date": date(2008, 5, 2), "quantity_sold": 1, "price_paid": None, "commission": None, "sold_at": None,
}  # fmt: skip


def _with_key(row: Row, key: str, day: str) -> Row:
    """The date key is that of the day, unless the row names another; 0 without a day."""
    return row | {key: row[key] or (int(row[day].strftime("%Y%m%d")) if row[day] else 0)}


def _full(default: Mapping[str, Any], given: Mapping[str, Any]) -> Row:
    assert not (wrong := given.keys() - default.keys()), f"no such column: {wrong}"
    return {**default, **given}


def _user(given: Row) -> Row:
    return _full(_USER, {name: value for name, value in given.items() if name not in _CONTACT})


def _contact(given: Row) -> Row:
    return {"user_id": given["user_id"]} | {name: given.get(name, value) for name, value in _CONTACT.items()}


def _date(given: Row) -> Row:
    day: date = given["calendar_date"]
    claims = {
        "sent_weekday": day.strftime("%A")[:2].upper(),
        "sent_month": day.strftime("%b").upper(),
        "sent_quarter": str((day.month + 2) // 3),
        "sent_year": day.year,
    }
    return _with_key(_full(_DATE, claims | given), "date_key", "calendar_date")


def _listing(given: Row) -> Row:
    row = _with_key(_full(_LISTING, given), "listing_date_key", "listing_date")
    derived = {
        "total_price": row["ticket_count"] * row["price_per_ticket"],
        "listed_at": datetime.combine(row["listing_date"], time(9)) if row["listing_date"] else None,
    }
    return row | {name: value for name, value in derived.items() if name not in given}


def _sale(given: Row) -> Row:
    row = _with_key(_full(_SALE, given), "sale_date_key", "sale_date")
    if "price_paid" not in given:
        row["price_paid"] = row["quantity_sold"] * Decimal("20.00")
    derived = {
        "commission": (row["price_paid"] * Decimal("0.15")).quantize(Decimal("0.01")),
        "sold_at": datetime.combine(row["sale_date"], time(10)) if row["sale_date"] else None,
    }
    return row | {name: value for name, value in derived.items() if name not in given}


@dataclass
class Files:
    """What the files held on one day; each row names only what matters to the test."""

    on: date
    users: list[Row] = field(default_factory=list)
    venues: list[Row] = field(default_factory=list)
    categories: list[Row] = field(default_factory=list)
    dates: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    listings: list[Row] = field(default_factory=list)
    sales: list[Row] = field(default_factory=list)

    def run_id(self, observation: int = 1) -> str:
        return f"{PIPELINE}-{self.on.isoformat()}" + (f"-{observation}" if observation > 1 else "")

    def entities(self) -> dict[str, list[Row]]:
        """The full rows of each curated table."""
        return {
            "users": [_user(row) for row in self.users],
            "user_contacts": [_contact(row) for row in self.users],
            "venues": [_full(_VENUE, {"name": f"Hall {row['venue_id']}"} | row) for row in self.venues],
            "categories": [_full(_CATEGORY, row) for row in self.categories],
            "dates": [_date(row) for row in self.dates],
            "events": [_with_key(_full(_EVENT, row), "event_date_key", "event_date") for row in self.events],
            "listings": [_listing(row) for row in self.listings],
            "sales": [_sale(row) for row in self.sales],
        }


def _staged(run_id: str, on: date, rows: Iterable[Row]) -> list[Row]:
    key = {"run_id": run_id, "observed_on": on}
    return [
        key | row | {"row_hash": hashlib.sha256(repr(sorted(row.items())).encode()).hexdigest()} for row in rows
    ]


def books(files: Files) -> dict[str, TableCounts]:
    """The counts of a load in which nothing was lost, by table."""
    counts = {name: len(rows) for name, rows in files.entities().items()}
    contacts = counts.pop("user_contacts")
    raw = {
        name: TableCounts(
            table_name=name, said_records=rows, got_records=rows, raw_records=rows, curated_records=rows,
            quarantined_records=0, duplicate_records=0, residual_records=0,
        )
        for name, rows in counts.items()
    }  # fmt: skip
    return raw | {
        "user_contacts": TableCounts(table_name="user_contacts", layer="curated", derived_records=contacts)
    }


def stage(redshift: DirectRedshift, files: Files, observation: int = 1, fence: int = 1) -> str:
    """Open the day's run, write its books, stage its rows; returns the run id."""
    run_id = files.run_id(observation)
    open_run(redshift, run_id, PIPELINE, files.on, fence)  # type: ignore[arg-type]
    record_entities(redshift, run_id, PIPELINE, files.on, list(books(files).values()))  # type: ignore[arg-type]
    for table, rows in files.entities().items():
        redshift.execute(f"DELETE FROM staging.tickit_{table} WHERE run_id = :run_id", {"run_id": run_id})
        redshift.insert(f"staging.tickit_{table}", _staged(run_id, files.on, rows))
    return run_id


def load(redshift: DirectRedshift, files: Files, observation: int = 1, fence: int = 1, gate: float = 0) -> str:
    """Stage, audit and publish one day; returns the run id."""
    run_id = stage(redshift, files, observation, fence)
    audit(redshift, run_id, gate)  # type: ignore[arg-type]
    publish(redshift, PIPELINE, run_id, fence)  # type: ignore[arg-type]
    return run_id
