"""Glue jobs through boto3: scripts from S3 really run, and what Glue refuses is refused."""

import io
import os
import textwrap
import uuid
import zipfile
from typing import Any

import psutil
import psycopg
import pytest
from botocore.exceptions import ClientError

from infra.local_aws import LocalAws
from infra.local_aws.tests.conftest import Client, clients_of, eventually

FINAL = ("SUCCEEDED", "FAILED", "TIMEOUT", "STOPPED")


class Job:
    """A job of its own in a bucket of its own, and how to run it."""

    def __init__(self, client: Client, kind: str = "pythonshell", **definition: Any) -> None:
        self.client, self.glue, self.s3 = client, client("glue"), client("s3")
        self.name = self.bucket = f"job-{uuid.uuid4().hex[:12]}"
        self.s3.create_bucket(Bucket=self.bucket)
        command = {"Name": kind, "ScriptLocation": f"s3://{self.bucket}/jobs/script.py", "PythonVersion": "3"}
        self.glue.create_job(Name=self.name, Role="role", Command=command, **definition)

    def script(self, source: str) -> "Job":
        self.s3.put_object(Bucket=self.bucket, Key="jobs/script.py", Body=textwrap.dedent(source).encode())
        return self

    def start(self, **arguments: str) -> str:
        named = {f"--{name.replace('_', '-')}": value for name, value in arguments.items()}
        return str(self.glue.start_job_run(JobName=self.name, Arguments=named)["JobRunId"])

    def look(self, run_id: str) -> dict[str, Any]:
        return dict(self.glue.get_job_run(JobName=self.name, RunId=run_id)["JobRun"])

    def finished(self, run_id: str) -> dict[str, Any]:
        return dict(eventually(lambda: (run := self.look(run_id))["JobRunState"] in FINAL and run))

    def in_state(self, run_id: str, state: str) -> None:
        eventually(lambda: self.look(run_id)["JobRunState"] == state)

    def run(self, **arguments: str) -> dict[str, Any]:
        return self.finished(self.start(**arguments))

    def logged(self, run_id: str, stream: str = "output") -> list[str]:
        events = self.client("logs").get_log_events(
            logGroupName=f"/aws-glue/jobs/{stream}", logStreamName=run_id, startFromHead=True
        )["events"]
        return [event["message"] for event in events]


SLEEPER = """
    import subprocess, sys, time
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    print("child", child.pid, flush=True)
    time.sleep(600)
"""


def child_of(job: Job, run_id: str) -> int:
    lines = eventually(lambda: [line for line in log_of(job, run_id) if line.startswith("child ")])
    return int(lines[0].split()[1])


def log_of(job: Job, run_id: str) -> list[str]:
    path = job.server.state_dir / "glue" / "runs" / f"{run_id}.log"  # type: ignore[attr-defined]
    return path.read_text().splitlines() if path.exists() else []


def is_running(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


@pytest.fixture
def job(client: Client, server: LocalAws) -> Job:
    glue_job = Job(client)
    glue_job.server = server  # type: ignore[attr-defined]
    return glue_job


def test_a_spark_job_reads_and_writes_s3_through_spark(client: Client) -> None:
    job = Job(client, "glueetl", GlueVersion="5.1", DefaultArguments={"--n": "1", "--conf": "spark.app.name=named"})
    library = io.BytesIO()
    with zipfile.ZipFile(library, "w") as archive:
        archive.writestr("my_library/__init__.py", "def double(frame):\n    return frame.selectExpr('id * 2 AS id')\n")
    job.s3.put_object(Bucket=job.bucket, Key="lib/my.zip", Body=library.getvalue())
    job.script("""
        import sys
        from pyspark.sql import SparkSession
        from my_library import double
        arguments = dict(zip(sys.argv[1::2], sys.argv[2::2]))
        spark = SparkSession.builder.getOrCreate()
        out = arguments["--out"]
        double(spark.range(int(arguments["--n"]))).write.mode("overwrite").parquet(out + "a/")
        total = spark.read.parquet(out + "a/").groupBy().sum("id").collect()[0][0]
        print("total", total, spark.conf.get("spark.sql.session.timeZone"), spark.sparkContext.appName)
        spark.stop()
    """)
    out = f"s3://{job.bucket}/data/"
    run = job.run(extra_py_files=f"s3://{job.bucket}/lib/my.zip", out=out, n="100")
    assert run["JobRunState"] == "SUCCEEDED", job.logged(run["Id"], "error")[-20:]
    assert (run["GlueVersion"], run["Arguments"]["--n"]) == ("5.1", "100")
    assert "total 9900 UTC named" in job.logged(run["Id"])
    keys = [entry["Key"] for entry in job.s3.list_objects_v2(Bucket=job.bucket, Prefix="data/")["Contents"]]
    assert "data/a/_SUCCESS" in keys
    assert not [key for key in keys if key.endswith(".crc")]


def test_a_state_directory_may_have_blanks_and_accents_in_its_path(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("path") / "Bühne 1 %20#=" / "my home"
    with LocalAws(home) as server:
        job = Job(clients_of(server), "glueetl").script("""
            import sys
            from pyspark.sql import SparkSession
            from my_library import doubled
            spark = SparkSession.builder.getOrCreate()
            out = dict(zip(sys.argv[1::2], sys.argv[2::2]))["--out"]
            doubled(spark.range(10)).write.parquet(out)
            print("rows", spark.read.parquet(out).count())
        """)
        library = io.BytesIO()
        with zipfile.ZipFile(library, "w") as archive:
            archive.writestr("my_library.py", "def doubled(frame):\n    return frame.union(frame)\n")
        job.s3.put_object(Bucket=job.bucket, Key="lib/my library.zip", Body=library.getvalue())
        run = job.run(extra_py_files=f"s3://{job.bucket}/lib/my library.zip", out=f"s3://{job.bucket}/Größe 1/rows/")
        assert run["JobRunState"] == "SUCCEEDED", job.logged(run["Id"])[-20:]
        assert "rows 20" in job.logged(run["Id"])
        keys = [entry["Key"] for entry in job.s3.list_objects_v2(Bucket=job.bucket, Prefix="Größe 1/")["Contents"]]
        assert "Größe 1/rows/_SUCCESS" in keys
        with psycopg.connect(server.warehouse_dsn) as warehouse:
            assert warehouse.execute("SELECT 1").fetchone() == (1,)


def test_arguments_environment_and_logs(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    job.glue.update_job(
        JobName=job.name,
        JobUpdate={
            "Role": "role",
            "Command": {"Name": "pythonshell", "ScriptLocation": f"s3://{job.bucket}/jobs/script.py"},
            "DefaultArguments": {"--kept": "default", "--laid-over": "default"},
        },
    )
    job.script("""
        import os, sys
        print(sorted(zip(sys.argv[1::2], sys.argv[2::2])))
        print("secrets:", [name for name in os.environ if "TICKET" in name])
        import boto3; boto3.client("s3").list_buckets()
        print("warned", file=sys.stderr)
    """)
    run = job.run(laid_over="run", enable_metrics="true")
    assert run["JobRunState"] == "SUCCEEDED"
    arguments, secrets = job.logged(run["Id"])
    passed = {"--JOB_NAME": job.name, "--JOB_RUN_ID": run["Id"], "--kept": "default", "--laid-over": "run"}
    assert passed.items() <= dict(eval(arguments)).items()
    assert secrets == "secrets: []"
    assert job.logged(run["Id"], "error") == ["warned"]
    assert {"warned", secrets} <= set(log_of(job, run["Id"]))


def test_a_server_that_knows_a_secret_keeps_it_from_jobs(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TICKETMASTER_API_KEY", "very-secret")
    with LocalAws(tmp_path_factory.mktemp("secret"), warehouse=False) as server:
        job = Job(clients_of(server)).script("import os; print('very-secret' in str(os.environ))")
        assert job.logged(job.run()["Id"]) == ["False"]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("raise ValueError('three events are missing')", "ValueError: three events are missing"),
        ("import json; json.loads('{')", "JSONDecodeError: Expecting property name enclosed in double quotes"),
        ("try:\n    1 / 0\nexcept ZeroDivisionError:\n    raise KeyError('last')", "KeyError: 'last'"),
        ("import sys; sys.exit(3)", "Command failed with exit code 3"),
        ("import os; os.kill(os.getpid(), 9)", "Command was ended by signal SIGKILL"),
    ],
)
def test_a_failed_run_says_why(job: Job, source: str, message: str) -> None:
    run = job.script(source).run()
    assert run["JobRunState"] == "FAILED"
    assert run["ErrorMessage"].startswith(message)


def test_a_failed_run_names_the_log_that_holds_the_rest(job: Job, server: LocalAws) -> None:
    run = job.script("print('before'); raise ValueError('three events are missing')").run()
    log = server.state_dir.resolve() / "glue" / "runs" / f"{run['Id']}.log"
    assert run["ErrorMessage"] == f"ValueError: three events are missing (log: {log})"
    assert "before" in log.read_text()


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def broken(:\n    pass", "SyntaxError: invalid syntax (script.py, line 1)"),
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
        (
            "import sys; print('the disk is full', file=sys.stderr); sys.exit(3)",
            "Command failed with exit code 3: the disk is full",
        ),
    ],
)
def test_a_script_that_cannot_run_says_why(job: Job, source: str, message: str) -> None:
    assert job.script(source).run()["ErrorMessage"].startswith(message)


def test_java_that_cannot_start_says_why(client: Client) -> None:
    job = Job(client, "glueetl").script("print('never')")
    run = job.run(conf="spark.driver.extraJavaOptions=-XX:+UseSerialGC -XX:+UseParallelGC")
    assert run["JobRunState"] == "FAILED"
    assert run["ErrorMessage"].startswith(
        "Command failed with exit code 1: Error occurred during initialization of VM | "
        "Multiple garbage collectors selected (log: "
    )


def test_the_message_of_a_failed_run_holds_no_secret(job: Job) -> None:
    job.client("secretsmanager").create_secret(Name=job.name, SecretString='{"key": "canary-4711"}')
    run = job.script("""
        import os
        raise ValueError("canary-4711 https://host/?apikey=4712&page=1 postgresql://user:4713@host/db password='4714'")
    """).run()
    shown, _, log = run["ErrorMessage"].partition(" (log: ")
    assert shown == "ValueError: *** https://host/?apikey=***&page=1 postgresql://user:***@host/db password='***'"
    assert log


def test_what_cannot_be_launched_fails(job: Job) -> None:
    missing = job.run()
    assert (missing["JobRunState"], "script.py does not exist" in missing["ErrorMessage"]) == ("FAILED", True)
    assert any("script.py does not exist" in line for line in log_of(job, missing["Id"]))
    job.script("print('never')")
    library = job.run(extra_py_files=f"s3://{job.bucket}/no.zip")
    assert "no.zip does not exist" in library["ErrorMessage"]
    module = job.run(additional_python_modules="pyarrow,no-such-module==1.0")
    assert "no-such-module==1.0 is not installed" in module["ErrorMessage"]
    assert job.run(additional_python_modules="boto3")["JobRunState"] == "SUCCEEDED"


def test_a_job_runs_once_at_a_time_and_stops_with_all_its_processes(job: Job) -> None:
    job.script(SLEEPER)
    run_id = job.start()
    child = child_of(job, run_id)
    assert job.look(run_id)["JobRunState"] == "RUNNING"
    with pytest.raises(ClientError, match="ConcurrentRunsExceededException"):
        job.start()
    answer = job.glue.batch_stop_job_run(JobName=job.name, JobRunIds=[run_id, "jr_none"])
    assert [entry["JobRunId"] for entry in answer["SuccessfulSubmissions"]] == [run_id]
    assert [entry["ErrorDetail"]["ErrorCode"] for entry in answer["Errors"]] == ["EntityNotFoundException"]
    assert job.finished(run_id)["JobRunState"] == "STOPPED"
    eventually(lambda: not is_running(child))
    again = job.script("print('free again')").start()
    assert job.finished(again)["JobRunState"] == "SUCCEEDED"
    assert [run["Id"] for run in job.glue.get_job_runs(JobName=job.name)["JobRuns"]] == [again, run_id]


def test_more_runs_at_once_when_the_job_allows_them(client: Client) -> None:
    job = Job(client, ExecutionProperty={"MaxConcurrentRuns": 2}).script("import time; time.sleep(600)")
    runs = [job.start(), job.start()]
    with pytest.raises(ClientError, match="ConcurrentRunsExceededException"):
        job.start()
    job.glue.batch_stop_job_run(JobName=job.name, JobRunIds=runs)
    assert {job.finished(run_id)["JobRunState"] for run_id in runs} == {"STOPPED"}


def test_refusals(job: Job) -> None:
    with pytest.raises(ClientError, match="EntityNotFoundException"):
        job.glue.start_job_run(JobName="no-such-job")
    with pytest.raises(ClientError, match="EntityNotFoundException"):
        job.glue.get_job_run(JobName=job.name, RunId="jr_none")
    with pytest.raises(ClientError, match="AlreadyExistsException"):
        job.glue.create_job(Name=job.name, Role="r", Command={"Name": "glueetl", "ScriptLocation": "s3://b/k"})
    with pytest.raises(ClientError, match="InvalidInputException"):
        job.glue.create_job(Name="stream", Role="r", Command={"Name": "gluestreaming", "ScriptLocation": "s3://b/k"})
    with pytest.raises(ClientError, match="InvalidInputException"):
        job.glue.create_job(
            Name="retry", Role="r", Command={"Name": "glueetl", "ScriptLocation": "s3://b/k"}, MaxRetries=2
        )


def test_runs_survive_restart_and_crash(tmp_path_factory: pytest.TempPathFactory) -> None:
    server = LocalAws(tmp_path_factory.mktemp("crash"), warehouse=False)
    server.start()
    job = Job(clients_of(server)).script("print('done')")
    job.server = server  # type: ignore[attr-defined]
    done = job.run()
    running = job.script(SLEEPER).start()
    child = child_of(job, running)
    server.kill()
    assert is_running(child), "the crash of the server leaves the job's processes behind"
    with server:
        glue = clients_of(server)("glue")
        runs = {run["Id"]: run for run in glue.get_job_runs(JobName=job.name)["JobRuns"]}
        assert runs[done["Id"]] == done
        assert runs[running]["JobRunState"] == "FAILED"
        assert "stopped while the run was in progress" in runs[running]["ErrorMessage"]
        assert f"{running}.log" in runs[running]["ErrorMessage"]
        eventually(lambda: not is_running(child))
        job.glue = glue
        stopped = job.start()
        child = child_of(job, stopped)
        ours = server.pid
    assert not is_running(child), "a server that is told to stop takes its jobs with it"
    assert not is_running(ours)
    assert os.getpid() != ours
