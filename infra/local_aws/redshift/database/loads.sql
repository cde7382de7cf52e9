-- What COPY and UNLOAD did. The views of catalog_loads.sql show it as Redshift does.
DO $$ BEGIN IF EXISTS (SELECT FROM pg_class WHERE oid = to_regclass('rs.stl_load_errors') AND relkind = 'r') THEN
  DROP TABLE rs.stl_load_errors CASCADE; END IF; END $$;
CREATE TABLE IF NOT EXISTS rs.load_errors (
  user_name text NOT NULL, query bigint, session int, table_id bigint, at timestamp NOT NULL DEFAULT rs.getdate(),
  filename text, line_number bigint, colname text, type text, col_length text, position int, raw_line text,
  raw_field_value text, err_code int, err_reason text, field_names text[], field_values text[]);
CREATE TABLE IF NOT EXISTS rs.loads (
  user_name text NOT NULL DEFAULT session_user, query bigint, session int NOT NULL DEFAULT pg_backend_pid(), table_name text,
  source text, file_format text, began timestamp, ended timestamp NOT NULL DEFAULT rs.getdate(), rows bigint, bytes bigint,
  files text[], lines bigint[], errors bigint[], error_count bigint);
CREATE TABLE IF NOT EXISTS rs.unloads (
  user_name text NOT NULL DEFAULT session_user, query bigint, session int NOT NULL DEFAULT pg_backend_pid(), target text,
  file_format text, compression text, began timestamp, ended timestamp NOT NULL DEFAULT rs.getdate(),
  files text[], rows bigint[], sizes bigint[]);
-- Rows of other users may contain data that a user must not see. Only superusers see all rows.
DO $$ DECLARE tab text; BEGIN FOREACH tab IN ARRAY ARRAY['load_errors', 'loads', 'unloads'] LOOP
  EXECUTE format('ALTER TABLE rs.%I ENABLE ROW LEVEL SECURITY', tab);
  EXECUTE format('GRANT SELECT ON rs.%I TO PUBLIC', tab);
  IF NOT EXISTS (SELECT FROM pg_policies WHERE schemaname = 'rs' AND tablename = tab AND policyname = 'own') THEN
    EXECUTE format('CREATE POLICY own ON rs.%I USING (user_name = session_user)', tab); END IF; END LOOP; END $$;

CREATE OR REPLACE FUNCTION rs.record_load(
  query bigint, table_name text, source text, file_format text, began timestamp, rows bigint, bytes bigint, files text[],
  lines bigint[], errors bigint[], error_count bigint) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = rs AS
$$ INSERT INTO rs.loads (query, table_name, source, file_format, began, rows, bytes, files, lines, errors, error_count)
  VALUES (query, table_name, source, file_format, began, rows, bytes, files, lines, errors, error_count);
  SELECT set_config('rs.last_copy_count', rows::text, false), set_config('rs.last_copy_id', query::text, false) $$;
CREATE OR REPLACE FUNCTION rs.record_unload(
  query bigint, target text, file_format text, compression text, began timestamp, files text[], rows bigint[], sizes bigint[])
  RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = rs AS
$$ INSERT INTO rs.unloads (query, target, file_format, compression, began, files, rows, sizes)
  VALUES (query, target, file_format, compression, began, files, rows, sizes);
  SELECT set_config('rs.last_unload_count', (SELECT coalesce(sum(n), 0) FROM unnest(rows) n)::text, false),
    set_config('rs.last_unload_id', query::text, false) $$;
CREATE OR REPLACE FUNCTION rs.pg_last_copy_count() RETURNS bigint LANGUAGE sql STABLE AS
$$ SELECT coalesce(nullif(current_setting('rs.last_copy_count', true), ''), '0')::bigint $$;
CREATE OR REPLACE FUNCTION rs.pg_last_copy_id() RETURNS int LANGUAGE sql STABLE AS
$$ SELECT (coalesce(nullif(current_setting('rs.last_copy_id', true), ''), '-1')::bigint % 2147483647)::int $$;
CREATE OR REPLACE FUNCTION rs.pg_last_unload_count() RETURNS bigint LANGUAGE sql STABLE AS
$$ SELECT coalesce(nullif(current_setting('rs.last_unload_count', true), ''), '0')::bigint $$;
CREATE OR REPLACE FUNCTION rs.pg_last_unload_id() RETURNS int LANGUAGE sql STABLE AS
$$ SELECT (coalesce(nullif(current_setting('rs.last_unload_id', true), ''), '-1')::bigint % 2147483647)::int $$;
