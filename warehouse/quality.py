"""Quality rules: files from which the checking procedures are generated, and the gate that a run must pass.

A rule is a SQL file with a header; its query gives one row `failed_rows, total_rows` and may use `p_run_id`, `v_day`
(the run's business date) and, about the star, `v_from` and `v_to`: the observation days asked about. Within a
publication those are the days that it changes, so that it takes no longer as history grows; `check_star` asks the same
rules of all days. Generated procedures hold static SQL only: nothing is executed from a string.

Redshift's planner believes declared keys, and may answer from the declaration what a rule asks of the rows. So rules
join and group by expressions of keys (`venue_sk + 0`), which no declaration is about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal

from aws_services.errors import StatementFailed
from aws_services.redshift_data import RedshiftData
from warehouse import standard, step_log
from warehouse.load import staged_rows
from warehouse.stars import Star, sql_files, star_of, stars
from warehouse.statements import split
from warehouse.summary import is_published

Severity = Literal["CRITICAL", "HIGH", "MEDIUM", "LOW"]
Phase = Literal["staged", "star", "whole"]

WEIGHTS: dict[Severity, int] = {"CRITICAL": 10, "HIGH": 5, "MEDIUM": 2, "LOW": 1}
DEFAULT_GATE = 90.0
CRITICAL_FROM: dict[Severity, Decimal] = {"HIGH": Decimal("0.05"), "MEDIUM": Decimal("0.5")}
"""Share of a rule's rows, 0 to 1, above which its failure is CRITICAL, whatever it is for a few of them.

One weight among those of forty rules cannot tell one wrong sale from nothing but wrong sales. HIGH rules are of money
and of what facts refer to: above one row in twenty that is no exception any more. LOW rules count what a source is
known for, and stay what they are.
"""

_HEADER = re.compile(r"^-- (?P<key>[a-z_]+): (?P<value>.+)$")
_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?")


class BadRule(ValueError):
    """A rule file is not as it must be; the message names file and fault."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One quality rule.

    Attributes:
        name: unique in its star.
        severity: how much a failure weighs; a CRITICAL one alone keeps a run from being published. A failure of many
            rows is CRITICAL whatever stands here, see `CRITICAL_FROM`.
        table: what it is about.
        phase: `staged` rules are asked before publishing, `star` rules within the publication and of the whole star.
        description: what it promises.
        max_failed_share: share of rows that may fail, 0 to 1, before the rule does.
        query: gives failed_rows and total_rows.
    """

    name: str
    severity: Severity
    table: str
    phase: Phase
    description: str
    max_failed_share: Decimal
    query: str


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What a rule found in one run; the severity is that of this finding, which many failed rows make CRITICAL."""

    name: str
    severity: Severity
    table: str
    failed_rows: int
    total_rows: int
    passed: bool

    def __str__(self) -> str:
        return f"{self.name} ({self.severity}, {self.table}): {self.failed_rows} of {self.total_rows} rows"


@dataclass(frozen=True, slots=True)
class AuditResult:
    """The outcome of an audit; `score` runs from 0 to 100."""

    run_id: str
    score: float
    gate: float
    passed: bool
    results: tuple[RuleResult, ...]

    @property
    def failing(self) -> tuple[RuleResult, ...]:
        """The rules that failed, the gravest first."""
        failed = (result for result in self.results if not result.passed)
        return tuple(sorted(failed, key=lambda result: (-WEIGHTS[result.severity], result.name)))


class QualityGateFailed(RuntimeError):
    """A run's staged data is not good enough to be published; nothing was. `result` has the details."""

    def __init__(self, result: AuditResult) -> None:
        super().__init__(result)
        self.result = result

    def __str__(self) -> str:
        failing = "\n".join(f"  - {found}" for found in self.result.failing)
        return (
            f"run {self.result.run_id} scores {self.result.score:.2f} (gate {self.result.gate:g}); "
            f"readers keep what was published before. Failing rules:\n{failing}\n"
            f"Evidence: SELECT * FROM etl.data_quality_results WHERE run_id = '{self.result.run_id}' AND NOT passed. "
            "Each rule's question is in warehouse/<star>/quality/<rule>.sql, or in warehouse/shared/standard. Mend the "
            "source or the rule and run the day again, with refetch when the source has to be asked anew for what is "
            "missing; a drop in rows that is meant is let through by accept_drop"
        )


class StarIsDamaged(RuntimeError):
    """The star breaks its own rules on days that no publication looks at any more. `result` has the details."""

    def __init__(self, result: AuditResult) -> None:
        super().__init__(result)
        self.result = result

    def __str__(self) -> str:
        failing = "\n".join(f"  - {found}" for found in self.result.failing)
        return (
            f"the star as a whole scores {self.result.score:.2f} (gate {self.result.gate:g}), though each publication "
            f"passed: it was changed by something else. Failing rules:\n{failing}\n"
            f"Evidence: SELECT * FROM etl.data_quality_results WHERE run_id = '{self.result.run_id}' "
            "AND phase = 'whole' AND NOT passed. Ask each rule's query (warehouse/<star>/quality/<rule>.sql) for "
            "the rows, delete them, and load their days anew with rebuild, or the newest day where the star shows no "
            "other: raw and curated data is complete"
        )


def rules(package: str) -> list[Rule]:
    """The rules of a star: its own files, and the standard rules where it declares its facts. Raises BadRule.

    A file of its own takes the place of the standard rule of that name.
    """
    own = {file.stem: file.text for file in sql_files(package, "quality")}
    texts = {_name(text): text for star in stars() if star.name == package for text in standard.rules(star)} | own
    return [parse(stem, text) for stem, text in sorted(texts.items())]


def _name(text: str) -> str:
    """The name in the head of a standard rule."""
    return text.split("\n", 1)[0].removeprefix("-- name: ")


def parse(stem: str, text: str) -> Rule:
    """Read one rule file; `stem` is its file name, which must be the rule's. Raises BadRule."""
    header = {m["key"]: m["value"].strip() for line in text.splitlines() if (m := _HEADER.match(line))}
    if missing := {"name", "severity", "table", "phase", "description"} - header.keys():
        raise BadRule(f"rule {stem}: the header lacks {', '.join(sorted(missing))}")
    if header["name"] != stem or not _NAME.fullmatch(stem):
        raise BadRule(f"rule {stem}: its name says {header['name']!r}")
    if header["severity"] not in WEIGHTS or header["phase"] not in ("staged", "star"):
        raise BadRule(f"rule {stem}: severity {header['severity']!r} or phase {header['phase']!r} is not one of ours")
    if not _NAME.fullmatch(header["table"]):
        raise BadRule(f"rule {stem}: {header['table']!r} is not a table name")
    queries = split(text)
    if len(queries) != 1 or "failed_rows" not in queries[0] or "total_rows" not in queries[0]:
        raise BadRule(f"rule {stem}: it must be one query that gives failed_rows and total_rows")
    share = Decimal(header.get("max_failed_share", "0"))
    return Rule(
        stem,
        header["severity"],
        header["table"],
        header["phase"],  # type: ignore[arg-type]
        header["description"],
        share,
        queries[0],
    )


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


def audit(redshift: RedshiftData, run_id: str, gate: float = DEFAULT_GATE) -> AuditResult:
    """Check what a run has staged. Results and score are committed whether it passes or not.

    Of a run that is published, and of which nothing is staged any more, the recorded outcome stands.

    Args:
        run_id: the run; it must be in etl.runs.
        gate: score, 0 to 100, under which the run is not published.

    Raises:
        QualityGateFailed: a CRITICAL rule failed, or the score is under the gate.
        StatementFailed: the run is unknown to the ledger, or Redshift refused a statement; that is logged.
    """
    if not _is_settled(redshift, run_id):
        _ask(redshift, run_id, "staged", gate)
    result = read_audit(redshift, run_id)
    if not result.passed:
        raise QualityGateFailed(result)
    return result


def check_star(redshift: RedshiftData, pipeline: str, gate: float = DEFAULT_GATE) -> AuditResult | None:
    """Ask the star's own rules of its whole history, rather than of the days that one publication changed.

    It takes longer as history grows, and is meant for maintenance. Results are recorded under the run of the latest day
    published, as phase `whole`.

    Returns:
        What the rules said; None when nothing was published yet.

    Raises:
        StarIsDamaged: a CRITICAL rule failed, or the score is under the gate; the results are committed.
    """
    rows = redshift.execute(
        "SELECT run_id FROM etl.runs WHERE pipeline = :pipeline AND published_at IS NOT NULL "
        "ORDER BY business_date DESC, published_at DESC LIMIT 1",
        {"pipeline": pipeline},
    )
    if not rows:
        return None
    run_id = str(rows[0]["run_id"])
    _ask(redshift, run_id, "whole", gate)
    result = read_audit(redshift, run_id, "whole")
    if not result.passed:
        raise StarIsDamaged(result)
    return result


def _is_settled(redshift: RedshiftData, run_id: str) -> bool:
    """Whether the run's rows were published already, so that there is nothing left to check."""
    if not is_published(redshift, run_id):
        return False
    (run,) = redshift.execute("SELECT pipeline FROM etl.runs WHERE run_id = :run_id", {"run_id": run_id})
    return staged_rows(redshift, star_of(str(run["pipeline"])), run_id) == 0


def _ask(redshift: RedshiftData, run_id: str, phase: Phase, gate: float) -> None:
    """Ask the rules of a phase and commit what they say; a failure to ask them is logged."""
    started_at = datetime.now(UTC)
    try:
        redshift.batch(
            [
                "LOCK etl.data_quality_results, etl.quality_scores",
                "CALL etl.sp_data_quality_checks(CAST(:run_id AS VARCHAR(128)), CAST(:phase AS VARCHAR(16)), "
                "CAST(:gate AS DECIMAL(5, 2)))",
            ],
            {"run_id": run_id, "phase": phase, "gate": gate},
        )
    except StatementFailed as error:
        step_log.log_failure(redshift, run_id, "etl.sp_data_quality_checks", str(error.detail), started_at)
        raise


def read_audit(redshift: RedshiftData, run_id: str, phase: Phase = "staged") -> AuditResult:
    """The recorded outcome of an audit. Raises LookupError when the run was not audited."""
    run = {"run_id": run_id, "phase": phase}
    scores = redshift.execute(
        "SELECT score, gate, passed FROM etl.quality_scores WHERE run_id = :run_id AND phase = :phase", run
    )
    if not scores:
        raise LookupError(f"run {run_id} was not audited")
    rows = redshift.execute(
        "SELECT rule_name, severity, table_name, failed_rows, total_rows, passed "
        "FROM etl.data_quality_results WHERE run_id = :run_id AND phase = :phase ORDER BY rule_name",
        run,
    )
    results = tuple(
        RuleResult(
            row["rule_name"],
            row["severity"],
            row["table_name"],
            int(row["failed_rows"]),
            int(row["total_rows"]),
            bool(row["passed"]),
        )
        for row in rows
    )
    score = scores[0]
    return AuditResult(run_id, float(score["score"]), float(score["gate"]), bool(score["passed"]), results)
