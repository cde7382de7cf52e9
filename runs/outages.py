"""Remembers which runs have sent an alert about an outage, so that a run sends one alert and one all-clear."""

from __future__ import annotations

import hashlib

from aws_services.errors import NotFound, PreconditionFailed
from lake import layout
from lake.store import Lake


def note(lake: Lake, pipeline: str, dag_run_id: str) -> bool:
    """Record that an alert is sent. Returns False if the run had already sent one."""
    try:
        lake.put_if_absent(_key(pipeline, dag_run_id), b"{}", content_type="application/json")
    except PreconditionFailed:
        return False
    return True


def clear(lake: Lake, pipeline: str, dag_run_id: str) -> bool:
    """Delete the record, since the outage is over. Returns False if the run had sent no alert."""
    key = _key(pipeline, dag_run_id)
    try:
        lake.head(key)
    except NotFound:
        return False
    lake.delete([key])
    return True


def _key(pipeline: str, dag_run_id: str) -> str:
    """A key of a counter: old counters are deleted, and the record of a lasting outage may never be cleared."""
    run = hashlib.sha256(dag_run_id.encode()).hexdigest()[
        :16
    ]  # Airflow's ids may contain characters that paths may not
    return layout.counter_key(pipeline, f"outage-of-{run}")
