"""Which classes a state file may name: those of moto and of this package, and no others.

A state file is data. Reading it never calls a function that the file chooses: a class is looked up by name in an
allowed package and must be defined in that module (so `moto.x:os.system` is refused). Its instance is created without
its constructor, and attributes are set directly. There is no `__reduce__`, `__setstate__` or the like.
"""

import functools
import importlib
from collections import OrderedDict, defaultdict, deque
from typing import Any

_OWN = __name__.removesuffix(".state.classes")
_PACKAGES = ("moto", _OWN)
_ALSO = frozenset({"requests.structures:CaseInsensitiveDict"})
"""Classes of other packages that moto's state contains; all are plain containers."""


class ForbiddenClass(ValueError):
    """A state file may not name this class, or it does not exist in this version."""


@functools.cache
def name_of(kind: type) -> str | None:
    """The name of a class in a state file, or None if `class_of` does not accept it."""
    name = f"{kind.__module__}:{kind.__qualname__}"
    try:
        return name if class_of(name) is kind else None
    except ForbiddenClass:
        return None


@functools.cache
def class_of(name: str) -> type:
    """The class with a name such as `moto.iam.models:Role`.

    Raises:
        ForbiddenClass: it is outside of the allowed packages, does not exist, or is not a class of that module.
    """
    module, _, path = name.partition(":")
    if name not in _ALSO and module.split(".")[0] != "moto" and not module.startswith(f"{_OWN}."):
        raise ForbiddenClass(f"{name} is not a class of {' or '.join(_PACKAGES)}")
    try:
        kind: Any = functools.reduce(getattr, path.split("."), importlib.import_module(module))
    except (ImportError, AttributeError) as error:
        raise ForbiddenClass(f"{name} does not exist: {error}") from error
    if not isinstance(kind, type) or kind.__module__ != module or kind.__qualname__ != path:
        raise ForbiddenClass(f"{name} is not a class of its module")
    return kind


_BASES: tuple[type, ...] = (object, dict, OrderedDict, defaultdict, list, set, deque, str, int, float)
_MADE_IN_PYTHON = 1 << 9
"""CPython's Py_TPFLAGS_HEAPTYPE."""


def base_of(kind: Any) -> Any:
    """The built-in base type of a class, or None if its instances have hidden state, as a thread's."""
    return _base_of(kind)


@functools.cache
def _base_of(kind: Any) -> Any:
    base = next(base for base in kind.__mro__ if not base.__flags__ & _MADE_IN_PYTHON)
    return base if base in _BASES else None


def slots_of(kind: type) -> tuple[str, ...]:
    """The names in the `__slots__` of this class, without its bases."""
    slots = vars(kind).get("__slots__", ())
    return (slots,) if isinstance(slots, str) else tuple(slots)
