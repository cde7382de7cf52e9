-- Redshift's functions for PostgreSQL, in schema rs. They are installed at every start of the warehouse, so each
-- statement is idempotent. A function is here if PostgreSQL has none with its name, or one that returns something else.
SET client_min_messages = warning;
SET check_function_bodies = off;
CREATE SCHEMA IF NOT EXISTS rs;
GRANT USAGE ON SCHEMA rs TO PUBLIC;

-- Dates. The translation passes units in canonical form (year, quarter, month, week, day, hour, …).
-- GETDATE: whole seconds of the wall clock, without a zone. It advances inside a procedure.
CREATE OR REPLACE FUNCTION rs.getdate() RETURNS timestamp LANGUAGE sql VOLATILE AS
$$ SELECT date_trunc('second', clock_timestamp() AT TIME ZONE 'UTC') $$;
CREATE OR REPLACE FUNCTION rs.sysdate() RETURNS timestamp LANGUAGE sql STABLE AS
$$ SELECT transaction_timestamp() AT TIME ZONE 'UTC' $$;
CREATE OR REPLACE FUNCTION rs.dateadd(u text, n bigint, t timestamp) RETURNS timestamp LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE u WHEN 'day' THEN t + n * interval '1 day' WHEN 'hour' THEN t + n * interval '1 hour'
  WHEN 'minute' THEN t + n * interval '1 minute' WHEN 'second' THEN t + n * interval '1 second'
  WHEN 'week' THEN t + n * interval '7 days' WHEN 'month' THEN t + n * interval '1 month'
  WHEN 'quarter' THEN t + n * interval '3 months' WHEN 'year' THEN t + n * interval '1 year'
  WHEN 'decade' THEN t + n * interval '10 years' WHEN 'century' THEN t + n * interval '100 years'
  WHEN 'millisecond' THEN t + n * interval '1 millisecond' WHEN 'microsecond' THEN t + n * interval '1 microsecond' END $$;
CREATE OR REPLACE FUNCTION rs.dateadd(u text, n bigint, t date) RETURNS timestamp LANGUAGE sql IMMUTABLE AS
$$ SELECT rs.dateadd(u, n, t::timestamp) $$;
CREATE OR REPLACE FUNCTION rs.dateadd(u text, n bigint, t text) RETURNS timestamp LANGUAGE sql STABLE AS
$$ SELECT rs.dateadd(u, n, t::timestamp) $$;
CREATE OR REPLACE FUNCTION rs.dateadd(u text, n bigint, t timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS
$$ SELECT rs.dateadd(u, n, t AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' $$;
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
  WHEN 'millisecond' THEN floor(extract(epoch FROM t) * 1000)::bigint
  WHEN 'microsecond' THEN floor(extract(epoch FROM t) * 1000000)::bigint END $$;
CREATE OR REPLACE FUNCTION rs.datediff(u text, a timestamp, b timestamp) RETURNS bigint LANGUAGE sql IMMUTABLE AS
$$ SELECT rs.date_index(u, b) - rs.date_index(u, a) $$;
CREATE OR REPLACE FUNCTION rs.datediff(u text, a timestamptz, b timestamptz) RETURNS bigint LANGUAGE sql STABLE AS
$$ SELECT rs.date_index(u, b AT TIME ZONE 'UTC') - rs.date_index(u, a AT TIME ZONE 'UTC') $$;
CREATE OR REPLACE FUNCTION rs.datediff(u text, a text, b text) RETURNS bigint LANGUAGE sql STABLE AS
$$ SELECT rs.datediff(u, a::timestamp, b::timestamp) $$;
-- DATE_PART: whole numbers except epoch. dow: Sunday = 0.
CREATE OR REPLACE FUNCTION rs.date_part(u text, t timestamp) RETURNS double precision LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE u WHEN 'millisecond' THEN floor(extract(milliseconds FROM t))::bigint % 1000
  WHEN 'microsecond' THEN extract(microseconds FROM t)::bigint % 1000000
  WHEN 'second' THEN floor(extract(second FROM t)) ELSE date_part(u, t) END::double precision $$;
CREATE OR REPLACE FUNCTION rs.date_part(u text, t timestamptz) RETURNS double precision LANGUAGE sql STABLE AS
$$ SELECT rs.date_part(u, t AT TIME ZONE 'UTC') $$;
CREATE OR REPLACE FUNCTION rs.date_part(u text, t date) RETURNS double precision LANGUAGE sql IMMUTABLE AS
$$ SELECT rs.date_part(u, t::timestamp) $$;
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
CREATE OR REPLACE FUNCTION rs.next_day(t timestamp, d text) RETURNS date LANGUAGE sql IMMUTABLE AS
$$ SELECT t::date + 1 + ((array_position(ARRAY['su','mo','tu','we','th','fr','sa'], lower(left(d, 2))) - 1
  - extract(dow FROM t::date + 1)::int + 7) % 7) $$;
-- ADD_MONTHS maps the last day of a month to the last day of a month.
CREATE OR REPLACE FUNCTION rs.add_months(t timestamp, n bigint) RETURNS timestamp LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN t::date = rs.last_day(t)
  THEN rs.last_day(t + n * interval '1 month') + t::time ELSE t + n * interval '1 month' END $$;
CREATE OR REPLACE FUNCTION rs.months_between(a timestamp, b timestamp) RETURNS double precision LANGUAGE sql IMMUTABLE AS
$$ SELECT ((extract(year FROM a) - extract(year FROM b)) * 12 + extract(month FROM a) - extract(month FROM b)
  + CASE WHEN extract(day FROM a) = extract(day FROM b) OR (a::date = rs.last_day(a) AND b::date = rs.last_day(b))
    THEN 0 ELSE (extract(day FROM a) - extract(day FROM b)) / 31.0 END)::double precision $$;
CREATE OR REPLACE FUNCTION rs.trunc(t timestamp) RETURNS date LANGUAGE sql IMMUTABLE AS $$ SELECT t::date $$;
CREATE OR REPLACE FUNCTION rs.trunc(n numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.trunc(n) $$;
CREATE OR REPLACE FUNCTION rs.trunc(n double precision) RETURNS double precision LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_catalog.trunc(n) $$;
CREATE OR REPLACE FUNCTION rs.trunc(n numeric, s int) RETURNS numeric LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_catalog.trunc(n, s) $$;
CREATE OR REPLACE FUNCTION rs.convert_timezone(s text, d text, t timestamp) RETURNS timestamp LANGUAGE sql STABLE AS
$$ SELECT t AT TIME ZONE s AT TIME ZONE d $$;
CREATE OR REPLACE FUNCTION rs.convert_timezone(d text, t timestamp) RETURNS timestamp LANGUAGE sql STABLE AS
$$ SELECT t AT TIME ZONE 'UTC' AT TIME ZONE d $$;
CREATE OR REPLACE FUNCTION rs.timeofday() RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT pg_catalog.timeofday() $$;
-- TO_DATE in Redshift turns 20240231 into 2 March unless is_strict is set. PostgreSQL always refuses it.
CREATE OR REPLACE FUNCTION rs.to_date(s text, f text) RETURNS date LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_catalog.to_date(s, f) $$;
CREATE OR REPLACE FUNCTION rs.to_date(s text, f text, strict boolean) RETURNS date LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_catalog.to_date(s, f) $$;
CREATE OR REPLACE FUNCTION rs.to_timestamp(s text, f text) RETURNS timestamptz LANGUAGE sql STABLE AS
$$ SELECT pg_catalog.to_timestamp(s, f) $$;

-- Text.
CREATE OR REPLACE FUNCTION rs.as_varchar(s text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT s $$;
CREATE OR REPLACE FUNCTION rs.as_varchar(s jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT s #>> '{}' $$;
CREATE OR REPLACE FUNCTION rs.as_varchar(s anyelement) RETURNS text LANGUAGE sql STABLE AS $$ SELECT s::text $$;
-- An explicit cast to VARCHAR(n) truncates at n bytes, never inside a character.
CREATE OR REPLACE FUNCTION rs.cut_bytes(s text, n int) RETURNS text LANGUAGE plpgsql IMMUTABLE AS
$$ DECLARE cut text := left(s, n); BEGIN
  WHILE octet_length(cut) > n LOOP cut := left(cut, length(cut) - greatest(1, (octet_length(cut) - n) / 4)); END LOOP;
  RETURN cut; END $$;
CREATE OR REPLACE FUNCTION rs.as_varchar(s text, n int) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN octet_length(s) <= n THEN s ELSE rs.cut_bytes(s, n) END $$;
CREATE OR REPLACE FUNCTION rs.as_varchar(s jsonb, n int) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT rs.as_varchar(s #>> '{}', n) $$;
CREATE OR REPLACE FUNCTION rs.as_varchar(s anyelement, n int) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT rs.as_varchar(s::text, n) $$;
CREATE OR REPLACE FUNCTION rs.concat(a text, b text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT a || b $$;
CREATE OR REPLACE FUNCTION rs.len(s text) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT length(s) $$;
CREATE OR REPLACE FUNCTION rs.charindex(part text, s text) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_catalog.strpos(s, part) $$;
CREATE OR REPLACE FUNCTION rs.replicate(s text, n int) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_catalog.repeat(s, n) $$;
CREATE OR REPLACE FUNCTION rs.strtol(s text, b int) RETURNS bigint LANGUAGE plpgsql IMMUTABLE STRICT AS
$$ DECLARE total bigint := 0; digit int; c text; BEGIN
  IF b NOT BETWEEN 2 AND 36 THEN RAISE EXCEPTION 'base % is not between 2 and 36', b; END IF;
  FOREACH c IN ARRAY regexp_split_to_array(lower(ltrim(s, '-')), '') LOOP
    digit := strpos('0123456789abcdefghijklmnopqrstuvwxyz', c) - 1;
    IF digit < 0 OR digit >= b THEN RAISE EXCEPTION 'The input % is not valid to be converted to base %', s, b; END IF;
    total := total * b + digit;
  END LOOP;
  RETURN CASE WHEN s LIKE '-%' THEN -total ELSE total END; END $$;
CREATE OR REPLACE FUNCTION rs.func_sha1(s text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT AS
$$ DECLARE h bigint[] := ARRAY[x'67452301'::bigint, x'EFCDAB89'::bigint, x'98BADCFE'::bigint, x'10325476'::bigint, x'C3D2E1F0'::bigint];
  mask bigint := 4294967295; m bytea := convert_to(s, 'UTF8'); n bigint := octet_length(convert_to(s, 'UTF8')); w bigint[];
  a bigint; b bigint; c bigint; d bigint; e bigint; f bigint; k bigint; t bigint; BEGIN
  m := m || '\x80'::bytea || decode(repeat('00', ((119 - n % 64) % 64)::int), 'hex') || decode(lpad(to_hex(n * 8), 16, '0'), 'hex');
  FOR chunk IN 0 .. octet_length(m) / 64 - 1 LOOP
    FOR i IN 0 .. 15 LOOP w[i] := (get_byte(m, chunk*64+i*4)::bigint << 24) | (get_byte(m, chunk*64+i*4+1) << 16)
      | (get_byte(m, chunk*64+i*4+2) << 8) | get_byte(m, chunk*64+i*4+3); END LOOP;
    FOR i IN 16 .. 79 LOOP t := w[i-3] # w[i-8] # w[i-14] # w[i-16]; w[i] := ((t << 1) | (t >> 31)) & mask; END LOOP;
    a := h[1]; b := h[2]; c := h[3]; d := h[4]; e := h[5];
    FOR i IN 0 .. 79 LOOP
      IF i < 20 THEN f := (b & c) | (~b & mask & d); k := x'5A827999'::bigint;
      ELSIF i < 40 THEN f := b # c # d; k := x'6ED9EBA1'::bigint;
      ELSIF i < 60 THEN f := (b & c) | (b & d) | (c & d); k := x'8F1BBCDC'::bigint;
      ELSE f := b # c # d; k := x'CA62C1D6'::bigint; END IF;
      t := ((((a << 5) | (a >> 27)) & mask) + f + e + k + w[i]) & mask;
      e := d; d := c; c := ((b << 30) | (b >> 2)) & mask; b := a; a := t;
    END LOOP;
    h := ARRAY[(h[1]+a) & mask, (h[2]+b) & mask, (h[3]+c) & mask, (h[4]+d) & mask, (h[5]+e) & mask];
  END LOOP;
  RETURN (SELECT string_agg(lpad(to_hex(x), 8, '0'), '' ORDER BY i) FROM unnest(h) WITH ORDINALITY u(x, i)); END $$;
CREATE OR REPLACE FUNCTION rs.sha2(s text, bits int) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT encode(CASE bits WHEN 0 THEN sha256(convert_to(s, 'UTF8')) WHEN 256 THEN sha256(convert_to(s, 'UTF8'))
  WHEN 224 THEN sha224(convert_to(s, 'UTF8')) WHEN 384 THEN sha384(convert_to(s, 'UTF8'))
  WHEN 512 THEN sha512(convert_to(s, 'UTF8')) END, 'hex') $$;
-- Regular expressions: REGEXP_REPLACE replaces every match; no match returns '' (not NULL); $1 is a back reference.
CREATE OR REPLACE FUNCTION rs.regexp_replace(s text, p text, r text DEFAULT '') RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_catalog.regexp_replace(s, p, pg_catalog.regexp_replace(r, '\$(\d)', '\\\1', 'g'), 'g') $$;
CREATE OR REPLACE FUNCTION rs.regexp_replace(s text, p text, r text, start int) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT left(s, start - 1) || rs.regexp_replace(substr(s, start), p, r) $$;
CREATE OR REPLACE FUNCTION rs.regexp_replace(s text, p text, r text, start int, flags text) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT left(s, start - 1) || pg_catalog.regexp_replace(substr(s, start), p,
  pg_catalog.regexp_replace(r, '\$(\d)', '\\\1', 'g'), 'g' || replace(flags, 'p', '')) $$;
CREATE OR REPLACE FUNCTION rs.regexp_substr(s text, p text, start int DEFAULT 1, n int DEFAULT 1, flags text DEFAULT '')
RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN s IS NOT NULL AND p IS NOT NULL THEN coalesce(pg_catalog.regexp_substr(s, p, start, n,
  replace(replace(flags, 'e', ''), 'p', ''), CASE WHEN flags LIKE '%e%' THEN 1 ELSE 0 END), '') END $$;
CREATE OR REPLACE FUNCTION rs.regexp_count(s text, p text, start int DEFAULT 1, flags text DEFAULT '') RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.regexp_count(s, p, start, replace(flags, 'p', '')) $$;
CREATE OR REPLACE FUNCTION rs.regexp_instr(s text, p text) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_catalog.regexp_instr(s, p) $$;
CREATE OR REPLACE FUNCTION rs.ltrim(s text, c text DEFAULT ' ') RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_catalog.ltrim(s, c) $$;
CREATE OR REPLACE FUNCTION rs.rtrim(s text, c text DEFAULT ' ') RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_catalog.rtrim(s, c) $$;

-- Numbers.
CREATE OR REPLACE FUNCTION rs.round(n numeric, s int DEFAULT 0) RETURNS numeric LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_catalog.round(n, s) $$;
-- ROUND of a float rounds half away from zero in Redshift, half to even in PostgreSQL.
CREATE OR REPLACE FUNCTION rs.round(n double precision, s int DEFAULT 0) RETURNS double precision LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN abs(n) < 1e15 THEN pg_catalog.round(n::numeric, s)::double precision ELSE n END $$;
CREATE OR REPLACE FUNCTION rs.dlog10(n double precision) RETURNS double precision LANGUAGE sql IMMUTABLE AS
$$ SELECT log(n) $$;

-- Casts that return NULL instead of failing. PostgreSQL can check whether it accepts a text without an error.
CREATE OR REPLACE FUNCTION rs.try_cast(s text, sample anyelement) RETURNS anyelement LANGUAGE plpgsql STABLE AS
$$ DECLARE result sample%TYPE; BEGIN
  IF pg_input_is_valid(s, pg_typeof(sample)::text) THEN result := s; END IF; RETURN result; END $$;

-- JSON in VARCHAR: a missing path is NULL; IS_VALID_JSON is only about objects; by default, invalid JSON fails.
CREATE OR REPLACE FUNCTION rs.json_extract_path_text(s text, VARIADIC p text[]) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE jsonb_typeof(s::jsonb #> p) WHEN 'null' THEN NULL ELSE s::json #>> p END $$;
-- PL/pgSQL where invalid JSON may return NULL: for constants, the planner would evaluate both branches of a CASE.
CREATE OR REPLACE FUNCTION rs.json_extract_path_text_or_null(s text, VARIADIC p text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
  IF s IS JSON THEN RETURN rs.json_extract_path_text(s, VARIADIC p); END IF; RETURN NULL; END $$;
CREATE OR REPLACE FUNCTION rs.json_extract_array_element_text(s text, i int, null_if_invalid boolean DEFAULT false)
RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
  IF null_if_invalid AND s IS NOT JSON THEN RETURN NULL; END IF; RETURN s::json ->> i; END $$;
CREATE OR REPLACE FUNCTION rs.json_array_length(s text, null_if_invalid boolean DEFAULT false) RETURNS int
LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
  IF null_if_invalid AND s IS NOT JSON ARRAY THEN RETURN NULL; END IF; RETURN pg_catalog.json_array_length(s::json); END $$;
CREATE OR REPLACE FUNCTION rs.is_valid_json(s text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT s IS JSON OBJECT $$;
CREATE OR REPLACE FUNCTION rs.is_valid_json_array(s text) RETURNS boolean LANGUAGE sql IMMUTABLE AS
$$ SELECT s IS JSON ARRAY $$;

-- SUPER, stored as jsonb.
CREATE OR REPLACE FUNCTION rs.json_parse(s text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$ SELECT s::jsonb $$;
CREATE OR REPLACE FUNCTION rs.can_json_parse(s text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT s IS JSON $$;
CREATE OR REPLACE FUNCTION rs.json_serialize(j jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE jsonb_typeof(j)
  WHEN 'object' THEN '{' || coalesce((SELECT string_agg(to_json(k)::text || ':' || rs.json_serialize(v), ',') FROM jsonb_each(j) e(k, v)), '') || '}'
  WHEN 'array' THEN '[' || coalesce((SELECT string_agg(rs.json_serialize(v), ',' ORDER BY i) FROM jsonb_array_elements(j) WITH ORDINALITY e(v, i)), '') || ']'
  ELSE j::text END $$;
CREATE OR REPLACE FUNCTION rs.json_typeof(j jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT jsonb_typeof(j) $$;
CREATE OR REPLACE FUNCTION rs.is_array(j jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT jsonb_typeof(j) = 'array' $$;
CREATE OR REPLACE FUNCTION rs.is_object(j jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT jsonb_typeof(j) = 'object' $$;
CREATE OR REPLACE FUNCTION rs.is_scalar(j jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS
$$ SELECT jsonb_typeof(j) NOT IN ('object', 'array') $$;
CREATE OR REPLACE FUNCTION rs.is_varchar(j jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT jsonb_typeof(j) = 'string' $$;
CREATE OR REPLACE FUNCTION rs.get_array_length(j jsonb) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN jsonb_typeof(j) = 'array' THEN jsonb_array_length(j) END $$;
CREATE OR REPLACE FUNCTION rs.super_items(j jsonb) RETURNS SETOF jsonb LANGUAGE sql IMMUTABLE AS
$$ SELECT * FROM jsonb_array_elements(CASE jsonb_typeof(j) WHEN 'array' THEN j END) $$;

-- Aggregates. AVG of integers is an integer.
CREATE OR REPLACE FUNCTION rs._avg_result(s bigint[]) RETURNS bigint LANGUAGE sql IMMUTABLE AS
$$ SELECT s[2] / nullif(s[1], 0) $$;
CREATE OR REPLACE FUNCTION rs._avg_add(s bigint[], v bigint) RETURNS bigint[] LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN v IS NULL THEN s ELSE ARRAY[s[1] + 1, s[2] + v] END $$;
CREATE OR REPLACE AGGREGATE rs.avg(smallint) (SFUNC = int2_avg_accum, STYPE = bigint[], INITCOND = '{0,0}', FINALFUNC = rs._avg_result);
CREATE OR REPLACE AGGREGATE rs.avg(int) (SFUNC = int4_avg_accum, STYPE = bigint[], INITCOND = '{0,0}', FINALFUNC = rs._avg_result);
CREATE OR REPLACE AGGREGATE rs.avg(bigint) (SFUNC = rs._avg_add, STYPE = bigint[], INITCOND = '{0,0}', FINALFUNC = rs._avg_result);
CREATE OR REPLACE AGGREGATE rs.avg(numeric) (SFUNC = numeric_avg_accum, STYPE = internal, FINALFUNC = numeric_avg);
CREATE OR REPLACE AGGREGATE rs.avg(double precision) (SFUNC = float8_accum, STYPE = double precision[], INITCOND = '{0,0,0}', FINALFUNC = float8_avg);

-- Windowed forms of the ordered-set functions, which PostgreSQL lacks.
CREATE OR REPLACE FUNCTION rs._percentile_add(s double precision[], p double precision, v double precision)
RETURNS double precision[] LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN v IS NULL THEN s ELSE array_append(coalesce(s, ARRAY[p]), v) END $$;
CREATE OR REPLACE FUNCTION rs._percentile_result(s double precision[]) RETURNS double precision LANGUAGE sql IMMUTABLE AS
$$ SELECT percentile_cont(s[1]) WITHIN GROUP (ORDER BY x) FROM unnest(s[2:]) x $$;
CREATE OR REPLACE AGGREGATE rs.percentile_cont_over(double precision, double precision)
(SFUNC = rs._percentile_add, STYPE = double precision[], FINALFUNC = rs._percentile_result);
-- LAST_VALUE and FIRST_VALUE … IGNORE NULLS as aggregates over the frame.
CREATE OR REPLACE FUNCTION rs._last(s anycompatible, v anycompatible) RETURNS anycompatible LANGUAGE sql IMMUTABLE AS
$$ SELECT coalesce(v, s) $$;
CREATE OR REPLACE FUNCTION rs._first(s anycompatible, v anycompatible) RETURNS anycompatible LANGUAGE sql IMMUTABLE AS
$$ SELECT coalesce(s, v) $$;
CREATE OR REPLACE AGGREGATE rs.last_value_not_null(anycompatible) (SFUNC = rs._last, STYPE = anycompatible);
CREATE OR REPLACE AGGREGATE rs.first_value_not_null(anycompatible) (SFUNC = rs._first, STYPE = anycompatible);

-- Functions that translated statements use at run time.
CREATE OR REPLACE FUNCTION rs.must_be_table(name text) RETURNS void LANGUAGE plpgsql STABLE AS
$$ DECLARE kind "char" := (SELECT relkind FROM pg_class WHERE oid = to_regclass(name)); BEGIN
  IF kind IN ('v', 'm') THEN RAISE EXCEPTION 'MERGE: % is a view; target and source must be tables', name; END IF; END $$;
-- ALTER COLUMN … TYPE VARCHAR(n) changes the byte limit with the type. Redshift can only widen it.
CREATE OR REPLACE FUNCTION rs.widen_varchar(tab text, col text, n int) RETURNS void LANGUAGE plpgsql AS
$$ DECLARE old record; BEGIN
  SELECT conname, substring(conname FROM 10 FOR position('_' IN substring(conname FROM 10)) - 1)::int AS size INTO old
    FROM pg_constraint WHERE conrelid = tab::regclass AND conname LIKE 'rs\_bytes\_%' AND conkey = ARRAY[(
      SELECT attnum FROM pg_attribute WHERE attrelid = tab::regclass AND attname = col)];
  IF old.size IS NULL THEN RAISE EXCEPTION 'target column "%" is not VARCHAR: only the size of a VARCHAR can be altered', col; END IF;
  IF n < old.size AND (EXISTS (SELECT 1 FROM pg_class WHERE oid = tab::regclass)) THEN
    RAISE EXCEPTION 'target column size should be greater or equal to current maximum column size'; END IF;
  EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', tab, old.conname);
  EXECUTE format('ALTER TABLE %s ALTER COLUMN %I TYPE varchar(%s), ADD CONSTRAINT %I CHECK (octet_length(%I) <= %s)',
    tab, col, n, left('rs_bytes_' || n || '_' || col, 63), col, n); END $$;
-- ALTER TABLE … APPEND moves the rows. Both tables must have the same columns.
CREATE OR REPLACE FUNCTION rs.append_table(target text, source text, fill boolean, ignore_extra boolean) RETURNS void
LANGUAGE plpgsql AS
$$ DECLARE shared text; missing text; extra text; BEGIN
  SELECT string_agg(quote_ident(s.attname), ', ' ORDER BY t.attnum) FILTER (WHERE t.attname IS NOT NULL AND s.attname IS NOT NULL),
    string_agg(t.attname, ', ') FILTER (WHERE s.attname IS NULL), string_agg(s.attname, ', ') FILTER (WHERE t.attname IS NULL)
    INTO shared, missing, extra
    FROM (SELECT attname, attnum FROM pg_attribute WHERE attrelid = target::regclass AND attnum > 0 AND NOT attisdropped) t
    FULL JOIN (SELECT attname FROM pg_attribute WHERE attrelid = source::regclass AND attnum > 0 AND NOT attisdropped) s USING (attname);
  IF missing IS NOT NULL AND NOT fill THEN RAISE EXCEPTION 'ALTER TABLE APPEND: source table lacks columns %; use FILLTARGET', missing; END IF;
  IF extra IS NOT NULL AND NOT ignore_extra THEN RAISE EXCEPTION 'ALTER TABLE APPEND: target table lacks columns %; use IGNOREEXTRA', extra; END IF;
  EXECUTE format('INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM %s', target, shared, shared, source);
  EXECUTE format('DELETE FROM %s', source); END $$;
-- NONATOMIC procedures commit each statement, unless they run inside a caller's transaction.
CREATE OR REPLACE FUNCTION rs.commits_each_statement() RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT coalesce(current_setting('rs.top_level_call', true), '') = 'on' $$;
