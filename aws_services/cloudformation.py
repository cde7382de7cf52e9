"""AWS CloudFormation: describes and deletes stacks. The CDK creates them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aws_services._session import asking, client
from aws_services._waiting import Patience, wait_until
from aws_services.errors import InvalidRequest

_PATIENCE = Patience(deadline=3600, first=1, longest=10)  # a warehouse and network interfaces take long
_GONE = "DELETE_COMPLETE"


@dataclass(frozen=True, slots=True)
class StackState:
    """A stack as CloudFormation describes it.

    Attributes:
        id: its ARN, which describes it even after it was deleted.
        status: such as `UPDATE_COMPLETE`.
        reason: why it has that status; empty if CloudFormation gives no reason.
        is_protected: whether CloudFormation refuses to delete it.
        outputs: by name.
    """

    id: str
    status: str
    reason: str
    is_protected: bool
    outputs: dict[str, str]


class CloudFormation:
    """Stacks by name. Every method may raise `AccessDenied`, `NoCredentials`, `Throttled` or `ServiceUnreachable`."""

    def __init__(self, cloudformation_client: Any = None, *, patience: Patience = _PATIENCE) -> None:
        self._client = cloudformation_client or client("cloudformation")
        self._patience = patience

    def find(self, name: str) -> StackState | None:
        """A stack by its name or ARN; None if it doesn't exist."""
        try:
            with asking("DescribeStacks", name):
                [stack] = self._client.describe_stacks(StackName=name)["Stacks"]
        except InvalidRequest as error:
            if (
                "does not exist" in error.detail
            ):  # the code is ValidationError, as for other errors: only the message differs
                return None
            raise
        return StackState(
            id=stack["StackId"],
            status=stack["StackStatus"],
            reason=stack.get("StackStatusReason", ""),
            is_protected=bool(stack.get("EnableTerminationProtection")),
            outputs={output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", ())},
        )

    def unprotect(self, name: str) -> None:
        """Remove a stack's protection against deletion."""
        with asking("UpdateTerminationProtection", name):
            self._client.update_termination_protection(StackName=name, EnableTerminationProtection=False)

    def delete(self, stack: StackState, report: Callable[[int], None] = lambda remaining: None) -> None:
        """Delete a stack and wait until it is gone, with its resources, except those that its template retains.

        Args:
            stack: the stack.
            report: called with the number of remaining resources, whenever it changes.

        Raises:
            InvalidRequest: some resources could not be deleted; the detail names each one and its reason.
            TimedOut: the stack was not gone within an hour; the deletion continues.
        """
        with asking("DeleteStack", stack.id):
            self._client.delete_stack(StackName=stack.id)
        reported = -1

        def look() -> StackState | None:
            nonlocal reported
            state = self.find(stack.id)
            if state and state.status != _GONE and (remaining := len(self._remaining(stack.id))) != reported:
                reported = remaining
                report(remaining)
            return state

        end = wait_until(
            look,
            lambda state: state is None or not state.status.endswith("_IN_PROGRESS"),
            self._patience,
            operation="DeleteStack",
            resource=stack.id,
            describe=lambda state: state.status if state else _GONE,
        )
        if end and end.status != _GONE:
            reasons = [
                f"{resource['LogicalResourceId']}: {resource.get('ResourceStatusReason', 'no reason given')}"
                for resource in self._remaining(stack.id)
                if resource["ResourceStatus"] == "DELETE_FAILED"
            ]
            raise InvalidRequest("DeleteStack", stack.id, "; ".join(reasons) or f"{end.status}: {end.reason}")

    def _remaining(self, stack_id: str) -> list[dict[str, Any]]:
        with asking("ListStackResources", stack_id):
            pages = self._client.get_paginator("list_stack_resources").paginate(StackName=stack_id)
            resources = [resource for page in pages for resource in page["StackResourceSummaries"]]
        return [resource for resource in resources if resource["ResourceStatus"] not in (_GONE, "DELETE_SKIPPED")]
