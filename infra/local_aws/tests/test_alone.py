"""The package works alone: copied into an empty folder, where nothing of this repository can be imported."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import boto3

from infra.local_aws.tests.conftest import eventually

PACKAGE = Path(__file__).resolve().parents[1]
DEPENDENCY = PACKAGE.parents[1] / "same_origin.py"
LIST = """
from local_aws.provision import BucketDefinition, Resources

def resources():
    return Resources(buckets=[BucketDefinition("alone")])
"""


def test_a_copy_of_the_package_is_a_server_for_any_boto3_program(tmp_path: Path) -> None:
    code, ready = tmp_path / "code", tmp_path / "ready.json"
    shutil.copytree(PACKAGE, code / "local_aws", ignore=shutil.ignore_patterns("tests", "__pycache__"))
    shutil.copy(DEPENDENCY, code)
    (code / "listed.py").write_text(LIST)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, "-m", "local_aws", "--port", "0", "--provision", "listed:resources"]
    command += ["--state-dir", str(tmp_path / "state"), "--ready-file", str(ready)]
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=code, env=environment, stdout=log, stderr=log)
    try:
        eventually(lambda: ready.exists() or server.poll() is not None)
        assert ready.exists(), (tmp_path / "log").read_text()
        session = boto3.Session("any", "any", region_name="us-east-1")
        url = json.loads(ready.read_text())["url"]
        assert [bucket["Name"] for bucket in session.client("s3", endpoint_url=url).list_buckets()["Buckets"]] == [
            "alone"
        ]
        data = session.client("redshift-data", endpoint_url=url)
        statement = data.execute_statement(WorkgroupName="any", Database="dev", Sql="SELECT NVL(NULL, 41) + 1")["Id"]
        eventually(lambda: data.describe_statement(Id=statement)["Status"] in ("FINISHED", "FAILED"))
        assert data.get_statement_result(Id=statement)["Records"] == [[{"longValue": 42}]]
    finally:
        server.terminate()
        assert server.wait(60) == 0
