"""Which runs have sent an alert to an outage: one alert and one all-clear for a run, whichever of its tasks met it."""

from __future__ import annotations

import hashlib

from aws_services.errors import NotFound, PreconditionFailed
from lake import layout
from lake.store import Lake


def note(lake: Lake, pipeline: str, dag_run_id: str) -> bool:
    """Record that an alert is sent. False when the run had sent one before."""
    try:
        lake.put_if_absent(_key(pipeline, dag_run_id), b"{}", content_type="application/json")
    except PreconditionFailed:
        return False
    return True


def clear(lake: Lake, pipeline: str, dag_run_id: str) -> bool:
    """Forget the alert: the outage is over. False when the run had sent none."""
    key = _key(pipeline, dag_run_id)
    try:
        lake.head(key)
    except NotFound:
        return False
    lake.delete([key])
    return True


def _key(pipeline: str, dag_run_id: str) -> str:
    """Among the counters, which are deleted when they are old: an outage that lasts may never be cleared."""
    run = hashlib.sha256(dag_run_id.encode()).hexdigest()[:16]  # Airflow's ids hold what no path may
    return layout.counter_key(pipeline, f"outage-of-{run}")
