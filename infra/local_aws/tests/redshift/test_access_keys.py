"""COPY and UNLOAD with an access key: S3 permits them what it permits the key's owner, through a whole local AWS."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local_aws import LocalAws
from infra.local_aws.tests.conftest import clients_of, eventually

Run = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    with LocalAws(tmp_path_factory.mktemp("aws")) as running:
        s3 = clients_of(running)("s3")
        s3.create_bucket(Bucket="lake")
        s3.put_object(Bucket="lake", Key="open/a", Body=b"1\n2\n")
        s3.put_object(Bucket="lake", Key="closed/a", Body=b"1\n")
        yield running


@pytest.fixture
def run(aws: LocalAws) -> Run:
    data = clients_of(aws)("redshift-data")

    def wait(sql: str) -> dict[str, Any]:
        sqls = ["CREATE TEMP TABLE target (a INT)", sql]
        identifier = data.batch_execute_statement(WorkgroupName="any", Database="dev", Sqls=sqls)["Id"]
        return eventually(
            lambda: (s := data.describe_statement(Id=identifier))["Status"] in ("FINISHED", "FAILED") and s
        )

    return wait


@pytest.fixture(scope="module")
def key(aws: LocalAws) -> tuple[str, str]:
    """The key of a user who may list the bucket and use `open/` only."""
    iam = clients_of(aws)("iam")
    iam.create_user(UserName="loader")
    statements = [
        {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::lake"},
        {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::lake/open/*"},
    ]
    document = json.dumps({"Version": "2012-10-17", "Statement": statements})
    iam.put_user_policy(UserName="loader", PolicyName="open", PolicyDocument=document)
    access_key = iam.create_access_key(UserName="loader")["AccessKey"]
    return access_key["AccessKeyId"], access_key["SecretAccessKey"]


@pytest.mark.parametrize(
    ("sql", "is_allowed"),
    [
        ("COPY target FROM 's3://lake/open/'", True),
        ("COPY target FROM 's3://lake/closed/'", False),
        ("UNLOAD ('SELECT 1') TO 's3://lake/open/out_'", True),
        ("UNLOAD ('SELECT 1') TO 's3://lake/closed/out_'", False),
    ],
)
def test_a_key_gives_its_owners_access(run: Run, key: tuple[str, str], sql: str, is_allowed: bool) -> None:
    done = run(f"{sql} ACCESS_KEY_ID '{key[0]}' SECRET_ACCESS_KEY '{key[1]}'")
    assert done["Status"] == ("FINISHED" if is_allowed else "FAILED"), done.get("Error")
    if not is_allowed:
        assert "Access Denied,Status 403" in done["Error"]
        assert "user/loader is not authorized to perform: s3:" in done["Error"]
    assert key[1] not in str(done)


def test_the_key_of_an_unknown_session_gives_none(run: Run) -> None:
    done = run(
        "COPY target FROM 's3://lake/open/' CREDENTIALS 'aws_access_key_id=ASIAX;aws_secret_access_key=y;token=z'"
    )
    assert "The security token included in the request is invalid or has expired" in done["Error"]


@pytest.mark.parametrize(
    "sql", ["COPY target FROM 's3://no-such-bucket/x'", "UNLOAD ('SELECT 1') TO 's3://no-such-bucket/x'"]
)
def test_a_bucket_must_exist(aws: LocalAws, run: Run, sql: str) -> None:
    assert "Error NoSuchBucket" in run(f"{sql} IAM_ROLE DEFAULT")["Error"]
    assert not list(Path(aws.state_dir).rglob("no-such-bucket"))
