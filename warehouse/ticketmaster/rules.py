"""The quality rules of the star of events that have a common shape; `quality/` has the others."""

from warehouse import rules

RULES = (
    # The run
    rules.books_balance(
        compares=("fetched",),
        description="Per raw entity: raw = curated + quarantined + duplicate; each different record landed is "
        "curated or quarantined; what the source said was had or is named as residual; the books "
        "exist.",
    ),
    rules.records_complete(
        "events_complete",
        entity="events",
        max_failed_share=0.01,
        description="Completeness: of the events that the source said there are, at most 1 % are missing, and how "
        "many is known.",
    ),
    rules.few_records(
        "events_rejected",
        "quarantined",
        max_failed_share=0.05,
        description="Of the records landed, at most 5 % are in quarantine.",
    ),
    rules.all_staged("events_all_staged", "events", description="Every curated event is staged, and nothing else."),
    rules.observed_on_business_date("events"),
    # Venues, attractions, classifications and markets
    rules.no_row_where(
        "venue_keys_present",
        "venues",
        "venue_id IN ('', '-')",
        severity="CRITICAL",
        description="Every venue has an id, and no id is that of the unknown member.",
    ),
    rules.unique("venue_keys_unique", "venues.venue_id"),
    rules.unique(
        "venue_market_keys_unique", "venue_markets.venue_id market_id", description="A venue names a market once."
    ),
    rules.in_range(
        "venue_coordinates_in_range",
        "venues",
        {"latitude": (-90, 90), "longitude": (-180, 180)},
        severity="MEDIUM",
        max_failed_share=0.01,
        description="Latitudes are -90 to 90 degrees, longitudes -180 to 180.",
    ),
    rules.no_row_where(
        "attraction_keys_present",
        "attractions",
        "attraction_id IN ('', '-')",
        severity="CRITICAL",
        description="Every attraction has an id, and no id is that of the unknown member.",
    ),
    rules.unique("attraction_keys_unique", "attractions.attraction_id"),
    rules.unique("classification_keys_unique", "classifications.classification_id"),
    rules.unique("market_keys_unique", "markets.market_id"),
    # Events
    rules.unique(
        "event_attraction_keys_unique",
        "event_attractions.event_id attraction_id",
        description="An event names an attraction once.",
    ),
    rules.known(
        "event_attraction_known",
        "events.attraction_id",
        "attractions",
        or_in="dim_attraction",
        is_optional=True,
        max_failed_share=0.05,
        description="An attraction that an event names is staged or known; those only referenced and not found "
        "are few.",
    ),
    rules.unique(
        "event_classification_keys_unique",
        'event_classifications.event_id "position"',
        description="An event has one classification at a position.",
    ),
    rules.known(
        "event_classification_known",
        "events.classification_id",
        "classifications",
        or_in="dim_classification",
        is_optional=True,
        description="A classification that an event names is staged or known.",
    ),
    rules.no_row_where(
        "event_dates_plausible",
        "events",
        "start_date < CAST('2000-01-01' AS DATE) OR start_date > DATEADD(YEAR, 10, v_day) "
        "OR start_date_key <> COALESCE(CAST(TO_CHAR(start_date, 'YYYYMMDD') AS INTEGER), 0)",
        max_failed_share=0.01,
        description="Start dates lie between 2000 and ten years after the run, and agree with their date key.",
    ),
    rules.no_row_where(
        "event_ends_after_start",
        "events",
        "end_at < start_at",
        severity="LOW",
        max_failed_share=0.01,
        description="An event does not end before it starts.",
    ),
    rules.in_range(
        "event_hours_in_range",
        "events",
        {"local_hour": (0, 23), "weekday_sort": (1, 7)},
        description="Local hours are 0 to 23, weekdays 1 to 7.",
    ),
    rules.no_row_where(
        "event_keys_present",
        "events",
        "event_id IN ('', '-')",
        severity="CRITICAL",
        description="Every event has an id, and no id is that of an unknown member.",
    ),
    rules.unique("event_keys_unique", "events.event_id"),
    rules.known(
        "event_market_known",
        "events.market_id",
        "markets",
        or_in="dim_market",
        is_optional=True,
        severity="MEDIUM",
        description="A market that an event names is staged or known.",
    ),
    rules.no_row_where(
        "event_names_present",
        "events",
        "name IS NULL OR TRIM(name) = ''",
        severity="LOW",
        max_failed_share=0.05,
        description="Events without a name are few.",
    ),
    rules.no_row_where(
        "event_prices_not_negative",
        "events",
        "price_min < 0 OR price_max < 0 OR (price_min IS NOT NULL AND price_currency IS NULL)",
        max_failed_share=0.01,
        description="No price is below zero, and a price has a currency.",
    ),
    rules.no_row_where(
        "event_prices_ordered",
        "events",
        "price_min > price_max",
        max_failed_share=0.01,
        description="The lowest price is not above the highest.",
    ),
    rules.no_row_where(
        "event_starts_agree",
        "events",
        "start_conflict IS NOT NULL",
        severity="MEDIUM",
        max_failed_share=0.005,
        description="Local start, UTC start and time zone do not contradict each other.",
    ),
    rules.in_domain(
        "event_status_in_domain",
        "events.status",
        ("onsale", "offsale", "cancelled", "postponed", "rescheduled"),
        severity="MEDIUM",
        max_failed_share=0.01,
        description="The status is one that is documented, or absent.",
    ),
    rules.known(
        "event_venue_known",
        "events.venue_id",
        "venues",
        or_in="dim_venue",
        is_optional=True,
        max_failed_share=0.05,
        description="A venue that an event names is staged or known; those only referenced and not found are few.",
    ),
    rules.present(
        "event_venue_named",
        "events.venue_id",
        severity="MEDIUM",
        max_failed_share=0.2,
        description="Events without any venue are few.",
    ),
    rules.no_row_where(
        "event_weekday_agrees",
        "events",
        "start_date IS NOT NULL AND local_weekday <> TRIM(TO_CHAR(start_date, 'Day'))",
        severity="MEDIUM",
        description="The weekday is that of the local start date.",
    ),
    # The star
    rules.star_books_balance(),
    rules.unknown_members_present("dim_venue"),
    rules.resolves(
        "bridge_event_attraction_keys_resolve",
        "bridge_event_attraction.attraction_sk",
        description="Every key of the bridge is in its dimension.",
    ),
    rules.resolves(
        "bridge_event_classification_keys_resolve",
        "bridge_event_classification.classification_sk",
        description="Every key of the bridge is in its dimension.",
    ),
    rules.resolves(
        "bridge_venue_market_keys_resolve",
        "bridge_venue_market.venue_sk market_sk",
        description="Every key of the bridge is in its dimension.",
    ),
    rules.resolves(
        "fact_event_snapshots_keys_resolve",
        "fact_event_snapshots.venue_sk attraction_sk classification_sk market_sk",
        observed="observed_on",
        description="Every surrogate key of a snapshot is in its dimension.",
    ),
    rules.one_row_per(
        "fact_event_snapshots_one_row_per_day",
        "fact_event_snapshots",
        ["observed_on", "event_id || ''"],
        observed="observed_on",
        description="The grain of the snapshots is event and day.",
    ),
    rules.resolves(
        "fact_events_dates_resolve",
        "fact_events.start_date_key first_seen_date_key last_seen_date_key",
        observed="last_seen_on",
        description="Every date key of an event is in common.dim_date.",
    ),
    rules.resolves(
        "fact_events_keys_resolve",
        "fact_events.venue_sk attraction_sk classification_sk market_sk",
        observed="last_seen_on",
        description="Every surrogate key of an event is in its dimension.",
    ),
    rules.one_row_per("fact_events_one_row_per_event", "fact_events", ["event_id || ''"]),
    # Versions
    rules.covered("attraction_observations_covered", "dim_attraction"),
    rules.one_current("attraction_one_current_version", "dim_attraction"),
    rules.adjoining("attraction_versions_adjoin", "dim_attraction"),
    rules.differing("attraction_versions_differ", "dim_attraction"),
    rules.covered("venue_observations_covered", "dim_venue"),
    rules.one_current("venue_one_current_version", "dim_venue"),
    rules.adjoining("venue_versions_adjoin", "dim_venue"),
    rules.differing("venue_versions_differ", "dim_venue"),
)
