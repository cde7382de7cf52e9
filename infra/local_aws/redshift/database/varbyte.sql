-- VARBYTE, stored as bytea, and the hash functions that the documentation defines.
-- Source: https://docs.aws.amazon.com/redshift/latest/dg/r_VARBYTE_type.html

-- Casts. A text is its bytes in UTF-8, a CHAR with its padding; an integer is its bytes, the highest first.
CREATE OR REPLACE FUNCTION rs.as_varbyte(s text) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$ SELECT convert_to(s, 'UTF8') $$;
CREATE OR REPLACE FUNCTION rs.as_varbyte(s bpchar) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$ SELECT bpcharsend(s) $$;
CREATE OR REPLACE FUNCTION rs.as_varbyte(b bytea) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$ SELECT b $$;
CREATE OR REPLACE FUNCTION rs.as_varbyte(n smallint) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$ SELECT n::bytea $$;
CREATE OR REPLACE FUNCTION rs.as_varbyte(n int) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$ SELECT n::bytea $$;
CREATE OR REPLACE FUNCTION rs.as_varbyte(n bigint) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$ SELECT n::bytea $$;
CREATE OR REPLACE FUNCTION rs.as_varchar(b bytea) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT convert_from(b, 'UTF8') $$;
CREATE OR REPLACE FUNCTION rs.as_varchar(b bytea, n int) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT rs.as_varchar(convert_from(b, 'UTF8'), n) $$;

-- Formats: hex, binary, base64, utf8 (or utf-8).
CREATE OR REPLACE FUNCTION rs.bits(b bytea) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT coalesce(string_agg(get_byte(b, i)::bit(8)::text, '' ORDER BY i), '') FROM generate_series(0, length(b) - 1) i $$;
CREATE OR REPLACE FUNCTION rs.bytes_of_bits(s text) RETURNS bytea LANGUAGE plpgsql IMMUTABLE STRICT AS
$$ BEGIN
  IF s !~ '^[01]*$' OR length(s) % 8 <> 0 THEN RAISE EXCEPTION 'invalid binary data: %', s; END IF;
  RETURN decode(coalesce((SELECT string_agg(lpad(to_hex(substr(s, i, 8)::bit(8)::int), 2, '0'), '' ORDER BY i)
    FROM generate_series(1, length(s), 8) i), ''), 'hex'); END $$;
CREATE OR REPLACE FUNCTION rs.refuse_format(f text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS
$$ BEGIN RAISE EXCEPTION 'invalid format "%": it must be hex, binary, utf8 or base64', f; END $$;
CREATE OR REPLACE FUNCTION rs.from_varbyte(b bytea, f text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT CASE replace(lower(f), '-', '') WHEN 'hex' THEN encode(b, 'hex') WHEN 'binary' THEN rs.bits(b)
  WHEN 'base64' THEN replace(encode(b, 'base64'), E'\n', '') WHEN 'utf8' THEN convert_from(b, 'UTF8')
  ELSE rs.refuse_format(f) END $$;
CREATE OR REPLACE FUNCTION rs.to_varbyte(s text, f text) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT CASE replace(lower(f), '-', '') WHEN 'hex' THEN decode(s, 'hex') WHEN 'binary' THEN rs.bytes_of_bits(s)
  WHEN 'base64' THEN decode(s, 'base64') WHEN 'utf8' THEN convert_to(s, 'UTF8')
  ELSE rs.refuse_format(f)::bytea END $$;
CREATE OR REPLACE FUNCTION rs.from_hex(s text) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$ SELECT decode(s, 'hex') $$;
CREATE OR REPLACE FUNCTION rs.to_hex(b bytea) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT encode(b, 'hex') $$;
CREATE OR REPLACE FUNCTION rs.to_hex(s text) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT encode(convert_to(s, 'UTF8'), 'hex') $$;
CREATE OR REPLACE FUNCTION rs.to_hex(n int) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.to_hex(n) $$;
CREATE OR REPLACE FUNCTION rs.to_hex(n bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.to_hex(n) $$;

-- Bits. Bit 0 is the lowest bit of the last byte.
CREATE OR REPLACE FUNCTION rs.getbit(b bytea, i int) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT (get_byte(b, length(b) - 1 - i / 8) >> (i % 8)) & 1 $$;
CREATE OR REPLACE FUNCTION rs.concat(a bytea, b bytea) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$ SELECT a || b $$;
CREATE OR REPLACE FUNCTION rs.len(b bytea) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT length(b) $$;
CREATE OR REPLACE FUNCTION rs.bytes_and(a bytea, b bytea) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT rs.bytes_of_bits((rs.bits(a)::varbit & rs.bits(b)::varbit)::text) $$;
CREATE OR REPLACE FUNCTION rs.bytes_or(a bytea, b bytea) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT rs.bytes_of_bits((rs.bits(a)::varbit | rs.bits(b)::varbit)::text) $$;
CREATE OR REPLACE FUNCTION rs.bytes_xor(a bytea, b bytea) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT rs.bytes_of_bits((rs.bits(a)::varbit # rs.bits(b)::varbit)::text) $$;
CREATE OR REPLACE FUNCTION rs.bytes_not(a bytea) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT rs.bytes_of_bits((~ rs.bits(a)::varbit)::text) $$;

-- FNV_HASH: FNV-1a of 64 bits over the value's bytes, the lowest byte of a number first. Trailing blanks count.
-- Source: https://docs.aws.amazon.com/redshift/latest/dg/r_FNV_HASH.html
CREATE OR REPLACE FUNCTION rs.fnv_bytes(b bytea, seed bigint) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS
$$ DECLARE h numeric := CASE WHEN seed < 0 THEN seed + 18446744073709551616 ELSE seed END; low bigint; BEGIN
  FOR i IN 0 .. coalesce(length(b), 0) - 1 LOOP
    low := mod(h, 256)::bigint;
    h := mod((h - low + (low # get_byte(b, i))) * 1099511628211, 18446744073709551616);
  END LOOP;
  RETURN CASE WHEN h >= 9223372036854775808 THEN h - 18446744073709551616 ELSE h END; END $$;
CREATE OR REPLACE FUNCTION rs.fnv_hash(b bytea, seed bigint DEFAULT -3750763034362895579) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT rs.fnv_bytes(b, seed) $$;
CREATE OR REPLACE FUNCTION rs.fnv_hash(s text, seed bigint DEFAULT -3750763034362895579) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT rs.fnv_bytes(convert_to(s, 'UTF8'), seed) $$;
CREATE OR REPLACE FUNCTION rs.fnv_hash(s bpchar, seed bigint DEFAULT -3750763034362895579) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT rs.fnv_bytes(bpcharsend(s), seed) $$;
CREATE OR REPLACE FUNCTION rs.fnv_hash(n smallint, seed bigint DEFAULT -3750763034362895579) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT rs.fnv_bytes(reverse(n::bytea), seed) $$;
CREATE OR REPLACE FUNCTION rs.fnv_hash(n int, seed bigint DEFAULT -3750763034362895579) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT rs.fnv_bytes(reverse(n::bytea), seed) $$;
CREATE OR REPLACE FUNCTION rs.fnv_hash(n bigint, seed bigint DEFAULT -3750763034362895579) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT rs.fnv_bytes(reverse(n::bytea), seed) $$;
-- CRC32 is the Castagnoli polynomial's.
CREATE OR REPLACE FUNCTION rs.crc32(s text) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_catalog.to_hex(pg_catalog.crc32c(convert_to(s, 'UTF8'))) $$;
-- CONCAT and || take texts or bytes; any other value becomes its text.
CREATE OR REPLACE FUNCTION rs.text_or_bytes(s text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT s $$;
CREATE OR REPLACE FUNCTION rs.text_or_bytes(b bytea) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$ SELECT b $$;
CREATE OR REPLACE FUNCTION rs.text_or_bytes(v anyelement) RETURNS text LANGUAGE sql STABLE AS $$ SELECT rs.as_varchar(v) $$;
CREATE OR REPLACE FUNCTION rs.sha2(b bytea, bits int) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT encode(CASE bits WHEN 0 THEN sha256(b) WHEN 256 THEN sha256(b) WHEN 224 THEN sha224(b) WHEN 384 THEN sha384(b)
  WHEN 512 THEN sha512(b) END, 'hex') $$;
