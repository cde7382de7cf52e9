-- What the columns of the bridges and of the summary mean, for the data dictionary and for BI tools.

COMMENT ON TABLE ticketmaster.bridge_event_attraction
IS 'One row per event and attraction, as of the day the event was last seen';
COMMENT ON COLUMN ticketmaster.bridge_event_attraction.event_id IS 'The event';
COMMENT ON COLUMN ticketmaster.bridge_event_attraction.attraction_sk
IS 'Version of the attraction on the day the event was last seen; 0 when it is unknown';
COMMENT ON COLUMN ticketmaster.bridge_event_attraction.attraction_id IS 'Id of the attraction at the source';
COMMENT ON COLUMN ticketmaster.bridge_event_attraction."position" IS 'Place in the source''s list, from 0';
COMMENT ON COLUMN ticketmaster.bridge_event_attraction.is_primary IS 'The main attraction: one an event';

COMMENT ON TABLE ticketmaster.bridge_event_classification
IS 'One row per event and classification, as of the day the event was last seen';
COMMENT ON COLUMN ticketmaster.bridge_event_classification.event_id IS 'The event';
COMMENT ON COLUMN ticketmaster.bridge_event_classification.classification_sk
IS 'The classification; 0 when it is unknown';
COMMENT ON COLUMN ticketmaster.bridge_event_classification."position" IS 'Place in the source''s list, from 0';
COMMENT ON COLUMN ticketmaster.bridge_event_classification.is_primary IS 'The main classification: one an event';
COMMENT ON COLUMN ticketmaster.bridge_event_classification.classification_id
IS 'Natural key of the classification: its five ids joined by |';

COMMENT ON TABLE ticketmaster.bridge_venue_market IS 'One row per version of a venue and market that it is in';
COMMENT ON COLUMN ticketmaster.bridge_venue_market.venue_sk IS 'Version of the venue';
COMMENT ON COLUMN ticketmaster.bridge_venue_market.market_sk IS 'The market; 0 when it is unknown';
COMMENT ON COLUMN ticketmaster.bridge_venue_market.venue_id IS 'Id of the venue at the source';
COMMENT ON COLUMN ticketmaster.bridge_venue_market.market_id IS 'Id of the market at the source';

COMMENT ON TABLE ticketmaster.event_summary
IS 'One row per month of the local start: key figures, for reports. Test and withdrawn events are left out';
COMMENT ON COLUMN ticketmaster.event_summary.year_month IS 'Month of the local start, YYYY-MM';
COMMENT ON COLUMN ticketmaster.event_summary.run_date IS 'Business date of the latest run that it is made of';
COMMENT ON COLUMN ticketmaster.event_summary.events IS 'Events: every listing, those that are no shows included';
COMMENT ON COLUMN ticketmaster.event_summary.shows
IS 'Shows, cancelled ones included; one that is listed several times counts once';
COMMENT ON COLUMN ticketmaster.event_summary.cancelled_events IS 'Shows that were cancelled';
COMMENT ON COLUMN ticketmaster.event_summary.rescheduled_events IS 'Shows that were postponed or rescheduled';
COMMENT ON COLUMN ticketmaster.event_summary.venues IS 'Different known venues of the shows';
COMMENT ON COLUMN ticketmaster.event_summary.attractions IS 'Different known main attractions of the shows';
COMMENT ON COLUMN ticketmaster.event_summary.priced_events IS 'Shows with a lowest standard price in US dollars';
COMMENT ON COLUMN ticketmaster.event_summary.price_min_usd
IS 'Lowest price of a show, of the standard type or of none, US dollars';
COMMENT ON COLUMN ticketmaster.event_summary.price_max_usd
IS 'Highest price of a show, of the standard type or of none, US dollars';
COMMENT ON COLUMN ticketmaster.event_summary.top_venues
IS 'The five venues with most shows that are on, as name (shows), joined by semicolons';
COMMENT ON COLUMN ticketmaster.event_summary.top_attractions
IS 'The five attractions with most shows that are on, as name (shows), joined by semicolons';
COMMENT ON COLUMN ticketmaster.event_summary.generated_at IS 'When the row was made, UTC';
