"""Airflow's own AWS operators, configured for Boxoffice. No other module of this package imports Airflow.

They defer (a triggerer waits, so they occupy no worker slot) and can be repeated: a retry joins the running crawl or
job instead of starting a second one. They raise AWS's errors as the exceptions of `errors`, like every other AWS call:
the type of an error decides whether another attempt makes sense.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, NoReturn

from airflow.providers.amazon.aws.operators.glue import GlueJobOperator
from airflow.providers.amazon.aws.operators.glue_crawler import GlueCrawlerRunOperator
from airflow.sdk.exceptions import AirflowSkipException, AirflowTaskTimeout
from botocore.exceptions import ClientError

from aws_services import errors, resources
from aws_services.glue_crawler import GlueCrawler

_POLL_LOCAL = 1
_POLL_AWS = 30
_LONGEST_CRAWL = timedelta(minutes=30)
# No Airflow connection: credentials, region and endpoint come from the environment, as for every other AWS call.
_AWS: dict[str, Any] = {"aws_conn_id": None, "region_name": os.environ.get("AWS_DEFAULT_REGION", resources.REGION)}


def is_local() -> bool:
    """Whether the tasks use a local AWS."""
    return bool(os.environ.get("AWS_ENDPOINT_URL"))


def poll_seconds() -> int:
    """Seconds between two checks of a crawl or job: 1 on the local AWS, which throttles nothing, and 30 on AWS."""
    return _POLL_LOCAL if is_local() else _POLL_AWS


class CrawlerOperator(GlueCrawlerRunOperator):
    """Runs a crawler; raises the exceptions of `errors`, and CrawlFailed with the crawler's own reason."""

    def execute(self, context: Any) -> str:
        """Start the crawl, or join the one that is running, and wait for it."""
        with _explained(self.crawler_name), self._failed_crawl_named():
            return str(super().execute(context))

    def resume_execution(self, next_method: str, next_kwargs: dict[str, Any] | None, context: Any) -> Any:
        """Continue after the triggerer has seen the crawl end."""
        with _explained(self.crawler_name, next_kwargs), self._failed_crawl_named():
            return super().resume_execution(next_method, next_kwargs, context)

    def defer(self, *, timeout: Any = None, **deferral: Any) -> NoReturn:
        """Let the triggerer wait, for at most the task's timeout, which Airflow doesn't apply there."""
        super().defer(timeout=timeout or self.execution_timeout, **deferral)

    @contextmanager
    def _failed_crawl_named(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            if "terminal failure" in str(error):  # botocore's waiter saw the crawl fail; it doesn't say why
                GlueCrawler(self.crawler_name).check()
            raise


class RawCrawlerOperator(CrawlerOperator):
    """Runs a crawler that no later step needs: if it fails, the task is skipped with a warning.

    The warning is in the task's log and in its XCom `WARNING`. The next run crawls again.
    """

    WARNING = "warning"
    """Key of the XCom."""

    def execute(self, context: Any) -> str:
        """Start the crawl, or join the one that is running, and wait for it. Raises AirflowSkipException."""
        with self._warned(context):
            return super().execute(context)

    def resume_execution(self, next_method: str, next_kwargs: dict[str, Any] | None, context: Any) -> Any:
        """Continue after the triggerer has seen the crawl end. Raises AirflowSkipException."""
        with self._warned(context):
            return super().resume_execution(next_method, next_kwargs, context)

    @contextmanager
    def _warned(self, context: Any) -> Iterator[None]:
        try:
            yield
        except (Exception, AirflowTaskTimeout) as error:
            reason = str(error) or f"it took longer than {self.execution_timeout}"
            warning = f"the catalog of the raw data is not up to date: {reason}"
            self.log.warning("%s The run continues, and the next run crawls again.", warning)
            context["ti"].xcom_push(key=self.WARNING, value=warning)
            raise AirflowSkipException(warning) from error


class JobRunOperator(GlueJobOperator):
    """Runs a Glue job; raises the exceptions of `errors`, and JobFailed with the job's error message and its log."""

    def execute(self, context: Any) -> str | None:
        """Start the job, or join the run that an earlier attempt started, and wait for it."""
        with _explained(self.job_name):
            return super().execute(context)

    def resume_execution(self, next_method: str, next_kwargs: dict[str, Any] | None, context: Any) -> Any:
        """Continue after the triggerer has seen the job end."""
        with _explained(self.job_name, next_kwargs):
            return super().resume_execution(next_method, next_kwargs, context)

    def execute_complete(self, context: Any, event: dict[str, Any] | None = None) -> str:
        """Resume the task when the job run has ended. Raises JobFailed if the job run failed."""
        if event and event["status"] != "success":
            message = str(event["message"]).removeprefix("AWS Glue job failed.: ")
            reason, _, waiter_error = message.partition("\nWaiter ")
            failure = errors.JobFailed("Glue job run", str(self.job_name), reason, str(event["run_id"]))
            raise errors.within(waiter_error, "wait", str(self.job_name)) or failure
        return str(super().execute_complete(context, event))


@contextmanager
def _explained(resource: str, resumed_with: Mapping[str, Any] | None = None) -> Iterator[None]:
    """Raise AWS's error as an exception of `errors`, however the provider or the triggerer wrapped it.

    Args:
        resource: the crawler or job.
        resumed_with: the triggerer's event; it has the traceback if the triggerer failed.
    """
    try:
        yield
    except ClientError as error:
        raise errors.from_response(dict(error.response), error.operation_name, resource) from error
    except errors.AwsError:
        raise
    except Exception as error:
        traceback = (resumed_with or {}).get("traceback") or []
        if cause := errors.within("\n".join([str(error), *traceback]), "wait", resource):
            raise cause from error
        raise


def run_crawler(task_id: str, crawler_name: str, *, is_raw: bool = False, **task: Any) -> CrawlerOperator:
    """A task that runs an existing crawler and waits for it.

    The task joins a crawl that is already running: with one run of a pipeline at a time, only an earlier attempt of the
    same task can have started it, and it reads the same files.

    Args:
        task_id: the task's id.
        crawler_name: its name in `resources`.
        is_raw: whether it crawls raw data. No later step reads that catalog, so a failure is only a warning.
        **task: further arguments that every operator takes (retries, docs, owner…).
    """
    operator = RawCrawlerOperator if is_raw else CrawlerOperator
    return operator(
        task_id=task_id,
        crawler_name=crawler_name,
        execution_timeout=_LONGEST_CRAWL,
        # A local crawl takes a second or two: less than deferring to the triggerer and back.
        deferrable=not is_local(),
        fail_on_already_running=False,
        poll_interval=poll_seconds(),
        **_AWS,
        **task,
    )


def run_job(task_id: str, job: resources.Job, arguments: Mapping[str, str], **task: Any) -> JobRunOperator:
    """A task that runs an existing Glue job and waits for it, as long as the job's own timeout allows.

    The job run is tagged with the task instance (`--airflow_task_uuid`). A retry looks for an active run with that
    tag and resumes it; the job's `MaxConcurrentRuns` also refuses a second run. Killing the task while it submits
    stops the job.

    Args:
        task_id: the task's id.
        job: the job; the deployment creates its definition, never this task.
        arguments: of the run, by name with two dashes; may contain Jinja templates.
        **task: further arguments that every operator takes (retries, docs, owner…).
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
