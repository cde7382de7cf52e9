"""Runs whose process was killed: the ledger lists them as running, but no process works on them."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from aws_services.redshift_data import RedshiftData
from lake.retention import Retention
from lake.store import Lake

log = logging.getLogger(__name__)


def close_abandoned(redshift: RedshiftData, lake: Lake, *, dry_run: bool = False) -> list[str]:
    """Record runs as failed that are running in the ledger but have no lock with an unexpired lease.

    Args:
        redshift: the warehouse.
        lake: the lake with the locks.
        dry_run: only return them.

    Returns:
        The runs, in order of their ids.
    """
    # First the ledger, then the locks: a run that opens in between isn't in this list of the ledger.
    under_way = runs_under_way(redshift)
    live = Retention(lake).live_runs()
    abandoned = {run_id: fence for run_id, fence in under_way.items() if run_id not in live}
    if not dry_run:
        record_failed(redshift, abandoned)
    return sorted(abandoned)


def runs_under_way(redshift: RedshiftData) -> dict[str, int]:
    """Runs that are running in the ledger, with their fencing number."""
    rows = redshift.execute("SELECT run_id, fence FROM etl.runs WHERE status = 'running' ORDER BY run_id")
    return {str(row["run_id"]): int(row["fence"] or 0) for row in rows}


def record_failed(redshift: RedshiftData, runs: Mapping[str, int]) -> None:
    """Record runs as failed that were killed before they could record it.

    Args:
        redshift: the warehouse.
        runs: fencing number by run. A run that was opened again since has a higher number and stays as it is.
    """
    for run_id, fence in runs.items():
        redshift.execute(
            "UPDATE etl.runs SET status = 'failed', finished_at = GETDATE(), "
            "error = 'abandoned: it exited without reporting an error, and its lease is over; trigger its day again' "
            "WHERE run_id = :run_id AND status = 'running' AND NVL(fence, 0) = CAST(:fence AS BIGINT)",
            {"run_id": run_id, "fence": fence},
        )
        log.warning("run %s was abandoned: recorded as failed", run_id)
