"""The words that claims are made of."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

Parameters = Mapping[str, Any]
"""The JSON of a request; empty for protocols without JSON."""


class Level(enum.Enum):
    """How much of a service is there."""

    RUNS = "runs"
    """Does the work: data is stored, code and SQL are executed."""
    RECORDS = "in memory"
    """Moto's: an answer is consistent with the calls before it."""
    REFUSED = "refused"
    """Its resources can be recorded, but what it is for is refused."""


def always(_: Parameters) -> bool:
    """For a refusal without a condition."""
    return True


@dataclass(frozen=True, slots=True)
class Refusal:
    """Operations that the local AWS does not carry out.

    Attributes:
        operations: their names; `*` stands for any text.
        reason: a sentence for the caller, and for the table.
        when: the condition, by the parameters of a call.
        condition: the same in words, after "if"; empty if there is none.
    """

    operations: tuple[str, ...]
    reason: str
    when: Callable[[Parameters], bool] = always
    condition: str = ""

    def covers(self, operation: str) -> bool:
        """True if the operation is one of these, whatever its parameters."""
        return any(fnmatchcase(operation, pattern) for pattern in self.operations)


@dataclass(frozen=True, slots=True)
class Service:
    """What is claimed of one service.

    Attributes:
        name: boto3's.
        level: how much of it is there.
        does: what works, for a table; one sentence or two.
        limits: what does not, beside what is refused.
        refused: what is answered with `NotImplemented`.
        signs_as: the service's name in the signature of requests, where it is another.
        marks: what the query of a refused request has, for a service that is called so often that its other requests
            must not be looked at; empty: look at every request.
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
        """What refuses the operation, perhaps under a condition."""
        return tuple(refusal for refusal in self.refused if refusal.covers(operation))
