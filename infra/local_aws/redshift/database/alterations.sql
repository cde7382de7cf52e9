-- Functions that translated ALTER statements call. Each requires the owner, as PostgreSQL's own ALTER does.
-- Source: https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html
DROP FUNCTION IF EXISTS rs.widen_varchar(text, text, int);

-- Ensures that the relation has rows, which an older warehouse may lack.
CREATE OR REPLACE FUNCTION rs.open_attributes(tab regclass) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  PERFORM rs.require_owner(tab);
  INSERT INTO rs.table_attributes (relation) VALUES (tab) ON CONFLICT DO NOTHING;
  PERFORM rs.remember_columns(tab); END $$;

CREATE OR REPLACE FUNCTION rs.alter_distribution(tab regclass, style text, key text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  PERFORM rs.open_attributes(tab);
  UPDATE rs.table_attributes SET dist_style = style,
    dist_key = CASE WHEN key IS NOT NULL THEN (rs.key_columns(tab, jsonb_build_array(key)))[1] END WHERE relation = tab; END $$;

CREATE OR REPLACE FUNCTION rs.alter_sort_key(tab regclass, style text, keys jsonb) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  PERFORM rs.open_attributes(tab);
  UPDATE rs.table_attributes SET sort_style = style, sort_keys = rs.key_columns(tab, keys) WHERE relation = tab; END $$;

-- Changes a column's encoding; without a column, the table's encodings become automatic.
CREATE OR REPLACE FUNCTION rs.alter_encoding(tab regclass, col text, kind text) RETURNS void LANGUAGE plpgsql AS
$$ DECLARE type oid := (SELECT atttypid FROM pg_attribute WHERE attrelid = tab AND attname = col AND NOT attisdropped); BEGIN
  PERFORM rs.open_attributes(tab);
  IF col IS NULL THEN UPDATE rs.table_attributes SET encode_auto = true WHERE relation = tab; RETURN; END IF;
  IF type IS NULL THEN RAISE EXCEPTION 'column "%" of relation "%" does not exist', col, tab USING ERRCODE = '42703'; END IF;
  UPDATE rs.table_attributes SET encode_auto = false WHERE relation = tab AND kind <> 'auto';
  UPDATE rs.column_attributes SET encoding = CASE kind WHEN 'auto' THEN rs.default_encoding(type, false) ELSE kind END
    WHERE relation = tab AND column_name = col; END $$;

CREATE OR REPLACE FUNCTION rs.alter_auto_refresh(tab regclass, refreshes boolean) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  PERFORM rs.open_attributes(tab);
  IF (SELECT relkind FROM pg_class WHERE oid = tab) <> 'm' THEN
    RAISE EXCEPTION '"%" is not a materialized view', tab USING ERRCODE = '42809'; END IF;
  UPDATE rs.table_attributes SET auto_refresh = refreshes WHERE relation = tab; END $$;

CREATE OR REPLACE FUNCTION rs.add_key(tab regclass, key jsonb) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  PERFORM rs.open_attributes(tab);
  IF key ->> 'kind' = 'p' AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = tab AND NOT attnotnull
    AND attname = ANY (rs.key_columns(tab, key -> 'columns'))) THEN
    RAISE EXCEPTION 'primary key columns of "%" must be NOT NULL', tab USING ERRCODE = '42P16'; END IF;
  PERFORM rs.remember_key(tab, key); END $$;

CREATE OR REPLACE FUNCTION rs.drop_key(tab regclass, key text, behaviour text) RETURNS void LANGUAGE plpgsql AS
$$ DECLARE dropped rs.declared_keys; BEGIN
  PERFORM rs.open_attributes(tab);
  DELETE FROM rs.declared_keys WHERE relation = tab AND name = key RETURNING * INTO dropped;
  IF dropped.name IS NULL THEN
    RAISE EXCEPTION 'constraint "%" of relation "%" does not exist', key, tab USING ERRCODE = '42704'; END IF;
  IF dropped.kind <> 'f' THEN
    IF behaviour = 'RESTRICT' AND EXISTS (SELECT FROM rs.declared_keys WHERE refers_to = tab AND refers_columns = dropped.columns) THEN
      RAISE EXCEPTION 'cannot drop constraint % on table % because other objects depend on it', key, tab
        USING ERRCODE = '2BP01', HINT = 'Use DROP ... CASCADE to drop the dependent objects too.'; END IF;
    DELETE FROM rs.declared_keys WHERE refers_to = tab AND refers_columns = dropped.columns;
  END IF; END $$;

-- A distribution or sort key cannot be dropped, nor a column of a declared key without CASCADE.
CREATE OR REPLACE FUNCTION rs.require_droppable(tab regclass, col text, behaviour text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  IF EXISTS (SELECT FROM rs.table_attributes WHERE relation = tab AND dist_key = col) THEN
    RAISE EXCEPTION 'cannot drop distkey column "%"', col USING ERRCODE = '0A000'; END IF;
  IF EXISTS (SELECT FROM rs.table_attributes WHERE relation = tab AND col = ANY (sort_keys)) THEN
    RAISE EXCEPTION 'cannot drop sortkey column "%"', col USING ERRCODE = '0A000'; END IF;
  IF behaviour = 'RESTRICT' AND EXISTS (SELECT FROM rs.declared_keys WHERE relation = tab AND col = ANY (columns)
    OR refers_to = tab AND col = ANY (refers_columns)) THEN
    RAISE EXCEPTION 'cannot drop table % column % because other objects depend on it', tab, col
      USING ERRCODE = '2BP01', HINT = 'Use DROP ... CASCADE to drop the dependent objects too.'; END IF; END $$;

CREATE OR REPLACE FUNCTION rs.rename_column(tab regclass, old text, new text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  UPDATE rs.table_attributes SET dist_key = CASE WHEN dist_key = old THEN new ELSE dist_key END,
    sort_keys = array_replace(sort_keys, old, new) WHERE relation = tab AND (dist_key = old OR old = ANY (sort_keys));
  UPDATE rs.column_attributes SET column_name = new WHERE relation = tab AND column_name = old;
  UPDATE rs.declared_keys SET columns = array_replace(columns, old, new) WHERE relation = tab AND old = ANY (columns);
  UPDATE rs.declared_keys SET refers_columns = array_replace(refers_columns, old, new)
    WHERE refers_to = tab AND old = ANY (refers_columns); END $$;

-- ALTER COLUMN … TYPE VARCHAR(n) changes the byte limit with the type.
CREATE OR REPLACE FUNCTION rs.resize_varchar(tab regclass, col text, n int) RETURNS void LANGUAGE plpgsql AS
$$ DECLARE old_check text; longest int; used text; BEGIN
  PERFORM rs.require_owner(tab);
  SELECT conname INTO old_check FROM pg_constraint WHERE conrelid = tab AND conname LIKE 'rs\_bytes\_%' AND conkey = ARRAY[(
    SELECT attnum FROM pg_attribute WHERE attrelid = tab AND attname = col AND atttypid = 'varchar'::regtype)];
  IF old_check IS NULL THEN
    RAISE EXCEPTION 'target column "%" is not VARCHAR: only the size of a VARCHAR can be altered', col USING ERRCODE = '0A000'; END IF;
  SELECT encoding INTO used FROM rs.column_attributes WHERE relation = tab AND column_name = col;
  IF used IN ('bytedict', 'runlength', 'text255', 'text32k') THEN
    RAISE EXCEPTION 'cannot alter type of column "%" with encoding %', col, upper(used) USING ERRCODE = '0A000'; END IF;
  IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = tab AND attname = col AND atthasdef) THEN
    RAISE EXCEPTION 'cannot alter type of column "%" with a default value', col USING ERRCODE = '0A000'; END IF;
  IF EXISTS (SELECT FROM rs.declared_keys WHERE relation = tab AND col = ANY (columns)) THEN
    RAISE EXCEPTION 'cannot alter type of column "%" of a primary, unique or foreign key', col USING ERRCODE = '0A000'; END IF;
  EXECUTE format('SELECT max(octet_length(%I)) FROM %s', col, tab) INTO longest;
  IF n < longest THEN
    RAISE EXCEPTION 'target column size should be greater or equal to current maximum column size' USING ERRCODE = '22001'; END IF;
  EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', tab, old_check);
  EXECUTE format('ALTER TABLE %s ALTER COLUMN %I TYPE varchar(%s), ADD CONSTRAINT %I CHECK (octet_length(%I) <= %s)',
    tab, col, n, left('rs_bytes_' || n || '_' || col, 63), col, n); END $$;

CREATE OR REPLACE FUNCTION rs.require_database(name text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  IF name <> current_database() THEN RAISE EXCEPTION 'database "%" does not exist', name USING ERRCODE = '3D000'; END IF; END $$;

-- Only a superuser may set a quota. A negative one is unlimited.
CREATE OR REPLACE FUNCTION rs.set_quota(name text, size numeric) RETURNS void LANGUAGE plpgsql AS
$$ DECLARE id oid := to_regnamespace(quote_ident(name)); BEGIN
  IF id IS NULL THEN RAISE EXCEPTION 'schema "%" does not exist', name USING ERRCODE = '3F000'; END IF;
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    RAISE EXCEPTION 'must be superuser to set the quota of a schema' USING ERRCODE = '42501'; END IF;
  DELETE FROM rs.schema_quotas WHERE schema = id;
  IF size >= 0 THEN INSERT INTO rs.schema_quotas VALUES (id, size); END IF; END $$;

-- PostgreSQL's plan as Redshift prints plans: nodes begin with XN.
CREATE OR REPLACE FUNCTION rs.explain(statement text, is_verbose boolean) RETURNS SETOF text LANGUAGE plpgsql
SET enable_indexscan = off SET enable_indexonlyscan = off SET enable_bitmapscan = off
SET max_parallel_workers_per_gather = 0 AS $$ DECLARE line text; BEGIN
  FOR line IN EXECUTE CASE WHEN is_verbose THEN 'EXPLAIN VERBOSE ' ELSE 'EXPLAIN ' END || statement LOOP
    CONTINUE WHEN line ~ '^\s*(Disabled: true|Query Identifier:)';
    line := regexp_replace(line, '\mrs\.', '', 'g');
    RETURN NEXT regexp_replace(line, '^(\s*(?:->  )?)(?=\S.*\(cost=)', '\1XN ');
  END LOOP; END $$;
