"""The types of the claims."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

Parameters = Mapping[str, Any]
"""The JSON of a request; empty for protocols without JSON."""


class Level(enum.Enum):
    """How much of a service works."""

    RUNS = "runs"
    """It does the work: data is stored, code and SQL are executed."""
    RECORDS = "in memory"
    """moto's: a response is consistent with earlier calls."""
    REFUSED = "refused"
    """It records resources, but refuses its actual work."""


def always(_: Parameters) -> bool:
    """The condition of an unconditional refusal."""
    return True


@dataclass(frozen=True, slots=True)
class Refusal:
    """Operations that the local AWS does not carry out.

    Attributes:
        operations: their names; `*` matches any text.
        reason: a sentence for the caller, and for the table.
        when: the condition, given the parameters of a call.
        condition: the condition in words, to follow "if"; empty if there is none.
    """

    operations: tuple[str, ...]
    reason: str
    when: Callable[[Parameters], bool] = always
    condition: str = ""

    def covers(self, operation: str) -> bool:
        """True if it includes the operation, whatever its parameters."""
        return any(fnmatchcase(operation, pattern) for pattern in self.operations)


@dataclass(frozen=True, slots=True)
class Service:
    """The claims about one service.

    Attributes:
        name: boto3's name.
        level: how much of it works.
        does: what works, for a table; one or two sentences.
        limits: what doesn't work, besides the refusals.
        refused: the operations that return `NotImplemented`.
        signs_as: the service's name in the signature of requests, if it differs.
        marks: query parameters of the refused requests, for a service with so many calls that its other requests must
            not be inspected; empty: inspect every request.
    """

    name: str
    level: Level
    does: str
    limits: str = ""
    refused: tuple[Refusal, ...] = ()
    signs_as: str = ""
    marks: frozenset[str] = frozenset()

    @property
    def signature(self) -> str:
        """The service's name in the signature of requests."""
        return self.signs_as or self.name

    def refusals(self, operation: str) -> tuple[Refusal, ...]:
        """The refusals that include an operation, possibly under a condition."""
        return tuple(refusal for refusal in self.refused if refusal.covers(operation))
