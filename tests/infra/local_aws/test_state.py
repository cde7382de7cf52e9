"""What is still there after the server was stopped, or killed."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from aws_services import resources
from infra.local_aws import LocalAws
from infra.local_aws.process import LocalAwsError
from tests.infra.local_aws.conftest import clients_of

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
    catalog.write_text(json.dumps([{"account": resources.ACCOUNT, "region": "us-east-1", "state": kept}]))
    with LocalAws(tmp_path, warehouse=False) as server:
        assert clients_of(server)("glue").get_classifiers()["Classifiers"] == []


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
