-- Meanings of the columns of the bridges and of the summary, for the data dictionary and for BI tools.

COMMENT ON TABLE ticketmaster.bridge_event_attraction
IS 'One row per event and attraction, as of the day the event was last seen';
COMMENT ON COLUMN ticketmaster.bridge_event_attraction.event_id IS 'The event';
COMMENT ON COLUMN ticketmaster.bridge_event_attraction.attraction_sk
IS 'Version of the attraction on the day the event was last seen; 0 if it is unknown';
COMMENT ON COLUMN ticketmaster.bridge_event_attraction.attraction_id IS 'Id of the attraction at the source';
COMMENT ON COLUMN ticketmaster.bridge_event_attraction."position" IS 'Position in the source''s list, from 0';
COMMENT ON COLUMN ticketmaster.bridge_event_attraction.is_primary
IS 'Whether it is the main attraction: one per event';

COMMENT ON TABLE ticketmaster.bridge_event_classification
IS 'One row per event and classification, as of the day the event was last seen';
COMMENT ON COLUMN ticketmaster.bridge_event_classification.event_id IS 'The event';
COMMENT ON COLUMN ticketmaster.bridge_event_classification.classification_sk
IS 'The classification; 0 if it is unknown';
COMMENT ON COLUMN ticketmaster.bridge_event_classification."position" IS 'Position in the source''s list, from 0';
COMMENT ON COLUMN ticketmaster.bridge_event_classification.is_primary
IS 'Whether it is the main classification: one per event';
COMMENT ON COLUMN ticketmaster.bridge_event_classification.classification_id
IS 'Natural key of the classification: its five ids joined by |';

COMMENT ON TABLE ticketmaster.bridge_venue_market IS 'One row per version of a venue and market of that version';
COMMENT ON COLUMN ticketmaster.bridge_venue_market.venue_sk IS 'Version of the venue';
COMMENT ON COLUMN ticketmaster.bridge_venue_market.market_sk IS 'The market; 0 if it is unknown';
COMMENT ON COLUMN ticketmaster.bridge_venue_market.venue_id IS 'Id of the venue at the source';
COMMENT ON COLUMN ticketmaster.bridge_venue_market.market_id IS 'Id of the market at the source';

COMMENT ON TABLE ticketmaster.event_summary
IS 'One row per month of the local start: key figures for reports, without test and withdrawn events';
COMMENT ON COLUMN ticketmaster.event_summary.year_month IS 'Month of the local start, YYYY-MM';
COMMENT ON COLUMN ticketmaster.event_summary.run_date IS 'Business date of the latest run that it includes';
COMMENT ON COLUMN ticketmaster.event_summary.events IS 'Events: all listings, including non-shows';
COMMENT ON COLUMN ticketmaster.event_summary.shows
IS 'Shows, including cancelled ones; a show that is listed several times counts once';
COMMENT ON COLUMN ticketmaster.event_summary.cancelled_events IS 'Cancelled shows';
COMMENT ON COLUMN ticketmaster.event_summary.rescheduled_events IS 'Postponed or rescheduled shows';
COMMENT ON COLUMN ticketmaster.event_summary.venues IS 'Number of different known venues of the shows';
COMMENT ON COLUMN ticketmaster.event_summary.attractions IS 'Number of different known main attractions of the shows';
COMMENT ON COLUMN ticketmaster.event_summary.priced_events IS 'Shows with a lowest standard price in US dollars';
COMMENT ON COLUMN ticketmaster.event_summary.price_min_usd
IS 'Lowest price of a show in US dollars, of the standard type or without a type';
COMMENT ON COLUMN ticketmaster.event_summary.price_max_usd
IS 'Highest price of a show in US dollars, of the standard type or without a type';
COMMENT ON COLUMN ticketmaster.event_summary.top_venues
IS 'The five venues with the most shows that are on, as name (shows), joined by semicolons';
COMMENT ON COLUMN ticketmaster.event_summary.top_attractions
IS 'The five attractions with the most shows that are on, as name (shows), joined by semicolons';
COMMENT ON COLUMN ticketmaster.event_summary.generated_at IS 'When the row was written, UTC';
