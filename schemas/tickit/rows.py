"""The curated tables of TICKIT, the ticket resale of the year 2008.

The sample names no time zone. The start of an event is what the venue's clock shows; listings and sales are stamped by
the marketplace's own clock, which is taken as UTC, so that their day stays the day that the files give them.
All money is in US dollars, exact.
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
    """One user, buyer or seller or both, without anything that names the person (see user_contacts)."""

    table: ClassVar[str] = "users"
    key: ClassVar[tuple[str, ...]] = ("user_id",)

    user_id: Integer = Field(description="Number of the user.")
    city: City | None = Field(None, description="City as sent; does not match the state.")
    state: Code | None = Field(
        None, description="State or province, postal code in upper case; does not match the city."
    )
    likes_sports: bool | None = Field(None, description="Likes sports; null when not said, as in all likes.")
    likes_theatre: bool | None = Field(None, description="Likes theatre.")
    likes_concerts: bool | None = Field(None, description="Likes concerts.")
    likes_jazz: bool | None = Field(None, description="Likes jazz.")
    likes_classical: bool | None = Field(None, description="Likes classical music.")
    likes_opera: bool | None = Field(None, description="Likes opera.")
    likes_rock: bool | None = Field(None, description="Likes rock.")
    likes_vegas: bool | None = Field(None, description="Likes Las Vegas shows.")
    likes_broadway: bool | None = Field(None, description="Likes Broadway shows.")
    likes_musicals: bool | None = Field(None, description="Likes musicals.")


class UserContactRow(CuratedRow):
    """Who a user is and how to reach them: personal data, kept apart from all else that is known of users."""

    table: ClassVar[str] = "user_contacts"
    key: ClassVar[tuple[str, ...]] = ("user_id",)

    user_id: Integer = Field(description="Number of the user.")
    username: Annotated[str, ByteText(8)] | None = Field(None, description="Name to log in by. Personal data.")
    first_name: Annotated[str, ByteText(30)] | None = Field(None, description="Given name. Personal data.")
    last_name: Annotated[str, ByteText(30)] | None = Field(None, description="Family name. Personal data.")
    email: Annotated[str, ByteText(100)] | None = Field(None, description="E-mail address. Personal data.")
    phone: Annotated[str, ByteText(14)] | None = Field(None, description="Phone number. Personal data.")


class VenueRow(CuratedRow):
    """One venue. Names are not unique: two opera houses share one."""

    table: ClassVar[str] = "venues"
    key: ClassVar[tuple[str, ...]] = ("venue_id",)

    venue_id: Integer = Field(description="Number of the venue.")
    name: Annotated[str, ByteText(100)] | None = Field(None, description="Name as sent.")
    city: City | None = Field(None, description="City.")
    state: Code | None = Field(None, description="State or province, postal code in upper case.")
    country: Code | None = Field(
        None, description="ISO 3166-1 alpha-2, told by the state: CA or US; null for a state that is of neither."
    )
    seats: Integer | None = Field(None, description="Seats; null when unknown, for which the file has both \\N and 0.")


class CategoryRow(CuratedRow):
    """One category of events. Only four of the eleven have any."""

    table: ClassVar[str] = "categories"
    key: ClassVar[tuple[str, ...]] = ("category_id",)

    category_id: Integer = Field(description="Number of the category.")
    category_group: Annotated[str, ByteText(10)] | None = Field(None, description="Sports, Shows or Concerts.")
    name: Annotated[str, ByteText(10)] | None = Field(None, description="Short name.")
    long_name: Annotated[str, ByteText(50)] | None = Field(None, description="Long name.")


class DateRow(CuratedRow):
    """The day that a number of the other files stands for. All but the day itself and its holiday can be wrong."""

    table: ClassVar[str] = "dates"
    key: ClassVar[tuple[str, ...]] = ("date_id",)

    date_id: Integer = Field(description="Number of the day; 29 February 2008 has none.")
    calendar_date: Date = Field(description="The day.")
    is_holiday: bool | None = Field(None, description="A public holiday in the US.")
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
    """One event at one venue."""

    table: ClassVar[str] = "events"
    key: ClassVar[tuple[str, ...]] = ("event_id",)

    event_id: Integer = Field(description="Number of the event.")
    venue_id: Integer | None = Field(None, description="Venue; some are missing among the venues.")
    category_id: Integer | None = Field(None, description="Category.")
    date_id: Integer | None = Field(None, description="Day of the event at the venue: the true one.")
    name: Annotated[str, ByteText(200)] | None = Field(None, description="Name as sent.")
    start_local_at: LocalTimestamp | None = Field(
        None,
        description="Start at the venue as sent: right in its time; its day is 1 May 2008 for most events of that "
        "May, so that the day is to be taken from date_id.",
    )


class ListingRow(CuratedRow):
    """Tickets for one event that a seller offers together."""

    table: ClassVar[str] = "listings"
    key: ClassVar[tuple[str, ...]] = ("listing_id",)

    listing_id: Integer = Field(description="Number of the listing; there are gaps.")
    seller_id: Integer = Field(description="User who sells.")
    event_id: Integer = Field(description="Event that the tickets are for.")
    date_id: Integer = Field(description="Day on which they were listed.")
    ticket_count: Integer = Field(description="Tickets offered.")
    price_per_ticket: Dollars = Field(description="Price of one ticket, US dollars.")
    total_price: Dollars = Field(description="Price of all tickets, US dollars, as sent.")
    listed_at: UtcTimestamp | None = Field(
        None, description="When they were listed, by the marketplace's clock, whose zone is not known: taken as UTC."
    )


class SaleRow(CuratedRow):
    """Tickets of one listing that were sold to one buyer at once."""

    table: ClassVar[str] = "sales"
    key: ClassVar[tuple[str, ...]] = ("sale_id",)

    sale_id: Integer = Field(description="Number of the sale; there are gaps.")
    listing_id: Integer = Field(description="Listing that the tickets are of.")
    seller_id: Integer = Field(description="User who sold.")
    buyer_id: Integer = Field(description="User who bought.")
    event_id: Integer = Field(description="Event that the tickets are for.")
    date_id: Integer = Field(description="Day of the sale.")
    quantity_sold: Integer = Field(description="Tickets sold.")
    price_paid: Dollars = Field(description="Price paid for all of them together, US dollars.")
    commission: Dollars = Field(description="The marketplace's share of it (15 %), US dollars, as sent.")
    sold_at: UtcTimestamp | None = Field(
        None, description="When they were sold, by the marketplace's clock, whose zone is not known: taken as UTC."
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
