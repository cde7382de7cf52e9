"""What the star of events on sale stages besides its dimensions: events, and what there may be several of.

The facts and bridges that it is merged into describe the columns that are added here.
"""

from __future__ import annotations

from schemas.contract import Column
from schemas.ticketmaster.rows import EventAttractionRow, EventClassificationRow, EventRow, VenueMarketRow
from schemas.types import BOOLEAN, INTEGER, Amount, ByteText, Text
from warehouse.staged import Staged
from warehouse.ticketmaster.dimensions import CLASSIFICATION_ID

_ID, _WORD, _PRICE = Text(64).column_type, Text(64).column_type, Amount(12).column_type
_UNUSED = (
    "locale has_no_specific_time end_date end_local_at is_end_approximate initial_start_date initial_start_at "
    "is_sale_start_tbd is_sale_start_tba promoter_id info please_note ticket_limit_info seatmap_url has_safetix "
    "has_all_inclusive_pricing doors_at is_game listed_as show_words"
)

EVENTS = Staged(
    row=EventRow,
    instead_of=dict.fromkeys(_UNUSED.split(), ()),
    adds=(
        *(Column(name, _ID) for name in ("venue_id", "attraction_id", "market_id", "show_of")),
        Column("classification_id", CLASSIFICATION_ID),
        Column("start_date_key", INTEGER, nullable=False),
        Column("local_weekday", ByteText(9).column_type),
        *(Column(name, INTEGER) for name in ("local_hour", "weekday_sort")),
        *(Column(f"{counted}_count", INTEGER) for counted in ("attraction", "classification", "presale")),
        *(Column(name, _PRICE) for name in ("price_min", "price_max")),
        Column("price_currency", Text(3).column_type),
        *(Column(name, _WORD) for name in ("price_type", "inventory_kind")),
        Column("is_show", BOOLEAN),
    ),
    first="name url status venue_id attraction_id classification_id market_id start_date_key start_date start_local_at "
    "start_at timezone local_hour local_weekday weekday_sort end_at public_sale_start_at public_sale_end_at price_min "
    "price_max price_currency attraction_count classification_count presale_count promoter_name is_test is_archtics "
    "is_show non_show_reason",
    later="start_source start_conflict price_type inventory_kind show_of",
    spread_by="event_id",
)
VENUE_MARKETS = Staged(row=VenueMarketRow, spread_by="venue_id", is_hashed=False)
EVENT_ATTRACTIONS = Staged(
    row=EventAttractionRow, adds=(Column("is_primary", BOOLEAN, nullable=False),), spread_by="event_id", is_hashed=False
)
EVENT_CLASSIFICATIONS = Staged(
    row=EventClassificationRow,
    instead_of={
        **{
            f"{level}_{part}": ()
            for level in ("segment", "genre", "subgenre", "type", "subtype")
            for part in ("id", "name")
        },
        "is_family": (Column("classification_id", CLASSIFICATION_ID, nullable=False),),
    },
    spread_by="event_id",
    is_hashed=False,
)
OTHERS = (VENUE_MARKETS, EVENTS, EVENT_ATTRACTIONS, EVENT_CLASSIFICATIONS)
