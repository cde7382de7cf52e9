"""One small error in one file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change of a source text.

    Attributes:
        line: where it begins, from 1.
        start: offset of the first character replaced.
        end: offset after the last one.
        before: what is there.
        after: what takes its place.
        kind: the sort of error, such as `bound` or `dropped call`.
    """

    line: int
    start: int
    end: int
    before: str
    after: str
    kind: str

    @classmethod
    def of(cls, text: str, start: int, end: int, after: str, kind: str) -> Mutant:
        """The mutant that replaces a range of a text."""
        return cls(text.count("\n", 0, start) + 1, start, end, text[start:end], after, kind)

    def apply(self, text: str) -> str:
        """The text with the error in it."""
        return text[: self.start] + self.after + text[self.end :]

    @property
    def change(self) -> str:
        """What it replaces by what, on one line."""
        return f"{' '.join(self.before.split())} -> {' '.join(self.after.split())}"

    def __str__(self) -> str:
        return f"{self.line}: {self.kind}: {self.change}"
