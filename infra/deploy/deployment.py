"""Deploys an environment to an account in three steps: infrastructure, warehouse, artifacts.

All checks run before the first step. Each step does only the work that isn't done yet, so that you can resume with the
same command after a failure.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from aws_services import resources
from aws_services.cloudformation import CloudFormation
from aws_services.errors import AwsError
from aws_services.parameter_store import ParameterStore
from aws_services.redshift_data import RedshiftData
from aws_services.redshift_serverless import RedshiftServerless
from aws_services.s3 import S3
from aws_services.sts import Sts
from infra.checkout import ROOT
from infra.deploy import account
from infra.deploy.account import STACK, DeploymentRefused
from infra.deploy.cdk import Cdk, CdkFailed, CdkMissing
from infra.deploy.deployment_plan import NO_ACCOUNT, describe, for_airflow, plan
from infra.packaging import NothingToPackage, upload
from warehouse.migrate import MigrationRefused, migrate

Say = Callable[[str], None]


class StepFailed(RuntimeError):
    """A step failed. The message has the reason, the finished steps and the remedy."""


class Deployment:
    """The deployment of one environment to an account.

    Args:
        home: `BOXOFFICE_HOME`, where the CDK is.
        say: prints a line.
        ask: whether the CDK asks before it widens permissions. Without a terminal it would refuse instead.
    """

    def __init__(self, home: Path, say: Say, *, ask: bool = True) -> None:
        self._cdk = Cdk(home)
        self._say = say
        self._approval = "broadening" if ask else "never"

    @property
    def command(self) -> Sequence[str]:
        """The CDK's command."""
        options = ["--app", str(self._cdk.assembly(resources.SUFFIX)), "--require-approval", self._approval]
        return [str(self._cdk.command_line), "deploy", STACK, *options, "--no-notices", "--progress", "events"]

    def tell(self, account_id: str | None) -> None:
        """Print everything that a deployment would do, and compare the template with the code. Makes no AWS calls.

        Args:
            account_id: the intended account, if it's known.

        Raises:
            DeploymentRefused: the stored template is out of date, or a file or program is missing.
        """
        self._say(f"Boxoffice {resources.SUFFIX}, account {account_id or 'not named (BOXOFFICE_AWS_ACCOUNT)'}")
        self._say("A dry run: it makes no AWS calls and changes nothing.\n")
        for line in describe(plan(self.command)):
            self._say(line)
        self._say("\n4. Final output\n")
        for line in for_airflow(account_id or NO_ACCOUNT, {}):
            self._say(line)
        self._say("")
        self._synthesize()
        self._say("The template is up to date. Nothing was changed.")

    def check(self) -> str:
        """Check everything that would make a step fail, the fastest checks first. Returns the account's id.

        Raises:
            DeploymentRefused: a check failed. There were no changes.
        """
        plan(self.command)
        account_id = account.require_account(Sts())
        try:
            program = self._cdk.install_command_line(self._say)
            node = self._cdk.node
        except CdkMissing as error:
            raise DeploymentRefused(str(error)) from error
        account.require_bootstrap(ParameterStore(), account_id, f"PATH={node}:$PATH {program}")
        if account.require_rest(CloudFormation()) is None:
            account.require_buckets(S3())
        self._synthesize()
        return account_id

    def run(self, account_id: str) -> None:
        """Run all steps, and print the configuration for Airflow.

        Raises:
            StepFailed: a step failed.
        """
        # The warehouse comes before the code that needs it. If the migrations fail, the old code keeps working.
        steps = {"infrastructure": self._deploy, "warehouse": self._migrate, "artifacts": self._upload}
        done: list[str] = []
        for number, (name, step) in enumerate(steps.items(), 1):
            self._say(f"[{number}/{len(steps)}] {name}")
            try:
                step()
            except (CdkFailed, AwsError, MigrationRefused, NothingToPackage, KeyboardInterrupt) as error:
                remaining = [step_name for step_name in steps if step_name not in done]
                raise StepFailed(
                    f"{name} failed: {str(error) or 'interrupted'}\nDone: {', '.join(done) or 'nothing'}. "
                    f"Not done: {', '.join(remaining)}. The same command resumes and keeps the finished steps"
                ) from error
            done.append(name)
        stack = CloudFormation().find(STACK)
        self._say("")
        for line in for_airflow(account_id, stack.outputs if stack else {}):
            self._say(line)

    def _synthesize(self) -> None:
        self._say("Synthesizing the template to compare it with the stored one (10 s) …")
        try:
            self._cdk.synthesize(resources.SUFFIX)
        except (CdkMissing, CdkFailed) as error:
            raise DeploymentRefused(str(error)) from error

    def _deploy(self) -> None:
        self._say(f"  {' '.join(self.command)}")
        sys.stdout.flush()  # the CDK's own output comes next
        code = subprocess.run(self.command, cwd=ROOT, env=self._cdk.variables(), check=False).returncode
        if code:
            raise CdkFailed(
                f"cdk deploy ended with {code}; its reason is above. CloudFormation has rolled back its changes"
            )

    def _migrate(self) -> None:
        administrator = RedshiftServerless().administrator(resources.WORKGROUP)
        applied = migrate(RedshiftData(secret_arn=administrator), lambda name: self._say(f"  {name}"))
        self._say(f"  {len(applied)} files applied" if applied else "  up to date")

    def _upload(self) -> None:
        keys = upload(S3(), ROOT)
        for key in keys:
            self._say(f"  s3://{resources.ARTIFACT_BUCKET}/{key}")
        self._say(f"  {len(keys)} files uploaded" if keys else "  up to date")
