"""The resale's data products: figures added up by hand, nothing lost on the way, and nobody named."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from infra.launcher.dictionary import is_for_analysts
from infra.launcher.warehouse_tables import warehouse_tables
from tests.fixtures.warehouse import DirectRedshift
from tests.warehouse.tickit.loads import PIPELINE, Files, load
from warehouse.refresh import refresh

D1 = date(2026, 11, 21)
PERSON = {
    "username": "JKL34MNO", "first_name": "Ottilie", "last_name": "Quast", "email": "ottilie@post.example",
    "phone": "(917) 555-0163",
}  # fmt: skip
MONEY = "SUM(sales), SUM(tickets), SUM(revenue), SUM(commission)"

LISTINGS = [  # sold: 7 of 10, all, none, all, 1 of 2
    {"listing_id": 1, "listing_date": date(2008, 3, 30), "ticket_count": 10, "price_per_ticket": Decimal("20.00")},
    {
        "listing_id": 2, "seller_id": 3, "listing_date": date(2008, 4, 1), "ticket_count": 4,
        "price_per_ticket": Decimal("50.50"),
    },
    {"listing_id": 3, "event_id": 2, "ticket_count": 5, "price_per_ticket": Decimal("10.01")},
    {
        "listing_id": 4, "event_id": 3, "seller_id": 4, "listing_date": date(2008, 5, 10), "ticket_count": 2,
        "price_per_ticket": Decimal("100.00"),
    },
    {"listing_id": 5, "event_id": 2, "seller_id": 3, "ticket_count": 2, "price_per_ticket": Decimal("10.01")},
]  # fmt: skip
SALES = [  # commissions 12.00, 9.00, 30.30, 30.00, 4.50 and 1.50
    {"sale_id": 1, "sale_date": date(2008, 3, 31), "quantity_sold": 4, "price_paid": Decimal("80.00")},
    {"sale_id": 2, "sale_date": date(2008, 4, 10), "quantity_sold": 3, "price_paid": Decimal("60.00"), "buyer_id": 4},
    {
        "sale_id": 3, "listing_id": 2, "seller_id": 3, "sale_date": date(2008, 4, 1), "quantity_sold": 4,
        "price_paid": Decimal("202.00"),
    },
    {
        "sale_id": 4, "listing_id": 4, "event_id": 3, "seller_id": 4, "buyer_id": 404, "sale_date": date(2008, 6, 19),
        "quantity_sold": 2, "price_paid": Decimal("200.00"),
    },
    {
        "sale_id": 5, "listing_id": 404, "seller_id": 404, "sale_date": date(2008, 6, 1), "quantity_sold": 2,
        "price_paid": Decimal("30.02"),
    },
    {
        "sale_id": 6, "listing_id": 5, "event_id": 2, "seller_id": 3, "buyer_id": 1, "sale_date": date(2008, 6, 30),
        "quantity_sold": 1, "price_paid": Decimal("10.01"),
    },
]  # fmt: skip


@pytest.fixture
def products(redshift: DirectRedshift) -> DirectRedshift:
    """Six sales. One is at a venue that does not exist, one from a listing and a seller that do not."""
    files = Files(
        D1,
        users=[
            {"user_id": 1, "city": "Albany", "state": "NY", "likes_jazz": True} | PERSON,
            {"user_id": 2, "city": "Fresno", "state": "CA"} | PERSON | {"phone": None, "email": None},
            {"user_id": 3, "city": "Utica", "state": "NY"} | PERSON,
            {"user_id": 4, "city": None, "state": None} | PERSON,
        ],
        venues=[{"venue_id": 1}, {"venue_id": 2, "city": "Toronto", "state": "ON", "country": "CA"}],
        categories=[
            {"category_id": 8, "category_group": "Shows", "name": "Opera", "long_name": "Opera"},
            {"category_id": 9},
        ],
        dates=[{"date_id": 1827, "calendar_date": date(2008, 1, 1)}],
        events=[
            {"event_id": 1},
            {"event_id": 2, "venue_id": 2, "category_id": 8, "name": "Ginevra", "event_date": date(2008, 7, 4)},
            {"event_id": 3, "venue_id": 51, "name": "Lost"},
        ],
        listings=LISTINGS,
        sales=SALES,
    )
    run_id = load(redshift, files)
    refresh(redshift, PIPELINE, run_id)  # type: ignore[arg-type]
    return redshift


def rows(redshift: DirectRedshift, sql: str) -> list[tuple]:
    return [tuple(str(v) if isinstance(v, Decimal) else v for v in row.values()) for row in redshift.execute(sql)]


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
        f"SELECT region_of, state, country, {MONEY} FROM tickit.mv_sales_by_region GROUP BY 1, 2, 3 ORDER BY 1, 2",
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
        f"SELECT year, quarter, category_group, category_name, state, {MONEY} FROM tickit.mv_sales_by_region "
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
    assert rows(products, f"SELECT quarter, {MONEY} FROM tickit.mv_sales_by_month GROUP BY 1 ORDER BY 1") == [
        (1, 1, 4, "80.00", "12.00"),
        (2, 5, 12, "502.03", "75.30"),
    ]


def test_events_keep_their_sales_when_their_venue_is_unknown(products: DirectRedshift) -> None:
    assert rows(products, "SELECT * FROM tickit.mv_sales_by_event ORDER BY event_id") == [
        (
            1, "Show", date(2008, 6, 20), "Concerts", "Pop", 1, "Hall 1", "Chicago", "IL", "US",
            4, 13, "372.02", "55.80", "28.62",
        ),
        (
            2, "Ginevra", date(2008, 7, 4), "Shows", "Opera", 2, "Hall 2", "Toronto", "ON", "CA",
            1, 1, "10.01", "1.50", "10.01",
        ),
        (
            3, "Lost", date(2008, 6, 20), "Concerts", "Pop", 51, "Unknown venue", None, None, None,
            1, 2, "200.00", "30.00", "100.00",
        ),
    ]  # fmt: skip


def test_how_much_of_what_was_offered_was_sold_and_how_fast(products: DirectRedshift) -> None:
    assert rows(
        products,
        "SELECT event_id, listed_year_month, listings, listings_sold_out, listings_unsold, tickets_listed, "
        "tickets_sold, tickets_sold_in_week, tickets_sold_in_month, sell_through, average_days_to_sale, "
        "value_listed, revenue, commission FROM tickit.mv_listing_sell_through ORDER BY 1, 2",
    ) == [
        (1, "2008-03", 1, 0, 0, 10, 7, 4, 7, "0.7000", "5.29", "200.00", "140.00", "21.00"),
        (1, "2008-04", 1, 1, 0, 4, 4, 4, 4, "1.0000", "0.00", "202.00", "202.00", "30.30"),
        (2, "2008-05", 2, 0, 1, 7, 1, 0, 0, "0.1429", "60.00", "70.07", "10.01", "1.50"),
        (3, "2008-05", 1, 1, 0, 2, 2, 0, 0, "1.0000", "40.00", "200.00", "200.00", "30.00"),
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
    assert rows(products, f"SELECT {MONEY} FROM {product} AS p") == [(6, 16, "582.03", "87.30")]


def test_a_sale_in_one_row(products: DirectRedshift) -> None:
    assert rows(
        products,
        "SELECT sale_id, sale_date, quarter, year_month, weekday, tickets_listed, price_per_ticket, days_listed, "
        "event_name, days_before_event, category_name, venue_id, venue_name, venue_country, seller_id, seller_state, "
        "buyer_id, buyer_state FROM tickit.v_sales WHERE sale_id IN (4, 5, 6) ORDER BY 1",
    ) == [
        (
            4, date(2008, 6, 19), 2, "2008-06", "Thursday", 2, "100.00", 40, "Lost", 1, "Pop", 51, "Unknown venue",
            None, 4, None, 404, None,
        ),
        (
            5, date(2008, 6, 1), 2, "2008-06", "Sunday", None, None, None, "Show", 19, "Pop", 1, "Hall 1", "US", 404,
            None, 2, "CA",
        ),
        (
            6, date(2008, 6, 30), 2, "2008-06", "Monday", 2, "10.01", 60, "Ginevra", 4, "Opera", 2, "Hall 2", "CA", 3,
            "NY", 1, "NY",
        ),
    ]  # fmt: skip


def test_users_are_masked_as_a_whole(products: DirectRedshift) -> None:
    assert rows(
        products,
        "SELECT user_id, city, state, likes_jazz, username, first_name, last_name, email, phone "
        "FROM tickit.v_users_masked ORDER BY user_id",
    ) == [
        (1, "Albany", "NY", True, *["*****"] * 5),
        (2, "Fresno", "CA", None, "*****", "*****", "*****", None, None),
        (3, "Utica", "NY", None, *["*****"] * 5),
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
