"""What each rule of the resale's star catches, and what it counts and accepts."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from runs.ledger import record_entities
from tests.fixtures.warehouse import DirectRedshift
from tests.warehouse.tickit.files import PIPELINE, books, event, listing, load, sale, sent_date, stage
from tests.warehouse.tickit.quality import D1, NEW_YEAR, failing, good, results
from warehouse import quality
from warehouse.rule_files import rules
from warehouse.rule_procedures import WEIGHTS


def test_a_good_load_scores_a_hundred_and_so_does_its_star(redshift: DirectRedshift) -> None:
    run_id = load(redshift, good(), gate=100)

    for phase in ("staged", "star"):
        result = quality.read_audit(redshift, run_id, phase)
        assert (result.score, result.failing) == (100.0, ())
        assert all(item.failed_rows == 0 for item in result.results)
        assert {item.name for item in result.results} == {rule.name for rule in rules("tickit") if rule.phase == phase}


def test_the_rules_are_enough_and_of_every_severity() -> None:
    star_rules = rules("tickit")

    assert len([rule for rule in star_rules if rule.phase == "staged"]) >= 16
    assert len([rule for rule in star_rules if rule.phase == "star"]) >= 10
    assert {rule.severity for rule in star_rules} == set(WEIGHTS)


@pytest.mark.parametrize(
    ("rule", "first"),
    [
        ("sale_keys_unique", {"sale_id": 2}),
        ("sale_commission_rate", {"commission": Decimal("11.99")}),
        ("sale_commission_rate", {"commission": Decimal("12.01")}),
        ("sale_price_as_listed", {"price_paid": Decimal("80.01")}),
        ("sale_price_as_listed", {"quantity_sold": 3, "price_paid": Decimal("80.00")}),
        ("listing_not_oversold", {"quantity_sold": 11}),
        ("sale_amounts_positive", {"quantity_sold": 0}),
        ("sale_amounts_positive", {"price_paid": Decimal("-80.00")}),
        ("sale_listing_known", {"listing_id": 404}),
        ("sale_within_listing", {"event_id": 101}),
        ("sale_within_listing", {"seller_id": 3}),
        ("sale_within_listing", {"sale_date": date(2008, 5, 1), "sold_at": "2008-05-01 09:29:59"}),
        ("sale_before_event", {"sale_date": date(2008, 6, 21)}),
        ("sale_day_agrees", {"sold_at": "2008-05-03 00:00:00"}),
        ("sale_day_agrees", {"sold_at": None}),
        ("sale_buyer_is_not_seller", {"buyer_id": 1}),
        ("sale_users_known", {"buyer_id": 404}),
        ("sale_users_known", {"seller_id": 404}),
        ("sale_event_known", {"event_id": 404}),
        ("days_known", {"sale_date": None}),
        ("days_known", {"sale_date_key": 20080503}),
        ("days_known", {"sale_date": date(1999, 12, 31)}),
    ],
)
def test_each_rule_about_sales_catches_its_fault(redshift: DirectRedshift, rule: str, first: dict[str, Any]) -> None:
    assert rule in failing(redshift, stage(redshift, good(**first)))


@pytest.mark.parametrize(
    ("price", "commission"),
    [("10.03", "1.50"), ("10.05", "1.51"), ("10.10", "1.51"), ("10.10", "1.52")],
    ids=["down", "up", "half down", "half up"],
)
def test_a_commission_may_be_rounded_to_the_cent(redshift: DirectRedshift, price: str, commission: str) -> None:
    files = good(quantity_sold=1, price_paid=Decimal(price), commission=Decimal(commission))

    assert "sale_commission_rate" not in failing(redshift, stage(redshift, files))


@pytest.mark.parametrize(
    ("rule", "rows"),
    [
        ("listing_keys_unique", {"listings": (listing(1000), listing(1000))}),
        ("listing_total_price", {"listings": (listing(1000, total_price=Decimal("200.01")),)}),
        ("listing_amounts_positive", {"listings": (listing(1000, ticket_count=0),)}),
        ("listing_amounts_positive", {"listings": (listing(1000, price_per_ticket=Decimal("-0.01")),)}),
        ("listing_seller_known", {"listings": (listing(1000, seller_id=404),)}),
        ("listing_event_known", {"listings": (listing(1000, event_id=404),)}),
        ("listing_day_agrees", {"listings": (listing(1000, listed_at="2008-04-30 23:59:59"),)}),
        ("days_known", {"listings": (listing(1000, listing_date=None),)}),
        ("event_keys_unique", {"events": (event(100), event(100))}),
        ("event_venue_known", {"events": (event(100, venue_id=404),)}),
        ("event_venue_known", {"events": (event(100, venue_id=None),)}),
        ("venue_country_known", {"venues": ({"venue_id": 10, "state": "ZZ", "country": None}, {"venue_id": 11})}),
        ("event_category_known", {"events": (event(100, category_id=404),)}),
        ("event_day_as_sent", {"events": (event(100, is_day_corrected=True),)}),
        ("days_known", {"events": (event(100, event_date=None),)}),
        ("user_keys_unique", {"users": ({"user_id": 1}, {"user_id": 1})}),
        ("user_contact_keys_unique", {"users": ({"user_id": 1}, {"user_id": 1})}),
        ("venue_keys_unique", {"venues": ({"venue_id": 10}, {"venue_id": 10})}),
        ("venue_names_unique", {"venues": ({"venue_id": 10}, {"venue_id": 11})}),  # both are named Hall
        ("venue_seats_known", {"venues": ({"venue_id": 10, "seats": None},)}),
        ("category_keys_unique", {"categories": ({"category_id": 9}, {"category_id": 9})}),
        ("date_keys_unique", {"dates": (sent_date(1, NEW_YEAR), sent_date(1, NEW_YEAR))}),
        ("date_claims_agree", {"dates": (sent_date(1, NEW_YEAR, sent_weekday="WE"),)}),
        ("date_claims_agree", {"dates": (sent_date(1, NEW_YEAR, sent_month="FEB"),)}),
        ("date_claims_agree", {"dates": (sent_date(1, NEW_YEAR, sent_quarter=None),)}),
        ("date_claims_agree", {"dates": (sent_date(1, NEW_YEAR, sent_year=2009),)}),
        (
            "date_weeks_begin_saturday",
            {"dates": (sent_date(1, date(2008, 10, 30)), sent_date(2, date(2008, 10, 31), sent_week=45))},
        ),
        ("date_days_complete", {"dates": (sent_date(1, date(2008, 2, 28)), sent_date(2, date(2008, 3, 1)))}),
        ("tables_present", {"categories": ()}),
    ],
)
def test_each_rule_about_the_other_files_catches_its_fault(
    redshift: DirectRedshift, rule: str, rows: dict[str, Any]
) -> None:
    assert rule in failing(redshift, stage(redshift, good().but(**rows)))


@pytest.mark.parametrize(
    ("rule", "damage"),
    [
        ("sales_all_staged", "DELETE FROM staging.tickit_sales WHERE sale_id = 1"),
        ("listings_all_staged", "DELETE FROM staging.tickit_listings WHERE listing_id = 1001"),
        ("members_all_staged", "DELETE FROM staging.tickit_user_contacts WHERE user_id = 3"),
        ("members_all_staged", "DELETE FROM staging.tickit_dates WHERE date_id = 1827"),
        ("user_contacts_complete", "UPDATE staging.tickit_user_contacts SET user_id = 404 WHERE user_id = 3"),
        ("observed_on_business_date", "UPDATE staging.tickit_venues SET observed_on = '2026-11-18'"),
        ("tables_present", "DELETE FROM staging.tickit_users"),
        ("books_balance", "DELETE FROM etl.run_tables WHERE table_name = 'dates'"),
        ("sales_all_staged", "DELETE FROM etl.run_tables"),
        ("sales_all_staged", "INSERT INTO etl.run_tables SELECT * FROM etl.run_tables WHERE table_name = 'sales'"),
        ("members_all_staged", "DELETE FROM etl.run_tables"),
    ],
)
def test_rules_about_what_arrived(redshift: DirectRedshift, rule: str, damage: str) -> None:
    run_id = stage(redshift, good())
    redshift.execute(damage)

    assert rule in failing(redshift, run_id)


@pytest.mark.parametrize(
    ("rule", "counts"),
    [
        ("books_balance", {"raw_records": 3}),
        ("books_balance", {"said_records": 3}),
        ("books_balance", {"said_records": 3, "got_records": 3}),  # read: 2
        ("books_balance", {"said_records": 1, "got_records": 1}),
        ("books_balance", {"said_records": None}),
        ("books_balance", {"raw_records": 3, "distinct_records": 3, "duplicate_records": 1}),
        ("books_balance", {"distinct_records": 1}),
        ("records_complete", {"said_records": 3, "residual_records": 1}),
        ("records_complete", {"residual_records": None}),
        ("records_rejected", {"raw_records": 3, "quarantined_records": 1}),
        ("records_repeated", {"raw_records": 3, "duplicate_records": 1}),
    ],
)
def test_rules_about_the_books(redshift: DirectRedshift, rule: str, counts: dict[str, Any]) -> None:
    run_id = stage(redshift, good())
    kept = books(good())
    kept["sales"] = dataclasses.replace(kept["sales"], **counts)
    record_entities(redshift, run_id, PIPELINE, D1, list(kept.values()))

    assert rule in failing(redshift, run_id)


def test_quirks_of_the_source_are_counted_and_let_pass(redshift: DirectRedshift) -> None:
    """In the shares of the sample: 1.6 % of events at venues that do not exist, 8 % with the day of another."""
    events = [event(number) for number in range(100, 163)]
    events[0]["venue_id"] = 404
    for moved in events[:5]:
        moved["is_day_corrected"] = True
    days = [sent_date(1827 + n, NEW_YEAR + timedelta(days=n)) for n in range(6)]
    days[0]["sent_weekday"] = "WE"  # a Tuesday
    files = good().but(events=events, dates=days, listings=(listing(1000),), sales=(sale(1),))

    by_name = results(redshift, stage(redshift, files))
    counted = {
        name: (by_name[name].failed_rows, by_name[name].total_rows) for name in by_name if by_name[name].failed_rows
    }
    assert counted == {"event_venue_known": (1, 63), "event_day_as_sent": (5, 63), "date_claims_agree": (1, 6)}
    assert all(result.passed for result in by_name.values())
