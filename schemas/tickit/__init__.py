"""The contracts of TICKIT, Amazon's public sample of a ticket resale: seven flat files without headers."""

from schemas.formats import Delimited
from schemas.raw import RawRecord
from schemas.source import Source
from schemas.tickit.raw import RawCategory, RawDate, RawEvent, RawListing, RawSale, RawUser, RawVenue
from schemas.tickit.rows import ROWS


def _delimited(record: type[RawRecord], delimiter: str) -> Delimited:
    """A format with one record per line and the record's fields as columns.

    The published files have no quoted values, and Redshift's COPY without CSV, which loads them, would keep marks as
    text. Files from other programs quote values that contain a delimiter or a mark; those marks aren't part of a value.
    """
    return Delimited(tuple(record.model_fields), delimiter, spans_lines=False, null=frozenset({"", r"\N"}))


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
