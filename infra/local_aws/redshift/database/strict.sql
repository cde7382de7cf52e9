-- Twins that are stricter than PostgreSQL's functions: what Redshift refuses must fail here, too.

-- https://docs.aws.amazon.com/redshift/latest/dg/SPLIT_PART.html: the position must be greater than 0.
CREATE OR REPLACE FUNCTION rs.split_part(s text, delimiter text, n bigint) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT AS
$$ BEGIN
  IF n < 1 THEN RAISE EXCEPTION 'field position must be greater than zero'; END IF;
  RETURN pg_catalog.split_part(s, delimiter, n::int);
END $$;

-- https://docs.aws.amazon.com/redshift/latest/dg/JSON_PARSE.html: an object with the same key twice is an error. Both are
-- STABLE, because the planner evaluates an immutable call in a branch of CASE that is never taken.
CREATE OR REPLACE FUNCTION rs.bad_json(s text) RETURNS jsonb LANGUAGE plpgsql STABLE AS
$$ BEGIN
  IF s IS JSON THEN RAISE EXCEPTION 'an object has the same key twice' USING ERRCODE = 'duplicate_json_object_key_value'; END IF;
  RETURN s::jsonb;
END $$;
CREATE OR REPLACE FUNCTION rs.json_parse(s text) RETURNS jsonb LANGUAGE sql STABLE AS
$$ SELECT CASE WHEN s IS JSON WITH UNIQUE KEYS THEN s::jsonb ELSE rs.bad_json(s) END $$;

-- https://docs.aws.amazon.com/redshift/latest/dg/r_NEXT_DAY.html
CREATE OR REPLACE FUNCTION rs.next_day(t timestamp, d text) RETURNS date LANGUAGE plpgsql IMMUTABLE STRICT AS
$$ DECLARE
  days CONSTANT text[] := ARRAY['sunday','monday','tuesday','wednesday','thursday','friday','saturday'];
  target int;
BEGIN
  SELECT i INTO target FROM generate_subscripts(days, 1) i WHERE length(trim(d)) > 1 AND starts_with(days[i], lower(trim(d)));
  IF target IS NULL THEN RAISE EXCEPTION 'day of week "%" is not recognized', d; END IF;
  RETURN t::date + 1 + ((target - 1 - extract(dow FROM t::date + 1)::int + 7) % 7);
END $$;
