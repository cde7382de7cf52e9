"""The resale's data products: figures added up by hand, no rows lost on the way, and no person named."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from infra.checks.dictionary import is_for_analysts
from infra.checks.warehouse_tables import warehouse_tables
from tests.fixtures.warehouse import DirectRedshift
from tests.warehouse.tickit.files import PIPELINE, Files, event, listing, load, sale, sent_date
from warehouse.refresh import refresh

D1 = date(2026, 11, 21)
PERSON = {
    "username": "JKL34MNO", "first_name": "Ottilie", "last_name": "Quast", "email": "ottilie@post.example",
    "phone": "(917) 555-0163",
}  # fmt: skip
NAMELESS = PERSON | {"username": "", "first_name": None, "last_name": "", "email": "", "phone": ""}
TOTALS = "SUM(sales) AS sales, SUM(tickets) AS tickets, SUM(revenue) AS revenue, SUM(commission) AS commission"

LISTINGS = (  # sold: 7 of 10 within 7 days, all at once, none, all after 30 days, 1 of 2 after 60
    listing(1000, date(2008, 3, 30), 10, Decimal("20.00")),
    listing(1001, date(2008, 4, 1), 4, Decimal("50.50"), seller_id=3),
    listing(1002, date(2008, 5, 1), 5, Decimal("10.01"), event_id=101),
    listing(1003, date(2008, 5, 10), 2, Decimal("100.00"), event_id=102, seller_id=4),
    listing(1004, date(2008, 5, 1), 2, Decimal("10.01"), event_id=101, seller_id=3),
)
SALES = (  # commissions 12.00, 9.00, 30.30, 30.00, 4.50 and 1.50
    sale(1, date(2008, 3, 31), 4, Decimal("80.00"), buyer_id=2),
    sale(2, date(2008, 4, 6), 3, Decimal("60.00"), buyer_id=4),
    sale(3, date(2008, 4, 1), 4, Decimal("202.00"), listing_id=1001, seller_id=3, buyer_id=2),
    sale(4, date(2008, 6, 9), 2, Decimal("200.00"), listing_id=1003, event_id=102, seller_id=4, buyer_id=404),
    sale(5, date(2008, 6, 1), 2, Decimal("30.02"), listing_id=404, seller_id=404, buyer_id=2),
    sale(6, date(2008, 6, 30), 1, Decimal("10.01"), listing_id=1004, event_id=101, seller_id=3, buyer_id=1),
)
FILES = Files(
    D1,
    users=(
        {"user_id": 1, "city": "Albany", "state": "NY", "likes_jazz": True},
        {"user_id": 2, "city": "Fresno", "state": "CA"},
        {"user_id": 3, "city": "Utica", "state": "NY"},
        {"user_id": 4, "city": None, "state": None},
    ),
    contacts={1: PERSON, 2: NAMELESS, 3: PERSON | {"email": None, "phone": None}, 4: PERSON},
    venues=(
        {"venue_id": 10, "city": "Chicago", "state": "IL"},
        {"venue_id": 11, "name": "Arena", "city": "Toronto", "state": "ON", "country": "CA"},
    ),
    categories=({"category_id": 9}, {"category_id": 8, "category_group": "Shows", "name": "Opera"}),
    dates=(sent_date(1827, date(2008, 1, 1)),),
    events=(
        event(100),
        event(101, date(2008, 7, 4), name="Ginevra", venue_id=11, category_id=8),
        event(102, name="Lost", venue_id=51),
    ),
    listings=LISTINGS,
    sales=SALES,
)


@pytest.fixture
def products(redshift: DirectRedshift) -> DirectRedshift:
    """Six sales. One is at a venue that does not exist, one from a listing and a seller that do not."""
    refresh(redshift, PIPELINE, load(redshift, FILES))
    return redshift


def rows(redshift: DirectRedshift, sql: str) -> list[tuple]:
    """Money as it is written, to the cent."""
    return [tuple(_written(value) for value in row.values()) for row in redshift.execute(sql)]


def _written(value: object) -> object:
    return str(value) if isinstance(value, Decimal) and value.as_tuple().exponent else value


def test_sellers_are_ranked_by_tickets_and_by_revenue(products: DirectRedshift) -> None:
    assert rows(
        products,
        "SELECT tickets_rank, revenue_rank, seller_id, city, state, sales, tickets, revenue, commission "
        "FROM tickit.mv_sellers ORDER BY tickets_rank, seller_id",
    ) == [
        (1, 3, 1, "Albany", "NY", 2, 7, "140.00", "21.00"),
        (2, 1, 3, "Utica", "NY", 2, 5, "212.01", "31.80"),
        (3, 2, 4, None, None, 1, 2, "200.00", "30.00"),
        (3, 4, 404, None, None, 1, 2, "30.02", "4.50"),
    ]


def test_each_kind_of_region_has_all_sales_once(products: DirectRedshift) -> None:
    assert rows(
        products,
        f"SELECT region_of, state, country, {TOTALS} FROM tickit.mv_sales_by_region GROUP BY 1, 2, 3 ORDER BY 1, 2",
    ) == [
        ("buyer", "CA", None, 3, 10, "312.02", "46.80"),
        ("buyer", "NY", None, 1, 1, "10.01", "1.50"),
        ("buyer", "Unknown", None, 2, 5, "260.00", "39.00"),
        ("seller", "NY", None, 4, 12, "352.01", "52.80"),
        ("seller", "Unknown", None, 2, 4, "230.02", "34.50"),
        ("venue", "IL", "US", 4, 13, "372.02", "55.80"),
        ("venue", "ON", "CA", 1, 1, "10.01", "1.50"),
        ("venue", "Unknown", None, 1, 2, "200.00", "30.00"),
    ]


def test_regions_by_quarter_and_category(products: DirectRedshift) -> None:
    assert rows(
        products,
        f"SELECT year, quarter, category_group, category_name, state, {TOTALS} FROM tickit.mv_sales_by_region "
        "WHERE region_of = 'venue' GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 5",
    ) == [
        (2008, 1, "Concerts", "Pop", "IL", 1, 4, "80.00", "12.00"),
        (2008, 2, "Concerts", "Pop", "IL", 3, 9, "292.02", "43.80"),
        (2008, 2, "Concerts", "Pop", "Unknown", 1, 2, "200.00", "30.00"),
        (2008, 2, "Shows", "Opera", "ON", 1, 1, "10.01", "1.50"),
    ]


def test_months_quarters_and_categories(products: DirectRedshift) -> None:
    assert rows(
        products,
        "SELECT year, quarter, month, year_month, category_id, category_name, sales, tickets, revenue, commission "
        "FROM tickit.mv_sales_by_month ORDER BY year_month, category_id",
    ) == [
        (2008, 1, 3, "2008-03", 9, "Pop", 1, 4, "80.00", "12.00"),
        (2008, 2, 4, "2008-04", 9, "Pop", 2, 7, "262.00", "39.30"),
        (2008, 2, 6, "2008-06", 8, "Opera", 1, 1, "10.01", "1.50"),
        (2008, 2, 6, "2008-06", 9, "Pop", 2, 4, "230.02", "34.50"),
    ]
    assert rows(products, f"SELECT quarter, {TOTALS} FROM tickit.mv_sales_by_month GROUP BY 1 ORDER BY 1") == [
        (1, 1, 4, "80.00", "12.00"),
        (2, 5, 12, "502.03", "75.30"),
    ]


def test_events_keep_their_sales_when_their_venue_is_unknown(products: DirectRedshift) -> None:
    assert rows(products, "SELECT * FROM tickit.mv_sales_by_event ORDER BY event_id") == [
        (
            100, "Show", date(2008, 6, 20), "Concerts", "Pop", 10, "Hall", "Chicago", "IL", "US",
            4, 13, "372.02", "55.80", "28.62", "Show, 2008-06-20", "Hall, Chicago", 9,
        ),
        (
            101, "Ginevra", date(2008, 7, 4), "Shows", "Opera", 11, "Arena", "Toronto", "ON", "CA",
            1, 1, "10.01", "1.50", "10.01", "Ginevra, 2008-07-04", "Arena, Toronto", 8,
        ),
        (
            102, "Lost", date(2008, 6, 20), "Concerts", "Pop", 51, "Unknown venue", None, None, None,
            1, 2, "200.00", "30.00", "100.00", "Lost, 2008-06-20", "Unknown venue", 9,
        ),
    ]  # fmt: skip


def test_how_much_of_what_was_offered_was_sold_and_how_fast(products: DirectRedshift) -> None:
    assert rows(
        products,
        "SELECT event_id, listed_year_month, listings, listings_sold_out, listings_unsold, tickets_listed, "
        "tickets_sold, tickets_sold_in_week, tickets_sold_in_month, sell_through, average_days_to_sale, "
        "value_listed, revenue, commission FROM tickit.mv_listing_sell_through ORDER BY 1, 2",
    ) == [
        (100, "2008-03", 1, 0, 0, 10, 7, 7, 7, "0.7000", "3.57", "200.00", "140.00", "21.00"),
        (100, "2008-04", 1, 1, 0, 4, 4, 4, 4, "1.0000", "0.00", "202.00", "202.00", "30.30"),
        (101, "2008-05", 2, 0, 1, 7, 1, 0, 0, "0.1429", "60.00", "70.07", "10.01", "1.50"),
        (102, "2008-05", 1, 1, 0, 2, 2, 0, 2, "1.0000", "30.00", "200.00", "200.00", "30.00"),
    ]


@pytest.mark.parametrize(
    "product",
    [
        "tickit.mv_sellers",
        "tickit.mv_sales_by_month",
        "tickit.mv_sales_by_event",
        "(SELECT * FROM tickit.mv_sales_by_region WHERE region_of = 'seller')",
        "(SELECT * FROM tickit.mv_sales_by_region WHERE region_of = 'buyer')",
        "(SELECT * FROM tickit.mv_sales_by_region WHERE region_of = 'venue')",
        "(SELECT 1 AS sales, quantity_sold AS tickets, price_paid AS revenue, commission FROM tickit.v_sales)",
    ],
)
def test_no_product_loses_a_sale_or_has_it_twice(products: DirectRedshift, product: str) -> None:
    assert rows(products, f"SELECT {TOTALS} FROM {product} AS p") == [(6, 16, "582.03", "87.30")]


def test_a_sale_in_one_row(products: DirectRedshift) -> None:
    assert rows(
        products,
        "SELECT sale_id, sale_date, quarter, year_month, weekday, tickets_listed, price_per_ticket, days_listed, "
        "event_name, days_before_event, category_name, venue_id, venue_name, venue_country, seller_id, seller_state, "
        "buyer_id, buyer_state FROM tickit.v_sales WHERE sale_id IN (4, 5, 6) ORDER BY 1",
    ) == [
        (
            4, date(2008, 6, 9), 2, "2008-06", "Monday", 2, "100.00", 30, "Lost", 11, "Pop", 51, "Unknown venue",
            None, 4, None, 404, None,
        ),
        (
            5, date(2008, 6, 1), 2, "2008-06", "Sunday", None, None, None, "Show", 19, "Pop", 10, "Hall", "US", 404,
            None, 2, "CA",
        ),
        (
            6, date(2008, 6, 30), 2, "2008-06", "Monday", 2, "10.01", 60, "Ginevra", 4, "Opera", 11, "Arena", "CA", 3,
            "NY", 1, "NY",
        ),
    ]  # fmt: skip


def test_a_key_has_its_label_and_quarters_sort(products: DirectRedshift) -> None:
    assert rows(
        products,
        "SELECT event_id, event_label, category_id, venue_label, seller_label, buyer_label, year_quarter, "
        "weekday_label FROM tickit.v_sales WHERE sale_id IN (1, 4, 5) ORDER BY sale_id",
    ) == [
        (
            100, "Show, 2008-06-20", 9, "Hall, Chicago", "Seller 1, Albany, NY", "Buyer 2, Fresno, CA", "2008-Q1",
            "1 Monday",
        ),
        (102, "Lost, 2008-06-20", 9, "Unknown venue", "Seller 4", "Buyer 404", "2008-Q2", "1 Monday"),
        (100, "Show, 2008-06-20", 9, "Hall, Chicago", "Seller 404", "Buyer 2, Fresno, CA", "2008-Q2", "7 Sunday"),
    ]  # fmt: skip
    best = "SELECT seller_label FROM tickit.mv_sellers WHERE tickets_rank = 1"
    assert rows(products, best) == [("Seller 1, Albany, NY",)]
    for mart in ("mv_sales_by_month", "(SELECT * FROM tickit.mv_sales_by_region WHERE region_of = 'buyer')"):
        name = mart if mart.startswith("(") else f"tickit.{mart}"
        by_quarter = f"SELECT year_quarter, MIN(month_start), SUM(tickets) FROM {name} AS m GROUP BY 1 ORDER BY 1"
        assert rows(products, by_quarter) == [("2008-Q1", date(2008, 3, 1), 4), ("2008-Q2", date(2008, 4, 1), 12)]
    listed = (
        "SELECT event_label, category_id, venue_id, venue_label, venue_state, listed_year_quarter, listed_month_start "
        "FROM tickit.mv_listing_sell_through WHERE event_id <> 100 ORDER BY event_id"
    )
    assert rows(products, listed) == [
        ("Ginevra, 2008-07-04", 8, 11, "Arena, Toronto", "ON", "2008-Q2", date(2008, 5, 1)),
        ("Lost, 2008-06-20", 9, 51, "Unknown venue", None, "2008-Q2", date(2008, 5, 1)),
    ]


SUMS = (
    ", COUNT(*) AS sales, SUM(f.quantity_sold) AS tickets, SUM(f.price_paid) AS revenue, "
    "SUM(f.commission) AS commission"
)
SALES_OF_EVENTS = """
FROM tickit.fact_sales AS f
LEFT JOIN tickit.dim_event AS e ON f.event_id = e.event_id
LEFT JOIN tickit.dim_category AS c ON e.category_id = c.category_id
LEFT JOIN tickit.dim_venue AS v ON f.venue_id = v.venue_id
LEFT JOIN tickit.dim_user AS s ON f.seller_id = s.user_id
"""
"""Sales, joined by the numbers of the files, not by the keys of the star."""

QUARTER = (
    "CAST(f.sale_date_key / 10000 AS VARCHAR(4)) || '-Q' || CAST((f.sale_date_key / 100 % 100 + 2) / 3 AS VARCHAR(1))"
)
MONTH_START = "TO_DATE(CAST(f.sale_date_key / 100 AS VARCHAR(6)) || '01', 'YYYYMMDD')"
BY_HAND = {
    "mv_sales_by_month": (
        "year_quarter, month_start, category_id, category_name",
        f"{QUARTER} AS q, {MONTH_START} AS m, c.category_id, c.name",
    ),
    "mv_sales_by_region": (
        "year_quarter, month_start, category_id, state",
        f"{QUARTER} AS q, {MONTH_START} AS m, c.category_id, COALESCE(v.state, 'Unknown') AS state",
    ),
    "mv_sales_by_event": (
        "event_id, event_label, venue_id, venue_label, category_id",
        "f.event_id, e.name || ', ' || TO_CHAR(e.event_date, 'YYYY-MM-DD') AS event, f.venue_id, "
        "COALESCE(v.name || ', ' || v.city, 'Unknown venue') AS venue, c.category_id",
    ),
    "mv_sellers": (
        "seller_id, seller_label",
        "f.seller_id, 'Seller ' || CAST(f.seller_id AS VARCHAR(11)) || COALESCE(', ' || s.city || ', ' || s.state, '') "
        "AS seller",
    ),
}
"""The columns that each product groups by, and the same from the facts and what they belong to."""


def test_sums_by_keys_and_labels_are_those_of_the_facts(products: DirectRedshift) -> None:
    for product, (columns, by_hand) in BY_HAND.items():
        groups = ", ".join(str(number) for number in range(1, columns.count(",") + 2))
        where = "WHERE region_of = 'venue'" if product == "mv_sales_by_region" else ""
        by = f"{where} GROUP BY {groups} ORDER BY {groups}"
        summed = rows(products, f"SELECT {columns}, {TOTALS} FROM tickit.{product} {by}")
        facts = rows(products, f"SELECT {by_hand} {SUMS} {SALES_OF_EVENTS} GROUP BY {groups} ORDER BY {groups}")
        assert summed == facts, product


def test_sell_through_by_venue_and_quarter(products: DirectRedshift) -> None:
    assert rows(
        products,
        "SELECT event_label, category_id, venue_id, venue_label, venue_state, listed_year_quarter, "
        "listed_month_start, tickets_listed, tickets_sold FROM tickit.mv_listing_sell_through ORDER BY 1, 7",
    ) == [
        ("Ginevra, 2008-07-04", 8, 11, "Arena, Toronto", "ON", "2008-Q2", date(2008, 5, 1), 7, 1),
        ("Lost, 2008-06-20", 9, 51, "Unknown venue", None, "2008-Q2", date(2008, 5, 1), 2, 2),
        ("Show, 2008-06-20", 9, 10, "Hall, Chicago", "IL", "2008-Q1", date(2008, 3, 1), 10, 7),
        ("Show, 2008-06-20", 9, 10, "Hall, Chicago", "IL", "2008-Q2", date(2008, 4, 1), 4, 4),
    ]


def test_labels_of_a_sale(products: DirectRedshift) -> None:
    assert rows(
        products,
        "SELECT sale_date_key, weekday_sort, weekday_label, year_quarter, category_id, event_label, venue_label, "
        "seller_label, buyer_label FROM tickit.v_sales WHERE sale_id IN (4, 6) ORDER BY sale_id",
    ) == [
        (
            20080609, 1, "1 Monday", "2008-Q2", 9, "Lost, 2008-06-20", "Unknown venue", "Seller 4", "Buyer 404",
        ),
        (
            20080630, 1, "1 Monday", "2008-Q2", 8, "Ginevra, 2008-07-04", "Arena, Toronto", "Seller 3, Utica, NY",
            "Buyer 1, Albany, NY",
        ),
    ]  # fmt: skip
    labels = rows(products, "SELECT user_label FROM tickit.v_users_masked ORDER BY user_id")
    assert labels == [("User 1, Albany, NY",), ("User 2, Fresno, CA",), ("User 3, Utica, NY",), ("User 4",)]


def test_each_venue_and_each_event_has_one_row(products: DirectRedshift) -> None:
    """Without those that only sales and listings have."""
    assert rows(products, "SELECT venue_id, venue_name, venue_label, state FROM tickit.v_venues ORDER BY 1") == [
        (10, "Hall", "Hall, Chicago", "IL"),
        (11, "Arena", "Arena, Toronto", "ON"),
    ]
    assert rows(
        products,
        "SELECT event_id, event_label, weekday_sort, weekday_label, category_id, category_group, category_name, "
        "venue_id FROM tickit.v_events ORDER BY 1",
    ) == [
        (100, "Show, 2008-06-20", 5, "5 Friday", 9, "Concerts", "Pop", 10),
        (101, "Ginevra, 2008-07-04", 5, "5 Friday", 8, "Shows", "Opera", 11),
        (102, "Lost, 2008-06-20", 5, "5 Friday", 9, "Concerts", "Pop", 51),
    ]


def test_users_are_masked_as_a_whole(products: DirectRedshift) -> None:
    assert rows(
        products,
        "SELECT user_id, city, state, likes_jazz, username, first_name, last_name, email, phone "
        "FROM tickit.v_users_masked ORDER BY user_id",
    ) == [
        (1, "Albany", "NY", True, *["*****"] * 5),
        (2, "Fresno", "CA", None, *[None] * 5),
        (3, "Utica", "NY", None, "*****", "*****", "*****", None, None),
        (4, None, None, None, *["*****"] * 5),
    ]


def test_nobody_is_named_in_what_analysts_read(products: DirectRedshift) -> None:
    """All that is made for people to query, cell by cell; the products among it."""
    read = [table.full_name for table in warehouse_tables().values() if is_for_analysts(table)]
    tickit = [name for name in read if name.startswith("tickit.")]
    assert {"tickit.v_sales", "tickit.v_users_masked", "tickit.mv_sellers", "tickit.dim_user"} <= set(tickit)
    assert "tickit.user_contacts" not in tickit

    parts = [part.lower() for value in PERSON.values() for part in value.replace("@", " ").split()]
    for name in tickit:
        cells = {str(cell).lower() for row in rows(products, f"SELECT * FROM {name}") for cell in row}
        assert [cell for cell in cells if any(part in cell for part in parts)] == [], name
