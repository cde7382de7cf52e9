"""What validation is compared with: a plain script that does it, as one would write it on a good day.

pydantic models of the same fields without a constraint, rows as dictionaries, `pyarrow.Table.from_pylist`, zstd Parquet
with pyarrow's defaults. Objects that are embedded in many events are written once, by a set of the ids that were seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.contract import LINEAGE
from schemas.registry import get_source
from tests.bench.plain_models import (
    Address,
    Attraction,
    Country,
    Embedded,
    Event,
    ExternalLinks,
    Links,
    Location,
    Moment,
    Named,
    Sale,
    State,
    Tag,
    Ticketing,
    Venue,
)

ROWS_A_BATCH = 10_000
DERIVED = {"is_archtics", "is_game", "listed_as", "non_show_reason", "show_words"}
"""Columns that are no field of the source's: the script leaves them out, as it does the lineage."""

Row = tuple[str, dict[str, Any]]


def write(records: Iterable[bytes], folder: Path) -> dict[str, int]:
    """Write the events' tables as Parquet files, one a table; returns the rows of each."""
    tables = Tables(folder)
    seen: set[tuple[str, str]] = set()
    for record in records:
        event = Event.model_validate_json(record)
        for table, row in rows_of(event, seen):
            tables.add(table, row)
    return tables.close()


class Tables:
    """One Parquet file a table, written in batches."""

    def __init__(self, folder: Path) -> None:
        self.schemas: dict[str, pa.Schema] = {}
        lineage = {column.name for column in LINEAGE}
        for name, row in get_source("ticketmaster").tables.items():
            fields = [field for field in row.arrow_schema() if field.name not in lineage | DERIVED]
            self.schemas[name] = pa.schema(fields)
        self.folder = folder
        self.rows: dict[str, list[dict[str, Any]]] = {name: [] for name in self.schemas}
        self.writers: dict[str, pq.ParquetWriter] = {}
        self.written = dict.fromkeys(self.schemas, 0)

    def add(self, table: str, row: dict[str, Any]) -> None:
        rows = self.rows[table]
        rows.append(row)
        if len(rows) >= ROWS_A_BATCH:
            self.flush(table)

    def flush(self, table: str) -> None:
        rows, schema = self.rows[table], self.schemas[table]
        if not rows:
            return
        if table not in self.writers:
            self.writers[table] = pq.ParquetWriter(self.folder / f"{table}.parquet", schema, compression="zstd")
        self.writers[table].write_table(pa.Table.from_pylist(rows, schema=schema))
        self.written[table] += len(rows)
        self.rows[table] = []

    def close(self) -> dict[str, int]:
        for table in self.schemas:
            self.flush(table)
        for writer in self.writers.values():
            writer.close()
        return self.written


def rows_of(event: Event, seen: set[tuple[str, str]]) -> Iterator[Row]:
    """The rows of an event; what is linked to and not embedded is known by the end of its address."""
    yield "events", event_row(event)
    embedded = event.embedded or Embedded()
    links = event.links or Links()
    for kind, records, linked in (
        ("venue", embedded.venues, links.venues),
        ("attraction", embedded.attractions, links.attractions),
    ):
        ids = [record.id for record in records]
        ids += [link.href.rpartition("/")[2].partition("?")[0] for link in linked or []]
        for position, identity in enumerate(dict.fromkeys(ids)):
            yield f"event_{kind}s", {"event_id": event.id, f"{kind}_id": identity, "position": position}
    for venue in embedded.venues:
        if ("venue", venue.id) not in seen:
            seen.add(("venue", venue.id))
            yield from venue_rows(venue, seen)
    for attraction in embedded.attractions:
        if ("attraction", attraction.id) not in seen:
            seen.add(("attraction", attraction.id))
            yield "attractions", attraction_row(attraction)
    for position, tag in enumerate(event.classifications or []):
        row = {"event_id": event.id, "position": position, "is_primary": bool(tag.primary), "is_family": tag.family}
        yield "event_classifications", row | levels_of(tag)
    yield from sale_rows(event)


def event_row(event: Event) -> dict[str, Any]:
    dates, start = event.dates, event.dates.start
    end, first = dates.end or Moment(), dates.initial_start_date or Moment()
    public = (event.sales.public if event.sales else None) or Sale()
    promoter, tickets = event.promoter or Named(), event.ticketing or Ticketing()
    return {
        "event_id": event.id,
        "name": event.name,
        "url": event.url,
        "locale": event.locale,
        "is_test": bool(event.test),
        "status": dates.status.code if dates.status else None,
        "start_date": start.local_date,
        "start_local_at": wall(start),
        "start_at": start.date_time,
        "timezone": dates.timezone,
        "is_date_tba": bool(start.date_tba),
        "is_date_tbd": bool(start.date_tbd),
        "is_time_tba": bool(start.time_tba),
        "has_no_specific_time": bool(start.no_specific_time),
        "end_date": end.local_date,
        "end_local_at": wall(end),
        "end_at": end.date_time,
        "is_end_approximate": end.approximate,
        "initial_start_date": first.local_date,
        "initial_start_at": first.date_time,
        "spans_multiple_days": dates.span_multiple_days,
        "public_sale_start_at": public.start_date_time,
        "public_sale_end_at": public.end_date_time,
        "is_sale_start_tbd": public.start_tbd,
        "is_sale_start_tba": public.start_tba,
        "promoter_id": promoter.id,
        "promoter_name": promoter.name,
        "info": event.info,
        "please_note": event.please_note,
        "is_legal_age_enforced": event.age_restrictions.legal_age_enforced if event.age_restrictions else None,
        "ticket_limit_info": event.ticket_limit.info if event.ticket_limit else None,
        "seatmap_url": event.seatmap.static_url if event.seatmap else None,
        "has_safetix": tickets.safe_tix.enabled if tickets.safe_tix else None,
        "has_all_inclusive_pricing": tickets.all_inclusive_pricing.enabled if tickets.all_inclusive_pricing else None,
        "doors_at": event.doors_times.date_time if event.doors_times else None,
    }


def wall(moment: Moment) -> datetime | None:
    return datetime.combine(moment.local_date, moment.local_time) if moment.local_date and moment.local_time else None


def levels_of(tag: Tag) -> dict[str, Any]:
    levels = {
        "segment": tag.segment,
        "genre": tag.genre,
        "subgenre": tag.sub_genre,
        "type": tag.type,
        "subtype": tag.sub_type,
    }
    row = {}
    for level, named in levels.items():
        if named:
            row[f"{level}_id"], row[f"{level}_name"] = named.id, named.name
    return row


def venue_rows(venue: Venue, seen: set[tuple[str, str]]) -> Iterator[Row]:
    state, country = venue.state or State(), venue.country or Country()
    address, place = venue.address or Address(), venue.location or Location()
    yield (
        "venues",
        {
            "venue_id": venue.id,
            "name": venue.name,
            "url": venue.url,
            "locale": venue.locale,
            "is_test": bool(venue.test),
            "address_line1": address.line1,
            "address_line2": address.line2,
            "city": venue.city.name if venue.city else None,
            "state_code": state.state_code,
            "state_name": state.name,
            "country_code": country.country_code,
            "country_name": country.name,
            "postal_code": venue.postal_code,
            "timezone": venue.timezone,
            "latitude": place.latitude,
            "longitude": place.longitude,
            "currency": venue.currency,
            "upcoming_events": venue.upcoming_events.total if venue.upcoming_events else None,
        },
    )
    for position, market in enumerate(venue.markets or []):
        yield "venue_markets", {"venue_id": venue.id, "market_id": market.id, "position": position}
        if ("market", market.id) not in seen:
            seen.add(("market", market.id or ""))
            yield "markets", {"market_id": market.id, "name": market.name}
    for dma in venue.dmas or []:
        yield "venue_dmas", {"venue_id": venue.id, "dma_id": dma.id}


def attraction_row(attraction: Attraction) -> dict[str, Any]:
    tag = next((tag for tag in attraction.classifications or [] if tag.primary), Tag())
    external = attraction.external_links or ExternalLinks()
    return {
        "attraction_id": attraction.id,
        "name": attraction.name,
        "url": attraction.url,
        "locale": attraction.locale,
        "is_test": bool(attraction.test),
        "homepage_url": external.homepage[0].url if external.homepage else None,
        "musicbrainz_id": external.musicbrainz[0].id if external.musicbrainz else None,
        "upcoming_events": attraction.upcoming_events.total if attraction.upcoming_events else None,
    } | levels_of(tag)


def sale_rows(event: Event) -> Iterator[Row]:
    for position, price in enumerate(event.price_ranges or []):
        yield (
            "event_price_ranges",
            {
                "event_id": event.id,
                "position": position,
                "price_type": price.type,
                "currency": price.currency,
                "price_min": None if price.min is None else round(price.min, 2),
                "price_max": None if price.max is None else round(price.max, 2),
            },
        )
    for position, presale in enumerate((event.sales.presales if event.sales else None) or []):
        yield (
            "event_presales",
            {
                "event_id": event.id,
                "position": position,
                "name": presale.name,
                "start_at": presale.start_date_time,
                "end_at": presale.end_date_time,
            },
        )
    promoters = event.promoters or ([event.promoter] if event.promoter else [])
    for position, promoter in enumerate(promoters):
        row = {"event_id": event.id, "promoter_id": promoter.id, "position": position, "name": promoter.name}
        yield "event_promoters", row
    for position, product in enumerate(event.products or []):
        yield (
            "event_products",
            {
                "event_id": event.id,
                "product_id": product.id,
                "position": position,
                "name": product.name,
                "product_type": product.type,
                "url": product.url,
            },
        )
