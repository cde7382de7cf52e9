"""What keeps a load of the resale from its star, and what is published with a warning."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.fixtures.warehouse import DirectRedshift
from tests.warehouse.tickit.files import PIPELINE, Files, contents, event, listing, load, sale, sent_date, stage
from tests.warehouse.tickit.quality import D1, D2, NEW_YEAR, failing, good, results
from warehouse import quality
from warehouse.publish import PublishFailed, publish
from warehouse.quality import QualityGateFailed, audit


def _blocks(redshift: DirectRedshift, run_id: str, rule: str) -> None:
    """Nothing but this rule fails; it alone keeps the load from readers, whatever the gate."""
    before = contents(redshift)
    with pytest.raises(QualityGateFailed) as failure:
        audit(redshift, run_id, gate=0)
    assert [result.name for result in failure.value.result.failing] == [rule]
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
    result = results(redshift, run_id)["row_count_drop"]
    assert (result.severity, result.failed_rows, result.passed) == ("CRITICAL", 4, False)
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

    result = results(redshift, run_id)["days_known"]
    assert (result.severity, result.failed_rows, result.total_rows) == ("CRITICAL", 6, 6)
    with pytest.raises(PublishFailed, match="failed its audit"):
        publish(redshift, PIPELINE, run_id, 1)


def _wrong(count: int, **fault: Any) -> tuple[dict[str, Any], ...]:
    """A hundred sales of a listing; `count` of them have a fault."""
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

    result = results(redshift, run_id)[rule]
    assert (result.severity, result.passed) == ("CRITICAL", False)
    with pytest.raises(PublishFailed, match="failed its audit"):
        publish(redshift, PIPELINE, run_id, 1)


def test_a_few_sales_with_wrong_money_are_published_and_told_of(redshift: DirectRedshift) -> None:
    sales = _wrong(5, commission=Decimal("0.00"))
    run_id = stage(redshift, good().but(listings=(listing(1000, ticket_count=1000),), sales=sales))

    summary = audit(redshift, run_id)
    assert [(result.name, result.severity, result.failed_rows) for result in summary.failing] == [
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
