"""The star of events on sale: one row per event, one per event and day, and who, where and what."""

from warehouse.bridges import Bridge
from warehouse.dimensions import Dimension
from warehouse.stars import Highlight, Star
from warehouse.ticketmaster.conditions import CONDITIONS
from warehouse.ticketmaster.rules import RULES

STAR = Star(
    name="ticketmaster",
    pipeline="ticketmaster_daily",
    staged=(
        "ticketmaster_venues",
        "ticketmaster_attractions",
        "ticketmaster_classifications",
        "ticketmaster_markets",
        "ticketmaster_venue_markets",
        "ticketmaster_events",
        "ticketmaster_event_attractions",
        "ticketmaster_event_classifications",
    ),
    merge=(
        "ticketmaster.sp_replace_observations",
        "ticketmaster.sp_merge_dim_venue",
        "ticketmaster.sp_merge_dim_attraction",
        "ticketmaster.sp_merge_dim_classification",
        "ticketmaster.sp_merge_dim_market",
        "ticketmaster.sp_merge_fact_event_snapshots",
        "ticketmaster.sp_merge_fact_events",
        "ticketmaster.sp_mark_withdrawn_events",
        "ticketmaster.sp_merge_bridge_event_attraction",
        "ticketmaster.sp_merge_bridge_event_classification",
        "ticketmaster.sp_merge_bridge_venue_market",
    ),
    dimensions=(
        Dimension(
            "venue",
            "versioned",
            "name address_line1 city state_code country_code postal_code timezone latitude longitude is_test "
            "market_ids",
            volatile="url state_name country_name upcoming_events",
        ),
        Dimension(
            "attraction",
            "versioned",
            "name classification_id homepage_url musicbrainz_id is_test",
            volatile="url segment_name genre_name subgenre_name type_name subtype_name upcoming_events",
        ),
        Dimension(
            "classification",
            "latest",
            "segment_id segment_name genre_id genre_name subgenre_id subgenre_name type_id type_name subtype_id "
            "subtype_name",
        ),
        Dimension("market", "latest", "name"),
    ),
    after_refresh=("etl.sp_generate_event_summary",),
    bridges=(
        Bridge("event", "attraction", key="attraction_id", columns='"position" is_primary'),
        Bridge("event", "classification", key='"position"', columns="is_primary classification_id"),
    ),
    work=(
        "ticketmaster_touched_members",
        "ticketmaster_removed_members",
        "ticketmaster_changed_members",
        "ticketmaster_moved_references",
        "ticketmaster_removed_events",
        "ticketmaster_repointed_snapshots",
        "ticketmaster_touched_events",
    ),
    rules=RULES,
    conditions=CONDITIONS,
    tables=(
        "fact_events",
        "fact_event_snapshots",
        "dim_venue",
        "dim_attraction",
        "dim_classification",
        "dim_market",
        "bridge_event_attraction",
        "bridge_event_classification",
        "bridge_venue_market",
    ),
    highlights=(
        Highlight(
            "Busiest venues of the coming weeks",
            "SELECT venue_rank AS rank, venue_name AS name, city, upcoming_events AS events "
            "FROM ticketmaster.mv_venue_activity WHERE venue_rank <= 10 AND upcoming_events > 0 "
            "ORDER BY venue_rank, venue_name, venue_id LIMIT 10",
        ),
    ),
)
