-- Type 1: a member has the content of its latest observation, and exists as long as it has any.
CREATE OR REPLACE PROCEDURE ticketmaster.sp_merge_dim_classification(p_run_id IN VARCHAR(128))
AS $$
DECLARE
    v_started TIMESTAMP := GETDATE();
    v_staged BIGINT;
    v_inserted BIGINT;
    v_versioned BIGINT;
    v_deleted BIGINT;
BEGIN
    DROP TABLE IF EXISTS latest_members;
    CREATE TEMP TABLE latest_members (LIKE ticketmaster.dim_classification);
    INSERT INTO latest_members (
        classification_sk, classification_id, segment_id, segment_name, genre_id, genre_name, subgenre_id,
        subgenre_name, type_id, type_name, subtype_id, subtype_name, first_seen_on, last_seen_on
    )
    SELECT
        0,
        classification_id, segment_id, segment_name, genre_id, genre_name, subgenre_id, subgenre_name, type_id,
        type_name, subtype_id, subtype_name, first_seen_on, observed_on
    FROM (
        SELECT
            o.classification_id, o.segment_id, o.segment_name, o.genre_id, o.genre_name, o.subgenre_id,
            o.subgenre_name, o.type_id, o.type_name, o.subtype_id, o.subtype_name,
            o.observed_on,
            MIN(o.observed_on) OVER (PARTITION BY o.classification_id) AS first_seen_on,
            ROW_NUMBER() OVER (PARTITION BY o.classification_id ORDER BY o.observed_on DESC) AS recency
        FROM ticketmaster.classification_observations AS o
        INNER JOIN touched_classifications AS t ON o.classification_id = t.classification_id
    ) AS seen
    WHERE recency = 1;

    -- Members that come or go: facts that name them are pointed anew.
    DROP TABLE IF EXISTS changed_classifications;
    CREATE TEMP TABLE changed_classifications (classification_id VARCHAR(1600) NOT NULL);
    INSERT INTO changed_classifications (classification_id)
    SELECT l.classification_id
    FROM latest_members AS l
    LEFT JOIN ticketmaster.dim_classification AS d
        ON l.classification_id = d.classification_id AND d.classification_sk <> 0
    WHERE d.classification_id IS NULL
    UNION
    SELECT d.classification_id
    FROM ticketmaster.dim_classification AS d
    INNER JOIN touched_classifications AS t ON d.classification_id = t.classification_id
    LEFT JOIN latest_members AS l ON d.classification_id = l.classification_id
    WHERE l.classification_id IS NULL AND d.classification_sk <> 0;

    SELECT INTO v_staged COUNT(*) FROM staging.ticketmaster_classifications WHERE run_id = p_run_id;
    SELECT INTO v_inserted COUNT(*)
    FROM staging.ticketmaster_classifications AS s
    INNER JOIN changed_classifications AS c ON s.classification_id = c.classification_id
    WHERE s.run_id = p_run_id;
    SELECT INTO v_versioned COUNT(*)
    FROM staging.ticketmaster_classifications AS s
    INNER JOIN latest_members AS l ON s.classification_id = l.classification_id
    INNER JOIN ticketmaster.dim_classification AS d
        ON l.classification_id = d.classification_id AND d.classification_sk <> 0
    WHERE
        s.run_id = p_run_id
        AND (
            COALESCE(d.segment_id, '-') <> COALESCE(l.segment_id, '-')
            OR COALESCE(d.segment_name, '-') <> COALESCE(l.segment_name, '-')
            OR COALESCE(d.genre_id, '-') <> COALESCE(l.genre_id, '-')
            OR COALESCE(d.genre_name, '-') <> COALESCE(l.genre_name, '-')
            OR COALESCE(d.subgenre_id, '-') <> COALESCE(l.subgenre_id, '-')
            OR COALESCE(d.subgenre_name, '-') <> COALESCE(l.subgenre_name, '-')
            OR COALESCE(d.type_id, '-') <> COALESCE(l.type_id, '-')
            OR COALESCE(d.type_name, '-') <> COALESCE(l.type_name, '-')
            OR COALESCE(d.subtype_id, '-') <> COALESCE(l.subtype_id, '-')
            OR COALESCE(d.subtype_name, '-') <> COALESCE(l.subtype_name, '-')
        );

    DELETE FROM ticketmaster.dim_classification
    USING changed_classifications
    WHERE dim_classification.classification_id = changed_classifications.classification_id
        AND dim_classification.classification_sk <> 0;
    GET DIAGNOSTICS v_deleted := ROW_COUNT;

    UPDATE ticketmaster.dim_classification
    SET
        segment_id = l.segment_id,
        segment_name = l.segment_name,
        genre_id = l.genre_id,
        genre_name = l.genre_name,
        subgenre_id = l.subgenre_id,
        subgenre_name = l.subgenre_name,
        type_id = l.type_id,
        type_name = l.type_name,
        subtype_id = l.subtype_id,
        subtype_name = l.subtype_name,
        first_seen_on = l.first_seen_on,
        last_seen_on = l.last_seen_on
    FROM latest_members AS l
    WHERE dim_classification.classification_id = l.classification_id AND dim_classification.classification_sk <> 0;

    INSERT INTO ticketmaster.dim_classification (
        classification_id, segment_id, segment_name, genre_id, genre_name, subgenre_id, subgenre_name, type_id,
        type_name, subtype_id, subtype_name, first_seen_on, last_seen_on
    )
    SELECT
        l.classification_id, l.segment_id, l.segment_name, l.genre_id, l.genre_name, l.subgenre_id,
        l.subgenre_name, l.type_id, l.type_name, l.subtype_id, l.subtype_name, l.first_seen_on, l.last_seen_on
    FROM latest_members AS l
    LEFT JOIN ticketmaster.dim_classification AS d
        ON l.classification_id = d.classification_id AND d.classification_sk <> 0
    WHERE d.classification_id IS NULL;

    CALL etl.sp_record_star_table(p_run_id, 'dim_classification', v_staged, v_inserted, v_versioned, v_deleted);
    CALL etl.sp_log_step(p_run_id, 'ticketmaster.sp_merge_dim_classification', 'merge', v_started,
        v_inserted + v_versioned + v_deleted);
END;
$$ LANGUAGE plpgsql;
