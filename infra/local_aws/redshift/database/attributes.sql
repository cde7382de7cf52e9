-- What Redshift keeps of a relation and PostgreSQL has no place for: distribution, sort keys, encodings, declared keys.
-- CREATE and ALTER write these tables, the views of the catalog and SHOW TABLE read them. Nothing here changes a result.
-- Source: https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html
CREATE TABLE IF NOT EXISTS rs.table_attributes (
  relation oid PRIMARY KEY,
  dist_style text NOT NULL DEFAULT 'AUTO' CHECK (dist_style IN ('AUTO', 'EVEN', 'KEY', 'ALL')),
  dist_key text,
  sort_style text DEFAULT 'AUTO' CHECK (sort_style IN ('COMPOUND', 'INTERLEAVED', 'AUTO')), -- NULL: SORTKEY NONE
  sort_keys text[] NOT NULL DEFAULT '{}',
  encode_auto boolean NOT NULL DEFAULT true, -- no column has an encoding of its own
  backup boolean NOT NULL DEFAULT true,
  auto_refresh boolean NOT NULL DEFAULT false);
-- Every column of a table or materialized view, with its own encoding or the default of its type: `raw`, `az64`, …
CREATE TABLE IF NOT EXISTS rs.column_attributes (
  relation oid, column_name text, encoding text NOT NULL, PRIMARY KEY (relation, column_name));
-- Primary (p), unique (u) and foreign (f) keys. Redshift never enforces them.
CREATE TABLE IF NOT EXISTS rs.declared_keys (
  relation oid NOT NULL, name text NOT NULL, kind char(1) NOT NULL CHECK (kind IN ('p', 'u', 'f')), columns text[] NOT NULL,
  refers_to oid, refers_columns text[], PRIMARY KEY (relation, name));
-- Views WITH NO SCHEMA BINDING: the query in Redshift's SQL and in PostgreSQL's, and the columns that CREATE VIEW listed.
-- The view in pg_class has the columns that were known when it was created, perhaps none.
CREATE TABLE IF NOT EXISTS rs.late_binding_views (
  relation oid PRIMARY KEY, definition text NOT NULL, translation text NOT NULL, columns text[] NOT NULL);
-- Schemas with a quota, in megabytes. Nothing exceeds it here.
CREATE TABLE IF NOT EXISTS rs.schema_quotas (schema oid PRIMARY KEY, megabytes numeric NOT NULL);
GRANT SELECT ON rs.schema_quotas TO PUBLIC;

-- Everybody reads; only the owner of a relation writes about it.
DO $$ DECLARE name text; BEGIN
  FOREACH name IN ARRAY ARRAY['table_attributes', 'column_attributes', 'declared_keys', 'late_binding_views'] LOOP
    EXECUTE format('ALTER TABLE rs.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON rs.%I TO PUBLIC', name);
    IF NOT EXISTS (SELECT FROM pg_policies WHERE schemaname = 'rs' AND tablename = name) THEN
      EXECUTE format('CREATE POLICY readers ON rs.%I FOR SELECT USING (true)', name);
      EXECUTE format('CREATE POLICY owners ON rs.%I USING (pg_has_role(current_user, '
        '(SELECT relowner FROM pg_class WHERE oid = relation), ''USAGE''))', name);
    END IF;
  END LOOP; END $$;

-- A dropped relation or column takes its rows with it. Temporary tables that end with their session send no event.
CREATE OR REPLACE FUNCTION rs.forget_dropped() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog AS $$ DECLARE relations oid[]; BEGIN
  SELECT array_agg(objid) INTO relations FROM pg_event_trigger_dropped_objects()
    WHERE object_type IN ('table', 'view', 'materialized view');
  IF relations IS NOT NULL THEN
    DELETE FROM rs.table_attributes WHERE relation = ANY (relations);
    DELETE FROM rs.column_attributes WHERE relation = ANY (relations);
    DELETE FROM rs.declared_keys WHERE relation = ANY (relations) OR refers_to = ANY (relations);
    DELETE FROM rs.late_binding_views WHERE relation = ANY (relations);
  END IF;
  DELETE FROM rs.column_attributes a USING pg_event_trigger_dropped_objects() d
    WHERE d.object_type = 'table column' AND a.relation = d.objid AND a.column_name = d.address_names[3];
  DELETE FROM rs.declared_keys k USING pg_event_trigger_dropped_objects() d
    WHERE d.object_type = 'table column' AND k.relation = d.objid AND d.address_names[3] = ANY (k.columns);
  DELETE FROM rs.schema_quotas q USING pg_event_trigger_dropped_objects() d
    WHERE d.object_type = 'schema' AND q.schema = d.objid; END $$;
DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_event_trigger WHERE evtname = 'rs_forget_dropped') THEN
  CREATE EVENT TRIGGER rs_forget_dropped ON sql_drop EXECUTE FUNCTION rs.forget_dropped(); END IF; END $$;
DELETE FROM rs.table_attributes WHERE NOT EXISTS (SELECT FROM pg_class WHERE oid = relation);
DELETE FROM rs.column_attributes WHERE NOT EXISTS (SELECT FROM pg_class WHERE oid = relation);
DELETE FROM rs.declared_keys WHERE NOT EXISTS (SELECT FROM pg_class WHERE oid = relation);

-- The encoding of a column that has none of its own.
CREATE OR REPLACE FUNCTION rs.default_encoding(kind oid, is_sort_key boolean) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT CASE WHEN is_sort_key THEN 'raw'
  WHEN kind IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'numeric'::regtype, 'date'::regtype, 'timestamp'::regtype,
    'timestamptz'::regtype, 'time'::regtype, 'timetz'::regtype) THEN 'az64'
  WHEN kind IN ('bpchar'::regtype, 'varchar'::regtype, 'text'::regtype, 'bytea'::regtype) THEN 'lzo'
  WHEN kind = 'jsonb'::regtype THEN 'zstd' ELSE 'raw' END $$;

-- Columns by name, or by position in CREATE TABLE AS: DISTKEY (1).
CREATE OR REPLACE FUNCTION rs.key_columns(tab regclass, names jsonb) RETURNS text[] LANGUAGE plpgsql STABLE AS
$$ DECLARE result text[] := '{}'; key text; match text; BEGIN
  FOR key IN SELECT jsonb_array_elements_text(names) LOOP
    SELECT attname INTO match FROM pg_attribute WHERE attrelid = tab AND attnum > 0 AND NOT attisdropped
      AND (attname = key OR attnum::text = key);
    IF match IS NULL THEN RAISE EXCEPTION 'column "%" named in key does not exist', key USING ERRCODE = '42703'; END IF;
    result := result || match;
  END LOOP; RETURN result; END $$;

-- Writes a new relation's attributes. With `keep`, an earlier relation of CREATE … IF NOT EXISTS keeps its own.
CREATE OR REPLACE FUNCTION rs.remember_table(tab regclass, attributes jsonb, keep boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql AS $$ DECLARE model oid := to_regclass(attributes ->> 'like'); BEGIN
  IF keep AND EXISTS (SELECT FROM rs.table_attributes WHERE relation = tab) THEN RETURN; END IF;
  DELETE FROM rs.table_attributes WHERE relation = tab;
  DELETE FROM rs.column_attributes WHERE relation = tab;
  IF model IS NOT NULL THEN
    INSERT INTO rs.table_attributes SELECT tab, dist_style, dist_key, sort_style, sort_keys, encode_auto, backup, auto_refresh
      FROM rs.table_attributes WHERE relation = model;
    INSERT INTO rs.column_attributes SELECT tab, column_name, encoding FROM rs.column_attributes WHERE relation = model
      AND column_name IN (SELECT attname FROM pg_attribute WHERE attrelid = tab AND NOT attisdropped);
  ELSE
    INSERT INTO rs.table_attributes (relation, dist_style, dist_key, sort_style, sort_keys, encode_auto, backup, auto_refresh)
      VALUES (tab, attributes ->> 'dist_style', (rs.key_columns(tab, attributes -> 'dist_keys'))[1], attributes ->> 'sort_style',
        rs.key_columns(tab, attributes -> 'sort_keys'), (attributes ->> 'encode_auto')::boolean,
        (attributes ->> 'backup')::boolean, (attributes ->> 'auto_refresh')::boolean);
  END IF;
  PERFORM rs.remember_columns(tab, attributes -> 'encodings');
  PERFORM rs.remember_key(tab, key) FROM jsonb_array_elements(attributes -> 'keys') key; END $$;

-- Writes the encodings of columns that have no row yet: their own, or the default.
CREATE OR REPLACE FUNCTION rs.remember_columns(tab regclass, encodings jsonb DEFAULT '{}') RETURNS void LANGUAGE sql AS
$$ INSERT INTO rs.column_attributes
  SELECT tab, attname, coalesce(nullif(encodings ->> attname, 'auto'), rs.default_encoding(atttypid, coalesce(attname = ANY (
    (SELECT sort_keys FROM rs.table_attributes WHERE relation = tab)::text[]), false)))
  FROM pg_attribute WHERE attrelid = tab AND attnum > 0 AND NOT attisdropped ON CONFLICT DO NOTHING $$;

-- Writes a declared key. Its name is PostgreSQL's default unless it has one.
CREATE OR REPLACE FUNCTION rs.remember_key(tab regclass, key jsonb) RETURNS void LANGUAGE plpgsql AS
$$ DECLARE cols text[] := rs.key_columns(tab, key -> 'columns'); relname text := (SELECT c.relname FROM pg_class c WHERE oid = tab);
  label text := coalesce(key ->> 'name', left(CASE key ->> 'kind' WHEN 'p' THEN relname || '_pkey'
    WHEN 'u' THEN relname || '_' || array_to_string(cols, '_') || '_key' ELSE relname || '_' || array_to_string(cols, '_') || '_fkey' END, 63));
BEGIN
  IF key ->> 'kind' = 'p' AND EXISTS (SELECT FROM rs.declared_keys WHERE relation = tab AND kind = 'p') THEN
    RAISE EXCEPTION 'multiple primary keys for table "%" are not allowed', relname USING ERRCODE = '42P16'; END IF;
  IF key ->> 'name' IS NULL AND EXISTS (SELECT FROM rs.declared_keys WHERE relation = tab AND name = label) THEN
    label := label || (SELECT count(*) FROM rs.declared_keys WHERE relation = tab); END IF;
  IF EXISTS (SELECT FROM rs.declared_keys WHERE relation = tab AND name = label) THEN
    RAISE EXCEPTION 'constraint "%" for relation "%" already exists', label, relname USING ERRCODE = '42710'; END IF;
  INSERT INTO rs.declared_keys VALUES (tab, label, key ->> 'kind', cols, (key ->> 'refers_to')::regclass,
    CASE WHEN jsonb_typeof(key -> 'refers_columns') = 'array'
      THEN rs.key_columns((key ->> 'refers_to')::regclass, key -> 'refers_columns')
      ELSE (SELECT columns FROM rs.declared_keys WHERE relation = (key ->> 'refers_to')::regclass AND kind = 'p') END); END $$;
