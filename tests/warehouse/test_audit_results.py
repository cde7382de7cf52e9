"""What an audit leaves for whoever reads it: the failures in order, the step in the log, the recorded result."""

from __future__ import annotations

from datetime import date

import pytest

from tests.fixtures.warehouse import DirectRedshift
from tests.warehouse.days import stage
from tests.warehouse.test_quality import good
from warehouse.quality import AuditResult, RuleResult, audit, read_audit
from warehouse.rules import Severity

RUN_ID = "ticketmaster_daily-2026-11-20"


def rule_result(name: str, severity: Severity, *, passed: bool = False) -> RuleResult:
    return RuleResult(name, severity, "staging.ticketmaster_events", 1, 2, passed)


def test_the_most_severe_failures_come_first_and_equal_ones_by_name() -> None:
    results = (
        rule_result("a", "LOW"),
        rule_result("d", "HIGH"),
        rule_result("b", "CRITICAL", passed=True),
        rule_result("c", "HIGH"),
        rule_result("e", "CRITICAL"),
        rule_result("f", "MEDIUM"),
    )
    failing = AuditResult(RUN_ID, 50.0, 90.0, False, results).failing
    assert [result.name for result in failing] == ["e", "c", "d", "f", "a"]


def test_an_audit_is_in_the_log_with_the_number_of_its_rules(redshift: DirectRedshift) -> None:
    run_id = stage(redshift, good(date(2026, 11, 20)))
    result = audit(redshift, run_id)  # type: ignore[arg-type]

    rows = redshift.execute("SELECT procedure_name, step, rows_affected, status FROM etl.etl_log ORDER BY log_id")
    rules = len(result.results)
    assert [tuple(row.values()) for row in rows] == [
        ("ticketmaster.sp_check_quality", "staged", rules, "succeeded"),
        ("etl.sp_data_quality_checks", "staged", rules, "succeeded"),
    ]


def test_a_run_that_was_not_audited_has_no_result(redshift: DirectRedshift) -> None:
    run_id = stage(redshift, good(date(2026, 11, 20)))
    with pytest.raises(LookupError, match=f"run {run_id} was not audited"):
        read_audit(redshift, run_id)  # type: ignore[arg-type]
    audit(redshift, run_id)  # type: ignore[arg-type]
    assert read_audit(redshift, run_id).score == 100  # type: ignore[arg-type]
    with pytest.raises(LookupError, match="was not audited"):
        read_audit(redshift, run_id, "whole")  # type: ignore[arg-type]
