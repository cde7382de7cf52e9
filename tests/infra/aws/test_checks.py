"""The tools that know what AWS and auditors want of a template: each finds nothing, or what was accepted in words."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.infra.aws.synthesis import ENVIRONMENTS, ROOT, Synthesized

TOOLS = Path(sys.executable).parent


def test_cdk_nag_finds_nothing_that_was_not_accepted(stack: Synthesized) -> None:
    assert stack.unaccepted == []


def test_cfn_lint_finds_nothing() -> None:
    done = _run("cfn-lint", "--template", *map(str, _templates()))
    assert done.returncode == 0, done.stdout + done.stderr


def test_checkov_finds_nothing_that_was_not_accepted() -> None:
    files = [option for path in _templates() for option in ("--file", str(path))]
    done = _run("checkov", *files, "--framework", "cloudformation", "--output", "json", "--skip-download")
    report = json.loads(done.stdout)
    failed = [
        (failed_check["check_id"], failed_check["resource"]) for failed_check in report["results"]["failed_checks"]
    ]
    assert failed == []
    assert report["summary"]["passed"] > 100


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_everything_that_was_accepted_has_a_reason(environment: str) -> None:
    template = json.loads((ROOT / "infra" / "aws" / f"{environment}.template.json").read_text(encoding="utf-8"))
    reasons = [
        reason for resource in template["Resources"].values() for reason in _reasons(resource.get("Metadata", {}))
    ]
    assert len(reasons) > 10
    assert all(len(reason) > 20 for reason in reasons)


def _reasons(metadata: dict[str, Any]) -> list[str]:
    nag = [suppression["reason"] for suppression in metadata.get("cdk_nag", {}).get("rules_to_suppress", ())]
    lint = [metadata["cfn-lint"]["comment"]] if "cfn-lint" in metadata else []
    return nag + lint + [suppression["comment"] for suppression in metadata.get("checkov", {}).get("skip", ())]


def _templates() -> list[Path]:
    return [ROOT / "infra" / "aws" / f"{environment}.template.json" for environment in ENVIRONMENTS]


def _run(tool: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([TOOLS / tool, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
