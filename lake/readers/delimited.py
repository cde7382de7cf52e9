"""Records in delimited text."""

from __future__ import annotations

from collections import Counter
from typing import IO

from pydantic import ValidationError

from lake.readers.base import Read, Reader
from lake.records import Bad, bad_record, unreadable
from schemas.formats import Delimited
from schemas.lines import LineTooLong, Records, UnknownEncoding, encoding_of, line_end, lines, width_at_start
from schemas.raw import RawRecord


class DelimitedReader(Reader):
    """Reads delimited text as its format declares it; a line that doesn't fit is one bad record.

    A record's bytes are its lines without the last line end.
    """

    def __init__(self, model: type[RawRecord], form: Delimited) -> None:
        super().__init__(model)
        self._form = form
        self._validate = model.__pydantic_validator__.validate_python
        self.begin()

    def begin(self) -> None:
        """Start a new file, with its own byte order mark, encoding and header."""
        self.head = b""
        self._encoding = ""
        self._lines_before = 0
        self._columns = self._form.columns
        self._width = width_at_start(self._form)
        self._awaits_header = self._form.header
        self._bad_header: Bad | None = None

    def read(self, body: IO[bytes]) -> Read:
        """The records of a file or of its next part."""
        if not self._encoding:
            try:
                self._start(body)
            except UnknownEncoding as error:
                yield body.read(), unreadable("unknown_encoding", str(error))
                return
        records = Records(lines(body, self._encoding), self._form, self._encoding, self._width)
        try:
            for values in records:
                if not values and not records.flaw:
                    continue
                self.line = self._lines_before + records.line
                if self._awaits_header:
                    self._take_header(values, records)
                else:
                    yield self._verbatim(records), self._record(values, records.flaw)
        except LineTooLong as error:
            self.line = self._lines_before + records.line
            yield b"", unreadable("line_too_long", f"{error}; nothing after it can be read")
        self._lines_before += records.line - 1
        self._width = records.width

    def _start(self, body: IO[bytes]) -> None:
        """Detect the encoding and skip the byte order mark."""
        self._encoding, mark = encoding_of(body.read(4), self._form.encoding)
        self._line_feed = line_end(self._encoding)
        self._carriage_return = "\r".encode(self._encoding)
        self.head = mark
        body.seek(len(mark))

    def _take_header(self, values: list[str], records: Records) -> None:
        """Read the columns from the header. If the header is bad, every record of the file is bad."""
        self._awaits_header = False
        self.head += b"".join(records.lines)
        declared = {name.casefold(): name for name in self._form.columns}
        self._columns = tuple(declared.get(name.casefold(), name) for name in values)
        repeated = [name for name, count in Counter(self._columns).items() if count > 1]
        if records.flaw:
            self._bad_header = unreadable("bad_header", f"the header cannot be read: {records.flaw[1]}")
        elif repeated:
            self._bad_header = unreadable("bad_header", f"the header names {', '.join(repeated)} more than once")

    def _record(self, values: list[str], flaw: tuple[str, str] | None) -> RawRecord | Bad:
        if flaw:
            return unreadable(*flaw)
        if self._bad_header:
            return self._bad_header
        columns = self._columns
        null = self._form.null
        if len(values) != len(columns):
            kind = "too_few_columns" if len(values) < len(columns) else "too_many_columns"
            return unreadable(kind, f"{len(values)} values for the {len(columns)} columns {', '.join(columns)}")
        content: dict[str, str | None] = dict(zip(columns, values, strict=True))
        if not null.isdisjoint(values):
            content = {name: None if value in null else value for name, value in content.items()}
        try:
            record: RawRecord = self._validate(content)
        except ValidationError as error:
            return bad_record(content, error, self.model)
        return record

    def _verbatim(self, records: Records) -> bytes:
        text = records.lines[0] if len(records.lines) == 1 else b"".join(records.lines)
        return text.removesuffix(self._line_feed).removesuffix(self._carriage_return)
