-- What the columns of the facts mean, for the data dictionary and for BI tools.

COMMENT ON TABLE ticketmaster.fact_events IS 'One row per event: its latest snapshot, with the first and last day seen';
COMMENT ON COLUMN ticketmaster.fact_events.event_id IS 'Id of the event at the source; case sensitive';
COMMENT ON COLUMN ticketmaster.fact_events.venue_sk
IS 'Version of the venue that was valid when the event was last seen; 0 when it is unknown';
COMMENT ON COLUMN ticketmaster.fact_events.attraction_sk
IS 'Version of the main attraction that was valid when the event was last seen; 0 when it names none';
COMMENT ON COLUMN ticketmaster.fact_events.classification_sk IS 'Primary classification; 0 when it is unknown';
COMMENT ON COLUMN ticketmaster.fact_events.market_sk
IS 'Market of the venue, the first that does not span a country; 0 when there is none';
COMMENT ON COLUMN ticketmaster.fact_events.name IS 'Name as the source sends it';
COMMENT ON COLUMN ticketmaster.fact_events.url IS 'Page where tickets are sold';
COMMENT ON COLUMN ticketmaster.fact_events.status
IS 'onsale, offsale, cancelled, postponed or rescheduled; anything else as sent, in lower case';
COMMENT ON COLUMN ticketmaster.fact_events.venue_id IS 'Id of the event''s first venue at the source';
COMMENT ON COLUMN ticketmaster.fact_events.attraction_id
IS 'Id of the main attraction at the source; null when the event names none';
COMMENT ON COLUMN ticketmaster.fact_events.classification_id
IS 'Primary classification: ids of segment, genre, subgenre, type and subtype, joined by |';
COMMENT ON COLUMN ticketmaster.fact_events.market_id IS 'Id of the market at the source';
COMMENT ON COLUMN ticketmaster.fact_events.start_date_key
IS 'Day of the start at the venue, YYYYMMDD; 0 when it is not announced or outside of 2000 to 2050';
COMMENT ON COLUMN ticketmaster.fact_events.start_date
IS 'Day of the start at the venue; null while it is to be announced';
COMMENT ON COLUMN ticketmaster.fact_events.start_local_at
IS 'Start in the time zone of the venue; null when the time is unknown';
COMMENT ON COLUMN ticketmaster.fact_events.start_at IS 'Start, UTC; null when the time is unknown';
COMMENT ON COLUMN ticketmaster.fact_events.timezone
IS 'IANA time zone of the start: the event''s, else its venue''s; null when none sent exists';
COMMENT ON COLUMN ticketmaster.fact_events.local_hour
IS 'Hour of the local start, 0 to 23; null when the time is unknown';
COMMENT ON COLUMN ticketmaster.fact_events.local_weekday IS 'Weekday of the local start, such as Friday';
COMMENT ON COLUMN ticketmaster.fact_events.weekday_sort IS 'Weekday as a number to sort by: 1 is Monday, 7 is Sunday';
COMMENT ON COLUMN ticketmaster.fact_events.end_at IS 'End, UTC; rarely sent';
COMMENT ON COLUMN ticketmaster.fact_events.public_sale_start_at IS 'Start of the public sale, UTC';
COMMENT ON COLUMN ticketmaster.fact_events.public_sale_end_at IS 'End of the public sale, UTC';
COMMENT ON COLUMN ticketmaster.fact_events.price_min
IS 'Lowest price of price_type, in price_currency; rarely sent';
COMMENT ON COLUMN ticketmaster.fact_events.price_max
IS 'Highest price of price_type, in price_currency; rarely sent';
COMMENT ON COLUMN ticketmaster.fact_events.price_currency
IS 'ISO 4217 code of both prices; ranges in other currencies are left out';
COMMENT ON COLUMN ticketmaster.fact_events.price_type
IS 'Type of both prices: standard (face value), else the first sent; ranges of other types are left out';
COMMENT ON COLUMN ticketmaster.fact_events.attraction_count IS 'Attractions that the event names';
COMMENT ON COLUMN ticketmaster.fact_events.classification_count IS 'Classifications that the event names';
COMMENT ON COLUMN ticketmaster.fact_events.presale_count IS 'Sales to some before the public sale';
COMMENT ON COLUMN ticketmaster.fact_events.promoter_name IS 'Main promoter';
COMMENT ON COLUMN ticketmaster.fact_events.is_test IS 'Marked as a test by the source: leave it out';
COMMENT ON COLUMN ticketmaster.fact_events.is_archtics
IS 'From archtics, the box offices'' own system: often a second listing of the same show';
COMMENT ON COLUMN ticketmaster.fact_events.is_show
IS 'The event stands for a show: true for one event of each show, false for its other listings and for what is no show';
COMMENT ON COLUMN ticketmaster.fact_events.inventory_kind
IS 'What it is: show, duplicate_listing, suite, parking, pass and so on, as inventory.py of the contracts lists them';
COMMENT ON COLUMN ticketmaster.fact_events.show_of
IS 'Id of the event that stands for the show: its own for a show; null when the event belongs to no known show';
COMMENT ON COLUMN ticketmaster.fact_events.non_show_reason
IS 'Rule by which it is no show, or another listing of one; null for shows';
COMMENT ON COLUMN ticketmaster.fact_events.is_date_tba IS 'The date is to be announced';
COMMENT ON COLUMN ticketmaster.fact_events.is_date_tbd IS 'The date is to be determined';
COMMENT ON COLUMN ticketmaster.fact_events.is_time_tba IS 'The time is to be announced, or there is no specific time';
COMMENT ON COLUMN ticketmaster.fact_events.spans_multiple_days IS 'Runs over several days';
COMMENT ON COLUMN ticketmaster.fact_events.is_legal_age_enforced IS 'For adults only';
COMMENT ON COLUMN ticketmaster.fact_events.start_source
IS 'What the start follows from: both (as sent), local or utc (the other is derived), date (no time is known)';
COMMENT ON COLUMN ticketmaster.fact_events.start_conflict
IS 'What contradicts the start: unknown_zone, other_zone, time, date (see curated events); null: nothing does';
COMMENT ON COLUMN ticketmaster.fact_events.row_hash
IS 'SHA-256 over the columns from the source; differs when the source changed anything';
COMMENT ON COLUMN ticketmaster.fact_events.run_id IS 'Run that observed the event last, as in etl.runs';
COMMENT ON COLUMN ticketmaster.fact_events.first_seen_on
IS 'First day (UTC business date) on which the source showed the event';
COMMENT ON COLUMN ticketmaster.fact_events.last_seen_on
IS 'Last day (UTC business date) on which the source showed the event';
COMMENT ON COLUMN ticketmaster.fact_events.withdrawn_on
IS 'First later day, before its own, that should have shown the event and did not; null when there is none';
COMMENT ON COLUMN ticketmaster.fact_events.first_seen_date_key IS 'first_seen_on as YYYYMMDD, to join common.dim_date';
COMMENT ON COLUMN ticketmaster.fact_events.last_seen_date_key IS 'last_seen_on as YYYYMMDD, to join common.dim_date';

COMMENT ON TABLE ticketmaster.fact_event_snapshots
IS 'One row per event and day observed, with the dimension versions of that day';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.observed_on
IS 'Day (UTC business date) on which the source showed this';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.observed_date_key
IS 'The same day as YYYYMMDD, to join common.dim_date';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.event_id IS 'Id of the event at the source; case sensitive';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.venue_sk
IS 'Version of the venue that was valid on that day; 0 when it is unknown';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.attraction_sk
IS 'Version of the main attraction that was valid on that day; 0 when the event names none';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.classification_sk IS 'Primary classification; 0 when it is unknown';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.market_sk
IS 'Market of the venue, the first that does not span a country; 0 when there is none';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.name IS 'Name as the source sends it';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.url IS 'Page where tickets are sold';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.status
IS 'onsale, offsale, cancelled, postponed or rescheduled; anything else as sent, in lower case';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.venue_id IS 'Id of the event''s first venue at the source';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.attraction_id
IS 'Id of the main attraction at the source; null when the event names none';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.classification_id
IS 'Primary classification: ids of segment, genre, subgenre, type and subtype, joined by |';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.market_id IS 'Id of the market at the source';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.start_date_key
IS 'Day of the start at the venue, YYYYMMDD; 0 when it is not announced or outside of 2000 to 2050';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.start_date
IS 'Day of the start at the venue; null while it is to be announced';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.start_local_at
IS 'Start in the time zone of the venue; null when the time is unknown';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.start_at IS 'Start, UTC; null when the time is unknown';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.timezone
IS 'IANA time zone of the start: the event''s, else its venue''s; null when none sent exists';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.local_hour
IS 'Hour of the local start, 0 to 23; null when the time is unknown';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.local_weekday IS 'Weekday of the local start, such as Friday';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.weekday_sort
IS 'Weekday as a number to sort by: 1 is Monday, 7 is Sunday';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.end_at IS 'End, UTC; rarely sent';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.public_sale_start_at IS 'Start of the public sale, UTC';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.public_sale_end_at IS 'End of the public sale, UTC';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.price_min
IS 'Lowest price of price_type, in price_currency; rarely sent';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.price_max
IS 'Highest price of price_type, in price_currency; rarely sent';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.price_currency
IS 'ISO 4217 code of both prices; ranges in other currencies are left out';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.price_type
IS 'Type of both prices: standard (face value), else the first sent; ranges of other types are left out';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.attraction_count IS 'Attractions that the event names';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.classification_count IS 'Classifications that the event names';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.presale_count IS 'Sales to some before the public sale';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.promoter_name IS 'Main promoter';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.is_test IS 'Marked as a test by the source: leave it out';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.is_archtics
IS 'From archtics, the box offices'' own system: often a second listing of the same show';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.is_show
IS 'The event stands for a show: true for one event of each show, false for its other listings and for what is no show';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.inventory_kind
IS 'What it is: show, duplicate_listing, suite, parking, pass and so on, as inventory.py of the contracts lists them';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.show_of
IS 'Id of the event that stands for the show: its own for a show; null when the event belongs to no known show';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.non_show_reason
IS 'Rule by which it is no show, or another listing of one; null for shows';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.is_date_tba IS 'The date is to be announced';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.is_date_tbd IS 'The date is to be determined';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.is_time_tba
IS 'The time is to be announced, or there is no specific time';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.spans_multiple_days IS 'Runs over several days';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.is_legal_age_enforced IS 'For adults only';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.start_source
IS 'What the start follows from: both (as sent), local or utc (the other is derived), date (no time is known)';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.start_conflict
IS 'What contradicts the start: unknown_zone, other_zone, time, date (see curated events); null: nothing does';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.row_hash
IS 'SHA-256 over the columns from the source; differs when the source changed anything';
COMMENT ON COLUMN ticketmaster.fact_event_snapshots.run_id IS 'Run that wrote the row, as in etl.runs';
