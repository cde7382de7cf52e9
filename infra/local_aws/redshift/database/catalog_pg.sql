-- pg_catalog as Redshift has it: its columns, no relation of ours, materialized views as views, no index.
-- Relations of rs_catalog are shown as relations of pg_catalog, and PostgreSQL's of the same name are not. They have the oid of the latter,
-- which pg_description and pg_depend refer to.
CREATE OR REPLACE VIEW rs_facts.catalog_relations AS
SELECT c.oid AS relation, coalesce(p.oid, c.oid) AS oid, CASE WHEN n.nspname IN ('rs_information', 'information_schema') THEN 'information_schema'::regnamespace
    ELSE 'pg_catalog'::regnamespace END::oid AS schema_id
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_class p ON p.relname = c.relname AND p.relnamespace = CASE n.nspname WHEN 'rs_catalog' THEN 'pg_catalog'::regnamespace
  WHEN 'rs_information' THEN 'information_schema'::regnamespace END
WHERE n.nspname IN ('rs_catalog', 'rs_information') OR n.nspname IN ('pg_catalog', 'information_schema') AND c.relkind IN ('r', 'v')
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_class own WHERE own.relname = c.relname
    AND own.relnamespace IN ('rs_catalog'::regnamespace, 'rs_information'::regnamespace));
CREATE OR REPLACE VIEW rs_catalog.pg_namespace AS
SELECT oid, nspname, rs.owner(nspowner) AS nspowner, nspacl FROM pg_catalog.pg_namespace WHERE NOT rs.is_hidden(nspname);
-- A materialized view keeps its rows in a table named mv_tbl__<view>__0. Tools read the view's keys from it. Its kind here is that of
-- internal storage, because no statement can read the table itself.
CREATE OR REPLACE VIEW rs_facts.storage_tables AS
SELECT (oid::bigint | 2147483648)::oid AS oid, oid AS materialized_view, left('mv_tbl__' || name || '__0', 63)::name AS name FROM rs_facts.relations WHERE kind = 'm';
CREATE OR REPLACE VIEW rs_catalog.pg_class AS
SELECT coalesce(s.oid, k.oid, c.oid) AS oid, coalesce(s.name, c.relname) AS relname, coalesce(r.schema_id, k.schema_id) AS relnamespace, c.reltype, c.relowner, c.relam, c.relfilenode,
  c.reltablespace, c.relpages, c.reltuples, c.reltoastrelid, 0::oid AS reltoastidxid, false AS relhasindex, c.relisshared,
  (CASE WHEN s.oid IS NOT NULL THEN 't' WHEN c.relkind = 'm' THEN 'v' ELSE c.relkind END)::"char" AS relkind, c.relnatts, 0::oid AS relexternid,
  false AS relisreplicated, false AS relispinned,
  CASE r.dist_style WHEN 'KEY' THEN 1 WHEN 'ALL' THEN 8 WHEN 'AUTO' THEN 9 ELSE 0 END::smallint AS reldiststyle, 0::oid AS relprojbaseid,
  0::smallint AS relchecks, 0::smallint AS reltriggers, (SELECT count(*) FROM rs_facts.keys u WHERE u.relation = c.oid AND u.kind = 'u')::smallint AS relukeys,
  (SELECT count(*) FROM rs_facts.keys f WHERE f.relation = c.oid AND f.kind = 'f')::smallint AS relfkeys,
  (SELECT count(*) FROM rs_facts.keys f WHERE f.refers_to = c.oid AND f.kind = 'f')::smallint AS relrefs, false AS relhasoids,
  EXISTS (SELECT FROM rs_facts.keys p WHERE p.relation = c.oid AND p.kind = 'p') AS relhaspkey, c.relkind IN ('v', 'm') AS relhasrules,
  c.relhassubclass, c.relacl, c.relpersistence, c.relhastriggers, c.relrowsecurity, c.relforcerowsecurity, c.relispartition, c.relreplident, c.reloptions,
  c.reloftype
FROM pg_catalog.pg_class c LEFT JOIN rs_facts.relations r ON r.oid = c.oid LEFT JOIN rs_facts.catalog_relations k ON k.relation = c.oid
CROSS JOIN LATERAL (SELECT NULL::oid AS oid, NULL::name AS name UNION ALL SELECT t.oid, t.name FROM rs_facts.storage_tables t WHERE t.materialized_view = c.oid) s
WHERE r.oid IS NOT NULL OR k.oid IS NOT NULL;
CREATE OR REPLACE VIEW rs_catalog.pg_class_info AS
SELECT oid AS reloid, c.*, CASE reldiststyle WHEN 9 THEN 10 ELSE reldiststyle END AS releffectivediststyle, NULL::timestamp AS relcreationtime
FROM rs_catalog.pg_class c;
CREATE OR REPLACE VIEW rs_catalog.pg_attribute AS
SELECT coalesce(s.oid, k.oid, a.attrelid) AS attrelid, a.attname, a.atttypid, a.attstattarget, a.attlen, a.attnum, a.attndims, -1 AS attcacheoff, a.atttypmod, a.attbyval,
  a.attstorage, a.attalign, a.attnotnull, a.atthasdef OR a.attidentity <> '' AS atthasdef, a.attisdropped, a.attislocal, a.attinhcount::int AS attinhcount,
  false AS attispreloaded, coalesce(d.is_dist_key, false) AS attisdistkey, coalesce(d.sort_key, 0) AS attsortkeyord,
  rs.encoding_number(d.encoding) AS attencodingtype, 0::smallint AS attencrypttype, a.attacl, a.attidentity, a.attgenerated, a.attcollation, a.attoptions
FROM pg_catalog.pg_attribute a
LEFT JOIN rs_facts.relations r ON r.oid = a.attrelid LEFT JOIN rs_facts.catalog_relations k ON k.relation = a.attrelid
LEFT JOIN rs_facts.relation_columns d ON d.relation = a.attrelid AND d.number = a.attnum
CROSS JOIN LATERAL (SELECT NULL::oid AS oid UNION ALL SELECT t.oid FROM rs_facts.storage_tables t WHERE t.materialized_view = a.attrelid) s
WHERE (r.oid IS NOT NULL OR k.oid IS NOT NULL) AND r.late_binding_query IS NULL;
CREATE OR REPLACE VIEW rs_catalog.pg_attribute_info AS SELECT * FROM rs_catalog.pg_attribute;
CREATE OR REPLACE VIEW rs_catalog.pg_attrdef AS
SELECT d.adrelid, d.adnum, d.adbin, pg_get_expr(d.adbin, d.adrelid) AS adsrc, d.oid FROM pg_catalog.pg_attrdef d JOIN rs_facts.relations r ON r.oid = d.adrelid
UNION ALL SELECT c.relation, c.number, NULL, rs.identity_text(c.relation, c.number), 0::oid FROM rs_facts.relation_columns c WHERE c.is_identity;
CREATE OR REPLACE VIEW rs_catalog.pg_constraint AS
SELECT k.oid, k.name::name AS conname, k.schema_id AS connamespace, k.kind::"char" AS contype, false AS condeferrable, false AS condeferred, k.relation AS conrelid,
  0::oid AS contypid, coalesce(k.refers_to, 0::oid) AS confrelid, (CASE k.kind WHEN 'f' THEN 'a' ELSE ' ' END)::"char" AS confupdtype,
  (CASE k.kind WHEN 'f' THEN 'a' ELSE ' ' END)::"char" AS confdeltype, (CASE k.kind WHEN 'f' THEN 'u' ELSE ' ' END)::"char" AS confmatchtype,
  rs.column_numbers(k.relation, k.columns) AS conkey, rs.column_numbers(k.refers_to, k.refers_columns) AS confkey, NULL::text AS conbin, NULL::text AS consrc,
  0::oid AS conindid FROM rs_facts.keys k;
CREATE OR REPLACE VIEW rs_catalog.pg_index AS SELECT * FROM pg_catalog.pg_index WHERE false;
CREATE OR REPLACE VIEW rs_catalog.pg_indexes AS SELECT * FROM pg_catalog.pg_indexes WHERE false;
CREATE OR REPLACE VIEW rs_catalog.pg_type AS
SELECT t.oid, t.typname, t.typnamespace, t.typowner, t.typlen, t.typbyval, t.typtype, t.typisdefined, t.typdelim, t.typrelid, t.typelem, t.typinput, t.typoutput,
  t.typreceive, t.typsend, t.typanalyze, t.typalign, t.typstorage, t.typnotnull, t.typbasetype, t.typtypmod, t.typndims, t.typdefault, t.typarray, t.typcategory, t.typcollation
FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE NOT rs.is_hidden(n.nspname)
UNION ALL SELECT CASE typname WHEN 'jsonb' THEN 4000 ELSE 6551 END::oid, CASE typname WHEN 'jsonb' THEN 'super' ELSE 'varbyte' END::name, typnamespace, typowner, typlen, typbyval,
  typtype, typisdefined, typdelim, typrelid, typelem, typinput, typoutput, typreceive, typsend, typanalyze, typalign, typstorage, typnotnull, typbasetype, typtypmod,
  typndims, typdefault, 0::oid, typcategory, typcollation FROM pg_catalog.pg_type WHERE oid IN (3802, 17);
CREATE OR REPLACE VIEW rs_catalog.pg_proc AS
SELECT p.oid, p.proname, p.pronamespace, p.proowner, p.prolang, p.prokind = 'a' AS proisagg, p.prosecdef, p.proisstrict, p.proretset, p.provolatile, p.pronargs, p.prorettype,
  p.proargtypes, p.proargnames, p.prosrc, p.probin, p.proacl, p.prokind, p.prokind = 'w' AS proiswindow, p.proallargtypes, p.proargmodes, p.proconfig
FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE NOT rs.is_hidden(n.nspname);
CREATE OR REPLACE VIEW rs_catalog.pg_proc_info AS SELECT oid AS prooid, p.* FROM rs_catalog.pg_proc p;
CREATE OR REPLACE VIEW rs_catalog.pg_database_info AS
SELECT oid AS datid, datname, datdba, encoding, datistemplate, datallowconn, datacl, datconnlimit::text AS datconnlimit, 'l'::"char" AS dattype FROM pg_catalog.pg_database;
CREATE OR REPLACE VIEW rs_catalog.pg_user AS
SELECT usename, usesysid, usecreatedb, usesuper, false AS usecatupd, '********'::text AS passwd, valuntil, array_to_string(useconfig, ',') AS useconfig FROM pg_catalog.pg_user;
CREATE OR REPLACE VIEW rs_catalog.pg_user_info AS
SELECT u.*, CASE WHEN r.rolconnlimit < 0 THEN 'UNLIMITED' ELSE r.rolconnlimit::text END AS useconnlimit, 'UNRESTRICTED'::text AS syslogaccess, NULL::timestamp AS last_ddl_ts,
  0 AS sessiontimeout, NULL::text AS external_user_id FROM rs_catalog.pg_user u JOIN pg_catalog.pg_roles r ON r.oid = u.usesysid;
CREATE OR REPLACE VIEW rs_catalog.pg_group AS SELECT groname, grosysid, grolist FROM pg_catalog.pg_group WHERE rs.kind_of(groname) = 'group';
-- A view's definition. PostgreSQL's text names helpers of ours where Redshift's SQL has functions of its own.
CREATE OR REPLACE FUNCTION rs.view_definition(relation oid) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT CASE WHEN r.late_binding_query IS NOT NULL
  THEN format('CREATE VIEW %I.%I AS %s WITH NO SCHEMA BINDING;', r.schema_name, r.name, rtrim(r.late_binding_query, E'; \n'))
  WHEN r.kind = 'm' THEN format('CREATE MATERIALIZED VIEW %I.%I AS %s', r.schema_name, r.name, btrim(pg_get_viewdef(relation, true)))
  ELSE pg_get_viewdef(relation, true) END FROM rs_facts.relations r WHERE r.oid = relation AND r.kind IN ('v', 'm') $$;
CREATE OR REPLACE FUNCTION rs.pg_get_viewdef(relation oid, pretty boolean DEFAULT false) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT rs.view_definition(relation) $$;
CREATE OR REPLACE FUNCTION rs.pg_get_viewdef(relation text, pretty boolean DEFAULT false) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT rs.view_definition(relation::regclass) $$;
CREATE OR REPLACE VIEW rs_catalog.pg_views AS
SELECT r.schema_name AS schemaname, r.name AS viewname, pg_get_userbyid(r.owner) AS viewowner, rs.view_definition(r.oid) AS definition
FROM rs_facts.relations r WHERE r.kind IN ('v', 'm')
UNION ALL SELECT v.schemaname, v.viewname, v.viewowner, v.definition FROM pg_catalog.pg_views v WHERE v.schemaname IN ('pg_catalog', 'information_schema');
CREATE OR REPLACE VIEW rs_catalog.pg_tables AS
SELECT r.schema_name AS schemaname, r.name AS tablename, pg_get_userbyid(r.owner) AS tableowner, NULL::name AS tablespace, false AS hasindexes, false AS hasrules, false AS hastriggers
FROM rs_facts.relations r WHERE r.kind IN ('r', 'p')
UNION ALL SELECT schemaname, tablename, tableowner, tablespace, hasindexes, hasrules, hastriggers FROM pg_catalog.pg_tables WHERE schemaname IN ('pg_catalog', 'information_schema');
CREATE OR REPLACE VIEW rs_catalog.pg_table_def AS
SELECT r.schema_name AS schemaname, r.name AS tablename, c.name AS "column", c.type, c.encoding::varchar(32) AS encoding, c.is_dist_key AS distkey, c.sort_key AS sortkey, c.is_required AS "notnull"
FROM rs_facts.visible_relations r JOIN rs_facts.described_columns c ON c.relation = r.oid WHERE r.kind IN ('r', 'p') AND pg_table_is_visible(r.oid) ORDER BY r.schema_name, r.name, c.number;
CREATE OR REPLACE VIEW rs_catalog.pg_external_schema AS
SELECT n.oid AS esoid, 1 AS eskind, e.database AS esdbname, format('{"IAM_ROLE":"%s"}', e.role) AS esoptions
FROM rs.external_schemas e JOIN pg_catalog.pg_namespace n ON n.nspname = e.name;
CREATE OR REPLACE VIEW rs_catalog.pg_shdescription AS SELECT objoid, classoid, description FROM pg_catalog.pg_shdescription;
-- Columns of late-binding views. The caller names the columns and their types, so this returns records.
CREATE OR REPLACE FUNCTION rs.pg_get_late_binding_view_cols() RETURNS SETOF record LANGUAGE plpgsql STABLE AS
$$ BEGIN RETURN QUERY SELECT r.schema_name, r.name, c.name, c.type::varchar, c.number::int FROM rs_facts.visible_relations r
  JOIN rs_facts.described_columns c ON c.relation = r.oid WHERE r.late_binding_query IS NOT NULL; END $$;
CREATE OR REPLACE FUNCTION rs.pg_get_cols(relation regclass) RETURNS SETOF record LANGUAGE plpgsql STABLE AS
$$ BEGIN RETURN QUERY SELECT r.schema_name, r.name, c.name, c.type::varchar, c.number::int FROM rs_facts.visible_relations r
  JOIN rs_facts.described_columns c ON c.relation = r.oid WHERE r.oid = relation; END $$;
