"""The pages of one slice, and whether they prove that the slice was read whole.

Records come and go while pages are read, so a total that agrees proves nothing: if one record vanishes from the first
page and another appears on the last, the total stays the same, and a third record may slip onto a page that was already
read. So neighbouring pages are requested with a record in common (`windows.page_size`): in a fixed order, pages that
share a record omit nothing between them, whenever they were read. A chain of such pages from the first to the last has
every record that existed all the time.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sources.ticketmaster.documents import Page
from sources.ticketmaster.windows import page_size, pages_for


@dataclass(slots=True)
class _Stretch:
    """Records without a gap, from pages that share some. A stretch may contain the slice's start, its end, or both."""

    ids: set[str]
    is_first: bool
    is_last: bool

    def join(self, other: _Stretch) -> None:
        self.ids |= other.ids
        self.is_first |= other.is_first
        self.is_last |= other.is_last


@dataclass(slots=True)
class Reading:
    """The pages of one slice, read once or several times (each time is a look).

    Attributes:
        total: records of the slice, according to the last page; -1 before any.
        ids: distinct ids on all pages of all looks.
        starts: event starts on the first readable page, the sample that decides where to cut.
        done: numbers of the pages requested in the present look.
        unread: numbers of the pages whose response could not be read, in any look.
        is_too_deep: whether the API refused a page as too deep.
    """

    total: int = -1
    ids: set[str] = field(default_factory=set)
    starts: tuple[int, ...] = ()
    done: set[int] = field(default_factory=set)
    unread: set[int] = field(default_factory=set)
    is_too_deep: bool = False
    _totals: set[int] = field(default_factory=set)
    _stretches: list[_Stretch] = field(default_factory=list)

    def add(self, number: int, page: Page | None) -> None:
        """Add a page; None is a page that could not be read."""
        self.done.add(number)
        if page is None:
            self.unread.add(number)
            return
        self.unread.discard(number)
        self.total = page.total if self.total < 0 or number == max(self.done) else self.total
        self._totals.add(page.total)
        self.starts = self.starts or page.starts
        self.ids.update(page.ids)
        offset = number * page_size(number)
        if len(page.ids) == min(max(page.total - offset, 0), page_size(number)):
            self._place(_Stretch(set(page.ids), number == 0, offset + len(page.ids) == page.total))

    def look_again(self) -> None:
        """Begin another look."""
        self.done.clear()

    @property
    def still_missing(self) -> list[int]:
        """Numbers of the pages that the total implies and that were not requested in this look."""
        return [number for number in range(pages_for(self.total)) if number not in self.done]

    @property
    def short(self) -> int:
        """The number of records that the source reports and that are on no page; never negative."""
        return max(self.total - len(self.ids), 0)

    @property
    def is_proven(self) -> bool:
        """Whether an unbroken chain of pages leads from the first record to the last."""
        return any(stretch.is_first and stretch.is_last for stretch in self._stretches)

    @property
    def is_steady(self) -> bool:
        """Whether all pages of all looks have the same total, and no more records than that."""
        return self._totals == {self.total} and len(self.ids) <= self.total

    def _place(self, stretch: _Stretch) -> None:
        apart = []
        for other in self._stretches:
            if stretch.ids.isdisjoint(other.ids):
                apart.append(other)
            else:
                stretch.join(other)
        self._stretches = [*apart, stretch]
