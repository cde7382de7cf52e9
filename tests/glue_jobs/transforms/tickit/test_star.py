"""The staged tables hold the rows that they should, and none that they must not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from glue_jobs.tickit_star import JOB
from glue_jobs.transforms.rows import staged
from glue_jobs.transforms.tickit.star import star
from schemas.tickit import SOURCE
from schemas.tickit.rows import UserContactRow
from tests.glue_jobs.frames import curated

MOST = "999999.99"
TABLES = JOB.tables


@pytest.fixture
def stage(spark):
    """The rows of one staged table, as they are written, made of the curated rows given."""
    return lambda table, **tables: staged(
        star(curated(spark, tables, SOURCE))[table], TABLES[table], "run-1", date(2008, 7, 1)
    ).collect()


def test_every_table_is_made_row_by_row_of_a_curated_one():
    assert {table.row_per for table in TABLES.values()} == set(SOURCE.tables)


def test_no_cent_is_lost(stage):
    (sale,) = stage("sales", sales=[{"sale_id": 1, "price_paid": MOST, "commission": "0.07", "quantity_sold": 4}])
    assert (sale["price_paid"], sale["commission"]) == (Decimal(MOST), Decimal("0.07"))
    (listing,) = stage("listings", listings=[{"listing_id": 1, "price_per_ticket": "0.10", "total_price": MOST}])
    assert (listing["price_per_ticket"], listing["total_price"]) == (Decimal("0.10"), Decimal(MOST))


def test_who_a_user_is_stays_out_of_what_a_user_likes():
    personal = {column.name for column in UserContactRow.columns()} - {"user_id"}
    assert personal <= set(TABLES["user_contacts"].columns)
    others = {name for table in TABLES.values() if table is not TABLES["user_contacts"] for name in table.columns}
    assert not personal & others


def test_a_change_of_a_persons_name_is_no_change_of_the_user(stage):
    def hashes(**contact):
        tables = {"users": [{"user_id": 1, "state": "NY"}], "user_contacts": [{"user_id": 1, **contact}]}
        return [stage(table, **tables)[0]["row_hash"] for table in ("users", "user_contacts")]

    (user, contact), (same_user, other_contact) = hashes(first_name="Ada"), hashes(first_name="Eva")
    assert user == same_user
    assert contact != other_contact


def test_a_like_that_nobody_told_is_neither_yes_nor_no(stage):
    (user,) = stage("users", users=[{"user_id": 1, "likes_jazz": True, "likes_opera": False}])
    assert (user["likes_jazz"], user["likes_opera"], user["likes_rock"]) == (True, False, None)


def test_what_leads_nowhere_is_kept_as_it_was_sent(stage):
    (event,) = stage("events", events=[{"event_id": 1, "venue_id": 12, "category_id": 99}])
    assert (event["venue_id"], event["category_id"]) == (12, 99)


def test_every_fact_and_member_is_compared_by_all_it_holds():
    assert [sorted(set(table.columns) - set(table.hashed)) for table in TABLES.values()] == [["row_hash"]] * 8
    assert TABLES["venues"].hashed == ("venue_id", "name", "city", "state", "country", "seats")
