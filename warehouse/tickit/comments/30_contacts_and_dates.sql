-- What the columns of the restricted table and of the source's calendar mean, for the data dictionary and for BI tools.

COMMENT ON TABLE tickit.user_contacts
IS 'One row per user: name and how to be reached. Personal data, not for analysts: they read v_users_masked';
COMMENT ON COLUMN tickit.user_contacts.user_id IS 'Number of the user, as in dim_user';
COMMENT ON COLUMN tickit.user_contacts.username IS 'Name to log in by. Personal data';
COMMENT ON COLUMN tickit.user_contacts.first_name IS 'Given name. Personal data';
COMMENT ON COLUMN tickit.user_contacts.last_name IS 'Family name. Personal data';
COMMENT ON COLUMN tickit.user_contacts.email IS 'E-mail address. Personal data';
COMMENT ON COLUMN tickit.user_contacts.phone IS 'Phone number. Personal data';
COMMENT ON COLUMN tickit.user_contacts.row_hash
IS 'SHA-256 over the columns from the source; differs when the source changed anything';

COMMENT ON TABLE tickit.source_dates
IS 'One row per day of the source''s own calendar, with what it claims of each: facts join common.dim_date instead';
COMMENT ON COLUMN tickit.source_dates.date_id IS 'The source''s number of the day';
COMMENT ON COLUMN tickit.source_dates.date_key IS 'The day in common.dim_date, YYYYMMDD; 0 when it is not in there';
COMMENT ON COLUMN tickit.source_dates.calendar_date IS 'The day';
COMMENT ON COLUMN tickit.source_dates.is_holiday IS 'A public holiday in the US, as sent';
COMMENT ON COLUMN tickit.source_dates.sent_weekday IS 'Weekday as sent (MO, TU …): one day late until 28 February 2008';
COMMENT ON COLUMN tickit.source_dates.sent_week IS 'Week as sent; wrong on 31 October 2008';
COMMENT ON COLUMN tickit.source_dates.sent_month IS 'Month as sent (JAN, FEB …)';
COMMENT ON COLUMN tickit.source_dates.sent_quarter IS 'Quarter as sent, 1 to 4';
COMMENT ON COLUMN tickit.source_dates.sent_year IS 'Year as sent';
COMMENT ON COLUMN tickit.source_dates.row_hash
IS 'SHA-256 over the columns from the source; differs when the source changed anything';
