"""Which classes a state file may name: those of moto and of this package, and nothing else.

A state file is data. Reading one never calls a function that the file chooses: a class is looked up by name in an
allowed package, it must be a class that this very module defines (so `moto.x:os.system` is refused), its instance is
made without its constructor, and attributes are set directly. No `__reduce__`, `__setstate__` or the like.
"""

import functools
import importlib
from collections import OrderedDict, defaultdict, deque
from typing import Any

_OWN = __name__.removesuffix(".state.classes")
_PACKAGES = ("moto", _OWN)
_ALSO = frozenset({"requests.structures:CaseInsensitiveDict"})
"""Classes of others that moto keeps its state in; plain containers all."""


class ForbiddenClass(ValueError):
    """A class that a state file may not name, or that does not exist in this version."""


@functools.cache
def name_of(kind: type) -> str | None:
    """The name that a class has in a state file, or None if `class_of` would not find it again."""
    name = f"{kind.__module__}:{kind.__qualname__}"
    try:
        return name if class_of(name) is kind else None
    except ForbiddenClass:
        return None


@functools.cache
def class_of(name: str) -> type:
    """The class of a name such as `moto.iam.models:Role`.

    Raises:
        ForbiddenClass: it is outside of the allowed packages, does not exist, or is no class of that module.
    """
    module, _, path = name.partition(":")
    if name not in _ALSO and module.split(".")[0] != "moto" and not module.startswith(f"{_OWN}."):
        raise ForbiddenClass(f"{name} is not a class of {' or '.join(_PACKAGES)}")
    try:
        found: Any = functools.reduce(getattr, path.split("."), importlib.import_module(module))
    except (ImportError, AttributeError) as error:
        raise ForbiddenClass(f"{name} does not exist: {error}") from error
    if not isinstance(found, type) or found.__module__ != module or found.__qualname__ != path:
        raise ForbiddenClass(f"{name} is no class of its module")
    return found


_BASES: tuple[type, ...] = (object, dict, OrderedDict, defaultdict, list, set, deque, str, int, float)
_MADE_IN_PYTHON = 1 << 9
"""CPython's Py_TPFLAGS_HEAPTYPE."""


def base_of(kind: Any) -> Any:
    """The built-in type that makes instances of a class, or None if it holds state that nobody sees, as a thread's."""
    return _base_of(kind)


@functools.cache
def _base_of(kind: Any) -> Any:
    base = next(base for base in kind.__mro__ if not base.__flags__ & _MADE_IN_PYTHON)
    return base if base in _BASES else None


def slots_of(kind: type) -> tuple[str, ...]:
    """The names in `__slots__` of a class alone."""
    slots = vars(kind).get("__slots__", ())
    return (slots,) if isinstance(slots, str) else tuple(slots)
