"""IAM, enforced: what the policies of a role do not allow is refused, whichever service is asked; all is on record."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from botocore.exceptions import ClientError

from infra.local_aws import LocalAws, account
from infra.local_aws.access import AccessRequest
from infra.local_aws.glue import spark
from infra.local_aws.tests.conftest import Client, clients_of, eventually

ACCOUNT = account.ID
EVERYBODY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}]}
Statement = dict[str, Any]


def make_role(client: Client, *statements: Statement) -> str:
    """A role with these statements; its name."""
    name = f"role-{uuid.uuid4().hex[:8]}"
    iam = client("iam")
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(EVERYBODY))
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    iam.put_role_policy(RoleName=name, PolicyName="grants", PolicyDocument=json.dumps(document))
    return name


def as_role(server: LocalAws, client: Client, name: str, session: str = "test") -> Client:
    """Clients with the temporary credentials of a session of a role."""
    arn = f"arn:aws:iam::{ACCOUNT}:role/{name}"
    credentials = client("sts").assume_role(RoleArn=arn, RoleSessionName=session)["Credentials"]
    role_session = boto3.Session(
        credentials["AccessKeyId"], credentials["SecretAccessKey"], credentials["SessionToken"], region_name="us-east-1"
    )
    return lambda service: role_session.client(service, endpoint_url=server.url)


def allow(actions: str | list[str], resources: str | list[str] = "*", **more: Any) -> Statement:
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def refusal(call: Callable[[], Any]) -> str:
    """The code with which a call is refused."""
    with pytest.raises(ClientError) as refused:
        call()
    return str(refused.value.response["Error"]["Code"])


def record(server: LocalAws, role: str) -> set[tuple[str, str, bool]]:
    lines = map(json.loads, (server.state_dir / "access.jsonl").read_text().splitlines())
    return {(line["action"], line["resource"], line["allowed"]) for line in lines if line["role"] == role}


# -- S3


def test_a_role_reads_and_writes_below_its_prefixes_only(server: LocalAws, client: Client, bucket: str) -> None:
    client("s3").put_object(Bucket=bucket, Key="secret/a", Body=b"x")
    objects = f"arn:aws:s3:::{bucket}"
    role = make_role(
        client, allow(["s3:GetObject", "s3:PutObject"], f"{objects}/mine/*"), allow("s3:ListBucket", objects)
    )
    s3 = as_role(server, client, role)("s3")

    s3.put_object(Bucket=bucket, Key="mine/a", Body=b"abc")
    assert s3.get_object(Bucket=bucket, Key="mine/a")["Body"].read() == b"abc"
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 2
    assert refusal(lambda: s3.get_object(Bucket=bucket, Key="secret/a")) == "AccessDenied"
    assert refusal(lambda: s3.put_object(Bucket=bucket, Key="secret/b", Body=b"")) == "AccessDenied"
    assert refusal(lambda: s3.delete_object(Bucket=bucket, Key="mine/a")) == "AccessDenied"
    assert refusal(lambda: s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "mine/a"}]})) == "AccessDenied"
    copy = {"Bucket": bucket, "Key": "secret/a"}
    assert refusal(lambda: s3.copy_object(Bucket=bucket, Key="mine/b", CopySource=copy)) == "AccessDenied"
    assert refusal(lambda: s3.create_bucket(Bucket=f"{bucket}-2")) == "AccessDenied"
    kept = client("s3").list_objects_v2(Bucket=bucket)["Contents"]
    assert [entry["Key"] for entry in kept] == ["mine/a", "secret/a"]
    assert {("s3:PutObject", f"{objects}/mine/a", True), ("s3:GetObject", f"{objects}/secret/a", False)} <= record(
        server, role
    )


def test_a_multipart_upload_needs_leave_to_put(server: LocalAws, client: Client, bucket: str) -> None:
    role = make_role(client, allow("s3:PutObject", f"arn:aws:s3:::{bucket}/mine/*"))
    s3 = as_role(server, client, role)("s3")

    upload = s3.create_multipart_upload(Bucket=bucket, Key="mine/a")["UploadId"]
    s3.upload_part(Bucket=bucket, Key="mine/a", UploadId=upload, PartNumber=1, Body=b"x")
    assert refusal(lambda: s3.abort_multipart_upload(Bucket=bucket, Key="mine/a", UploadId=upload)) == "AccessDenied"
    assert refusal(lambda: s3.create_multipart_upload(Bucket=bucket, Key="other")) == "AccessDenied"


def test_a_condition_on_the_prefix_holds(server: LocalAws, client: Client, bucket: str) -> None:
    below = {"StringLike": {"s3:prefix": ["mine/*"]}}
    role = make_role(client, allow("s3:ListBucket", f"arn:aws:s3:::{bucket}", Condition=below))
    s3 = as_role(server, client, role)("s3")

    assert s3.list_objects_v2(Bucket=bucket, Prefix="mine/x")["KeyCount"] == 0
    assert refusal(lambda: s3.list_objects_v2(Bucket=bucket, Prefix="other/")) == "AccessDenied"
    assert refusal(lambda: s3.list_objects_v2(Bucket=bucket)) == "AccessDenied"


# -- other services


def test_the_catalog_is_asked_for_catalog_database_and_table(server: LocalAws, client: Client) -> None:
    glue, name = client("glue"), f"db_{uuid.uuid4().hex[:8]}"
    for database in (name, f"{name}_other"):
        glue.create_database(DatabaseInput={"Name": database})
        glue.create_table(DatabaseName=database, TableInput={"Name": "t"})
    arn = f"arn:aws:glue:us-east-1:{ACCOUNT}"
    reads = ["glue:GetTable", "glue:GetTables"]
    role = make_role(client, allow(reads, [f"{arn}:catalog", f"{arn}:database/{name}", f"{arn}:table/{name}/*"]))
    reader = as_role(server, client, role)("glue")

    assert reader.get_table(DatabaseName=name, Name="t")["Table"]["Name"] == "t"
    assert [table["Name"] for table in reader.get_tables(DatabaseName=name)["TableList"]] == ["t"]
    assert refusal(lambda: reader.get_table(DatabaseName=f"{name}_other", Name="t")) == "AccessDeniedException"
    assert refusal(lambda: reader.get_partitions(DatabaseName=name, TableName="t")) == "AccessDeniedException"
    assert refusal(lambda: reader.delete_table(DatabaseName=name, Name="t")) == "AccessDeniedException"


def test_metrics_go_into_the_namespace_of_the_condition_only(server: LocalAws, client: Client) -> None:
    only = {"StringEquals": {"cloudwatch:namespace": "Ours"}}
    role = make_role(client, allow("cloudwatch:PutMetricData", Condition=only))
    cloudwatch = as_role(server, client, role)("cloudwatch")
    data = [{"MetricName": "m", "Value": 1.0}]

    cloudwatch.put_metric_data(Namespace="Ours", MetricData=data)
    assert refusal(lambda: cloudwatch.put_metric_data(Namespace="Theirs", MetricData=data)).startswith("AccessDenied")


def test_a_secret_is_read_by_its_arn_and_a_topic_is_named(server: LocalAws, client: Client) -> None:
    name = uuid.uuid4().hex
    arn = client("secretsmanager").create_secret(Name=name, SecretString="x")["ARN"]
    other = client("secretsmanager").create_secret(Name=f"{name}-2", SecretString="y")["Name"]
    topic = client("sns").create_topic(Name=name)["TopicArn"]
    role = make_role(client, allow("secretsmanager:GetSecretValue", f"{arn[:-6]}??????"), allow("sns:Publish", topic))
    ours = as_role(server, client, role)

    assert ours("secretsmanager").get_secret_value(SecretId=name)["SecretString"] == "x"
    assert refusal(lambda: ours("secretsmanager").get_secret_value(SecretId=other)) == "AccessDeniedException"
    ours("sns").publish(TopicArn=topic, Message="m")
    elsewhere = client("sns").create_topic(Name=f"{name}-2")["TopicArn"]
    assert refusal(lambda: ours("sns").publish(TopicArn=elsewhere, Message="m")) == "AccessDenied"


def test_an_explicit_deny_wins_and_unknown_conditions_hold_nothing(
    server: LocalAws, client: Client, bucket: str
) -> None:
    everything = f"arn:aws:s3:::{bucket}/*"
    denied = make_role(client, allow("s3:*", everything), {**allow("s3:PutObject", everything), "Effect": "Deny"})
    odd = make_role(client, allow("s3:PutObject", everything, Condition={"NumericLessThan": {"s3:max-keys": "1"}}))

    for role in (denied, odd):
        s3 = as_role(server, client, role)("s3")
        assert refusal(lambda s3=s3: s3.put_object(Bucket=bucket, Key="a", Body=b"")) == "AccessDenied"


def test_a_role_may_not_give_itself_more(server: LocalAws, client: Client) -> None:
    role = make_role(client, allow("s3:GetObject"))
    ours = as_role(server, client, role)
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow("*")]})

    put = {"RoleName": role, "PolicyName": "more", "PolicyDocument": document}
    assert refusal(lambda: ours("iam").put_role_policy(**put)) == "AccessDenied"
    arn = f"arn:aws:iam::{ACCOUNT}:role/{make_role(client, allow('*'))}"
    assert refusal(lambda: ours("sts").assume_role(RoleArn=arn, RoleSessionName="other")) == "AccessDenied"
    assert ours("sts").get_caller_identity()["Arn"].endswith(f"assumed-role/{role}/test")


def test_other_credentials_are_the_administrators(client: Client, bucket: str) -> None:
    client("s3").put_object(Bucket=bucket, Key="a", Body=b"")
    assert client("s3").list_objects_v2(Bucket=bucket)["KeyCount"] == 1
    client("s3").delete_object(Bucket=bucket, Key="a")
    assert client("s3").list_objects_v2(Bucket=bucket)["KeyCount"] == 0


# -- what services do in a role's name


def test_a_crawl_of_what_its_role_may_not_read_fails_and_writes_no_table(
    server: LocalAws, client: Client, bucket: str
) -> None:
    client("s3").put_object(Bucket=bucket, Key="t/a.json", Body=b'{"a": 1}')
    database, arn = f"db_{bucket[2:]}", f"arn:aws:glue:us-east-1:{ACCOUNT}"
    client("glue").create_database(DatabaseInput={"Name": database})
    catalog = allow(
        ["glue:GetDatabase", "glue:GetTable", "glue:CreateTable"],
        [f"{arn}:catalog", f"{arn}:database/{database}", f"{arn}:table/{database}/*"],
    )
    logs = allow(["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"])
    listing = allow("s3:ListBucket", f"arn:aws:s3:::{bucket}")
    reading = allow("s3:GetObject", f"arn:aws:s3:::{bucket}/t/*")

    def crawl(*statements: Statement) -> dict[str, Any]:
        name = uuid.uuid4().hex
        role = f"arn:aws:iam::{ACCOUNT}:role/{make_role(client, *statements)}"
        targets = {"S3Targets": [{"Path": f"s3://{bucket}/t/"}]}
        client("glue").create_crawler(Name=name, Role=role, DatabaseName=database, Targets=targets)
        client("glue").start_crawler(Name=name)
        eventually(lambda: client("glue").get_crawler(Name=name)["Crawler"]["State"] == "READY")
        return dict(client("glue").get_crawler(Name=name)["Crawler"]["LastCrawl"])

    failed = crawl(catalog, logs, listing)
    assert failed["Status"] == "FAILED"
    assert f"s3:GetObject on resource: arn:aws:s3:::{bucket}/t/a.json" in failed["ErrorMessage"]
    assert client("glue").get_tables(DatabaseName=database)["TableList"] == []
    assert crawl(catalog, logs, listing, reading)["Status"] == "SUCCEEDED"
    assert len(client("glue").get_tables(DatabaseName=database)["TableList"]) == 1


def test_a_job_has_the_credentials_of_its_role_and_no_others(server: LocalAws, client: Client, bucket: str) -> None:
    script = b"import boto3\nboto3.client('s3').put_object(Bucket=__import__('sys').argv[2], Key='out', Body=b'')\n"
    client("s3").put_object(Bucket=bucket, Key="job.py", Body=script)
    logs = allow(["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"])
    code = allow("s3:GetObject", f"arn:aws:s3:::{bucket}/job.py")
    out = allow("s3:PutObject", f"arn:aws:s3:::{bucket}/out")

    def run(*statements: Statement) -> dict[str, Any]:
        name = uuid.uuid4().hex
        client("glue").create_job(
            Name=name,
            Role=f"arn:aws:iam::{ACCOUNT}:role/{make_role(client, *statements)}",
            Command={"Name": "pythonshell", "ScriptLocation": f"s3://{bucket}/job.py"},
        )
        started = client("glue").start_job_run(JobName=name, Arguments={"--bucket": bucket})["JobRunId"]
        ended = ("SUCCEEDED", "FAILED")
        get = {"JobName": name, "RunId": started}
        return dict(
            eventually(
                lambda: (job_run := client("glue").get_job_run(**get)["JobRun"])["JobRunState"] in ended and job_run
            )
        )

    without_code = run(logs, out)
    assert (without_code["JobRunState"], "job.py" in without_code["ErrorMessage"]) == ("FAILED", True)
    without_leave = run(logs, code)
    assert without_leave["JobRunState"] == "FAILED"
    assert "AccessDenied" in without_leave["ErrorMessage"]
    assert run(logs, code, out)["JobRunState"] == "SUCCEEDED"


def test_a_job_whose_spark_read_what_its_role_may_not_has_failed(server: LocalAws, client: Client, bucket: str) -> None:
    """Spark reads files, past every API: what it read is held against the role once the job has ended."""
    sink = io.BytesIO()
    pq.write_table(pa.table({"a": [1]}), sink)
    client("s3").put_object(Bucket=bucket, Key="secret/a.parquet", Body=sink.getvalue())
    script = (
        "import sys\nfrom pyspark.sql import SparkSession\nspark = SparkSession.builder.getOrCreate()\n"
        "spark.read.schema('a BIGINT').parquet(sys.argv[2]).count()\nspark.stop()\n"
    )
    client("s3").put_object(Bucket=bucket, Key="job.py", Body=script.encode())
    logs = allow(["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"])
    role = make_role(client, logs, allow("s3:GetObject", f"arn:aws:s3:::{bucket}/job.py"))
    name = uuid.uuid4().hex
    command = {"Name": "glueetl", "ScriptLocation": f"s3://{bucket}/job.py"}
    client("glue").create_job(Name=name, Role=f"arn:aws:iam::{ACCOUNT}:role/{role}", Command=command)
    arguments = {"--in": f"s3://{bucket}/secret/"}
    get = {"JobName": name, "RunId": client("glue").start_job_run(JobName=name, Arguments=arguments)["JobRunId"]}
    ended = ("SUCCEEDED", "FAILED")
    run = eventually(
        lambda: (job_run := client("glue").get_job_run(**get)["JobRun"])["JobRunState"] in ended and job_run
    )

    assert run["JobRunState"] == "FAILED", run
    assert f"s3:GetObject on resource: arn:aws:s3:::{bucket}/secret/a.parquet" in run["ErrorMessage"]


# -- sessions


@pytest.fixture
def restarting(tmp_path: Path) -> Iterator[Callable[[], LocalAws]]:
    """Starts the server on the same state again and again."""
    running: list[LocalAws] = []

    def start() -> LocalAws:
        while running:
            running.pop().stop()
        running.append(LocalAws(tmp_path, warehouse=False))
        running[0].start()
        return running[0]

    yield start
    while running:
        running.pop().stop()


def test_roles_and_sessions_outlive_the_server(restarting: Callable[[], LocalAws]) -> None:
    first = restarting()
    client = clients_of(first)
    client("s3").create_bucket(Bucket="kept")
    role = make_role(client, allow("s3:PutObject", "arn:aws:s3:::kept/mine/*"))
    arn = f"arn:aws:iam::{ACCOUNT}:role/{role}"
    credentials = client("sts").assume_role(RoleArn=arn, RoleSessionName="other")["Credentials"]
    session = boto3.Session(
        credentials["AccessKeyId"], credentials["SecretAccessKey"], credentials["SessionToken"], region_name="us-east-1"
    )

    second = restarting()
    s3 = session.client("s3", endpoint_url=second.url)
    s3.put_object(Bucket="kept", Key="mine/a", Body=b"")
    assert refusal(lambda: s3.put_object(Bucket="kept", Key="other", Body=b"")) == "AccessDenied"
    assert ((second.state_dir / "iam" / "sessions.json").stat().st_mode & 0o077) == 0


def test_the_credentials_of_a_session_that_is_not_known_are_refused(server: LocalAws, bucket: str) -> None:
    made_up = boto3.Session("ASIAXXXXXXXXXXXXXXXX", "secret", "token", region_name="us-east-1")
    s3 = made_up.client("s3", endpoint_url=server.url)
    assert refusal(lambda: s3.list_objects_v2(Bucket=bucket)) == "ExpiredToken"


# -- what Spark does on disk


@pytest.mark.parametrize(
    ("line", "action", "resource"),
    [
        (
            "26/11/29 13:18:22 INFO FileScanRDD: Reading File path: s3://lake/curated/t/a.parquet, range: 0-5180, "
            "partition values: [empty row]",
            "s3:GetObject",
            "arn:aws:s3:::lake/curated/t/a.parquet",
        ),
        (
            "26/11/29 13:18:30 INFO FileOutputCommitter: Saved output of task 'attempt_1_m_2' to "
            "s3://lake/staging/t/_temporary/0/task_1",
            "s3:PutObject",
            "arn:aws:s3:::lake/staging/t/_temporary/0/task_1",
        ),
    ],
)
def test_the_log_of_spark_tells_what_it_reads_and_writes(line: str, action: str, resource: str) -> None:
    access_request = spark.access(line)
    assert access_request is not None
    assert {access_request} == {AccessRequest(action, resource)}
    assert spark.access("26/11/29 13:18:22 INFO FileScanRDD: something else") is None
