"""Makes moto's Glue jobs run: `StartJobRun` starts spark-submit (or python) on the script in S3.

As in Glue: a run reads the script and its `--extra-py-files` from S3 when it starts; the run's arguments override the
job's defaults; `MaxConcurrentRuns` is enforced; a failure's message is the Python exception; and output goes to
CloudWatch Logs (`/aws-glue/jobs/output` and `/error`, stream = run id). It also goes to `<state>/glue/runs/<run
id>.log`, which the message names. Secrets are removed from the message.

If IAM knows the job's role, the job gets that role's credentials only. Spark reads and writes on disk, so once the job
has ended, the paths in Spark's log are checked against the role. If the role did not permit one, the run has FAILED.

Runs outlive the server: each is a JSON file. If a run was in progress when the server died, the next start sets it to
FAILED and kills its remaining processes. A job runs on the Python and Spark that the server has for its GlueVersion,
else on the server's own. `--additional-python-modules` are checked, not installed: a missing module fails the run.
CreateJob refuses automatic retries (`MaxRetries` above 0).

If the disk is full, a run does not start, or fails if it has no room for its script. A state that could not be saved is
saved as soon as there is room.
"""

import functools
import logging
import re
import shutil
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.glue import models as glue_models
from moto.glue.exceptions import AlreadyExistsException, ConcurrentRunsExceededException
from moto.glue.responses import GlueResponse

from ..access import AccessDenied, Guard, assume, log_writing, objects, role_of
from ..room import Later, write_whole
from ..s3.disk import UnstorableKey
from ..s3.store import S3Store
from . import spark
from .job_log import LOG_GROUP, JobLog
from .job_process import JobProcess, end_orphans, error_message
from .job_run import JobRun
from .redaction import known_secrets, redact
from .runtime import Runtime

_LOG = logging.getLogger(__name__)
_DEFAULT_TIMEOUT_MINUTES = 2880  # Glue's default, 48 hours
_SESSION = "GlueJobRunnerSession"  # Glue's name for the session of a job's role
_SERVICES = ("glue.amazonaws.com",)  # the services that the role must trust
_DIED = "The local AWS stopped while the run was in progress."
# arguments for Glue itself; all others are passed to the script
_FOR_GLUE = {
    "--extra-py-files",
    "--extra-jars",
    "--extra-files",
    "--additional-python-modules",
    "--python-modules-installer-option",
    "--conf",
    "--job-language",
    "--scriptLocation",
}
_COMMANDS = ("glueetl", "pythonshell")


class LaunchError(RuntimeError):
    """The run can't start: its script, a library or a module is missing."""


@dataclass
class _Files:
    script: Path
    py_files: list[Path]
    jars: list[Path]


class JobRunner:
    """Starts, follows, stops and remembers the runs of all jobs of this server.

    Args:
        folder: stores the runs.
        s3: contains scripts and libraries.
        endpoint_url: of this server, for the jobs.
        later: retries writes that failed because the disk was full.
        guard: checks a job's accesses to the disk against its role.
        runtimes: the runtime for each GlueVersion; jobs of other versions run on this process's Python.
    """

    def __init__(
        self,
        folder: Path,
        s3: S3Store,
        endpoint_url: str,
        later: Later,
        guard: Guard,
        runtimes: Mapping[str, Runtime],
    ) -> None:
        self._runs = folder / "runs"
        self._runs.mkdir(parents=True, exist_ok=True)
        self._work = folder / "work"
        self._s3 = s3
        self._endpoint_url = endpoint_url
        self._later = later
        self._guard = guard
        self._runtimes = runtimes
        self.lock = threading.RLock()
        self._processes: dict[str, JobProcess] = {}
        self._threads: dict[str, threading.Thread] = {}
        self.ended: Callable[[JobRun, glue_models.FakeJob], None] = lambda *_: None
        """Called with the run and its job when a run has ended."""

    def recover(self) -> None:
        """Loads the runs of earlier servers and ends the rest of unfinished ones. Load the jobs first."""
        for path in sorted(self._runs.glob("*.json"), key=lambda file: file.stat().st_mtime):
            run = JobRun.restored(path.read_bytes())
            job = glue_models.glue_backends[run.account][run.region].jobs.get(run.job_name)
            if run.is_active:
                end_orphans(run.job_run_id)
                run.finish("FAILED", _with_log(_DIED, path.with_suffix(".log")))
                self._remember(run)
            if job is not None:
                job.job_runs.append(run)
                job.job_runs.sort(key=lambda job_run: job_run.started_on)
        self._work.mkdir(exist_ok=True)
        for leftover in self._work.iterdir():  # from runs that were in progress
            shutil.rmtree(leftover, ignore_errors=True)

    def close(self) -> None:
        """Stops every run, because the server shuts down."""
        for run_id in list(self._processes):
            if (process := self._processes.get(run_id)) is not None:
                process.stop()
        for thread in list(self._threads.values()):
            thread.join(30)

    def start(self, run: JobRun, job: glue_models.FakeJob) -> None:
        """Starts a run in the background. Raises OSError, without starting it, if it can't be saved."""
        self._write(run)
        thread = threading.Thread(target=self._carry_out, args=(run, job), name=run.job_run_id, daemon=True)
        self._threads[run.job_run_id] = thread
        thread.start()

    def stop(self, run: JobRun) -> None:
        """Asks a run to stop. It is STOPPED once its processes have ended."""
        with self.lock:
            run.status = "STOPPING"
            process = self._processes.get(run.job_run_id)
        if process is not None:
            threading.Thread(target=process.stop, daemon=True).start()
        self._remember(run)

    def _carry_out(self, run: JobRun, job: glue_models.FakeJob) -> None:
        path = self._runs / f"{run.job_run_id}.log"
        try:
            state, error = self._outcome(run, job, path)
        except Exception as failure:  # noqa: BLE001  whatever the error, the run has ended
            _LOG.exception("run %s of job %s failed", run.job_run_id, run.job_name)
            state = "FAILED"
            error = f"Internal service error: {failure!r}"
        process = self._processes.pop(run.job_run_id, None)
        if process is not None and process.is_running:
            process.stop()
        with self.lock:
            was_stopped = run.status == "STOPPING"
            run.finish(
                "STOPPED" if was_stopped else state, None if was_stopped or not error else _with_log(error, path)
            )
        self._remember(run)
        self._threads.pop(run.job_run_id, None)
        self.ended(run, job)

    def _outcome(self, run: JobRun, job: glue_models.FakeJob, path: Path) -> tuple[str, str | None]:
        """Carries out a run; returns its final state and its error."""
        log = JobLog(run.account, run.region, run.job_run_id, path)
        try:
            for stream in ("output", "error"):
                permissions = log_writing(run.region, f"{LOG_GROUP}/{stream}", run.job_run_id)
                self._guard.require_role(job.role, _SESSION, *permissions, services=_SERVICES)
            with tempfile.TemporaryDirectory(dir=self._work, ignore_cleanup_errors=True) as folder:
                return self._execute(run, job, Path(folder), log)
        except AccessDenied as denied:
            error = f"AccessDeniedException: {denied}"
            log.own_line(error)
        except (LaunchError, OSError) as failure:
            error = f"LAUNCH ERROR | {failure}"
            log.own_line(error)
        finally:
            log.flush()
        return "FAILED", error

    def _execute(self, run: JobRun, job: glue_models.FakeJob, folder: Path, log: JobLog) -> tuple[str, str | None]:
        arguments = {name: str(value) for name, value in (run.arguments or {}).items()}
        command, environment = self._command(run, job, arguments, folder)
        with self.lock:
            if run.status == "STOPPING":
                return "STOPPED", None
            process = JobProcess(command, environment, folder, run.job_run_id, log.path, log.line)
            self._processes[run.job_run_id] = process
            run.status = "RUNNING"
        self._remember(run)
        minutes = run.timeout or _DEFAULT_TIMEOUT_MINUTES
        code = process.wait(minutes * 60)
        if code is None:
            return "TIMEOUT", f"Job run exceeded its timeout of {minutes} minutes"
        # Spark reads and writes on disk without a request that could be checked, so check its log.
        self._guard.require_role(job.role, _SESSION, *log.accesses)
        if code == 0:
            return "SUCCEEDED", None
        return "FAILED", redact(error_message(list(log.tail), code), known_secrets(environment))

    def _command(
        self, run: JobRun, job: glue_models.FakeJob, arguments: dict[str, str], folder: Path
    ) -> tuple[list[str], dict[str, str]]:
        files = self._fetch(job, arguments, folder)
        runtime = self._runtimes.get(run.glue_version) or Runtime.own()
        _check_modules(arguments.get("--additional-python-modules", ""), runtime)
        environment = spark.environment(runtime, self._endpoint_url, folder)
        if role_of(job.role) is not None:
            environment |= assume(job.role, _SESSION)
        if job.command["Name"] == "glueetl":
            buckets = [(name, self._s3.disk.bucket_path(name)) for name in self._s3.disk.buckets()]
            settings = spark.configuration(buckets, _spark_options(arguments.get("--conf", "")), folder)
            command = spark.submit_command(runtime, settings, folder, files.py_files, files.jars)
        else:
            command = [str(runtime.python)]
            environment["PYTHONPATH"] = ":".join(map(str, files.py_files))
        identity = {"--JOB_NAME": run.job_name, "--JOB_ID": f"j_{run.job_name}", "--JOB_RUN_ID": run.job_run_id}
        script_arguments = {name: value for name, value in arguments.items() if name not in _FOR_GLUE} | identity
        pairs = [part for name, value in script_arguments.items() for part in (name, value)]
        return [*command, str(files.script), *pairs], environment

    def _fetch(self, job: glue_models.FakeJob, arguments: dict[str, str], folder: Path) -> _Files:
        libraries = folder / "libraries"
        libraries.mkdir()
        for uri in _split_list(arguments.get("--extra-files", "")):
            self._copy(job.role, uri, folder)
        return _Files(
            script=self._copy(job.role, job.command["ScriptLocation"], folder),
            py_files=[
                self._copy(job.role, uri, libraries) for uri in _split_list(arguments.get("--extra-py-files", ""))
            ],
            jars=[self._copy(job.role, uri, libraries) for uri in _split_list(arguments.get("--extra-jars", ""))],
        )

    def _copy(self, role: str, uri: str, folder: Path) -> Path:
        self._guard.require_role(role, _SESSION, objects("s3:GetObject", uri))
        try:
            if not re.fullmatch(r"s3a?://[^/]+/.+", uri):
                raise LaunchError(f"not an S3 URI: {uri}")
            return Path(shutil.copyfile(self._s3.object_path(uri), folder / uri.rpartition("/")[2]))
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError, UnstorableKey):
            raise LaunchError(f"File {uri} does not exist in S3") from None

    def _remember(self, run: JobRun) -> None:
        """Saves a run, now or as soon as there is room: it has started or ended in any case."""
        self._later.write(f"run {run.job_run_id}", functools.partial(self._write, run))

    def _write(self, run: JobRun) -> None:
        with self.lock:
            write_whole(self._runs / f"{run.job_run_id}.json", run.saved())

    def forget(self, job: glue_models.FakeJob) -> None:
        """Removes the saved runs of a deleted job, which have all finished."""
        for run in job.job_runs:
            self._later.forget(f"run {run.job_run_id}")
            (self._runs / f"{run.job_run_id}.json").unlink(missing_ok=True)


def _with_log(error: str, log: Path) -> str:
    """A failure's message with the path of the complete log."""
    return f"{error} (log: {log})"


def _split_list(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def _spark_options(value: str) -> dict[str, str]:
    """Glue's `--conf` has one setting, or several written as `a=1 --conf b=2`."""
    pairs = [part.strip().partition("=") for part in value.split("--conf") if part.strip()]
    return {name: text for name, _, text in pairs}


def _check_modules(modules: str, runtime: Runtime) -> None:
    """Refuses a module that Glue would have to install and that the job's environment lacks."""
    for requirement in _split_list(modules):
        name, _, version = requirement.partition("==")
        name = re.split(r"[<>=!~\[ ]", name)[0]
        installed = runtime.version_of(name)
        if installed is None:
            raise LaunchError(f"--additional-python-modules: {requirement} is not installed here")
        if version and version != installed:
            raise LaunchError(f"--additional-python-modules: {requirement} asked for, {installed} installed here")


def newest_first(job: glue_models.FakeJob) -> list[JobRun]:
    """A job's runs as GetJobRuns lists them."""
    return sorted(job.job_runs, key=lambda run: run.started_on, reverse=True)


def starting(runner: JobRunner, start: Callable[..., str]) -> Callable[..., str]:
    """`FakeJob.start_job_run` that runs the job, unless too many of its runs are active."""

    @functools.wraps(start)
    def start_job_run(self: glue_models.FakeJob, *args: Any, trigger: str = "", **kwargs: Any) -> str:
        with runner.lock:
            limit = (self.execution_property or {}).get("MaxConcurrentRuns", 1)
            if sum(run.is_active for run in self.job_runs) >= limit:
                raise ConcurrentRunsExceededException(f"Concurrent runs exceeded for {self.name}")
            run_id = start(self, *args, **kwargs)
            run = next(run for run in self.job_runs if run.job_run_id == run_id)
            run.account = self.backend.account_id
            run.region = self.backend.region_name
            run.glue_version = self.glue_version
            run.trigger = trigger
            try:
                runner.start(run, self)
            except OSError:
                self.job_runs.remove(run)
                raise
        return run_id

    return start_job_run


def _check_job(command: dict[str, Any] | None, max_retries: int | None) -> None:
    if (command or {}).get("Name") not in _COMMANDS:
        raise JsonRESTError("InvalidInputException", f"The local Glue runs commands of type {' and '.join(_COMMANDS)}.")
    if not (command or {}).get("ScriptLocation"):
        raise JsonRESTError("InvalidInputException", "Script location is missing")
    if max_retries:
        raise JsonRESTError("InvalidInputException", "The local Glue has no automatic retries: set MaxRetries to 0.")


def creating(create: Callable[..., None]) -> Callable[..., None]:
    """`GlueBackend.create_job` that refuses a second job with the same name, and a job that can't run here."""

    @functools.wraps(create)
    def create_job(self: glue_models.GlueBackend, name: str, *args: Any, **kwargs: Any) -> None:
        if name in self.jobs:
            raise AlreadyExistsException("Job")
        _check_job(kwargs.get("command"), kwargs.get("max_retries"))
        create(self, name, *args, **kwargs)

    return create_job


def deleting(runner: JobRunner, delete: Callable[..., None]) -> Callable[..., None]:
    """`GlueBackend.delete_job` that also removes the runs of the job."""

    @functools.wraps(delete)
    def delete_job(self: glue_models.GlueBackend, name: str) -> None:
        job = self.jobs.get(name)
        delete(self, name)
        if job is not None:
            runner.forget(job)

    return delete_job


def update_job(self: GlueResponse) -> ActionResult:
    """UpdateJob replaces the whole definition: a field that the update lacks gets its default."""
    name = self._get_param("JobName")
    update = dict(self._get_param("JobUpdate") or {})
    job = self.glue_backend.get_job(name)
    _check_job(update.get("Command"), update.get("MaxRetries"))
    defaults = {"execution_property": {}, "default_arguments": {}, "execution_class": "STANDARD"}
    for field in (name for name in vars(job) if name not in _NOT_UPDATED):
        setattr(job, field, update.pop(_camel(field), None) or defaults.get(field))
    job.last_modified_on = utcnow()
    return ActionResult({"JobName": name})


_NOT_UPDATED = {"name", "created_on", "last_modified_on", "arn", "backend", "job_runs"}


def _camel(field: str) -> str:
    return "".join(part.capitalize() for part in field.split("_"))


def batch_stop_job_run(self: GlueResponse, runner: JobRunner) -> ActionResult:
    """BatchStopJobRun."""
    name = self._get_param("JobName")
    job = self.glue_backend.get_job(name)
    stopped_runs = []
    errors = []
    for run_id in self._get_param("JobRunIds"):
        run = next((run for run in job.job_runs if run.job_run_id == run_id), None)
        if run is not None and run.status in ("STARTING", "RUNNING"):
            runner.stop(run)
            stopped_runs.append({"JobName": name, "JobRunId": run_id})
            continue
        code = "EntityNotFoundException" if run is None else "InvalidInputException"
        reason = "Job run not found" if run is None else f"Job run is already {run.status}"
        errors.append({"JobName": name, "JobRunId": run_id, "ErrorDetail": {"ErrorCode": code, "ErrorMessage": reason}})
    return ActionResult({"SuccessfulSubmissions": stopped_runs, "Errors": errors})
