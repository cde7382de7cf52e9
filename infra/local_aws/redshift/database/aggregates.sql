-- Redshift's aggregates where PostgreSQL's return another type or value. In pairs of arguments, the second one's type is
-- that of the aggregated values: so the right function is chosen when the query is planned.

-- AVG of a DECIMAL keeps its scale and cuts further digits off. The sum has the scale of the values.
CREATE OR REPLACE FUNCTION rs.average(a bigint, s bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT a $$;
CREATE OR REPLACE FUNCTION rs.average(a bigint, s numeric) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT a $$;
CREATE OR REPLACE FUNCTION rs.average(a numeric, s numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS
$$ SELECT trunc(a, scale(s)) $$;
CREATE OR REPLACE FUNCTION rs.average(a double precision, s double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE AS $$ SELECT a $$;

-- BIT_AND and BIT_OR of booleans, and of integers as in PostgreSQL.
CREATE OR REPLACE AGGREGATE rs.bit_and(smallint) (SFUNC = int2and, STYPE = smallint);
CREATE OR REPLACE AGGREGATE rs.bit_and(int) (SFUNC = int4and, STYPE = int);
CREATE OR REPLACE AGGREGATE rs.bit_and(bigint) (SFUNC = int8and, STYPE = bigint);
CREATE OR REPLACE AGGREGATE rs.bit_and(boolean) (SFUNC = booland_statefunc, STYPE = boolean);
CREATE OR REPLACE AGGREGATE rs.bit_or(smallint) (SFUNC = int2or, STYPE = smallint);
CREATE OR REPLACE AGGREGATE rs.bit_or(int) (SFUNC = int4or, STYPE = int);
CREATE OR REPLACE AGGREGATE rs.bit_or(bigint) (SFUNC = int8or, STYPE = bigint);
CREATE OR REPLACE AGGREGATE rs.bit_or(boolean) (SFUNC = boolor_statefunc, STYPE = boolean);

-- MEDIAN and PERCENTILE_CONT interpolate floats; the result has the type of the values, or DECIMAL for integers.
CREATE OR REPLACE FUNCTION rs.as_float(n double precision) RETURNS double precision LANGUAGE sql IMMUTABLE AS
$$ SELECT n $$;
CREATE OR REPLACE FUNCTION rs.as_float(t timestamp) RETURNS double precision LANGUAGE sql IMMUTABLE AS
$$ SELECT extract(epoch FROM t)::double precision $$;
CREATE OR REPLACE FUNCTION rs.as_float(t timestamptz) RETURNS double precision LANGUAGE sql IMMUTABLE AS
$$ SELECT extract(epoch FROM t)::double precision $$;
CREATE OR REPLACE FUNCTION rs.as_float(d date) RETURNS double precision LANGUAGE sql IMMUTABLE AS
$$ SELECT extract(epoch FROM d)::double precision $$;
CREATE OR REPLACE FUNCTION rs.interpolated(x double precision, sample double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE AS $$ SELECT x $$;
CREATE OR REPLACE FUNCTION rs.interpolated(x double precision, sample numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS
$$ SELECT round(x::numeric, greatest(scale(sample), min_scale(x::numeric))) $$;
CREATE OR REPLACE FUNCTION rs.interpolated(x double precision, sample bigint) RETURNS numeric LANGUAGE sql IMMUTABLE AS
$$ SELECT round(x::numeric, greatest(1, min_scale(x::numeric))) $$;
CREATE OR REPLACE FUNCTION rs.interpolated(x double precision, sample int) RETURNS numeric LANGUAGE sql IMMUTABLE AS
$$ SELECT rs.interpolated(x, sample::bigint) $$;
CREATE OR REPLACE FUNCTION rs.interpolated(x double precision, sample smallint) RETURNS numeric LANGUAGE sql IMMUTABLE AS
$$ SELECT rs.interpolated(x, sample::bigint) $$;
CREATE OR REPLACE FUNCTION rs.interpolated(x double precision, sample timestamptz) RETURNS timestamptz
LANGUAGE sql IMMUTABLE AS $$ SELECT to_timestamp(x) $$;
CREATE OR REPLACE FUNCTION rs.interpolated(x double precision, sample timestamp) RETURNS timestamp
LANGUAGE sql IMMUTABLE AS $$ SELECT to_timestamp(x) AT TIME ZONE 'UTC' $$;
CREATE OR REPLACE FUNCTION rs.interpolated(x double precision, sample date) RETURNS date
LANGUAGE sql IMMUTABLE AS $$ SELECT (to_timestamp(x) AT TIME ZONE 'UTC')::date $$;

-- LISTAGG leaves out NULL and empty texts. Its result is a VARCHAR(65535).
CREATE OR REPLACE FUNCTION rs.list_item(s text) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN octet_length(s) > 0 THEN s END $$;
CREATE OR REPLACE FUNCTION rs.refuse_long_list(size int) RETURNS text LANGUAGE plpgsql IMMUTABLE AS
$$ BEGIN RAISE EXCEPTION 'Result size exceeds LISTAGG limit' USING DETAIL = format('%s bytes; the limit is 65535', size); END $$;
CREATE OR REPLACE FUNCTION rs.list(s text) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN octet_length(s) > 65535 THEN rs.refuse_long_list(octet_length(s)) ELSE s END $$;
