"""Whether a file ends as a finished one does: with a line end, or at least with a whole record.

Nothing in a file of lines says that it is complete. One that is still being written mostly breaks off in the middle of
a line, so a last line without an end is looked at: its record has to be whole, and such files must be the source's way.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import ValidationError

from schemas.formats import Delimited, JsonLines
from schemas.lines import Records, line_end, lines, width_at_start
from schemas.raw import RawRecord, Rejected
from sources.files.cutting import Part


@dataclass(frozen=True, slots=True)
class Ending:
    """How a file of lines ends.

    Attributes:
        has_line_end: whether its last line has an end. One that is blank needs none.
        is_whole: whether the last record has all its values and keeps its contract.
    """

    has_line_end: bool
    is_whole: bool


class Watched:
    """Passes the parts of a file of lines on, and remembers what tells how it ends.

    Args:
        parts: the parts, in order.
        form: how their records are written down.
        encoding: of the text.
        model: contract of a record; None: its values are only counted.
    """

    def __init__(
        self, parts: Iterator[Part], form: Delimited | JsonLines, encoding: str, model: type[RawRecord] | None
    ) -> None:
        self._parts, self._form, self._encoding, self._model = parts, form, encoding, model
        self._first = self._last = b""

    def __iter__(self) -> Iterator[Part]:
        for number, part in enumerate(self._parts):
            if number == 0:
                self._first = part.body
            self._last = part.body
            yield part

    def ending(self) -> Ending:
        """How the file ends, once all parts were passed on."""
        end = line_end(self._encoding)
        tail = self._last[self._last.rfind(end) + len(end) :] if end in self._last else self._last
        if self._last.endswith(end) or not tail.decode(self._encoding, "replace").strip():
            return Ending(True, True)
        is_whole = self._is_whole_json if isinstance(self._form, JsonLines) else self._is_whole_line
        return Ending(False, is_whole(tail))

    def _is_whole_json(self, tail: bytes) -> bool:
        try:
            content = json.loads(tail)
        except ValueError:
            return False
        return isinstance(content, dict) and self._keeps_contract(content)

    def _is_whole_line(self, tail: bytes) -> bool:
        form = self._form
        assert isinstance(form, Delimited)
        columns = form.columns
        if form.header:
            declared = {name.casefold(): name for name in columns}
            header = next((values for values, _ in self._records(self._first) if values), [])
            columns = tuple(declared.get(name.casefold(), name) for name in header)
        values, flaw = list(self._records(self._last))[-1]
        if flaw or len(values) != len(columns):
            return False
        return self._keeps_contract(
            {name: None if value in form.null else value for name, value in zip(columns, values, strict=True)}
        )

    def _records(self, body: bytes) -> Iterator[tuple[list[str], bool]]:
        """Values of each record, and whether it is unreadable."""
        form = self._form
        assert isinstance(form, Delimited)
        records = Records(lines(io.BytesIO(body), self._encoding), form, self._encoding, width_at_start(form))
        for values in records:
            yield values, records.flaw is not None

    def _keeps_contract(self, content: dict[str, object]) -> bool:
        if self._model is None:
            return True
        try:
            record = self._model.__pydantic_validator__.validate_python(content)
            for _ in record.to_rows():
                pass
        except (ValidationError, Rejected):
            return False
        return True
