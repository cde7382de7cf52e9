-- The system tables and views about activity (STL_*, STV_*, SVL_*, SVCS_*, SYS_*, and SVV_* about running queries).
-- Queries, sessions and locks are known; catalog_loads.sql has COPY and UNLOAD. What Redshift records of its own engine does not happen here.
-- Source: https://docs.aws.amazon.com/redshift/latest/dg/c_intro_system_tables.html
-- A user sees own queries, a superuser all: the policies of the tables below decide, so the views run as their reader.
CREATE OR REPLACE FUNCTION rs.user_number(user_name text) RETURNS int LANGUAGE sql STABLE AS
$$ SELECT oid::int FROM pg_catalog.pg_roles WHERE rolname = user_name $$;
CREATE OR REPLACE VIEW rs_catalog.sys_query_history WITH (security_invoker = true) AS
SELECT rs.user_number(user_name) AS user_id, query_id, 'default'::varchar(320) AS query_label, transaction_id, NULL::int AS session_id, current_database()::varchar(128) AS database_name,
  query_type::varchar(32) AS query_type, status::varchar(10) AS status, false AS result_cache_hit, start_time, end_time, elapsed_time, 0::bigint AS queue_time,
  elapsed_time AS execution_time, error_message::varchar(512) AS error_message, returned_rows, NULL::bigint AS returned_bytes, query_text::varchar(4000) AS query_text,
  '1.0.77467'::varchar(256) AS redshift_version, NULL::varchar(150) AS usage_limit, 'primary'::varchar(20) AS compute_type, 0::bigint AS compile_time, 0::bigint AS planning_time,
  0::bigint AS lock_wait_time, NULL::varchar(64) AS service_class_name, user_name::varchar(128) AS username
FROM rs.sys_query_history;
CREATE OR REPLACE VIEW rs_catalog.sys_query_text WITH (security_invoker = true) AS
SELECT user_id, query_id, transaction_id, session_id, start_time, 0 AS sequence, left(query_text, 200)::varchar(200) AS text FROM rs_catalog.sys_query_history;
CREATE OR REPLACE VIEW rs_catalog.stl_query WITH (security_invoker = true) AS
SELECT user_id AS userid, query_id AS query, query_label AS label, transaction_id AS xid, session_id AS pid, database_name AS database, query_text AS querytxt,
  start_time AS starttime, end_time AS endtime, (status = 'canceled')::int AS aborted, 0 AS insert_pristine, 0 AS concurrency_scaling_status FROM rs_catalog.sys_query_history;
CREATE OR REPLACE VIEW rs_catalog.stl_querytext WITH (security_invoker = true) AS
SELECT user_id AS userid, transaction_id AS xid, session_id AS pid, query_id AS query, 0 AS sequence, left(query_text, 200)::varchar(200) AS text FROM rs_catalog.sys_query_history;
CREATE OR REPLACE VIEW rs_catalog.svl_statementtext WITH (security_invoker = true) AS
SELECT user_id AS userid, transaction_id AS xid, session_id AS pid, query_label AS label, start_time AS starttime, end_time AS endtime, 0 AS sequence,
  (CASE WHEN query_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'WITH', 'MERGE') THEN 'QUERY' WHEN query_type IN ('CREATE', 'ALTER', 'DROP') THEN 'DDL' ELSE 'UTILITY' END)::varchar(10) AS type,
  left(query_text, 200)::varchar(200) AS text FROM rs_catalog.sys_query_history;
CREATE OR REPLACE VIEW rs_catalog.stl_ddltext WITH (security_invoker = true) AS
SELECT userid, xid, pid, label, starttime, endtime, sequence, text FROM rs_catalog.svl_statementtext WHERE type = 'DDL';
CREATE OR REPLACE VIEW rs_catalog.stl_utilitytext WITH (security_invoker = true) AS
SELECT userid, xid, pid, label, starttime, endtime, sequence, text FROM rs_catalog.svl_statementtext WHERE type = 'UTILITY';
CREATE OR REPLACE VIEW rs_catalog.svl_qlog WITH (security_invoker = true) AS
SELECT user_id AS userid, query_id AS query, transaction_id AS xid, session_id AS pid, start_time AS starttime, end_time AS endtime, elapsed_time AS elapsed,
  (status = 'canceled')::int AS aborted, query_label AS label, left(query_text, 60)::varchar(60) AS substring, NULL::bigint AS source_query,
  NULL::varchar(30) AS concurrency_scaling_status_txt, 0 AS from_sp_call FROM rs_catalog.sys_query_history;
CREATE OR REPLACE VIEW rs_catalog.stl_wlm_query WITH (security_invoker = true) AS
SELECT user_id AS userid, transaction_id AS xid, 0 AS task, query_id AS query, 100 AS service_class, 1 AS slot_count, start_time AS service_class_start_time,
  start_time AS queue_start_time, start_time AS queue_end_time, 0::bigint AS total_queue_time, start_time AS exec_start_time, end_time AS exec_end_time,
  elapsed_time AS total_exec_time, end_time AS service_class_end_time, 'Completed'::varchar(16) AS final_state, 0::bigint AS est_peak_mem, 'Normal'::varchar(20) AS query_priority,
  'Default queue'::varchar(64) AS service_class_name FROM rs_catalog.sys_query_history;

-- Sessions and locks. Only superusers see those of other users.
CREATE OR REPLACE VIEW rs_facts.activity AS
SELECT a.* FROM pg_catalog.pg_stat_activity a WHERE a.datname = current_database() AND a.backend_type = 'client backend'
  AND (a.usename = current_user OR (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user));
CREATE OR REPLACE VIEW rs_catalog.stv_sessions AS
SELECT backend_start AT TIME ZONE 'UTC' AS starttime, pid AS process, usename::varchar(50) AS user_name, datname::varchar(50) AS db_name, 0 AS timeout_sec FROM rs_facts.activity;
CREATE OR REPLACE VIEW rs_catalog.stv_recents AS
SELECT usesysid::int AS userid, (CASE state WHEN 'active' THEN 'Running' ELSE 'Done' END)::varchar(20) AS status, query_start AT TIME ZONE 'UTC' AS starttime,
  (extract(epoch FROM CASE state WHEN 'active' THEN clock_timestamp() ELSE state_change END - query_start) * 1000000)::int AS duration, usename::varchar(50) AS user_name,
  datname::varchar(50) AS db_name, left(query, 600)::varchar(600) AS query, CASE state WHEN 'active' THEN pid ELSE -1 END AS pid
FROM rs_facts.activity WHERE query <> '' AND pid <> pg_backend_pid();
CREATE OR REPLACE VIEW rs_catalog.stv_inflight AS
SELECT userid, 0 AS slice, NULL::int AS query, 'default'::varchar(320) AS label, NULL::bigint AS xid, pid, starttime, left(query, 100)::varchar(100) AS text, 0 AS suspended,
  0 AS insert_pristine, 0 AS concurrency_scaling_status FROM rs_catalog.stv_recents WHERE status = 'Running';
CREATE OR REPLACE VIEW rs_catalog.svv_query_inflight AS
SELECT userid, slice, query, pid, starttime, suspended, text, 0 AS sequence FROM rs_catalog.stv_inflight;
CREATE OR REPLACE VIEW rs_catalog.svv_transactions AS
SELECT a.usename::varchar AS txn_owner, a.datname::varchar AS txn_db, coalesce(a.backend_xid, a.backend_xmin)::text::bigint AS xid, a.pid, a.xact_start AT TIME ZONE 'UTC' AS txn_start,
  l.mode::varchar AS lock_mode, (CASE l.locktype WHEN 'relation' THEN 'relation' ELSE 'transactionid' END)::varchar AS lockable_object_type, l.relation::int AS relation, l.granted
FROM rs_facts.activity a JOIN pg_catalog.pg_locks l ON l.pid = a.pid
WHERE a.xact_start IS NOT NULL AND (l.locktype = 'transactionid' OR l.relation IN (SELECT oid FROM rs_facts.relations));
CREATE OR REPLACE VIEW rs_catalog.stv_locks AS
SELECT l.relation::int AS table_id, NULL::timestamp AS last_commit, NULL::timestamp AS last_update, l.transactionid::text::bigint AS lock_owner, l.pid AS lock_owner_pid,
  a.xact_start AT TIME ZONE 'UTC' AS lock_owner_start_ts, NULL::timestamp AS lock_owner_end_ts, (CASE WHEN l.granted THEN 'Holding write lock' ELSE 'Waiting' END)::varchar(22) AS lock_status
FROM rs_facts.activity a JOIN pg_catalog.pg_locks l ON l.pid = a.pid JOIN rs_facts.relations r ON r.oid = l.relation WHERE l.mode NOT IN ('AccessShareLock', 'RowShareLock');
CREATE OR REPLACE VIEW rs_catalog.stl_sessions AS
SELECT usesysid::int AS userid, backend_start AT TIME ZONE 'UTC' AS starttime, NULL::timestamp AS endtime, pid AS process, usename::varchar(50) AS user_name, datname::varchar(50) AS db_name
FROM rs_facts.activity;
CREATE OR REPLACE VIEW rs_catalog.sys_session_history AS
SELECT usesysid::int AS user_id, pid AS session_id, datname::varchar(128) AS database_name, 'active'::varchar(20) AS status, backend_start AT TIME ZONE 'UTC' AS session_timestamp,
  0 AS session_timeout FROM rs_facts.activity;
-- One node with one slice.
CREATE OR REPLACE VIEW rs_catalog.stv_slices AS SELECT 0 AS node, 0 AS slice, 0 AS localslice, 'D'::varchar(1) AS type;
CREATE OR REPLACE VIEW rs_catalog.stv_tbl_perm AS
SELECT 0 AS slice, r.oid::int AS id, r.name::varchar(72) AS name, rs.row_count(r.oid, r.reltuples)::bigint AS rows, rs.row_count(r.oid, r.reltuples)::bigint AS sorted_rows,
  r.is_temporary::int AS temp, (SELECT oid::int FROM pg_catalog.pg_database WHERE datname = current_database()) AS db_id, 0 AS insert_pristine, 0 AS delete_pristine,
  r.backup::int AS backup, CASE r.dist_style WHEN 'KEY' THEN 1 WHEN 'ALL' THEN 8 WHEN 'AUTO' THEN 10 ELSE 0 END AS dist_style, (pg_relation_size(r.oid) / 1048576)::int AS block_count
FROM rs_facts.visible_relations r WHERE r.kind IN ('r', 'p', 'm');
CREATE OR REPLACE VIEW rs_catalog.svv_diskusage AS
SELECT db_id, name, slice, NULL::int AS col, id AS tbl, 0 AS blocknum, block_count AS num_values, NULL::bigint AS minvalue, NULL::bigint AS maxvalue, 0 AS sb_pos, 1 AS pinned, 1 AS on_disk,
  0 AS modified, 0 AS hdr_modified, 0 AS unsorted, 0 AS tombstone, 0 AS preferred_diskno, temp AS temporary, 0 AS newblock FROM rs_catalog.stv_tbl_perm WHERE block_count > 0;

SELECT rs.empty_relation('sys_query_detail', 'user_id int, query_id bigint, child_query_sequence int, stream_id int, segment_id int, step_id int, step_name varchar, table_id int, table_name varchar, is_rrscan char(1), start_time timestamp, end_time timestamp, duration bigint, alert varchar, input_bytes bigint, input_rows bigint, output_bytes bigint, output_rows bigint, blocks_read bigint, blocks_write bigint, local_read_io bigint, remote_read_io bigint, source varchar, data_skewness int, time_skewness int, is_active char(1), spilled_block_local_disk bigint, spilled_block_remote_disk bigint, step_attribute varchar');
SELECT rs.empty_relation('sys_query_explain', 'user_id int, query_id bigint, child_query_sequence int, plan_node_id int, plan_parent_id int, plan_node varchar, plan_info varchar');
SELECT rs.empty_relation('sys_load_detail', 'user_id int, query_id bigint, file_name varchar, bytes_scanned bigint, lines_scanned bigint, splits_scanned int, record_time timestamp, start_time timestamp, end_time timestamp');
SELECT rs.empty_relation('sys_unload_detail', 'user_id int, query_id bigint, transaction_id bigint, session_id int, file_name varchar, file_format varchar, start_time timestamp, row_count bigint, file_size bigint');
SELECT rs.empty_relation('sys_connection_log', 'event varchar, record_time timestamp, remote_host varchar, remote_port varchar, session_id int, database_name varchar, user_name varchar, auth_method varchar, duration bigint, ssl_version varchar, ssl_cipher varchar, mtu int, ssl_compression varchar, ssl_expansion varchar, iam_auth_guid varchar, application_name varchar, driver_version varchar, os_version varchar, plugin_name varchar, protocol_version int, global_session_id varchar');
SELECT rs.empty_relation('sys_transaction_history', 'user_id int, transaction_id bigint, isolation_level varchar, status varchar, transaction_start_time timestamp, commit_start_time timestamp, commit_end_time timestamp, blocks_committed int, undo_start_time timestamp, undo_end_time timestamp, session_id int');
SELECT rs.empty_relation('sys_procedure_call', 'user_id int, session_user_name varchar, query_id bigint, query_text varchar, start_time timestamp, end_time timestamp, status varchar, caller_procedure_query_id bigint');
SELECT rs.empty_relation('sys_procedure_messages', 'user_id int, query_id bigint, record_time timestamp, log_level varchar, message varchar, line_num int');
SELECT rs.empty_relation('sys_mv_refresh_history', 'user_id int, session_user_id int, transaction_id bigint, database_name varchar, schema_name varchar, mv_id bigint, mv_name varchar, refresh_type varchar, status varchar, start_time timestamp, end_time timestamp, duration bigint, consumer_account varchar, consumer_region varchar, consumer_namespace varchar');
SELECT rs.empty_relation('sys_mv_state', 'user_id int, transaction_id bigint, database_name varchar, event_desc varchar, start_time timestamp, base_table_schema varchar, base_table_name varchar, mv_schema varchar, mv_name varchar, state varchar');
SELECT rs.empty_relation('sys_vacuum_history', 'user_id int, transaction_id bigint, query_id bigint, database_name varchar, schema_name varchar, table_name varchar, table_id int, vacuum_type varchar, is_automatic boolean, status varchar, start_time timestamp, end_time timestamp, record_time timestamp, total_rows_before_vacuum bigint, size_before_vacuum bigint, reclaimable_rows bigint, reclaimed_rows bigint, reclaimed_blocks bigint, sortedrows_before_vacuum bigint, sortedrows_after_vacuum bigint');
SELECT rs.empty_relation('sys_analyze_history', 'user_id int, transaction_id bigint, query_id bigint, database_name varchar, schema_name varchar, table_name varchar, table_id int, is_automatic varchar, status varchar, start_time timestamp, end_time timestamp, rows numeric, modified_rows numeric, threshold_percent int, last_analyze_time timestamp');
SELECT rs.empty_relation('sys_serverless_usage', 'start_time timestamp, end_time timestamp, compute_seconds bigint, compute_capacity float8, data_storage int, cross_region_transferred_data int, charged_seconds int');
SELECT rs.empty_relation('sys_external_query_detail', 'user_id int, query_id bigint, child_query_sequence int, transaction_id bigint, segment_id int, source_type varchar, start_time timestamp, end_time timestamp, duration bigint, total_partitions int, qualified_partitions int, scanned_files bigint, returned_rows bigint, returned_bytes bigint, file_format varchar, file_location varchar, external_query_text varchar, warning_message varchar, table_name varchar, is_recursive char(1), is_nested char(1), s3list_time bigint, get_partition_time bigint');
SELECT rs.empty_relation('sys_external_query_error', 'user_id int, query_id bigint, file_location varchar, rowid varchar, column_name varchar, original_value varchar, modified_value varchar, trigger varchar, action varchar, action_value varchar, error_code int');
SELECT rs.empty_relation('sys_userlog', 'user_id int, user_name varchar, original_user_name varchar, action varchar, has_create_db_privs boolean, is_superuser boolean, has_update_catalog_privs boolean, password_expiration timestamp, session_id int, transaction_id bigint, record_time timestamp');
SELECT rs.empty_relation('sys_copy_job', 'job_id bigint, job_name varchar, data_source varchar, copy_query varchar, filename varchar, status varchar, curtime timestamp');
SELECT rs.empty_relation('sys_copy_replacements', 'user_id int, query_id bigint, table_id int, file_name varchar, line_number bigint, column_name varchar, raw_line varchar');
SELECT rs.empty_relation('sys_udf_log', 'query_id bigint, message varchar, record_time timestamp, function_name varchar, trace_level int');
SELECT rs.empty_relation('sys_auto_table_optimization', 'table_id int, type varchar, status varchar, event_time timestamp, alter_from varchar, database_name varchar, schema_name varchar, table_name varchar');
SELECT rs.empty_relation('sys_stream_scan_states', 'external_schema_name varchar, stream_name varchar, mv_name varchar, transaction_id bigint, query_id bigint, record_time timestamp, partition_id varchar, latest_position varchar, scanned_rows bigint, skipped_rows bigint, scanned_bytes bigint, stream_record_time_min timestamp, stream_record_time_max timestamp');
SELECT rs.empty_relation('sys_stream_scan_errors', 'external_schema_name varchar, stream_name varchar, mv_name varchar, transaction_id bigint, query_id bigint, record_time timestamp, partition_id varchar, position varchar, error_code int, error_reason varchar');
SELECT rs.empty_relation('stl_error', 'userid int, process char(12), recordtime timestamp, pid int, errcode int, file char(90), linenum int, context char(100), error char(512)');
SELECT rs.empty_relation('stl_s3client', 'userid int, query int, slice int, recordtime timestamp, pid int, http_method char(64), bucket char(64), key char(256), transfer_size bigint, data_size bigint, start_time bigint, end_time bigint, transfer_time bigint, compression_time bigint, connect_time bigint, app_connect_time bigint, retries bigint, request_id char(32), extended_request_id char(128), ip_address char(64), node int, is_partial int, start_offset bigint');
SELECT rs.empty_relation('stl_replacements', 'userid int, query int, slice int, tbl int, starttime timestamp, session int, filename char(256), line_number bigint, colname char(127), raw_line char(1024)');
SELECT rs.empty_relation('stl_scan', 'userid int, query int, slice int, segment int, step int, starttime timestamp, endtime timestamp, tasknum int, rows bigint, bytes bigint, fetches bigint, type int, tbl int, is_rrscan char(1), is_delayed_scan char(1), rows_pre_filter bigint, rows_pre_user_filter bigint, perm_table_name char(136), is_rlf_scan char(1), is_rlf_scan_reason int, num_em_blocks int, checksum bigint, runtime_filtering char(1), scan_region int, num_sortkey_as_predicate int, row_fetcher_state int, consumed_scan_ranges int, work_stealing_reason bigint, is_vectorized_scan char(1), is_vectorized_scan_reason int, row_fetcher_reason bigint, topology_signature bigint, use_tpm_partition char(1), is_rrscan_expr char(1)');
SELECT rs.empty_relation('stl_insert', 'userid int, query int, slice int, segment int, step int, starttime timestamp, endtime timestamp, tasknum int, rows bigint, tbl int, inserted_mega_value char(1), use_staging_table char(1)');
SELECT rs.empty_relation('stl_delete', 'userid int, query int, slice int, segment int, step int, starttime timestamp, endtime timestamp, tasknum int, rows bigint, tbl int');
SELECT rs.empty_relation('stl_explain', 'userid int, query int, nodeid int, parentid int, plannode char(400), info char(400)');
SELECT rs.empty_relation('stl_plan_info', 'userid int, query int, nodeid int, segment int, step int, locus int, plannode int, startupcost float8, totalcost float8, rows bigint, bytes bigint');
SELECT rs.empty_relation('stl_stream_segs', 'userid int, query int, stream int, segment int');
SELECT rs.empty_relation('stl_alert_event_log', 'userid int, query int, slice int, segment int, step int, pid int, xid bigint, event char(1024), solution char(1024), event_time timestamp');
SELECT rs.empty_relation('stl_connection_log', 'event char(50), recordtime timestamp, remotehost char(45), remoteport char(32), pid int, dbname char(50), username char(50), authmethod char(32), duration bigint, sslversion char(50), sslcipher char(128), mtu int, sslcompression char(64), sslexpansion char(64), iamauthguid char(36), application_name char(250), os_version char(64), driver_version char(64), plugin_name char(32), protocol_version int, sessionid char(36), compression char(64)');
SELECT rs.empty_relation('stl_tr_conflict', 'xact_id bigint, process_id bigint, xact_start_ts timestamp, abort_time timestamp, table_id bigint');
SELECT rs.empty_relation('stl_vacuum', 'userid int, xid bigint, table_id int, status char(30), rows bigint, sortedrows int, blocks int, max_merge_partitions int, eventtime timestamp, reclaimable_rows bigint, reclaimable_space_mb bigint, cutoff_xid bigint, is_recluster int');
SELECT rs.empty_relation('stl_analyze', 'userid int, xid bigint, database char(30), table_id int, status char(15), rows float8, modified_rows float8, threshold_percent int, is_auto char(1), starttime timestamp, endtime timestamp, prevtime timestamp, num_predicate_cols int, num_new_predicate_cols int, is_background char(1), auto_analyze_phase char(100), schema_name char(128), table_name char(136)');
SELECT rs.empty_relation('stl_analyze_compression', 'userid int, start_time timestamp, xid bigint, tbl int, tablename char(128), col int, old_encoding char(15), new_encoding char(15), mode char(14), best_compression_encoding char(15), recommended_bytes char(50), current_bytes char(50), ds char(50)');
SELECT rs.empty_relation('stl_commit_stats', 'xid bigint, node int, startqueue timestamp, startwork timestamp, endflush timestamp, endstage timestamp, endlocal timestamp, startglobal timestamp, endtime timestamp, queuelen bigint, permblocks bigint, newblocks bigint, dirtyblocks bigint, headers bigint, numxids bigint, oldestxid bigint, extwritelatency bigint, metadatawritten int, tombstonedblocks bigint, tossedblocks bigint, batched_by bigint');
SELECT rs.empty_relation('stl_userlog', 'userid int, username char(50), oldusername char(50), action char(10), usecreatedb int, usesuper int, usecatupd int, valuntil timestamp, pid int, xid bigint, recordtime timestamp');
SELECT rs.empty_relation('stl_undone', 'xact_id bigint, xact_id_undone bigint, undo_start_ts timestamp, undo_end_ts timestamp, table_id bigint');
SELECT rs.empty_relation('stl_query_metrics', 'userid int, service_class int, query int, segment int, step_type int, starttime timestamp, slices int, max_rows bigint, rows bigint, max_cpu_time bigint, cpu_time bigint, max_blocks_read bigint, blocks_read bigint, max_run_time bigint, run_time bigint, max_blocks_to_disk bigint, blocks_to_disk bigint, step int, max_query_scan_size bigint, query_scan_size bigint, query_priority int, query_queue_time bigint, service_class_name char(64)');
SELECT rs.empty_relation('stl_wlm_rule_action', 'userid int, query int, service_class int, rule char(256), action char(256), recordtime timestamp, action_value char(256), service_class_name char(64)');
SELECT rs.empty_relation('stl_mv_state', 'userid bigint, starttime timestamp, xid bigint, event_desc char(500), db_name char(128), base_table_schema char(128), base_table_name char(128), mv_schema char(128), mv_name char(128), state char(32)');
SELECT rs.empty_relation('svl_mv_refresh_status', 'db_name char(128), userid bigint, schema_name char(128), mv_name char(128), xid bigint, starttime timestamp, endtime timestamp, status text, refresh_type char(32)');
SELECT rs.empty_relation('svl_query_summary', 'userid int, query int, stm int, seg int, step int, maxtime bigint, avgtime bigint, rows bigint, bytes bigint, rate_row float8, rate_byte float8, label text, is_diskbased char(1), workmem bigint, is_rrscan char(1), is_delayed_scan char(1), rows_pre_filter bigint');
SELECT rs.empty_relation('svl_query_report', 'userid int, query int, slice int, segment int, step int, start_time timestamp, end_time timestamp, elapsed_time bigint, rows bigint, bytes bigint, label char(256), is_diskbased char(1), workmem bigint, is_rrscan char(1), is_delayed_scan char(1), rows_pre_filter bigint');
SELECT rs.empty_relation('svl_query_metrics', 'userid int, query int, service_class int, dimension varchar, segment int, step int, step_label varchar, query_cpu_time bigint, query_blocks_read bigint, query_execution_time bigint, query_cpu_usage_percent numeric, query_temp_blocks_to_disk bigint, segment_execution_time bigint, cpu_skew numeric, io_skew numeric, scan_row_count bigint, join_row_count bigint, nested_loop_join_row_count bigint, return_row_count bigint, spectrum_scan_row_count bigint, spectrum_scan_size_mb bigint, query_queue_time bigint, service_class_name char(64)');
SELECT rs.empty_relation('svl_query_metrics_summary', 'userid int, query int, service_class int, query_cpu_time bigint, query_blocks_read bigint, query_execution_time bigint, query_cpu_usage_percent numeric, query_temp_blocks_to_disk bigint, segment_execution_time bigint, cpu_skew numeric, io_skew numeric, scan_row_count bigint, join_row_count bigint, nested_loop_join_row_count bigint, return_row_count bigint, spectrum_scan_row_count bigint, spectrum_scan_size_mb bigint, query_queue_time bigint, service_class_name char(64)');
SELECT rs.empty_relation('svl_query_queue_info', 'database text, query int, xid bigint, userid int, querytxt text, queue_start_time timestamp, exec_start_time timestamp, service_class int, slots int, queue_elapsed bigint, exec_elapsed bigint, wlm_total_elapsed bigint, commit_queue_elapsed bigint, commit_exec_time bigint, service_class_name char(64)');
SELECT rs.empty_relation('svl_s3query_summary', 'userid int, query int, xid bigint, pid int, segment int, step int, starttime timestamp, endtime timestamp, elapsed bigint, aborted int, external_table_name char(136), file_format char(16), is_partitioned char(1), is_rrscan char(1), is_nested char(1), s3_scanned_rows bigint, s3_scanned_bytes bigint, s3query_returned_rows bigint, s3query_returned_bytes bigint, files int, files_max int, files_avg int, splits int, splits_max int, splits_avg int, total_split_size bigint, max_split_size bigint, avg_split_size bigint, total_retries int, max_retries int, max_request_duration bigint, avg_request_duration bigint, max_request_parallelism int, avg_request_parallelism float8, total_slowdown_count int, max_slowdown_count int');
SELECT rs.empty_relation('svl_s3log', 'pid int, query int, segment int, step int, node int, slice int, eventtime timestamp, message char(512)');
SELECT rs.empty_relation('svl_stored_proc_call', 'userid int, session_userid int, query int, label char(320), xid bigint, pid int, database char(32), querytxt char(4000), starttime timestamp, endtime timestamp, aborted int, from_sp_call int');
SELECT rs.empty_relation('svl_stored_proc_messages', 'userid int, session_userid int, pid int, xid bigint, query int, recordtime timestamp, loglevel int, loglevel_text char(10), message char(1024), linenum int, querytxt char(500), label char(320), aborted int, message_xid bigint');
SELECT rs.empty_relation('svl_udf_log', 'query bigint, message char(4096), created timestamp, traceback char(4096), funcname char(256), node int, slice int, seq int');
SELECT rs.empty_relation('svl_auto_worker_action', 'table_id int, type char(64), status char(128), eventtime timestamp, sequence int, previous_state char(200)');
SELECT rs.empty_relation('svl_vacuum_percentage', 'xid bigint, table_id int, percentage bigint');
SELECT rs.empty_relation('stv_active_cursors', 'userid int, name varchar, xid bigint, pid int, starttime timestamp, row_count bigint, byte_count bigint, fetched_rows bigint');
SELECT rs.empty_relation('stv_cursor_configuration', 'current_cursor_count int, max_diskspace_usable bigint, current_diskspace_used bigint');
SELECT rs.empty_relation('stv_blocklist', 'slice int, col int, tbl int, blocknum int, num_values int, extended_limits int, minvalue bigint, maxvalue bigint, sb_pos int, pinned int, on_disk int, modified int, hdr_modified int, unsorted int, tombstone int, preferred_diskno int, temporary int, newblock int, num_readers int, flags int');
SELECT rs.empty_relation('stv_exec_state', 'userid int, query int, slice int, segment int, step int, starttime timestamp, currenttime timestamp, tasknum int, rows bigint, bytes bigint, label char(256), is_diskbased char(1), workmem bigint, num_parts int, is_rrscan char(1), is_delayed_scan char(1)');
SELECT rs.empty_relation('stv_load_state', 'userid int, session int, query int, slice int, pid int, recordtime timestamp, bytes_to_load bigint, bytes_loaded bigint, bytes_to_load_compressed bigint, bytes_loaded_compressed bigint, lines int, num_files int, num_files_complete int, current_file char(256), pct_complete int');
SELECT rs.empty_relation('stv_node_storage_capacity', 'node int, used int, capacity int');
SELECT rs.empty_relation('stv_partitions', 'owner int, host int, diskno int, part_begin bigint, part_end bigint, used int, tossed int, capacity int, reads bigint, writes bigint, seek_forward int, seek_back int, is_san int, failed int, mbps int, mount char(256)');
SELECT rs.empty_relation('stv_query_metrics', 'userid int, service_class int, query int, segment int, step_type int, starttime timestamp, slices int, max_rows bigint, rows bigint, max_cpu_time bigint, cpu_time bigint, max_blocks_read bigint, blocks_read bigint, max_run_time bigint, run_time bigint, max_blocks_to_disk bigint, blocks_to_disk bigint, step int, max_query_scan_size bigint, query_scan_size bigint, query_priority int, query_queue_time bigint');
SELECT rs.empty_relation('stv_tbl_trans', 'slice int, id int, rows bigint, size bigint, query_id bigint, ref_cnt int, from_suspended int, prep_swap int');
SELECT rs.empty_relation('stv_wlm_query_state', 'xid bigint, task int, query int, service_class int, slot_count int, wlm_start_time timestamp, state char(16), queue_time bigint, exec_time bigint, query_priority char(20)');
SELECT rs.empty_relation('stv_wlm_query_queue_state', 'service_class int, position int, task int, query int, slot_count int, start_time timestamp, queue_time bigint');
SELECT rs.empty_relation('stv_wlm_query_task_state', 'service_class int, task int, query int, level int, start_time timestamp, exec_time bigint');
SELECT rs.empty_relation('stv_wlm_service_class_config', 'service_class int, queueing_strategy char(32), num_query_tasks int, target_num_query_tasks int, evictable char(8), eviction_threshold bigint, query_working_mem int, target_query_working_mem int, min_step_mem int, name char(64), max_execution_time bigint, user_group_wild_card boolean, query_group_wild_card boolean, concurrency_scaling char(20), query_priority char(20), user_role_wild_card boolean');
SELECT rs.empty_relation('stv_wlm_service_class_state', 'service_class int, service_class_name char(64), num_queued_queries int, num_executing_queries int, num_serviced_queries int, num_executed_queries int, query_working_mem int, num_query_tasks int, target_num_query_tasks int, num_concurrency_scaling_queries int');
SELECT rs.empty_relation('stv_startup_recovery_state', 'db_id int, table_id int, table_name char(137)');
SELECT rs.empty_relation('svv_query_state', 'userid int, query int, seg int, step int, maxtime interval, avgtime interval, rows bigint, bytes bigint, cpu int, memory bigint, rate_row numeric, rate_byte numeric, label char(25), is_diskbased char(1), workmem bigint, num_parts int, is_rrscan char(1), is_delayed_scan char(1)');
SELECT rs.empty_relation('svv_vacuum_progress', 'table_name text, status text, time_remaining_estimate text');
SELECT rs.empty_relation('svv_vacuum_summary', 'table_name text, xid bigint, sort_partitions bigint, merge_increments bigint, elapsed_time bigint, row_delta bigint, sortedrow_delta bigint, block_delta int, max_merge_partitions int');
