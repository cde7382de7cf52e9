"""AWS CloudFormation: what a stack is like, and its end. Stacks are made by the CDK."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aws_services._session import asking, client
from aws_services._waiting import Patience, wait_until
from aws_services.errors import InvalidRequest

_PATIENCE = Patience(deadline=3600, first=1, longest=10)  # a warehouse and network interfaces go slowly
_GONE = "DELETE_COMPLETE"


@dataclass(frozen=True, slots=True)
class StackState:
    """A stack as CloudFormation describes it.

    Attributes:
        id: its ARN, by which it can be asked for even when it is deleted.
        status: such as `UPDATE_COMPLETE`.
        reason: why it has that status, if it says.
        is_protected: whether CloudFormation refuses to delete it.
        outputs: by name.
    """

    id: str
    status: str
    reason: str
    is_protected: bool
    outputs: dict[str, str]


class CloudFormation:
    """Stacks by name. Raises `AccessDenied`, `NoCredentials`, `Throttled` or `ServiceUnreachable` where they apply."""

    def __init__(self, cloudformation_client: Any = None, *, patience: Patience = _PATIENCE) -> None:
        self._client = cloudformation_client or client("cloudformation")
        self._patience = patience

    def find(self, name: str) -> StackState | None:
        """A stack by name, or by its ARN; None when there is none."""
        try:
            with asking("DescribeStacks", name):
                [stack] = self._client.describe_stacks(StackName=name)["Stacks"]
        except InvalidRequest as error:
            if "does not exist" in error.detail:  # a ValidationError like any other: the message alone tells
                return None
            raise
        return StackState(
            id=stack["StackId"],
            status=stack["StackStatus"],
            reason=stack.get("StackStatusReason", ""),
            is_protected=bool(stack.get("EnableTerminationProtection")),
            outputs={one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", ())},
        )

    def unprotect(self, name: str) -> None:
        """Let a stack be deleted."""
        with asking("UpdateTerminationProtection", name):
            self._client.update_termination_protection(StackName=name, EnableTerminationProtection=False)

    def delete(self, stack: StackState, told: Callable[[int], None] = lambda left: None) -> None:
        """Delete a stack and wait until it is gone; its resources go, but for those that its template retains.

        Args:
            stack: which.
            told: called with the number of resources that are left, whenever it has changed.

        Raises:
            InvalidRequest: something in it could not be deleted; the detail names each and says why.
            TimedOut: it was not gone within an hour; it goes on.
        """
        with asking("DeleteStack", stack.id):
            self._client.delete_stack(StackName=stack.id)
        left = -1

        def look() -> StackState | None:
            nonlocal left
            state = self.find(stack.id)
            if state and state.status != _GONE and (now := len(self._remaining(stack.id))) != left:
                left = now
                told(left)
            return state

        end = wait_until(
            look,
            lambda state: state is None or not state.status.endswith("_IN_PROGRESS"),
            self._patience,
            asked="DeleteStack",
            resource=stack.id,
            describe=lambda state: state.status if state else _GONE,
        )
        if end and end.status != _GONE:
            failed = [
                f"{one['LogicalResourceId']}: {one.get('ResourceStatusReason', 'no reason given')}"
                for one in self._remaining(stack.id)
                if one["ResourceStatus"] == "DELETE_FAILED"
            ]
            raise InvalidRequest("DeleteStack", stack.id, "; ".join(failed) or f"{end.status}: {end.reason}")

    def _remaining(self, stack_id: str) -> list[dict[str, Any]]:
        with asking("ListStackResources", stack_id):
            pages = self._client.get_paginator("list_stack_resources").paginate(StackName=stack_id)
            found = [one for page in pages for one in page["StackResourceSummaries"]]
        return [one for one in found if one["ResourceStatus"] not in (_GONE, "DELETE_SKIPPED")]
