"""Generates the procedures that run quality rules: one per star, and one that calls them and computes the score.

They are static SQL: no procedure executes a string.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from warehouse.rules import Rule, Severity
from warehouse.stars import Star

WEIGHTS: dict[Severity, int] = {"CRITICAL": 10, "HIGH": 5, "MEDIUM": 2, "LOW": 1}
CRITICAL_FROM: dict[Severity, Decimal] = {"HIGH": Decimal("0.05"), "MEDIUM": Decimal("0.5")}
"""Share of a rule's rows, 0 to 1, above which its failure is CRITICAL, although the rule itself is less severe.

One rule among forty weighs the same whether one sale is wrong or all are. HIGH rules check money and the references of
facts: if more than one row in twenty fails, that is no longer an exception. LOW rules count known
peculiarities of a source, and always stay LOW.
"""


def star_procedure(package: str, rules: Sequence[Rule]) -> str:
    """SQL of `<star>.sp_check_quality(run_id, phase)`, which writes one result row per rule of the phase."""
    staged = [_check(rule) for rule in rules if rule.phase == "staged"]
    of_run = [_check(rule) for rule in rules if rule.phase == "star" and "p_run_id" in rule.query]
    of_days = [_check(rule) for rule in rules if rule.phase == "star" and "p_run_id" not in rule.query]
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
    """SQL of the severity of a result: the rule's own, or CRITICAL if too many rows fail."""
    if rule.severity not in CRITICAL_FROM:
        return f"'{rule.severity}'"
    share = max(CRITICAL_FROM[rule.severity], rule.max_failed_share)
    return (
        f"CASE WHEN COALESCE(measured.failed_rows, 0) > COALESCE(measured.total_rows, 0) * {share} "
        f"THEN 'CRITICAL' ELSE '{rule.severity}' END"
    )


def dispatching_procedure(stars: Sequence[Star]) -> str:
    """SQL of `etl.sp_data_quality_checks(run_id, phase, gate)`: runs the star's rules, then writes the score."""
    branches = "\n    ELS".join(
        f"IF v_pipeline = '{star.pipeline}' THEN\n        CALL {star.name}.sp_check_quality(p_run_id, p_phase);"
        for star in stars
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
