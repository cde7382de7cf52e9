-- Views WITH NO SCHEMA BINDING. A query of a session reads their text (translator/late_binding.py); procedures and other
-- views, which were translated earlier, read the rows of `late_rows`.
CREATE OR REPLACE FUNCTION rs.late_rows(relation oid) RETURNS SETOF record LANGUAGE plpgsql AS $$ BEGIN
  RETURN QUERY EXECUTE (SELECT translation FROM rs.late_binding_views v WHERE v.relation = late_rows.relation);
EXCEPTION WHEN datatype_mismatch THEN
  RAISE EXCEPTION 'the tables of the late-binding view % have changed: create the view again', relation::regclass; END $$;

-- The columns of a query, as a column definition list; NULL if it names something that does not exist.
CREATE OR REPLACE FUNCTION rs.columns_of_query(query text, names text[]) RETURNS text LANGUAGE plpgsql AS
$$ DECLARE result text; BEGIN
  EXECUTE format('CREATE TEMP VIEW rs_probe%s AS %s', CASE WHEN names <> '{}'
    THEN (SELECT '(' || string_agg(quote_ident(name), ', ') || ')' FROM unnest(names) name) ELSE '' END, query);
  SELECT string_agg(format('%I %s', attname, format_type(atttypid, atttypmod)), ', ' ORDER BY attnum) INTO result
    FROM pg_attribute WHERE attrelid = 'pg_temp.rs_probe'::regclass AND attnum > 0;
  DROP VIEW pg_temp.rs_probe;
  RETURN result;
EXCEPTION WHEN syntax_error_or_access_rule_violation OR invalid_schema_name THEN RETURN NULL; END $$;

CREATE OR REPLACE FUNCTION rs.create_late_view(
  name text, definition text, translation text, column_names jsonb, schemas jsonb, replace boolean) RETURNS void LANGUAGE plpgsql AS
$$ DECLARE
  missing text := (SELECT s FROM jsonb_array_elements_text(schemas) s WHERE to_regnamespace(quote_ident(s)) IS NULL LIMIT 1);
  listed text[] := ARRAY(SELECT jsonb_array_elements_text(column_names)); cols text; body text; tab regclass := to_regclass(name);
BEGIN
  IF missing IS NOT NULL THEN RAISE EXCEPTION 'schema "%" does not exist', missing USING ERRCODE = '3F000'; END IF;
  IF tab IS NOT NULL AND NOT replace THEN RAISE EXCEPTION 'relation % already exists', name USING ERRCODE = '42P07'; END IF;
  cols := rs.columns_of_query(translation, listed);
  body := CASE WHEN cols IS NULL THEN 'CREATE OR REPLACE VIEW %s AS SELECT FROM rs.late_rows(%s) AS t(column_of_a_missing_table int)'
    ELSE 'CREATE OR REPLACE VIEW %s AS SELECT * FROM rs.late_rows(%s) AS t(' || replace(cols, '%', '%%') || ')' END;
  BEGIN
    IF tab IS NULL THEN EXECUTE format('CREATE VIEW %s AS SELECT', name); END IF;
    EXECUTE format(body, name, name::regclass::oid);
  EXCEPTION WHEN invalid_table_definition THEN -- other columns than the view had
    EXECUTE format('DROP VIEW %s', name);
    EXECUTE format('CREATE VIEW %s AS SELECT', name);
    EXECUTE format(body, name, name::regclass::oid);
  END;
  DELETE FROM rs.late_binding_views WHERE relation = name::regclass;
  INSERT INTO rs.late_binding_views VALUES (name::regclass, definition, translation, listed); END $$;
