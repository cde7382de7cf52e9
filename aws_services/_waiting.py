"""Waiting for something that AWS does in its own time: backoff, and a deadline."""

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
    """How to wait.

    Attributes:
        deadline: seconds until giving up.
        first: seconds before the second look.
        longest: seconds between two looks, at most; each pause is half again as long as the one before.
        sleep: how to pause; replaced by tests.
        clock: monotonic seconds; replaced by tests.
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
    asked: str,
    resource: str,
    describe: Callable[[State], str] = str,
) -> State:
    """Look again and again until it is over.

    Returns:
        The state at which it was over.

    Raises:
        TimedOut: the deadline passed first; nothing was stopped.
    """
    started = patience.clock()
    pause = patience.first
    while not is_over(state := look()):
        waited = patience.clock() - started
        if waited >= patience.deadline:
            raise TimedOut(asked, resource, waited, describe(state))
        # jitter, so that many waiters do not ask in step
        patience.sleep(min(pause * random.uniform(0.8, 1.2), patience.deadline - waited))  # noqa: S311
        pause = min(pause * 1.5, patience.longest)
    return state
