"""Publishing is all or nothing, once, and only for the holder of the run lock."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from aws_services.errors import StatementFailed
from runs.ledger import close_run, has_succeeded, standing_run
from tests.fixtures.warehouse import DirectRedshift
from tests.warehouse.days import PIPELINE, Day, load, stage
from warehouse.publish import PublishFailed, _statements, publish
from warehouse.quality import audit
from warehouse.stars import UnknownPipeline
from warehouse.ticketmaster import STAR

D1, D2 = date(2026, 11, 20), date(2026, 11, 21)


def day(on: date, *event_ids: str) -> Day:
    return Day(on, [{"event_id": event_id, "venue_id": "V1"} for event_id in event_ids], [{"venue_id": "V1"}])


def served(redshift: DirectRedshift) -> list[str]:
    return [row["event_id"] for row in redshift.execute("SELECT event_id FROM ticketmaster.fact_events ORDER BY 1")]


def wait_until_blocked(redshift: DirectRedshift) -> None:
    """Return once a session of the warehouse waits for a lock that another holds."""
    waiting = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    deadline = time.monotonic() + 60
    while not redshift.execute(waiting):
        assert time.monotonic() < deadline, "no session waits for a lock"


def test_a_failure_in_any_step_keeps_what_readers_had(redshift: DirectRedshift) -> None:
    load(redshift, day(D1, "E1"))
    run_id = stage(redshift, day(D2, "E1", "E2"))
    audit(redshift, run_id)
    # A version that overlaps another breaks the star's own rules, found in the last step before the commit.
    redshift.execute(
        "INSERT INTO ticketmaster.dim_venue (venue_id, valid_from, valid_to, is_current, row_hash) "
        "VALUES ('V9', '2026-01-01', '9999-12-31', TRUE, 'x'), ('V9', '2026-02-01', '9999-12-31', TRUE, 'y')"
    )

    with pytest.raises(PublishFailed, match=r"etl\.sp_assert_star failed.*venue_one_current_version \(1 of") as failure:
        publish(redshift, PIPELINE, run_id, 1)

    assert failure.value.step == "etl.sp_assert_star"
    assert served(redshift) == ["E1"]
    logged = redshift.execute("SELECT procedure_name, error FROM etl.etl_log WHERE status = 'failed'")
    assert [row["procedure_name"] for row in logged] == ["etl.sp_assert_star"]
    assert "venue_versions_adjoin" in logged[0]["error"]
    refused = redshift.execute("SELECT COUNT(*) AS n FROM etl.etl_log WHERE started_at > finished_at")
    assert refused == [{"n": 0}]
    staged = redshift.execute("SELECT COUNT(*) AS n FROM staging.ticketmaster_events")
    assert staged == [{"n": 2}], "what was staged is still there for another attempt"


def test_after_the_cause_is_mended_the_same_run_is_published(redshift: DirectRedshift) -> None:
    run_id = stage(redshift, day(D1, "E1"))
    audit(redshift, run_id)
    redshift.execute("DELETE FROM ticketmaster.dim_market WHERE market_sk = 0")
    with pytest.raises(PublishFailed, match="unknown_members_present"):
        publish(redshift, PIPELINE, run_id, 1)
    redshift.execute(
        "INSERT INTO ticketmaster.dim_market (market_sk, market_id, name, first_seen_on, last_seen_on) "
        "VALUES (0, '-', 'Unknown market', '1900-01-01', '1900-01-01')"
    )

    assert publish(redshift, PIPELINE, run_id, 1) is True
    assert served(redshift) == ["E1"]


def test_a_published_run_is_left_alone_and_its_staging_is_empty(redshift: DirectRedshift) -> None:
    run_id = load(redshift, day(D1, "E1"))

    assert publish(redshift, PIPELINE, run_id, 1) is False
    assert redshift.execute("SELECT COUNT(*) AS n FROM staging.ticketmaster_venues") == [{"n": 0}]
    assert redshift.execute("SELECT run_id FROM etl.runs WHERE published_at IS NOT NULL") == [{"run_id": run_id}]


def test_a_publication_sent_twice_leaves_the_day_as_it_is(redshift: DirectRedshift) -> None:
    run_id = load(redshift, day(D1, "E1", "E2"))

    # What an answer lost on the way leads to: the same transaction again, when staging is empty.
    with pytest.raises(StatementFailed, match="has 0 events staged and 2 curated"):
        redshift.batch(_statements(STAR), {"run_id": run_id, "pipeline": PIPELINE, "fence": 1, "gate": 0})

    assert served(redshift) == ["E1", "E2"]
    assert redshift.execute("SELECT COUNT(*) AS n FROM ticketmaster.fact_event_snapshots") == [{"n": 2}]
    assert audit(redshift, run_id).passed, "the recorded outcome stands"
    assert publish(redshift, PIPELINE, run_id, 1) is False


def test_half_of_a_day_is_not_published(redshift: DirectRedshift) -> None:
    run_id = stage(redshift, day(D1, "E1", "E2"))
    audit(redshift, run_id)
    redshift.execute("DELETE FROM staging.ticketmaster_events WHERE event_id = 'E2'")

    with pytest.raises(PublishFailed, match="has 1 events staged and 2 curated"):
        publish(redshift, PIPELINE, run_id, 1)
    assert served(redshift) == []


def test_only_a_published_run_has_succeeded(redshift: DirectRedshift) -> None:
    run_id = stage(redshift, day(D1, "E1"))
    close_run(redshift, run_id, "succeeded")
    assert not has_succeeded(redshift, run_id)

    audit(redshift, run_id)
    publish(redshift, PIPELINE, run_id, 1)
    assert has_succeeded(redshift, run_id)


def test_the_standing_run_is_of_the_latest_day_published_and_none_while_that_is_not_finished(
    redshift: DirectRedshift,
) -> None:
    runs = [("day-1", 1, "succeeded", True), ("day-2", 2, "succeeded", True), ("day-3", 3, "succeeded", False)]
    rows = [
        {
            "run_id": run_id,
            "pipeline": "load",
            "business_date": date(2026, 3, day),
            "status": status,
            "started_at": date(2026, 3, day),
            "published_at": date(2026, 3, day) if published else None,
        }
        for run_id, day, status, published in runs
    ]
    redshift.insert("etl.runs", rows)
    assert standing_run(redshift, "load") == "day-2"
    redshift.execute("UPDATE etl.runs SET status = 'failed' WHERE run_id = 'day-2'")
    assert standing_run(redshift, "load") is None


def test_a_holder_whose_successor_has_only_begun_is_refused(redshift: DirectRedshift) -> None:
    run_id = stage(redshift, day(D1, "E1"), fence=6)
    audit(redshift, run_id)
    stage(redshift, day(D2, "E2"), fence=7)

    with pytest.raises(PublishFailed, match=r"fence 6 of ticketmaster_daily is out of date: 7 has opened a run"):
        publish(redshift, PIPELINE, run_id, 6)
    assert served(redshift) == []


def test_a_holder_whose_lock_was_taken_over_is_refused(redshift: DirectRedshift) -> None:
    load(redshift, day(D1, "E1"), fence=7)
    run_id = stage(redshift, day(D2, "E2"), fence=6)
    audit(redshift, run_id)

    with pytest.raises(PublishFailed, match=r"fence 6 of ticketmaster_daily is out of date: 7 has published"):
        publish(redshift, PIPELINE, run_id, 6)

    assert served(redshift) == ["E1"]


def test_two_publishers_at_once_do_not_both_succeed(redshift: DirectRedshift) -> None:
    load(redshift, day(D1, "E1"))
    other = redshift.sibling()
    first, second = other._connection.cursor(), redshift._connection.cursor()
    for cursor in (first, second):
        cursor.execute("SELECT COUNT(*) FROM etl.fences")
    first.execute(f"CALL etl.sp_check_fence('a', '{PIPELINE}', 2)")
    other._connection.commit()

    with pytest.raises(Exception, match="could not serialize"):
        second.execute(f"CALL etl.sp_check_fence('b', '{PIPELINE}', 3)")
    redshift._connection.rollback()
    other.close()


def test_a_publication_waits_for_the_one_before_it_and_then_succeeds(redshift: DirectRedshift) -> None:
    """One that a killed attempt had asked for may still be running when the attempt is repeated."""
    load(redshift, day(D1, "E1"))
    run_id = stage(redshift, day(D2, "E1", "E2"))
    audit(redshift, run_id)
    before, after = redshift.sibling(), redshift.sibling()
    underway = before._connection.cursor()
    underway.execute("LOCK etl.fences")
    underway.execute(f"CALL etl.sp_check_fence('before', '{PIPELINE}', 1)")

    with ThreadPoolExecutor(1) as pool:
        publication = pool.submit(publish, after, PIPELINE, run_id, 1)  # type: ignore[arg-type]
        try:
            wait_until_blocked(redshift)
        finally:
            before._connection.commit()
        assert publication.result(60) is True
    before.close()
    after.close()
    assert served(redshift) == ["E1", "E2"]


def test_a_run_without_staged_rows_or_audit_is_refused(redshift: DirectRedshift) -> None:
    with pytest.raises(PublishFailed, match="It has no staged rows"):
        publish(redshift, PIPELINE, "ticketmaster_daily-2026-11-20", 1)

    run_id = stage(redshift, day(D1, "E1"))
    with pytest.raises(PublishFailed, match="was not audited"):
        publish(redshift, PIPELINE, run_id, 1)
    assert served(redshift) == []
    refusals = "SELECT run_id, procedure_name, status, error FROM etl.etl_log ORDER BY log_id"
    nothing, unaudited = redshift.execute(refusals)
    assert (nothing["procedure_name"], nothing["status"]) == ("preparation", "failed")
    assert "run its Glue job first" in nothing["error"]
    assert "was not audited" in unaudited["error"]


def test_a_run_that_failed_its_audit_is_refused_whatever_else_has_passed(redshift: DirectRedshift) -> None:
    load(redshift, day(D1, "E1"))
    run_id = stage(redshift, day(D2, "E2"))
    audit(redshift, run_id)
    redshift.execute("UPDATE etl.quality_scores SET passed = FALSE WHERE run_id = :run_id", {"run_id": run_id})
    star = "INSERT INTO etl.quality_scores SELECT run_id, 'star', 100, 90, TRUE, GETDATE() FROM etl.runs"
    redshift.execute(f"{star} WHERE run_id = :run_id", {"run_id": run_id})

    with pytest.raises(PublishFailed, match=r"It failed its audit: see etl\.data_quality_results"):
        publish(redshift, PIPELINE, run_id, 1)
    redshift.execute("DELETE FROM etl.quality_scores WHERE phase = 'staged'")
    with pytest.raises(PublishFailed, match="was not audited"):
        publish(redshift, PIPELINE, run_id, 1)
    assert served(redshift) == ["E1"]


def test_a_pipeline_without_a_star_is_refused(redshift: DirectRedshift) -> None:
    with pytest.raises(UnknownPipeline, match=r"known pipelines: .*ticketmaster_daily"):
        publish(redshift, "nothing_daily", "nothing_daily-2026-11-20", 1)


def test_every_step_of_a_publication_is_logged(redshift: DirectRedshift) -> None:
    run_id = load(redshift, day(D1, "E1"))

    rows = redshift.execute(
        "SELECT procedure_name, status, started_at <= finished_at AS in_order FROM etl.etl_log "
        "WHERE run_id = :run_id ORDER BY log_id",
        {"run_id": run_id},
    )
    names = [row["procedure_name"] for row in rows]
    assert names[:2] == ["ticketmaster.sp_check_quality", "etl.sp_data_quality_checks"], "the audit"
    assert names[2] == "etl.sp_check_fence"
    assert names[-1] == "etl.sp_mark_published"
    assert {*STAR.merge, "etl.sp_record_star_table", "etl.sp_assert_star"} <= set(names)
    assert names.count("etl.sp_data_quality_checks") == 2, "staged and star"
    assert all(row["status"] == "succeeded" and row["in_order"] for row in rows)
