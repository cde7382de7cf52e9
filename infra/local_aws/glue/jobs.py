"""Makes moto's Glue jobs run: `StartJobRun` starts spark-submit (or python) on the script that lies in S3.

As in Glue: the script and its `--extra-py-files` are read from S3 when the run starts, the run's arguments are laid
over the job's defaults, `MaxConcurrentRuns` is enforced, a failure's message is the Python exception, and output goes
to CloudWatch Logs (`/aws-glue/jobs/output` and `/error`, stream = run id) and to `<state>/glue/runs/<run id>.log`,
which the message names. Secrets are taken out of the message.

A job whose role IAM knows has its credentials and no others; what Spark reads and writes on disk is held against the
role by the paths in Spark's log, once the job has ended: one that touched what it may not has FAILED.

Runs outlive the server: each is a JSON file. One that was running when the server died is FAILED at the next start,
and what is left of its processes is ended. A job runs on the Python and Spark that the server was given for its
GlueVersion, else on the server's own. `--additional-python-modules` is checked, not installed: a module that is not
there fails the run. Automatic retries (`MaxRetries` above 0) are refused at creation.
"""

import functools
import json
import re
import shutil
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.glue import models as glue_models
from moto.glue.exceptions import AlreadyExistsException, ConcurrentRunsExceededException
from moto.glue.responses import GlueResponse
from moto.logs.models import logs_backends

from infra.local_aws.access import AccessDenied, Ask, Guard, assume, log_writing, objects, role_of
from infra.local_aws.glue import spark
from infra.local_aws.glue.job_process import JobProcess, end_orphans, error_message
from infra.local_aws.glue.redaction import known_secrets, redact
from infra.local_aws.glue.runtime import Runtime
from infra.local_aws.s3.disk import UnstorableKey
from infra.local_aws.s3.store import S3Store

ACTIVE = ("STARTING", "RUNNING", "STOPPING")
_DEFAULT_TIMEOUT_MINUTES = 2880  # Glue's own default, 48 hours
_LOG_GROUP = "/aws-glue/jobs"
_TAIL_LINES = 2000
_SESSION = "GlueJobRunnerSession"  # as Glue calls the session of a job's role
_SERVICES = ("glue.amazonaws.com",)  # whom the role must trust
_DIED = "The local AWS stopped while the run was in progress."
# arguments that Glue consumes itself; every other one reaches the script
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


class JobRun(glue_models.FakeJobRun):
    """A run whose state is what happened, not what moto's clock says."""

    _state = "STARTING"
    error: str | None = None
    account = region = ""
    glue_version = ""
    trigger = ""
    """Name of the trigger that started it; empty if none did."""

    @property
    def status(self) -> str:
        """Glue's JobRunState."""
        return self._state

    @status.setter
    def status(self, value: str) -> None:
        self._state = value

    def advance(self) -> None:
        """moto would move the state on by itself here."""

    @property
    def is_active(self) -> bool:
        """Whether it counts against MaxConcurrentRuns."""
        return self._state in ACTIVE

    def as_dict(self) -> dict[str, Any]:
        """The run as GetJobRun returns it."""
        answer: dict[str, Any] = super().as_dict()
        end = utcnow() if self.is_active else self.completed_on
        answer |= {"GlueVersion": self.glue_version, "LogGroupName": _LOG_GROUP, "TriggerName": self.trigger or None}
        answer["ExecutionTime"] = max(0, int((end - self.started_on).total_seconds()))
        if self.is_active:
            del answer["CompletedOn"]
        if self.error:
            answer["ErrorMessage"] = self.error
        return {name: value for name, value in answer.items() if value is not None}

    def finish(self, state: str, error: str | None = None) -> None:
        """Sets the final state; `error` is what GetJobRun reports as ErrorMessage."""
        self.error = error
        self.completed_on = self.modified_on = utcnow()
        self._state = state


class LaunchError(RuntimeError):
    """The run cannot begin: script, library or module missing."""


@dataclass
class _Files:
    script: Path
    py_files: list[Path]
    jars: list[Path]


class JobRunner:
    """Starts, follows, stops and remembers the runs of every job of this server.

    Args:
        folder: where runs are remembered.
        s3: where scripts and libraries are.
        endpoint_url: of this server, for the jobs.
        save: keeps the state of the other services.
        guard: holds what a job does on disk against its role.
        runtimes: what to run jobs on, by GlueVersion; those of other versions run on this process's Python.
    """

    def __init__(
        self,
        folder: Path,
        s3: S3Store,
        endpoint_url: str,
        save: Callable[[], None],
        guard: Guard,
        runtimes: Mapping[str, Runtime],
    ) -> None:
        self._runs = folder / "runs"
        self._runs.mkdir(parents=True, exist_ok=True)
        self._work = folder / "work"
        self._s3, self._endpoint_url, self._save, self._guard = s3, endpoint_url, save, guard
        self._runtimes = runtimes
        self.lock = threading.RLock()
        self._processes: dict[str, JobProcess] = {}
        self._threads: dict[str, threading.Thread] = {}
        self.ended: Callable[[JobRun, glue_models.FakeJob], None] = lambda *_: None
        """Called with each run and its job when it has ended."""

    def recover(self) -> None:
        """Brings back the runs of earlier servers and ends what is left of unfinished ones. Jobs must be loaded."""
        for path in sorted(self._runs.glob("*.json"), key=lambda file: file.stat().st_mtime):
            saved = json.loads(path.read_text())
            job = glue_models.glue_backends[saved["account"]][saved["region"]].jobs.get(saved["job_name"])
            run = _restored(saved)
            if run.is_active:
                end_orphans(run.job_run_id)
                run.finish("FAILED", _with_log(_DIED, path.with_suffix(".log")))
                self._remember(run)
            if job is not None:
                job.job_runs.append(run)
                job.job_runs.sort(key=lambda known: known.started_on)
        shutil.rmtree(self._work, ignore_errors=True)  # of runs that were under way
        self._work.mkdir()

    def close(self) -> None:
        """Stops every run, as a server that goes down must."""
        for run_id in list(self._processes):
            if (process := self._processes.get(run_id)) is not None:
                process.stop()
        for thread in list(self._threads.values()):
            thread.join(30)

    def start(self, run: JobRun, job: glue_models.FakeJob) -> None:
        """Starts a run in the background."""
        self._remember(run)
        thread = threading.Thread(target=self._carry_out, args=(run, job), name=run.job_run_id, daemon=True)
        self._threads[run.job_run_id] = thread
        thread.start()

    def stop(self, run: JobRun) -> None:
        """Asks a run to stop; it is STOPPED once its processes are gone."""
        with self.lock:
            run.status = "STOPPING"
            process = self._processes.get(run.job_run_id)
        self._remember(run)
        if process is not None:
            threading.Thread(target=process.stop, daemon=True).start()

    def _carry_out(self, run: JobRun, job: glue_models.FakeJob) -> None:
        log = _RunLog(run, self._runs / f"{run.job_run_id}.log")
        try:
            for stream in ("output", "error"):
                asks = log_writing(run.region, f"{_LOG_GROUP}/{stream}", run.job_run_id)
                self._guard.require_role(job.role, _SESSION, *asks, services=_SERVICES)
            with tempfile.TemporaryDirectory(dir=self._work, ignore_cleanup_errors=True) as folder:
                state, error = self._execute(run, job, Path(folder), log)
        except AccessDenied as denied:
            state, error = "FAILED", f"AccessDeniedException: {denied}"
            log.own_line(error)
        except (LaunchError, OSError) as failure:
            state, error = "FAILED", f"LAUNCH ERROR | {failure}"
            log.own_line(error)
        finally:
            log.flush()
            self._processes.pop(run.job_run_id, None)
        with self.lock:
            stopped = run.status == "STOPPING"
            run.finish("STOPPED" if stopped else state, None if stopped or not error else _with_log(error, log.path))
        self._remember(run)
        self.ended(run, job)
        self._threads.pop(run.job_run_id, None)

    def _execute(self, run: JobRun, job: glue_models.FakeJob, folder: Path, log: "_RunLog") -> tuple[str, str | None]:
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
        # Spark reads and writes on disk, where nobody stands at the door: its own log says what.
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
        passed = {name: value for name, value in arguments.items() if name not in _FOR_GLUE} | identity
        pairs = [part for name, value in passed.items() for part in (name, value)]
        return [*command, str(files.script), *pairs], environment

    def _fetch(self, job: glue_models.FakeJob, arguments: dict[str, str], folder: Path) -> _Files:
        libraries = folder / "libraries"
        libraries.mkdir()
        for uri in _listed(arguments.get("--extra-files", "")):
            self._copy(job.role, uri, folder)
        return _Files(
            script=self._copy(job.role, job.command["ScriptLocation"], folder),
            py_files=[self._copy(job.role, uri, libraries) for uri in _listed(arguments.get("--extra-py-files", ""))],
            jars=[self._copy(job.role, uri, libraries) for uri in _listed(arguments.get("--extra-jars", ""))],
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
        with self.lock:
            saved = {name: value for name, value in vars(run).items() if not name.startswith("_")}
            saved |= {"state": run.status, "previous": run.previous_run_id}
            part = self._runs / f".{run.job_run_id}.part"
            part.write_text(json.dumps(saved, indent=1, default=datetime.isoformat))
            part.replace(self._runs / f"{run.job_run_id}.json")

    def forget(self, job: glue_models.FakeJob) -> None:
        """Removes what is kept of a deleted job's finished runs."""
        for run in job.job_runs:
            (self._runs / f"{run.job_run_id}.json").unlink(missing_ok=True)


class _RunLog:
    """The end of a run's output, and its way into CloudWatch Logs, where lines go in batches."""

    def __init__(self, run: JobRun, path: Path) -> None:
        self.path = path
        self.tail: deque[str] = deque(maxlen=_TAIL_LINES)
        self.accesses: set[Ask] = set()
        self._lock = threading.Lock()
        self._pending: dict[str, list[dict[str, Any]]] = {"output": [], "error": []}
        self._sent = time.monotonic()
        self._stream = run.job_run_id
        self._backend = logs_backends[run.account][run.region]
        for name in self._pending:
            group = f"{_LOG_GROUP}/{name}"
            if group not in self._backend.groups:
                self._backend.create_log_group(group, {})
            self._backend.create_log_stream(group, self._stream)

    def line(self, stream: str, text: str) -> None:
        """Takes one line of `output` or `error`."""
        with self._lock:
            if (access := spark.access(text)) is not None:
                self.accesses.add(access)
            self.tail.append(text)  # both: spark-submit hands the script's standard error on as standard output
            stamp = int(datetime.now(UTC).timestamp() * 1000)
            self._pending[stream].append({"timestamp": stamp, "message": text[:250_000] or " "})
            if time.monotonic() - self._sent > 0.5:
                self._send()

    def own_line(self, text: str) -> None:
        """Adds what is said of the run itself, and not by its process: also to the file, which may not exist yet."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(f"{text}\n")
        self.line("error", text)

    def flush(self) -> None:
        """Sends what is left."""
        with self._lock:
            self._send()

    def _send(self) -> None:
        self._sent = time.monotonic()
        for stream, events in self._pending.items():
            if events:
                self._backend.put_log_events(f"{_LOG_GROUP}/{stream}", self._stream, events)
                self._pending[stream] = []


def _with_log(error: str, log: Path) -> str:
    """A failure's message, and where the whole of it can be read."""
    return f"{error} (log: {log})"


def _restored(saved: dict[str, Any]) -> JobRun:
    run: JobRun = object.__new__(JobRun)
    times = ("started_on", "modified_on", "completed_on")
    fields: dict[str, Any] = {
        name: datetime.fromisoformat(value) if name in times else value for name, value in saved.items()
    }
    run.status, run.previous_run_id = fields.pop("state"), fields.pop("previous")
    run.__dict__.update(fields)
    return run


def _listed(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def _spark_options(value: str) -> dict[str, str]:
    """Glue's `--conf` holds one setting, or several written `a=1 --conf b=2`."""
    pairs = [part.strip().partition("=") for part in value.split("--conf") if part.strip()]
    return {name: text for name, _, text in pairs}


def _check_modules(modules: str, runtime: Runtime) -> None:
    """Refuses what Glue would have to install and the job's environment lacks."""
    for requirement in _listed(modules):
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
            run.account, run.region = self.backend.account_id, self.backend.region_name
            run.glue_version, run.trigger = self.glue_version, trigger
            runner.start(run, self)
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
    """`GlueBackend.create_job` that refuses a second job of a name, and what cannot run here."""

    @functools.wraps(create)
    def create_job(self: glue_models.GlueBackend, name: str, *args: Any, **kwargs: Any) -> None:
        if name in self.jobs:
            raise AlreadyExistsException("Job")
        _check_job(kwargs.get("command"), kwargs.get("max_retries"))
        create(self, name, *args, **kwargs)

    return create_job


def deleting(runner: JobRunner, delete: Callable[..., None]) -> Callable[..., None]:
    """`GlueBackend.delete_job` that also ends the runs of the job and forgets them."""

    @functools.wraps(delete)
    def delete_job(self: glue_models.GlueBackend, name: str) -> None:
        job = self.jobs.get(name)
        delete(self, name)
        if job is not None:
            runner.forget(job)

    return delete_job


def update_job(self: GlueResponse) -> ActionResult:
    """UpdateJob replaces the whole definition: what the update leaves out goes back to its default."""
    name, update = self._get_param("JobName"), dict(self._get_param("JobUpdate") or {})
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
    stopped, errors = [], []
    for run_id in self._get_param("JobRunIds"):
        run = next((run for run in job.job_runs if run.job_run_id == run_id), None)
        if run is not None and run.status in ("STARTING", "RUNNING"):
            runner.stop(run)
            stopped.append({"JobName": name, "JobRunId": run_id})
            continue
        code = "EntityNotFoundException" if run is None else "InvalidInputException"
        reason = "Job run not found" if run is None else f"Job run is already {run.status}"
        errors.append({"JobName": name, "JobRunId": run_id, "ErrorDetail": {"ErrorCode": code, "ErrorMessage": reason}})
    return ActionResult({"SuccessfulSubmissions": stopped, "Errors": errors})
