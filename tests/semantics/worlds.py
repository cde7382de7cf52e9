"""Small random worlds for the semantic model: both stars loaded, with everything that makes a sum go wrong.

Venues share a name, shows are cancelled, withdrawn, tests or listed twice, references lead nowhere, values are missing.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from tests.fixtures.warehouse import DirectRedshift
from tests.warehouse import days
from tests.warehouse.tickit import files
from warehouse.refresh import refresh

SEEDS = (7, 2029)
RUN_DATES = tuple(date(2026, 12, day) for day in (1, 2, 3))
STATES = ("TX", "CA", "NY", None)
HOSTILE_CITY = """O'Brien\\'s {{ 7*7 }} -- %s :x "; DROP TABLE x; /* 'value_0_of_condition'"""
_SEGMENTS = (("C1", "S1", "Music"), ("C2", "S2", "Sports"), ("C3", None, None))


def load(redshift: DirectRedshift, seed: int) -> None:
    """Load both stars with what a seed gives."""
    random = Random(seed)
    run_id = ""
    for day in _observed(random):
        run_id = days.load(redshift, day)
    refresh(redshift, days.PIPELINE, run_id)  # type: ignore[arg-type]
    resale = _resale(random)
    refresh(redshift, files.PIPELINE, files.load(redshift, resale))  # type: ignore[arg-type]
    _fill_ledger(redshift, random)


def _fill_ledger(redshift: DirectRedshift, random: Random) -> None:
    """Rejects, drift and steps of some runs, and the end of all."""
    moment = datetime(2026, 12, 3, 6)  # noqa: DTZ001  columns have no zone
    runs = [days.Day(day).run_id() for day in RUN_DATES]
    redshift.insert(
        "etl.rejects",
        [
            {"run_id": run, "entity": "events", "reason": reason, "quarantined_records": random.randrange(1, 9),
             "recorded_at": moment}
            for run in runs[1:] for reason in ("missing at $.id", "any other reason")
        ],
    )  # fmt: skip
    redshift.insert(
        "etl.schema_drift",
        [
            {"run_id": run, "entity": entity, "field_path": "$.new", "kind": "new_field",
             "occurrences": random.randrange(1, 9), "seen_at": moment}
            for run in runs for entity in ("events", "venues")
        ],
    )  # fmt: skip
    redshift.insert(
        "etl.run_steps",
        [
            {"run_id": run, "dag_run_id": dag_run, "step": step, "tasks": 2, "failed_tasks": random.randrange(2),
             "work_seconds": Decimal(random.randrange(9000)) / 1000,
             "longest_seconds": Decimal(random.randrange(900)) / 100,
             "recorded_at": moment}
            for run in runs for dag_run in ("first", "second") for step in ("extract", "validate", "publish")
        ],
    )  # fmt: skip
    for run in runs:
        ended = f"DATEADD(SECOND, {random.randrange(100, 9000)}, started_at)"
        score = random.randrange(900, 1000) / 10
        redshift.execute(
            f"UPDATE etl.runs SET finished_at = {ended}, status = '{random.choice(('succeeded', 'failed'))}', "
            f"quality_score = {score} WHERE run_id = '{run}'"
        )


def _observed(random: Random) -> list[days.Day]:
    """Three days. Some events are only in the first ones, some change their status."""
    venues = [
        {
            "venue_id": f"V{number}",
            "name": "Oakenfold Arena" if number < 3 else f"Hall {number}",
            "city": HOSTILE_CITY if number == 3 else random.choice(("Austin", "Dallas", "Fresno")),
            "state_code": random.choice(STATES),
        }
        for number in range(7)
    ]
    attractions = [{"attraction_id": f"A{number}", "name": f"Band {number}"} for number in range(5)]
    classifications = [
        {
            "classification_id": name, "segment_id": segment_id, "segment_name": segment,
            "genre_id": segment_id and f"G{segment_id}", "genre_name": segment and f"Genre of {segment}",
        }
        for name, segment_id, segment in _SEGMENTS
    ]  # fmt: skip
    events = [_event(random, number) for number in range(80)]
    observed = []
    for age, run_date in enumerate(RUN_DATES):
        seen = [event | _status(random, event) for event in events if age < 2 or random.random() > 0.15]
        observed.append(
            days.Day(run_date, seen, venues, attractions, classifications, to=run_date + timedelta(days=30))
        )
    return observed


def _event(random: Random, number: int) -> dict[str, Any]:
    day = RUN_DATES[0] + timedelta(days=random.randrange(34))
    hour = random.choice((None, 13, 19, 20, 21, 22))
    event: dict[str, Any] = {
        "event_id": f"E{number}",
        "name": f"Show {number}",
        "venue_id": random.choice((*(f"V{index}" for index in range(7)), None, "V404")),
        "attraction_id": random.choice((*(f"A{index}" for index in range(5)), None)),
        "classification_id": random.choice(("C1", "C1", "C2", "C3", None)),
        "start_date": day,
        "start_date_key": int(day.strftime("%Y%m%d")),
        "local_hour": hour,
        "local_weekday": f"{day:%A}",
        "weekday_sort": day.isoweekday(),
        "is_test": random.random() < 0.05,
    }
    if random.random() < 0.1:
        event |= {"is_show": False, "inventory_kind": "parking", "non_show_reason": "parking"}
    if event["attraction_id"]:
        event["attractions"] = [event["attraction_id"]]
    return event


def _status(random: Random, event: dict[str, Any]) -> dict[str, Any]:
    return {"status": random.choice(("onsale", "onsale", "onsale", "offsale", "cancelled", None)), **event}


def _resale(random: Random) -> files.Files:
    """Users, venues and events are missing for some listings and sales, days for others."""
    users = [{"user_id": user, "state": random.choice(STATES)} for user in range(1, 9)]
    events = [
        files.event(event, date(2008, random.randrange(5, 9), 3), venue_id=random.choice((10, 11, 12)),
                    category_id=random.choice((6, 9)))
        for event in range(100, 106)
    ]  # fmt: skip
    listings = [
        files.listing(
            number,
            date(2008, 1, 2) + timedelta(days=random.randrange(60)),
            random.randrange(4, 12),
            event_id=random.randrange(100, 106),
            seller_id=random.choice((1, 2, 3, 404)),
        )
        for number in range(1000, 1020)
    ]
    return files.Files(
        date(2026, 11, 21),
        users=tuple(users),
        venues=({"venue_id": 10, "state": "IL"}, {"venue_id": 11, "name": "Arena", "state": "CA", "city": "Oakland"}),
        categories=({"category_id": 9}, {"category_id": 6, "category_group": "Shows", "name": "Musicals"}),
        events=tuple(events),
        listings=tuple(listings),
        sales=tuple(_sale(random, number, random.choice((*listings, None))) for number in range(1, 60)),
    )


def _sale(random: Random, number: int, listing: dict[str, Any] | None) -> dict[str, Any]:
    quantity = random.randrange(1, 4)
    of_listing = {name: listing[name] for name in ("listing_id", "event_id", "seller_id")} if listing else {
        "listing_id": 9999, "event_id": 105, "seller_id": 5,
    }  # fmt: skip
    sold_on = date(2008, 1, 3) + timedelta(days=random.randrange(150))
    price = Decimal(random.randrange(1000, 30000)) / 100
    return files.sale(number, sold_on, quantity, price, buyer_id=random.choice((2, 4, 6, 404)), **of_listing)
