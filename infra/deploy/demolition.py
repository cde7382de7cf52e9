"""Removes an environment from an account: lists what is lost and what is kept, then deletes the stack."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from aws_services import resources
from aws_services.cloudformation import CloudFormation, StackState
from aws_services.errors import AwsError, NoSuchBucket
from aws_services.s3 import S3
from aws_services.sts import Sts
from infra.aws.environments import ENVIRONMENTS, Environment
from infra.deploy import account
from infra.deploy.account import BUCKETS, STACK, DeploymentRefused
from infra.deploy.deployment_plan import TEMPLATE

Say = Callable[[str], None]


class DemolitionFailed(RuntimeError):
    """The removal stopped halfway. The message has the reason and the remedy."""


class Demolition:
    """The removal of one environment from an account.

    Args:
        say: prints a line.
        s3: a client for S3. Default: a new one.
        cloudformation: a client for CloudFormation. Default: a new one.
    """

    def __init__(self, say: Say, *, s3: S3 | None = None, cloudformation: CloudFormation | None = None) -> None:
        self._say = say
        self._s3 = s3
        self._cloudformation = cloudformation

    @property
    def environment(self) -> Environment:
        """The environment to destroy."""
        return ENVIRONMENTS[resources.SUFFIX]

    def describe(self) -> Iterator[str]:
        """The lost and the kept resources according to the template. Makes no AWS calls."""
        template = json.loads(TEMPLATE.read_text(encoding="utf-8"))["Resources"]
        kept = [_named(resource) for resource in template.values() if resource.get("DeletionPolicy") == "Retain"]
        lost = len(template) - len(kept)
        yield f"Stack {STACK} in {resources.REGION}: {lost} of {len(template)} resources are deleted"
        if self.environment.keep_data:
            yield "The stack is protected against deletion; this command removes the protection once you confirm."
            yield "Catalog, crawlers, jobs, workgroup, roles, network and alarms are deleted, so no pipeline can run."
            yield "Kept, and paid for, until you delete them by hand"
            yield from (f"   {name}" for name in sorted(kept))
            yield "A new deployment doesn't use them automatically: docs/deploy.md, 'After prod was destroyed'"
        else:
            yield "Permanently lost"
            yield from (f"   bucket {bucket}, with every version of every object" for bucket in BUCKETS)
            yield f"   the warehouse {resources.WORKGROUP}, without a snapshot"
            yield "   the catalog, jobs, roles, alerts; the API's key in Secrets Manager; the key after 7 days"

    def check(self) -> StackState:
        """Check that the stack can be destroyed, and return it.

        Raises:
            DeploymentRefused: it isn't the intended account, there is no such stack, or the stack is being changed.
        """
        account_id = account.require_account(Sts())
        stack = account.require_rest(self._stacks)
        if stack is None:
            raise DeploymentRefused(
                f"account {account_id} has no stack {STACK} in {resources.REGION}: there is nothing to destroy"
            )
        return stack

    def run(self, stack: StackState) -> None:
        """Destroy the environment.

        Args:
            stack: the stack that `check` returned.

        Raises:
            DemolitionFailed: AWS refused a call, or the command was interrupted.
        """
        try:
            if not self.environment.keep_data:
                self._empty_buckets()
            if stack.is_protected:
                self._say(f"removing the protection of {STACK}")
                self._stacks.unprotect(STACK)
            self._say(f"deleting {STACK}")
            self._stacks.delete(stack, lambda left: self._say(f"  {left} resources left"))
        except KeyboardInterrupt as error:
            raise DemolitionFailed("interrupted; CloudFormation goes on with the deletion if it has begun") from error
        except AwsError as error:
            raise DemolitionFailed(f"{error}\nRun the same command again to delete the remaining resources") from error
        self._say(f"{STACK} is gone")

    @property
    def _stacks(self) -> CloudFormation:
        self._cloudformation = self._cloudformation or CloudFormation()
        return self._cloudformation

    def _empty_buckets(self) -> None:
        """Empty the buckets, because CloudFormation deletes only empty ones."""
        s3 = self._s3 or S3()
        for bucket in BUCKETS:
            count = 0
            try:
                for count in s3.empty(bucket):
                    self._say(f"emptying {bucket}: {count:,} versions deleted")
            except NoSuchBucket:
                continue
            self._say(f"{bucket} is empty" if count else f"{bucket} was empty")


def _named(resource: dict[str, object]) -> str:
    """A resource's type and name."""
    properties = resource.get("Properties")
    if not isinstance(properties, dict):
        properties = {}
    keys = ("BucketName", "NamespaceName", "Name", "Description")
    name = next((str(properties[key]) for key in keys if isinstance(properties.get(key), str)), "")
    return f"{resource['Type']} {name}".rstrip()
