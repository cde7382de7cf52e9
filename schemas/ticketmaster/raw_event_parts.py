"""The parts of a raw event: its dates, sales, prices, tickets, links, and what it embeds."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from schemas.raw import RawPart
from schemas.ticketmaster.parts import Identifiable, Link
from schemas.ticketmaster.raw_attraction import RawAttraction
from schemas.ticketmaster.raw_venue import RawVenue
from schemas.types import (
    Opaque,
    Text,
    Tidy,
    Url,
    WrittenDate,
    WrittenInstant,
    WrittenName,
    WrittenTime,
)

Word = Annotated[str, Tidy(64)]
Prose = Annotated[str, Text(16000)]
Amount = Annotated[Decimal, Field(gt=Decimal("-1e10"), lt=Decimal("9999999999.99"), allow_inf_nan=False)]


class Moment(RawPart):
    """A day and a time: local at the venue, and in UTC."""

    local_date: WrittenDate | None = None
    local_time: WrittenTime | None = None
    date_time: WrittenInstant | None = None
    no_specific_time: bool | None = None


class Start(Moment):
    """When an event starts, and which of day and time are still open."""

    date_tbd: bool | None = Field(None, alias="dateTBD")
    date_tba: bool | None = Field(None, alias="dateTBA")
    time_tba: bool | None = Field(None, alias="timeTBA")


class End(Moment):
    """When an event ends."""

    approximate: bool | None = None


class Status(RawPart):
    """Whether tickets are sold and the event takes place; may be empty."""

    code: Annotated[str, Tidy(16)] | None = None


class Dates(RawPart):
    """All dates and times of an event."""

    start: Start | None = None
    end: End | None = None
    initial_start_date: Moment | None = None
    timezone: Word | None = None
    status: Status | None = None
    span_multiple_days: bool | None = None
    access: Opaque = None


class PublicSale(RawPart):
    """The public sale."""

    start_date_time: WrittenInstant | None = None
    end_date_time: WrittenInstant | None = None
    start_tbd: bool | None = Field(None, alias="startTBD")
    start_tba: bool | None = Field(None, alias="startTBA")


class Presale(RawPart):
    """A sale to a group of people before the public sale."""

    name: Annotated[str, Tidy(500)] | None = None
    start_date_time: WrittenInstant | None = None
    end_date_time: WrittenInstant | None = None
    description: Opaque = None
    url: Opaque = None


class Sales(RawPart):
    """When tickets are sold."""

    public: PublicSale | None = None
    presales: list[Presale] | None = None


class Promoter(Identifiable):
    """An organizer of the event; some have no name."""

    name: WrittenName | None = None
    description: Opaque = None


class PriceRange(RawPart):
    """A range of ticket prices; some have only a currency."""

    type: Word | None = None
    currency: Annotated[str, Text(3)] | None = None
    min: Amount | None = None
    max: Amount | None = None


class Product(Identifiable):
    """A product sold with the event."""

    name: WrittenName | None = None
    type: Word | None = None
    url: Url | None = None
    classifications: Opaque = None


class Switch(RawPart):
    """A setting that is on or off."""

    enabled: bool | None = None
    in_app_only_enabled: Opaque = None


class Ticketing(RawPart):
    """How tickets are delivered and priced."""

    id: Opaque = None
    safe_tix: Switch | None = None
    all_inclusive_pricing: Switch | None = None


class AgeRestrictions(RawPart):
    """Who may enter."""

    id: Opaque = None
    legal_age_enforced: bool | None = None
    age_rule_description: Opaque = None


class TicketLimit(RawPart):
    """How many tickets a person may buy: one text, or one per locale."""

    id: Opaque = None
    info: Annotated[str, Text(4000)] | None = None
    infos: dict[str, Annotated[str, Text(4000)]] | None = None


class Seatmap(RawPart):
    """The seat map."""

    id: Opaque = None
    static_url: Url | None = None


class DoorsTimes(RawPart):
    """When doors open."""

    id: Opaque = None
    local_date: WrittenDate | None = None
    local_time: WrittenTime | None = None
    date_time: WrittenInstant | None = None


class EventLinks(RawPart):
    """HAL links: the only reference to venues and attractions that aren't embedded."""

    own: Opaque = Field(None, alias="self")
    venues: list[Link] | None = None
    attractions: list[Link] | None = None


class Embedded(RawPart):
    """Objects that are embedded in the event."""

    venues: list[RawVenue] | None = None
    attractions: list[RawAttraction] | None = None
