"""Everything that the launcher prints goes through here: no text of others can harm a terminal or break a table.

Text is printed as it is: it is never read as markup. Characters that control a terminal (ANSI escapes, line breaks in
a cell, marks that reverse the reading direction) are printed as their escape, such as `\\x1b`. In a table a number is
never cut: text gives way, and when even that does not help, each row is printed as a record of lines.
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
"""Columns that a column of text keeps at least, before rows are printed as records."""


def printable(text: object) -> str:
    """A text on one line, with every character that could control a terminal as its escape."""
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
    """Print a text to standard output; its line breaks are kept."""
    _write(text, sys.stdout)


def complain(text: object) -> None:
    """Print a text to standard error; its line breaks are kept."""
    _write(text, sys.stderr)


def fail(message: object, code: int = 1) -> NoReturn:
    """Print why a command cannot go on, and end it with an exit code."""
    complain(f"boxoffice: {message}")
    raise typer.Exit(code)


def _write(text: object, stream: TextIO) -> None:
    for line in str(text).replace("\r\n", "\n").split("\n"):
        print("\t".join(map(printable, line.split("\t"))), file=stream, flush=True)


def show_json(value: object) -> None:
    """Print a value as JSON, and nothing else; the text is ASCII.

    Decimals are numbers with all of their digits (`20.10`), dates and times are ISO 8601, and what JSON has no number
    for (`NaN`, `Infinity`) is a string.
    """
    print(_json(value, ""), flush=True)  # noqa: T201


def _json(value: object, indent: str) -> str:
    inner = f"{indent}  "
    if isinstance(value, Mapping):
        members = [f"{inner}{json.dumps(str(name))}: {_json(each, inner)}" for name, each in value.items()]
        return "{\n" + ",\n".join(members) + f"\n{indent}}}" if members else "{}"
    if isinstance(value, list | tuple):
        elements = [inner + _json(each, inner) for each in value]
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
    """Print rows under headings, as wide as the terminal at most.

    Args:
        headings: the columns' names.
        rows: the cells; numbers are aligned right, None is empty.
        title: a line above.
        grouped: whether numbers are printed with a comma between thousands.
        folded: whether a text that is too long goes on in the next line; it is shortened otherwise.

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
    """Columns of the terminal, or None when the output goes to a file or a program, whose lines have no end."""
    if os.environ.get("COLUMNS", "").isdigit() or sys.stdout.isatty():
        return max(shutil.get_terminal_size().columns, 20)
    return None


def _print_line(line: str) -> None:
    print(line.rstrip(), flush=True)  # noqa: T201


class _Table:
    """Cells as text, and how wide each column is.

    Attributes:
        wishes: the width at which each column shows everything.
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
        """The columns' widths in a terminal of `room` columns; None when the numbers do not fit in it."""
        least = [self._least(number) for number in range(len(self.wishes))]
        widths = [max(low, min(wish, room)) for low, wish in zip(least, self.wishes, strict=True)]
        while sum(widths) + len(_GAP) * (len(widths) - 1) > room:
            slack = [number for number, low in enumerate(least) if widths[number] > low]
            if not slack:
                return None
            widths[max(slack, key=widths.__getitem__)] -= 1
        return widths

    def _least(self, number: int) -> int:
        """The narrowest that a column may be: numbers stay whole, a heading is broken between words."""
        word = max(map(cell_len, self._headings[number].split()), default=0)
        if self._is_number[number]:
            return max(word, self._content[number])
        return min(self.wishes[number], max(_LEAST_TEXT, min(word, self._content[number])))

    def has_longer_text(self, widths: Sequence[int]) -> bool:
        """Whether a cell is longer than its column."""
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
        """Each row as lines of a heading and a value, for a terminal that is too narrow for the columns."""
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
        return f"{value:,f}" if grouped else f"{value:f}"  # a decimal has the places that its column has
    if isinstance(value, int | float) and not isinstance(value, bool) and grouped:
        return f"{value:,}"
    return printable(value)


def _aligned(text: str, room: int, *, is_number: bool) -> str:
    blanks = " " * max(room - cell_len(text), 0)
    return blanks + text if is_number else text + blanks


def _words(text: str, room: int) -> list[str]:
    """A text in lines that are broken between words, and within a word that is longer than a line."""
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
    """A value that a program returned, for a line: a text as it is, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value)
