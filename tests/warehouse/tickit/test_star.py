"""The star of the resale is what the newest day's files say, to the row, the key and the cent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from aws_services.errors import StatementFailed
from tests.fixtures.warehouse import DirectRedshift, _bind, audit_few
from tests.warehouse.tickit.files import PIPELINE, Files, contents, load, stage
from warehouse.publish import PublishFailed, _statements, publish
from warehouse.summary import is_published, summarise
from warehouse.tickit import STAR

D1, D2, D3 = (date(2026, 11, day) for day in (20, 21, 22))
FILES = Files(D1)
CHANGED = FILES.but(
    on=D2,
    users=({"user_id": 1, "state": "NV"}, *FILES.users[1:]),
    listings=({"listing_id": 1000, "ticket_count": 5, "total_price": Decimal("250.00")}, {"listing_id": 1002}),
    sales=(
        FILES.sales[0] | {"quantity_sold": 3, "price_paid": Decimal("150.00"), "commission": Decimal("22.50")},
        {"sale_id": 3, "buyer_id": 2, "quantity_sold": 1, "price_paid": Decimal("50.00"),
         "commission": Decimal("7.50")},
    ),
)  # fmt: skip

MANY = tuple({"listing_id": number} for number in range(2000, 3000))
"""Among so many, an unknown day is one in a thousand and does not block publication."""


def rows(redshift: DirectRedshift, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in redshift.execute(query)]


def sales(redshift: DirectRedshift) -> list[tuple[Any, ...]]:
    return rows(redshift, "SELECT sale_id, quantity_sold, price_paid, commission FROM tickit.fact_sales ORDER BY 1")


def keys(redshift: DirectRedshift, dimension: str) -> dict[int, int]:
    """Surrogate key by number, of one dimension."""
    query = f"SELECT {dimension}_id, {dimension}_sk FROM tickit.dim_{dimension} WHERE {dimension}_sk <> 0"
    return dict(rows(redshift, query))


def books(redshift: DirectRedshift, run_id: str) -> dict[str, tuple[int, ...]]:
    """Staged, inserted, versioned, unchanged and deleted rows, by table."""
    records = redshift.execute(
        "SELECT table_name, staged_rows, inserted_rows, versioned_rows, unchanged_rows, deleted_rows "
        "FROM etl.run_tables WHERE run_id = :run_id AND layer = 'star'",
        {"run_id": run_id},
    )
    return {table: tuple(counts) for table, *counts in (row.values() for row in records)}


def test_every_sale_finds_who_where_what_and_when(redshift: DirectRedshift) -> None:
    load(redshift, FILES)

    assert rows(
        redshift,
        "SELECT f.sale_id, seller.state AS seller, buyer.state AS buyer, v.name AS venue, f.venue_id, "
        "c.name AS category, e.name AS event, sold.date AS sold_on, happened.date, f.price_paid, f.commission "
        "FROM tickit.fact_sales AS f "
        "INNER JOIN tickit.dim_user AS seller ON f.seller_sk = seller.user_sk "
        "INNER JOIN tickit.dim_user AS buyer ON f.buyer_sk = buyer.user_sk "
        "INNER JOIN tickit.dim_venue AS v ON f.venue_sk = v.venue_sk "
        "INNER JOIN tickit.dim_category AS c ON f.category_sk = c.category_sk "
        "INNER JOIN tickit.dim_event AS e ON f.event_sk = e.event_sk "
        "INNER JOIN common.dim_date AS sold ON f.sale_date_key = sold.date_key "
        "INNER JOIN common.dim_date AS happened ON f.event_date_key = happened.date_key ORDER BY f.sale_id",
    ) == [
        (1, "NY", "TX", "Hall", 10, "Pop", "Show", date(2008, 4, 3), date(2008, 4, 4), Decimal("100.00"),
         Decimal("15.00")),
        (2, "CA", "TX", "Unknown venue", 12, "Musicals", "Show", date(2008, 4, 3), date(2008, 4, 4),
         Decimal("81.00"), Decimal("12.15")),
    ]  # fmt: skip
    assert rows(
        redshift,
        "SELECT f.listing_id, seller.state, v.name, f.ticket_count, f.price_per_ticket, f.total_price, d.date "
        "FROM tickit.fact_listings AS f INNER JOIN tickit.dim_user AS seller ON f.seller_sk = seller.user_sk "
        "INNER JOIN tickit.dim_venue AS v ON f.venue_sk = v.venue_sk "
        "INNER JOIN common.dim_date AS d ON f.listing_date_key = d.date_key ORDER BY f.listing_id",
    ) == [
        (1000, "NY", "Hall", 4, Decimal("50.00"), Decimal("200.00"), date(2008, 4, 2)),
        (1001, "CA", "Unknown venue", 10, Decimal("20.25"), Decimal("202.50"), date(2008, 4, 2)),
    ]


def test_what_no_file_knows_is_the_unknown_member_and_stays_in_the_totals(redshift: DirectRedshift) -> None:
    lost = {"sale_id": 9, "event_id": 999, "listing_id": 1001, "seller_id": 98, "buyer_id": 99, "sale_date_key": 0}
    load(redshift, FILES.but(sales=(*FILES.sales, lost | {"sale_date": None}), listings=(*FILES.listings, *MANY)))

    columns = "event_sk, venue_sk, category_sk, seller_sk, buyer_sk, sale_date_key, event_date_key"
    assert rows(
        redshift, f"SELECT {columns}, event_id, venue_id, seller_id FROM tickit.fact_sales WHERE sale_id = 9"
    ) == [(0, 0, 0, 0, 0, 0, 0, 999, None, 98)]
    assert rows(redshift, "SELECT SUM(price_paid) AS paid, SUM(commission) AS kept FROM tickit.fact_sales") == [
        (Decimal("281.00"), Decimal("42.15"))
    ]


def test_names_and_addresses_are_in_no_table_but_the_restricted_one(redshift: DirectRedshift) -> None:
    load(redshift, FILES.but(contacts={2: {"first_name": "Vladimir"}}))

    matches = {table: [row for row in rows if "Vladimir" in row] for table, rows in contents(redshift).items()}
    assert {table: len(rows) for table, rows in matches.items() if rows} == {"user_contacts": 1}


def test_a_changed_row_is_replaced_a_new_one_comes_and_one_that_is_gone_goes(redshift: DirectRedshift) -> None:
    load(redshift, FILES)
    before = keys(redshift, "user")
    run_id = load(redshift, CHANGED)

    assert sales(redshift) == [
        (1, 3, Decimal("150.00"), Decimal("22.50")),
        (3, 1, Decimal("50.00"), Decimal("7.50")),
    ]
    assert keys(redshift, "user") == before, "a user that moves keeps the key"
    assert rows(redshift, "SELECT state FROM tickit.dim_user WHERE user_id = 1") == [("NV",)]
    counted = books(redshift, run_id)
    assert counted["fact_sales"] == (2, 1, 1, 0, 1)
    assert counted["dim_user"] == (3, 0, 1, 2, 0)
    assert counted["fact_listings"] == (2, 1, 1, 0, 1)
    assert rows(redshift, "SELECT listing_id, ticket_count, total_price FROM tickit.fact_listings ORDER BY 1") == [
        (1000, 5, Decimal("250.00")),
        (1002, 4, Decimal("200.00")),
    ]


@pytest.mark.parametrize(
    ("file", "key", "number", "column", "changed"),
    [
        ("users", "user_id", 1, "seller_sk", {"fact_sales": 1, "fact_listings": 1}),
        ("users", "user_id", 3, "buyer_sk", {"fact_sales": 2}),
        ("venues", "venue_id", 10, "venue_sk", {"fact_sales": 1, "fact_listings": 1}),
        ("categories", "category_id", 9, "category_sk", {"fact_sales": 1, "fact_listings": 1}),
        ("events", "event_id", 100, "event_sk", {"fact_sales": 1, "fact_listings": 1}),
    ],
)
def test_a_member_that_is_gone_leaves_its_facts_with_the_unknown_one(
    redshift: DirectRedshift, file: str, key: str, number: int, column: str, changed: dict[str, int]
) -> None:
    load(redshift, FILES)
    left = tuple(row for row in getattr(FILES, file) if row[key] != number)
    run_id = load(redshift, FILES.but(on=D2, **{file: left}))

    member = key.removesuffix("_id")
    assert number not in keys(redshift, member)
    assert rows(redshift, f"SELECT COUNT(*) AS members FROM tickit.dim_{member} WHERE {member}_sk = 0") == [(1,)]
    for fact, count in changed.items():
        assert rows(redshift, f"SELECT {column}, event_id, seller_id FROM tickit.{fact} WHERE event_id = 100") == [
            (0, 100, 1)
        ]
        assert books(redshift, run_id)[fact] == (2, 0, count, 2 - count, 0)


def test_who_is_gone_is_forgotten_with_name_and_address(redshift: DirectRedshift) -> None:
    load(redshift, FILES)
    run_id = load(redshift, FILES.but(on=D2, users=FILES.users[1:]))

    assert rows(redshift, "SELECT user_id FROM tickit.user_contacts ORDER BY 1") == [(2,), (3,)]
    assert books(redshift, run_id)["user_contacts"] == books(redshift, run_id)["dim_user"] == (2, 0, 0, 2, 1)


def test_a_venue_that_becomes_known_is_found_by_the_facts_that_named_it(redshift: DirectRedshift) -> None:
    load(redshift, FILES)
    run_id = load(redshift, FILES.but(on=D2, venues=(*FILES.venues, {"venue_id": 12, "name": "Late"})))

    for fact in ("fact_sales", "fact_listings"):
        assert rows(
            redshift,
            f"SELECT v.name, f.run_id FROM tickit.{fact} AS f "
            "INNER JOIN tickit.dim_venue AS v ON f.venue_sk = v.venue_sk WHERE f.event_id = 101",
        ) == [("Late", run_id)]
        assert books(redshift, run_id)[fact] == (2, 0, 1, 1, 0)


def test_an_event_of_which_nothing_but_its_number_is_known_is_found_when_it_comes(redshift: DirectRedshift) -> None:
    early = FILES.but(
        listings=({"listing_id": 1000, "event_id": 999}, FILES.listings[1], *MANY),
        sales=({"sale_id": 1, "event_id": 999}, FILES.sales[1]),
    )
    nothing = dict.fromkeys(("venue_id", "category_id", "event_date", "start_local_at"))
    load(redshift, early)
    load(redshift, early.but(on=D2, events=(*FILES.events, {"event_id": 999, "event_date_key": 0, **nothing})))

    for fact in ("fact_sales", "fact_listings"):
        assert rows(redshift, f"SELECT event_sk FROM tickit.{fact} WHERE event_id = 999") == [
            (keys(redshift, "event")[999],)
        ]


@pytest.mark.parametrize(
    ("event", "column", "value"),
    [
        ({"venue_id": 11}, "venue_id", 11),
        ({"venue_id": 13}, "venue_id", 13),
        ({"venue_id": None}, "venue_id", None),
        ({"event_date_key": 20080403, "event_date": date(2008, 4, 3)}, "event_date_key", 20080403),
    ],
)
def test_facts_follow_their_event(redshift: DirectRedshift, event: dict[str, Any], column: str, value: object) -> None:
    load(redshift, FILES)
    run_id = load(redshift, FILES.but(on=D2, events=(FILES.events[0], FILES.events[1] | event)))

    for fact in ("fact_sales", "fact_listings"):
        assert rows(redshift, f"SELECT {column} FROM tickit.{fact} WHERE event_id = 101") == [(value,)]
        assert books(redshift, run_id)[fact] == (2, 0, 1, 1, 0)


def test_facts_follow_the_category_of_their_event(redshift: DirectRedshift) -> None:
    load(redshift, FILES)
    load(redshift, FILES.but(on=D2, events=({"event_id": 100, "category_id": 6}, FILES.events[1])))

    for fact in ("fact_sales", "fact_listings"):
        assert rows(
            redshift,
            f"SELECT c.name FROM tickit.{fact} AS f "
            "INNER JOIN tickit.dim_category AS c ON f.category_sk = c.category_sk",
        ) == [("Musicals",), ("Musicals",)]


def test_a_sale_that_moves_to_another_listing_is_there_once(redshift: DirectRedshift) -> None:
    load(redshift, FILES)
    moved = FILES.sales[0] | {"listing_id": 1001, "event_id": 101, "seller_id": 2}
    run_id = load(redshift, FILES.but(on=D2, sales=(moved, FILES.sales[1])))

    assert rows(redshift, "SELECT sale_id, listing_id FROM tickit.fact_sales ORDER BY 1") == [(1, 1001), (2, 1001)]
    assert books(redshift, run_id)["fact_sales"] == (2, 1, 0, 1, 1)


@pytest.mark.parametrize(
    "again", [FILES, FILES.but(on=D2), FILES.but(observation=2)], ids=["same", "next", "refetched"]
)
def test_the_same_files_again_change_no_row_and_no_key(redshift: DirectRedshift, again: Files) -> None:
    load(redshift, FILES)
    before = contents(redshift)
    run_id = load(redshift, again)

    assert contents(redshift) == before
    assert {
        (inserted, versioned, deleted) for _, inserted, versioned, _, deleted in books(redshift, run_id).values()
    } == {(0, 0, 0)}
    assert summarise(redshift, run_id).balanced


def test_a_day_older_than_the_newest_published_changes_nothing(redshift: DirectRedshift) -> None:
    load(redshift, FILES.but(on=D3))
    before = contents(redshift)
    run_id = load(redshift, CHANGED)

    assert contents(redshift) == before
    assert is_published(redshift, run_id)
    assert books(redshift, run_id)["fact_sales"] == (2, 0, 0, 2, 0)
    assert books(redshift, run_id)["dim_user"] == (3, 0, 0, 3, 0)
    steps = redshift.execute(
        "SELECT step FROM etl.etl_log WHERE procedure_name = 'tickit.sp_check_staged' AND run_id = :run_id",
        {"run_id": run_id},
    )
    assert steps == [{"step": "a newer day is published: no changes"}]


def test_a_newer_day_that_failed_keeps_no_older_one_from_the_star(redshift: DirectRedshift) -> None:
    load(redshift, FILES)
    stage(redshift, FILES.but(on=D3))
    load(redshift, CHANGED)

    assert [sale[0] for sale in sales(redshift)] == [1, 3]


def test_the_books_account_for_every_staged_row_of_every_table(redshift: DirectRedshift) -> None:
    first = load(redshift, FILES)
    second = load(redshift, CHANGED)

    for run_id in (first, second):
        summary = summarise(redshift, run_id)
        assert summary.faults == []
        assert {row["table_name"] for row in summary.star} == set(STAR.tables)
    assert {table: counts[:4] for table, counts in books(redshift, first).items()} == {
        "dim_user": (3, 3, 0, 0),
        "user_contacts": (3, 3, 0, 0),
        "dim_venue": (2, 2, 0, 0),
        "dim_category": (2, 2, 0, 0),
        "source_dates": (3, 3, 0, 0),
        "dim_event": (2, 2, 0, 0),
        "fact_listings": (2, 2, 0, 0),
        "fact_sales": (2, 2, 0, 0),
    }


def test_a_publication_sent_twice_does_not_take_its_emptied_staging_for_empty_files(redshift: DirectRedshift) -> None:
    run_id = load(redshift, FILES)
    before = contents(redshift)

    # What an answer lost on the way leads to: the same transaction again, when staging is empty.
    with pytest.raises(StatementFailed, match=r"star is unchanged: categories: 0 staged, 2 curated; .*sales: 0"):
        redshift.batch(_statements(STAR), {"run_id": run_id, "pipeline": PIPELINE, "fence": 1, "gate": 0})

    assert contents(redshift) == before
    assert publish(redshift, PIPELINE, run_id, 1) is False


@pytest.mark.parametrize("table", STAR.staged)
def test_half_of_a_file_is_not_published(redshift: DirectRedshift, table: str) -> None:
    load(redshift, FILES)
    before = contents(redshift)
    run_id = stage(redshift, CHANGED)
    audit_few(redshift, run_id)
    first_hash = f"SELECT MIN(row_hash) FROM staging.{table}"
    redshift.execute(f"DELETE FROM staging.{table} WHERE row_hash = ({first_hash})")

    with pytest.raises(
        PublishFailed, match=rf"are not those that were curated.*{table[7:]}: \d staged, \d curated"
    ) as failure:
        publish(redshift, PIPELINE, run_id, 1)
    assert failure.value.step == "tickit.sp_check_staged"
    assert contents(redshift) == before


def test_a_publication_that_fails_at_its_end_leaves_the_star_and_its_staging(redshift: DirectRedshift) -> None:
    load(redshift, FILES)
    run_id = stage(redshift, CHANGED)
    audit_few(redshift, run_id)
    redshift.execute("INSERT INTO tickit.dim_venue (venue_sk, venue_id, row_hash) VALUES (-1, 10, '-')")
    before = contents(redshift)

    with pytest.raises(PublishFailed, match=r"etl\.sp_assert_star failed"):
        publish(redshift, PIPELINE, run_id, 1)
    assert contents(redshift) == before
    assert rows(redshift, "SELECT COUNT(*) FROM staging.tickit_sales") == [(2,)]
    redshift.execute("DELETE FROM tickit.dim_venue WHERE venue_sk = -1")
    assert publish(redshift, PIPELINE, run_id, 1)
    assert [sale[0] for sale in sales(redshift)] == [1, 3]


def test_a_publication_whose_session_is_killed_leaves_the_star_as_it_was(redshift: DirectRedshift) -> None:
    load(redshift, FILES)
    before = contents(redshift)
    run_id = stage(redshift, CHANGED)
    audit_few(redshift, run_id)
    publisher = redshift.sibling()
    params = {"run_id": run_id, "pipeline": PIPELINE, "fence": 1, "gate": 0}
    *done, _last = _statements(STAR)
    for statement in done:
        publisher._run(_bind(statement, params))
    publisher.close()  # as when its process is killed: the session ends within the transaction

    assert contents(redshift) == before
    assert publish(redshift, PIPELINE, run_id, 1)
    assert [sale[0] for sale in sales(redshift)] == [1, 3]
