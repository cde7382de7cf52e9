"""Writes the seven files with their published names. Each file appears completely or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from . import calendar, people, programme, trade, venues

DEFAULT_SEED = 7
USERS = 49_990
LISTINGS = 192_497
SALES = 172_456
"""Lines at scale 1, as published. Venues, categories, dates and events do not scale."""

USERS_FILE = "allusers_pipe.txt"
VENUES_FILE = "venue_pipe.txt"
CATEGORIES_FILE = "category_pipe.txt"
DATES_FILE = "date2008_pipe.txt"
EVENTS_FILE = "allevents_pipe.txt"
LISTINGS_FILE = "listings_pipe.txt"
SALES_FILE = "sales_tab.txt"
FILES = (USERS_FILE, VENUES_FILE, CATEGORIES_FILE, DATES_FILE, EVENTS_FILE, LISTINGS_FILE, SALES_FILE)


def write_files(folder: Path, seed: int = DEFAULT_SEED, scale: float = 1.0, quirks: bool = False) -> dict[str, int]:
    """Writes all files into a folder, and replaces existing ones. It streams, so memory does not grow with the scale.

    Args:
        folder: the target; created if necessary.
        seed: the same seed, scale and quirks give the same bytes.
        scale: multiplies users, listings and sales.
        quirks: write the flaws of the published files, such as users whose cities and states do not match.

    Returns:
        Lines of each file, by name.

    Raises:
        ValueError: the scale is too small for two users, which a sale needs.
        OSError: a file can't be written.
    """
    users, listings, sales = (round(count * scale) for count in (USERS, LISTINGS, SALES))
    if users < 2:
        raise ValueError(f"scale {scale} leaves {users} users, and a sale needs two: use at least {2 / USERS:.5f}")
    folder.mkdir(parents=True, exist_ok=True)
    events = programme.events(seed, quirks)
    volume = trade.Volume(users, listings, sales)
    lines = {
        USERS_FILE: _write(folder / USERS_FILE, people.user_lines(seed, users, quirks)),
        VENUES_FILE: _write(folder / VENUES_FILE, venues.venue_lines(seed, quirks)),
        CATEGORIES_FILE: _write(folder / CATEGORIES_FILE, programme.CATEGORIES),
        DATES_FILE: _write(folder / DATES_FILE, calendar.date_lines(quirks)),
        EVENTS_FILE: _write(folder / EVENTS_FILE, (programme.event_line(event, quirks) for event in events)),
    }
    with _file(folder / LISTINGS_FILE) as listing_file, _file(folder / SALES_FILE) as sale_file:
        for listing_text, sale_text in trade.blocks(seed, events, volume, calendar.numbered_days(quirks)):
            listing_file.write(listing_text)
            sale_file.write(sale_text)
    return lines | {LISTINGS_FILE: listings, SALES_FILE: sales}


def _write(path: Path, lines: Iterable[str]) -> int:
    count = 0
    with _file(path) as file:
        for line in lines:
            file.write(line + "\n")
            count += 1
    return count


@contextmanager
def _file(path: Path) -> Iterator[TextIO]:
    partial = path.with_name(f"{path.name}.partial")
    with partial.open("w", encoding="ascii", newline="\n") as file:
        yield file
    partial.replace(path)
