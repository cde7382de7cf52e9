"""The searchable attributes of an event, venue or attraction, without its JSON.

Both the generated world and raw records use these classes, so that one set of filters serves both.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .taxonomy import Term


@dataclass(slots=True, eq=False)
class Venue:
    """A venue. `country_code` is the code in its JSON (or None), `indexed_country` the one that the filter matches."""

    id: str
    name: str
    city: str
    state_code: str | None
    country_code: str | None
    indexed_country: str | None
    postal_code: str | None
    zone: str | None
    dmas: tuple[int, ...]
    markets: tuple[str, ...]
    position: tuple[float, float] | None
    locale: str = "en-us"
    test: bool = False
    source: str = "ticketmaster"


@dataclass(slots=True, eq=False)
class Attraction:
    """An attraction."""

    id: str
    name: str
    terms: tuple[Term, ...]
    locale: str = "en-us"
    test: bool = False
    source: str = "ticketmaster"


@dataclass(slots=True, eq=False)
class Event:
    """An event on one day.

    `starts` is in epoch seconds UTC; None while the date is to be announced. An event without a time starts at the
    venue's midnight. `venue_ids` and `attraction_ids` contain all ids in its `_links`, embedded or not. All listings of
    one show have the same `show`; it is None for an event that is not a show, or if it is unknown.
    """

    id: str
    name: str
    starts: int | None
    local_start: str | None
    tba: bool
    tbd: bool
    on_sale: tuple[int, int] | None
    venue: Venue | None
    venue_ids: tuple[str, ...]
    attraction_ids: tuple[str, ...]
    terms: tuple[Term, ...]
    indexed_country: str | None
    promoter_id: str | None
    locale: str
    test: bool
    source: str
    family: bool
    show: str | None = field(default=None, kw_only=True)
