-- Facts about relations as Redshift states them. The catalog's views (catalog_*.sql) are built on these.
-- rs_catalog holds Redshift's pg_catalog and system views, rs_information its information_schema, rs_facts what both are made of.
-- All three stay hidden, and hold nothing but views, so that a later version may create them again.
CREATE SCHEMA IF NOT EXISTS rs_facts;
CREATE SCHEMA IF NOT EXISTS rs_catalog;
CREATE SCHEMA IF NOT EXISTS rs_information;
GRANT USAGE ON SCHEMA rs_facts, rs_catalog, rs_information TO PUBLIC;
CREATE OR REPLACE FUNCTION rs.is_hidden(schema_name name) RETURNS boolean LANGUAGE sql IMMUTABLE AS
$$ SELECT schema_name IN ('rs', 'rs_facts', 'rs_catalog', 'rs_information') OR schema_name LIKE 'pg\_toast\_temp\_%' $$;

-- PostgreSQL's schema public belongs to a role of its own, which no list of users has. In Redshift, to the administrator.
CREATE OR REPLACE FUNCTION rs.owner(role_id oid) RETURNS oid LANGUAGE sql STABLE AS
$$ SELECT CASE role_id WHEN 'pg_database_owner'::regrole THEN (SELECT datdba FROM pg_catalog.pg_database WHERE datname = current_database()) ELSE role_id END $$;

-- Types. VARCHAR always has a length in Redshift; ours has none where a query computed it.
CREATE OR REPLACE FUNCTION rs.format_type(type_id oid, modifier int) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT CASE type_id WHEN 3802 THEN 'super' WHEN 4000 THEN 'super' WHEN 17 THEN 'varbyte' WHEN 6551 THEN 'varbyte'
  WHEN 25 THEN CASE WHEN modifier IS NULL THEN 'character varying' ELSE 'character varying(65535)' END
  WHEN 1043 THEN CASE WHEN modifier = -1 THEN 'character varying(65535)' ELSE pg_catalog.format_type(type_id, modifier) END
  WHEN 1700 THEN CASE WHEN modifier = -1 THEN 'numeric(38,18)' ELSE pg_catalog.format_type(type_id, modifier) END
  ELSE pg_catalog.format_type(type_id, modifier) END $$;
CREATE OR REPLACE FUNCTION rs.data_type(type_id oid) RETURNS varchar LANGUAGE sql STABLE AS
$$ SELECT CASE type_id WHEN 17 THEN 'binary varying' ELSE rs.format_type(type_id, NULL) END $$;
CREATE OR REPLACE FUNCTION rs.character_maximum_length(type_id oid, modifier int) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN type_id IN (1042, 1043) AND modifier > 4 THEN modifier - 4 WHEN type_id IN (25, 1043) THEN 65535 END $$;
CREATE OR REPLACE FUNCTION rs.numeric_precision(type_id oid, modifier int) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE type_id WHEN 21 THEN 16 WHEN 23 THEN 32 WHEN 20 THEN 64 WHEN 700 THEN 24 WHEN 701 THEN 53
  WHEN 1700 THEN CASE WHEN modifier > 4 THEN ((modifier - 4) >> 16) & 65535 ELSE 38 END END $$;
CREATE OR REPLACE FUNCTION rs.numeric_scale(type_id oid, modifier int) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN type_id IN (20, 21, 23) THEN 0
  WHEN type_id = 1700 THEN CASE WHEN modifier > 4 THEN (modifier - 4) & 2047 ELSE 18 END END $$;

-- Encodings have numbers in pg_attribute. RAW is shown as `none`.
-- Source: https://docs.aws.amazon.com/redshift/latest/dg/c_Compression_encodings.html
CREATE OR REPLACE FUNCTION rs.encodings() RETURNS text[] LANGUAGE sql IMMUTABLE AS
$$ SELECT '{bytedict,delta,lzo,runlength,delta32k,mostly8,mostly16,mostly32,text255,text32k,zstd,az64}'::text[] $$;
CREATE OR REPLACE FUNCTION rs.encoding_number(encoding text) RETURNS smallint LANGUAGE sql IMMUTABLE AS
$$ SELECT coalesce(array_position(rs.encodings(), encoding), 0)::smallint $$;
CREATE OR REPLACE FUNCTION rs.format_encoding(encoding int) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT coalesce((rs.encodings())[encoding], 'none') $$;

-- Every relation that a user of Redshift could know, whoever asks. A materialized view without DISTSTYLE is distributed evenly.
CREATE OR REPLACE VIEW rs_facts.relations AS
SELECT c.oid, n.oid AS schema_id, n.nspname AS schema_name, c.relname AS name, c.relkind AS kind, c.relowner AS owner,
  CASE WHEN c.relkind IN ('r', 'p') THEN 'TABLE' WHEN c.relkind = 'f' THEN 'EXTERNAL TABLE' ELSE 'VIEW' END AS table_type,
  c.relacl AS acl, obj_description(c.oid, 'pg_class') AS remarks, c.reltuples, c.relpersistence = 't' AS is_temporary,
  CASE WHEN c.relkind = 'm' THEN coalesce(nullif(t.dist_style, 'AUTO'), 'EVEN') WHEN c.relkind IN ('r', 'p') THEN coalesce(t.dist_style, 'AUTO') END AS dist_style,
  t.dist_key, CASE WHEN c.relkind = 'm' THEN nullif(t.sort_style, 'AUTO') WHEN t.relation IS NULL AND c.relkind IN ('r', 'p') THEN 'AUTO' ELSE t.sort_style END AS sort_style, coalesce(t.sort_keys, '{}') AS sort_keys, coalesce(t.backup, true) AS backup,
  coalesce(t.auto_refresh, false) AS auto_refresh, l.definition AS late_binding_query
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN rs.table_attributes t ON t.relation = c.oid LEFT JOIN rs.late_binding_views l ON l.relation = c.oid
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT rs.is_hidden(n.nspname) AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast');
-- Those that the asking user may see: own ones, and those with a privilege on them or on a column.
CREATE OR REPLACE VIEW rs_facts.visible_relations AS
SELECT * FROM rs_facts.relations r WHERE pg_has_role(r.owner, 'USAGE') OR has_table_privilege(r.oid, 'SELECT, INSERT, UPDATE, DELETE, REFERENCES')
  OR has_any_column_privilege(r.oid, 'SELECT, INSERT, UPDATE, REFERENCES');
CREATE OR REPLACE VIEW rs_facts.relation_columns AS
SELECT a.attrelid AS relation, a.attnum AS number, a.attname AS name, a.atttypid AS type_id, a.atttypmod AS modifier, a.attnotnull AS is_required,
  k.sort_key, coalesce(r.dist_key = a.attname AND r.dist_style <> 'EVEN', false) AS is_dist_key,
  CASE WHEN r.kind IN ('v', 'f') THEN 'none' ELSE replace(coalesce(e.encoding, rs.default_encoding(a.atttypid, k.sort_key <> 0)), 'raw', 'none') END AS encoding,
  r.kind, a.attidentity <> '' AS is_identity, a.attacl AS acl
FROM rs_facts.relations r JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid
LEFT JOIN rs.column_attributes e ON e.relation = a.attrelid AND e.column_name = a.attname
CROSS JOIN LATERAL (SELECT coalesce(array_position(r.sort_keys, a.attname::text), 0) * CASE WHEN r.sort_style = 'INTERLEAVED'
  AND array_position(r.sort_keys, a.attname::text) % 2 = 0 THEN -1 ELSE 1 END AS sort_key) k
WHERE a.attnum > 0 AND NOT a.attisdropped AND NOT (r.late_binding_query IS NOT NULL AND a.attname = 'column_of_a_missing_table');
CREATE OR REPLACE FUNCTION rs.identity_text(relation oid, number smallint) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT format('"identity"(%s, %s, ''%s,%s''::text)', relation, number - 1, s.seqstart, s.seqincrement)
  FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_sequence s ON s.seqrelid = d.objid
  WHERE d.refobjid = relation AND d.refobjsubid = number AND d.deptype = 'i' AND d.classid = 'pg_catalog.pg_class'::regclass $$;
CREATE OR REPLACE FUNCTION rs.column_default(relation oid, number smallint) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT coalesce((SELECT pg_get_expr(adbin, adrelid) FROM pg_catalog.pg_attrdef WHERE adrelid = relation AND adnum = number),
  rs.identity_text(relation, number)) $$;
CREATE OR REPLACE VIEW rs_facts.described_columns AS
SELECT c.relation, c.number, c.name, c.type_id, c.modifier, c.is_required, c.sort_key, c.is_dist_key, c.kind, c.acl, c.is_identity,
  c.encoding,
  rs.format_type(c.type_id, c.modifier) AS type, rs.data_type(c.type_id) AS data_type,
  rs.character_maximum_length(c.type_id, c.modifier) AS character_maximum_length,
  rs.numeric_precision(c.type_id, c.modifier) AS numeric_precision, rs.numeric_scale(c.type_id, c.modifier) AS numeric_scale,
  rs.column_default(c.relation, c.number) AS column_default, col_description(c.relation, c.number) AS remarks
FROM rs_facts.relation_columns c;
-- A column is seen by whoever has a privilege on it.
CREATE OR REPLACE FUNCTION rs.sees_column(owner oid, relation oid, number smallint) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT pg_has_role(owner, 'USAGE') OR has_column_privilege(relation, number, 'SELECT, INSERT, UPDATE, REFERENCES') $$;

-- A relation of Redshift that never has a row here: what it records does not happen. `columns` is a list of "name type".
CREATE OR REPLACE FUNCTION rs.empty_relation(name text, columns text) RETURNS void LANGUAGE plpgsql AS
$$ BEGIN EXECUTE format('CREATE OR REPLACE VIEW rs_catalog.%I AS SELECT %s WHERE false', name,
  (SELECT string_agg(format('NULL::%s AS %I', split_part(item, ' ', 2), split_part(item, ' ', 1)), ', ' ORDER BY i) FROM string_to_table(columns, ', ') WITH ORDINALITY t(item, i))); END $$;

-- Declared keys. They need an oid of their own, which stays the same from one query to the next.
CREATE OR REPLACE FUNCTION rs.key_oid(relation oid, name text) RETURNS oid LANGUAGE sql IMMUTABLE AS
$$ SELECT (('x' || substr(md5(relation::text || name), 1, 8))::bit(32)::bigint & 2147483647 | 1073741824)::oid $$;
CREATE OR REPLACE FUNCTION rs.column_numbers(relation oid, columns text[]) RETURNS smallint[] LANGUAGE sql STABLE AS
$$ SELECT array_agg(a.attnum ORDER BY u.i) FROM unnest(columns) WITH ORDINALITY u(name, i)
  JOIN pg_catalog.pg_attribute a ON a.attrelid = relation AND a.attname = u.name AND NOT a.attisdropped $$;
CREATE OR REPLACE FUNCTION rs.quoted_columns(columns text[]) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT string_agg(quote_ident(name), ', ' ORDER BY i) FROM unnest(columns) WITH ORDINALITY u(name, i) $$;
CREATE OR REPLACE VIEW rs_facts.keys AS
SELECT rs.key_oid(k.relation, k.name) AS oid, r.schema_id, r.schema_name, r.name AS table_name, k.relation, r.owner, k.kind::text AS kind, k.columns,
  k.name, k.refers_to, f.schema_name AS refers_schema, f.name AS refers_table, k.refers_columns
FROM rs.declared_keys k JOIN rs_facts.relations r ON r.oid = k.relation LEFT JOIN rs_facts.relations f ON f.oid = k.refers_to;
CREATE OR REPLACE FUNCTION rs.key_text(kind text, columns text[], refers_schema name, refers_table name, refers_columns text[]) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT CASE kind WHEN 'p' THEN 'PRIMARY KEY (' WHEN 'u' THEN 'UNIQUE (' ELSE 'FOREIGN KEY (' END || rs.quoted_columns(columns) || ')'
  || CASE WHEN kind = 'f' THEN ' REFERENCES ' || CASE WHEN refers_schema = 'public' THEN '' ELSE quote_ident(refers_schema) || '.' END
  || quote_ident(refers_table) || '(' || rs.quoted_columns(refers_columns) || ')' ELSE '' END $$;
CREATE OR REPLACE FUNCTION rs.pg_get_constraintdef(key oid, pretty boolean DEFAULT false) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT rs.key_text(kind, columns, refers_schema, refers_table, refers_columns) FROM rs_facts.keys WHERE oid = key $$;

CREATE OR REPLACE FUNCTION rs.version() RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT 'PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.77467' $$;
