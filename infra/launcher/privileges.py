"""`./boxoffice privileges`: the actions that each role may do, and which of them this stack's runs have used."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from aws_services import resources
from infra import terminal
from infra.aws.unobserved import reason
from infra.stack.local_resources import role_definitions

RECORD = "access.jsonl"


@dataclass(frozen=True, slots=True)
class Privilege:
    """One action that a role is granted.

    Attributes:
        role: the actor, such as `extractor`.
        action: such as `s3:GetObject`.
        used: the number of resources it was used on.
        reason: why an unused action is granted. None if it was used, or if no reason is known.
    """

    role: str
    action: str
    used: int
    reason: str | None

    @property
    def is_too_many(self) -> bool:
        """Whether it's unused and no reason for it is known. You can then remove it."""
        return not self.used and self.reason is None


@dataclass(frozen=True, slots=True)
class Denial:
    """A call that a role was not allowed to make."""

    at: str
    role: str
    action: str
    resource: str


@dataclass(frozen=True, slots=True)
class Report:
    """All privileges of all roles, and the denied calls."""

    privileges: tuple[Privilege, ...]
    denials: tuple[Denial, ...]

    @property
    def too_many(self) -> list[Privilege]:
        """Privileges that were never used and have no reason."""
        return [privilege for privilege in self.privileges if privilege.is_too_many]


def report(state_dir: Path) -> Report:
    """Compare the granted privileges with the calls that a local AWS recorded.

    Args:
        state_dir: the local AWS's state.
    """
    lines = list(_lines(state_dir / RECORD))
    # After a restart, the local AWS writes calls again that it had already written before.
    used = Counter((role, action) for role, action, _ in {_key(line) for line in lines if line["allowed"]})
    privileges = tuple(
        Privilege(actor, action, count := used[actor, action], None if count else reason(actor, action))
        for actor, action in sorted(_granted())
    )
    denials = (
        Denial(line["at"], _actor(line["role"]), line["action"], line["resource"])
        for line in lines
        if not line["allowed"]
    )
    return Report(privileges, tuple(denials))


def show(usage: Report, *, as_json: bool = False) -> None:
    """Print a report, for people or for programs."""
    if as_json:
        terminal.show_json(asdict(usage))
        return
    rows = [
        (
            privilege.role,
            privilege.action,
            privilege.used or None,
            privilege.reason or ("" if privilege.used else "NO KNOWN REASON: remove it"),
        )
        for privilege in usage.privileges
    ]
    terminal.show_table(("role", "action", "used on", "not used, because"), rows)
    for denial in usage.denials:
        terminal.say(f"denied {denial.at}: {denial.role}, {denial.action} on {denial.resource}")
    used = sum(privilege.used > 0 for privilege in usage.privileges)
    terminal.say(
        f"{len(usage.privileges)} actions granted, {used} used, "
        f"{len(usage.too_many)} too many, {len(usage.denials)} calls denied"
    )


def _granted() -> set[tuple[str, str]]:
    return {
        (_actor(role.name), action)
        for role in role_definitions()
        for document in role.policies.values()
        for statement in _several(json.loads(document)["Statement"])
        for action in _several(statement["Action"])
    }


def _key(line: dict[str, Any]) -> tuple[str, str, str]:
    return _actor(line["role"]), line["action"], line["resource"]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    if path.exists():
        with path.open(encoding="utf-8") as file:
            yield from map(json.loads, file)


def _actor(role: str) -> str:
    return role.removeprefix("boxoffice-").removesuffix(f"-{resources.SUFFIX}")


def _several(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else [value]
