-- What the columns of the dimensions mean, for the data dictionary and for BI tools.

COMMENT ON TABLE tickit.dim_user
IS 'One row per user, buyer or seller or both, as the newest day says (type 1); sk 0 is the unknown user';
COMMENT ON COLUMN tickit.dim_user.user_sk IS 'Surrogate key; 0 is the unknown user';
COMMENT ON COLUMN tickit.dim_user.user_id IS 'Number at the source; null for the unknown user';
COMMENT ON COLUMN tickit.dim_user.city IS 'City as sent; does not match the state';
COMMENT ON COLUMN tickit.dim_user.state IS 'State or province, postal code; does not match the city';
COMMENT ON COLUMN tickit.dim_user.likes_sports IS 'Likes sports; null when not said';
COMMENT ON COLUMN tickit.dim_user.likes_theatre IS 'Likes theatre; null when not said';
COMMENT ON COLUMN tickit.dim_user.likes_concerts IS 'Likes concerts; null when not said';
COMMENT ON COLUMN tickit.dim_user.likes_jazz IS 'Likes jazz; null when not said';
COMMENT ON COLUMN tickit.dim_user.likes_classical IS 'Likes classical music; null when not said';
COMMENT ON COLUMN tickit.dim_user.likes_opera IS 'Likes opera; null when not said';
COMMENT ON COLUMN tickit.dim_user.likes_rock IS 'Likes rock; null when not said';
COMMENT ON COLUMN tickit.dim_user.likes_vegas IS 'Likes Las Vegas shows; null when not said';
COMMENT ON COLUMN tickit.dim_user.likes_broadway IS 'Likes Broadway shows; null when not said';
COMMENT ON COLUMN tickit.dim_user.likes_musicals IS 'Likes musicals; null when not said';
COMMENT ON COLUMN tickit.dim_user.row_hash
IS 'SHA-256 over the columns from the source; differs when the source changed anything';

COMMENT ON TABLE tickit.dim_venue IS 'One row per venue, as the newest day says (type 1); sk 0 is the unknown venue';
COMMENT ON COLUMN tickit.dim_venue.venue_sk IS 'Surrogate key; 0 is the unknown venue';
COMMENT ON COLUMN tickit.dim_venue.venue_id IS 'Number at the source; null for the unknown venue';
COMMENT ON COLUMN tickit.dim_venue.name IS 'Name as sent; not unique: two opera houses share one';
COMMENT ON COLUMN tickit.dim_venue.city IS 'City';
COMMENT ON COLUMN tickit.dim_venue.state IS 'State or province, postal code';
COMMENT ON COLUMN tickit.dim_venue.country IS 'ISO 3166-1 alpha-2, told by the state: CA for provinces, else US';
COMMENT ON COLUMN tickit.dim_venue.seats IS 'Seats; null when unknown';
COMMENT ON COLUMN tickit.dim_venue.row_hash
IS 'SHA-256 over the columns from the source; differs when the source changed anything';

COMMENT ON TABLE tickit.dim_category
IS 'One row per category of events, as the newest day says (type 1); sk 0 is the unknown category';
COMMENT ON COLUMN tickit.dim_category.category_sk IS 'Surrogate key; 0 is the unknown category';
COMMENT ON COLUMN tickit.dim_category.category_id IS 'Number at the source; null for the unknown category';
COMMENT ON COLUMN tickit.dim_category.category_group IS 'Sports, Shows or Concerts';
COMMENT ON COLUMN tickit.dim_category.name IS 'Short name, such as Musicals';
COMMENT ON COLUMN tickit.dim_category.long_name IS 'Name in words';
COMMENT ON COLUMN tickit.dim_category.row_hash
IS 'SHA-256 over the columns from the source; differs when the source changed anything';

COMMENT ON TABLE tickit.dim_event IS 'One row per event, as the newest day says (type 1); sk 0 is the unknown event';
COMMENT ON COLUMN tickit.dim_event.event_sk IS 'Surrogate key; 0 is the unknown event';
COMMENT ON COLUMN tickit.dim_event.event_id IS 'Number at the source; null for the unknown event';
COMMENT ON COLUMN tickit.dim_event.name IS 'Name as sent; shared by the events of a tour';
COMMENT ON COLUMN tickit.dim_event.venue_id IS 'Number of the venue; may be one that the source lacks';
COMMENT ON COLUMN tickit.dim_event.category_id IS 'Number of the category';
COMMENT ON COLUMN tickit.dim_event.event_date_key IS 'Day of the event at the venue, YYYYMMDD; 0 when it is unknown';
COMMENT ON COLUMN tickit.dim_event.event_date
IS 'Day of the event at the venue: the true one, which the source gives by number; null when it is unknown';
COMMENT ON COLUMN tickit.dim_event.start_local_at
IS 'Start at the venue: the time of day as sent, on event_date; null when either is unknown';
COMMENT ON COLUMN tickit.dim_event.is_day_corrected
IS 'The source sent the start with another day than event_date, as for most events of May';
COMMENT ON COLUMN tickit.dim_event.row_hash
IS 'SHA-256 over the columns from the source; differs when the source changed anything';
