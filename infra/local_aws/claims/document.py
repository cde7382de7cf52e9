"""The claims as Markdown: a table of the services in `docs/local-aws.md`, and every operation in a page of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from ..state.kept import KEPT
from .operations import CHECKED, Outcome, outcomes
from .services import SERVICES
from .types import Level, Service

FOLDER = Path(__file__).parents[3] / "docs"
PAGE = FOLDER / "local-aws.md"
OPERATIONS = FOLDER / "local-aws-operations.md"
COMMAND = "python -m infra.local_aws.claims --write"
BEGIN, END = f"<!-- written by {COMMAND} -->", "<!-- end of what is written -->"

_TITLES = {
    Level.RUNS: "Services that do their work",
    Level.RECORDS: "Services that record",
    Level.REFUSED: "Services whose work is refused",
}
_ELSEWHERE = {
    "s3": "all objects with their versions, all buckets with their settings",
    "redshift-data": "the warehouse; statements and their results are not kept",
}
"""What is kept by the services themselves."""
_MANY = 7
_INTRODUCTION = f"""\
# The operations of the local AWS

What becomes of every operation of the services that are checked. A test calls each of them and compares.

- **works here**: code of the local AWS has a part in it
- **as moto**: [moto](https://docs.getmoto.org) answers, from memory
- **refused**, or **refused if**: answered with the error `NotImplemented` and the reason
- **not done**: moto lacks it too; the same error

The services as a whole, and what is kept over a restart, are in [the page of the local AWS](local-aws.md). Written by
`{COMMAND}`: do not edit it by hand.
"""


def services_table() -> str:
    """The tables of all services that are claimed."""
    return "\n".join(_tables()).rstrip() + "\n"


def _tables() -> Iterator[str]:
    for level, title in _TITLES.items():
        yield f"\n#### {title}\n"
        yield "| service | what works | what does not | kept over a restart |\n|---|---|---|---|"
        for service in (service for service in SERVICES if service.level is level):
            yield f"| {_name(service)} | {service.does} | {_limits(service)} | {kept(service.name)} |"


def _name(service: Service) -> str:
    if service.name in CHECKED:
        return f"[`{service.name}`](local-aws-operations.md#{service.name})"
    return f"`{service.name}`"


def _limits(service: Service) -> str:
    refusals = (f"{_some(refusal.operations)}{_if(refusal.condition)}" for refusal in service.refused)
    refused = "; ".join(refusals)
    return " ".join(part for part in (service.limits, f"Refused: {refused}." if refused else "") if part)


def _if(condition: str) -> str:
    return f" if {condition}" if condition else ""


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _some(names: tuple[str, ...]) -> str:
    """The names, or only the first if there are many: the page of the operations has all."""
    return _codes(names) if len(names) <= _MANY else f"{_codes(names[:_MANY])} and more"


def kept(service: str) -> str:
    """What of a service survives a restart."""
    if service in _ELSEWHERE:
        return _ELSEWHERE[service]
    return KEPT[service].keeps if service in KEPT else "nothing"


def operations_page() -> str:
    """The page of the operations."""
    by_name = {service.name: service for service in SERVICES}
    parts = [_INTRODUCTION]
    for name in CHECKED:
        parts += [f"\n## {name}\n", *_operations(by_name[name])]
    return "\n".join(parts).rstrip() + "\n"


def _operations(service: Service) -> Iterator[str]:
    found = outcomes(service)
    for outcome in (Outcome.OURS, Outcome.MOTO):
        if names := [name for name, became in found.items() if became is outcome]:
            yield f"**{outcome.value}** ({len(names)}): {_codes(names)}\n"
    for refusal in service.refused:
        if names := [name for name in found if refusal.covers(name)]:
            yield f"**refused{_if(refusal.condition)}** ({len(names)}): {_codes(names)}. {refusal.reason}\n"
    if names := [name for name, became in found.items() if became is Outcome.MISSING]:
        yield f"**not done** ({len(names)}): {_codes(names)}\n"


def documents() -> dict[Path, str]:
    """Every file that is written, and what it should hold."""
    page = PAGE.read_text("utf-8")
    head, _, rest = page.partition(BEGIN)
    tail = rest.partition(END)[2]
    return {PAGE: f"{head}{BEGIN}\n{services_table()}\n{END}{tail}", OPERATIONS: operations_page()}
