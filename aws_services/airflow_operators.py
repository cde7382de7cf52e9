"""Airflow's own AWS operators, configured as Boxoffice uses them. The only module of ours here that imports Airflow.

They defer (a triggerer waits, no worker slot is held) and can be repeated: a retry joins what is going on instead of
starting a second one.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from airflow.providers.amazon.aws.operators.glue import GlueJobOperator
from airflow.providers.amazon.aws.operators.glue_crawler import GlueCrawlerRunOperator

from aws_services import resources
from aws_services.errors import JobFailed

_POLL_LOCAL = 1
_POLL_AWS = 30
# No Airflow connection: credentials, region and endpoint come from the environment, as for every other AWS call.
_AWS: dict[str, Any] = {"aws_conn_id": None, "region_name": os.environ.get("AWS_DEFAULT_REGION", resources.REGION)}


class JobRunOperator(GlueJobOperator):
    """The provider's operator, whose error is the job's own: its state, its last words and its log."""

    def execute_complete(self, context: Any, event: dict[str, Any] | None = None) -> str:
        """Take up the task when the job run has ended. Raises JobFailed when it ended without success."""
        if event and event["status"] != "success":
            detail = str(event["message"]).removeprefix("AWS Glue job failed.: ").partition("\nWaiter ")[0]
            raise JobFailed("Glue job run", str(self.job_name), detail, str(event["run_id"]))
        return str(super().execute_complete(context, event))


def is_local() -> bool:
    """Whether AWS is a local one."""
    return bool(os.environ.get("AWS_ENDPOINT_URL"))


def poll_seconds() -> int:
    """Seconds between two looks at something running: 1 on the local AWS, where nothing is throttled, 30 on AWS."""
    return _POLL_LOCAL if is_local() else _POLL_AWS


def run_crawler(task_id: str, crawler_name: str, **task: Any) -> GlueCrawlerRunOperator:
    """A task that runs an existing crawler and waits for it.

    A crawl that is going on is joined: with one run of a pipeline at a time, only an earlier attempt of the same task
    can have started it, and the files it looks at are the same.

    Args:
        task_id: the task's id.
        crawler_name: as `resources` names it.
        **task: further arguments of every operator (retries, docs, owner…).
    """
    return GlueCrawlerRunOperator(
        task_id=task_id,
        crawler_name=crawler_name,
        # A local crawl takes a second or two: less than handing it to the triggerer and back.
        deferrable=not is_local(),
        fail_on_already_running=False,
        poll_interval=poll_seconds(),
        **_AWS,
        **task,
    )


def run_job(task_id: str, job: resources.Job, arguments: Mapping[str, str], **task: Any) -> JobRunOperator:
    """A task that runs an existing Glue job and waits for it, as long as the job itself may take.

    The job run is tagged with the task instance (`--airflow_task_uuid`). A retry looks for an active run with that
    tag and resumes it; `MaxConcurrentRuns` of the job refuses a second one besides. Killing the task while it
    submits stops the job.

    Args:
        task_id: the task's id.
        job: the job; its definition is made by the deployment, never here.
        arguments: of the run, by name with two dashes; may hold Jinja templates.
        **task: further arguments of every operator (retries, docs, owner…).
    """
    poll = poll_seconds()
    allowed = timedelta(minutes=job.timeout_minutes + 10)
    return JobRunOperator(
        task_id=task_id,
        job_name=job.name,
        script_args=dict(arguments),
        iam_role_arn=resources.JOB_ROLE_ARN,
        concurrent_run_limit=job.max_concurrent_runs,
        update_config=False,
        deferrable=True,
        durable=True,
        stop_job_run_on_kill=True,
        waiter_delay=poll,
        waiter_max_attempts=int(allowed.total_seconds()) // poll,
        **_AWS,
        **task,
    )
