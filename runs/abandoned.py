"""Runs whose process was killed: the ledger has them as running, and nothing works on them any more."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from aws_services.redshift_data import RedshiftData
from lake.retention import Retention
from lake.store import Lake

log = logging.getLogger(__name__)


def close_abandoned(redshift: RedshiftData, lake: Lake, *, dry_run: bool = False) -> list[str]:
    """Record as failed the runs that the ledger has as running, and that hold no lock whose lease goes on.

    Args:
        redshift: the warehouse.
        lake: where the locks are.
        dry_run: only return them.

    Returns:
        The runs, in order of their ids.
    """
    # The ledger first, the locks after it: a run that opens in between is in neither.
    under_way = runs_under_way(redshift)
    live = Retention(lake).live_runs()
    abandoned = {run_id: fence for run_id, fence in under_way.items() if run_id not in live}
    if not dry_run:
        record_failed(redshift, abandoned)
    return sorted(abandoned)


def runs_under_way(redshift: RedshiftData) -> dict[str, int]:
    """Runs that the ledger has as running, with their fencing number."""
    rows = redshift.execute("SELECT run_id, fence FROM etl.runs WHERE status = 'running' ORDER BY run_id")
    return {str(row["run_id"]): int(row["fence"] or 0) for row in rows}


def record_failed(redshift: RedshiftData, runs: Mapping[str, int]) -> None:
    """Record as failed runs that were killed before they could say so.

    Args:
        redshift: the warehouse.
        runs: fencing number by run; one that was opened again since has a higher number and is left alone.
    """
    for run_id, fence in runs.items():
        redshift.execute(
            "UPDATE etl.runs SET status = 'failed', finished_at = GETDATE(), "
            "error = 'abandoned: it ended without a word, and its lease is over; trigger its day again' "
            "WHERE run_id = :run_id AND status = 'running' AND NVL(fence, 0) = CAST(:fence AS BIGINT)",
            {"run_id": run_id, "fence": fence},
        )
        log.warning("run %s was abandoned: recorded as failed", run_id)
