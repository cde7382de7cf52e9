-- The system views about objects and rights (SVV_*), with the columns that AWS documents.
-- Source: https://docs.aws.amazon.com/redshift/latest/dg/svv_views.html
-- External tables are in the Glue catalog: the session hands over what a statement needs in this setting.
CREATE OR REPLACE FUNCTION rs.glue_tables() RETURNS TABLE (schemaname text, tablename text, location text, input_format text, output_format text,
  serialization_lib text, serde_parameters text, parameters text, columns jsonb, partitions jsonb) LANGUAGE sql STABLE AS
$$ SELECT * FROM jsonb_to_recordset(coalesce(nullif(current_setting('rs.glue_tables', true), ''), '[]')::jsonb) AS t(schemaname text, tablename text, location text,
  input_format text, output_format text, serialization_lib text, serde_parameters text, parameters text, columns jsonb, partitions jsonb) $$;
CREATE OR REPLACE VIEW rs_catalog.svv_external_schemas AS
SELECT n.oid AS esoid, 1::smallint AS eskind, n.nspname AS schemaname, n.nspowner AS esowner, e.database::varchar AS databasename,
  format('{"IAM_ROLE":"%s"}', e.role)::varchar AS esoptions
FROM rs.external_schemas e JOIN pg_catalog.pg_namespace n ON n.nspname = e.name WHERE has_schema_privilege(n.oid, 'USAGE');
CREATE OR REPLACE VIEW rs_catalog.svv_external_databases AS
SELECT DISTINCT 1 AS eskind, databasename, NULL::varchar AS location, NULL::varchar AS parameters, NULL::varchar AS iam_role FROM rs_catalog.svv_external_schemas;
CREATE OR REPLACE VIEW rs_catalog.svv_external_tables AS
SELECT current_database()::varchar(128) AS redshift_database_name, t.schemaname::varchar(128) AS schemaname, t.tablename::varchar(128) AS tablename, 'TABLE'::varchar AS tabletype,
  t.location::varchar AS location, t.input_format::varchar AS input_format, t.output_format::varchar AS output_format, t.serialization_lib::varchar AS serialization_lib,
  t.serde_parameters::varchar AS serde_parameters, 0 AS compressed, t.parameters::varchar AS parameters
FROM rs.glue_tables() t JOIN rs_catalog.svv_external_schemas s ON s.schemaname = t.schemaname;
CREATE OR REPLACE VIEW rs_catalog.svv_external_columns AS
SELECT current_database()::varchar(128) AS redshift_database_name, t.schemaname::varchar(128) AS schemaname, t.tablename::varchar(128) AS tablename,
  (c.item ->> 'name')::varchar(128) AS columnname, (c.item ->> 'type')::varchar AS external_type, c.number::int AS columnnum, (c.item ->> 'part_key')::int AS part_key,
  'true'::varchar AS is_nullable
FROM rs.glue_tables() t JOIN rs_catalog.svv_external_schemas s ON s.schemaname = t.schemaname
CROSS JOIN LATERAL jsonb_array_elements(t.columns) WITH ORDINALITY c(item, number);
CREATE OR REPLACE VIEW rs_catalog.svv_external_partitions AS
SELECT t.schemaname::varchar(128) AS schemaname, t.tablename::varchar(128) AS tablename, (p.item ->> 'values')::varchar AS "values", (p.item ->> 'location')::varchar AS location,
  t.input_format::varchar AS input_format, t.output_format::varchar AS output_format, t.serialization_lib::varchar AS serialization_lib,
  t.serde_parameters::varchar AS serde_parameters, 0 AS compressed, t.parameters::varchar AS parameters
FROM rs.glue_tables() t JOIN rs_catalog.svv_external_schemas s ON s.schemaname = t.schemaname CROSS JOIN LATERAL jsonb_array_elements(t.partitions) p(item);

CREATE OR REPLACE VIEW rs_catalog.svv_redshift_databases AS
SELECT datname::varchar(128) AS database_name, datdba::int AS database_owner, 'local'::varchar(32) AS database_type, array_to_string(datacl, '~')::varchar AS database_acl,
  NULL::varchar(128) AS database_options, 'Snapshot Isolation'::varchar(128) AS database_isolation_level FROM pg_catalog.pg_database WHERE datname = current_database();
CREATE OR REPLACE VIEW rs_catalog.svv_redshift_schemas AS
SELECT current_database()::varchar(128) AS database_name, n.nspname::varchar(128) AS schema_name, rs.owner(n.nspowner)::int AS schema_owner, 'local'::varchar(128) AS schema_type,
  array_to_string(n.nspacl, '~')::varchar AS schema_acl, NULL::varchar(128) AS schema_option FROM pg_catalog.pg_namespace n
WHERE NOT rs.is_hidden(n.nspname) AND n.nspname NOT LIKE 'pg\_temp\_%' AND n.nspname <> 'pg_toast' AND NOT EXISTS (SELECT FROM rs.external_schemas e WHERE e.name = n.nspname)
  AND (pg_has_role(n.nspowner, 'USAGE') OR has_schema_privilege(n.oid, 'CREATE, USAGE'));
CREATE OR REPLACE VIEW rs_catalog.svv_redshift_tables AS
SELECT current_database()::varchar(128) AS database_name, schema_name::varchar(128) AS schema_name, name::varchar(128) AS table_name, table_type::varchar(128) AS table_type,
  array_to_string(acl, '~')::varchar AS table_acl, remarks::varchar(256) AS remarks, pg_get_userbyid(owner)::varchar(128) AS table_owner FROM rs_facts.visible_relations;
CREATE OR REPLACE VIEW rs_catalog.svv_redshift_columns AS
SELECT current_database()::varchar(128) AS database_name, r.schema_name::varchar(128) AS schema_name, r.name::varchar(128) AS table_name, c.name::varchar(128) AS column_name,
  c.number::int AS ordinal_position, c.type::varchar(128) AS data_type, c.column_default::varchar(4000) AS column_default,
  (CASE WHEN c.is_required THEN 'NO' ELSE 'YES' END)::varchar(3) AS is_nullable, c.encoding::varchar(128) AS encoding, c.is_dist_key AS distkey, c.sort_key AS sortkey,
  array_to_string(c.acl, '~')::varchar AS column_acl, c.remarks::varchar(256) AS remarks
FROM rs_facts.visible_relations r JOIN rs_facts.described_columns c ON c.relation = r.oid WHERE rs.sees_column(r.owner, c.relation, c.number)
ORDER BY r.schema_name, r.name, c.number;
CREATE OR REPLACE VIEW rs_catalog.svv_redshift_functions AS
SELECT current_database()::varchar(128) AS database_name, n.nspname::varchar(128) AS schema_name, p.proname::varchar(128) AS function_name,
  (CASE p.prokind WHEN 'p' THEN 'STORED PROCEDURE' WHEN 'a' THEN 'AGGREGATE' ELSE 'REGULAR FUNCTION' END)::varchar(128) AS function_type,
  pg_get_function_identity_arguments(p.oid)::varchar AS argument_type, pg_get_function_result(p.oid)::varchar AS result_type
FROM rs_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND has_function_privilege(p.oid, 'EXECUTE');
CREATE OR REPLACE VIEW rs_catalog.svv_all_schemas AS
SELECT database_name, schema_name, schema_owner, schema_type, schema_acl, NULL::varchar(128) AS source_database, schema_option FROM rs_catalog.svv_redshift_schemas
UNION ALL SELECT current_database(), schemaname, esowner::int, 'external', NULL, databasename, esoptions FROM rs_catalog.svv_external_schemas;
CREATE OR REPLACE VIEW rs_catalog.svv_all_tables AS
SELECT database_name, schema_name, table_name, table_acl, table_type, remarks FROM rs_catalog.svv_redshift_tables
UNION ALL SELECT redshift_database_name, schemaname, tablename, NULL, 'EXTERNAL TABLE', NULL FROM rs_catalog.svv_external_tables;
CREATE OR REPLACE VIEW rs_catalog.svv_columns AS
SELECT current_database()::varchar(128) AS table_catalog, r.schema_name::varchar(128) AS table_schema, r.name::varchar(128) AS table_name, c.name::varchar(128) AS column_name,
  c.number::int AS ordinal_position, c.column_default::varchar(4000) AS column_default, (CASE WHEN c.is_required THEN 'NO' ELSE 'YES' END)::varchar(3) AS is_nullable,
  c.data_type::varchar(128) AS data_type, c.character_maximum_length, c.numeric_precision,
  CASE WHEN c.type_id = 1700 THEN 10 WHEN c.numeric_precision IS NOT NULL THEN 2 END AS numeric_precision_radix, c.numeric_scale,
  CASE WHEN c.type_id IN (1083, 1114, 1184, 1266) THEN 6 END AS datetime_precision, NULL::varchar AS interval_type, NULL::varchar AS interval_precision,
  NULL::varchar AS character_set_catalog, NULL::varchar AS character_set_schema, NULL::varchar AS character_set_name, NULL::varchar AS collation_catalog,
  NULL::varchar AS collation_schema, NULL::varchar AS collation_name, NULL::varchar AS domain_name, c.remarks::varchar(256) AS remarks
FROM rs_facts.visible_relations r JOIN rs_facts.described_columns c ON c.relation = r.oid WHERE rs.sees_column(r.owner, c.relation, c.number)
UNION ALL SELECT redshift_database_name, schemaname, tablename, columnname, columnnum, NULL, 'YES', external_type, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
  NULL, NULL, NULL, NULL FROM rs_catalog.svv_external_columns;
CREATE OR REPLACE VIEW rs_catalog.svv_all_columns AS
SELECT table_catalog AS database_name, table_schema AS schema_name, table_name, column_name, ordinal_position, column_default, is_nullable, data_type, character_maximum_length,
  numeric_precision, numeric_scale, remarks FROM rs_catalog.svv_columns;
CREATE OR REPLACE VIEW rs_catalog.svv_tables AS
SELECT table_catalog, table_schema, table_name, table_type, obj_description(format('%I.%I', table_schema, table_name)::regclass, 'pg_class')::varchar AS remarks
FROM rs_information.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema')
UNION ALL SELECT redshift_database_name, schemaname, tablename, 'EXTERNAL TABLE', NULL FROM rs_catalog.svv_external_tables;
CREATE OR REPLACE VIEW rs_catalog.svv_interleaved_columns AS
SELECT relation::int AS tbl, number::int AS col, 0::numeric(19, 2) AS interleaved_skew, NULL::timestamp AS last_reindex FROM rs_facts.relation_columns
WHERE sort_key <> 0 AND relation IN (SELECT oid FROM rs_facts.visible_relations WHERE sort_style = 'INTERLEAVED');

-- Tables and materialized views that have rows.
CREATE OR REPLACE FUNCTION rs.row_count(relation oid, estimate real) RETURNS numeric LANGUAGE sql STABLE AS
$$ SELECT greatest(estimate, pg_stat_get_live_tuples(relation), 0)::numeric(38, 0) $$;
CREATE OR REPLACE VIEW rs_catalog.svv_table_info AS
SELECT current_database()::varchar AS "database", r.schema_name::varchar AS "schema", r.oid::bigint AS table_id, r.name::varchar AS "table",
  (CASE WHEN bool_or(c.encoding <> 'none') THEN 'Y' ELSE 'N' END)::varchar AS encoded,
  (CASE r.dist_style WHEN 'KEY' THEN format('KEY(%s)', r.dist_key) WHEN 'AUTO' THEN 'AUTO(ALL)' ELSE r.dist_style END)::varchar AS diststyle,
  (CASE WHEN r.sort_style = 'AUTO' THEN CASE WHEN r.sort_keys = '{}' THEN 'AUTO(SORTKEY)' ELSE format('AUTO(SORTKEY(%s))', array_to_string(r.sort_keys, ', ')) END
    WHEN r.sort_style = 'INTERLEAVED' THEN 'INTERLEAVED' ELSE r.sort_keys[1] END)::varchar AS sortkey1,
  max(c.character_maximum_length) FILTER (WHERE c.type_id IN (25, 1043)) AS max_varchar, max(c.encoding) FILTER (WHERE abs(c.sort_key) = 1)::varchar AS sortkey1_enc,
  cardinality(r.sort_keys) AS sortkey_num, (pg_relation_size(r.oid) / 1048576)::bigint AS size, 0::numeric(10, 4) AS pct_used, 0::bigint AS empty, 0::numeric(5, 2) AS unsorted,
  0::numeric(5, 2) AS stats_off, rs.row_count(r.oid, r.reltuples) AS tbl_rows, NULL::numeric(19, 2) AS skew_sortkey1, NULL::numeric(19, 2) AS skew_rows,
  rs.row_count(r.oid, r.reltuples) AS estimated_visible_rows, NULL::varchar AS risk_event, 0::numeric(12, 2) AS vacuum_sort_benefit, NULL::timestamp AS create_time
FROM rs_facts.visible_relations r JOIN rs_facts.described_columns c ON c.relation = r.oid WHERE r.kind IN ('r', 'p', 'm')
GROUP BY r.oid, r.schema_name, r.name, r.dist_style, r.dist_key, r.sort_style, r.sort_keys, r.reltuples;
CREATE OR REPLACE VIEW rs_catalog.svv_mv_info AS
SELECT current_database()::varchar(128) AS database_name, schema_name::varchar(128) AS schema_name, pg_get_userbyid(owner)::varchar(128) AS user_name, name::varchar(128) AS name,
  'f'::char(1) AS is_stale, 1 AS state, 'f'::char(1) AS autorewrite, (CASE WHEN auto_refresh THEN 't' ELSE 'f' END)::char(1) AS autorefresh,
  pg_get_userbyid(owner)::varchar(128) AS owner_user_name
FROM rs_facts.visible_relations WHERE kind = 'm';
CREATE OR REPLACE VIEW rs_catalog.stv_mv_info AS
SELECT database_name AS db_name, schema_name AS schema, name, 0::bigint AS updated_upto_xid, is_stale, owner_user_name, state, autorefresh, autorewrite FROM rs_catalog.svv_mv_info;
CREATE OR REPLACE VIEW rs_catalog.svv_mv_dependency AS
SELECT DISTINCT current_database()::varchar(128) AS database_name, m.schema_name::varchar(128) AS schema_name, m.name::varchar(128) AS name,
  current_database()::varchar(128) AS dependent_database_name, t.schema_name::varchar(128) AS dependent_schema_name, t.name::varchar(128) AS dependent_name
FROM rs_facts.visible_relations m JOIN pg_catalog.pg_rewrite w ON w.ev_class = m.oid JOIN pg_catalog.pg_depend d ON d.objid = w.oid AND d.refobjid <> m.oid
JOIN rs_facts.relations t ON t.oid = d.refobjid WHERE m.kind = 'm';

-- Users, roles and what is granted to them.
CREATE OR REPLACE VIEW rs_catalog.svv_user_info AS
SELECT rolname::varchar(128) AS user_name, oid::int AS user_id, rolcreatedb AS createdb, rolsuper AS superuser, false AS catalog_update,
  (CASE WHEN rolconnlimit < 0 THEN 'UNLIMITED' ELSE rolconnlimit::text END)::varchar AS connection_limit, 'RESTRICTED'::varchar AS syslog_access,
  NULL::timestamp AS last_ddl_timestamp, 0 AS session_timeout, NULL::varchar(128) AS external_user_id
FROM pg_catalog.pg_roles WHERE rolcanlogin AND (rolname = current_user OR (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user));
CREATE OR REPLACE VIEW rs_catalog.svl_user_info AS
SELECT user_name AS usename, user_id AS usesysid, createdb AS usecreatedb, superuser AS usesuper, catalog_update AS usecatupd, connection_limit AS useconnlimit,
  syslog_access AS syslogaccess, last_ddl_timestamp AS last_ddl_ts, session_timeout AS sessiontimeout, external_user_id FROM rs_catalog.svv_user_info;
CREATE OR REPLACE VIEW rs_catalog.svv_roles AS
SELECT oid::int AS role_id, rolname::varchar(128) AS role_name, 'awsuser'::varchar(128) AS role_owner, NULL::varchar(128) AS external_id
FROM pg_catalog.pg_roles WHERE rs.kind_of(rolname) = 'role' AND rolname NOT LIKE 'pg\_%';
CREATE OR REPLACE VIEW rs_catalog.svv_role_grants AS
SELECT m.member::int AS role_id, r.rolname::varchar(128) AS role_name, m.roleid::int AS granted_role_id, g.rolname::varchar(128) AS granted_role_name
FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles r ON r.oid = m.member JOIN pg_catalog.pg_roles g ON g.oid = m.roleid
WHERE rs.kind_of(r.rolname) = 'role' AND r.rolname NOT LIKE 'pg\_%' AND rs.kind_of(g.rolname) = 'role' AND g.rolname NOT LIKE 'pg\_%';
CREATE OR REPLACE VIEW rs_catalog.svv_user_grants AS
SELECT m.member::int AS user_id, u.rolname::varchar(128) AS user_name, m.roleid::int AS role_id, g.rolname::varchar(128) AS role_name, m.admin_option
FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles u ON u.oid = m.member AND u.rolcanlogin JOIN pg_catalog.pg_roles g ON g.oid = m.roleid
WHERE rs.kind_of(g.rolname) = 'role' AND g.rolname NOT LIKE 'pg\_%';
CREATE OR REPLACE FUNCTION rs.grants(acl aclitem[]) RETURNS TABLE (privilege_type varchar, identity_id int, identity_name varchar, identity_type varchar, admin_option boolean,
  grantor_name varchar) LANGUAGE sql STABLE AS
$$ SELECT a.privilege_type, rs.owner(a.grantee)::int, CASE a.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(rs.owner(a.grantee)) END,
  CASE WHEN a.grantee = 0 THEN 'public' ELSE rs.kind_of(pg_get_userbyid(rs.owner(a.grantee))) END, a.is_grantable,
  pg_get_userbyid(rs.owner(a.grantor)) FROM aclexplode(acl) a WHERE a.privilege_type <> 'MAINTAIN' $$;
CREATE OR REPLACE FUNCTION rs.sees_grant(owner oid, identity_id int) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT pg_has_role(owner, 'USAGE') OR identity_id = 0 OR pg_has_role(identity_id::oid, 'USAGE') $$;
CREATE OR REPLACE VIEW rs_catalog.svv_relation_privileges AS
SELECT r.schema_name::varchar(128) AS namespace_name, r.name::varchar(128) AS relation_name, g.privilege_type, g.identity_id, g.identity_name, g.identity_type, g.admin_option
FROM rs_facts.relations r CROSS JOIN LATERAL rs.grants(r.acl) g WHERE rs.sees_grant(r.owner, g.identity_id);
CREATE OR REPLACE VIEW rs_catalog.svv_column_privileges AS
SELECT r.schema_name::varchar(128) AS namespace_name, r.name::varchar(128) AS relation_name, c.name::varchar(128) AS column_name, g.privilege_type, g.identity_id, g.identity_name,
  g.identity_type, g.admin_option
FROM rs_facts.relations r JOIN rs_facts.relation_columns c ON c.relation = r.oid CROSS JOIN LATERAL rs.grants(c.acl) g WHERE rs.sees_grant(r.owner, g.identity_id);
CREATE OR REPLACE VIEW rs_catalog.svv_schema_privileges AS
SELECT n.nspname::varchar(128) AS namespace_name, g.privilege_type, g.identity_id, g.identity_name, g.identity_type, g.admin_option, 'SCHEMA'::varchar AS privilege_scope
FROM pg_catalog.pg_namespace n CROSS JOIN LATERAL rs.grants(n.nspacl) g WHERE NOT rs.is_hidden(n.nspname) AND rs.sees_grant(n.nspowner, g.identity_id);
CREATE OR REPLACE VIEW rs_catalog.svv_database_privileges AS
SELECT d.datname::varchar(128) AS database_name, g.privilege_type, g.identity_id, g.identity_name, g.identity_type, g.admin_option, 'DATABASE'::varchar AS privilege_scope
FROM pg_catalog.pg_database d CROSS JOIN LATERAL rs.grants(d.datacl) g WHERE d.datname = current_database() AND rs.sees_grant(d.datdba, g.identity_id);
CREATE OR REPLACE VIEW rs_catalog.svv_function_privileges AS
SELECT n.nspname::varchar(128) AS namespace_name, p.proname::varchar(128) AS function_name, pg_get_function_identity_arguments(p.oid)::varchar AS argument_types, g.privilege_type,
  g.identity_id, g.identity_name, g.identity_type, g.admin_option
FROM rs_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace CROSS JOIN LATERAL rs.grants(p.proacl) g
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND rs.sees_grant(p.proowner, g.identity_id);
CREATE OR REPLACE VIEW rs_catalog.svv_language_privileges AS
SELECT l.lanname::varchar(128) AS language_name, g.privilege_type, g.identity_id, g.identity_name, g.identity_type, g.admin_option
FROM pg_catalog.pg_language l CROSS JOIN LATERAL rs.grants(l.lanacl) g;
CREATE OR REPLACE VIEW rs_catalog.svv_default_privileges AS
SELECT n.nspname::varchar(128) AS schema_name, (CASE d.defaclobjtype WHEN 'r' THEN 'RELATION' WHEN 'f' THEN 'FUNCTION' ELSE 'PROCEDURE' END)::varchar AS object_type,
  d.defaclrole::int AS owner_id, pg_get_userbyid(d.defaclrole)::varchar(128) AS owner_name, 'user'::varchar AS owner_type, g.privilege_type, g.identity_id AS grantee_id,
  g.identity_name AS grantee_name, g.identity_type AS grantee_type, g.admin_option
FROM pg_catalog.pg_default_acl d LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace CROSS JOIN LATERAL rs.grants(d.defaclacl) g
WHERE rs.sees_grant(d.defaclrole, g.identity_id);

CREATE OR REPLACE VIEW rs_catalog.svv_system_privileges AS
SELECT p.permission::varchar AS system_privilege, p.role_id::int AS identity_id, pg_get_userbyid(p.role_id)::varchar AS identity_name, 'role'::varchar AS identity_type
FROM rs.system_permissions p;

-- What does not exist here: shares, models, row-level security, masking. The relations are there and empty.
SELECT rs.empty_relation('svv_datashares', 'share_name varchar(128), share_id int, share_owner int, source_database varchar(128), consumer_database varchar(128), share_type varchar(8), createdate timestamp, is_publicaccessible boolean, share_acl varchar(256), producer_account varchar(16), producer_namespace varchar(64), managed_by varchar(64)');
SELECT rs.empty_relation('svv_datashare_objects', 'share_type varchar(8), share_name varchar(128), object_type varchar(64), object_name varchar(512), producer_account varchar(16), producer_namespace varchar(64), include_new boolean');
SELECT rs.empty_relation('svv_datashare_consumers', 'share_name varchar(128), consumer_account varchar(16), consumer_namespace varchar(64), share_date timestamp');
SELECT rs.empty_relation('svv_datashare_privileges', 'datashare_name varchar, privilege_type varchar, identity_id int, identity_name varchar, identity_type varchar, admin_option boolean');
SELECT rs.empty_relation('svv_ml_model_info', 'schema_name varchar, user_name varchar, model_name varchar, life_cycle varchar, is_refreshable int, model_state varchar');
SELECT rs.empty_relation('svv_ml_model_privileges', 'namespace_name varchar, model_name varchar, model_version int, privilege_type varchar, identity_id int, identity_name varchar, identity_type varchar, admin_option boolean');
SELECT rs.empty_relation('svv_rls_policy', 'poldb varchar, polname varchar, polalias varchar, polatts varchar, polqual varchar, polenabled boolean, polmodifiedby varchar, polmodifiedtime timestamp');
SELECT rs.empty_relation('svv_rls_attached_policy', 'relschema varchar, relname varchar, relkind varchar, polname varchar, grantor varchar, grantee varchar, granteekind varchar, is_pol_on boolean, is_rls_on boolean, rls_conjunction_type varchar');
SELECT rs.empty_relation('svv_rls_relation', 'datname varchar, relschema varchar, relname varchar, relkind varchar, is_rls_on boolean, is_rls_datashare_on boolean, rls_conjunction_type varchar');
SELECT rs.empty_relation('svv_masking_policy', 'policy_database varchar, policy_name varchar, input_columns varchar, policy_expression varchar, policy_modified_by varchar, policy_modified_time timestamp');
SELECT rs.empty_relation('svv_attached_masking_policy', 'policy_name varchar, schema_name varchar, table_name varchar, table_type varchar, grantor varchar, grantee varchar, grantee_type varchar, priority int, input_columns varchar, output_columns varchar');
SELECT rs.empty_relation('svv_alter_table_recommendations', 'type varchar, database varchar, table_id int, group_id int, ddl varchar, auto_eligible varchar');
