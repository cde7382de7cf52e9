"""Loads that pass every rule of the resale's star, and what its rules report."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.fixtures.warehouse import DirectRedshift
from tests.warehouse.tickit.files import Files, event, listing, sale, sent_date
from warehouse.quality import QualityGateFailed, RuleResult, audit

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
        summary = audit(redshift, run_id, 0)
    except QualityGateFailed as failure:
        summary = failure.result
    return {result.name: result for result in summary.results}


def failing(redshift: DirectRedshift, run_id: str) -> set[str]:
    return {name for name, result in results(redshift, run_id).items() if not result.passed}
