-- Redshift's functions for PostgreSQL, in schema rs. They are installed at every start of the warehouse, so each
-- statement is idempotent. A function is here if PostgreSQL has none with its name, or one that returns something else.
SET client_min_messages = warning;
SET check_function_bodies = off;
CREATE SCHEMA IF NOT EXISTS rs;
GRANT USAGE ON SCHEMA rs TO PUBLIC;

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
  FOREACH c IN ARRAY regexp_split_to_array(CASE WHEN b = 16 THEN regexp_replace(lower(ltrim(s, '-')), '^0x', '') ELSE lower(ltrim(s, '-')) END, '') LOOP
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
CREATE OR REPLACE FUNCTION rs.trunc(n numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.trunc(n) $$;
CREATE OR REPLACE FUNCTION rs.trunc(n double precision) RETURNS double precision LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_catalog.trunc(n) $$;
CREATE OR REPLACE FUNCTION rs.trunc(n numeric, s int) RETURNS numeric LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_catalog.trunc(n, s) $$;
CREATE OR REPLACE FUNCTION rs.round(n numeric, s int DEFAULT 0) RETURNS numeric LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_catalog.round(n, s) $$;
-- ROUND of a float rounds half away from zero in Redshift, half to even in PostgreSQL.
CREATE OR REPLACE FUNCTION rs.round(n double precision, s int DEFAULT 0) RETURNS double precision LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN abs(n) < 1e15 THEN pg_catalog.round(n::numeric, s)::double precision ELSE n END $$;
CREATE OR REPLACE FUNCTION rs.dlog1(n double precision) RETURNS double precision LANGUAGE sql IMMUTABLE AS
$$ SELECT ln(n) $$;
CREATE OR REPLACE FUNCTION rs.dlog10(n double precision) RETURNS double precision LANGUAGE sql IMMUTABLE AS
$$ SELECT log(n) $$;

-- TEXT_TO_INT_ALT and TEXT_TO_NUMERIC_ALT without a format: blanks are 0, and the sign may follow the digits. The first
-- cuts the fraction off; the second rounds, and a half to the even digit.
CREATE OR REPLACE FUNCTION rs.number_alt(s text) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT CASE WHEN btrim(s) = '' THEN 0
  ELSE pg_catalog.regexp_replace(btrim(s), '^(.*[^+-])([+-])$', '\2\1')::numeric END $$;
CREATE OR REPLACE FUNCTION rs.text_to_int_alt(s text) RETURNS int LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT pg_catalog.trunc(rs.number_alt(s))::int $$;
CREATE OR REPLACE FUNCTION rs.half_to_even(n numeric, s int) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT CASE WHEN abs(n - pg_catalog.trunc(n, s)) * 2 = power(10::numeric, -s)
    AND mod(pg_catalog.trunc(n, s) * power(10::numeric, s), 2) = 0
  THEN pg_catalog.trunc(n, s) ELSE pg_catalog.round(n, s) END $$;
CREATE OR REPLACE FUNCTION rs.text_to_numeric_alt(s text, p int DEFAULT 38, d int DEFAULT 0) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT AS
$$ DECLARE n numeric := rs.half_to_even(rs.number_alt(s), d); BEGIN
  IF abs(n) >= power(10::numeric, p - d) THEN RAISE EXCEPTION 'Numeric data overflow (result precision)'; END IF;
  RETURN n; END $$;

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
CREATE OR REPLACE FUNCTION rs.can_json_parse(s text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT s IS JSON $$;
CREATE OR REPLACE FUNCTION rs.json_serialize(j jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE jsonb_typeof(j)
  WHEN 'object' THEN '{' || coalesce((SELECT string_agg(to_json(k)::text || ':' || rs.json_serialize(v), ',') FROM jsonb_each(j) e(k, v)), '') || '}'
  WHEN 'array' THEN '[' || coalesce((SELECT string_agg(rs.json_serialize(v), ',' ORDER BY i) FROM jsonb_array_elements(j) WITH ORDINALITY e(v, i)), '') || ']'
  ELSE j::text END $$;
CREATE OR REPLACE FUNCTION rs.json_typeof(j jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT jsonb_typeof(j) $$;
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
-- The n-th value that is not NULL, from the start or the end of the frame: NTH_VALUE, LAG and LEAD … IGNORE NULLS.
CREATE OR REPLACE FUNCTION rs._append_value(s anycompatiblearray, v anycompatible) RETURNS anycompatiblearray
LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN v IS NULL THEN s ELSE array_append(s, v) END $$;
CREATE OR REPLACE FUNCTION rs.nth_of(a anycompatiblearray, n bigint) RETURNS anycompatible LANGUAGE sql IMMUTABLE AS
$$ SELECT a[CASE WHEN n > 0 THEN n ELSE array_length(a, 1) + 1 + n END] $$;
CREATE OR REPLACE AGGREGATE rs.values_not_null(anycompatible) (SFUNC = rs._append_value, STYPE = anycompatiblearray);
-- PERCENTILE_DISC OVER: the first value whose share of the sorted values is at least p.
CREATE OR REPLACE FUNCTION rs.percentile_disc_of(a anycompatiblearray, p double precision, descending boolean)
RETURNS anycompatible LANGUAGE sql IMMUTABLE AS
$$ SELECT (array_agg(v ORDER BY CASE WHEN NOT descending THEN v END, CASE WHEN descending THEN v END DESC))
  [greatest(1, ceil(p * cardinality(a)))::int] FROM unnest(a) v $$;
-- LISTAGG(DISTINCT …) OVER: each text once, in the frame's order.
CREATE OR REPLACE FUNCTION rs._add_once(s text[], v text, d text) RETURNS text[] LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN v IS NULL OR v = ANY (s[2:]) THEN s ELSE array_append(coalesce(s, ARRAY[d]), v) END $$;
CREATE OR REPLACE FUNCTION rs._joined(s text[]) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT array_to_string(s[2:], s[1]) $$;
CREATE OR REPLACE AGGREGATE rs.listagg_distinct_over(text, text) (SFUNC = rs._add_once, STYPE = text[], FINALFUNC = rs._joined);

-- Functions that translated statements use at run time.
CREATE OR REPLACE FUNCTION rs.must_be_table(name text) RETURNS void LANGUAGE plpgsql STABLE AS
$$ DECLARE kind "char" := (SELECT relkind FROM pg_class WHERE oid = to_regclass(name)); BEGIN
  IF kind IN ('v', 'm') THEN RAISE EXCEPTION 'MERGE: % is a view; target and source must be tables', name; END IF; END $$;
-- CREATE TABLE AS: the sizes of texts count bytes in the new table, as in one with declared columns.
CREATE OR REPLACE FUNCTION rs.limit_bytes(tab text) RETURNS void LANGUAGE plpgsql AS
$$ DECLARE checks text := (SELECT string_agg(format('ADD CONSTRAINT %I CHECK (octet_length(%I) <= %s)',
    left('rs_bytes_' || atttypmod - 4 || '_' || attname, 63), attname, atttypmod - 4), ', ') FROM pg_attribute
  WHERE attrelid = tab::regclass AND attnum > 0 AND atttypmod > 4 AND atttypid IN ('varchar'::regtype, 'bpchar'::regtype)); BEGIN
  IF checks IS NOT NULL THEN EXECUTE format('ALTER TABLE %s %s', tab, checks); END IF; END $$;
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
