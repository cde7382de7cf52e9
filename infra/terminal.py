"""Prints all output of the launcher, so that text from outside can't harm a terminal or break a table.

Text is never interpreted as markup. Characters that control a terminal (ANSI escapes, line breaks in a cell, marks
that reverse the reading direction) are printed as escapes, such as `\\x1b`. A table never cuts a number. It shortens
text instead, and if that isn't enough, it prints each row as a list of lines.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, NoReturn, TextIO

import typer
from rich.cells import cell_len, chop_cells, set_cell_size

_JOINERS = "\u200c\u200d"  # names in Persian and many emoji need them
_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_GAP = "  "
_LEAST_TEXT = 12
"""The minimum width of a text column. If the terminal is too narrow for it, rows are printed as records."""


def printable(text: object) -> str:
    """A text on one line, with every character escaped that could control a terminal."""
    plain = str(text)
    return plain if plain.isprintable() else "".join(map(_printable, plain))


def _printable(character: str) -> str:
    category = unicodedata.category(character)
    if category not in ("Cc", "Cf", "Cs", "Zl", "Zp") or character in _JOINERS:
        return character
    code = ord(character)
    return _ESCAPES.get(character) or (
        f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    )


def say(text: object = "") -> None:
    """Print a text to standard output, with its line breaks."""
    _write(text, sys.stdout)


def complain(text: object) -> None:
    """Print a text to standard error, with its line breaks."""
    _write(text, sys.stderr)


def fail(message: object, code: int = 1) -> NoReturn:
    """Print why a command can't go on, and end it with an exit code."""
    complain(f"boxoffice: {message}")
    raise typer.Exit(code)


def _write(text: object, stream: TextIO) -> None:
    for line in str(text).replace("\r\n", "\n").split("\n"):
        print("\t".join(map(printable, line.split("\t"))), file=stream, flush=True)


def show_json(value: object) -> None:
    """Print a value as JSON, in ASCII.

    Decimals are numbers with all of their digits (`20.10`). Dates and times are in ISO 8601. `NaN` and `Infinity` are
    strings because JSON has no such numbers.
    """
    print(_json(value, ""), flush=True)  # noqa: T201


def _json(value: object, indent: str) -> str:
    inner = f"{indent}  "
    if isinstance(value, Mapping):
        members = [f"{inner}{json.dumps(str(name))}: {_json(member, inner)}" for name, member in value.items()]
        return "{\n" + ",\n".join(members) + f"\n{indent}}}" if members else "{}"
    if isinstance(value, list | tuple):
        elements = [inner + _json(element, inner) for element in value]
        return "[\n" + ",\n".join(elements) + f"\n{indent}]" if elements else "[]"
    return _json_scalar(value)


def _json_scalar(value: object) -> str:
    if isinstance(value, Decimal | float):
        if not math.isfinite(value):
            return json.dumps({"inf": "Infinity", "-inf": "-Infinity"}.get(str(float(value)), "NaN"))
        return f"{value:f}" if isinstance(value, Decimal) else json.dumps(value)
    if isinstance(value, date | datetime | time):
        return json.dumps(value.isoformat())
    return json.dumps(value, default=str)


def show_table(
    headings: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    title: str | None = None,
    grouped: bool = True,
    folded: bool = True,
) -> bool:
    """Print rows under headings, at most as wide as the terminal.

    Args:
        headings: the columns' names.
        rows: the cells. Numbers are aligned right, and None is empty.
        title: a line above the table.
        grouped: whether numbers have a comma between thousands.
        folded: whether a long text continues on the next line. Otherwise it's shortened.

    Returns:
        Whether a text was shortened.
    """
    table = _Table(headings, list(rows), grouped=grouped)
    if title:
        say(printable(title))
    room = width()
    widths = table.widths(room) if room else table.wishes
    if widths is None:
        for line in table.records(room or 0):
            _print_line(line)
        return False
    for line in table.lines(widths, folded=folded):
        _print_line(line)
    return not folded and widths != table.wishes and table.has_longer_text(widths)


def width() -> int | None:
    """The terminal's width, or None if the output goes to a file or a program, whose lines may be of any length."""
    if os.environ.get("COLUMNS", "").isdigit() or sys.stdout.isatty():
        return max(shutil.get_terminal_size().columns, 20)
    return None


def _print_line(line: str) -> None:
    print(line.rstrip(), flush=True)  # noqa: T201


class _Table:
    """The cells of a table as text, and the widths of its columns.

    Attributes:
        wishes: for each column, the width that shows all of its text.
    """

    def __init__(self, headings: Sequence[str], rows: Sequence[Sequence[object]], *, grouped: bool) -> None:
        self._headings = [printable(heading) for heading in headings]
        self._is_number = [_is_numeric(column) for column in zip(*rows, strict=True)] or [False] * len(headings)
        self._rows = [[_cell(value, grouped=grouped) for value in row] for row in rows]
        self._content = [max(map(cell_len, column), default=0) for column in zip(*self._rows, strict=True)]
        self._content = self._content or [0] * len(headings)
        self.wishes = [
            max(cell_len(heading), content) for heading, content in zip(self._headings, self._content, strict=True)
        ]

    def widths(self, room: int) -> list[int] | None:
        """The columns' widths for a terminal that is `room` wide. None if the numbers don't fit."""
        least = [self._least(number) for number in range(len(self.wishes))]
        widths = [max(low, min(wish, room)) for low, wish in zip(least, self.wishes, strict=True)]
        while sum(widths) + len(_GAP) * (len(widths) - 1) > room:
            slack = [number for number, low in enumerate(least) if widths[number] > low]
            if not slack:
                return None
            widths[max(slack, key=widths.__getitem__)] -= 1
        return widths

    def _least(self, number: int) -> int:
        """A column's minimum width. Numbers stay whole, and a heading breaks only between words."""
        word = max(map(cell_len, self._headings[number].split()), default=0)
        if self._is_number[number]:
            return max(word, self._content[number])
        return min(self.wishes[number], max(_LEAST_TEXT, min(word, self._content[number])))

    def has_longer_text(self, widths: Sequence[int]) -> bool:
        """Whether a cell's text is longer than its column is wide."""
        return any(content > width for content, width in zip(self._content, widths, strict=True))

    def lines(self, widths: Sequence[int], *, folded: bool) -> Iterator[str]:
        """The table's lines, headings first."""
        fit = _folded if folded else _shortened
        yield from self._row(list(map(_words, self._headings, widths)), widths)
        for row in self._rows:
            yield from self._row(list(map(fit, row, widths)), widths)

    def _row(self, cells: Sequence[Sequence[str]], widths: Sequence[int]) -> Iterator[str]:
        for line in range(max(map(len, cells), default=0)):
            texts = [cell[line] if line < len(cell) else "" for cell in cells]
            columns = zip(texts, widths, self._is_number, strict=True)
            yield _GAP.join(_aligned(text, width, is_number=is_number) for text, width, is_number in columns)

    def records(self, room: int) -> Iterator[str]:
        """Each row as lines with a heading and a value, for a terminal that is too narrow for the table."""
        names = max(map(cell_len, self._headings), default=0)
        rest = max(room - names - len(_GAP), _LEAST_TEXT)
        for number, row in enumerate(self._rows):
            if number:
                yield ""
            for heading, cell, is_number in zip(self._headings, row, self._is_number, strict=True):
                for line, text in enumerate([cell] if is_number else _folded(cell, rest)):
                    yield _aligned("" if line else heading, names, is_number=False) + _GAP + text


def _is_numeric(column: Sequence[object]) -> bool:
    values = [value for value in column if value is not None]
    return bool(values) and all(isinstance(value, int | float | Decimal) and value is not True for value in values)


def _cell(value: object, *, grouped: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal) and value.is_finite():
        return f"{value:,f}" if grouped else f"{value:f}"  # a decimal has as many places as its column
    if isinstance(value, int | float) and not isinstance(value, bool) and grouped:
        return f"{value:,}"
    return printable(value)


def _aligned(text: str, room: int, *, is_number: bool) -> str:
    blanks = " " * max(room - cell_len(text), 0)
    return blanks + text if is_number else text + blanks


def _words(text: str, room: int) -> list[str]:
    """A text as lines, broken between words, or inside a word that is longer than a line."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if cell_len(longer) <= room:
            lines[-1] = longer
        else:
            lines[-1:] = [*filter(None, lines[-1:]), *chop_cells(word, max(room, 1))]
    return lines


def _folded(text: str, room: int) -> list[str]:
    return [text] if cell_len(text) <= room else _words(text, room)


def _shortened(text: str, room: int) -> list[str]:
    return [text] if cell_len(text) <= room else [set_cell_size(text, room - 1) + "…"]


def as_text(value: Any) -> str:
    """A value for one line: a string unchanged, any other value as JSON."""
    return value if isinstance(value, str) else json.dumps(value)
