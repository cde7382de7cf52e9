-- Text functions that PostgreSQL lacks. Source: https://docs.aws.amazon.com/redshift/latest/dg/String_functions_header.html
-- Comparisons by bytes; trailing blanks don't count, as for CHAR.
CREATE OR REPLACE FUNCTION rs.bpcharcmp(a text, b text) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_catalog.bpcharcmp(a, b) $$;
CREATE OR REPLACE FUNCTION rs.bttext_pattern_cmp(a text, b text) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT sign(pg_catalog.bttext_pattern_cmp(rtrim(a, ' '), rtrim(b, ' ')))::int $$;
-- OCTETINDEX: the position in bytes, from 1; 0 if there is none.
CREATE OR REPLACE FUNCTION rs.octetindex(part text, s text) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN part = '' THEN 0 ELSE position(convert_to(part, 'UTF8') IN convert_to(s, 'UTF8')) END $$;
-- American Soundex of the English letters in a text: a letter and three digits; '' without letters.
CREATE OR REPLACE FUNCTION rs.soundex(s text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT AS
$$ DECLARE letters text := upper(regexp_replace(s, '[^A-Za-z]', '', 'g')); result text := left(letters, 1); c text; code text;
  last_code text := translate(left(letters, 1), 'BFPVCGJKQSXZDTLMNRAEIOUYHW', '11112222222233455600000099'); BEGIN
  FOR at IN 2 .. length(letters) LOOP
    code := translate(substr(letters, at, 1), 'BFPVCGJKQSXZDTLMNRAEIOUYHW', '11112222222233455600000099');
    IF code <> '9' THEN  -- H and W don't separate two letters with the same code; vowels do
      IF code <> '0' AND code <> last_code THEN result := result || code; END IF;
      last_code := code;
    END IF;
    EXIT WHEN length(result) = 4;
  END LOOP;
  RETURN CASE WHEN result = '' THEN '' ELSE rpad(result, 4, '0') END; END $$;
-- DIFFERENCE: how many of the four characters of both codes are equal.
CREATE OR REPLACE FUNCTION rs.difference(a text, b text) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT (SELECT count(*) FILTER (WHERE substr(x, i, 1) = substr(y, i, 1) AND substr(x, i, 1) <> '')::int FROM generate_series(1, 4) i)
  FROM (SELECT rs.soundex(a) x, rs.soundex(b) y) codes $$;
-- REGEXP_INSTR with an occurrence, and option 0 (begin of the match) or 1 (position after it).
CREATE OR REPLACE FUNCTION rs.regexp_instr(s text, p text, start int) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_catalog.regexp_instr(s, p, start) $$;
CREATE OR REPLACE FUNCTION rs.regexp_instr(s text, p text, start int, n int) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_catalog.regexp_instr(s, p, start, n) $$;
CREATE OR REPLACE FUNCTION rs.regexp_instr(s text, p text, start int, n int, at_end int, flags text DEFAULT '') RETURNS int
LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_catalog.regexp_instr(s, p, start, n, at_end, replace(replace(flags, 'e', ''), 'p', ''), CASE WHEN flags LIKE '%e%' THEN 1 ELSE 0 END) $$;
