"""The heap of the server's process, which glibc would keep much larger than what is in it."""

from __future__ import annotations

import ctypes
import sys
from typing import Any

_M_ARENA_MAX = -8
"""From glibc's malloc.h."""


def share_one_heap() -> None:
    """Let all threads of this process allocate from one heap. To be called before there are any.

    glibc makes one for every few threads, and each stays as large as it ever was. Threads of Python gain nothing from
    that: one runs at a time. Children are not changed.
    """
    if (c_library := _glibc()) is not None:
        c_library.mallopt(_M_ARENA_MAX, 1)


def give_back() -> None:
    """Give memory that is free back to the system, such as that of the files that a start reads."""
    if (c_library := _glibc()) is not None:
        c_library.malloc_trim(0)


def _glibc() -> Any:
    """The C library, or None if it is another one."""
    found = ctypes.CDLL(None) if sys.platform.startswith("linux") else None
    return found if hasattr(found, "malloc_trim") and hasattr(found, "mallopt") else None
