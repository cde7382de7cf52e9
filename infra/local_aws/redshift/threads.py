"""Threads that run statements: SQL nests deeper than a thread's default stack allows."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any

_STACK_BYTES = 256 * 1024 * 1024
"""Address space, not memory."""
_NESTING = 20_000
"""Limit of nested Python calls; each level of an expression takes about 20 in the parser."""
_starting = threading.Lock()


def start_deep(name: str, run: Callable[..., object], *arguments: Any) -> None:
    """Runs a function in a new thread with a deep stack.

    Raises:
        RuntimeError: There is no room for another thread.
    """
    with _starting:  # the stack size applies to the whole process; other threads get the default again
        usual = threading.stack_size(_STACK_BYTES)
        try:
            sys.setrecursionlimit(max(sys.getrecursionlimit(), _NESTING))
            threading.Thread(target=run, args=arguments, name=name, daemon=True).start()
        finally:
            threading.stack_size(usual)
