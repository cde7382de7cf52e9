"""When pages prove that a slice was read whole, and when they only look like it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sources.ticketmaster.documents import Page
from sources.ticketmaster.reading import Reading
from sources.ticketmaster.windows import DEEPEST_PAGE, PAGE_SIZE, page_size, pages_for


def page(events: list[int], number: int) -> Page:
    """A page of a search that finds these events."""
    ordered, first = sorted(events), number * page_size(number)
    shown = ordered[first : first + page_size(number)]
    return Page(len(ordered), tuple(f"{event:06d}" for event in shown))


def test_pages_share_a_record_with_their_neighbours_and_begin_before_the_thousandth():
    firsts = [number * page_size(number) for number in range(DEEPEST_PAGE + 1)]
    ends = [first + page_size(number) for number, first in enumerate(firsts)]
    assert all(first < end for first, end in zip(firsts[1:], ends, strict=False))
    assert max(firsts) < 1000 and max(map(page_size, range(DEEPEST_PAGE + 1))) == PAGE_SIZE
    assert [pages_for(total) for total in (0, 1, 200, 201, 398, 399, 1170, 5000)] == [0, 1, 1, 2, 2, 3, 6, 6]


def test_a_still_slice_is_proven_by_one_look():
    reading, events = Reading(), list(range(700))
    reading.add(0, page(events, 0))
    assert not reading.is_proven
    while missing_pages := reading.still_missing:
        reading.add(missing_pages[0], page(events, missing_pages[0]))
    assert reading.is_proven and not reading.short and len(reading.done) == 4


def test_a_swap_that_leaves_no_number_short_breaks_the_chain():
    """e5 and e6 vanish after the first page, e900 and e901 appear: the totals agree, and e200 is on neither page."""
    reading = Reading()
    reading.add(0, page(list(range(300)), 0))
    reading.add(1, page(sorted({*range(300), 900, 901} - {5, 6}), 1))
    assert "000200" not in reading.ids
    assert reading.short == 0
    assert not reading.is_proven and not reading.is_steady


changes = st.lists(st.tuples(st.booleans(), st.integers(0, 2000)), max_size=12)


@given(st.sets(st.integers(0, 1000), min_size=150, max_size=700), st.lists(changes, min_size=8, max_size=8))
def test_what_is_proven_holds_everything_that_was_there_all_the_time(start, drawn):
    """Whatever comes and goes between two pages, in up to two looks."""
    events, throughout, reading, steps = set(start), set(start), Reading(), iter(drawn)
    for _ in range(2):
        reading.look_again()
        reading.add(0, page(list(events), 0))
        while missing_pages := reading.still_missing:
            for comes, event in next(steps, ()):
                (events.add if comes else events.discard)(event)
            throughout &= events
            reading.add(missing_pages[0], page(list(events), missing_pages[0]))
        if reading.is_proven:
            assert {f"{event:06d}" for event in throughout} <= reading.ids
            return


def test_a_page_with_fewer_records_than_it_should_have_proves_nothing():
    events, reading = list(range(300)), Reading()
    reading.add(0, page(events, 0))
    whole = page(events, 1)
    reading.add(1, Page(whole.total, whole.ids[:-1]))
    assert not reading.is_proven and reading.short == 1
    reading.look_again()
    reading.add(0, page(events, 0))
    reading.add(1, None)
    assert not reading.is_proven and reading.unread == {1}


def test_two_looks_that_were_each_broken_prove_together_what_neither_does():
    events, reading = list(range(700)), Reading()
    for number in (0, 1, 3):
        reading.add(number, page(events, number))
    assert not reading.is_proven
    reading.look_again()
    for number in (1, 2):
        reading.add(number, page(events, number))
    assert reading.is_proven
