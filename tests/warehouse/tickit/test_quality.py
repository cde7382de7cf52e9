"""What each rule of the resale's star catches, what it counts and lets pass, and what closes a publication."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from runs.ledger import record_entities
from tests.fixtures.warehouse import DirectRedshift
from tests.warehouse.tickit.files import PIPELINE, Files, books, contents, event, listing, load, sale, sent_date, stage
from warehouse import quality
from warehouse.publish import PublishFailed, publish
from warehouse.quality import QualityGateFailed, RuleResult, StarIsDamaged, audit, check_star
from warehouse.rule_files import rules
from warehouse.rule_procedures import WEIGHTS

D1, D2, D3 = (date(2026, 11, day) for day in (19, 20, 21))
NEW_YEAR = date(2008, 1, 1)


def good(on: date = D1, **first: Any) -> Files:
    """A load that passes every rule; `first` changes its first sale."""
    return Files(
        on,
        venues=({"venue_id": 10}, {"venue_id": 11, "name": "Arena"}),
        categories=({"category_id": 9},),
        dates=tuple(sent_date(1827 + n, NEW_YEAR + timedelta(days=n)) for n in range(3)),
        events=(event(100), event(101, venue_id=11)),
        listings=(listing(1000), listing(1001, event_id=101, seller_id=3)),
        sales=(
            sale(**{"sale_id": 1, "quantity_sold": 4} | first),
            sale(2, listing_id=1001, event_id=101, seller_id=3, buyer_id=2, quantity_sold=2),
        ),
    )


def results(redshift: DirectRedshift, run_id: str) -> dict[str, RuleResult]:
    try:
        found = audit(redshift, run_id, 0)
    except QualityGateFailed as failure:
        found = failure.result
    return {result.name: result for result in found.results}


def failing(redshift: DirectRedshift, run_id: str) -> set[str]:
    return {name for name, result in results(redshift, run_id).items() if not result.passed}


def test_a_good_load_scores_a_hundred_and_so_does_its_star(redshift: DirectRedshift) -> None:
    run_id = load(redshift, good(), gate=100)

    for phase in ("staged", "star"):
        result = quality.read_audit(redshift, run_id, phase)
        assert (result.score, result.failing) == (100.0, ())
        assert all(found.failed_rows == 0 for found in result.results)
        assert {found.name for found in result.results} == {
            rule.name for rule in rules("tickit") if rule.phase == phase
        }


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

    found = results(redshift, stage(redshift, files))
    counted = {name: (found[name].failed_rows, found[name].total_rows) for name in found if found[name].failed_rows}
    assert counted == {"event_venue_known": (1, 63), "event_day_as_sent": (5, 63), "date_claims_agree": (1, 6)}
    assert all(result.passed for result in found.values())


def _blocks(redshift: DirectRedshift, run_id: str, rule: str) -> None:
    """Nothing but this rule fails; it alone keeps the load from readers, whatever the gate."""
    before = contents(redshift)
    with pytest.raises(QualityGateFailed) as failure:
        audit(redshift, run_id, gate=0)
    assert [found.name for found in failure.value.result.failing] == [rule]
    assert failure.value.result.score >= quality.DEFAULT_GATE
    with pytest.raises(PublishFailed, match="failed its audit"):
        publish(redshift, PIPELINE, run_id, 1)
    assert contents(redshift) == before


def _many(on: date, count: int) -> Files:
    """So many sales of one ticket."""
    return good(on).but(listings=(listing(1000),), sales=tuple(sale(number) for number in range(1, count + 1)))


def test_less_than_half_the_sales_block_publication(redshift: DirectRedshift) -> None:
    load(redshift, _many(D1, 5))

    run_id = stage(redshift, _many(D2, 2), accepts_drop=False)
    _blocks(redshift, run_id, "row_count_drop")
    assert results(redshift, run_id)["row_count_drop"].failed_rows == 3
    assert failing(redshift, stage(redshift, _many(D2, 3), accepts_drop=False)) == set()


def test_less_than_half_of_a_days_own_sales_block_it_too(redshift: DirectRedshift) -> None:
    """The day is loaded again, from a place that has only some of the lines."""
    load(redshift, _many(D1, 5))

    _blocks(redshift, stage(redshift, _many(D1, 2).but(observation=2), accepts_drop=False), "row_count_drop")


def _of_days(on: date, count: int) -> Files:
    """A load whose calendar has so many days; the first three are those of its events, listings and sales."""
    known = (date(2008, 5, 1), date(2008, 5, 2), date(2008, 6, 20))
    others = (NEW_YEAR + timedelta(days=n) for n in range(count - len(known)))
    return good(on).but(dates=tuple(sent_date(1827 + n, day) for n, day in enumerate((*known, *others))))


def test_less_than_half_the_days_block_publication(redshift: DirectRedshift) -> None:
    load(redshift, _of_days(D1, 7))

    run_id = stage(redshift, _of_days(D2, 3), accepts_drop=False)
    found = results(redshift, run_id)["row_count_drop"]
    assert (found.severity, found.failed_rows, found.passed) == ("CRITICAL", 4, False)
    with pytest.raises(PublishFailed, match="failed its audit"):
        publish(redshift, PIPELINE, run_id, 1)
    assert results(redshift, stage(redshift, _of_days(D2, 4), accepts_drop=False))["row_count_drop"].passed


def test_a_calendar_cut_to_a_line_does_not_take_the_day_of_every_sale(redshift: DirectRedshift) -> None:
    """The first load, so that there is nothing to compare with; days that the calendar lacks are key 0."""
    cut = {"sale_date": None, "sold_at": "2008-05-02 10:15:00"}
    files = good().but(
        dates=(sent_date(2191, date(2008, 12, 31)),),
        events=(event(100, None), event(101, None, venue_id=11)),
        listings=(listing(1000, None), listing(1001, None, event_id=101, seller_id=3)),
        sales=(sale(1, **cut), sale(2, listing_id=1001, event_id=101, seller_id=3, buyer_id=2, **cut)),
    )
    run_id = stage(redshift, files)

    found = results(redshift, run_id)["days_known"]
    assert (found.severity, found.failed_rows, found.total_rows) == ("CRITICAL", 6, 6)
    with pytest.raises(PublishFailed, match="failed its audit"):
        publish(redshift, PIPELINE, run_id, 1)


def _wrong(count: int, **fault: Any) -> tuple[dict[str, Any], ...]:
    """A hundred sales of a listing, of which so many have a fault."""
    return tuple(sale(number, **(fault if number <= count else {})) for number in range(1, 101))


@pytest.mark.parametrize(
    ("rule", "rows"),
    [
        ("sale_commission_rate", {"sales": _wrong(6, commission=Decimal("0.00"))}),
        ("sale_price_as_listed", {"sales": _wrong(6, price_paid=Decimal("20.01"), commission=Decimal("3.00"))}),
        ("sale_amounts_positive", {"sales": _wrong(6, quantity_sold=0)}),
        ("sale_listing_known", {"sales": _wrong(6, listing_id=404)}),
        ("sale_event_known", {"sales": _wrong(6, event_id=404)}),
        ("sale_users_known", {"sales": _wrong(6, buyer_id=404)}),
        ("sale_within_listing", {"sales": _wrong(6, seller_id=3)}),
        ("sale_day_agrees", {"sales": _wrong(51, sold_at="2008-05-03 10:15:00")}),
        ("listing_not_oversold", {"sales": _wrong(0), "listings": (listing(1000, ticket_count=99),)}),
        ("listing_total_price", {"listings": (listing(1000, total_price=Decimal("0.01")), listing(1001))}),
        ("listing_event_known", {"listings": (listing(1000, event_id=404), listing(1001))}),
        ("listing_seller_known", {"listings": (listing(1000, seller_id=404), listing(1001))}),
        ("event_category_known", {"events": (event(100, category_id=404), event(101))}),
        ("event_venue_known", {"events": (event(100, venue_id=404), event(101))}),
    ],
)
def test_money_or_references_that_are_wrong_for_many_block_publication(
    redshift: DirectRedshift, rule: str, rows: dict[str, Any]
) -> None:
    """Few of them cost a part of the score, which all of them together would not bring under the gate."""
    offered = {"listings": (listing(1000, ticket_count=1000),), "sales": _wrong(0)}
    run_id = stage(redshift, good().but(**offered | rows))

    found = results(redshift, run_id)[rule]
    assert (found.severity, found.passed) == ("CRITICAL", False)
    with pytest.raises(PublishFailed, match="failed its audit"):
        publish(redshift, PIPELINE, run_id, 1)


def test_a_few_sales_with_wrong_money_are_published_and_told_of(redshift: DirectRedshift) -> None:
    sales = _wrong(5, commission=Decimal("0.00"))
    run_id = stage(redshift, good().but(listings=(listing(1000, ticket_count=1000),), sales=sales))

    found = audit(redshift, run_id)
    assert [(each.name, each.severity, each.failed_rows) for each in found.failing] == [
        ("sale_commission_rate", "HIGH", 5)
    ]
    assert publish(redshift, PIPELINE, run_id, 1)


def test_users_that_are_gone_block_publication(redshift: DirectRedshift) -> None:
    load(redshift, good().but(users=tuple({"user_id": number} for number in range(1, 8))))

    _blocks(redshift, stage(redshift, good(D2), accepts_drop=False), "row_count_drop")


def test_a_drop_that_is_meant_is_published(redshift: DirectRedshift) -> None:
    load(redshift, _many(D1, 5))
    load(redshift, _many(D2, 2))

    assert redshift.execute("SELECT COUNT(*) AS n FROM tickit.fact_sales") == [{"n": 2}]


def test_an_older_day_may_have_less_as_it_changes_nothing(redshift: DirectRedshift) -> None:
    load(redshift, _many(D2, 5))
    run_id = stage(redshift, _many(D1, 2), accepts_drop=False)
    audit(redshift, run_id, gate=100)
    publish(redshift, PIPELINE, run_id, 1)

    assert redshift.execute("SELECT COUNT(*) AS n FROM tickit.fact_sales") == [{"n": 5}]
    assert quality.read_audit(redshift, run_id, "star").failing == ()


def _ask_star(redshift: DirectRedshift, run_id: str) -> dict[str, int]:
    """What the star's rules say of a run that is staged and was not merged."""
    redshift.execute(
        "CALL etl.sp_data_quality_checks(CAST(:run_id AS VARCHAR(128)), 'star', CAST('0' AS DECIMAL(5, 2)))",
        {"run_id": run_id},
    )
    found = quality.read_audit(redshift, run_id, "star")
    return {result.name: result.failed_rows for result in found.failing}


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
        redshift.insert("tickit.dim_venue", kept)  # nobody makes it again
    assert {found.name: found.failed_rows for found in failure.value.result.failing}[rule] == failed_rows


@pytest.mark.parametrize(("fact", "thing"), [("fact_sales", "sale"), ("fact_listings", "listing")])
def test_a_row_that_is_there_twice_is_found(redshift: DirectRedshift, fact: str, thing: str) -> None:
    load(redshift, good())
    redshift.insert(f"tickit.{fact}", redshift.execute(f"SELECT * FROM tickit.{fact} WHERE seller_id = 1"))

    with pytest.raises(StarIsDamaged) as failure:
        check_star(redshift, PIPELINE)
    assert {found.name: found.failed_rows for found in failure.value.result.failing} == {
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
