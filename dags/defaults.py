"""What the DAGs of all pipelines share: how their tasks are tried again, who is alerted, and their parameters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from airflow.sdk import Param

from dags import alerts, retries
from runs.run import LEASE

# Another attempt does not help here: the answer is known, and the message says what to do. A source's DAG adds its own.
_FINAL_ERRORS = (
    "aws_services.errors.AccessDenied",
    "aws_services.errors.InvalidInput",
    "aws_services.errors.NotFound",
    "lake.report.ContractViolation",
    "lake.report.TooManyRejects",
    "lake.run_lock.LockLost",
    "lake.run_lock.RunInProgress",
    "runs.choosing.CannotObserve",
    "warehouse.quality.QualityGateFailed",
    "warehouse.quality.StarIsDamaged",
)

# What is down for a while and comes back. A source's DAG adds its own.
_OUTAGES = (
    "airflow.sdk.exceptions.AirflowTaskTimeout",
    "aws_services.errors.ServiceFailed",
    "aws_services.errors.Throttled",
    "aws_services.errors.ServiceUnreachable",
)


def default_args(*, final: Sequence[str] = (), outages: Sequence[str] = ()) -> dict[str, object]:
    """The `default_args` of a DAG: how its tasks are tried again, and who is alerted; see `dags.retries`.

    A task without which the day is lost sets `retries` to `retries.WITHIN_DAY`.

    Args:
        final: dotted names of the source's own errors that another attempt would meet again.
        outages: dotted names of its own errors that say that it is down for a while.
    """
    return {
        "owner": "data-engineering",
        "retries": retries.RETRIES,
        "retry_delay": timedelta(seconds=15),
        "retry_exponential_backoff": 2.0,
        "max_retry_delay": timedelta(minutes=10),
        "retry_policy": retries.RetryWithinTheDay([*_FINAL_ERRORS, *final], [*_OUTAGES, *outages]),
        "execution_timeout": LEASE,
        "on_failure_callback": alerts.task_failed,
        "on_retry_callback": alerts.task_retried,
        "on_success_callback": alerts.task_succeeded,
    }


def params(*, date: str, refetch: str, accept_drop: str) -> dict[str, Param]:
    """The parameters that every pipeline has; the texts say what they mean for its source."""
    return {
        "date": Param(None, type=["null", "string"], format="date", title="Business date", description=date),
        "refetch": Param(False, type="boolean", title="Observe again", description=refetch),
        "rebuild": Param(
            False,
            type="boolean",
            title="Rebuild",
            description="Validate and load a finished day again from its raw data, for example after you fixed a "
            "contract.",
        ),
        "accept_drop": Param(False, type="boolean", title="Accept a drop", description=accept_drop),
    }
