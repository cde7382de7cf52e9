-- Type 1: a member has the content of its latest observation, and exists as long as it has any.
CREATE OR REPLACE PROCEDURE {star}.sp_merge_{table}(p_run_id IN VARCHAR(128))
AS $$
DECLARE
    v_started TIMESTAMP := GETDATE();
    v_day DATE;
    v_staged BIGINT;
    v_inserted BIGINT;
    v_versioned BIGINT;
    v_deleted BIGINT;
    v_removed BIGINT;
BEGIN
    SELECT INTO v_day business_date FROM etl.runs WHERE run_id = p_run_id;
    IF v_day IS NULL THEN
        RAISE EXCEPTION 'run % is not in etl.runs', p_run_id;
    END IF;

    -- Staged members take their content from this day, unless they were seen later.
    DROP TABLE IF EXISTS latest_members;
    CREATE TEMP TABLE latest_members (LIKE {star}.{table});
    INSERT INTO latest_members ({thing}_sk, {thing}_id, {columns}, first_seen_on, last_seen_on)
    SELECT
        0,
        s.{thing}_id,
        {s_columns},
        LEAST(COALESCE(d.first_seen_on, v_day), v_day),
        v_day
    FROM staging.{star}_{staged} AS s
    LEFT JOIN {star}.{table} AS d ON s.{thing}_id = d.{thing}_id AND d.{thing}_sk <> 0
    WHERE s.run_id = p_run_id AND COALESCE(d.last_seen_on, v_day) <= v_day;
    INSERT INTO latest_members ({thing}_sk, {thing}_id, {columns}, first_seen_on, last_seen_on)
    SELECT
        0,
        d.{thing}_id,
        {d_columns},
        LEAST(d.first_seen_on, v_day),
        d.last_seen_on
    FROM staging.{star}_{staged} AS s
    INNER JOIN {star}.{table} AS d ON s.{thing}_id = d.{thing}_id AND d.{thing}_sk <> 0
    WHERE s.run_id = p_run_id AND d.last_seen_on > v_day;
    -- Those that are no longer seen on this day are found again among the other days.
    SELECT INTO v_removed COUNT(*) FROM removed_{thing}s;
    IF v_removed > 0 THEN
        INSERT INTO latest_members ({thing}_sk, {thing}_id, {columns}, first_seen_on, last_seen_on)
        SELECT
            0,
            {thing}_id,
            {columns},
            first_seen_on,
            observed_on
        FROM (
            SELECT
                o.{thing}_id,
                {o_columns},
                o.observed_on,
                MIN(o.observed_on) OVER (PARTITION BY o.{thing}_id) AS first_seen_on,
                ROW_NUMBER() OVER (PARTITION BY o.{thing}_id ORDER BY o.observed_on DESC) AS recency
            FROM {star}.{thing}_observations AS o
            INNER JOIN removed_{thing}s AS r ON o.{thing}_id = r.{thing}_id
        ) AS seen
        WHERE recency = 1;
    END IF;

    -- Members that come or go: facts that name them are pointed anew.
    DROP TABLE IF EXISTS changed_{thing}s;
    CREATE TEMP TABLE changed_{thing}s ({thing}_id VARCHAR(1600) NOT NULL, is_known BOOLEAN NOT NULL);
    INSERT INTO changed_{thing}s ({thing}_id, is_known)
    SELECT
        l.{thing}_id,
        TRUE
    FROM latest_members AS l
    LEFT JOIN {star}.{table} AS d ON l.{thing}_id = d.{thing}_id AND d.{thing}_sk <> 0
    WHERE d.{thing}_id IS NULL;
    INSERT INTO changed_{thing}s ({thing}_id, is_known)
    SELECT
        r.{thing}_id,
        FALSE
    FROM removed_{thing}s AS r
    LEFT JOIN latest_members AS l ON r.{thing}_id = l.{thing}_id
    WHERE l.{thing}_id IS NULL;
    INSERT INTO moved_references (dimension, natural_id, moved_from, moved_to)
    SELECT
        '{thing}',
        u.natural_id,
        u.observed_on,
        CAST(DATEADD(DAY, 1, u.observed_on) AS DATE)
    FROM {star}.unknown_references AS u
    INNER JOIN changed_{thing}s AS c ON u.natural_id = c.{thing}_id
    WHERE u.dimension = '{thing}' AND c.is_known;
    INSERT INTO moved_references (dimension, natural_id, moved_from, moved_to)
    SELECT
        '{thing}',
        {thing}_id,
        CAST('0001-01-01' AS DATE),
        CAST('9999-12-31' AS DATE)
    FROM changed_{thing}s
    WHERE NOT is_known;

    SELECT INTO v_staged COUNT(*) FROM staging.{star}_{staged} WHERE run_id = p_run_id;
    SELECT INTO v_inserted COUNT(*)
    FROM staging.{star}_{staged} AS s
    INNER JOIN changed_{thing}s AS c ON s.{thing}_id = c.{thing}_id
    WHERE s.run_id = p_run_id;
    SELECT INTO v_versioned COUNT(*)
    FROM staging.{star}_{staged} AS s
    INNER JOIN latest_members AS l ON s.{thing}_id = l.{thing}_id
    INNER JOIN {star}.{table} AS d ON l.{thing}_id = d.{thing}_id AND d.{thing}_sk <> 0
    WHERE
        s.run_id = p_run_id
        AND (
            {differs}
        );

    DELETE FROM {star}.{table}
    USING changed_{thing}s
    WHERE {table}.{thing}_id = changed_{thing}s.{thing}_id AND {table}.{thing}_sk <> 0;
    GET DIAGNOSTICS v_deleted := ROW_COUNT;

    UPDATE {star}.{table}
    SET
        {assignments},
        first_seen_on = l.first_seen_on,
        last_seen_on = l.last_seen_on
    FROM latest_members AS l
    WHERE {table}.{thing}_id = l.{thing}_id AND {table}.{thing}_sk <> 0;

    INSERT INTO {star}.{table} ({thing}_id, {columns}, first_seen_on, last_seen_on)
    SELECT
        l.{thing}_id,
        {l_columns},
        l.first_seen_on,
        l.last_seen_on
    FROM latest_members AS l
    INNER JOIN changed_{thing}s AS c ON l.{thing}_id = c.{thing}_id AND c.is_known;

    CALL etl.sp_record_star_table(p_run_id, '{table}', v_staged, v_inserted, v_versioned, v_deleted);
    CALL etl.sp_log_step(p_run_id, '{star}.sp_merge_{table}', 'merge', v_started,
        v_inserted + v_versioned + v_deleted);
END;
$$ LANGUAGE plpgsql;
