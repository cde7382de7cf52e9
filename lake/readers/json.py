"""Records in JSON: pages, single records, arrays, and JSON Lines."""

from __future__ import annotations

import codecs
from typing import IO

from pydantic import ValidationError

from lake.readers import split
from lake.readers.base import Read, Reader
from lake.records import bad_json, unreadable
from schemas.formats import Json
from schemas.raw import RawRecord


class JsonReader(Reader):
    """Reads whole documents. A document that cannot be split into records is one bad record."""

    is_json = True

    def __init__(self, model: type[RawRecord], form: Json) -> None:
        super().__init__(model)
        self._form = form

    def read(self, body: IO[bytes]) -> Read:
        """The records of a document."""
        text = body.read().removeprefix(codecs.BOM_UTF8)
        try:
            records = split.records_of(text, self._form)
        except split.NotJson as error:
            yield text, unreadable("malformed_json", str(error))
            return
        except split.ErrorBody as error:
            yield text, unreadable("error_body", str(error))
            return
        validate = self.model.__pydantic_validator__.validate_json
        for record in records:
            try:
                yield record, validate(record)
            except ValidationError as error:
                yield record, bad_json(record, error, self.model)


class JsonLinesReader(Reader):
    """Reads one record from every line that isn't blank."""

    is_json = True

    def begin(self) -> None:
        """Start a new file at line 1."""
        self._next = 1

    def read(self, body: IO[bytes]) -> Read:
        """The records of a file or of its next part."""
        validate = self.model.__pydantic_validator__.validate_json
        for line in body:
            record = line.removeprefix(codecs.BOM_UTF8) if self._next == 1 else line
            self.line = self._next
            self._next += 1
            record = record.strip(split.BLANK)
            if not record:
                continue
            try:
                yield record, validate(record)
            except ValidationError as error:
                yield record, bad_json(record, error, self.model)
