-- Meanings of the columns of the shared dimensions, for the data dictionary and for BI tools.

COMMENT ON SCHEMA common IS 'Shared by all stars: the calendar';

COMMENT ON TABLE common.dim_date IS 'One row per day, 2000 to 2050; date_key is YYYYMMDD, 0 for an unknown date';
COMMENT ON COLUMN common.dim_date.date_key IS 'The day as YYYYMMDD; 0 for an unknown date';
COMMENT ON COLUMN common.dim_date.date IS 'The day; null for an unknown date';
COMMENT ON COLUMN common.dim_date.year IS 'Year';
COMMENT ON COLUMN common.dim_date.quarter IS 'Quarter, 1 to 4';
COMMENT ON COLUMN common.dim_date.month IS 'Month, 1 to 12';
COMMENT ON COLUMN common.dim_date.month_name IS 'Month in English; Unknown for an unknown date';
COMMENT ON COLUMN common.dim_date.day_of_month IS 'Day of the month, 1 to 31';
COMMENT ON COLUMN common.dim_date.day_of_year IS 'Day of the year, 1 to 366';
COMMENT ON COLUMN common.dim_date.weekday IS 'Weekday in English; Unknown for an unknown date';
COMMENT ON COLUMN common.dim_date.weekday_sort IS '1 is Monday, 7 is Sunday';
COMMENT ON COLUMN common.dim_date.iso_week IS 'ISO 8601 week, 1 to 53; its first days may belong to the year before';
COMMENT ON COLUMN common.dim_date.is_weekend IS 'Saturday or Sunday';
COMMENT ON COLUMN common.dim_date.year_month IS 'Month as YYYY-MM; Unknown for an unknown date';

COMMENT ON TABLE common.numbers IS 'Whole numbers from 0 to 19999, used to split lists';
COMMENT ON COLUMN common.numbers.n IS 'The number';
