-- The system tables and views about COPY and UNLOAD. The policies of the tables below decide who sees which rows.
-- Source: https://docs.aws.amazon.com/redshift/latest/dg/r_STL_LOAD_ERRORS.html and the pages of the other views
CREATE OR REPLACE VIEW rs_catalog.stl_load_errors WITH (security_invoker = true) AS
SELECT rs.user_number(user_name) AS userid, 0 AS slice, table_id::int AS tbl, at AS starttime, session, query, filename, line_number,
  colname, type, col_length, position, raw_line, raw_field_value, err_code, err_reason, 0 AS is_partial, 0::bigint AS start_offset,
  -1::bigint AS copy_job_id
FROM rs.load_errors;
CREATE OR REPLACE VIEW rs_catalog.stl_loaderror_detail WITH (security_invoker = true) AS
SELECT rs.user_number(user_name) AS userid, 0 AS slice, session, query, filename, line_number, f.number::int - 1 AS field, f.name AS colname,
  f.value, CASE WHEN f.value IS NULL THEN 1 ELSE 0 END AS is_null, type, col_length
FROM rs.load_errors, unnest(field_names, field_values) WITH ORDINALITY AS f (name, value, number);
CREATE OR REPLACE VIEW rs_catalog.stl_load_commits WITH (security_invoker = true) AS
SELECT rs.user_number(user_name) AS userid, query, 0 AS slice, table_name AS name, f.name AS filename, 0 AS byte_offset, f.lines::int AS lines_scanned,
  f.errors::int AS errors, ended AS curtime, 1 AS status, file_format, 0 AS is_partial, 0::bigint AS start_offset, -1::bigint AS copy_job_id
FROM rs.loads, unnest(files, lines, errors) AS f (name, lines, errors);
CREATE OR REPLACE VIEW rs_catalog.sys_load_error_detail WITH (security_invoker = true) AS
SELECT rs.user_number(user_name) AS user_id, query AS query_id, 0::bigint AS transaction_id, session AS session_id, current_database()::text AS database_name,
  table_id::int AS table_id, at AS start_time, filename AS file_name, line_number, colname AS column_name, type AS column_type,
  col_length AS column_length, position, err_code AS error_code, err_reason AS error_message
FROM rs.load_errors;
CREATE OR REPLACE VIEW rs_catalog.sys_load_history WITH (security_invoker = true) AS
SELECT rs.user_number(user_name) AS user_id, query AS query_id, 0::bigint AS transaction_id, session AS session_id, current_database()::text AS database_name,
  'completed'::text AS status, table_name, began AS start_time, ended AS end_time, (extract(epoch FROM ended - began) * 1000000)::bigint AS duration,
  source AS data_source, rows AS loaded_rows, bytes AS loaded_bytes, cardinality(files)::bigint AS source_file_count, bytes AS source_file_bytes,
  file_format, error_count::int AS error_count
FROM rs.loads;
CREATE OR REPLACE VIEW rs_catalog.stl_unload_log WITH (security_invoker = true) AS
SELECT rs.user_number(user_name) AS userid, query, 0 AS slice, session AS pid, f.name AS path, began AS start_time, ended AS end_time,
  f.rows AS line_count, f.size AS transfer_size, file_format
FROM rs.unloads, unnest(files, rows, sizes) AS f (name, rows, size);
CREATE OR REPLACE VIEW rs_catalog.sys_unload_history WITH (security_invoker = true) AS
SELECT rs.user_number(user_name) AS user_id, query AS query_id, 0::bigint AS transaction_id, session AS session_id, current_database()::text AS database_name,
  'completed'::text AS status, began AS start_time, ended AS end_time, (extract(epoch FROM ended - began) * 1000000)::bigint AS duration,
  file_format, compression AS compression_type, target AS unloaded_location, (SELECT coalesce(sum(n), 0) FROM unnest(rows) n)::bigint AS unloaded_rows,
  cardinality(files)::bigint AS unloaded_files_count, (SELECT coalesce(sum(n), 0) FROM unnest(sizes) n)::bigint AS unloaded_files_size
FROM rs.unloads;
