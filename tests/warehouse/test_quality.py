"""The audit: what each rule catches, the score, the gate, and the evidence that stays."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from contextlib import closing
from datetime import date
from decimal import Decimal

import pytest

from aws_services.errors import StatementFailed
from runs.ledger import TableCounts, record_entities
from tests.fixtures.warehouse import DirectRedshift
from tests.warehouse.days import PIPELINE, Day, load, stage
from warehouse import quality
from warehouse.publish import PublishFailed, publish
from warehouse.quality import QualityGateFailed, StarIsDamaged, audit, check_star
from warehouse.rule_files import BadRule, parse, rules
from warehouse.rule_procedures import WEIGHTS
from warehouse.summary import summarise

D1, D2 = date(2026, 11, 20), date(2026, 11, 21)


def good(on: date = D1, **event: object) -> Day:
    """A day that passes every rule; `event` changes its first event."""
    first = {
        "event_id": "E1", "venue_id": "V1", "attraction_id": "A1", "classification_id": "C1", "market_id": "11",
        "attractions": ["A1"], "classifications": ["C1"], "price_min": Decimal("10"), "price_max": Decimal("20"),
        "price_currency": "USD",
    }  # fmt: skip
    return Day(
        on,
        [first | event, first | {"event_id": "E2"}],
        [{"venue_id": "V1", "market_ids": "11"}],
        [{"attraction_id": "A1"}],
        [{"classification_id": "C1"}],
        [{"market_id": "11", "name": "Chicago"}],
    )


def failing(redshift: DirectRedshift, run_id: str) -> set[str]:
    try:
        result = audit(redshift, run_id, 100)
    except QualityGateFailed as failure:
        result = failure.result
    return {rule.name for rule in result.failing}


def test_a_good_day_scores_a_hundred(redshift: DirectRedshift) -> None:
    result = audit(redshift, stage(redshift, good()))

    assert (result.score, result.passed, result.failing) == (100.0, True, ())
    assert len(result.results) >= 14


@pytest.mark.parametrize(
    ("rule", "event"),
    [
        ("event_keys_present", {"event_id": "-"}),
        ("event_keys_unique", {"event_id": "E2"}),
        ("event_venue_known", {"venue_id": "V404"}),
        ("event_attraction_known", {"attraction_id": "A404"}),
        ("event_classification_known", {"classification_id": "C404"}),
        ("event_market_known", {"market_id": "404"}),
        ("event_venue_named", {"venue_id": None}),
        ("event_names_present", {"name": " "}),
        ("event_hours_in_range", {"local_hour": 24}),
        ("event_weekday_agrees", {"local_weekday": "Sunday"}),
        ("event_dates_plausible", {"start_date": date(1900, 1, 6), "start_date_key": 19000106}),
        ("event_dates_plausible", {"start_date_key": 20261206}),
        ("event_status_in_domain", {"status": "maybe"}),
        ("event_kind_in_domain", {"inventory_kind": "ticket", "show_of": "E1"}),
        ("event_kind_in_domain", {"inventory_kind": "parking", "show_of": "E1"}),
        ("event_show_known", {"inventory_kind": "show", "show_of": None}),
        ("event_show_known", {"inventory_kind": "show", "show_of": "nobody"}),
        (
            "event_show_known",
            {"inventory_kind": "suite", "show_of": "nobody", "is_show": False, "non_show_reason": "suite"},
        ),
        ("event_prices_ordered", {"price_min": Decimal("21")}),
        ("event_prices_not_negative", {"price_min": Decimal("-1")}),
        ("event_attraction_keys_unique", {"attractions": ["A1", "A1"]}),
    ],
)
def test_each_rule_catches_its_fault(redshift: DirectRedshift, rule: str, event: dict) -> None:
    assert rule in failing(redshift, stage(redshift, good(**event)))


@pytest.mark.parametrize(
    ("rule", "damage"),
    [
        ("observed_on_business_date", "UPDATE staging.ticketmaster_venues SET observed_on = '2026-11-19'"),
        ("venue_keys_present", "UPDATE staging.ticketmaster_venues SET venue_id = ''"),
        ("venue_coordinates_in_range", "UPDATE staging.ticketmaster_venues SET latitude = 91"),
        ("events_all_staged", "DELETE FROM staging.ticketmaster_events WHERE event_id = 'E2'"),
        ("events_all_staged", "INSERT INTO etl.run_tables SELECT * FROM etl.run_tables"),
        (
            "event_ends_after_start",
            "UPDATE staging.ticketmaster_events SET start_at = '2026-12-05', end_at = '2026-12-04'",
        ),
    ],
)
def test_rules_about_what_arrived(redshift: DirectRedshift, rule: str, damage: str) -> None:
    run_id = stage(redshift, good())
    redshift.execute(damage)

    assert rule in failing(redshift, run_id)


@pytest.mark.parametrize(
    ("rule", "counts"),
    [
        ("books_balance", {"raw_records": 3, "curated_records": 2}),
        ("books_balance", {"said_records": 3, "got_records": 2, "raw_records": 2, "curated_records": 2}),
        (
            "events_complete",
            {"said_records": 3, "got_records": 2, "raw_records": 2, "curated_records": 2, "residual_records": 1},
        ),
        # an unlisted residual
        ("events_complete", {"said_records": 2, "got_records": 2, "raw_records": 2, "curated_records": 2}),
        ("books_balance", {"raw_records": 3, "distinct_records": 3, "curated_records": 2, "duplicate_records": 1}),
        ("books_balance", {"raw_records": 2, "distinct_records": 1, "curated_records": 2}),
        ("events_rejected", {"raw_records": 3, "curated_records": 2, "quarantined_records": 1}),
    ],
)
def test_rules_about_the_books(redshift: DirectRedshift, rule: str, counts: dict) -> None:
    run_id = stage(redshift, good())
    record_entities(redshift, run_id, PIPELINE, D1, [TableCounts(table_name="events", **counts)])

    assert rule in failing(redshift, run_id)


@pytest.mark.parametrize(
    ("distinct", "words"),
    [
        (3, "3 different records landed, 2 were curated or quarantined"),
        (1, "1 different records landed, 2 were curated"),
    ],
)
def test_a_summary_says_what_was_lost(redshift: DirectRedshift, distinct: int, words: str) -> None:
    run_id = stage(redshift, good())
    counts = TableCounts(
        table_name="events", raw_records=3, distinct_records=distinct, curated_records=2, duplicate_records=1
    )
    record_entities(redshift, run_id, PIPELINE, D1, [counts])

    assert summarise(redshift, run_id).faults == [f"events: {words}"]


def test_a_summary_says_when_nobody_knows_what_is_short(redshift: DirectRedshift) -> None:
    run_id = stage(redshift, good())
    counts = TableCounts(table_name="events", said_records=2, got_records=2, raw_records=2, curated_records=2)
    record_entities(redshift, run_id, PIPELINE, D1, [counts])

    assert summarise(redshift, run_id).faults == [
        "events: unknown whether the source has more than the 2 fetched records"
    ]


@pytest.mark.parametrize(
    "counts",
    [
        {"raw_records": 4, "distinct_records": 3, "curated_records": 2, "quarantined_records": 2},
        {"raw_records": 4, "distinct_records": 2, "curated_records": 2, "quarantined_records": 2},
        {
            "raw_records": 4,
            "distinct_records": 3,
            "curated_records": 2,
            "quarantined_records": 1,
            "duplicate_records": 1,
        },
        {"raw_records": 2, "distinct_records": None, "curated_records": 2},
    ],
    ids=["rejected twice", "once good once bad", "duplicate of a rejected one", "not counted while fetching"],
)
def test_what_is_quarantined_twice_is_no_loss(redshift: DirectRedshift, counts: dict) -> None:
    run_id = stage(redshift, good())
    record_entities(redshift, run_id, PIPELINE, D1, [TableCounts(table_name="events", **counts)])

    assert "books_balance" not in failing(redshift, run_id)
    assert summarise(redshift, run_id).balanced


def test_a_run_without_books_fails(redshift: DirectRedshift) -> None:
    run_id = stage(redshift, good())
    redshift.execute("DELETE FROM etl.run_tables")

    assert "books_balance" in failing(redshift, run_id)


def _blocks(redshift: DirectRedshift, run_id: str, rule: str) -> None:
    """Nothing but this rule fails; it alone keeps the run from readers, whatever the gate."""
    before = redshift.execute("SELECT * FROM ticketmaster.fact_events ORDER BY event_id")
    with pytest.raises(QualityGateFailed) as failure:
        audit(redshift, run_id, gate=0)
    assert [result.name for result in failure.value.result.failing] == [rule]
    assert failure.value.result.score >= quality.DEFAULT_GATE
    with pytest.raises(PublishFailed, match="failed its audit"):
        publish(redshift, PIPELINE, run_id, 1)
    assert redshift.execute("SELECT * FROM ticketmaster.fact_events ORDER BY event_id") == before


def test_events_that_could_not_be_had_block_publication(redshift: DirectRedshift) -> None:
    run_id = stage(redshift, good())
    missing = {"said_records": 3, "got_records": 2, "raw_records": 2, "curated_records": 2, "residual_records": 1}
    record_entities(redshift, run_id, PIPELINE, D1, [TableCounts(table_name="events", **missing)])

    _blocks(redshift, run_id, "events_complete")


def test_a_sudden_drop_against_the_day_before_blocks_publication(redshift: DirectRedshift) -> None:
    load(redshift, Day(D1, [{"event_id": f"E{number}"} for number in range(5)]))

    _blocks(redshift, stage(redshift, good(D2)), "event_count_drop")


def test_a_drop_that_is_meant_is_published(redshift: DirectRedshift) -> None:
    load(redshift, Day(D1, [{"event_id": f"E{number}"} for number in range(5)]))
    run_id = stage(redshift, good(D2))
    redshift.execute("UPDATE etl.runs SET accepts_drop = TRUE WHERE run_id = :run_id", {"run_id": run_id})

    assert quality.audit(redshift, run_id).passed


def test_a_day_without_events_blocks_publication(redshift: DirectRedshift) -> None:
    run_id = stage(redshift, Day(D1, venues=[{"venue_id": "V1"}]))

    _blocks(redshift, run_id, "events_present")
    (rule_result,) = quality.read_audit(redshift, run_id).failing
    assert (rule_result.failed_rows, rule_result.total_rows) == (1, 1)


def test_snapshots_that_are_not_what_was_staged_are_found(redshift: DirectRedshift) -> None:
    load(redshift, good())
    run_id = stage(redshift, good(status="cancelled"))  # E1 changed, E2 as before; not merged
    redshift.execute(
        "CALL etl.sp_data_quality_checks(CAST(:run_id AS VARCHAR(128)), 'star', CAST('0' AS DECIMAL(5, 2)))",
        {"run_id": run_id},
    )

    failed_rules = {result.name: result for result in quality.read_audit(redshift, run_id, "star").failing}
    assert set(failed_rules) == {"fact_event_snapshots_as_staged"}
    result = failed_rules["fact_event_snapshots_as_staged"]
    assert (result.severity, result.failed_rows, result.total_rows) == ("CRITICAL", 1, 2)


def test_the_whole_star_is_asked_what_a_publication_asks_of_its_days(redshift: DirectRedshift) -> None:
    """A fact of a day long past loses its venue: the next day's publication does not look there, maintenance does."""
    load(redshift, good())
    checked = check_star(redshift, PIPELINE)
    assert checked is not None
    assert checked.score == 100
    redshift.execute("UPDATE ticketmaster.fact_event_snapshots SET venue_sk = 404")
    load(redshift, good(D2))

    with pytest.raises(StarIsDamaged) as failure:
        check_star(redshift, PIPELINE)
    (rule_result,) = failure.value.result.failing
    assert (rule_result.name, rule_result.failed_rows, rule_result.total_rows) == (
        "fact_event_snapshots_keys_resolve",
        2,
        4,
    )
    assert failure.value.result.run_id == good(D2).run_id()

    redshift.execute("DELETE FROM ticketmaster.fact_event_snapshots WHERE venue_sk = 404")
    load(redshift, good())  # as the error advises
    recheck = check_star(redshift, PIPELINE)
    assert recheck is not None
    assert recheck.score == 100
    assert redshift.execute("SELECT COUNT(*) AS n FROM ticketmaster.fact_event_snapshots") == [{"n": 4}]


def test_of_a_star_of_which_nothing_is_published_nothing_is_asked(redshift: DirectRedshift) -> None:
    assert check_star(redshift, PIPELINE) is None
    redshift.execute(
        "INSERT INTO etl.runs (run_id, pipeline, business_date, status, started_at, published_at) "
        "VALUES ('of another star', 'tickit_load', '2026-11-20', 'succeeded', GETDATE(), GETDATE())"
    )
    assert check_star(redshift, PIPELINE) is None


def test_an_audit_that_breaks_off_is_logged(redshift: DirectRedshift) -> None:
    with pytest.raises(StatementFailed, match=r"is not in etl\.runs"):
        audit(redshift, "ticketmaster_daily-1999-01-01")

    rows = redshift.execute("SELECT run_id, procedure_name, status, error FROM etl.etl_log")
    assert [tuple(row.values())[:3] for row in rows] == [
        ("ticketmaster_daily-1999-01-01", "etl.sp_data_quality_checks", "failed")
    ]
    assert "is not in etl.runs" in rows[0]["error"]


def test_a_critical_failure_closes_the_gate_and_its_evidence_stays(redshift: DirectRedshift) -> None:
    run_id = stage(redshift, good(event_id="E2"))

    with pytest.raises(QualityGateFailed, match=r"event_keys_unique \(CRITICAL.*1 of 2 rows") as failure:
        audit(redshift, run_id, gate=0)

    assert failure.value.result.failing[0].severity == "CRITICAL"
    with closing(redshift.sibling()) as reader:
        rows = reader.execute(
            "SELECT r.rule_name FROM etl.data_quality_results AS r INNER JOIN etl.quality_scores AS s "
            "ON r.run_id = s.run_id WHERE NOT r.passed AND NOT s.passed"
        )
    assert "event_keys_unique" in {row["rule_name"] for row in rows}
    assert redshift.execute("SELECT COUNT(*) AS n FROM ticketmaster.fact_events") == [{"n": 0}]


def test_a_score_under_the_gate_closes_it_without_any_critical_failure(redshift: DirectRedshift) -> None:
    run_id = stage(redshift, _with_faults(1, local_hour=24, status="maybe"))

    result = audit(redshift, run_id, gate=90)
    assert 90 <= result.score < 100
    with pytest.raises(QualityGateFailed, match=r"gate 99\.9"):
        audit(redshift, run_id, gate=99.9)
    assert redshift.execute("SELECT quality_score AS score FROM etl.runs")[0]["score"] == Decimal(str(result.score))


def _with_faults(count: int, **fault: object) -> Day:
    """A day of 40 events; `count` of them have a fault."""
    day = good()
    events = [day.events[0] | {"event_id": f"E{n}"} | (fault if n < count else {}) for n in range(40)]
    return dataclasses.replace(day, events=events)


@pytest.mark.parametrize(
    ("rule", "fault", "few", "severity"),
    [
        ("event_hours_in_range", {"local_hour": 24}, 2, "HIGH"),
        ("event_classification_known", {"classification_id": "C404"}, 2, "HIGH"),
        ("event_weekday_agrees", {"local_weekday": "Sunday"}, 20, "MEDIUM"),
    ],
)
def test_what_fails_for_many_rows_is_critical_whatever_it_is_for_few(
    redshift: DirectRedshift, rule: str, fault: dict, few: int, severity: str
) -> None:
    summary = audit(redshift, stage(redshift, _with_faults(few, **fault)), gate=0)
    assert [(result.name, result.severity) for result in summary.failing] == [(rule, severity)]

    run_id = stage(redshift, _with_faults(few + 1, **fault))
    with pytest.raises(QualityGateFailed) as failure:
        audit(redshift, run_id, gate=0)
    (rule_result,) = failure.value.result.failing
    assert (rule_result.name, rule_result.severity, rule_result.failed_rows, rule_result.total_rows) == (
        rule,
        "CRITICAL",
        few + 1,
        40,
    )
    with pytest.raises(PublishFailed, match="failed its audit"):
        publish(redshift, PIPELINE, run_id, 1)


def test_what_a_source_is_known_for_never_becomes_critical(redshift: DirectRedshift) -> None:
    summary = audit(redshift, stage(redshift, _with_faults(40, name=" ")), gate=0)

    assert [(result.name, result.severity) for result in summary.failing] == [("event_names_present", "LOW")]


def test_the_share_of_faults_that_a_rule_allows_is_counted(redshift: DirectRedshift) -> None:
    events = [{"event_id": f"E{number}", "venue_id": None if number < 2 else "V1"} for number in range(10)]
    run_id = stage(redshift, Day(D1, events, [{"venue_id": "V1"}]))

    assert "event_venue_named" not in failing(redshift, run_id)


def test_the_rules_are_enough_and_of_every_severity() -> None:
    star_rules = rules("ticketmaster")

    assert len([rule for rule in star_rules if rule.phase == "staged"]) >= 14
    assert len([rule for rule in star_rules if rule.phase == "star"]) >= 10
    assert {rule.severity for rule in star_rules} == set(WEIGHTS)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda text: text.replace("-- name: r", "-- name: s"), "its header has the name 's'"),
        (lambda text: text.replace("HIGH", "GRAVE"), "'GRAVE'"),
        (lambda text: text.replace("-- table: a.b\n", ""), "lacks table"),
        (lambda text: text.replace("a.b", "a; DROP"), "not a table name"),
        (lambda text: text + "; DELETE FROM x", "one query"),
    ],
)
def test_a_malformed_rule_is_refused_with_its_fault(change: Callable[[str], str], fault: str) -> None:
    text = (
        "-- name: r\n-- severity: HIGH\n-- table: a.b\n-- phase: star\n-- description: d\n"
        "SELECT 0 AS failed_rows, 1 AS total_rows"
    )
    assert parse("r", text).query == "SELECT 0 AS failed_rows, 1 AS total_rows"
    with pytest.raises(BadRule, match=fault):
        parse("r", change(text))
