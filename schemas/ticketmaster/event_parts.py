"""The parts of an event as the Discovery API sends it, each a model of its own."""

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
    """A day and a time: on the venue's wall, and in UTC."""

    local_date: WrittenDate | None = None
    local_time: WrittenTime | None = None
    date_time: WrittenInstant | None = None
    no_specific_time: bool | None = None


class Start(Moment):
    """When an event starts, and what of it is still open."""

    date_tbd: bool | None = Field(None, alias="dateTBD")
    date_tba: bool | None = Field(None, alias="dateTBA")
    time_tba: bool | None = Field(None, alias="timeTBA")


class End(Moment):
    """When an event ends."""

    approximate: bool | None = None


class Status(RawPart):
    """Whether it is sold, and takes place; may be empty."""

    code: Annotated[str, Tidy(16)] | None = None


class Dates(RawPart):
    """Everything about when."""

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
    """A sale to some before the public sale."""

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
    """Who puts the event on; the name is missing on some."""

    name: WrittenName | None = None
    description: Opaque = None


class PriceRange(RawPart):
    """What tickets cost; some hold a currency only."""

    type: Word | None = None
    currency: Annotated[str, Text(3)] | None = None
    min: Amount | None = None
    max: Amount | None = None


class Product(Identifiable):
    """Something sold beside the event."""

    name: WrittenName | None = None
    type: Word | None = None
    url: Url | None = None
    classifications: Opaque = None


class Switch(RawPart):
    """Something that is on or off."""

    enabled: bool | None = None
    in_app_only_enabled: Opaque = None


class Ticketing(RawPart):
    """How tickets are handed out and priced."""

    id: Opaque = None
    safe_tix: Switch | None = None
    all_inclusive_pricing: Switch | None = None


class AgeRestrictions(RawPart):
    """Who may come in."""

    id: Opaque = None
    legal_age_enforced: bool | None = None
    age_rule_description: Opaque = None


class TicketLimit(RawPart):
    """How many tickets one may buy: one text, or one a locale."""

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
    """HAL links: the only trace of venues and attractions that are not embedded."""

    own: Opaque = Field(None, alias="self")
    venues: list[Link] | None = None
    attractions: list[Link] | None = None


class Embedded(RawPart):
    """What comes whole with the event."""

    venues: list[RawVenue] | None = None
    attractions: list[RawAttraction] | None = None
