"""The rules about the resale's star itself find changes that were made outside of a publication."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.fixtures.warehouse import DirectRedshift
from tests.warehouse.tickit.files import PIPELINE, listing, load, stage
from tests.warehouse.tickit.quality import D2, good
from warehouse import quality
from warehouse.publish import PublishFailed, publish
from warehouse.quality import StarIsDamaged, audit, check_star


def _ask_star(redshift: DirectRedshift, run_id: str) -> dict[str, int]:
    """Failed rows by rule of the star, for a run that is staged and was not merged."""
    redshift.execute(
        "CALL etl.sp_data_quality_checks(CAST(:run_id AS VARCHAR(128)), 'star', CAST('0' AS DECIMAL(5, 2)))",
        {"run_id": run_id},
    )
    summary = quality.read_audit(redshift, run_id, "star")
    return {result.name: result.failed_rows for result in summary.failing}


@pytest.mark.parametrize(
    ("first", "failed_rows"),
    [
        ({"price_paid": Decimal("60.00"), "commission": Decimal("12.00")}, 1),
        ({"commission": Decimal("12.01")}, 1),
        ({"quantity_sold": 3, "price_paid": Decimal("80.00")}, 1),
        ({"buyer_id": 2}, 1),
        ({"sale_date": date(2008, 5, 3)}, 1),
    ],
)
def test_sales_that_are_not_what_was_staged_are_found(
    redshift: DirectRedshift, first: dict[str, Any], failed_rows: int
) -> None:
    load(redshift, good())

    assert _ask_star(redshift, stage(redshift, good(D2, **first))) == {"fact_sales_as_staged": failed_rows}


def test_listings_and_members_that_are_not_what_was_staged_are_found(redshift: DirectRedshift) -> None:
    load(redshift, good())
    listings = (listing(1000, ticket_count=9), listing(1001, event_id=101, seller_id=3))
    users = ({"user_id": 1, "city": "Elsewhere"}, *good().users[1:], {"user_id": 4})

    assert _ask_star(
        redshift, stage(redshift, good(D2).but(listings=listings, users=users, contacts={4: {"email": None}}))
    ) == {
        "fact_listings_as_staged": 1,
        "members_as_staged": 4,  # one user that was and is another, one that is new, and the new one's contact
    }


def test_a_star_whose_books_do_not_balance_is_found(redshift: DirectRedshift) -> None:
    run_id = load(redshift, good())
    stage(redshift, good())
    redshift.execute("UPDATE etl.run_tables SET unchanged_rows = 1 WHERE layer = 'star' AND table_name = 'fact_sales'")

    assert _ask_star(redshift, run_id) == {"star_books_balance": 1}


@pytest.mark.parametrize(
    ("rule", "damage", "failed_rows"),
    [
        ("fact_sales_keys_resolve", "UPDATE tickit.fact_sales SET buyer_sk = 404 WHERE sale_id = 1", 1),
        ("fact_sales_keys_resolve", "UPDATE tickit.fact_sales SET seller_sk = 0", 2),
        ("fact_sales_keys_resolve", "UPDATE tickit.fact_sales SET sale_date_key = 19991231 WHERE sale_id = 1", 1),
        ("fact_listings_keys_resolve", "UPDATE tickit.fact_listings SET event_sk = 0 WHERE listing_id = 1000", 1),
        ("fact_sales_as_event", "UPDATE tickit.dim_event SET event_date_key = 20080621 WHERE event_id = 100", 1),
        ("fact_sales_as_event", "UPDATE tickit.fact_sales SET category_sk = 0 WHERE sale_id = 1", 1),
        ("fact_listings_as_event", "UPDATE tickit.dim_event SET venue_id = 11 WHERE event_id = 100", 1),
        ("unknown_members_present", "DELETE FROM tickit.dim_venue WHERE venue_sk = 0", 1),
        (
            "dimensions_no_fan_out",
            "INSERT INTO tickit.dim_category (category_id, name, row_hash) VALUES (9, 'Pop', 'x')",
            1,
        ),
    ],
)
def test_a_star_that_something_else_changed_is_found(
    redshift: DirectRedshift, rule: str, damage: str, failed_rows: int
) -> None:
    load(redshift, good())
    checked = check_star(redshift, PIPELINE)
    assert checked is not None
    assert checked.score == 100
    kept = redshift.execute("SELECT * FROM tickit.dim_venue WHERE venue_sk = 0")
    redshift.execute(damage)

    with pytest.raises(StarIsDamaged) as failure:
        check_star(redshift, PIPELINE)
    if "DELETE" in damage:
        redshift.insert("tickit.dim_venue", kept)  # no other step restores it
    assert {result.name: result.failed_rows for result in failure.value.result.failing}[rule] == failed_rows


@pytest.mark.parametrize(("fact", "thing"), [("fact_sales", "sale"), ("fact_listings", "listing")])
def test_a_row_that_is_there_twice_is_found(redshift: DirectRedshift, fact: str, thing: str) -> None:
    load(redshift, good())
    redshift.insert(f"tickit.{fact}", redshift.execute(f"SELECT * FROM tickit.{fact} WHERE seller_id = 1"))

    with pytest.raises(StarIsDamaged) as failure:
        check_star(redshift, PIPELINE)
    assert {result.name: result.failed_rows for result in failure.value.result.failing} == {
        f"{fact}_one_row_per_{thing}": 1
    }


def test_a_damaged_star_is_not_published(redshift: DirectRedshift) -> None:
    """A merge that goes wrong is rolled back, because the star's rules are asked before it is committed."""
    load(redshift, good())
    redshift.execute("INSERT INTO tickit.dim_category (category_id, name, row_hash) VALUES (9, 'Pop', 'x')")
    before = redshift.execute("SELECT * FROM tickit.fact_sales ORDER BY sale_id")
    run_id = stage(redshift, good(D2, quantity_sold=5))
    audit(redshift, run_id)

    with pytest.raises(PublishFailed, match="dimensions_no_fan_out"):
        publish(redshift, PIPELINE, run_id, 1)
    assert redshift.execute("SELECT * FROM tickit.fact_sales ORDER BY sale_id") == before
