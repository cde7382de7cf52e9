"""The procedures that ask quality rules: one per star, generated from its rules, and one that calls and scores them.

Generated procedures hold static SQL only: nothing is executed from a string.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from warehouse.rules import Rule, Severity
from warehouse.stars import Star

WEIGHTS: dict[Severity, int] = {"CRITICAL": 10, "HIGH": 5, "MEDIUM": 2, "LOW": 1}
CRITICAL_FROM: dict[Severity, Decimal] = {"HIGH": Decimal("0.05"), "MEDIUM": Decimal("0.5")}
"""Share of a rule's rows, 0 to 1, above which its failure is CRITICAL, whatever it is for a few of them.

One weight among those of forty rules cannot tell one wrong sale from nothing but wrong sales. HIGH rules are of money
and of what facts refer to: above one row in twenty that is no exception any more. LOW rules count what a source is
known for, and stay what they are.
"""


def star_procedure(package: str, found: Sequence[Rule]) -> str:
    """SQL of `<star>.sp_check_quality(run_id, phase)`, which writes one result row per rule of the phase."""
    staged = [_check(rule) for rule in found if rule.phase == "staged"]
    of_run = [_check(rule) for rule in found if rule.phase == "star" and "p_run_id" in rule.query]
    of_days = [_check(rule) for rule in found if rule.phase == "star" and "p_run_id" not in rule.query]
    return f"""
CREATE OR REPLACE PROCEDURE {package}.sp_check_quality(p_run_id IN VARCHAR(128), p_phase IN VARCHAR(16))
AS $$
DECLARE
    v_started TIMESTAMP := GETDATE();
    v_day DATE;
    v_from DATE := '0001-01-01';
    v_to DATE := '9999-12-31';
    v_rules BIGINT;
BEGIN
    SELECT INTO v_day business_date FROM etl.runs WHERE run_id = p_run_id;
    IF p_phase = 'staged' THEN
{_lines(staged)}
    ELSE
        IF p_phase = 'star' THEN
            SELECT INTO v_from, v_to
                COALESCE(touched_from, business_date),
                COALESCE(touched_to, business_date)
            FROM etl.runs
            WHERE run_id = p_run_id;
{_lines(of_run)}
        END IF;
{_lines(of_days)}
    END IF;
    SELECT INTO v_rules COUNT(*) FROM etl.data_quality_results WHERE run_id = p_run_id AND phase = p_phase;
    CALL etl.sp_log_step(p_run_id, '{package}.sp_check_quality', p_phase, v_started, v_rules);
END;
$$ LANGUAGE plpgsql;
"""


def _lines(checks: Sequence[str]) -> str:
    return "\n".join(checks) or "    NULL;"


def _check(rule: Rule) -> str:
    return f"""
    INSERT INTO etl.data_quality_results (
        run_id, rule_name, phase, severity, table_name, failed_rows, total_rows, passed, checked_at
    )
    SELECT
        p_run_id,
        '{rule.name}',
        p_phase,
        {_severity(rule)},
        '{rule.table}',
        COALESCE(measured.failed_rows, 0),
        COALESCE(measured.total_rows, 0),
        COALESCE(measured.failed_rows, 0) <= COALESCE(measured.total_rows, 0) * {rule.max_failed_share},
        GETDATE()
    FROM (
{rule.query}
    ) AS measured;"""


def _severity(rule: Rule) -> str:
    """SQL of how grave a finding is: a rule's own severity, or CRITICAL where too many rows fail for that."""
    if rule.severity not in CRITICAL_FROM:
        return f"'{rule.severity}'"
    share = max(CRITICAL_FROM[rule.severity], rule.max_failed_share)
    return (
        f"CASE WHEN COALESCE(measured.failed_rows, 0) > COALESCE(measured.total_rows, 0) * {share} "
        f"THEN 'CRITICAL' ELSE '{rule.severity}' END"
    )


def dispatching_procedure(found: Sequence[Star]) -> str:
    """SQL of `etl.sp_data_quality_checks(run_id, phase, gate)`: asks the run's star, then writes the score."""
    branches = "\n    ELS".join(
        f"IF v_pipeline = '{star.pipeline}' THEN\n        CALL {star.name}.sp_check_quality(p_run_id, p_phase);"
        for star in found
    )
    weights = " ".join(f"WHEN '{severity}' THEN {weight}" for severity, weight in WEIGHTS.items())
    return f"""
CREATE OR REPLACE PROCEDURE etl.sp_data_quality_checks(
    p_run_id IN VARCHAR(128), p_phase IN VARCHAR(16), p_gate IN DECIMAL(5, 2)
)
AS $$
DECLARE
    v_started TIMESTAMP := GETDATE();
    v_pipeline VARCHAR(128);
    v_rules BIGINT;
    v_critical BIGINT;
    v_score DECIMAL(5, 2);
BEGIN
    SELECT INTO v_pipeline pipeline FROM etl.runs WHERE run_id = p_run_id;
    DELETE FROM etl.data_quality_results WHERE run_id = p_run_id AND phase = p_phase;
    DELETE FROM etl.quality_scores WHERE run_id = p_run_id AND phase = p_phase;
    {branches}
    ELSE
        RAISE EXCEPTION 'run % is not in etl.runs, or no star belongs to its pipeline', p_run_id;
    END IF;

    SELECT INTO v_rules, v_critical, v_score
        COUNT(*),
        SUM(CASE WHEN severity = 'CRITICAL' AND NOT passed THEN 1 ELSE 0 END),
        CAST(100.0 * SUM(CASE WHEN passed THEN weight ELSE 0 END) / SUM(weight) AS DECIMAL(5, 2))
    FROM (
        SELECT
            severity,
            passed,
            CASE severity {weights} END AS weight
        FROM etl.data_quality_results
        WHERE run_id = p_run_id AND phase = p_phase
    ) AS weighed;
    INSERT INTO etl.quality_scores (run_id, phase, score, gate, passed, checked_at)
    VALUES (p_run_id, p_phase, v_score, p_gate, v_critical = 0 AND v_score >= p_gate, GETDATE());
    IF p_phase = 'staged' THEN
        UPDATE etl.runs SET quality_score = v_score WHERE run_id = p_run_id;
    END IF;
    CALL etl.sp_log_step(p_run_id, 'etl.sp_data_quality_checks', p_phase, v_started, v_rules);
END;
$$ LANGUAGE plpgsql;
"""
