"""The star of events on sale: one row per event, one per event and day, and who, where and what."""

from warehouse.bridges import Bridge
from warehouse.stars import Highlight, Star
from warehouse.ticketmaster.conditions import CONDITIONS
from warehouse.ticketmaster.dimensions import DIMENSIONS
from warehouse.ticketmaster.rules import RULES
from warehouse.ticketmaster.staged import OTHERS

STAR = Star(
    name="ticketmaster",
    pipeline="ticketmaster_daily",
    description="Events on sale at Ticketmaster, day by day: what, where, who and when",
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
    dimensions=DIMENSIONS,
    others=OTHERS,
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
