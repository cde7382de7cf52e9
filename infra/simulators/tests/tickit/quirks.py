"""The oddities of TICKIT's four small files, as numbers: the same for the real files and the generated ones."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

Table = list[list[str]]

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def table(path: Path, delimiter: str = "|") -> Table:
    """The values of each line; every line ends in LF and has as many values."""
    text = path.read_bytes().decode("ascii")
    assert text.endswith("\n") and "\r" not in text
    lines = [line.split(delimiter) for line in text[:-1].split("\n")]
    assert len({len(line) for line in lines}) == 1
    return lines


def quirks(folder: Path) -> dict[str, object]:
    """Everything that SQL written for clean data would trip over, counted."""
    venues = table(folder / "venue_pipe.txt")
    categories = table(folder / "category_pipe.txt")
    dates = table(folder / "date2008_pipe.txt")
    events = table(folder / "allevents_pipe.txt")
    return (
        _of_venues(venues) | _of_dates(dates) | _of_events(events, venues, dates) | _of_categories(categories, events)
    )


def forms(folder: Path, name: str) -> set[tuple[str, ...]]:
    """How the values of a file are written: digits as 9, two letters as A; texts look alike."""
    return {tuple(_form(value) for value in line) for line in table(folder / name)}


def _of_venues(venues: Table) -> dict[str, object]:
    ids = [int(line[0]) for line in venues]
    same_name = Counter(line[1] for line in venues)
    return {
        "venues": len(venues),
        "venue ids": ids,
        "venues without seats": sum(line[4] == r"\N" for line in venues),
        "venues with 0 seats": sum(line[4] == "0" for line in venues),
        "venue ids without seats": [int(line[0]) for line in venues if line[4] == r"\N"],
        "Canadian venues": sum(line[3] in {"AB", "BC", "MB", "NS", "NL", "ON", "QC", "SK"} for line in venues),
        "venue names": sorted(same_name.values())[-2:],
        "cities of the name": sorted(
            len({line[2] for line in venues if line[1] == name}) for name, count in same_name.items() if count > 1
        ),
    }


def _of_dates(dates: Table) -> dict[str, object]:
    days = {date.fromisoformat(line[1]): line for line in dates}
    wrong = [day for day, line in days.items() if line[2] != _WEEKDAYS[day.weekday()]]
    late = [day for day in wrong if days[day][2] == _WEEKDAYS[(day.weekday() + 1) % 7]]
    return {
        "dates": [(line[0], *line[1:7]) for line in dates],
        "wrong weekdays": (len(wrong), min(wrong), max(wrong)) if wrong else (),
        "late weekdays": len(late),
        "leap day": date(2008, 2, 29) in days,
    }


def _of_events(events: Table, venues: Table, dates: Table) -> dict[str, object]:
    day_of = {line[0]: line[1] for line in dates}
    known = {line[0] for line in venues}
    said_otherwise = [line for line in events if line[5][:10] != day_of[line[3]]]
    return {
        "event ids": [int(line[0]) for line in events],
        "orphans": Counter(line[1] for line in events if line[1] not in known),
        "venues without event": known - {line[1] for line in events},
        "days with events": len({line[3] for line in events}),
        "events in May": sum(day_of[line[3]][5:7] == "05" for line in events),
        "said to be on another day": len(said_otherwise),
        "the day said": {line[5][:10] for line in said_otherwise},
        "starts": {line[5][11:] for line in events},
    }


def _of_categories(categories: Table, events: Table) -> dict[str, object]:
    return {
        "categories": [line[:3] for line in categories],
        "events by category": Counter(line[2] for line in events),
        "venues by category": {
            number: (min(ids), max(ids))
            for number in sorted({line[2] for line in events})
            for ids in [[int(line[1]) for line in events if line[2] == number]]
        },
    }


def _form(value: str) -> str:
    if re.search("[A-Za-z]", value) and not re.fullmatch(r"[A-Z]{2}|TRUE|FALSE|\\N", value):
        return "text"
    return re.sub("[A-Z]+", "A", re.sub("[0-9]+", "9", value))
