"""Whether a file is complete, as far as that can be told: a file of lines does not say where it ends.

One that was not written to its end mostly breaks off in the middle of a line, and is much smaller than it was the last
time. A last line without an end is looked at: its record has to be whole, and neither the file nor those beside it may
be known to end their lines. What looks incomplete is loaded only when a person says that it is meant.
"""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from schemas.formats import Delimited, Format, JsonLines
from schemas.lines import Records, line_end, lines, width_at_start
from schemas.raw import RawRecord, Rejected
from sources.files.cutting import Part
from sources.files.errors import Incomplete
from sources.files.snapshot import Snapshot

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a file of lines ends.

    Attributes:
        has_line_end: whether its last line has an end. One that is blank needs none.
        is_whole: whether the last record has all its values and keeps its contract.
    """

    has_line_end: bool
    is_whole: bool

    @classmethod
    def of_all(cls, endings: Sequence[Ending]) -> Ending | None:
        """That of a file that holds several, such as a zip; None when there is none."""
        if not endings:
            return None
        return cls(all(each.has_line_end for each in endings), all(each.is_whole for each in endings))


def check_size(file: Snapshot, size_before: int, least_share: float) -> None:
    """Raise Incomplete when a file has shrunk to less than a share of the bytes that it had before (0: none)."""
    if file.size < size_before * least_share:
        raise Incomplete(
            f"{file.uri} has {file.size:,} bytes, {file.size / size_before:.0%} of the {size_before:,} that it had "
            f"when it was landed last (less than {least_share:.0%})"
        )


def check_ending(uri: str, ending: Ending, before: Ending | None, *, others_have_line_ends: bool) -> None:
    """Raise Incomplete when a file's last line has no end, unless its record is whole and nothing speaks against it.

    Args:
        uri: the file, as it may be shown.
        ending: how it ends.
        before: how it ended when it was landed last, where that is known.
        others_have_line_ends: whether other files of the entity end their last lines.
    """
    if ending.has_line_end:
        return
    torn = f"the last line of {uri} has no line end"
    if not ending.is_whole:
        raise Incomplete(f"{torn}, and is no whole record")
    if before and before.has_line_end:
        raise Incomplete(f"{torn}; it had one when the file was landed last")
    if others_have_line_ends:
        raise Incomplete(f"{torn}; those of the files beside it have one")
    log.warning("%s. Its record is whole: the file is taken for complete", torn)


class WatchedParts:
    """Passes the parts of a file on, and remembers what tells how it ends.

    Args:
        parts: the parts, in order.
        form: how their records are written down.
        encoding: of the text; None of a document.
        model: contract of a record; None: its values are only counted.
    """

    def __init__(
        self, parts: Iterator[Part], form: Format, encoding: str | None, model: type[RawRecord] | None
    ) -> None:
        self._parts, self._form, self._encoding, self._model = parts, form, encoding, model
        self._first = self._last = b""

    def __iter__(self) -> Iterator[Part]:
        for number, part in enumerate(self._parts):
            if number == 0:
                self._first = part.body
            self._last = part.body
            yield part

    def ending(self) -> Ending | None:
        """How the file ends, once all parts were passed on; None of a document."""
        form, encoding = self._form, self._encoding
        if encoding is None or not isinstance(form, Delimited | JsonLines):
            return None
        end = line_end(encoding)
        tail = self._last[self._last.rfind(end) + len(end) :] if end in self._last else self._last
        if self._last.endswith(end) or not tail.decode(encoding, "replace").strip():
            return Ending(has_line_end=True, is_whole=True)
        content = _object(tail) if isinstance(form, JsonLines) else self._values(form, encoding)
        return Ending(has_line_end=False, is_whole=content is not None and self._keeps_contract(content))

    def _values(self, form: Delimited, encoding: str) -> dict[str, Any] | None:
        """The last record by column; None when it is unreadable, or has more or fewer values than there are columns."""
        columns = form.columns
        if form.header:
            declared = {name.casefold(): name for name in columns}
            header = next((values for values, _ in _records(self._first, form, encoding) if values), [])
            columns = tuple(declared.get(name.casefold(), name) for name in header)
        *_, (values, is_readable) = _records(self._last, form, encoding)
        if not is_readable or len(values) != len(columns):
            return None
        return {name: None if value in form.null else value for name, value in zip(columns, values, strict=True)}

    def _keeps_contract(self, content: dict[str, Any]) -> bool:
        if self._model is None:
            return True
        try:
            record = self._model.__pydantic_validator__.validate_python(content)
            for _ in record.to_rows():
                pass
        except (ValidationError, Rejected):
            return False
        return True


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        content = json.loads(line)
    except ValueError:
        return None
    return content if isinstance(content, dict) else None


def _records(body: bytes, form: Delimited, encoding: str) -> Iterator[tuple[list[str], bool]]:
    """Values of each record, and whether it is readable."""
    records = Records(lines(io.BytesIO(body), encoding), form, encoding, width_at_start(form))
    for values in records:
        yield values, records.flaw is None
