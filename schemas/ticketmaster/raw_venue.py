"""A raw venue, embedded in an event or looked up by id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field, StringConstraints

from schemas.contract import CuratedRow
from schemas.raw import First, RawPart, RawRecord, every
from schemas.ticketmaster import normalise
from schemas.ticketmaster.parts import Market, Upcoming, distinct
from schemas.ticketmaster.rows import MarketRow, VenueDmaRow, VenueMarketRow, VenueRow
from schemas.types import (
    BigInteger,
    Id,
    Latitude,
    Longitude,
    NumberOrText,
    Opaque,
    OpaqueList,
    Text,
    Tidy,
    Url,
    WrittenLabel,
    WrittenName,
)

MOST_MARKETS = 60
"""The most markets of a venue: the star keeps their ids, of at most 64 characters, in one text of 4,000 bytes."""
Blank = Annotated[str, StringConstraints(pattern=r"^\s*$")]
DegreesNorth = Annotated[Latitude | Blank | None, Field(union_mode="left_to_right")]
DegreesEast = Annotated[Longitude | Blank | None, Field(union_mode="left_to_right")]
"""Degrees as text; blank means unknown."""


class City(RawPart):
    """The city."""

    name: WrittenLabel | None = None


class State(RawPart):
    """State or province."""

    name: WrittenLabel | None = None
    state_code: Annotated[str, Tidy(16)] | None = None


class Country(RawPart):
    """The country; the code is alpha-2, for some archtics venues alpha-3."""

    name: WrittenLabel | None = None
    country_code: Annotated[str, Tidy(64)] | None = None


class Address(RawPart):
    """The street address; may be empty."""

    line1: Annotated[str, Tidy(500)] | None = None
    line2: Annotated[str, Tidy(500)] | None = None
    line3: Opaque = None


class Location(RawPart):
    """The coordinates, in degrees as text."""

    latitude: DegreesNorth = None
    longitude: DegreesEast = None


class Dma(RawPart):
    """A designated market area."""

    model_config = ConfigDict(extra="ignore")
    id: BigInteger | None = None


class RawVenue(RawRecord):
    """A venue as the Discovery API sends it. Only the id is always present."""

    entity: ClassVar[str] = "venues"

    id: Id
    type: Literal["venue"] = "venue"
    name: WrittenName | None = None
    url: Url | None = None
    locale: Annotated[str, Text(16)] | None = None
    test: bool | None = None
    postal_code: NumberOrText | None = None
    timezone: Annotated[str, Tidy(64)] | None = None
    city: City | None = None
    state: State | None = None
    country: Country | None = None
    address: Address | None = None
    location: Location | None = None
    currency: Annotated[str, Text(3)] | None = None
    markets: Annotated[list[Market], Field(max_length=MOST_MARKETS)] | None = None
    dmas: list[Dma] | None = None
    upcoming_events: Upcoming | None = None
    accessible_seating_detail: Opaque = None
    ada: Opaque = None
    additional_info: Opaque = None
    aliases: Opaque = None
    box_office_info: Opaque = None
    description: Opaque = None
    distance: Opaque = None
    external_links: Opaque = None
    general_info: Opaque = None
    images: OpaqueList = None
    links: Opaque = Field(None, alias="_links")
    name_origin: Opaque = None
    parking_detail: Opaque = None
    social: Opaque = None
    units: Opaque = None

    def to_rows(self, first: First = every) -> Iterator[CuratedRow]:
        """The venue, its markets and areas; no row if the venue is known already."""
        if not first(VenueRow, self.id):
            return
        yield self._row()
        for position, market in enumerate(distinct(self.markets)):
            if market.id:
                yield VenueMarketRow(venue_id=self.id, market_id=market.id, position=position)
                if first(MarketRow, market.id):
                    yield MarketRow(market_id=market.id, name=normalise.market_name(market.name))
        for dma_id in normalise.distinct(dma.id for dma in self.dmas or ()):
            yield VenueDmaRow(venue_id=self.id, dma_id=dma_id)

    def _row(self) -> VenueRow:
        city = self.city
        state = self.state
        country = self.country
        address = self.address
        latitude, longitude = (
            normalise.coordinates(self.location.latitude, self.location.longitude) if self.location else (None, None)
        )
        return VenueRow(
            venue_id=self.id,
            name=self.name,
            url=self.url,
            locale=self.locale,
            is_test=bool(self.test),
            address_line1=address.line1 if address else None,
            address_line2=address.line2 if address else None,
            city=city.name if city else None,
            state_code=state.state_code if state else None,
            state_name=state.name if state else None,
            country_code=normalise.country_code(country.country_code) if country else None,
            country_name=normalise.country_name(country.name) if country else None,
            postal_code=self.postal_code,
            timezone=self.timezone,
            latitude=latitude,
            longitude=longitude,
            currency=self.currency,
            upcoming_events=self.upcoming_events.total if self.upcoming_events else None,
        )
