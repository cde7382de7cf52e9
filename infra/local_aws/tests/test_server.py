"""The command and the process: one line when ready, help, a clean end; and the resources it creates."""

import functools
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import psutil
import psycopg
import pytest
import requests
from botocore.awsrequest import AWSPreparedRequest

from infra.local_aws import LocalAws
from infra.local_aws.provision import Resources, provision
from infra.local_aws.tests import listed
from infra.local_aws.tests.conftest import clients_of, eventually

ROOT = Path(__file__).resolve().parents[3]
LISTED = "infra.local_aws.tests.listed:resources"
COMMAND = [sys.executable, "-m", "infra.local_aws"]


def test_a_second_server_on_the_same_state_is_refused_and_harms_nothing(server: LocalAws, bucket: str) -> None:
    received = server.state_dir / "s3" / ".incoming" / "of-a-put-under-way"
    received.touch()
    command = [*COMMAND, "--no-warehouse", "--port", "0", "--state-dir", str(server.state_dir)]
    second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert second.returncode == 1
    assert second.stderr.startswith(f"local AWS: another local AWS uses {server.state_dir}: stop it")
    assert received.exists()
    received.unlink()
    clients_of(server)("s3").put_object(Bucket=bucket, Key="k", Body=b"content")


def test_help_names_every_option() -> None:
    text = subprocess.run([*COMMAND, "--help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for option in (
        "--host",
        "--allow-host",
        "--port",
        "--state-dir",
        "--warehouse-port",
        "--workgroup",
        "--no-warehouse",
        "--glue-python",
        "--provision",
        "--ready-file",
    ):
        assert option in text


@pytest.mark.parametrize(
    ("python", "message"),
    [
        ("6.0", "'6.0' is not of the form VERSION=PYTHON"),
        ("6.0=/no/such/python", "/no/such/python is no Python that runs"),
        ("6.0={empty}/bin/python", "pyspark is not installed for {empty}/bin/python"),
    ],
    ids=["no Python named", "no Python there", "a Python without Spark"],
)
def test_a_python_that_cannot_run_glue_jobs_is_refused_at_once(python: str, message: str, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", empty], check=True)
    command = [*COMMAND, "--state-dir", str(tmp_path / "state"), "--glue-python", python.format(empty=empty)]
    refused = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert refused.returncode == 2
    assert message.format(empty=empty) in refused.stderr
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_when_it_is_ready_and_ends_when_told(tmp_path: Path, number: signal.Signals) -> None:
    ready = tmp_path / "ready.json"
    options = ["--port", "0", "--state-dir", str(tmp_path / "state"), "--no-warehouse", "--ready-file", str(ready)]
    process = subprocess.Popen([*COMMAND, *options], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout:
        line = process.stdout.readline()
        eventually(ready.exists)
        content = json.loads(ready.read_text())
        assert content["url"] in line
        assert (content["pid"], content["warehouse_dsn"]) == (process.pid, None)
        process.send_signal(number)
        assert process.wait(30) == 0
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", content["port"])) != 0


def test_a_server_that_nobody_called_is_small(tmp_path: Path) -> None:
    ready, log = tmp_path / "ready.json", tmp_path / "log"
    command = [sys.executable, "-X", "importtime", "-m", "infra.local_aws", "--port", "0"]
    options = ["--provision", LISTED, "--state-dir", str(tmp_path / "state"), "--ready-file", str(ready)]
    with log.open("w") as errors:
        process = psutil.Popen([*command, *options], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=errors)
    try:
        eventually(ready.exists)
        resident_bytes = process.memory_info().rss
        session = boto3.Session("local", "local", region_name="us-east-1")
        url = json.loads(ready.read_text())["url"]
        buckets = session.client("s3", endpoint_url=url).list_buckets()["Buckets"]
    finally:
        process.terminate()
        assert process.wait(30) == 0
    assert {bucket["Name"] for bucket in buckets} == {"listed-bucket"}
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in log.read_text().splitlines()}
    assert "moto" in imported
    assert imported.isdisjoint(("pyarrow", "pandas", "numpy", "sqlglot", "awswrangler", "pyspark"))
    assert resident_bytes < 120e6


def test_it_fails_if_the_resources_cannot_be_created(tmp_path: Path) -> None:
    options = ["--port", "0", "--state-dir", str(tmp_path / "state"), "--no-warehouse", "--provision", LISTED]
    environment = {**os.environ, "AWS_DEFAULTS_MODE": "no-such-mode"}  # boto3 makes no client with it
    ended = subprocess.run([*COMMAND, *options], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert ended.returncode == 1
    assert f"the resources of {LISTED} could not be created" in ended.stderr


def test_it_listens_on_this_machine_only(server: LocalAws) -> None:
    port = int(server.url.rpartition(":")[2])
    with socket.socket() as probe:
        probe.bind(("127.0.0.2", port))  # would be in use, had the server bound every address


def test_it_listens_on_every_network_when_told(tmp_path: Path) -> None:
    ready = tmp_path / "ready.json"
    options = ["--host", "0.0.0.0", "--port", "0", "--state-dir", str(tmp_path), "--no-warehouse"]
    process = subprocess.Popen([*COMMAND, *options, "--ready-file", str(ready)], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        eventually(ready.exists)
        content = json.loads(ready.read_text())
        assert content["url"] == f"http://127.0.0.1:{content['port']}"  # the URL that its own jobs get
        assert requests.get(f"http://127.0.0.2:{content['port']}/moto-api/", timeout=30).ok
    finally:
        process.terminate()
        assert process.wait(30) == 0


def test_a_client_may_know_it_by_the_name_of_its_container(server: LocalAws) -> None:
    session = boto3.Session("local", "local", region_name="us-east-1")
    s3_client = session.client("s3", endpoint_url="http://local-aws:4566")
    s3_client.meta.events.register("before-send.s3", functools.partial(_redirected, server.url))
    s3_client.create_bucket(Bucket="by-its-name")
    s3_client.put_object(Bucket="by-its-name", Key="raw/a.json", Body=b"{}")
    assert clients_of(server)("s3").get_object(Bucket="by-its-name", Key="raw/a.json")["Body"].read() == b"{}"


def _redirected(url: str, request: AWSPreparedRequest, **_: object) -> None:
    """Send to the server what the client, with its host header, would send to a name that only containers know."""
    request.headers["Host"] = urlsplit(request.url).netloc
    request.url = request.url.replace("http://local-aws:4566", url)


def test_provisioning_twice_creates_the_listed_resources_once(server: LocalAws) -> None:
    provision(server.url, listed.resources())
    client = clients_of(server)
    secrets = client("secretsmanager")
    secrets.put_secret_value(SecretId="listed-secret", SecretString="real")
    provision(server.url, listed.resources())
    assert client("s3").get_bucket_versioning(Bucket="listed-bucket")["Status"] == "Enabled"
    glue = client("glue")
    assert "listed" in {entry["Name"] for entry in glue.get_databases()["DatabaseList"]}
    assert glue.get_job(JobName="listed-job")["Job"]["Role"] == listed.ROLE_ARN
    assert glue.get_crawler(Name="listed-crawler")["Crawler"]["DatabaseName"] == "listed"
    topics = [topic["TopicArn"].rpartition(":")[2] for topic in client("sns").list_topics()["Topics"]]
    assert topics.count("listed-topic") == 1
    assert client("iam").get_role(RoleName="listed-role")["Role"]["Description"] == listed.ROLE.description
    [alarm] = client("cloudwatch").describe_alarms(AlarmNames=["listed-alarm"])["MetricAlarms"]
    assert alarm["MetricName"] == "failures"
    assert secrets.get_secret_value(SecretId="listed-secret")["SecretString"] == "real"


def test_provisioning_brings_what_exists_to_its_definition(server: LocalAws) -> None:
    glue = clients_of(server)("glue")
    for path, header in (("s3://lake/a/", ["id", "name"]), ("s3://lake/b/", ["venue_id", "name"])):
        classifier = {"Name": "venues", "Delimiter": "|", "ContainsHeader": "ABSENT", "Header": header}
        crawler = listed.CRAWLER | {"Name": "classified", "DatabaseName": "d", "Classifiers": ["venues"]}
        crawler["Targets"] = {"S3Targets": [{"Path": path}]}
        provision(server.url, Resources(classifiers=[classifier], crawlers=[crawler]))
        definition = glue.get_classifier(Name="venues")["Classifier"]["CsvClassifier"]
        assert (definition["Delimiter"], definition["ContainsHeader"]) == ("|", "ABSENT")
        assert definition["Header"] == header
        described_crawler = glue.get_crawler(Name="classified")["Crawler"]
        assert described_crawler["Classifiers"] == ["venues"]
        assert described_crawler["Targets"]["S3Targets"][0]["Path"] == path


def test_the_warehouse_answers_and_ends_with_the_server(tmp_path: Path) -> None:
    with LocalAws(tmp_path) as server:
        client = clients_of(server)
        data = client("redshift-data")
        statement = data.execute_statement(WorkgroupName="any", Database="dev", Sql="SELECT NVL(NULL, 41) + 1")["Id"]
        state = eventually(
            lambda: (s := data.describe_statement(Id=statement))["Status"] in ("FINISHED", "FAILED") and s
        )
        assert state["Status"] == "FINISHED", state.get("Error")
        assert data.get_statement_result(Id=statement)["Records"] == [[{"longValue": 42}]]
        dsn = server.warehouse_dsn
        with psycopg.connect(dsn) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(dsn, connect_timeout=5)
