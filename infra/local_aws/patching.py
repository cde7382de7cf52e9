"""The index of our patches of moto, each with its reason, and the check that moto has not changed under one.

Each service declares its patches in `<service>/patches.py`, and patches moto nowhere else. A patch records the version
of moto that it was written for and a digest of the source that it replaces. After an upgrade of moto,

    python -m infra.local_aws.patching

lists every patch and fails if the source of one has changed. Read the change, adapt the patch, and record the new
version and digest. If moto's version differs from that of a patch, a server checks its patches when it starts.
"""

from __future__ import annotations

import functools
import hashlib
import importlib
import importlib.util
import inspect
import pkgutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any


class MotoChanged(RuntimeError):
    """Patches were written for different code than the installed moto's. The message names them and what to do."""


ABSENT = "absent"
"""Used for the digest if moto has nothing with that name, and the patch adds it."""


@dataclass(frozen=True, slots=True)
class Patch:
    """One attribute of moto that is replaced.

    Attributes:
        owner: moto's class or module.
        name: the attribute.
        written_for: `<version of moto> <digest of the replaced source>`, as the command above prints it.
        reason: what moto lacks or does differently from AWS.
        make: creates the replacement from the original (None if absent) and the arguments of `apply`.
    """

    owner: Any
    name: str
    written_for: str
    reason: str
    make: Callable[..., Any]

    @property
    def target(self) -> str:
        """The replaced attribute, as in `moto.s3.models.S3Backend.put_object`."""
        owner = (
            self.owner.__name__
            if inspect.ismodule(self.owner)
            else f"{self.owner.__module__}.{self.owner.__qualname__}"
        )
        return f"{owner}.{self.name}"

    def installed(self) -> str:
        """The value of `written_for` for the installed moto. Call it before the patch is applied."""
        original = inspect.getattr_static(self.owner, self.name, None)
        return f"{version('moto')} {ABSENT if original is None else _digest(original)}"

    def is_outdated(self) -> bool:
        """True if moto's source is not the one that the patch was written for, whatever its version."""
        return self.installed().split()[1] != self.written_for.split()[1]


def apply(patches: Iterable[Patch], *context: Any) -> None:
    """Applies patches, for this whole process.

    Args:
        patches: a service's patches.
        context: further arguments for their `make`.

    Raises:
        MotoChanged: moto's code is not what a patch was written for. No method is replaced.
    """
    patches = list(patches)
    _check_versions(patches)
    for patch in patches:
        original = getattr(patch.owner, patch.name, None)
        replacement = patch.make(original, *context)
        setattr(patch.owner, patch.name, replacement)
        if (set_name := getattr(type(replacement), "__set_name__", None)) is not None:
            set_name(replacement, patch.owner, patch.name)


def _check_versions(patches: Sequence[Patch]) -> None:
    """Compares digests only if the version differs, because reading moto's source takes a moment."""
    installed = version("moto")
    changed = [patch.target for patch in patches if patch.written_for.split()[0] != installed and patch.is_outdated()]
    if changed:
        raise MotoChanged(
            f"moto {installed} is installed, and its code differs from that which these patches were written for: "
            f"{', '.join(changed)}. Install the pinned version of moto, or adapt the patches: "
            f"'python -m {__name__}' shows the version of each"
        )


def instead(replacement: Any) -> Callable[..., Any]:
    """A `make` that ignores the original."""
    return lambda _original, _context: replacement


def bound(replacement: Callable[..., Any], part: Callable[[Any], Any] = lambda context: context) -> Callable[..., Any]:
    """A `make` for a method that takes the context, or a part of it, after `self`."""
    return lambda _original, context: functools.partialmethod(replacement, part(context))


def declared() -> Iterator[Patch]:
    """The patches of all services."""
    package = importlib.import_module(__package__)
    for service in pkgutil.iter_modules(package.__path__, f"{__package__}."):
        if service.ispkg and importlib.util.find_spec(f"{service.name}.patches"):
            yield from importlib.import_module(f"{service.name}.patches").PATCHES


def _digest(original: Any) -> str:
    """Twelve hexadecimal digits of the SHA-256 of the source, or of the value itself if it is text."""
    code = original
    if isinstance(original, property):
        code = original.fget
    elif isinstance(original, classmethod | staticmethod):
        code = original.__func__
    source = code if isinstance(code, str) else inspect.getsource(code)
    return hashlib.sha256(source.encode()).hexdigest()[:12]


def main() -> None:
    """Prints every patch. Exits with 1 if moto's code under one has changed."""
    patches = list(declared())
    outdated = [patch for patch in patches if patch.is_outdated()]
    for patch in patches:
        result = (
            f"CHANGED: is {patch.installed()}, the patch is for {patch.written_for}" if patch in outdated else "same"
        )
        sys.stdout.write(f"{patch.target}: {result}\n    {patch.reason}\n")
    if outdated:
        sys.exit(f"moto changed under {len(outdated)} patches: read the change, adapt them, record version and digest")


if __name__ == "__main__":
    main()
