"""The infrastructure's own tests, run in the CDK's environment: its pins are not Airflow's."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from infra.deploy.cdk import Cdk, CdkMissing
from tests.infra.aws.conftest import WITH_CDK

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests" / "infra" / "aws"


@pytest.fixture
def cdk() -> Cdk:
    return Cdk(Path(os.environ.get("BOXOFFICE_HOME", ROOT / ".boxoffice")))


@pytest.mark.timeout(1800)  # half a minute by itself, and many on a machine that is busy with other tests
def test_what_needs_the_cdk_passes_in_its_environment_and_nothing_is_skipped(cdk: Cdk) -> None:
    try:
        variables = cdk.variables()
    except CdkMissing as error:
        pytest.fail(str(error))
    files = [str(TESTS / name) for name in WITH_CDK]
    command = [str(cdk.python), "-m", "pytest", *files, "--confcutdir", str(TESTS), "--color", "no"]
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    closing = done.stdout.rstrip().splitlines()[-1]
    assert re.search(r"\d+ passed", closing)
    assert "skipped" not in closing, done.stdout


def test_every_file_that_imports_the_cdk_is_among_them() -> None:
    importing = re.compile(r"^(from|import) (aws_cdk|cdk_nag|constructs)|stack: Synthesized", re.MULTILINE)
    assert {*WITH_CDK} == {path.name for path in TESTS.glob("test_*.py") if importing.search(path.read_text())}
