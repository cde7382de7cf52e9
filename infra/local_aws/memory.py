"""Limits the heap of the server's process, which glibc would keep much larger than its contents."""

from __future__ import annotations

import ctypes
import sys
from typing import Any

_M_ARENA_MAX = -8
"""From glibc's malloc.h."""


def share_one_heap() -> None:
    """Makes all threads of this process allocate from one heap. Call it before you start threads.

    glibc creates a heap for every few threads, and each stays as large as it ever was. Python's threads gain nothing
    from that, because only one runs at a time. Child processes are not affected.
    """
    if (c_library := _glibc()) is not None:
        c_library.mallopt(_M_ARENA_MAX, 1)


def give_back() -> None:
    """Returns free memory to the system, such as that of the files that are read at the start."""
    if (c_library := _glibc()) is not None:
        c_library.malloc_trim(0)


def _glibc() -> Any:
    """The C library if it is glibc, else None."""
    library = ctypes.CDLL(None) if sys.platform.startswith("linux") else None
    return library if hasattr(library, "malloc_trim") and hasattr(library, "mallopt") else None
