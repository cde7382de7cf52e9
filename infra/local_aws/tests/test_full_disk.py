"""A full disk fails what needs it, and nothing else, and all works again once there is room."""

import contextlib
import json
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.local_aws import LocalAws
from infra.local_aws.tests.conftest import Client, clients_of, eventually
from infra.local_aws.tests.small_disk import SmallDisk, mounted

TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})
READS = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
)
FINAL = ("SUCCEEDED", "FAILED", "STOPPED", "TIMEOUT")


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallDisk]:
    with mounted(tmp_path_factory.mktemp("disk"), megabytes=8) as small:
        yield small


@pytest.fixture(scope="module")
def server(disk: SmallDisk) -> Iterator[LocalAws]:
    with LocalAws(disk.folder / "aws", warehouse=False) as running:
        yield running


@pytest.fixture
def client(server: LocalAws, disk: SmallDisk) -> Iterator[Client]:
    yield clients_of(server)
    disk.empty()


@pytest.fixture
def bucket(client: Client) -> str:
    name = f"b-{uuid.uuid4().hex[:12]}"
    client("s3").create_bucket(Bucket=name)
    client("s3").put_object(Bucket=name, Key="old", Body=b"old")
    return name


@contextlib.contextmanager
def refused(because: str = "Nothing was changed") -> Iterator[None]:
    with pytest.raises(ClientError) as caught:
        yield
    response = caught.value.response
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 507
    assert response["ResponseMetadata"]["RetryAttempts"] == 0
    assert "The disk is full" in response["Error"]["Message"]
    assert because in response["Error"]["Message"]


def name() -> str:
    return f"n{uuid.uuid4().hex[:12]}"


CHANGES: dict[str, Callable[[Client, str], Any]] = {
    "a Glue database": lambda client, new: client("glue").create_database(DatabaseInput={"Name": new}),
    "a role": lambda client, new: client("iam").create_role(RoleName=new, AssumeRolePolicyDocument=TRUST),
    "a secret": lambda client, new: client("secretsmanager").create_secret(Name=new, SecretString="x"),
    "a topic": lambda client, new: client("sns").create_topic(Name=new),
    "a log group": lambda client, new: client("logs").create_log_group(logGroupName=new),
    "a metric": lambda client, new: client("cloudwatch").put_metric_data(
        Namespace=new, MetricData=[{"MetricName": "m", "Value": 1}]
    ),
    "a bucket": lambda client, new: client("s3").create_bucket(Bucket=new),
}


LISTS: dict[str, Callable[[Client], Any]] = {
    "a Glue database": lambda client: client("glue").get_databases()["DatabaseList"],
    "a role": lambda client: client("iam").list_roles()["Roles"],
    "a secret": lambda client: client("secretsmanager").list_secrets()["SecretList"],
    "a topic": lambda client: client("sns").list_topics()["Topics"],
    "a log group": lambda client: client("logs").describe_log_groups()["logGroups"],
    "a metric": lambda client: client("cloudwatch").list_metrics()["Metrics"],
    "a bucket": lambda client: client("s3").list_buckets()["Buckets"],
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_without_room_changes_nothing_and_can_be_repeated(
    client: Client, disk: SmallDisk, change: str
) -> None:
    new = name()
    disk.fill()
    for _ in range(2):
        with refused():
            CHANGES[change](client, new)
    assert new not in str(LISTS[change](client))
    disk.empty()
    CHANGES[change](client, new)
    assert new in str(LISTS[change](client))


def test_what_needs_no_room_works(client: Client, disk: SmallDisk, bucket: str) -> None:
    s3, queues = client("s3"), client("sqs")
    disk.fill()
    assert s3.get_object(Bucket=bucket, Key="old")["Body"].read() == b"old"
    assert [entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket)["Contents"]] == ["old"]
    assert client("glue").get_databases()["ResponseMetadata"]["HTTPStatusCode"] == 200
    queue = queues.create_queue(QueueName=name())["QueueUrl"]
    queues.send_message(QueueUrl=queue, MessageBody="kept in memory")
    s3.delete_object(Bucket=bucket, Key="old")
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


@pytest.mark.parametrize("versioning", ["", "Enabled"])
def test_an_object_without_room_leaves_the_old_one(
    client: Client, server: LocalAws, disk: SmallDisk, bucket: str, versioning: str
) -> None:
    s3 = client("s3")
    if versioning:
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": versioning})
    for left, body in ((8_192, b"room for this, but not for what is known of it"), (0, b"new"), (0, b"n" * 300_000)):
        disk.fill(leave=left)
        with refused():
            s3.put_object(Bucket=bucket, Key="old", Body=body)
    with refused():
        s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "old"})
    with refused():
        s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
    assert s3.get_object(Bucket=bucket, Key="old")["Body"].read() == b"old"
    assert list((server.state_dir / "s3" / ".incoming").iterdir()) == []
    versions = s3.list_object_versions(Bucket=bucket)["Versions"]
    assert [version["Key"] for version in versions] == ["old"]
    disk.empty()
    s3.put_object(Bucket=bucket, Key="old", Body=b"new")
    assert s3.get_object(Bucket=bucket, Key="old")["Body"].read() == b"new"


def test_deleting_objects_makes_room(client: Client, disk: SmallDisk, bucket: str) -> None:
    s3 = client("s3")
    s3.put_object(Bucket=bucket, Key="large", Body=b"x" * 500_000)
    disk.fill()
    s3.delete_object(Bucket=bucket, Key="large")
    s3.put_object(Bucket=bucket, Key="new", Body=b"new")
    assert s3.get_object(Bucket=bucket, Key="new")["Body"].read() == b"new"


def test_a_change_that_proves_too_large_is_kept_in_memory_and_written_by_itself(
    client: Client, server: LocalAws, disk: SmallDisk
) -> None:
    watch, namespace = client("cloudwatch"), name()
    watch.put_metric_data(Namespace=namespace, MetricData=[{"MetricName": "m", "Value": 1}])
    file = server.state_dir / "cloudwatch.json"
    disk.fill(leave=file.stat().st_size + 100_000)
    dimensions = [{"Name": f"dimension {number}", "Value": "value" * 10} for number in range(30)]
    values = [float(number) for number in range(150)]  # each is kept with all the dimensions
    with refused(because="Do not repeat the call"):
        watch.put_metric_data(
            Namespace=namespace, MetricData=[{"MetricName": "large", "Values": values, "Dimensions": dimensions}]
        )
    assert {metric["MetricName"] for metric in watch.list_metrics(Namespace=namespace)["Metrics"]} == {"m", "large"}
    with refused():
        watch.put_metric_data(Namespace=namespace, MetricData=[{"MetricName": "another", "Value": 1}])
    assert '"large"' not in file.read_text()
    disk.empty()
    eventually(lambda: '"large"' in file.read_text(), seconds=10)
    assert "another" not in file.read_text()


class Job:
    """A job of Python, and its runs."""

    def __init__(self, client: Client, bucket: str, script: str) -> None:
        self.glue, self.name = client("glue"), name()
        client("s3").put_object(Bucket=bucket, Key="job.py", Body=script.encode())
        command = {"Name": "pythonshell", "ScriptLocation": f"s3://{bucket}/job.py"}
        self.glue.create_job(Name=self.name, Role="role", Command=command)

    def start(self) -> str:
        return str(self.glue.start_job_run(JobName=self.name)["JobRunId"])

    def runs(self) -> list[dict[str, Any]]:
        return list(self.glue.get_job_runs(JobName=self.name)["JobRuns"])

    def ended(self) -> dict[str, Any]:
        return dict(eventually(lambda: (run := self.runs()[0])["JobRunState"] in FINAL and run, seconds=30))


def test_a_job_that_cannot_be_written_down_is_not_started(client: Client, disk: SmallDisk, bucket: str) -> None:
    job = Job(client, bucket, "print('ran')")
    disk.fill()
    with refused():
        job.start()
    assert job.runs() == []
    disk.empty()
    job.start()
    assert job.ended()["JobRunState"] == "SUCCEEDED"


def test_a_job_whose_script_has_no_room_fails(client: Client, server: LocalAws, disk: SmallDisk, bucket: str) -> None:
    job = Job(client, bucket, f"#{'x' * 400_000}")
    disk.fill(leave=(server.state_dir / "glue" / "catalog.json").stat().st_size + 90_000)
    job.start()
    run = job.ended()
    assert run["JobRunState"] == "FAILED"
    assert "No space left on device" in run["ErrorMessage"]


def test_a_job_goes_on_while_the_disk_is_full(
    client: Client, server: LocalAws, disk: SmallDisk, bucket: str, tmp_path: Path
) -> None:
    reports, goes_on = tmp_path / "reports", tmp_path / "goes-on"
    job = Job(
        client,
        bucket,
        f"""
import pathlib, time
def wait(file):
    while not pathlib.Path(file).exists():
        time.sleep(0.02)
pathlib.Path({str(reports)!r}).touch()
wait({str(goes_on)!r})
for number in range(3000):
    print("line", number, "x" * 80, flush=True)
""",
    )
    run_id = job.start()
    eventually(reports.exists, seconds=30)
    disk.fill()
    goes_on.touch()
    assert job.ended()["JobRunState"] == "SUCCEEDED"
    record = server.state_dir / "glue" / "runs" / f"{run_id}.json"
    log = record.with_suffix(".log")
    assert len(log.read_text().splitlines()) < 3000
    events = client("logs").get_log_events(logGroupName="/aws-glue/jobs/output", logStreamName=run_id)["events"]
    assert events[-1]["message"].startswith("line 2999")
    disk.empty()
    eventually(lambda: json.loads(record.read_text())["state"] == "SUCCEEDED", seconds=10)
    assert list(record.parent.glob(".*.part")) == []


def test_a_crawl_that_cannot_be_saved_fails_and_ends(
    client: Client, server: LocalAws, disk: SmallDisk, bucket: str
) -> None:
    glue, s3, database = client("glue"), client("s3"), name()
    glue.create_database(DatabaseInput={"Name": database})
    for table in range(15):
        header = ",".join(f"column_{table}_{number}" for number in range(200))
        body = f"{header}\n" + f"{','.join(['1.5'] * 200)}\n" * 4
        s3.put_object(Bucket=bucket, Key=f"data/table_{table}/part.csv", Body=body.encode())
    targets = {"S3Targets": [{"Path": f"s3://{bucket}/data/table_{table}/"} for table in range(15)]}
    glue.create_crawler(Name=database, Role="role", DatabaseName=database, Targets=targets)
    catalog = server.state_dir / "glue" / "catalog.json"
    disk.fill(leave=catalog.stat().st_size + 80_000)
    glue.start_crawler(Name=database)
    crawler = eventually(
        lambda: (description := glue.get_crawler(Name=database)["Crawler"])["State"] == "READY" and description
    )
    assert crawler["LastCrawl"]["Status"] == "FAILED"
    assert "No space left on device" in crawler["LastCrawl"]["ErrorMessage"]
    disk.empty()
    eventually(lambda: "table_14" in catalog.read_text(), seconds=10)
    glue.start_crawler(Name=database)
    eventually(lambda: glue.get_crawler(Name=database)["Crawler"]["State"] == "READY")
    assert glue.get_crawler(Name=database)["Crawler"]["LastCrawl"]["Status"] == "SUCCEEDED"


def test_what_a_role_does_is_recorded_once_there_is_room(
    client: Client, server: LocalAws, disk: SmallDisk, bucket: str
) -> None:
    iam, role = client("iam"), name()
    anybody = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [anybody]})
    arn = iam.create_role(RoleName=role, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    iam.put_role_policy(RoleName=role, PolicyName="reads", PolicyDocument=READS)
    keys = client("sts").assume_role(RoleArn=arn, RoleSessionName="reader")["Credentials"]
    session = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], "us-east-1")
    reader = session.client("s3", endpoint_url=server.url)
    disk.fill()
    assert reader.get_object(Bucket=bucket, Key="old")["Body"].read() == b"old"
    with pytest.raises(ClientError, match="AccessDenied"):
        reader.list_buckets()
    record = server.state_dir / "access.jsonl"
    assert not record.exists() or role not in record.read_text()
    disk.empty()
    eventually(lambda: record.read_text().count(f'"{role}"') == 2, seconds=10)


def test_a_message_without_room_is_not_published(client: Client, server: LocalAws, disk: SmallDisk) -> None:
    sns = client("sns")
    topic = sns.create_topic(Name=name())["TopicArn"]
    disk.fill()
    with refused(because="Free some space"):
        sns.publish(TopicArn=topic, Message="m" * 10_000)
    disk.empty()
    sns.publish(TopicArn=topic, Message="again")
    assert [path.read_text()[-6:] for path in (server.state_dir / "sns").iterdir()] == ["again\n"]


def test_the_server_starts_on_a_full_disk_and_loses_nothing(
    client: Client, server: LocalAws, disk: SmallDisk, bucket: str
) -> None:
    database = name()
    client("glue").create_database(DatabaseInput={"Name": database})
    disk.fill()
    with contextlib.suppress(OSError), (server.state_dir / "server.log").open("ab", buffering=0) as log:
        while log.write(b"\n"):  # what is left of the file's last page
            pass
    server.kill()
    server.start()
    again = clients_of(server)
    assert again("glue").get_database(Name=database)["Database"]["Name"] == database
    assert again("s3").get_object(Bucket=bucket, Key="old")["Body"].read() == b"old"
    with refused():
        again("glue").delete_database(Name=database)
    disk.empty()
    again("glue").delete_database(Name=database)


def test_a_new_server_on_a_full_disk_says_so(disk: SmallDisk) -> None:
    disk.fill()
    command = [sys.executable, "-m", "infra.local_aws", "--port", "0", "--no-warehouse", "--state-dir"]
    try:
        done = subprocess.run(
            [*command, str(disk.folder / "new")], capture_output=True, text=True, timeout=60, check=False
        )
    finally:
        disk.empty()
    assert done.returncode == 1
    assert done.stderr.startswith("local AWS: the disk of ")
    assert "is full" in done.stderr
    assert "Traceback" not in done.stderr
