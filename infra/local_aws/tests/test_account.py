"""Which account the local AWS is: one for everything, named by a variable, the same for the life of a state."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.local_aws import LocalAws
from infra.local_aws.account import ID
from infra.local_aws.process import LocalAwsError
from infra.local_aws.tests.conftest import Client, clients_of

ROOT = Path(__file__).resolve().parents[3]
TRUST = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}}


def test_everything_belongs_to_the_account_that_the_variable_names(client: Client, bucket: str) -> None:
    assert ID != "123456789012", "these tests must not run as the default account"
    role = client("iam").create_role(RoleName=bucket, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    session = client("sts").assume_role(RoleArn=role, RoleSessionName="session")
    arns = [
        role,
        session["AssumedRoleUser"]["Arn"],
        client("sns").create_topic(Name=bucket)["TopicArn"],
        client("secretsmanager").create_secret(Name=bucket, SecretString="x")["ARN"],
        client("sqs").get_queue_attributes(
            QueueUrl=client("sqs").create_queue(QueueName=bucket)["QueueUrl"], AttributeNames=["QueueArn"]
        )["Attributes"]["QueueArn"],
    ]
    assert {arn.split(":")[4] for arn in arns} == {ID}
    assert client("sts").get_caller_identity()["Account"] == ID


def test_a_state_is_one_accounts_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first server runs as the default account, which these tests have nowhere else."""
    monkeypatch.delenv("BOXOFFICE_AWS_ACCOUNT")
    with LocalAws(tmp_path, warehouse=False) as server:
        assert clients_of(server)("sts").get_caller_identity()["Account"] == "123456789012"
        clients_of(server)("s3").create_bucket(Bucket="of-the-first")
    monkeypatch.setenv("BOXOFFICE_AWS_ACCOUNT", "210987654321")
    expected = r"was made as account 123456789012, and this is account 210987654321(?s:.*)BOXOFFICE_AWS_ACCOUNT=1234567"
    with pytest.raises(LocalAwsError, match=expected) as refused:
        LocalAws(tmp_path, warehouse=False).start()
    assert "Traceback" not in str(refused.value)
    monkeypatch.setenv("BOXOFFICE_AWS_ACCOUNT", "")  # the default again
    with LocalAws(tmp_path, warehouse=False) as server:
        assert [bucket["Name"] for bucket in clients_of(server)("s3").list_buckets()["Buckets"]] == ["of-the-first"]


@pytest.mark.parametrize("account", ["12345678901", "1234-5678-9012", "root"])
def test_an_account_that_is_none_is_refused_in_words(account: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "infra.local_aws", "--state-dir", str(tmp_path / "state"), "--no-warehouse"]
    variables = {**os.environ, "BOXOFFICE_AWS_ACCOUNT": account}
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=60)
    message = f"BOXOFFICE_AWS_ACCOUNT is {account!r}, but the id of an account is twelve digits, such as 123456789012"
    assert (done.returncode, done.stderr) == (1, f"local AWS: {message}\n")
    assert not (tmp_path / "state").exists()
