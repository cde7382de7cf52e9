"""The contracts of TICKIT, Amazon's public sample of a ticket resale: seven flat files without headers."""

from schemas.formats import Delimited
from schemas.raw import RawRecord
from schemas.source import Source
from schemas.tickit.raw import RawCategory, RawDate, RawEvent, RawListing, RawSale, RawUser, RawVenue
from schemas.tickit.rows import ROWS


def _delimited(record: type[RawRecord], delimiter: str) -> Delimited:
    """Nothing is quoted; the columns are the record's fields."""
    return Delimited(tuple(record.model_fields), delimiter, quote=None, null=frozenset({"", r"\N"}))


_DELIMITERS: dict[type[RawRecord], str] = {
    RawUser: "|",
    RawVenue: "|",
    RawCategory: "|",
    RawDate: "|",
    RawEvent: "|",
    RawListing: "|",
    RawSale: "\t",
}

SOURCE = Source(
    name="tickit",
    records={record.entity: record for record in _DELIMITERS},
    tables={row.table: row for row in ROWS},
    formats={record.entity: _delimited(record, delimiter) for record, delimiter in _DELIMITERS.items()},
)

__all__ = ["ROWS", "SOURCE"]
