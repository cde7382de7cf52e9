"""What the search knows of an event, venue or attraction: compact facets, without the JSON that is sent.

Both the generated world and raw records are searched through these, so that one set of filters serves both.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .taxonomy import Term


@dataclass(slots=True, eq=False)
class Venue:
    """A venue's facets. `country_code` is what its JSON says (or None), `indexed_country` what the filter matches."""

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
    """An attraction's facets."""

    id: str
    name: str
    terms: tuple[Term, ...]
    locale: str = "en-us"
    test: bool = False
    source: str = "ticketmaster"


@dataclass(slots=True, eq=False)
class Event:
    """An event's facets on one day.

    `starts` is in epoch seconds UTC, None while the date is to be announced; an event without a time counts from the
    venue's midnight. `venue_ids` and `attraction_ids` hold every id that its `_links` name, embedded or not. `show`
    says which show it is a listing of: listings of one show have the same, what is no show, or not known, has None.
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
