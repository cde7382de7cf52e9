"""An environment brought into an account, step by step: infrastructure, warehouse, artifacts.

Everything that can be refused is refused before the first step. Each step does only what is not done yet, so that the
same command resumes after one that failed.
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
    """A step failed; the message says why, what was done before it, and what to do."""


class Deployment:
    """One environment, on its way into an account.

    Args:
        home: `BOXOFFICE_HOME`, where the CDK is.
        say: prints a line.
        ask: whether the CDK may ask before it widens permissions; without a terminal it would refuse instead.
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
        """Say all that would be done, and hold the template against the code; asks nothing of AWS.

        Args:
            account_id: the account that is meant, if that is known.

        Raises:
            DeploymentRefused: the template that is kept is stale, or something is missing here.
        """
        self._say(f"Boxoffice {resources.SUFFIX}, account {account_id or 'not named (BOXOFFICE_AWS_ACCOUNT)'}")
        self._say("A dry run: AWS is asked nothing, and nothing is changed.\n")
        for line in describe(plan(self.command)):
            self._say(line)
        self._say("\n4. What it would end with\n")
        for line in for_airflow(account_id or NO_ACCOUNT, {}):
            self._say(line)
        self._say("")
        self._synthesize()
        self._say("It is the same. Nothing was changed.")

    def check(self) -> str:
        """Refuse whatever would fail later, what is soonest found first. Returns the account's id.

        Raises:
            DeploymentRefused: something is not as it must be; nothing was changed.
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
        """Do it, and say what to configure Airflow with.

        Raises:
            StepFailed: a step failed.
        """
        # The warehouse comes before the code that needs it: with the migrations refused, yesterday's code goes on.
        steps = {"infrastructure": self._deploy, "warehouse": self._migrate, "artifacts": self._upload}
        done: list[str] = []
        for number, (name, step) in enumerate(steps.items(), 1):
            self._say(f"[{number}/{len(steps)}] {name}")
            try:
                step()
            except (CdkFailed, AwsError, MigrationRefused, NothingToPackage, KeyboardInterrupt) as error:
                left = [one for one in steps if one not in done]
                raise StepFailed(
                    f"{name} failed: {str(error) or 'interrupted'}\nDone: {', '.join(done) or 'nothing'}. "
                    f"Not done: {', '.join(left)}. The same command resumes; what is done is left alone"
                ) from error
            done.append(name)
        stack = CloudFormation().find(STACK)
        self._say("")
        for line in for_airflow(account_id, stack.outputs if stack else {}):
            self._say(line)

    def _synthesize(self) -> None:
        self._say("Making the template from the code, to compare it with the one that is kept (10 s) …")
        try:
            self._cdk.synthesize(resources.SUFFIX)
        except (CdkMissing, CdkFailed) as error:
            raise DeploymentRefused(str(error)) from error

    def _deploy(self) -> None:
        self._say(f"  {' '.join(self.command)}")
        sys.stdout.flush()  # the CDK's own output comes next
        ended = subprocess.run(self.command, cwd=ROOT, env=self._cdk.variables(), check=False).returncode
        if ended:
            raise CdkFailed(
                f"cdk deploy ended with {ended}; its reason is above. CloudFormation has taken back what it had begun"
            )

    def _migrate(self) -> None:
        administrator = RedshiftServerless().administrator(resources.WORKGROUP)
        applied = migrate(RedshiftData(secret_arn=administrator), lambda name: self._say(f"  {name}"))
        self._say(f"  {len(applied)} files applied" if applied else "  up to date")

    def _upload(self) -> None:
        for key in (written := upload(S3(), ROOT)):
            self._say(f"  s3://{resources.ARTIFACT_BUCKET}/{key}")
        self._say(f"  {len(written)} files uploaded" if written else "  up to date")
