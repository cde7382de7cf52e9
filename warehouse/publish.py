"""Publishing: one transaction that turns what a run staged into what readers see, or changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime

from aws_services.errors import StatementFailed
from aws_services.redshift_data import RedshiftData, Value
from warehouse import step_log
from warehouse.load import staged_rows
from warehouse.quality import DEFAULT_GATE
from warehouse.stars import Star, star_of
from warehouse.summary import is_published

_RUN = "CAST(:run_id AS VARCHAR(128))"


class PublishFailed(RuntimeError):
    """A run could not be published; all of it was rolled back, and readers keep what they had.

    Attributes:
        run_id: the run.
        step: the procedure or statement that failed.
        reason: what Redshift said.
    """

    def __init__(self, run_id: str, step: str, reason: str) -> None:
        super().__init__(run_id, step, reason)
        self.run_id = run_id
        self.step = step
        self.reason = reason

    def __str__(self) -> str:
        return (
            f"run {self.run_id} was not published: {self.step} failed, all was rolled back, readers keep what they "
            f"had. {self.reason.rstrip('.')}. Mend what that names, then run the day again: it is "
            "staged and audited anew"
        )


def publish(redshift: RedshiftData, pipeline: str, run_id: str, fence: int, gate: float = DEFAULT_GATE) -> bool:
    """Publish a run whose staged data passed its audit.

    Args:
        redshift: the warehouse.
        pipeline: the run's pipeline; decides which star is merged.
        run_id: the run.
        fence: fencing number of the run lock held; a number lower than the last published is refused.
        gate: score that the star's own rules are recorded against; only their CRITICAL failures stop a publication.

    Returns:
        True when the run was published now; False when it was before and nothing new is staged.

    Raises:
        PublishFailed: nothing is staged, the audit was not passed, the fence is out of date, the star breaks a rule
            of its own, or Redshift refused a step.
        warehouse.stars.UnknownPipeline: no star belongs to the pipeline.
    """
    star = star_of(pipeline)
    if not staged_rows(redshift, star, run_id):
        if is_published(redshift, run_id):
            return False
        raise _refused(redshift, run_id, "Nothing is staged for it: run its Glue job first.")
    _require_audit(redshift, run_id)
    statements = _statements(star)
    params: dict[str, Value] = {"run_id": run_id, "pipeline": pipeline, "fence": fence, "gate": gate}
    started_at = datetime.now(UTC)
    try:
        redshift.batch(statements, params)
    except StatementFailed as error:
        step = _step_name(error.statement)
        step_log.log_failure(redshift, run_id, step, str(error.detail), started_at)
        raise PublishFailed(run_id, step, str(error.detail)) from error
    return True


def _refused(redshift: RedshiftData, run_id: str, reason: str) -> PublishFailed:
    step_log.log_failure(redshift, run_id, "preparation", reason, datetime.now(UTC))
    return PublishFailed(run_id, "preparation", reason)


def _statements(star: Star) -> list[str]:
    """One transaction: fence first, then the star, its own rules, the emptied staging, and the ledger row last.

    Publications follow each other: one that a killed attempt had asked for ends before its repetition begins.
    """
    return [
        "LOCK etl.fences",
        f"CALL etl.sp_check_fence({_RUN}, CAST(:pipeline AS VARCHAR(128)), CAST(:fence AS BIGINT))",
        *(f"CALL {procedure}({_RUN})" for procedure in star.merge),
        f"CALL etl.sp_data_quality_checks({_RUN}, 'star', CAST(:gate AS DECIMAL(5, 2)))",
        f"CALL etl.sp_assert_star({_RUN})",
        *(f"DELETE FROM staging.{table} WHERE run_id = :run_id" for table in (*star.staged, *star.work)),
        f"CALL etl.sp_mark_published({_RUN})",
    ]


def _step_name(statement: str) -> str:
    text = statement.strip()
    return text.removeprefix("CALL ").split("(", 1)[0] if text.startswith("CALL ") else text[:80]


def _require_audit(redshift: RedshiftData, run_id: str) -> None:
    query = "SELECT passed FROM etl.quality_scores WHERE run_id = :run_id AND phase = 'staged'"
    rows = redshift.execute(query, {"run_id": run_id})
    if not rows or not rows[0]["passed"]:
        found = "was not audited" if not rows else "failed its audit"
        raise _refused(redshift, run_id, f"What it staged {found}: see etl.data_quality_results.")
