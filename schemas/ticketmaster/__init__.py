"""The contracts of the Ticketmaster Discovery API v2."""

from schemas.formats import Json
from schemas.source import Source
from schemas.ticketmaster.raw_attraction import RawAttraction
from schemas.ticketmaster.raw_classification import RawClassification
from schemas.ticketmaster.raw_event import RawEvent
from schemas.ticketmaster.raw_venue import RawVenue
from schemas.ticketmaster.rows import ROWS

_RECORDS = (RawEvent, RawVenue, RawAttraction, RawClassification)

SOURCE = Source(
    name="ticketmaster",
    records={record.entity: record for record in _RECORDS},
    tables={row.table: row for row in ROWS},
    formats={
        record.entity: Json(
            collection=("_embedded", record.entity),
            page_marks=frozenset({"page"}),
            error_marks=frozenset({"fault", "errors"}),
        )
        for record in _RECORDS
    },
)

__all__ = ["ROWS", "SOURCE"]
