"""A raw event with its embedded venues and attractions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import time
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.contract import CuratedRow
from schemas.raw import First, RawRecord, Rejected, every
from schemas.ticketmaster import inventory, normalise
from schemas.ticketmaster.moments import Sent, believed
from schemas.ticketmaster.parts import Link, RawClassificationTag, distinct, names_of, primary
from schemas.ticketmaster.raw_attraction import RawAttraction
from schemas.ticketmaster.raw_event_parts import (
    AgeRestrictions,
    Dates,
    DoorsTimes,
    Embedded,
    EventLinks,
    Moment,
    PriceRange,
    Product,
    Promoter,
    Prose,
    Sales,
    Seatmap,
    Start,
    Ticketing,
    TicketLimit,
)
from schemas.ticketmaster.raw_venue import RawVenue
from schemas.ticketmaster.rows import (
    EventAttractionRow,
    EventClassificationRow,
    EventPresaleRow,
    EventPriceRangeRow,
    EventProductRow,
    EventPromoterRow,
    EventRow,
    EventVenueRow,
)
from schemas.types import (
    Id,
    Opaque,
    OpaqueList,
    Text,
    Url,
    WrittenName,
)


class RawEvent(RawRecord):
    """An event as the Discovery API sends it. Only the id is always present."""

    entity: ClassVar[str] = "events"

    id: Id
    type: Literal["event"] = "event"
    name: WrittenName | None = None
    url: Url | None = None
    locale: Annotated[str, Text(16)] | None = None
    test: bool | None = None
    dates: Dates | None = None
    sales: Sales | None = None
    classifications: list[RawClassificationTag] | None = None
    promoter: Promoter | None = None
    promoters: list[Promoter] | None = None
    price_ranges: list[PriceRange] | None = None
    products: list[Product] | None = None
    info: Prose | None = None
    please_note: Prose | None = None
    age_restrictions: AgeRestrictions | None = None
    ticket_limit: TicketLimit | None = None
    ticketing: Ticketing | None = None
    seatmap: Seatmap | None = None
    doors_times: DoorsTimes | None = None
    links: EventLinks | None = Field(None, alias="_links")
    embedded: Embedded | None = Field(None, alias="_embedded")
    accessibility: Opaque = None
    additional_info: Opaque = None
    aliases: Opaque = None
    description: Opaque = None
    distance: Opaque = None
    external_links: Opaque = None
    images: OpaqueList = None
    link_more_info: Opaque = None
    location: Opaque = None
    name_origin: Opaque = None
    outlets: Opaque = None
    place: Opaque = None
    ticket_text_lines: Opaque = None
    units: Opaque = None

    def to_rows(self, first: First = every) -> Iterator[CuratedRow]:
        """The event, its parts, and its embedded venues and attractions.

        Raises:
            Rejected: it has neither a name nor dates: it is another response about an event, such as its images.
        """
        if self.name is None and self.dates is None:
            raise Rejected("$", "not_an_event", "neither a name nor dates: not an event")
        if not first(EventRow, self.id):
            return
        yield self._row()
        yield from self._place_rows(first)
        for position, tag in enumerate(self.classifications or ()):
            yield EventClassificationRow(
                event_id=self.id, position=position, is_primary=bool(tag.primary), is_family=tag.family, **names_of(tag)
            )
        yield from self._sale_rows()
        yield from self._commerce_rows()

    def _row(self) -> EventRow:
        promoter = self.promoter or (self.promoters[0] if self.promoters else None)
        public = self.sales.public if self.sales else None
        tickets = self.ticketing
        return EventRow(
            event_id=self.id,
            name=self.name,
            url=self.url,
            locale=self.locale,
            is_test=bool(self.test),
            **self._date_columns(),
            public_sale_start_at=normalise.utc_unless_placeholder(public.start_date_time) if public else None,
            public_sale_end_at=normalise.utc_unless_placeholder(public.end_date_time) if public else None,
            is_sale_start_tbd=public.start_tbd if public else None,
            is_sale_start_tba=public.start_tba if public else None,
            promoter_id=(promoter.id or None) if promoter else None,
            promoter_name=promoter.name if promoter else None,
            info=self.info,
            please_note=self.please_note,
            is_legal_age_enforced=self.age_restrictions.legal_age_enforced if self.age_restrictions else None,
            ticket_limit_info=self._ticket_limit_info(),
            seatmap_url=self.seatmap.static_url if self.seatmap else None,
            has_safetix=tickets.safe_tix.enabled if tickets and tickets.safe_tix else None,
            has_all_inclusive_pricing=(
                tickets.all_inclusive_pricing.enabled if tickets and tickets.all_inclusive_pricing else None
            ),
            doors_at=normalise.utc(self.doors_times.date_time) if self.doors_times else None,
            **self._inventory_columns(),
        )

    def _inventory_columns(self) -> dict[str, object]:
        """The kind of the event by itself, without comparing it to other listings of the same show."""
        tag = primary(self.classifications)
        archtics = inventory.is_archtics(self.id, self.url)
        reason = inventory.non_show_reason(self.name, tag.type.name if tag and tag.type else None)
        if reason is None and archtics:
            reason = inventory.archtics_reason(self.name, self._venue_name(), self._start_time())
        if reason is None and self.test:
            reason = "test"
        attractions = (self.embedded.attractions if self.embedded else None) or ()
        return {
            "is_archtics": archtics,
            "is_game": inventory.is_game(self.name),
            "listed_as": inventory.REASONS[reason] if reason else inventory.SHOW,
            "non_show_reason": reason,
            "show_words": inventory.show_words(self.name, (attraction.name for attraction in attractions)),
        }

    def _venue_name(self) -> str | None:
        venues = self.embedded.venues if self.embedded else None
        return venues[0].name if venues else None

    def _start_time(self) -> time | None:
        """Local time of the start, unless it is flagged as unknown."""
        start = self.dates.start if self.dates else None
        return None if start is None or start.time_tba or start.no_specific_time else start.local_time

    def _date_columns(self) -> dict[str, object]:
        dates = self.dates or Dates()
        venues = self.embedded.venues if self.embedded else None
        zones = (dates.timezone, venues[0].timezone if venues else None)
        start = dates.start or Start()
        begin = believed(_sent(start, is_time_unknown=bool(start.time_tba)), *zones)
        columns: dict[str, object] = {
            "status": normalise.status(dates.status.code) if dates.status else None,
            "start_date": begin.day,
            "start_local_at": begin.wall,
            "start_at": begin.instant,
            "timezone": begin.zone,
            "start_source": begin.source,
            "start_conflict": begin.conflict,
            "is_date_tba": bool(start.date_tba),
            "is_date_tbd": bool(start.date_tbd),
            "is_time_tba": bool(start.time_tba),
            "has_no_specific_time": bool(start.no_specific_time),
            "spans_multiple_days": dates.span_multiple_days,
        }
        if dates.end:
            end = believed(_sent(dates.end), *zones)
            columns |= {"end_date": end.day, "end_local_at": end.wall, "end_at": end.instant}
            columns["is_end_approximate"] = dates.end.approximate
        if dates.initial_start_date:
            before = believed(_sent(dates.initial_start_date), *zones)
            columns |= {"initial_start_date": before.day, "initial_start_at": before.instant}
        return columns

    def _ticket_limit_info(self) -> str | None:
        limit = self.ticket_limit
        if limit is None or limit.info is not None or not limit.infos:
            return limit.info if limit else None
        return limit.infos.get(self.locale or "", next(iter(limit.infos.values())))

    def _place_rows(self, first: First) -> Iterator[CuratedRow]:
        """Links to venues and attractions, and the embedded ones."""
        venues = (self.embedded.venues if self.embedded else None) or []
        attractions = (self.embedded.attractions if self.embedded else None) or []
        links = self.links
        venue_ids = _ids(venues, links.venues if links else None)
        attraction_ids = _ids(attractions, links.attractions if links else None)
        for position, venue_id in enumerate(venue_ids):
            yield EventVenueRow(event_id=self.id, venue_id=venue_id, position=position)
        for position, attraction_id in enumerate(attraction_ids):
            yield EventAttractionRow(event_id=self.id, attraction_id=attraction_id, position=position)
        for record in (*venues, *attractions):
            yield from record.to_rows(first)

    def _sale_rows(self) -> Iterator[CuratedRow]:
        """Prices and presales."""
        for position, price in enumerate(self.price_ranges or ()):
            yield EventPriceRangeRow(
                event_id=self.id,
                position=position,
                price_type=normalise.price_type(price.type),
                currency=price.currency,
                price_min=normalise.money(price.min),
                price_max=normalise.money(price.max),
            )
        for position, presale in enumerate((self.sales.presales if self.sales else None) or ()):
            yield EventPresaleRow(
                event_id=self.id,
                position=position,
                name=presale.name,
                start_at=normalise.utc_unless_placeholder(presale.start_date_time),
                end_at=normalise.utc_unless_placeholder(presale.end_date_time),
            )

    def _commerce_rows(self) -> Iterator[CuratedRow]:
        """Promoters and products. Those without an id can't be distinguished and stay only in the raw layer."""
        promoters = self.promoters or ([self.promoter] if self.promoter else [])
        for position, promoter in enumerate(distinct(promoters)):
            yield EventPromoterRow(event_id=self.id, promoter_id=promoter.id, position=position, name=promoter.name)
        for position, product in enumerate(distinct(self.products)):
            yield EventProductRow(
                event_id=self.id,
                product_id=product.id,
                position=position,
                name=product.name,
                product_type=product.type,
                url=product.url,
            )


def _ids(embedded: Sequence[RawVenue | RawAttraction], links: list[Link] | None) -> Iterable[str]:
    """Distinct ids of embedded objects, then of linked ones. If there are as many of both, they are the same."""
    ids = [record.id for record in embedded]
    if links and len(links) > len(ids):
        return normalise.distinct([*ids, *(normalise.linked_id(link.href) for link in links)])
    return ids if len(ids) < 2 else dict.fromkeys(ids)


def _sent(moment: Moment, *, is_time_unknown: bool = False) -> Sent:
    """A moment as sent. If it has no specific time, its time is unknown too."""
    return Sent(
        moment.local_date,
        moment.local_time,
        normalise.utc(moment.date_time),
        is_time_unknown or bool(moment.no_specific_time),
    )
