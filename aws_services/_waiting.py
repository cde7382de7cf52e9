"""Waits for something that AWS does in the background, with backoff and a deadline."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from aws_services.errors import TimedOut

State = TypeVar("State")


@dataclass(frozen=True, slots=True)
class Patience:
    """How often to check, and for how long.

    Attributes:
        deadline: seconds until giving up.
        first: seconds between the first check and the second.
        longest: seconds between two checks, at most; each pause is 1.5 times the one before.
        sleep: pauses for some seconds; tests replace it.
        clock: returns monotonic seconds; tests replace it.
    """

    deadline: float
    first: float = 0.1
    longest: float = 10.0
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic


def wait_until(
    look: Callable[[], State],
    is_over: Callable[[State], bool],
    patience: Patience,
    *,
    operation: str,
    resource: str,
    describe: Callable[[State], str] = str,
) -> State:
    """Check the state repeatedly until it is final.

    Args:
        look: returns the present state.
        is_over: whether a state is final.
        patience: how often to check, and for how long.
        operation: the operation that runs, for the error.
        resource: the resource that it runs on, for the error.
        describe: a state in words, for the error.

    Returns:
        The final state.

    Raises:
        TimedOut: the deadline passed first; nothing was stopped.
    """
    started = patience.clock()
    pause = patience.first
    while not is_over(state := look()):
        waited = patience.clock() - started
        if waited >= patience.deadline:
            raise TimedOut(operation, resource, waited, describe(state))
        # jitter, so that many waiters don't check at the same moment
        patience.sleep(min(pause * random.uniform(0.8, 1.2), patience.deadline - waited))  # noqa: S311
        pause = min(pause * 1.5, patience.longest)
    return state
