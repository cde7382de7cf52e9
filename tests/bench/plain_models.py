"""The models of the plain way: an event as the API sends it, read by pydantic."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Part(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)


class Named(Part):
    id: str | None = None
    name: str | None = None


class Tag(Part):
    primary: bool | None = None
    segment: Named | None = None
    genre: Named | None = None
    sub_genre: Named | None = None
    type: Named | None = None
    sub_type: Named | None = None
    family: bool | None = None


class Moment(Part):
    local_date: date | None = None
    local_time: time | None = None
    date_time: datetime | None = None
    no_specific_time: bool | None = None
    date_tbd: bool | None = Field(None, alias="dateTBD")
    date_tba: bool | None = Field(None, alias="dateTBA")
    time_tba: bool | None = Field(None, alias="timeTBA")
    approximate: bool | None = None


class Status(Part):
    code: str | None = None


class Dates(Part):
    start: Moment = Moment()
    end: Moment | None = None
    initial_start_date: Moment | None = None
    timezone: str | None = None
    status: Status | None = None
    span_multiple_days: bool | None = None


class Sale(Part):
    name: str | None = None
    start_date_time: datetime | None = None
    end_date_time: datetime | None = None
    start_tbd: bool | None = Field(None, alias="startTBD")
    start_tba: bool | None = Field(None, alias="startTBA")


class Sales(Part):
    public: Sale | None = None
    presales: list[Sale] | None = None


class PriceRange(Part):
    type: str | None = None
    currency: str | None = None
    min: Decimal | None = None
    max: Decimal | None = None


class Product(Part):
    id: str
    name: str | None = None
    type: str | None = None
    url: str | None = None


class Switch(Part):
    enabled: bool | None = None


class Ticketing(Part):
    safe_tix: Switch | None = None
    all_inclusive_pricing: Switch | None = None


class AgeRestrictions(Part):
    legal_age_enforced: bool | None = None


class TicketLimit(Part):
    info: str | None = None


class Seatmap(Part):
    static_url: str | None = None


class Link(Part):
    href: str


class Links(Part):
    venues: list[Link] | None = None
    attractions: list[Link] | None = None


class State(Part):
    name: str | None = None
    state_code: str | None = None


class Country(Part):
    name: str | None = None
    country_code: str | None = None


class Address(Part):
    line1: str | None = None
    line2: str | None = None


class Location(Part):
    latitude: float | None = None
    longitude: float | None = None


class Dma(Part):
    id: int


class Upcoming(Part):
    total: int | None = Field(None, alias="_total")


class Venue(Part):
    id: str
    name: str | None = None
    url: str | None = None
    locale: str | None = None
    test: bool | None = None
    postal_code: str | None = None
    timezone: str | None = None
    city: Named | None = None
    state: State | None = None
    country: Country | None = None
    address: Address | None = None
    location: Location | None = None
    currency: str | None = None
    markets: list[Named] | None = None
    dmas: list[Dma] | None = None
    upcoming_events: Upcoming | None = None


class ExternalLink(Part):
    id: str | None = None
    url: str | None = None


class ExternalLinks(Part):
    homepage: list[ExternalLink] | None = None
    musicbrainz: list[ExternalLink] | None = None


class Attraction(Part):
    id: str
    name: str | None = None
    url: str | None = None
    locale: str | None = None
    test: bool | None = None
    classifications: list[Tag] | None = None
    external_links: ExternalLinks | None = None
    upcoming_events: Upcoming | None = None


class Embedded(Part):
    venues: list[Venue] = []
    attractions: list[Attraction] = []


class Event(Part):
    id: str
    name: str | None = None
    url: str | None = None
    locale: str | None = None
    test: bool | None = None
    dates: Dates = Dates()
    sales: Sales | None = None
    classifications: list[Tag] | None = None
    promoter: Named | None = None
    promoters: list[Named] | None = None
    price_ranges: list[PriceRange] | None = None
    products: list[Product] | None = None
    info: str | None = None
    please_note: str | None = None
    age_restrictions: AgeRestrictions | None = None
    ticket_limit: TicketLimit | None = None
    ticketing: Ticketing | None = None
    seatmap: Seatmap | None = None
    doors_times: Moment | None = None
    links: Links | None = Field(None, alias="_links")
    embedded: Embedded | None = Field(None, alias="_embedded")
