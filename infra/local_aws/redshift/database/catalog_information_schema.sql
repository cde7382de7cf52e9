-- information_schema as Redshift has it: no schema or constraint of ours, materialized views as views, Redshift's type names.
CREATE OR REPLACE VIEW rs_information.schemata AS
SELECT current_database()::varchar(128) AS catalog_name, n.nspname::varchar(128) AS schema_name, pg_get_userbyid(rs.owner(n.nspowner))::varchar(128) AS schema_owner,
  NULL::varchar AS default_character_set_catalog, NULL::varchar AS default_character_set_schema, NULL::varchar AS default_character_set_name, NULL::varchar AS sql_path
FROM pg_catalog.pg_namespace n WHERE NOT rs.is_hidden(n.nspname)
  AND (pg_has_role(n.nspowner, 'USAGE') OR has_schema_privilege(n.oid, 'CREATE, USAGE'));
CREATE OR REPLACE VIEW rs_information.tables AS
SELECT current_database()::varchar(128) AS table_catalog, r.schema_name::varchar(128) AS table_schema, r.name::varchar(128) AS table_name,
  (CASE WHEN r.is_temporary THEN 'LOCAL TEMPORARY' WHEN r.kind IN ('v', 'm') THEN 'VIEW' ELSE 'BASE TABLE' END)::varchar(128) AS table_type,
  NULL::varchar AS self_referencing_column_name, NULL::varchar AS reference_generation, NULL::varchar AS user_defined_type_catalog,
  NULL::varchar AS user_defined_type_schema, NULL::varchar AS user_defined_name
FROM rs_facts.visible_relations r
UNION ALL SELECT table_catalog, CASE table_schema WHEN 'rs_catalog' THEN 'pg_catalog' WHEN 'rs_information' THEN 'information_schema' ELSE table_schema END, table_name, table_type,
  NULL, NULL, NULL, NULL, NULL FROM information_schema.tables t JOIN rs_facts.catalog_relations k ON k.relation = format('%I.%I', t.table_schema, t.table_name)::regclass;
CREATE OR REPLACE VIEW rs_information.columns AS
SELECT current_database()::varchar(128) AS table_catalog, r.schema_name::varchar(128) AS table_schema, r.name::varchar(128) AS table_name, c.name::varchar(128) AS column_name,
  c.number::int AS ordinal_position, c.column_default::varchar AS column_default, (CASE WHEN c.is_required THEN 'NO' ELSE 'YES' END)::varchar(3) AS is_nullable,
  c.data_type::varchar(128) AS data_type, c.character_maximum_length, NULL::int AS character_octet_length, c.numeric_precision,
  CASE WHEN c.type_id = 1700 THEN 10 WHEN c.numeric_precision IS NOT NULL THEN 2 END AS numeric_precision_radix, c.numeric_scale,
  CASE WHEN c.type_id IN (1083, 1114, 1184, 1266) THEN 6 END AS datetime_precision, NULL::varchar AS interval_type, NULL::varchar AS interval_precision,
  NULL::varchar AS character_set_catalog, NULL::varchar AS character_set_schema, NULL::varchar AS character_set_name, NULL::varchar AS collation_catalog,
  NULL::varchar AS collation_schema, NULL::varchar AS collation_name, NULL::varchar AS domain_catalog, NULL::varchar AS domain_schema, NULL::varchar AS domain_name,
  current_database()::varchar(128) AS udt_catalog, 'pg_catalog'::varchar(128) AS udt_schema,
  (CASE c.type_id WHEN 3802 THEN 'super' WHEN 17 THEN 'varbyte' WHEN 25 THEN 'varchar' ELSE (SELECT typname FROM pg_catalog.pg_type WHERE oid = c.type_id) END)::varchar(128) AS udt_name,
  NULL::varchar AS scope_catalog, NULL::varchar AS scope_schema, NULL::varchar AS scope_name, NULL::int AS maximum_cardinality, c.number::varchar AS dtd_identifier,
  'NO'::varchar(3) AS is_self_referencing
FROM rs_facts.visible_relations r JOIN rs_facts.described_columns c ON c.relation = r.oid
WHERE r.late_binding_query IS NULL AND rs.sees_column(r.owner, c.relation, c.number) ORDER BY r.schema_name, r.name, c.number;
CREATE OR REPLACE VIEW rs_information.views AS
SELECT current_database()::varchar(128) AS table_catalog, r.schema_name::varchar(128) AS table_schema, r.name::varchar(128) AS table_name,
  (CASE WHEN pg_has_role(r.owner, 'USAGE') THEN rs.view_definition(r.oid) END)::varchar AS view_definition, 'NONE'::varchar AS check_option,
  'NO'::varchar(3) AS is_updatable, 'NO'::varchar(3) AS is_insertable_into
FROM rs_facts.visible_relations r WHERE r.kind IN ('v', 'm');
CREATE OR REPLACE VIEW rs_information.table_constraints AS
SELECT current_database()::varchar(128) AS constraint_catalog, k.schema_name::varchar(128) AS constraint_schema, k.name::varchar(128) AS constraint_name,
  current_database()::varchar(128) AS table_catalog, k.schema_name::varchar(128) AS table_schema, k.table_name::varchar(128) AS table_name,
  (CASE k.kind WHEN 'p' THEN 'PRIMARY KEY' WHEN 'u' THEN 'UNIQUE' ELSE 'FOREIGN KEY' END)::varchar AS constraint_type, 'NO'::varchar(3) AS is_deferrable, 'NO'::varchar(3) AS initially_deferred
FROM rs_facts.keys k JOIN rs_facts.visible_relations r ON r.oid = k.relation;
CREATE OR REPLACE VIEW rs_information.key_column_usage AS
SELECT current_database()::varchar(128) AS constraint_catalog, k.schema_name::varchar(128) AS constraint_schema, k.name::varchar(128) AS constraint_name,
  current_database()::varchar(128) AS table_catalog, k.schema_name::varchar(128) AS table_schema, k.table_name::varchar(128) AS table_name,
  u.name::varchar(128) AS column_name, u.i::int AS ordinal_position, CASE k.kind WHEN 'f' THEN u.i::int END AS position_in_unique_constraint
FROM rs_facts.keys k JOIN rs_facts.visible_relations r ON r.oid = k.relation CROSS JOIN LATERAL unnest(k.columns) WITH ORDINALITY u(name, i);
CREATE OR REPLACE VIEW rs_information.constraint_column_usage AS
SELECT current_database()::varchar(128) AS table_catalog, coalesce(k.refers_schema, k.schema_name)::varchar(128) AS table_schema,
  coalesce(k.refers_table, k.table_name)::varchar(128) AS table_name, u.name::varchar(128) AS column_name, current_database()::varchar(128) AS constraint_catalog,
  k.schema_name::varchar(128) AS constraint_schema, k.name::varchar(128) AS constraint_name
FROM rs_facts.keys k JOIN rs_facts.visible_relations r ON r.oid = k.relation CROSS JOIN LATERAL unnest(CASE k.kind WHEN 'f' THEN k.refers_columns ELSE k.columns END) u(name);
CREATE OR REPLACE VIEW rs_information.constraint_table_usage AS
SELECT DISTINCT table_catalog, table_schema, table_name, constraint_catalog, constraint_schema, constraint_name FROM rs_information.constraint_column_usage;
CREATE OR REPLACE VIEW rs_information.referential_constraints AS
SELECT current_database()::varchar(128) AS constraint_catalog, k.schema_name::varchar(128) AS constraint_schema, k.name::varchar(128) AS constraint_name,
  current_database()::varchar(128) AS unique_constraint_catalog, p.schema_name::varchar(128) AS unique_constraint_schema, p.name::varchar(128) AS unique_constraint_name,
  'NONE'::varchar AS match_option, 'NO ACTION'::varchar AS update_rule, 'NO ACTION'::varchar AS delete_rule
FROM rs_facts.keys k JOIN rs_facts.visible_relations r ON r.oid = k.relation
LEFT JOIN rs_facts.keys p ON p.relation = k.refers_to AND p.kind IN ('p', 'u') AND p.columns = k.refers_columns WHERE k.kind = 'f';
CREATE OR REPLACE VIEW rs_information.check_constraints AS
SELECT * FROM information_schema.check_constraints WHERE false;
CREATE OR REPLACE VIEW rs_information.table_privileges AS
SELECT p.grantor::varchar(128) AS grantor, p.grantee::varchar(128) AS grantee, current_database()::varchar(128) AS table_catalog, r.schema_name::varchar(128) AS table_schema,
  r.name::varchar(128) AS table_name, p.privilege::varchar AS privilege_type, (CASE WHEN p.is_grantable THEN 'YES' ELSE 'NO' END)::varchar(3) AS is_grantable,
  'NO'::varchar(3) AS with_hierarchy
FROM rs_facts.relations r CROSS JOIN LATERAL (SELECT pg_get_userbyid(a.grantor) AS grantor, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END AS grantee,
  a.privilege_type AS privilege, a.is_grantable, a.grantor AS grantor_id, a.grantee AS grantee_id FROM aclexplode(coalesce(r.acl, acldefault('r', r.owner))) a) p
WHERE p.privilege <> 'MAINTAIN' AND (p.grantee_id = 0 OR pg_has_role(p.grantee_id, 'USAGE') OR pg_has_role(p.grantor_id, 'USAGE'));
CREATE OR REPLACE VIEW rs_information.role_table_grants AS SELECT * FROM rs_information.table_privileges WHERE grantee <> 'PUBLIC';
CREATE OR REPLACE VIEW rs_information.column_privileges AS
SELECT p.grantor::varchar(128) AS grantor, p.grantee::varchar(128) AS grantee, current_database()::varchar(128) AS table_catalog, p.table_schema::varchar(128) AS table_schema,
  p.table_name::varchar(128) AS table_name, p.column_name::varchar(128) AS column_name, p.privilege_type::varchar AS privilege_type, p.is_grantable::varchar(3) AS is_grantable
FROM information_schema.column_privileges p WHERE NOT rs.is_hidden(p.table_schema::name);
CREATE OR REPLACE VIEW rs_information.routines AS SELECT * FROM information_schema.routines WHERE NOT rs.is_hidden(routine_schema::name);
CREATE OR REPLACE VIEW rs_information.parameters AS SELECT * FROM information_schema.parameters WHERE NOT rs.is_hidden(specific_schema::name);
CREATE OR REPLACE VIEW rs_information.view_table_usage AS SELECT * FROM information_schema.view_table_usage WHERE NOT rs.is_hidden(table_schema::name) AND NOT rs.is_hidden(view_schema::name);
