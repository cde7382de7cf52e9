"""The curated tables of TICKIT, a ticket resale in the year 2008.

The sample has no time zones. The start of an event is local time at the venue. Listings and sales have the time of the
marketplace's clock, which is treated as UTC so that their day is the day in the files. All money is in US dollars,
exact.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import Field

from schemas.contract import CuratedRow
from schemas.types import Amount, ByteText, Date, Integer, LocalTimestamp, UtcTimestamp

Code = Annotated[str, ByteText(2)]
City = Annotated[str, ByteText(30)]
Dollars = Annotated[Decimal, Amount(8)]


class UserRow(CuratedRow):
    """One row per user (buyer, seller or both), without data that identifies the person (see user_contacts)."""

    table: ClassVar[str] = "users"
    key: ClassVar[tuple[str, ...]] = ("user_id",)

    user_id: Integer = Field(description="Number of the user at the source.")
    city: City | None = Field(None, description="City as sent; in the published files it does not match the state.")
    state: Code | None = Field(
        None,
        description="State or province, postal code in upper case; in the published files it does not match the city.",
    )
    likes_sports: bool | None = Field(None, description="Likes sports; null if unknown.")
    likes_theatre: bool | None = Field(None, description="Likes theatre; null if unknown.")
    likes_concerts: bool | None = Field(None, description="Likes concerts; null if unknown.")
    likes_jazz: bool | None = Field(None, description="Likes jazz; null if unknown.")
    likes_classical: bool | None = Field(None, description="Likes classical music; null if unknown.")
    likes_opera: bool | None = Field(None, description="Likes opera; null if unknown.")
    likes_rock: bool | None = Field(None, description="Likes rock; null if unknown.")
    likes_vegas: bool | None = Field(None, description="Likes Las Vegas shows; null if unknown.")
    likes_broadway: bool | None = Field(None, description="Likes Broadway shows; null if unknown.")
    likes_musicals: bool | None = Field(None, description="Likes musicals; null if unknown.")


class UserContactRow(CuratedRow):
    """One row per user: name and contact data.

    Personal data, kept separate from other data about users. Not for analysts: they read v_users_masked.
    """

    table: ClassVar[str] = "user_contacts"
    key: ClassVar[tuple[str, ...]] = ("user_id",)

    user_id: Integer = Field(description="Number of the user, as in the users.")
    username: Annotated[str, ByteText(8)] | None = Field(None, description="Login name. Personal data.")
    first_name: Annotated[str, ByteText(30)] | None = Field(None, description="Given name. Personal data.")
    last_name: Annotated[str, ByteText(30)] | None = Field(None, description="Family name. Personal data.")
    email: Annotated[str, ByteText(100)] | None = Field(None, description="E-mail address. Personal data.")
    phone: Annotated[str, ByteText(14)] | None = Field(None, description="Phone number. Personal data.")


class VenueRow(CuratedRow):
    """One row per venue."""

    table: ClassVar[str] = "venues"
    key: ClassVar[tuple[str, ...]] = ("venue_id",)

    venue_id: Integer = Field(description="Number of the venue at the source.")
    name: Annotated[str, ByteText(100)] | None = Field(
        None, description="Name as sent; not unique: two opera houses share one."
    )
    city: City | None = Field(None, description="City.")
    state: Code | None = Field(None, description="State or province, postal code in upper case.")
    country: Code | None = Field(
        None, description="ISO 3166-1 alpha-2, derived from the state: CA or US; null for any other state."
    )
    seats: Integer | None = Field(None, description="Seats; null if unknown, which is \\N or 0 in the file.")


class CategoryRow(CuratedRow):
    """One row per category of events. Only four of the eleven have events."""

    table: ClassVar[str] = "categories"
    key: ClassVar[tuple[str, ...]] = ("category_id",)

    category_id: Integer = Field(description="Number of the category at the source.")
    category_group: Annotated[str, ByteText(10)] | None = Field(None, description="Sports, Shows or Concerts.")
    name: Annotated[str, ByteText(10)] | None = Field(None, description="Short name, such as Musicals.")
    long_name: Annotated[str, ByteText(50)] | None = Field(None, description="Long name.")


class DateRow(CuratedRow):
    """One row per day of the source's own calendar, with its attributes as sent. The other files use its numbers.

    All columns except the day and its holiday can be wrong: facts join common.dim_date instead.
    """

    table: ClassVar[str] = "dates"
    key: ClassVar[tuple[str, ...]] = ("date_id",)

    date_id: Integer = Field(description="Number of the day at the source; 29 February 2008 has none.")
    calendar_date: Date = Field(description="The day.")
    is_holiday: bool | None = Field(None, description="A public holiday in the US, as sent.")
    sent_weekday: Annotated[str, ByteText(3)] | None = Field(
        None, description="Weekday as sent (MO, TU, …): one day late until 28 February 2008."
    )
    sent_week: Integer | None = Field(
        None, description="Week as sent; begins on the day sent as SA; wrong on 31 October 2008."
    )
    sent_month: Annotated[str, ByteText(5)] | None = Field(None, description="Month as sent (JAN, FEB, …).")
    sent_quarter: Annotated[str, ByteText(5)] | None = Field(None, description="Quarter as sent, 1 to 4.")
    sent_year: Integer | None = Field(None, description="Year as sent.")


class EventRow(CuratedRow):
    """One row per event at one venue."""

    table: ClassVar[str] = "events"
    key: ClassVar[tuple[str, ...]] = ("event_id",)

    event_id: Integer = Field(description="Number of the event at the source.")
    venue_id: Integer | None = Field(
        None, description="Number of the event's venue, which may not exist; null if the event has none."
    )
    category_id: Integer | None = Field(None, description="Number of the category.")
    date_id: Integer | None = Field(
        None, description="Number of the event's day at the venue; this is the correct day."
    )
    name: Annotated[str, ByteText(200)] | None = Field(
        None, description="Name as sent; shared by the events of a tour."
    )
    start_local_at: LocalTimestamp | None = Field(
        None,
        description="Local start at the venue as sent. Its time is correct; its day is 1 May 2008 for most events of "
        "that May, so take the day from date_id.",
    )


class ListingRow(CuratedRow):
    """One row per listing: tickets for one event that a seller offers together."""

    table: ClassVar[str] = "listings"
    key: ClassVar[tuple[str, ...]] = ("listing_id",)

    listing_id: Integer = Field(description="Number of the listing at the source; numbers have gaps.")
    seller_id: Integer = Field(description="Number of the seller, who may not exist.")
    event_id: Integer = Field(description="Number of the event, which may not exist.")
    date_id: Integer = Field(description="Number of the day when the tickets were listed.")
    ticket_count: Integer = Field(description="Tickets offered.")
    price_per_ticket: Dollars = Field(description="Asking price of one ticket, US dollars.")
    total_price: Dollars = Field(description="Asking price of all tickets together, US dollars, as sent.")
    listed_at: UtcTimestamp | None = Field(
        None,
        description="When the tickets were listed, by the marketplace's clock; its zone is unknown and treated as UTC.",
    )


class SaleRow(CuratedRow):
    """One row per sale: tickets of one listing, sold to one buyer in one transaction."""

    table: ClassVar[str] = "sales"
    key: ClassVar[tuple[str, ...]] = ("sale_id",)

    sale_id: Integer = Field(description="Number of the sale at the source; numbers have gaps.")
    listing_id: Integer = Field(description="Number of the listing with the tickets.")
    seller_id: Integer = Field(description="Number of the seller, who may not exist.")
    buyer_id: Integer = Field(description="Number of the buyer, who may not exist.")
    event_id: Integer = Field(description="Number of the event, which may not exist.")
    date_id: Integer = Field(description="Number of the day of the sale.")
    quantity_sold: Integer = Field(description="Tickets sold.")
    price_paid: Dollars = Field(
        description="Price of all tickets of the sale together, US dollars: its sum is revenue."
    )
    commission: Dollars = Field(description="The marketplace's share of price_paid (15 %), US dollars, as sent.")
    sold_at: UtcTimestamp | None = Field(
        None,
        description="When the tickets were sold, by the marketplace's clock; its zone is unknown and treated as UTC.",
    )


ROWS: tuple[type[CuratedRow], ...] = (
    UserRow,
    UserContactRow,
    VenueRow,
    CategoryRow,
    DateRow,
    EventRow,
    ListingRow,
    SaleRow,
)
