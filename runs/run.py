"""A run as it travels between tasks, and how long it may take."""

from __future__ import annotations

from datetime import timedelta
from typing import TypedDict

LEASE = timedelta(hours=4)
"""How long a run may take while nothing that it needs is down; also the lease of its lock, which every step renews."""

LONGEST_RUN = timedelta(days=1) + LEASE
"""How long a run may take that waited for an outage to end until its day was over: the timeout of its DAG."""


class Run(TypedDict):
    """A run's identity and lock; no secret, no data. Tasks of earlier deployments wrote it in this shape, too.

    Attributes:
        run_id: pipeline, business date and observation.
        pipeline: the pipeline.
        source: the source that it reads.
        business_date: ISO date.
        holder: the DAG run that holds the lock.
        fence: fencing number of the lock.
        rebuild: whether to validate and load the day again whatever was done before.
    """

    run_id: str
    pipeline: str
    source: str
    business_date: str
    holder: str
    fence: int
    rebuild: bool
