"""`./boxoffice privileges`: what each role of the account may do, and what of it this stack's runs have used."""

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
        used: on how many resources it was used.
        reason: why it is granted though it was not used; None when it was, or when there is none.
    """

    role: str
    action: str
    used: int
    reason: str | None

    @property
    def is_too_many(self) -> bool:
        """Whether it could be taken away, as far as anybody knows."""
        return not self.used and self.reason is None


@dataclass(frozen=True, slots=True)
class Denial:
    """What a role asked for and was not allowed."""

    at: str
    role: str
    action: str
    resource: str


@dataclass(frozen=True, slots=True)
class Report:
    """All privileges of all roles, and what was denied."""

    privileges: tuple[Privilege, ...]
    denials: tuple[Denial, ...]

    @property
    def too_many(self) -> list[Privilege]:
        """Granted, never used, and without a reason."""
        return [each for each in self.privileges if each.is_too_many]


def report(state_dir: Path) -> Report:
    """What is granted beside what the record of a local AWS says was used.

    Args:
        state_dir: the local AWS's state.
    """
    lines = list(_lines(state_dir / RECORD))
    # A local AWS that was started again writes down again what the one before it knew.
    used = Counter((role, action) for role, action, _ in {_key(line) for line in lines if line["allowed"]})
    privileges = tuple(
        Privilege(actor, action, found := used[actor, action], None if found else reason(actor, action))
        for actor, action in sorted(_granted())
    )
    denials = (
        Denial(line["at"], _actor(line["role"]), line["action"], line["resource"])
        for line in lines
        if not line["allowed"]
    )
    return Report(privileges, tuple(denials))


def show(found: Report, *, as_json: bool = False) -> None:
    """Print a report, for people or for programs."""
    if as_json:
        terminal.show_json(asdict(found))
        return
    rows = [
        (each.role, each.action, each.used or None, each.reason or ("" if each.used else "NOBODY KNOWS: take it away"))
        for each in found.privileges
    ]
    terminal.show_table(("role", "action", "used on", "not used, because"), rows)
    for denial in found.denials:
        terminal.say(f"denied {denial.at}: {denial.role}, {denial.action} on {denial.resource}")
    terminal.say(
        f"{len(found.privileges)} actions granted, {sum(each.used > 0 for each in found.privileges)} used, "
        f"{len(found.too_many)} too many, {len(found.denials)} calls denied"
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
