-- SUPER, stored as jsonb: iteration, dynamic typing and functions. Errors of types give NULL (lax semantics).
-- Source: https://docs.aws.amazon.com/redshift/latest/dg/query-super.html
SET client_min_messages = warning;
SET check_function_bodies = off;

-- Values of other types as SUPER. Dates and times have no cast to SUPER.
CREATE OR REPLACE FUNCTION rs.super(j jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$ SELECT j $$;
CREATE OR REPLACE FUNCTION rs.super(s text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$ SELECT to_jsonb(s) $$;
CREATE OR REPLACE FUNCTION rs.super(s varchar) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$ SELECT to_jsonb(s::text) $$;
CREATE OR REPLACE FUNCTION rs.super(s bpchar) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$ SELECT to_jsonb(s::text) $$;
CREATE OR REPLACE FUNCTION rs.super(v anyelement) RETURNS jsonb LANGUAGE plpgsql STABLE AS
$$ BEGIN
  IF pg_typeof(v)::text ~ '^(date|time|interval|bytea)' THEN
    RAISE EXCEPTION 'cannot cast type % to super', pg_typeof(v) USING ERRCODE = 'cannot_coerce'; END IF;
  RETURN to_jsonb(v); END $$;
CREATE OR REPLACE FUNCTION rs.super(v int) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$ SELECT to_jsonb(v) $$;
CREATE OR REPLACE FUNCTION rs.super(v bigint) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$ SELECT to_jsonb(v) $$;
CREATE OR REPLACE FUNCTION rs.super(v numeric) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$ SELECT to_jsonb(v) $$;
CREATE OR REPLACE FUNCTION rs.super(v boolean) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$ SELECT to_jsonb(v) $$;
-- For equality and IS NULL, where a null inside of a SUPER value is NULL.
CREATE OR REPLACE FUNCTION rs.super_or_null(j jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$ SELECT NULLIF(j, 'null') $$;

-- Navigation.
CREATE OR REPLACE FUNCTION rs.attribute(name text) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT CASE WHEN lower(current_setting('redshift.enable_case_sensitive_super_attribute', true)) IN ('on', 'true', 'yes', '1')
  THEN name ELSE lower(name) END $$;
CREATE OR REPLACE FUNCTION rs.super_get(j jsonb, k text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$ SELECT j -> k $$;
CREATE OR REPLACE FUNCTION rs.super_get(j jsonb, i numeric) RETURNS jsonb LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN i BETWEEN 0 AND 2147483647 THEN j -> i::int END $$;
CREATE OR REPLACE FUNCTION rs.super_get(j jsonb, k jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE jsonb_typeof(k) WHEN 'string' THEN j -> (k #>> '{}') WHEN 'number' THEN rs.super_get(j, k::numeric) END $$;
CREATE OR REPLACE FUNCTION rs.super_items_at(j jsonb) RETURNS TABLE (item jsonb, index bigint) LANGUAGE sql IMMUTABLE AS
$$ SELECT e.value, e.ordinality - 1
  FROM jsonb_array_elements(CASE jsonb_typeof(j) WHEN 'array' THEN j END) WITH ORDINALITY e $$;
CREATE OR REPLACE FUNCTION rs.super_attributes(j jsonb) RETURNS TABLE (item jsonb, attribute text) LANGUAGE sql IMMUTABLE AS
$$ SELECT e.value, e.key FROM jsonb_each(CASE jsonb_typeof(j) WHEN 'object' THEN j END) e $$;

-- Dynamic typing.
CREATE OR REPLACE FUNCTION rs.super_number(j jsonb) RETURNS numeric LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE jsonb_typeof(j) WHEN 'number' THEN j::numeric END $$;
CREATE OR REPLACE FUNCTION rs.super_text(j jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE jsonb_typeof(j) WHEN 'string' THEN j #>> '{}' END $$;
CREATE OR REPLACE FUNCTION rs.super_boolean(j jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE jsonb_typeof(j) WHEN 'boolean' THEN j::boolean END $$;
-- Values of different types cannot be compared: NULL.
CREATE OR REPLACE FUNCTION rs.super_compare(a jsonb, b jsonb) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN jsonb_typeof(a) = jsonb_typeof(b) AND jsonb_typeof(a) IN ('number', 'string', 'boolean')
  THEN CASE WHEN a < b THEN -1 WHEN a > b THEN 1 ELSE 0 END END $$;
-- ORDER BY: boolean, number, string, array, object; nulls as for other types.
CREATE OR REPLACE FUNCTION rs.super_rank(j jsonb) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT array_position(ARRAY['boolean', 'number', 'string', 'array', 'object'], jsonb_typeof(j)) $$;
CREATE OR REPLACE FUNCTION rs._digits(n numeric) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT length(replace(abs(n)::text, '.', '')) $$;
CREATE OR REPLACE FUNCTION rs.super_calculate(op text, a jsonb, b jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS
$$ DECLARE x numeric; y numeric; BEGIN
  IF op = '+' AND jsonb_typeof(a) = 'string' AND jsonb_typeof(b) = 'string' THEN
    RETURN to_jsonb((a #>> '{}') || (b #>> '{}')); END IF;
  x := rs.super_number(a);
  y := rs.super_number(b);
  RETURN to_jsonb(CASE op WHEN '+' THEN x + y WHEN '-' THEN x - y WHEN '*' THEN x * y WHEN '%' THEN x % y
    WHEN '/' THEN CASE WHEN scale(x) = 0 AND scale(y) = 0 THEN div(x, y)
      ELSE round(x / y, greatest(4, scale(x) + rs._digits(y) - scale(y) + 1)) END END); END $$;
-- A cast from SUPER: NULL if it is not possible.
CREATE OR REPLACE FUNCTION rs.super_cast(j jsonb, sample anyelement) RETURNS anyelement LANGUAGE plpgsql STABLE AS
$$ DECLARE result sample%TYPE; target text := pg_typeof(sample)::text; kind text := jsonb_typeof(j); s text; BEGIN
  IF kind IS NULL OR kind IN ('null', 'object', 'array') THEN RETURN NULL; END IF;
  s := j #>> '{}';
  IF target IN ('text', 'character varying', 'character') THEN result := s; RETURN result; END IF;
  IF kind = 'number' AND target IN ('smallint', 'integer', 'bigint') THEN s := round(s::numeric)::text;
  ELSIF kind = 'number' AND target = 'boolean' THEN
    IF s::numeric <> trunc(s::numeric) OR scale(s::numeric) > 0 THEN RETURN NULL; END IF;
    s := (s::numeric <> 0)::text;
  ELSIF kind = 'number' AND target NOT IN ('numeric', 'real', 'double precision') THEN RETURN NULL;
  ELSIF kind = 'boolean' AND target IN ('smallint', 'integer', 'bigint') THEN s := (s::boolean::int)::text;
  ELSIF kind = 'boolean' AND target <> 'boolean' THEN RETURN NULL; END IF;
  IF pg_input_is_valid(s, target) THEN result := s; END IF;
  RETURN result; END $$;
CREATE OR REPLACE FUNCTION rs._super_more(a jsonb, b jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS
$$ SELECT (rs.super_rank(a), a) > (rs.super_rank(b), b) $$;
CREATE OR REPLACE FUNCTION rs._super_max(s jsonb, v jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN rs.super_rank(v) IS NULL THEN s WHEN s IS NULL OR rs._super_more(v, s) THEN v ELSE s END $$;
CREATE OR REPLACE FUNCTION rs._super_min(s jsonb, v jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN rs.super_rank(v) IS NULL THEN s WHEN s IS NULL OR rs._super_more(s, v) THEN v ELSE s END $$;
CREATE OR REPLACE AGGREGATE rs.super_max(jsonb) (SFUNC = rs._super_max, STYPE = jsonb);
CREATE OR REPLACE AGGREGATE rs.super_min(jsonb) (SFUNC = rs._super_min, STYPE = jsonb);

-- Arrays and inspection.
CREATE OR REPLACE FUNCTION rs.array_concat(a jsonb, b jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN jsonb_typeof(a) = 'array' AND jsonb_typeof(b) = 'array' THEN a || b END $$;
CREATE OR REPLACE FUNCTION rs._flattened(j jsonb) RETURNS SETOF jsonb LANGUAGE plpgsql IMMUTABLE AS
$$ DECLARE item jsonb; BEGIN
  FOR item IN SELECT value FROM jsonb_array_elements(j) LOOP
    IF jsonb_typeof(item) = 'array' THEN RETURN QUERY SELECT * FROM rs._flattened(item); ELSE RETURN NEXT item; END IF;
  END LOOP; END $$;
CREATE OR REPLACE FUNCTION rs.array_flatten(j jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS
$$ BEGIN IF jsonb_typeof(j) <> 'array' THEN RETURN NULL; END IF;
  RETURN (SELECT coalesce(jsonb_agg(item), '[]') FROM rs._flattened(j) item); END $$;
CREATE OR REPLACE FUNCTION rs.subarray(j jsonb, start bigint, n bigint DEFAULT NULL) RETURNS jsonb LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN jsonb_typeof(j) = 'array' THEN (SELECT coalesce(jsonb_agg(item ORDER BY index), '[]')
  FROM rs.super_items_at(j) WHERE index >= start AND (n IS NULL OR index < start + n)) END $$;
CREATE OR REPLACE FUNCTION rs.split_to_array(s text, delimiter text DEFAULT ',') RETURNS jsonb LANGUAGE sql IMMUTABLE AS
$$ SELECT to_jsonb(string_to_array(s, delimiter)) $$;
CREATE OR REPLACE FUNCTION rs.json_size(j jsonb) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT octet_length(rs.json_serialize(j)) $$;
CREATE OR REPLACE FUNCTION rs._is_whole(j jsonb, low numeric, high numeric) RETURNS boolean LANGUAGE sql IMMUTABLE AS
$$ SELECT coalesce(scale(rs.super_number(j)) = 0 AND rs.super_number(j) BETWEEN low AND high, false) $$;
CREATE OR REPLACE FUNCTION rs.is_smallint(j jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS
$$ SELECT rs._is_whole(j, -32768, 32767) $$;
CREATE OR REPLACE FUNCTION rs.is_integer(j jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS
$$ SELECT rs._is_whole(j, -2147483648, 2147483647) $$;
CREATE OR REPLACE FUNCTION rs.is_bigint(j jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS
$$ SELECT rs._is_whole(j, -9223372036854775808, 9223372036854775807) $$;
CREATE OR REPLACE FUNCTION rs.is_decimal(j jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS
$$ SELECT coalesce(jsonb_typeof(j) = 'number', false) $$;
CREATE OR REPLACE FUNCTION rs.is_float(j jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS
$$ SELECT coalesce(jsonb_typeof(j) = 'number', false) $$;
CREATE OR REPLACE FUNCTION rs.is_boolean(j jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS
$$ SELECT coalesce(jsonb_typeof(j) = 'boolean', false) $$;
CREATE OR REPLACE FUNCTION rs.is_char(j jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS
$$ SELECT coalesce(jsonb_typeof(j) = 'string', false) $$;
CREATE OR REPLACE FUNCTION rs.is_varchar(j jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS
$$ SELECT coalesce(jsonb_typeof(j) = 'string', false) $$;
CREATE OR REPLACE FUNCTION rs.is_array(j jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS
$$ SELECT coalesce(jsonb_typeof(j) = 'array', false) $$;
CREATE OR REPLACE FUNCTION rs.is_object(j jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS
$$ SELECT coalesce(jsonb_typeof(j) = 'object', false) $$;
CREATE OR REPLACE FUNCTION rs.is_scalar(j jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS
$$ SELECT coalesce(jsonb_typeof(j) IN ('string', 'number', 'boolean'), false) $$;
CREATE OR REPLACE FUNCTION rs.decimal_precision(j jsonb) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT rs._digits(rs.super_number(j)) $$;
CREATE OR REPLACE FUNCTION rs.decimal_scale(j jsonb) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT scale(rs.super_number(j)) $$;
-- OBJECT_TRANSFORM: paths are arrays of names as JSON. Objects on the way to a new attribute are created.
CREATE OR REPLACE FUNCTION rs._object_set(j jsonb, path text[], v jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE jsonb_typeof(j) WHEN 'object' THEN j ELSE '{}' END || jsonb_build_object(path[1],
  CASE WHEN cardinality(path) = 1 THEN coalesce(v, 'null') ELSE rs._object_set(j -> path[1], path[2:], v) END) $$;
CREATE OR REPLACE FUNCTION rs.object_set(j jsonb, path text, v jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE jsonb_typeof(j) WHEN 'object' THEN
  rs._object_set(j, ARRAY(SELECT jsonb_array_elements_text(path::jsonb)), v) END $$;
CREATE OR REPLACE FUNCTION rs.object_keep(j jsonb, paths text) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS
$$ DECLARE result jsonb := '{}'; path jsonb; names text[]; BEGIN
  IF jsonb_typeof(j) IS DISTINCT FROM 'object' THEN RETURN NULL; END IF;
  FOR path IN SELECT jsonb_array_elements(paths::jsonb) LOOP
    names := ARRAY(SELECT jsonb_array_elements_text(path));
    IF j #> names IS NOT NULL THEN result := rs._object_set(result, names, j #> names); END IF;
  END LOOP;
  RETURN result; END $$;
