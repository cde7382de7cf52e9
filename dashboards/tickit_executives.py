"""The TICKIT executives' dashboard: who sells, where, when and what, and how much of what is listed."""

from __future__ import annotations

from dashboards.declarations import Chart, Dashboard, Filter, Kind

_BEST = 10
_REGIONS = (
    ("seller's state", "seller__state", "Where the sellers live."),
    ("buyer's state", "buyer__state", "Where the buyers live."),
    ("venue's state", "tickit_venue__state", "Where the events are."),
)
"""The three meanings of region. The sums of each are the same, except for what is unknown."""


def _ranking(title: str, metric: str, *by: str, note: str = "", width: int = 6) -> Chart:
    order = (f"-{metric}", by[-1])
    return Chart(title, Kind.BAR, metrics=(metric,), by=by, order=order, limit=_BEST, width=width, note=note)


def _by_region(title: str, metric: str) -> tuple[Chart, ...]:
    """A metric by state, in each meaning of region."""
    return tuple(_ranking(f"{title} by {name}", metric, state, note=note, width=4) for name, state, note in _REGIONS)


DASHBOARD = Dashboard(
    title="TICKIT executives",
    slug="tickit-executives",
    description=(
        "Who sells the most tickets, where sellers, buyers and venues are, and how sales develop. Revenue is what "
        "buyers paid, in US dollars; commission is TICKIT's part of it. A sale counts on the day of the sale, not of "
        "the event."
    ),
    filters=(
        Filter("sale__sale_date", "Date of sale"),
        Filter("category__group", "Category group"),
        Filter("category__name", "Category"),
        Filter("seller__state", "Seller's state"),
        Filter("buyer__state", "Buyer's state"),
        Filter("tickit_venue__state", "Venue's state"),
    ),
    rows=(
        (
            Chart("Revenue", Kind.NUMBER, metrics=("revenue",), width=3, note="paid by buyers"),
            Chart("Commission", Kind.NUMBER, metrics=("commission",), width=3, note="TICKIT's part of the revenue"),
            Chart("Tickets sold", Kind.NUMBER, metrics=("tickets_sold",), width=3, note="in all sales"),
            Chart(
                "Sell-through", Kind.NUMBER, metrics=("sell_through",), width=3, note="of the tickets listed were sold"
            ),
        ),
        (
            _ranking("Best sellers by tickets", "tickets_sold", "seller", "seller__label"),
            _ranking("Best sellers by revenue", "revenue", "seller", "seller__label"),
        ),
        _by_region("Revenue", "revenue"),
        _by_region("Commission", "commission"),
        (
            Chart("Revenue per month", Kind.COLUMN, metrics=("revenue",), by=("sale__sale_date__month",), width=8),
            Chart("Revenue per quarter", Kind.COLUMN, metrics=("revenue",), by=("sale__sale_date__quarter",), width=4),
        ),
        (
            _ranking("Revenue by category", "revenue", "category", "category__name"),
            _ranking("Best events by revenue", "revenue", "tickit_event", "tickit_event__label"),
        ),
        (
            _ranking("Sell-through by category", "sell_through", "category", "category__name"),
            Chart(
                "Sell-through by month of listing",
                Kind.LINE,
                metrics=("sell_through", "week_sell_through"),
                by=("listing__listed_month_start__month",),
            ),
        ),
    ),
)
