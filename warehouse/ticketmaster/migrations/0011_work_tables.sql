-- What one procedure of a publication passes to the next: rows of the run that publishes, deleted again before it commits.
-- Members are venues, attractions, classifications and markets.
-- Members whose versions are derived again: what the day observed of them is not what their version of that day holds.
CREATE TABLE staging.ticketmaster_touched_members (
    run_id VARCHAR(128) NOT NULL ENCODE RAW,
    dimension VARCHAR(16) NOT NULL ENCODE ZSTD,
    member_id VARCHAR(1600) NOT NULL ENCODE ZSTD,
    was_observed BOOLEAN NOT NULL ENCODE RAW
)
DISTSTYLE EVEN
SORTKEY (run_id, dimension);

-- Members that were observed on the day and no longer are.
CREATE TABLE staging.ticketmaster_removed_members (
    run_id VARCHAR(128) NOT NULL ENCODE RAW,
    dimension VARCHAR(16) NOT NULL ENCODE ZSTD,
    member_id VARCHAR(1600) NOT NULL ENCODE ZSTD
)
DISTSTYLE EVEN
SORTKEY (run_id, dimension);

-- Members that the run adds to a dimension (is_known) or deletes from it.
CREATE TABLE staging.ticketmaster_changed_members (
    run_id VARCHAR(128) NOT NULL ENCODE RAW,
    dimension VARCHAR(16) NOT NULL ENCODE ZSTD,
    member_id VARCHAR(1600) NOT NULL ENCODE ZSTD,
    is_known BOOLEAN NOT NULL ENCODE RAW
)
DISTSTYLE EVEN
SORTKEY (run_id, dimension);

-- Days in [moved_from, moved_to) on which a fact that names a member must refer to another row of its dimension.
CREATE TABLE staging.ticketmaster_moved_references (
    run_id VARCHAR(128) NOT NULL ENCODE RAW,
    dimension VARCHAR(16) NOT NULL ENCODE ZSTD,
    member_id VARCHAR(1600) NOT NULL ENCODE ZSTD,
    moved_from DATE NOT NULL ENCODE AZ64,
    moved_to DATE NOT NULL ENCODE AZ64
)
DISTSTYLE EVEN
SORTKEY (run_id, dimension);

-- Events that were observed on the day and no longer are.
CREATE TABLE staging.ticketmaster_removed_events (
    run_id VARCHAR(128) NOT NULL ENCODE RAW,
    event_id VARCHAR(256) NOT NULL ENCODE ZSTD
)
DISTSTYLE KEY
DISTKEY (event_id)
SORTKEY (run_id);

-- Snapshots of other days that refer to other members now.
CREATE TABLE staging.ticketmaster_repointed_snapshots (
    run_id VARCHAR(128) NOT NULL ENCODE RAW,
    event_id VARCHAR(256) NOT NULL ENCODE ZSTD,
    observed_on DATE NOT NULL ENCODE AZ64,
    venue_sk BIGINT NOT NULL ENCODE AZ64,
    attraction_sk BIGINT NOT NULL ENCODE AZ64,
    classification_sk BIGINT NOT NULL ENCODE AZ64,
    market_sk BIGINT NOT NULL ENCODE AZ64
)
DISTSTYLE KEY
DISTKEY (event_id)
SORTKEY (run_id);

-- Events whose row is derived again, with the days they were seen on; without days they are in no snapshot any more.
CREATE TABLE staging.ticketmaster_touched_events (
    run_id VARCHAR(128) NOT NULL ENCODE RAW,
    event_id VARCHAR(256) NOT NULL ENCODE ZSTD,
    first_seen_on DATE ENCODE AZ64,
    last_seen_on DATE ENCODE AZ64
)
DISTSTYLE KEY
DISTKEY (event_id)
SORTKEY (run_id);

-- Each bridge has a procedure of its own now. It is made before it is dropped, because a new warehouse does not have it.
CREATE OR REPLACE PROCEDURE ticketmaster.sp_merge_bridges(p_run_id IN VARCHAR(128))
AS $$
BEGIN
    NULL;
END;
$$ LANGUAGE plpgsql;
DROP PROCEDURE ticketmaster.sp_merge_bridges(VARCHAR(128));
