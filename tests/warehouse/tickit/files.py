"""TICKIT's seven files as one day sends them: a small resale, staged, audited and published like a real one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from runs.ledger import TableCounts, open_run, record_entities
from tests.fixtures.warehouse import DirectRedshift, audit_few
from warehouse.publish import publish
from warehouse.tickit import STAR

PIPELINE = STAR.pipeline
Row = dict[str, Any]
Rows = tuple[Row, ...]

_LIKES = ("sports", "theatre", "concerts", "jazz", "classical", "opera", "rock", "vegas", "broadway", "musicals")
_DEFAULTS: dict[str, Row] = {
    "users": {"user_id": 0, "city": "Springfield", "state": "IL", **{f"likes_{genre}": None for genre in _LIKES}},
    "user_contacts": {
        "user_id": 0, "username": "JSG99FHE", "first_name": "Rafael", "last_name": "Taylor", "email": "r@example.com",
        "phone": "(664) 602-4412",
    },
    "venues": {"venue_id": 0, "name": "Hall", "city": "New York City", "state": "NY", "country": "US", "seats": 100},
    "categories": {"category_id": 0, "category_group": "Concerts", "name": "Pop", "long_name": "All rock and pop"},
    "dates": {
        "date_id": 0, "date_key": 0, "calendar_date": None, "is_holiday": False, "sent_weekday": "FR", "sent_week": 14,
        "sent_month": "APR", "sent_quarter": "2", "sent_year": 2008,
    },
    "events": {
        "event_id": 0, "name": "Show", "venue_id": 10, "category_id": 9, "event_date_key": 20080404,
        "event_date": date(2008, 4, 4), "start_local_at": "2008-04-04 20:00:00", "is_day_corrected": False,
    },
    "listings": {
        "listing_id": 0, "event_id": 100, "seller_id": 1, "listing_date_key": 20080402,
        "listing_date": date(2008, 4, 2), "ticket_count": 4, "price_per_ticket": Decimal("50.00"),
        "total_price": Decimal("200.00"), "listed_at": "2008-04-02 09:30:00",
    },
    "sales": {
        "sale_id": 0, "listing_id": 1000, "event_id": 100, "seller_id": 1, "buyer_id": 3, "sale_date_key": 20080403,
        "sale_date": date(2008, 4, 3), "quantity_sold": 2, "price_paid": Decimal("100.00"),
        "commission": Decimal("15.00"), "sold_at": "2008-04-03 10:15:00",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Files:
    """The content of the files of one day; each row names only what matters.

    By default, event 101 is at venue 12, which no file knows; listing 1001 and sale 2 are for it.
    """

    on: date
    users: Rows = ({"user_id": 1, "state": "NY"}, {"user_id": 2, "state": "CA"}, {"user_id": 3, "state": "TX"})
    venues: Rows = ({"venue_id": 10}, {"venue_id": 11, "name": "Arena", "state": "CA", "city": "Oakland"})
    categories: Rows = ({"category_id": 9}, {"category_id": 6, "category_group": "Shows", "name": "Musicals"})
    dates: Rows = tuple(
        {"date_id": 1826 + day, "date_key": 20080400 + day, "calendar_date": date(2008, 4, day), "sent_weekday": name}
        for day, name in ((2, "WE"), (3, "TH"), (4, "FR"))
    )
    events: Rows = ({"event_id": 100}, {"event_id": 101, "venue_id": 12, "category_id": 6})
    listings: Rows = (
        {"listing_id": 1000},
        {"listing_id": 1001, "event_id": 101, "seller_id": 2, "ticket_count": 10, "price_per_ticket": Decimal("20.25"),
         "total_price": Decimal("202.50")},
    )  # fmt: skip
    sales: Rows = (
        {"sale_id": 1},
        {"sale_id": 2, "listing_id": 1001, "event_id": 101, "seller_id": 2, "quantity_sold": 4,
         "price_paid": Decimal("81.00"), "commission": Decimal("12.15")},
    )  # fmt: skip
    contacts: Mapping[int, Row] = field(default_factory=dict)
    observation: int = 1

    def but(self, **changes: Any) -> Files:
        """The same files with some of them replaced."""
        return replace(self, **changes)

    @property
    def run_id(self) -> str:
        again = f"-{self.observation}" if self.observation > 1 else ""
        return f"{PIPELINE}-{self.on.isoformat()}{again}"

    def staged(self) -> dict[str, list[Row]]:
        """The rows of each staging table."""
        contacts = ({"user_id": user["user_id"], **self.contacts.get(user["user_id"], {})} for user in self.users)
        entities = ("users", "venues", "categories", "dates", "events", "listings", "sales")
        entity_rows: dict[str, Iterable[Row]] = {name: getattr(self, name) for name in entities}
        return {
            f"tickit_{name}": self._full(name, rows)
            for name, rows in (entity_rows | {"user_contacts": contacts}).items()
        }

    def _full(self, name: str, rows: Iterable[Row]) -> list[Row]:
        full_rows = []
        for row in rows:
            assert not (wrong := row.keys() - _DEFAULTS[name].keys()), f"no such column: {wrong}"
            content = _DEFAULTS[name] | row
            row_hash = hashlib.sha256(repr(content).encode()).hexdigest()
            full_rows.append({"run_id": self.run_id, "observed_on": self.on, **content, "row_hash": row_hash})
        return full_rows


def key_of(day: date | None) -> int:
    """YYYYMMDD; 0 for no day."""
    return int(day.strftime("%Y%m%d")) if day else 0


def sent_date(date_id: int, day: date, **more: Any) -> Row:
    """A row of the dates whose claims are right; weeks begin on Saturday."""
    new_year = day.replace(month=1, day=1)
    claims = {
        "sent_weekday": f"{day:%A}"[:2].upper(), "sent_month": f"{day:%b}".upper(), "sent_year": day.year,
        "sent_week": ((day - new_year).days + (new_year.weekday() + 2) % 7) // 7 + 1,
        "sent_quarter": str((day.month + 2) // 3),
    }  # fmt: skip
    return {"date_id": date_id, "date_key": key_of(day), "calendar_date": day} | claims | more


def event(event_id: int, event_date: date | None = date(2008, 6, 20), **more: Any) -> Row:
    """An event on a day."""
    on = {"event_date": event_date, "event_date_key": key_of(event_date)}
    return {"event_id": event_id} | on | more


def listing(
    listing_id: int,
    listing_date: date | None = date(2008, 5, 1),
    ticket_count: int = 10,
    price_per_ticket: Decimal = Decimal("20.00"),
    **more: Any,
) -> Row:
    """A listing with the total and the time that go with it."""
    follows = {
        "listing_date_key": key_of(listing_date),
        "listed_at": f"{listing_date} 09:30:00" if listing_date else None,
        "total_price": ticket_count * price_per_ticket,
    }
    offered = {"ticket_count": ticket_count, "price_per_ticket": price_per_ticket}
    return {"listing_id": listing_id, "listing_date": listing_date} | offered | follows | more


def sale(
    sale_id: int,
    sale_date: date | None = date(2008, 5, 2),
    quantity_sold: int = 1,
    price_paid: Decimal | None = None,
    **more: Any,
) -> Row:
    """A sale with the commission and the time that go with it; a ticket costs 20 dollars unless said otherwise."""
    paid = quantity_sold * Decimal("20.00") if price_paid is None else price_paid
    follows = {
        "sale_date_key": key_of(sale_date),
        "sold_at": f"{sale_date} 10:15:00" if sale_date else None,
        "commission": (paid * Decimal("0.15")).quantize(Decimal("0.01")),
    }
    sold = {"sale_date": sale_date, "quantity_sold": quantity_sold, "price_paid": paid}
    return {"sale_id": sale_id} | sold | follows | more


def books(files: Files) -> dict[str, TableCounts]:
    """The counts of a load without losses, by table."""
    sizes = {table.removeprefix("tickit_"): len(rows) for table, rows in files.staged().items()}
    derived = TableCounts(table_name="user_contacts", layer="curated", derived_records=sizes.pop("user_contacts"))
    counts = {
        entity: TableCounts(
            table_name=entity, said_records=size, got_records=size, raw_records=size, distinct_records=size,
            curated_records=size, quarantined_records=0, duplicate_records=0, residual_records=0,
        )
        for entity, size in sizes.items()
    }  # fmt: skip
    return counts | {"user_contacts": derived}


def stage(redshift: DirectRedshift, files: Files, fence: int = 1, *, accepts_drop: bool = True) -> str:
    """Open the day's run, write its books, stage its rows; returns the run id."""
    open_run(redshift, files.run_id, PIPELINE, files.on, fence, accepts_drop=accepts_drop)
    record_entities(redshift, files.run_id, PIPELINE, files.on, list(books(files).values()))
    for table, rows in files.staged().items():
        redshift.execute(f"DELETE FROM staging.{table} WHERE run_id = :run_id", {"run_id": files.run_id})
        redshift.insert(f"staging.{table}", rows)
    return files.run_id


def load(redshift: DirectRedshift, files: Files, fence: int = 1, gate: float = 0) -> str:
    """Stage, audit and publish one day; returns the run id."""
    run_id = stage(redshift, files, fence)
    audit_few(redshift, run_id, gate)
    publish(redshift, PIPELINE, run_id, fence)
    return run_id


def contents(redshift: DirectRedshift) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of the star, surrogate keys and runs included."""
    return {
        table: sorted((tuple(row.values()) for row in redshift.execute(f"SELECT * FROM tickit.{table}")), key=repr)
        for table in STAR.tables
    }
