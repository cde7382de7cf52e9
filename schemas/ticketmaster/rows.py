"""The curated tables of the Ticketmaster Discovery API, third normal form."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from schemas.contract import CuratedRow
from schemas.types import (
    BigInteger,
    Date,
    Id,
    Integer,
    Label,
    Latitude,
    LocalTimestamp,
    Longitude,
    Money,
    Name,
    Text,
    Url,
    UtcTimestamp,
)

Short = Annotated[str, Text(16)]
Word = Annotated[str, Text(64)]
Prose = Annotated[str, Text(16000)]


class EventRow(CuratedRow):
    """One event as the Discovery API shows it, tests, repeated listings and non-shows included (see the flags)."""

    table: ClassVar[str] = "events"
    key: ClassVar[tuple[str, ...]] = ("event_id",)

    event_id: Id = Field(description="Discovery id, case sensitive.")
    name: Name | None = Field(None, description="Name as sent.")
    url: Url | None = Field(None, description="Page where tickets are sold; holds another id than event_id.")
    locale: Short | None = Field(None, description="Locale of the texts, such as en-us.")
    is_test: bool = Field(description="Marked as a test by the source.")
    status: Short | None = Field(
        None, description="onsale, offsale, cancelled, postponed or rescheduled; anything else as sent, lower case."
    )
    start_date: Date | None = Field(None, description="Date at the venue; null while to be announced.")
    start_local_at: LocalTimestamp | None = Field(None, description="Start at the venue; null when no time is known.")
    start_at: UtcTimestamp | None = Field(None, description="Start, UTC; null when no time is known.")
    timezone: Word | None = Field(
        None, description="IANA zone of the start: the event's, else its venue's; null when none sent exists."
    )
    start_source: Short | None = Field(
        None,
        description="What the start follows from: both (local and UTC as sent), local or utc (the other is derived by "
        "the zone), date (no time is known).",
    )
    start_conflict: Short | None = Field(
        None,
        description="What contradicted it, or null: unknown_zone (no zone of that name), other_zone (only the venue's "
        "zone fits), time (local and UTC over 15 minutes and under a day apart: local is believed), date (further "
        "apart: UTC is believed, or local where no zone is known).",
    )
    is_date_tba: bool = Field(description="Date to be announced.")
    is_date_tbd: bool = Field(description="Date to be determined.")
    is_time_tba: bool = Field(description="Time to be announced.")
    has_no_specific_time: bool = Field(description="Takes place at no specific time of the day.")
    end_date: Date | None = Field(None, description="Date of the end at the venue.")
    end_local_at: LocalTimestamp | None = Field(None, description="End at the venue.")
    end_at: UtcTimestamp | None = Field(None, description="End, UTC.")
    is_end_approximate: bool | None = Field(None, description="The end is a guess of the source.")
    initial_start_date: Date | None = Field(None, description="Date at the venue before it was moved.")
    initial_start_at: UtcTimestamp | None = Field(None, description="Start before it was moved, UTC.")
    spans_multiple_days: bool | None = Field(None, description="Runs over several days.")
    public_sale_start_at: UtcTimestamp | None = Field(
        None, description="Start of the public sale, UTC; the source's placeholders of the year 1900 are null."
    )
    public_sale_end_at: UtcTimestamp | None = Field(None, description="End of the public sale, UTC.")
    is_sale_start_tbd: bool | None = Field(None, description="Start of the public sale to be determined.")
    is_sale_start_tba: bool | None = Field(None, description="Start of the public sale to be announced.")
    promoter_id: Id | None = Field(None, description="Main promoter.")
    promoter_name: Name | None = Field(None, description="Name of the main promoter.")
    info: Prose | None = Field(None, description="The seller's remarks.")
    please_note: Prose | None = Field(None, description="The seller's warnings.")
    is_legal_age_enforced: bool | None = Field(None, description="For adults only.")
    ticket_limit_info: Annotated[str, Text(4000)] | None = Field(None, description="How many tickets one may buy.")
    seatmap_url: Url | None = Field(None, description="Picture of the seat map.")
    has_safetix: bool | None = Field(None, description="Tickets with a changing barcode.")
    has_all_inclusive_pricing: bool | None = Field(None, description="Prices are shown with fees.")
    doors_at: UtcTimestamp | None = Field(None, description="Doors open, UTC.")
    is_archtics: bool = Field(description="Comes from archtics, the box offices' own system: often a duplicate.")
    is_game: bool = Field(description="Its name sets two sides against each other.")
    listed_as: Word = Field(
        description="What it is by itself: show, parking, suite, pass and so on. Other listings are not looked at."
    )
    non_show_reason: Word | None = Field(None, description="Rule that says that it is no show by itself.")
    show_words: Annotated[str, Text(1000)] | None = Field(
        None, description="Words of the name that say which show it is, to find other listings of the same show."
    )


class VenueRow(CuratedRow):
    """One row per venue. The same place may have several ids."""

    table: ClassVar[str] = "venues"
    key: ClassVar[tuple[str, ...]] = ("venue_id",)
    volatile: ClassVar[frozenset[str]] = frozenset({"url", "locale", "state_name", "country_name", "upcoming_events"})

    venue_id: Id = Field(description="Id at the source, case sensitive; the same place may have several.")
    name: Name | None = Field(None, description="Name as sent; missing on a few.")
    url: Url | None = Field(None, description="Page of the venue; it differs from site to site.")
    locale: Short | None = Field(None, description="Locale of the texts.")
    is_test: bool = Field(description="Marked as a test by the source.")
    address_line1: Annotated[str, Text(500)] | None = Field(None, description="Street address.")
    address_line2: Annotated[str, Text(500)] | None = Field(None, description="Second line of the address.")
    city: Label | None = Field(None, description="City.")
    state_code: Short | None = Field(
        None, description="State or province: United States, Canada, Mexico and Australia only."
    )
    state_name: Label | None = Field(None, description="Name of the state or province, in the language of locale.")
    country_code: Annotated[str, Text(2)] | None = Field(None, description="ISO 3166-1 alpha-2, CAN made CA.")
    country_name: Label | None = Field(None, description="Name of the country, in the language of locale.")
    postal_code: Annotated[str, Text(32)] | None = Field(None, description="Postal code.")
    timezone: Word | None = Field(None, description="IANA time zone.")
    latitude: Latitude | None = Field(None, description="Degrees north; null when unknown, as for the placeholder 0,0.")
    longitude: Longitude | None = Field(
        None, description="Degrees east; null when unknown, as for the placeholder 0,0."
    )
    currency: Annotated[str, Text(3)] | None = Field(None, description="ISO 4217.")
    upcoming_events: BigInteger | None = Field(None, description="Events to come at the venue, by all sellers.")


class AttractionRow(CuratedRow):
    """One row per attraction: artist, team or show."""

    table: ClassVar[str] = "attractions"
    key: ClassVar[tuple[str, ...]] = ("attraction_id",)
    volatile: ClassVar[frozenset[str]] = frozenset(
        {"url", "locale", "segment_name", "genre_name", "subgenre_name", "type_name", "subtype_name", "upcoming_events"}
    )

    attraction_id: Id = Field(description="Id at the source, case sensitive.")
    name: Name | None = Field(None, description="Name as sent; not unique.")
    url: Url | None = Field(None, description="Page of the attraction; it differs from site to site.")
    locale: Short | None = Field(None, description="Locale of the texts.")
    is_test: bool = Field(description="Marked as a test by the source.")
    segment_id: Id | None = Field(None, description="Segment of the primary classification.")
    genre_id: Id | None = Field(None, description="Genre of the primary classification.")
    subgenre_id: Id | None = Field(None, description="Subgenre of the primary classification.")
    type_id: Id | None = Field(None, description="Type of the primary classification.")
    subtype_id: Id | None = Field(None, description="Subtype of the primary classification.")
    segment_name: Label | None = Field(None, description="Name of the segment as sent, in the sender's language.")
    genre_name: Label | None = Field(None, description="Name of the genre, likewise.")
    subgenre_name: Label | None = Field(None, description="Name of the subgenre, likewise.")
    type_name: Label | None = Field(None, description="Name of the type, likewise.")
    subtype_name: Label | None = Field(None, description="Name of the subtype, likewise.")
    homepage_url: Url | None = Field(None, description="First homepage among the external links.")
    musicbrainz_id: Word | None = Field(None, description="First MusicBrainz id among the external links.")
    upcoming_events: BigInteger | None = Field(None, description="Events to come, by all sellers.")


class ClassificationRow(CuratedRow):
    """One element of the classification tree's top: a segment or a type."""

    table: ClassVar[str] = "classifications"
    key: ClassVar[tuple[str, ...]] = ("classification_id",)

    classification_id: Id = Field(description="Id of the segment or type.")
    kind: Short = Field(description="segment or type.")
    name: Label | None = Field(None, description="Name; Undefined is one of them.")
    is_family: bool | None = Field(None, description="For families.")
    locale: Short | None = Field(None, description="Locale of the name.")


class GenreRow(CuratedRow):
    """One genre of a segment."""

    table: ClassVar[str] = "genres"
    key: ClassVar[tuple[str, ...]] = ("genre_id",)

    genre_id: Id = Field(description="Id of the genre.")
    segment_id: Id = Field(description="Segment it belongs to.")
    name: Label | None = Field(None, description="Name.")


class SubgenreRow(CuratedRow):
    """One subgenre of a genre."""

    table: ClassVar[str] = "subgenres"
    key: ClassVar[tuple[str, ...]] = ("subgenre_id",)

    subgenre_id: Id = Field(description="Id of the subgenre.")
    genre_id: Id = Field(description="Genre it belongs to.")
    name: Label | None = Field(None, description="Name.")


class SubtypeRow(CuratedRow):
    """One subtype of a type."""

    table: ClassVar[str] = "subtypes"
    key: ClassVar[tuple[str, ...]] = ("subtype_id",)

    subtype_id: Id = Field(description="Id of the subtype.")
    type_id: Id = Field(description="Type it belongs to.")
    name: Label | None = Field(None, description="Name.")


class MarketRow(CuratedRow):
    """One row per market, a region that is sold to as one."""

    table: ClassVar[str] = "markets"
    key: ClassVar[tuple[str, ...]] = ("market_id",)

    market_id: Id = Field(description="Id at the source: a number, as text.")
    name: Label | None = Field(
        None, description="Name, such as New York/Tri-State Area; the source cuts some at a comma."
    )


class VenueMarketRow(CuratedRow):
    """A market that a venue is in."""

    table: ClassVar[str] = "venue_markets"
    key: ClassVar[tuple[str, ...]] = ("venue_id", "market_id")

    venue_id: Id = Field(description="The venue.")
    market_id: Id = Field(description="The market.")
    position: Integer = Field(description="Place in the source's list, from 0.")


class VenueDmaRow(CuratedRow):
    """A designated market area (DMA) that a venue is in. The tagging is dirty."""

    table: ClassVar[str] = "venue_dmas"
    key: ClassVar[tuple[str, ...]] = ("venue_id", "dma_id")

    venue_id: Id = Field(description="The venue.")
    dma_id: BigInteger = Field(description="Number of the area.")


class EventVenueRow(CuratedRow):
    """A venue of an event, embedded or only linked to."""

    table: ClassVar[str] = "event_venues"
    key: ClassVar[tuple[str, ...]] = ("event_id", "venue_id")

    event_id: Id = Field(description="The event.")
    venue_id: Id = Field(description="The venue.")
    position: Integer = Field(description="Place in the source's list, from 0.")


class EventAttractionRow(CuratedRow):
    """An attraction of an event, embedded or only linked to."""

    table: ClassVar[str] = "event_attractions"
    key: ClassVar[tuple[str, ...]] = ("event_id", "attraction_id")

    event_id: Id = Field(description="The event.")
    attraction_id: Id = Field(description="The attraction.")
    position: Integer = Field(description="Place in the source's list, from 0: 0 is the main attraction.")


class EventClassificationRow(CuratedRow):
    """A classification of an event."""

    table: ClassVar[str] = "event_classifications"
    key: ClassVar[tuple[str, ...]] = ("event_id", "position")

    event_id: Id = Field(description="The event.")
    position: Integer = Field(description="Place in the source's list, from 0.")
    is_primary: bool = Field(description="The event's main classification: one an event.")
    segment_id: Id | None = Field(None, description="Segment.")
    segment_name: Label | None = Field(None, description="Name of the segment as sent, in the sender's language.")
    genre_id: Id | None = Field(None, description="Genre.")
    genre_name: Label | None = Field(None, description="Name of the genre, likewise.")
    subgenre_id: Id | None = Field(None, description="Subgenre; may be missing in the tree.")
    subgenre_name: Label | None = Field(None, description="Name of the subgenre, likewise.")
    type_id: Id | None = Field(None, description="Type.")
    type_name: Label | None = Field(None, description="Name of the type, likewise.")
    subtype_id: Id | None = Field(None, description="Subtype.")
    subtype_name: Label | None = Field(None, description="Name of the subtype, likewise.")
    is_family: bool | None = Field(None, description="For families.")


class EventPriceRangeRow(CuratedRow):
    """A range of prices of an event. Rarely sent since 2025."""

    table: ClassVar[str] = "event_price_ranges"
    key: ClassVar[tuple[str, ...]] = ("event_id", "position")

    event_id: Id = Field(description="The event.")
    position: Integer = Field(description="Place in the source's list, from 0.")
    price_type: Word | None = Field(
        None, description="standard, standard including fees, or another as sent, lower case."
    )
    currency: Annotated[str, Text(3)] | None = Field(None, description="ISO 4217.")
    price_min: Money | None = Field(None, description="Cheapest ticket, in the currency.")
    price_max: Money | None = Field(None, description="Dearest ticket, in the currency.")


class EventPresaleRow(CuratedRow):
    """A sale to some before the public sale."""

    table: ClassVar[str] = "event_presales"
    key: ClassVar[tuple[str, ...]] = ("event_id", "position")

    event_id: Id = Field(description="The event.")
    position: Integer = Field(description="Place in the source's list, from 0.")
    name: Annotated[str, Text(500)] | None = Field(None, description="Name.")
    start_at: UtcTimestamp | None = Field(None, description="Start, UTC.")
    end_at: UtcTimestamp | None = Field(None, description="End, UTC.")


class EventPromoterRow(CuratedRow):
    """A promoter of an event."""

    table: ClassVar[str] = "event_promoters"
    key: ClassVar[tuple[str, ...]] = ("event_id", "promoter_id")

    event_id: Id = Field(description="The event.")
    promoter_id: Id = Field(description="The promoter.")
    position: Integer = Field(description="Place in the source's list, from 0.")
    name: Name | None = Field(None, description="Name.")


class EventProductRow(CuratedRow):
    """Something sold beside an event: parking, upsells, VIP."""

    table: ClassVar[str] = "event_products"
    key: ClassVar[tuple[str, ...]] = ("event_id", "product_id")

    event_id: Id = Field(description="The event.")
    product_id: Id = Field(description="The product.")
    position: Integer = Field(description="Place in the source's list, from 0.")
    name: Name | None = Field(None, description="Name.")
    product_type: Word | None = Field(None, description="Upsell, Parking, VIP, Special Entry, …")
    url: Url | None = Field(None, description="Page where it is sold.")


ROWS: tuple[type[CuratedRow], ...] = (
    EventRow,
    VenueRow,
    AttractionRow,
    ClassificationRow,
    GenreRow,
    SubgenreRow,
    SubtypeRow,
    MarketRow,
    VenueMarketRow,
    VenueDmaRow,
    EventVenueRow,
    EventAttractionRow,
    EventClassificationRow,
    EventPriceRangeRow,
    EventPresaleRow,
    EventPromoterRow,
    EventProductRow,
)
