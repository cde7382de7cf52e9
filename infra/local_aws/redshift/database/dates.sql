-- Dates and times, for translated statements. The translation passes units in canonical form (year, quarter, month, week,
-- day, hour, …). Source: https://docs.aws.amazon.com/redshift/latest/dg/Date_functions_header.html
-- GETDATE: whole seconds of the wall clock, without a zone. It advances inside a procedure.
CREATE OR REPLACE FUNCTION rs.getdate() RETURNS timestamp LANGUAGE sql VOLATILE AS
$$ SELECT date_trunc('second', clock_timestamp() AT TIME ZONE 'UTC') $$;
CREATE OR REPLACE FUNCTION rs.sysdate() RETURNS timestamp LANGUAGE sql STABLE AS
$$ SELECT transaction_timestamp() AT TIME ZONE 'UTC' $$;
-- DATEADD: a month that is too short ends the result on its last day; years after 29 February lead to 1 March.
CREATE OR REPLACE FUNCTION rs.add_years(t timestamp, n bigint) RETURNS timestamp LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN extract(day FROM t) = 29 AND extract(day FROM t + n * interval '1 year') = 28
  THEN t + n * interval '1 year' + interval '1 day' ELSE t + n * interval '1 year' END $$;
CREATE OR REPLACE FUNCTION rs.dateadd(u text, n bigint, t timestamp) RETURNS timestamp LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE u WHEN 'day' THEN t + n * interval '1 day' WHEN 'hour' THEN t + n * interval '1 hour'
  WHEN 'minute' THEN t + n * interval '1 minute' WHEN 'second' THEN t + n * interval '1 second'
  WHEN 'week' THEN t + n * interval '7 days' WHEN 'month' THEN t + n * interval '1 month'
  WHEN 'quarter' THEN t + n * interval '3 months' WHEN 'year' THEN rs.add_years(t, n)
  WHEN 'decade' THEN rs.add_years(t, n * 10) WHEN 'century' THEN rs.add_years(t, n * 100)
  WHEN 'millennium' THEN rs.add_years(t, n * 1000)
  WHEN 'millisecond' THEN t + n * interval '1 millisecond' WHEN 'microsecond' THEN t + n * interval '1 microsecond' END $$;
CREATE OR REPLACE FUNCTION rs.dateadd(u text, n bigint, t date) RETURNS timestamp LANGUAGE sql IMMUTABLE AS
$$ SELECT rs.dateadd(u, n, t::timestamp) $$;
CREATE OR REPLACE FUNCTION rs.dateadd(u text, n bigint, t text) RETURNS timestamp LANGUAGE sql STABLE AS
$$ SELECT rs.dateadd(u, n, t::timestamp) $$;
CREATE OR REPLACE FUNCTION rs.dateadd(u text, n bigint, t timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS
$$ SELECT rs.dateadd(u, n, t AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' $$;
-- Of a time of day, only the parts up to hours can be added. It wraps at midnight.
CREATE OR REPLACE FUNCTION rs.time_unit(u text) RETURNS interval LANGUAGE plpgsql IMMUTABLE AS
$$ BEGIN
  IF u NOT IN ('hour', 'minute', 'second', 'millisecond', 'microsecond') THEN
    RAISE EXCEPTION 'date part "%" is not supported for a time', u; END IF;
  RETURN ('1 ' || u)::interval; END $$;
CREATE OR REPLACE FUNCTION rs.dateadd(u text, n bigint, t time) RETURNS time LANGUAGE sql IMMUTABLE AS
$$ SELECT t + n * rs.time_unit(u) $$;
CREATE OR REPLACE FUNCTION rs.dateadd(u text, n bigint, t timetz) RETURNS timetz LANGUAGE sql STABLE AS
$$ SELECT (t + n * rs.time_unit(u)) AT TIME ZONE 'UTC' $$;
-- DATEDIFF counts crossed boundaries. Weeks begin on Sunday.
CREATE OR REPLACE FUNCTION rs.date_index(u text, t timestamp) RETURNS bigint LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE u WHEN 'day' THEN (t::date - date '1970-01-01')::bigint
  WHEN 'hour' THEN floor(extract(epoch FROM t) / 3600)::bigint
  WHEN 'minute' THEN floor(extract(epoch FROM t) / 60)::bigint
  WHEN 'second' THEN floor(extract(epoch FROM t))::bigint
  WHEN 'week' THEN floor((t::date - date '1970-01-04') / 7.0)::bigint
  WHEN 'month' THEN (extract(year FROM t) * 12 + extract(month FROM t))::bigint
  WHEN 'quarter' THEN (extract(year FROM t) * 4 + extract(quarter FROM t))::bigint
  WHEN 'year' THEN extract(year FROM t)::bigint
  WHEN 'decade' THEN floor(extract(year FROM t) / 10)::bigint
  WHEN 'century' THEN floor((extract(year FROM t) - 1) / 100)::bigint
  WHEN 'millennium' THEN floor((extract(year FROM t) - 1) / 1000)::bigint
  WHEN 'millisecond' THEN floor(extract(epoch FROM t) * 1000)::bigint
  WHEN 'microsecond' THEN floor(extract(epoch FROM t) * 1000000)::bigint END $$;
CREATE OR REPLACE FUNCTION rs.datediff(u text, a timestamp, b timestamp) RETURNS bigint LANGUAGE sql IMMUTABLE AS
$$ SELECT rs.date_index(u, b) - rs.date_index(u, a) $$;
CREATE OR REPLACE FUNCTION rs.datediff(u text, a timestamptz, b timestamptz) RETURNS bigint LANGUAGE sql STABLE AS
$$ SELECT rs.date_index(u, b AT TIME ZONE 'UTC') - rs.date_index(u, a AT TIME ZONE 'UTC') $$;
CREATE OR REPLACE FUNCTION rs.datediff(u text, a text, b text) RETURNS bigint LANGUAGE sql STABLE AS
$$ SELECT rs.datediff(u, a::timestamp, b::timestamp) $$;
CREATE OR REPLACE FUNCTION rs.datediff(u text, a time, b time) RETURNS bigint LANGUAGE sql IMMUTABLE AS
$$ SELECT rs.date_index(u, date '1970-01-01' + b) - rs.date_index(u, date '1970-01-01' + a)
  WHERE rs.time_unit(u) IS NOT NULL $$;
CREATE OR REPLACE FUNCTION rs.datediff(u text, a timetz, b timetz) RETURNS bigint LANGUAGE sql STABLE AS
$$ SELECT rs.datediff(u, (a AT TIME ZONE 'UTC')::time, (b AT TIME ZONE 'UTC')::time) $$;
-- DATE_PART: whole numbers except epoch. dow: Sunday = 0.
CREATE OR REPLACE FUNCTION rs.date_part(u text, t timestamp) RETURNS double precision LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE u WHEN 'millisecond' THEN floor(extract(milliseconds FROM t))::bigint % 1000
  WHEN 'microsecond' THEN extract(microseconds FROM t)::bigint % 1000000
  WHEN 'second' THEN floor(extract(second FROM t))
  -- Redshift counts decades from 1: extract(decade FROM timestamp '1999-02-16') is 200.
  WHEN 'decade' THEN floor(extract(year FROM t) / 10) + 1
  WHEN 'timezone' THEN 0 WHEN 'timezone_hour' THEN 0 WHEN 'timezone_minute' THEN 0
  ELSE date_part(u, t) END::double precision $$;
CREATE OR REPLACE FUNCTION rs.date_part(u text, t timestamptz) RETURNS double precision LANGUAGE sql STABLE AS
$$ SELECT rs.date_part(u, t AT TIME ZONE 'UTC') $$;
CREATE OR REPLACE FUNCTION rs.date_part(u text, t date) RETURNS double precision LANGUAGE sql IMMUTABLE AS
$$ SELECT rs.date_part(u, t::timestamp) $$;
CREATE OR REPLACE FUNCTION rs.date_part(u text, t text) RETURNS double precision LANGUAGE sql STABLE AS
$$ SELECT rs.date_part(u, t::timestamp) $$;
CREATE OR REPLACE FUNCTION rs.date_part(u text, t time) RETURNS double precision LANGUAGE sql IMMUTABLE AS
$$ SELECT rs.date_part(u, date '1970-01-01' + t) WHERE rs.time_unit(u) IS NOT NULL OR u = 'epoch' $$;
-- A time with a zone is kept in its zone: the zone's parts are known, and the time is that of the zone.
CREATE OR REPLACE FUNCTION rs.date_part(u text, t timetz) RETURNS double precision LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN u LIKE 'timezone%' OR u = 'epoch' THEN pg_catalog.date_part(u, t) ELSE rs.date_part(u, t::time) END $$;
CREATE OR REPLACE FUNCTION rs.date_part_year(t timestamp) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT extract(year FROM t)::int $$;
CREATE OR REPLACE FUNCTION rs.date_trunc(u text, t timestamp) RETURNS timestamp LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_catalog.date_trunc(u, t) $$;
CREATE OR REPLACE FUNCTION rs.date_trunc(u text, t date) RETURNS timestamp LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_catalog.date_trunc(u, t::timestamp) $$;
CREATE OR REPLACE FUNCTION rs.date_trunc(u text, t timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS
$$ SELECT pg_catalog.date_trunc(u, t) $$;
CREATE OR REPLACE FUNCTION rs.date_trunc(u text, t text) RETURNS timestamp LANGUAGE sql STABLE AS
$$ SELECT pg_catalog.date_trunc(u, t::timestamp) $$;
CREATE OR REPLACE FUNCTION rs.last_day(t timestamp) RETURNS date LANGUAGE sql IMMUTABLE AS
$$ SELECT (pg_catalog.date_trunc('month', t) + interval '1 month - 1 day')::date $$;
-- ADD_MONTHS maps the last day of a month to the last day of a month.
CREATE OR REPLACE FUNCTION rs.add_months(t timestamp, n bigint) RETURNS timestamp LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN t::date = rs.last_day(t)
  THEN rs.last_day(t + n * interval '1 month') + t::time ELSE t + n * interval '1 month' END $$;
-- MONTHS_BETWEEN: whole months for the same day of the month or two last days; else the rest, with its time, by 31 days.
CREATE OR REPLACE FUNCTION rs.months_between(a timestamp, b timestamp) RETURNS double precision LANGUAGE sql IMMUTABLE AS
$$ SELECT ((extract(year FROM a) - extract(year FROM b)) * 12 + extract(month FROM a) - extract(month FROM b)
  + CASE WHEN extract(day FROM a) = extract(day FROM b) OR (a::date = rs.last_day(a) AND b::date = rs.last_day(b))
    THEN 0 ELSE (extract(day FROM a) - extract(day FROM b) + (extract(epoch FROM a::time) - extract(epoch FROM b::time)) / 86400)
      / 31.0 END)::double precision $$;
CREATE OR REPLACE FUNCTION rs.trunc(t timestamp) RETURNS date LANGUAGE sql IMMUTABLE AS $$ SELECT t::date $$;
CREATE OR REPLACE FUNCTION rs.convert_timezone(s text, d text, t timestamp) RETURNS timestamp LANGUAGE sql STABLE AS
$$ SELECT t AT TIME ZONE s AT TIME ZONE d $$;
CREATE OR REPLACE FUNCTION rs.convert_timezone(d text, t timestamp) RETURNS timestamp LANGUAGE sql STABLE AS
$$ SELECT t AT TIME ZONE 'UTC' AT TIME ZONE d $$;
CREATE OR REPLACE FUNCTION rs.timeofday() RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT pg_catalog.timeofday() $$;
-- TO_DATE and TO_TIMESTAMP let a day or month overflow (20240231 is 2 March) unless is_strict is set. PostgreSQL never
-- does, so the numbers are read at their places in the format. A format without these places fails as in PostgreSQL.
CREATE OR REPLACE FUNCTION rs.overflown_date(s text, f text) RETURNS date LANGUAGE plpgsql IMMUTABLE AS
$$ DECLARE form text := upper(f); y int; m int; d int; BEGIN
  IF form !~ '^[^A-Z]*(YYYY|MM|DD)[^A-Z]*(YYYY|MM|DD)[^A-Z]*(YYYY|MM|DD)' THEN RETURN pg_catalog.to_date(s, f); END IF;
  y := substr(s, strpos(form, 'YYYY'), 4); m := substr(s, strpos(form, 'MM'), 2); d := substr(s, strpos(form, 'DD'), 2);
  RETURN make_date(y, 1, 1) + (m - 1) * interval '1 month' + (d - 1) * interval '1 day'; END $$;
CREATE OR REPLACE FUNCTION rs.to_date(s text, f text, strict boolean) RETURNS date LANGUAGE plpgsql STABLE AS
$$ BEGIN RETURN pg_catalog.to_date(s, f);
  EXCEPTION WHEN datetime_field_overflow THEN
    IF strict THEN RAISE; END IF; RETURN rs.overflown_date(s, f); END $$;
CREATE OR REPLACE FUNCTION rs.to_date(s text, f text) RETURNS date LANGUAGE sql STABLE AS $$ SELECT rs.to_date(s, f, false) $$;
CREATE OR REPLACE FUNCTION rs.to_timestamp(s text, f text, strict boolean) RETURNS timestamptz LANGUAGE plpgsql STABLE AS
$$ DECLARE form text := upper(f); day_at int := strpos(upper(f), 'DD'); month_at int := strpos(upper(f), 'MM'); BEGIN
  RETURN pg_catalog.to_timestamp(s, f);
  EXCEPTION WHEN datetime_field_overflow THEN
    IF strict THEN RAISE; END IF;
    RETURN rs.overflown_date(s, f) + (pg_catalog.to_timestamp(overlay(overlay(s placing '01' from day_at) placing '01' from month_at), f)
      - date_trunc('day', pg_catalog.to_timestamp(overlay(overlay(s placing '01' from day_at) placing '01' from month_at), f))); END $$;
CREATE OR REPLACE FUNCTION rs.to_timestamp(s text, f text) RETURNS timestamptz LANGUAGE sql STABLE AS
$$ SELECT rs.to_timestamp(s, f, false) $$;
-- DATE(x) is a cast.
CREATE OR REPLACE FUNCTION rs.date(t timestamp) RETURNS date LANGUAGE sql IMMUTABLE AS $$ SELECT t::date $$;
CREATE OR REPLACE FUNCTION rs.date(t timestamptz) RETURNS date LANGUAGE sql STABLE AS $$ SELECT t::date $$;
CREATE OR REPLACE FUNCTION rs.date(t text) RETURNS date LANGUAGE sql STABLE AS $$ SELECT t::timestamp::date $$;
-- Comparisons: -1, 0 or 1.
CREATE OR REPLACE FUNCTION rs.interval_cmp(a interval, b interval) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_catalog.interval_cmp(a, b) $$;
CREATE OR REPLACE FUNCTION rs.date_cmp(a date, b date) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_catalog.date_cmp(a, b) $$;
CREATE OR REPLACE FUNCTION rs.date_cmp_timestamp(a date, b timestamp) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_catalog.timestamp_cmp(a, b) $$;
CREATE OR REPLACE FUNCTION rs.date_cmp_timestamptz(a date, b timestamptz) RETURNS int LANGUAGE sql STABLE AS
$$ SELECT pg_catalog.timestamptz_cmp(a, b) $$;
CREATE OR REPLACE FUNCTION rs.timestamp_cmp(a timestamp, b timestamp) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_catalog.timestamp_cmp(a, b) $$;
CREATE OR REPLACE FUNCTION rs.timestamp_cmp_date(a timestamp, b date) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_catalog.timestamp_cmp(a, b) $$;
CREATE OR REPLACE FUNCTION rs.timestamp_cmp_timestamptz(a timestamp, b timestamptz) RETURNS int LANGUAGE sql STABLE AS
$$ SELECT pg_catalog.timestamptz_cmp(a, b) $$;
CREATE OR REPLACE FUNCTION rs.timestamptz_cmp(a timestamptz, b timestamptz) RETURNS int LANGUAGE sql STABLE AS
$$ SELECT pg_catalog.timestamptz_cmp(a, b) $$;
CREATE OR REPLACE FUNCTION rs.timestamptz_cmp_date(a timestamptz, b date) RETURNS int LANGUAGE sql STABLE AS
$$ SELECT pg_catalog.timestamptz_cmp(a, b) $$;
CREATE OR REPLACE FUNCTION rs.timestamptz_cmp_timestamp(a timestamptz, b timestamp) RETURNS int LANGUAGE sql STABLE AS
$$ SELECT pg_catalog.timestamptz_cmp(a, b) $$;
