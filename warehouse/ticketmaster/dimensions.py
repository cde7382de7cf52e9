"""The dimensions of the star of events on sale."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from schemas.contract import Column, CuratedRow
from schemas.ticketmaster.rows import AttractionRow, MarketRow, VenueRow
from schemas.types import BOOLEAN, Id, Label, Text
from warehouse.dimensions import Dimension

CLASSIFICATION_ID = Text(400).column_type
"""Five ids joined by `|`."""
IS_TEST = Column("is_test", BOOLEAN, description="Marked as a test by the source: leave it out")
LABEL = Text(200).column_type
_LEVELS = {
    "segment": "such as Music; names are those of the classification tree",
    "genre": "such as Rock",
    "subgenre": "such as Alternative Rock",
    "type": "such as Group",
    "subtype": "such as Band",
}
"""Of a classification, with an example of each."""


class ClassificationPath(CuratedRow):
    """One row per combination of segment > genre > subgenre and type > subtype."""

    table: ClassVar[str] = "classifications"
    key: ClassVar[tuple[str, ...]] = ("classification_id",)

    classification_id: Annotated[str, Text(400)] = Field(
        description="Natural key: the five ids joined by |, - for one that is missing."
    )
    segment_id: Id | None = Field(None, description="Id of the segment.")
    segment_name: Label | None = Field(None, description="Segment, such as Music, Sports, Arts & Theatre.")
    genre_id: Id | None = Field(None, description="Id of the genre.")
    genre_name: Label | None = Field(None, description="Genre, such as Rock.")
    subgenre_id: Id | None = Field(None, description="Id of the subgenre.")
    subgenre_name: Label | None = Field(None, description="Subgenre, such as Alternative Rock.")
    type_id: Id | None = Field(None, description="Id of the type.")
    type_name: Label | None = Field(None, description="Type of what is on stage, such as Group.")
    subtype_id: Id | None = Field(None, description="Id of the subtype.")
    subtype_name: Label | None = Field(None, description="Subtype, such as Band.")


VENUE = Dimension(
    "venue",
    "versioned",
    row=VenueRow,
    instead_of={
        **dict.fromkeys(("locale", "is_test", "address_line2"), ()),
        "currency": (
            IS_TEST,
            Column(
                "market_ids",
                Text(1000).column_type,
                description="Sorted market ids joined by commas; bridge_venue_market is derived from it",
            ),
        ),
    },
    spread_by="venue_id",
    unknown={"name": "Unknown venue"},
)
ATTRACTION = Dimension(
    "attraction",
    "versioned",
    row=AttractionRow,
    instead_of={
        **dict.fromkeys(("locale", "segment_id", "genre_id", "subgenre_id", "type_id", "subtype_id"), ()),
        "is_test": (IS_TEST,),
    },
    adds=(
        *(
            Column(
                f"{level}_name",
                LABEL,
                volatile=True,
                description=f"{level.capitalize()} of the primary classification, {example}",
            )
            for level, example in _LEVELS.items()
        ),
        Column(
            "classification_id",
            CLASSIFICATION_ID,
            description="Primary classification: the five ids joined by |; null when it has none",
        ),
    ),
    first="name url segment_name genre_name subgenre_name type_name subtype_name classification_id homepage_url "
    "musicbrainz_id is_test",
    spread_by="attraction_id",
    unknown={"name": "Unknown attraction"},
)
CLASSIFICATION = Dimension("classification", "latest", row=ClassificationPath, unknown={"segment_name": "Unknown"})
MARKET = Dimension("market", "latest", row=MarketRow, unknown={"name": "Unknown market"})
DIMENSIONS = (VENUE, ATTRACTION, CLASSIFICATION, MARKET)
