"""The stack of an environment, synthesized in a process of its own: the names of resources are made at import."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
ENVIRONMENTS = ("dev", "prod")

_SYNTHESIZE = """
import json
from cdk_nag import AwsSolutionsChecks
from infra.aws.app import build

app, stack = build()
report = AwsSolutionsChecks().validate_scope(app)
template = app.synth().get_stack_by_name(stack.stack_name).template
unaccepted = [[rule.rule_name, [on.construct_path for on in rule.violating_resources]] for rule in report.violations]
print(json.dumps({"template": template, "unaccepted": unaccepted}))
"""


@dataclass(frozen=True)
class Synthesized:
    """The output of the app for one environment.

    Attributes:
        environment: its name.
        template: the CloudFormation template.
        unaccepted: findings of cdk-nag that no one accepted: rule and resources.
    """

    environment: str
    template: dict[str, Any]
    unaccepted: list[tuple[str, list[str]]]

    @property
    def text(self) -> str:
        """The template as it is kept in the repository."""
        return json.dumps(self.template, indent=1, sort_keys=True) + "\n"

    @property
    def kept(self) -> Path:
        """Where it is kept."""
        return ROOT / "infra" / "aws" / f"{self.environment}.template.json"

    def of_type(self, kind: str) -> list[dict[str, Any]]:
        """The resources of a type, such as `AWS::S3::Bucket`."""
        return [resource for resource in self.template["Resources"].values() if resource["Type"] == kind]


def synthesize(environment: str) -> Synthesized:
    """Run the app for an environment. If it fails, its error output is the assertion's message."""
    variables = {**os.environ, "BOXOFFICE_ENVIRONMENT": environment, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", _SYNTHESIZE], cwd=ROOT, env=variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return Synthesized(environment, **json.loads(done.stdout))
