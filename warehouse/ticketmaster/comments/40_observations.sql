-- Migrations describe these tables too. Released migrations cannot change, so the current descriptions are here.

COMMENT ON TABLE ticketmaster.unknown_references
IS 'Ids that the snapshots of a day name and that are in no dimension: venue, attraction, classification or market';
COMMENT ON COLUMN ticketmaster.observed_days.observed_to
IS 'Day (UTC) on which its window ends, exclusive; 9999-12-31 if it is unknown';
