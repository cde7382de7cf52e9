"""An environment taken out of an account: what is lost, what is kept, and nothing without a typed confirmation."""

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
    """It stopped half-way; the message says where, and what to do."""


class Demolition:
    """One environment, on its way out of an account.

    Args:
        say: prints a line.
        s3: made when absent.
        cloudformation: made when absent.
    """

    def __init__(self, say: Say, *, s3: S3 | None = None, cloudformation: CloudFormation | None = None) -> None:
        self._say = say
        self._s3 = s3
        self._cloudformation = cloudformation

    @property
    def environment(self) -> Environment:
        """What is destroyed."""
        return ENVIRONMENTS[resources.SUFFIX]

    def describe(self) -> Iterator[str]:
        """What is lost and what is kept, as the template says; asks nothing of AWS."""
        template = json.loads(TEMPLATE.read_text(encoding="utf-8"))["Resources"]
        kept = [_named(one) for one in template.values() if one.get("DeletionPolicy") == "Retain"]
        lost = len(template) - len(kept)
        yield f"Stack {STACK} in {resources.REGION}: {lost} of {len(template)} resources are deleted"
        if self.environment.keep_data:
            yield "CloudFormation refuses to delete it while it is protected; once confirmed, that is taken off."
            yield "Catalog, crawlers, jobs, workgroup, roles, network and alarms go: no pipeline runs any more."
            yield "Kept, and paid for, until somebody deletes them by hand"
            yield from (f"   {name}" for name in sorted(kept))
            yield "A new deployment does not find them by itself: docs/deploy.md, 'After prod was destroyed'"
        else:
            yield "Lost for good"
            yield from (f"   bucket {bucket}, with every version of every object" for bucket in BUCKETS)
            yield f"   the warehouse {resources.WORKGROUP}, without a snapshot"
            yield "   the catalog, jobs, roles, alerts; the API's key in Secrets Manager; the key after 7 days"

    def check(self) -> StackState:
        """Refuse what cannot be destroyed. Returns the stack.

        Raises:
            DeploymentRefused: it is not the account that is meant, or there is no such stack, or somebody is at it.
        """
        account_id = account.require_account(Sts())
        stack = account.require_rest(self._stacks)
        if stack is None:
            raise DeploymentRefused(
                f"account {account_id} has no stack {STACK} in {resources.REGION}: there is nothing to destroy"
            )
        return stack

    def run(self, stack: StackState) -> None:
        """Destroy it.

        Args:
            stack: as `check` found it.

        Raises:
            DemolitionFailed: something was refused half-way.
        """
        try:
            if not self.environment.keep_data:
                self._empty_buckets()
            if stack.is_protected:
                self._say(f"taking the protection off {STACK}")
                self._stacks.unprotect(STACK)
            self._say(f"deleting {STACK}")
            self._stacks.delete(stack, lambda left: self._say(f"  {left} resources left"))
        except KeyboardInterrupt as error:
            raise DemolitionFailed("interrupted; what CloudFormation has begun goes on") from error
        except AwsError as error:
            raise DemolitionFailed(f"{error}\nWhat is gone is gone; the same command goes on with the rest") from error
        self._say(f"{STACK} is gone")

    @property
    def _stacks(self) -> CloudFormation:
        self._cloudformation = self._cloudformation or CloudFormation()
        return self._cloudformation

    def _empty_buckets(self) -> None:
        """Empty the buckets, for CloudFormation deletes none that holds something."""
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
    """A resource's kind with the name that it will have."""
    properties = resource.get("Properties")
    found = properties if isinstance(properties, dict) else {}
    names = ("BucketName", "NamespaceName", "Name", "Description")
    name = next((str(found[one]) for one in names if isinstance(found.get(one), str)), "")
    return f"{resource['Type']} {name}".rstrip()
