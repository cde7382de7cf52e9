"""AWS Glue jobs: defines, runs, awaits and stops them, and reads their log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aws_services import resources
from aws_services._session import asking, client
from aws_services._waiting import Patience, wait_until
from aws_services.errors import JobFailed, NotFound

_FINAL_STATES = frozenset({"SUCCEEDED", "FAILED", "ERROR", "TIMEOUT", "STOPPED", "EXPIRED"})
LOG_GROUPS = ("/aws-glue/jobs/output", "/aws-glue/jobs/error")


class GlueJob:
    """One job, as defined in `resources`.

    Every method may raise `NotFound`, `AccessDenied`, `Throttled` or `ServiceUnreachable`.
    """

    def __init__(self, job: resources.Job, glue_client: Any = None, logs_client: Any = None) -> None:
        self.job = job
        self._client = glue_client or client("glue")
        self._logs = logs_client

    def ensure(self) -> None:
        """Create the job's definition, or bring an existing one up to date."""
        definition = self._definition()
        try:
            with asking("GetJob", self.job.name):
                self._client.get_job(JobName=self.job.name)
        except NotFound:
            with asking("CreateJob", self.job.name):
                self._client.create_job(Name=self.job.name, **definition)
        else:
            with asking("UpdateJob", self.job.name):
                self._client.update_job(JobName=self.job.name, JobUpdate=definition)

    def start(self, arguments: Mapping[str, str]) -> str:
        """Start a run. Returns its id.

        Args:
            arguments: by name with its two dashes, added to those of the definition.

        Raises:
            AlreadyRunning: as many runs as the job allows are in progress.
        """
        with asking("StartJobRun", self.job.name):
            return str(self._client.start_job_run(JobName=self.job.name, Arguments=dict(arguments))["JobRunId"])

    def describe(self, run_id: str) -> dict[str, Any]:
        """Glue's description of a run: `JobRunState`, `ErrorMessage`, `ExecutionTime`…"""
        with asking("GetJobRun", f"{self.job.name}/{run_id}"):
            run: dict[str, Any] = self._client.get_job_run(JobName=self.job.name, RunId=run_id)["JobRun"]
            return run

    def wait(self, run_id: str, patience: Patience | None = None) -> dict[str, Any]:
        """Wait for a run to end; by default for the job's own timeout plus ten minutes.

        Returns:
            Glue's description of the run.

        Raises:
            JobFailed: it failed; the message is the job's own.
            TimedOut: it is still running at the deadline.
        """
        run = wait_until(
            lambda: self.describe(run_id),
            lambda run: run["JobRunState"] in _FINAL_STATES,
            patience or Patience(deadline=(self.job.timeout_minutes + 10) * 60, first=0.5),
            operation="job run",
            resource=f"{self.job.name}/{run_id}",
            describe=lambda run: str(run["JobRunState"]),
        )
        if run["JobRunState"] != "SUCCEEDED":
            detail = f"{run['JobRunState']}: {run.get('ErrorMessage') or 'no message'}"
            raise JobFailed("job run", f"{self.job.name}/{run_id}", detail, run_id)
        return run

    def run(self, arguments: Mapping[str, str], patience: Patience | None = None) -> dict[str, Any]:
        """Start a run and wait for it. Raises AlreadyRunning, JobFailed, TimedOut."""
        return self.wait(self.start(arguments), patience)

    def stop(self, run_id: str) -> None:
        """Tell Glue to stop a run; a run that has ended stays as it is."""
        with asking("BatchStopJobRun", f"{self.job.name}/{run_id}"):
            self._client.batch_stop_job_run(JobName=self.job.name, JobRunIds=[run_id])

    def log(self, run_id: str) -> Iterator[str]:
        """The lines that a run logged: its output, then its errors. Nothing if it hasn't logged yet."""
        logs = self._logs = self._logs or client("logs")
        for group in LOG_GROUPS:
            try:
                with asking("FilterLogEvents", f"{group}/{run_id}"):
                    pages = logs.get_paginator("filter_log_events").paginate(
                        logGroupName=group, logStreamNames=[run_id]
                    )
                    for page in pages:
                        yield from (str(event["message"]).rstrip("\n") for event in page["events"])
            except NotFound:
                continue  # Glue creates the stream with the first line

    def _definition(self) -> dict[str, Any]:
        job = self.job
        return {
            "Role": resources.JOB_ROLE_ARN,
            "GlueVersion": job.glue_version,
            "WorkerType": job.worker_type,
            "NumberOfWorkers": job.workers,
            "Timeout": job.timeout_minutes,
            "MaxRetries": 0,  # Airflow retries; if both retried, the job would run twice
            "ExecutionProperty": {"MaxConcurrentRuns": job.max_concurrent_runs},
            "Command": {"Name": "glueetl", "ScriptLocation": job.script_uri, "PythonVersion": "3"},
            "DefaultArguments": job.default_arguments,
        }
