"""Refreshing the data products: after publishing, each in a transaction of its own."""

from __future__ import annotations

from datetime import UTC, datetime

from aws_services.errors import StatementFailed
from aws_services.redshift_data import RedshiftData
from warehouse import step_log
from warehouse.stars import Star, star_of


class RefreshFailed(RuntimeError):
    """Some data products could not be refreshed. All others were, and the star itself is published."""

    def __init__(self, run_id: str, failures: dict[str, str]) -> None:
        super().__init__(run_id, failures)
        self.run_id = run_id
        self.failures = failures

    def __str__(self) -> str:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in self.failures.items())
        return (
            f"after run {self.run_id} some data products were not refreshed and show older data: {reasons}. The star "
            "itself is published. To refresh them, run the day again: nothing is published twice"
        )


def materialized_views(star: Star) -> list[str]:
    """The star's materialized views, in the order of their refresh."""
    return [
        f"{star.name}.{file.stem.split('_', 1)[1]}"
        for file in star.sql_files("products")
        if "CREATE MATERIALIZED VIEW" in file.text.upper()
    ]


def refresh(redshift: RedshiftData, pipeline: str, run_id: str) -> list[str]:
    """Refresh all data products of a pipeline's star, so that they show the published data.

    Returns:
        The names of the procedures and views, in order.

    Raises:
        RefreshFailed: one or more data products failed; each failure is in etl.etl_log.
        warehouse.stars.UnknownPipeline: no star belongs to the pipeline.
    """
    star = star_of(pipeline)
    calls = {
        "etl.sp_refresh_gold_layer": (
            "CALL etl.sp_refresh_gold_layer(CAST(:pipeline AS VARCHAR(128)), CAST(:run_id AS VARCHAR(128)))",
            {"pipeline": pipeline, "run_id": run_id},
        ),
        **{view: (f"REFRESH MATERIALIZED VIEW {view}", None) for view in materialized_views(star)},
        **{
            procedure: (f"CALL {procedure}(CAST(:run_id AS VARCHAR(128)))", {"run_id": run_id})
            for procedure in star.after_refresh
        },
    }
    failures: dict[str, str] = {}
    for name, (statement, params) in calls.items():
        started_at = datetime.now(UTC)
        try:
            redshift.execute(statement, params)
        except StatementFailed as error:
            failures[name] = str(error.detail)
            step_log.log_failure(redshift, run_id, name, str(error.detail), started_at)
        else:
            if statement.startswith("REFRESH"):  # procedures log themselves
                step_log.log_success(redshift, run_id, name, "refresh", started_at)
    if failures:
        raise RefreshFailed(run_id, failures)
    return list(calls)
