-- The pipeline that loads the star.
GRANT USAGE ON SCHEMA ticketmaster TO ROLE etl;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ticketmaster TO ROLE etl;
GRANT EXECUTE ON ALL PROCEDURES IN SCHEMA ticketmaster TO ROLE etl;
