"""The audit: asks a star's quality rules of what a run staged, and the gate that the run must pass.

What a rule is, is in `warehouse.rules`; `warehouse.rule_files` reads them, `warehouse.rule_procedures` generates the
procedures that ask them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from aws_services.errors import StatementFailed
from aws_services.redshift_data import RedshiftData
from warehouse import step_log
from warehouse.load import staged_rows
from warehouse.rule_procedures import WEIGHTS
from warehouse.rules import Phase, Severity
from warehouse.stars import star_of
from warehouse.summary import is_published

DEFAULT_GATE = 90.0


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
            "A rule is a line in warehouse/<star>/rules.py or a file in warehouse/<star>/quality; `python -m "
            "warehouse.generated <star>` prints its query. Fix the source or the rule and run the day again, with "
            "refetch if the source must be fetched again. If fewer rows are intended, use accept_drop"
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
            "AND phase = 'whole' AND NOT passed. Find the rows with each rule's query (`python -m warehouse.generated "
            "<star>` prints it), delete them, and load their days again with rebuild, or the newest day if the star "
            "has no other: raw and curated data is complete"
        )


def audit(redshift: RedshiftData, run_id: str, gate: float = DEFAULT_GATE) -> AuditResult:
    """Check what a run has staged. Results and score are committed whether it passes or not.

    Of a run that is published, and of which nothing is staged any more, the recorded outcome stands.

    Args:
        redshift: the warehouse.
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
