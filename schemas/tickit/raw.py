"""The raw records of TICKIT's seven files: fields in the order of their columns, in the forms that the files use.

Lengths and ranges are those of the sample's own tables. A reference to a missing row (a venue that doesn't exist) isn't
an error of the line: the record stays, and the warehouse counts it. An empty value is None.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar

from schemas.contract import CuratedRow
from schemas.raw import First, RawRecord, Repeats, every
from schemas.tickit.rows import (
    CategoryRow,
    DateRow,
    EventRow,
    ListingRow,
    SaleRow,
    UserContactRow,
    UserRow,
    VenueRow,
)
from schemas.tickit.values import (
    AmericanInstant,
    Day,
    Flag,
    Instant,
    Line,
    LocalTime,
    Price,
    Short,
    Small,
    State,
    Whole,
    country_of,
    truth,
)
from schemas.types import ByteText


class _Line(RawRecord):
    """A line of a file. If more than one in a hundred is broken, the others can't be trusted.

    A file is a snapshot of one moment: if a number has two lines with different content, the source is wrong.
    """

    repeats: ClassVar[Repeats] = "equal"
    reject_threshold: ClassVar[float] = 0.01
    discard_threshold: ClassVar[float] = 0.01


class RawUser(_Line):
    """A line of `allusers_pipe.txt`."""

    entity: ClassVar[str] = "users"

    userid: Whole
    username: Annotated[str, ByteText(8)] | None
    firstname: Line | None
    lastname: Line | None
    city: Line | None
    state: State | None
    email: Annotated[str, ByteText(100)] | None
    phone: Annotated[str, ByteText(14)] | None
    likesports: Flag | None
    liketheatre: Flag | None
    likeconcerts: Flag | None
    likejazz: Flag | None
    likeclassical: Flag | None
    likeopera: Flag | None
    likerock: Flag | None
    likevegas: Flag | None
    likebroadway: Flag | None
    likemusicals: Flag | None

    def to_rows(self, first: First = every) -> Iterator[CuratedRow]:
        """The user and, in a separate table, the person."""
        if not first(UserRow, str(self.userid)):
            return
        yield UserRow(
            user_id=self.userid,
            city=self.city,
            state=self.state or None,
            likes_sports=truth(self.likesports),
            likes_theatre=truth(self.liketheatre),
            likes_concerts=truth(self.likeconcerts),
            likes_jazz=truth(self.likejazz),
            likes_classical=truth(self.likeclassical),
            likes_opera=truth(self.likeopera),
            likes_rock=truth(self.likerock),
            likes_vegas=truth(self.likevegas),
            likes_broadway=truth(self.likebroadway),
            likes_musicals=truth(self.likemusicals),
        )
        yield UserContactRow(
            user_id=self.userid,
            username=self.username,
            first_name=self.firstname,
            last_name=self.lastname,
            email=self.email,
            phone=self.phone,
        )


class RawVenue(_Line):
    """A line of `venue_pipe.txt`."""

    entity: ClassVar[str] = "venues"

    venueid: Small
    venuename: Annotated[str, ByteText(100)] | None
    venuecity: Line | None
    venuestate: State | None
    venueseats: Whole | None

    def to_rows(self, first: First = every) -> Iterator[CuratedRow]:
        """The venue."""
        if first(VenueRow, str(self.venueid)):
            yield VenueRow(
                venue_id=self.venueid,
                name=self.venuename,
                city=self.venuecity,
                state=self.venuestate or None,
                country=country_of(self.venuestate),
                seats=self.venueseats or None,
            )


class RawCategory(_Line):
    """A line of `category_pipe.txt`."""

    entity: ClassVar[str] = "categories"

    catid: Small
    catgroup: Short | None
    catname: Short | None
    catdesc: Annotated[str, ByteText(50)] | None

    def to_rows(self, first: First = every) -> Iterator[CuratedRow]:
        """The category."""
        if first(CategoryRow, str(self.catid)):
            yield CategoryRow(
                category_id=self.catid,
                category_group=self.catgroup,
                name=self.catname,
                long_name=self.catdesc,
            )


class RawDate(_Line):
    """A line of `date2008_pipe.txt`."""

    entity: ClassVar[str] = "dates"

    dateid: Small
    caldate: Day
    day: Annotated[str, ByteText(3)] | None
    week: Small | None
    month: Annotated[str, ByteText(5)] | None
    qtr: Annotated[str, ByteText(5)] | None
    year: Small | None
    holiday: Flag | None

    def to_rows(self, first: First = every) -> Iterator[CuratedRow]:
        """The day."""
        if first(DateRow, str(self.dateid)):
            yield DateRow(
                date_id=self.dateid,
                calendar_date=self.caldate,
                is_holiday=truth(self.holiday),
                sent_weekday=self.day,
                sent_week=self.week,
                sent_month=self.month,
                sent_quarter=self.qtr,
                sent_year=self.year,
            )


class RawEvent(_Line):
    """A line of `allevents_pipe.txt`."""

    entity: ClassVar[str] = "events"

    eventid: Whole
    venueid: Small | None
    catid: Small | None
    dateid: Small | None
    eventname: Annotated[str, ByteText(200)] | None
    starttime: LocalTime | None

    def to_rows(self, first: First = every) -> Iterator[CuratedRow]:
        """The event."""
        if first(EventRow, str(self.eventid)):
            yield EventRow(
                event_id=self.eventid,
                venue_id=self.venueid,
                category_id=self.catid,
                date_id=self.dateid,
                name=self.eventname,
                start_local_at=self.starttime,
            )


class RawListing(_Line):
    """A line of `listings_pipe.txt`."""

    entity: ClassVar[str] = "listings"

    listid: Whole
    sellerid: Whole
    eventid: Whole
    dateid: Small
    numtickets: Small
    priceperticket: Price
    totalprice: Price
    listtime: Instant | None

    def to_rows(self, first: First = every) -> Iterator[CuratedRow]:
        """The listing."""
        if first(ListingRow, str(self.listid)):
            yield ListingRow(
                listing_id=self.listid,
                seller_id=self.sellerid,
                event_id=self.eventid,
                date_id=self.dateid,
                ticket_count=self.numtickets,
                price_per_ticket=self.priceperticket,
                total_price=self.totalprice,
                listed_at=self.listtime,
            )


class RawSale(_Line):
    """A line of `sales_tab.txt`."""

    entity: ClassVar[str] = "sales"

    salesid: Whole
    listid: Whole
    sellerid: Whole
    buyerid: Whole
    eventid: Whole
    dateid: Small
    qtysold: Small
    pricepaid: Price
    commission: Price
    saletime: AmericanInstant | None

    def to_rows(self, first: First = every) -> Iterator[CuratedRow]:
        """The sale."""
        if first(SaleRow, str(self.salesid)):
            yield SaleRow(
                sale_id=self.salesid,
                listing_id=self.listid,
                seller_id=self.sellerid,
                buyer_id=self.buyerid,
                event_id=self.eventid,
                date_id=self.dateid,
                quantity_sold=self.qtysold,
                price_paid=self.pricepaid,
                commission=self.commission,
                sold_at=self.saletime,
            )
