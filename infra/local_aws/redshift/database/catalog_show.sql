-- What the SHOW statements list: one view a statement, with the columns that AWS documents.
-- Source: https://docs.aws.amazon.com/redshift/latest/dg/r_SHOW_TABLES.html and its neighbours
CREATE OR REPLACE VIEW rs_facts.show_databases AS
SELECT database_name, database_owner, database_type, database_acl, NULL::varchar AS parameters, database_isolation_level FROM rs_catalog.svv_redshift_databases;
CREATE OR REPLACE VIEW rs_facts.show_schemas AS
SELECT database_name, schema_name, schema_owner, schema_type, schema_acl, source_database, schema_option FROM rs_catalog.svv_all_schemas;
CREATE OR REPLACE VIEW rs_facts.show_tables AS
SELECT current_database()::varchar(128) AS database_name, schema_name::varchar(128) AS schema_name, name::varchar(128) AS table_name, table_type::varchar(128) AS table_type,
  array_to_string(acl, '~')::varchar AS table_acl, remarks::varchar AS remarks, pg_get_userbyid(owner)::varchar(128) AS owner, NULL::timestamp AS last_altered_time,
  NULL::timestamp AS last_modified_time, (CASE dist_style WHEN 'KEY' THEN format('KEY(%s)', dist_key) WHEN 'AUTO' THEN 'AUTO(ALL)' ELSE dist_style END)::varchar AS dist_style,
  (CASE WHEN kind = 'm' THEN 'MATERIALIZED VIEW' WHEN late_binding_query IS NOT NULL THEN 'LATE BINDING VIEW' WHEN kind = 'v' THEN 'REGULAR VIEW' ELSE 'REGULAR TABLE' END)::varchar AS table_subtype
FROM rs_facts.visible_relations
UNION ALL SELECT redshift_database_name, schemaname, tablename, 'EXTERNAL TABLE', NULL, NULL, NULL, NULL, NULL, NULL, 'EXTERNAL TABLE' FROM rs_catalog.svv_external_tables;
CREATE OR REPLACE VIEW rs_facts.show_columns AS
SELECT current_database()::varchar(128) AS database_name, r.schema_name::varchar(128) AS schema_name, r.name::varchar(128) AS table_name, c.name::varchar(128) AS column_name,
  c.number::int AS ordinal_position, c.column_default::varchar AS column_default, (CASE WHEN c.is_required THEN 'NO' ELSE 'YES' END)::varchar(3) AS is_nullable,
  c.data_type::varchar(128) AS data_type, c.character_maximum_length, c.numeric_precision, c.numeric_scale, c.remarks::varchar AS remarks,
  (CASE WHEN c.sort_key <> 0 THEN r.sort_style END)::varchar AS sort_key_type, CASE WHEN c.sort_key <> 0 THEN abs(c.sort_key) END AS sort_key,
  CASE WHEN c.is_dist_key THEN 1 END AS dist_key, (CASE WHEN c.kind NOT IN ('v', 'f') THEN c.encoding END)::varchar AS encoding,
  (CASE WHEN c.type_id IN (25, 1042, 1043) THEN 'case_sensitive' END)::varchar AS collation
FROM rs_facts.visible_relations r JOIN rs_facts.described_columns c ON c.relation = r.oid WHERE rs.sees_column(r.owner, c.relation, c.number)
UNION ALL SELECT redshift_database_name, schemaname, tablename, columnname, columnnum, NULL, 'YES', external_type, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM rs_catalog.svv_external_columns;
CREATE OR REPLACE VIEW rs_facts.show_primary_keys AS
SELECT current_database()::varchar(128) AS database_name, k.schema_name::varchar(128) AS schema_name, k.table_name::varchar(128) AS table_name, u.name::varchar(128) AS column_name,
  u.i::int AS key_seq, k.name::varchar(128) AS pk_name
FROM rs_facts.keys k JOIN rs_facts.visible_relations r ON r.oid = k.relation CROSS JOIN LATERAL unnest(k.columns) WITH ORDINALITY u(name, i) WHERE k.kind = 'p';
CREATE OR REPLACE VIEW rs_facts.show_foreign_keys AS
SELECT current_database()::varchar(128) AS pk_database_name, k.refers_schema::varchar(128) AS pk_schema_name, k.refers_table::varchar(128) AS pk_table_name,
  k.refers_columns[u.i]::varchar(128) AS pk_column_name, current_database()::varchar(128) AS fk_database_name, k.schema_name::varchar(128) AS fk_schema_name,
  k.table_name::varchar(128) AS fk_table_name, u.name::varchar(128) AS fk_column_name, u.i::int AS key_seq, 3 AS update_rule, 3 AS delete_rule, k.name::varchar(128) AS fk_name,
  p.name::varchar(128) AS pk_name, 7 AS deferrability
FROM rs_facts.keys k JOIN rs_facts.visible_relations r ON r.oid = k.relation CROSS JOIN LATERAL unnest(k.columns) WITH ORDINALITY u(name, i)
LEFT JOIN rs_facts.keys p ON p.relation = k.refers_to AND p.kind IN ('p', 'u') AND p.columns = k.refers_columns WHERE k.kind = 'f';
CREATE OR REPLACE VIEW rs_facts.show_grants AS
SELECT current_database()::varchar(128) AS database_name, r.schema_name::varchar(128) AS schema_name, r.name::varchar(128) AS object_name,
  (CASE r.table_type WHEN 'VIEW' THEN 'VIEW' ELSE 'TABLE' END)::varchar AS object_type, g.privilege_type, g.identity_id, g.identity_name, g.identity_type, g.admin_option,
  'TABLE'::varchar AS privilege_scope, g.grantor_name
FROM rs_facts.relations r CROSS JOIN LATERAL rs.grants(r.acl) g WHERE rs.sees_grant(r.owner, g.identity_id)
UNION ALL SELECT current_database(), n.nspname, n.nspname, 'SCHEMA', g.privilege_type, g.identity_id, g.identity_name, g.identity_type, g.admin_option, 'SCHEMA', g.grantor_name
FROM pg_catalog.pg_namespace n CROSS JOIN LATERAL rs.grants(n.nspacl) g WHERE NOT rs.is_hidden(n.nspname) AND n.nspname !~ '^(pg_|information_schema)' AND rs.sees_grant(n.nspowner, g.identity_id)
UNION ALL SELECT d.datname, NULL, d.datname, 'DATABASE', g.privilege_type, g.identity_id, g.identity_name, g.identity_type, g.admin_option, 'DATABASE', g.grantor_name
FROM pg_catalog.pg_database d CROSS JOIN LATERAL rs.grants(d.datacl) g WHERE d.datname = current_database() AND rs.sees_grant(d.datdba, g.identity_id)
UNION ALL SELECT current_database(), n.nspname, p.proname, CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, g.privilege_type, g.identity_id, g.identity_name,
  g.identity_type, g.admin_option, CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, g.grantor_name
FROM rs_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace CROSS JOIN LATERAL rs.grants(p.proacl) g
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND rs.sees_grant(p.proowner, g.identity_id);
CREATE OR REPLACE VIEW rs_facts.show_column_grants AS
SELECT current_database()::varchar(128) AS database_name, r.schema_name::varchar(128) AS schema_name, r.name::varchar(128) AS table_name, c.name::varchar(128) AS column_name,
  'COLUMN'::varchar AS object_type, g.privilege_type, g.identity_id, g.identity_name, g.identity_type, g.admin_option, 'COLUMN'::varchar AS privilege_scope, g.grantor_name
FROM rs_facts.relations r JOIN rs_facts.relation_columns c ON c.relation = r.oid CROSS JOIN LATERAL rs.grants(c.acl) g WHERE rs.sees_grant(r.owner, g.identity_id);

-- There are no shares and no models here.
CREATE OR REPLACE VIEW rs_facts.show_datashares AS
SELECT share_name, share_owner, source_database, consumer_database, share_type, createdate, is_publicaccessible, share_acl, producer_account, producer_namespace
FROM rs_catalog.svv_datashares;
CREATE OR REPLACE VIEW rs_facts.show_models AS SELECT schema_name, model_name FROM rs_catalog.svv_ml_model_info;

-- Functions and procedures. A procedure with OUT arguments returns a record.
CREATE OR REPLACE VIEW rs_facts.routines AS
SELECT p.oid, n.nspname AS schema_name, p.proname AS name, p.prokind = 'p' AS is_procedure, p.proargnames, p.prorettype, p.prosrc,
  coalesce(p.proallargtypes, p.proargtypes::oid[]) AS types, p.proargmodes AS modes, l.lanname AS language, p.provolatile, p.prosecdef
FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace JOIN pg_catalog.pg_language l ON l.oid = p.prolang
WHERE NOT rs.is_hidden(n.nspname) AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND p.prokind IN ('f', 'p')
  AND (pg_has_role(p.proowner, 'USAGE') OR has_function_privilege(p.oid, 'EXECUTE'));
CREATE OR REPLACE VIEW rs_facts.routine_arguments AS
SELECT r.oid AS routine, a.i AS number, nullif(r.proargnames[a.i], '') AS name, CASE coalesce(r.modes[a.i], 'i') WHEN 'i' THEN 'IN' WHEN 'o' THEN 'OUT' WHEN 'b' THEN 'INOUT' ELSE 'TABLE' END AS mode,
  a.type AS type_id FROM rs_facts.routines r CROSS JOIN LATERAL unnest(r.types) WITH ORDINALITY a(type, i);
CREATE OR REPLACE FUNCTION rs.argument_types(wanted oid) RETURNS varchar LANGUAGE sql STABLE AS
$$ SELECT coalesce(string_agg(rs.data_type(type_id), ', ' ORDER BY number), '') FROM rs_facts.routine_arguments WHERE routine = wanted AND mode IN ('IN', 'INOUT') $$;
CREATE OR REPLACE FUNCTION rs.return_type(wanted oid) RETURNS varchar LANGUAGE sql STABLE AS
$$ SELECT CASE WHEN r.is_procedure THEN (SELECT CASE count(*) WHEN 0 THEN NULL WHEN 1 THEN max(rs.data_type(type_id)) ELSE 'record' END FROM rs_facts.routine_arguments
  WHERE routine = wanted AND mode IN ('OUT', 'INOUT')) ELSE rs.data_type(r.prorettype) END FROM rs_facts.routines r WHERE r.oid = wanted $$;
CREATE OR REPLACE VIEW rs_facts.show_procedures AS
SELECT current_database()::varchar(128) AS database_name, schema_name::varchar(128) AS schema_name, name::varchar(128) AS procedure_name, rs.return_type(oid) AS return_type,
  rs.argument_types(oid) AS argument_list FROM rs_facts.routines WHERE is_procedure;
CREATE OR REPLACE VIEW rs_facts.show_functions AS
SELECT current_database()::varchar(128) AS database_name, schema_name::varchar(128) AS schema_name, name::varchar(128) AS function_name, rs.return_type(oid) AS return_type,
  rs.argument_types(oid) AS argument_list FROM rs_facts.routines WHERE NOT is_procedure;
CREATE OR REPLACE VIEW rs_facts.show_procedure_parameters AS
SELECT current_database()::varchar(128) AS database_name, r.schema_name::varchar(128) AS schema_name, r.name::varchar(128) AS procedure_name, a.name::varchar(128) AS parameter_name,
  a.number::int AS ordinal_position, a.mode::varchar AS parameter_type, rs.data_type(a.type_id) AS data_type, rs.character_maximum_length(a.type_id, -1) AS character_maximum_length,
  rs.numeric_precision(a.type_id, -1) AS numeric_precision, rs.numeric_scale(a.type_id, -1) AS numeric_scale, rs.argument_types(r.oid) AS argument_list
FROM rs_facts.routines r JOIN rs_facts.routine_arguments a ON a.routine = r.oid WHERE r.is_procedure;
CREATE OR REPLACE VIEW rs_facts.show_function_parameters AS
SELECT current_database()::varchar(128) AS database_name, r.schema_name::varchar(128) AS schema_name, r.name::varchar(128) AS function_name, a.name::varchar(128) AS parameter_name,
  a.number::int AS ordinal_position, a.mode::varchar AS parameter_type, rs.data_type(a.type_id) AS data_type, rs.character_maximum_length(a.type_id, -1) AS character_maximum_length,
  rs.numeric_precision(a.type_id, -1) AS numeric_precision, rs.numeric_scale(a.type_id, -1) AS numeric_scale, rs.argument_types(r.oid) AS argument_list
FROM rs_facts.routines r JOIN rs_facts.routine_arguments a ON a.routine = r.oid WHERE NOT r.is_procedure
UNION ALL SELECT current_database(), r.schema_name, r.name, NULL, 0, 'RETURN', rs.data_type(r.prorettype), rs.character_maximum_length(r.prorettype, -1),
  rs.numeric_precision(r.prorettype, -1), rs.numeric_scale(r.prorettype, -1), rs.argument_types(r.oid) FROM rs_facts.routines r WHERE NOT r.is_procedure;
CREATE OR REPLACE FUNCTION rs.within_limit(rows bigint) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS
$$ BEGIN IF rows > 10000 THEN RAISE EXCEPTION 'SHOW returns more than 10000 rows; use LIKE or LIMIT' USING ERRCODE = '54000'; END IF; RETURN true; END $$;

-- SHOW TABLE, SHOW VIEW: statements that create the same again.
CREATE OR REPLACE FUNCTION rs.required_relation(relation text, kinds "char"[], what text) RETURNS oid LANGUAGE plpgsql STABLE AS
$$ DECLARE found oid := (SELECT oid FROM rs_facts.visible_relations WHERE oid = to_regclass(relation) AND kind = ANY (kinds)); BEGIN
  IF found IS NULL THEN RAISE EXCEPTION '% "%" does not exist', what, replace(relation, '"', '') USING ERRCODE = '42P01'; END IF; RETURN found; END $$;
CREATE OR REPLACE FUNCTION rs.column_text(c rs_facts.described_columns) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT format('    %I %s', c.name, c.type) || CASE WHEN c.is_required THEN ' NOT NULL' ELSE '' END
  || CASE WHEN c.is_identity THEN format(' identity(%s)', substring(c.column_default FROM '''(-?\d+,-?\d+)'))
     WHEN c.column_default IS NOT NULL THEN ' DEFAULT ' || c.column_default ELSE '' END
  || CASE WHEN c.encoding = 'none' AND c.sort_key <> 0 THEN '' ELSE ' ENCODE ' || replace(c.encoding, 'none', 'raw') END || CASE WHEN c.is_dist_key THEN ' distkey' ELSE '' END $$;
CREATE OR REPLACE FUNCTION rs.show_table(relation text) RETURNS varchar LANGUAGE sql STABLE AS
$$ SELECT format(E'CREATE TABLE %I.%I (\n%s\n)\nDISTSTYLE %s%s;', r.schema_name, r.name,
    (SELECT string_agg(line, E',\n' ORDER BY part, number) FROM (
      SELECT 1 AS part, c.number::int AS number, rs.column_text(c) AS line FROM rs_facts.described_columns c WHERE c.relation = r.oid
      UNION ALL SELECT 2, row_number() OVER (ORDER BY position(k.kind IN 'puf'), k.name)::int, '    ' || rs.key_text(k.kind, k.columns, k.refers_schema, k.refers_table, k.refers_columns)
        FROM rs_facts.keys k WHERE k.relation = r.oid) lines),
    r.dist_style, CASE WHEN r.sort_keys = '{}' OR r.sort_style = 'AUTO' THEN '' ELSE E'\n' || CASE r.sort_style WHEN 'INTERLEAVED' THEN 'INTERLEAVED ' ELSE '' END
      || 'SORTKEY ( ' || rs.quoted_columns(r.sort_keys) || ' )' END)
  FROM rs_facts.relations r WHERE r.oid = rs.required_relation(relation, '{r,p}', 'table') $$;
CREATE OR REPLACE FUNCTION rs.show_view(relation text) RETURNS varchar LANGUAGE sql STABLE AS
$$ SELECT CASE WHEN r.kind = 'm' OR r.late_binding_query IS NOT NULL THEN rs.view_definition(r.oid)
  ELSE format(E'CREATE OR REPLACE VIEW %I.%I AS\n%s', r.schema_name, r.name, rs.view_definition(r.oid)) END
  FROM rs_facts.relations r WHERE r.oid = rs.required_relation(relation, '{v,m}', 'view') $$;
CREATE OR REPLACE FUNCTION rs.show_external_table(schema_name text, table_name text) RETURNS varchar LANGUAGE plpgsql STABLE AS
$$ DECLARE ddl text; BEGIN
  SELECT format(E'CREATE EXTERNAL TABLE %I.%I (\n%s\n)%s\nROW FORMAT SERDE %L\nSTORED AS INPUTFORMAT %L OUTPUTFORMAT %L\nLOCATION %L;', t.schemaname, t.tablename,
    (SELECT string_agg(format('    %I %s', c.columnname, c.external_type), E',\n' ORDER BY c.columnnum) FROM rs_catalog.svv_external_columns c
      WHERE c.schemaname = t.schemaname AND c.tablename = t.tablename AND c.part_key = 0),
    coalesce((SELECT E'\nPARTITIONED BY (' || string_agg(format('%I %s', c.columnname, c.external_type), ', ' ORDER BY c.part_key) || ')' FROM rs_catalog.svv_external_columns c
      WHERE c.schemaname = t.schemaname AND c.tablename = t.tablename AND c.part_key > 0), ''),
    t.serialization_lib, t.input_format, t.output_format, t.location)
  INTO ddl FROM rs_catalog.svv_external_tables t WHERE t.schemaname = schema_name AND t.tablename = table_name;
  IF ddl IS NULL THEN RAISE EXCEPTION 'external table "%.%" does not exist', schema_name, table_name USING ERRCODE = '42P01'; END IF; RETURN ddl; END $$;

-- Everybody reads the catalog. These are for superusers, who may grant SELECT on them.
-- Source: https://docs.aws.amazon.com/redshift/latest/dg/cm_chap_system-tables.html
GRANT SELECT ON ALL TABLES IN SCHEMA rs_facts, rs_information TO PUBLIC;
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT c.relname FROM pg_catalog.pg_class c WHERE c.relnamespace = 'rs_catalog'::regnamespace AND c.relacl IS NULL LOOP
    IF name NOT IN ('svv_table_info', 'svv_diskusage', 'stv_tbl_perm', 'stv_locks', 'stv_slices', 'stv_blocklist', 'stv_partitions', 'stv_node_storage_capacity',
      'stv_tbl_trans', 'stv_startup_recovery_state', 'stl_commit_stats', 'stl_undone', 'stl_vacuum', 'stl_analyze', 'svl_user_info') THEN
      EXECUTE format('GRANT SELECT ON rs_catalog.%I TO PUBLIC', name); END IF;
  END LOOP; END $$;
