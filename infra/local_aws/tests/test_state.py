"""The state survives when the server is stopped or killed."""

import json
import shutil
import stat
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.local_aws import LocalAws, account
from infra.local_aws.process import LocalAwsError
from infra.local_aws.tests.conftest import clients_of

ALLOW = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
)
COMMAND = {"Name": "glueetl", "ScriptLocation": "s3://lake/job.py"}


def fill(server: LocalAws) -> None:
    client = clients_of(server)
    s3, glue, secrets = client("s3"), client("glue"), client("secretsmanager")
    s3.create_bucket(Bucket="lake")
    s3.put_object(Bucket="lake", Key="a/b", Body=b"content", Metadata={"who": "me"}, ContentType="text/plain")
    glue.create_database(DatabaseInput={"Name": "db", "Description": "of events"})
    storage = {"Columns": [{"Name": "id", "Type": "bigint"}], "Location": "s3://lake/t/"}
    table = {"Name": "t", "StorageDescriptor": storage, "PartitionKeys": [{"Name": "d", "Type": "string"}]}
    glue.create_table(DatabaseName="db", TableInput=table)
    glue.create_partition(DatabaseName="db", TableName="t", PartitionInput={"Values": ["1"]})
    glue.create_job(Name="job", Role="r", Command=COMMAND, DefaultArguments={"--a": "1"}, Tags={"team": "x"})
    glue.create_classifier(CsvClassifier={"Name": "pipes", "Delimiter": "|", "Header": ["a", "b"]})
    targets = {"S3Targets": [{"Path": "s3://lake/t/"}]}
    glue.create_crawler(Name="crawler", Role="r", DatabaseName="db", Targets=targets, Classifiers=["pipes"])
    secrets.create_secret(Name="key", SecretString="first")
    secrets.put_secret_value(SecretId="key", SecretString="second")


def look(server: LocalAws) -> dict[str, Any]:
    client = clients_of(server)
    s3, glue, secrets = client("s3"), client("glue"), client("secretsmanager")
    head = s3.head_object(Bucket="lake", Key="a/b")
    return {
        "buckets": s3.list_buckets()["Buckets"][0]["Name"],
        "object": [head[name] for name in ("ETag", "LastModified", "Metadata", "ContentType", "ContentLength")],
        "database": glue.get_database(Name="db")["Database"],
        "table": glue.get_table(DatabaseName="db", Name="t")["Table"],
        "partitions": glue.get_partitions(DatabaseName="db", TableName="t", Expression="d = '1'")["Partitions"],
        "job": glue.get_job(JobName="job")["Job"],
        "tagged": glue.list_jobs(Tags={"team": "x"})["JobNames"],
        "crawler": glue.get_crawler(Name="crawler")["Crawler"],
        "classifier": glue.get_classifier(Name="pipes")["Classifier"],
        "secret": secrets.get_secret_value(SecretId="key")["SecretString"],
        "before": secrets.get_secret_value(SecretId="key", VersionStage="AWSPREVIOUS")["SecretString"],
    }


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_everything_kept_is_there_again(tmp_path: Path, end: str) -> None:
    server = LocalAws(tmp_path, warehouse=False).start()
    fill(server)
    before = look(server)
    getattr(server, end)()
    with server:
        assert look(server) == before
        glue = clients_of(server)("glue")
        glue.delete_table(DatabaseName="db", Name="t")
        with pytest.raises(ClientError, match="AlreadyExistsException"):
            glue.create_database(DatabaseInput={"Name": "db"})
    with server:
        assert clients_of(server)("glue").get_tables(DatabaseName="db")["TableList"] == []


def test_a_catalog_kept_before_there_were_classifiers_is_still_read(tmp_path: Path) -> None:
    catalog = tmp_path / "glue" / "catalog.json"
    catalog.parent.mkdir()
    kept = {name: {} for name in ("databases", "crawlers", "jobs", "connections")}
    catalog.write_text(json.dumps([{"account": account.ID, "region": "us-east-1", "state": kept}]))
    with LocalAws(tmp_path, warehouse=False) as server:
        assert clients_of(server)("glue").get_classifiers()["Classifiers"] == []


def test_a_home_of_the_former_format_is_read_and_written_in_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOXOFFICE_AWS_ACCOUNT", "123456789012")
    shutil.copytree(Path(__file__).parent / "state" / "former", tmp_path / "aws")
    server = LocalAws(tmp_path / "aws", warehouse=False).start()
    for _ in range(2):
        client = clients_of(server)
        glue, secrets, iam = client("glue"), client("secretsmanager"), client("iam")
        partition = glue.get_partitions(DatabaseName="db", TableName="t")["Partitions"][0]
        assert partition["Values"] == ["1"]
        assert glue.list_jobs(Tags={"team": "x"})["JobNames"] == ["job"]
        assert glue.get_crawler(Name="crawler")["Crawler"]["Classifiers"] == ["pipes"]
        assert secrets.get_secret_value(SecretId="key", VersionStage="AWSPREVIOUS")["SecretString"] == "first"
        assert iam.list_role_policies(RoleName="loader")["PolicyNames"] == ["p"]
        session = boto3.Session("ASIARZPUZDIKK5FGIHOQ", "x", "y", region_name="us-east-1")
        identity = session.client("sts", endpoint_url=server.url).get_caller_identity()
        assert identity["Arn"].endswith("assumed-role/loader/me")
        glue.tag_resource(ResourceArn="arn:aws:glue:us-east-1:123456789012:database/db", TagsToAdd={"a": "b"})
        iam.update_role_description(RoleName="loader", Description="loads")
        server.kill()
        server.start()
    server.stop()
    assert '"format": 2' in (tmp_path / "aws" / "glue" / "catalog.json").read_text()


def test_policies_replicas_topics_and_alarms_survive_a_kill(tmp_path: Path) -> None:
    server = LocalAws(tmp_path, warehouse=False).start()
    client = clients_of(server)
    iam, sns, secrets = client("iam"), client("sns"), client("secretsmanager")
    document = json.dumps({"Version": "2012-10-17", "Statement": []})
    iam.create_role(RoleName="loader", AssumeRolePolicyDocument=document)
    arn = iam.create_policy(PolicyName="reads", PolicyDocument=ALLOW)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="loader", PolicyArn=arn)
    secrets.create_secret(Name="key", SecretString="first", AddReplicaRegions=[{"Region": "eu-west-1"}])
    topic = sns.create_topic(Name="alerts")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="a@example.com")
    alarm = {"AlarmName": "late", "MetricName": "m", "Namespace": "n", "Period": 60, "EvaluationPeriods": 1}
    client("cloudwatch").put_metric_alarm(
        **alarm, Threshold=1.0, ComparisonOperator="GreaterThanThreshold", Statistic="Sum"
    )
    server.kill()
    with server:
        client = clients_of(server)
        iam = client("iam")
        assert iam.list_attached_role_policies(RoleName="loader")["AttachedPolicies"][0]["PolicyArn"] == arn
        assert iam.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 1
        client("secretsmanager").put_secret_value(SecretId="key", SecretString="second")
        session = boto3.Session("local", "local", region_name="eu-west-1")
        replica = session.client("secretsmanager", endpoint_url=server.url)
        assert replica.get_secret_value(SecretId="key")["SecretString"] == "second"  # still the same secret
        assert len(client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]) == 1
        assert client("cloudwatch").describe_alarms()["MetricAlarms"][0]["AlarmName"] == "late"
        iam.detach_role_policy(RoleName="loader", PolicyArn=arn)
        assert iam.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 0  # still the same policy


def test_secrets_are_readable_by_their_owner_only_and_nowhere_else(tmp_path: Path) -> None:
    with LocalAws(tmp_path, warehouse=False) as server:
        clients_of(server)("secretsmanager").create_secret(Name="key", SecretString="hush-hush")
    file = tmp_path / "secrets.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    holders = [path for path in tmp_path.rglob("*") if path.is_file() and b"hush-hush" in path.read_bytes()]
    assert holders == [file]


def test_a_state_that_cannot_be_read_is_said_so_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text('[{"account": "1"}]')
    with pytest.raises(LocalAwsError, match=r"secrets\.json cannot be read"):
        LocalAws(tmp_path, warehouse=False).start()
    assert json.loads((tmp_path / "secrets.json").read_text()) == [{"account": "1"}]
