"""Reads the records of a raw object, whatever holds them: a page, one record, a JSON array, JSON Lines.

A page is validated whole, in one call into pydantic-core, because that is the fastest; a bad record in it becomes a gap
there, and only for the gaps are the record's own bytes looked up and its errors found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, TypeAdapter, ValidationError, create_model
from pydantic_core import CoreSchema, core_schema

from lake import split
from schemas.raw import RawRecord, json_path
from schemas.source import Envelope
from schemas.types import Opaque

WHOLE_PAGE_LIMIT = 32 * 2**20
"""Bytes up to which a page or array is validated in one go; above, its records are taken one by one, for memory."""
_MOST_ERRORS = 25
_LONGEST_MESSAGE = 300
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class RecordError:
    """One reason why a record was rejected.

    Attributes:
        path: JSON path in the record, or `table.column` when the curated contract was broken.
        type: short snake_case name, pydantic's where it has one.
        message: the reason in words.
    """

    path: str
    type: str
    message: str


@dataclass(frozen=True, slots=True)
class Bad:
    """A record that broke the raw contract, verbatim."""

    verbatim: bytes
    errors: tuple[RecordError, ...]


class _Gap:
    """Turns what does not validate into None, in pydantic-core."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_default_schema(handler(source), default=None, on_error="default")


class _Page(BaseModel):
    """The top of a raw object, as far as it tells what the object is."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)


@cache
def _page_of(model: type[RawRecord], envelope: Envelope) -> type[_Page]:
    outer, inner = envelope.collection
    record = Annotated[model, _Gap]
    collection = create_model("_Collection", __base__=_Page, records=(list[record] | None, Field(None, alias=inner)))  # type: ignore[valid-type]
    marks = {
        f"mark_{mark}": (Opaque, Field(None, alias=mark))
        for mark in (*envelope.page_marks, *envelope.error_marks, envelope.record_mark)
    }
    held = (Annotated[collection | None, _Gap], Field(None, alias=outer))
    return create_model("_RecordsPage", __base__=_Page, collection=held, **marks)  # type: ignore[call-overload,no-any-return]


@cache
def _array_of(model: type[RawRecord]) -> TypeAdapter[list[RawRecord | None]]:
    return TypeAdapter(list[Annotated[model, _Gap]])  # type: ignore[valid-type]


class ObjectRecords:
    """The records of one raw object, in order.

    Iterating yields a raw record, or a `Bad` one; `verbatim` gives the bytes of a record that turns out to be
    bad only later.
    """

    def __init__(self, body: bytes, model: type[RawRecord], envelope: Envelope) -> None:
        self._body = body.removeprefix(_BYTE_ORDER_MARK)
        self._model = model
        self._envelope = envelope
        self._path: tuple[str, ...] | None = None
        self._texts: list[bytes] | None = None

    def __iter__(self) -> Iterator[RawRecord | Bad]:
        start = self._body.lstrip()[:1]
        if start == b"[":
            yield from self._array()
        elif start == b"{":
            yield from self._object()
        else:
            yield self._malformed("neither a JSON object nor a JSON array")

    def verbatim(self, index: int) -> bytes:
        """The bytes of the record at an index, exactly as they came."""
        if self._texts is None:
            self._texts = [self._body] if self._path is None else split.elements(self._body, self._path)
        return self._texts[index]

    def _malformed(self, message: str) -> Bad:
        return Bad(self._body, (RecordError("$", "malformed_json", message),))

    def _array(self) -> Iterator[RawRecord | Bad]:
        self._path = ()
        try:
            whole = _array_of(self._model).validate_json(self._body) if self._is_small() else None
        except ValidationError:  # it is not JSON throughout: find the records that are
            whole = None
        yield from self._filled(whole) if whole is not None else self._one_by_one()

    def _object(self) -> Iterator[RawRecord | Bad]:
        """A page, an error, a record alone, or JSON Lines."""
        envelope = self._envelope
        if not self._is_small():
            yield from self._broken_or_large()
            return
        try:
            page: Any = _page_of(self._model, envelope).model_validate_json(self._body)
        except ValidationError:
            yield from self._broken_or_large()
            return
        seen = {name.removeprefix("mark_") for name in page.model_fields_set}
        if page.collection is not None and page.collection.records is not None:
            self._path = envelope.collection
            yield from self._filled(page.collection.records)
        elif seen & envelope.error_marks and envelope.record_mark not in seen:
            error = RecordError("$", "error_body", "an error of the source, not a record")
            yield Bad(self._body, (error,))
        elif envelope.record_mark in seen or not seen & envelope.page_marks:
            yield self._record(self._body)

    def _filled(self, records: list[RawRecord | None]) -> Iterator[RawRecord | Bad]:
        """Records of a page that was validated whole, with its gaps looked into."""
        for index, record in enumerate(records):
            yield self._record(self.verbatim(index)) if record is None else record

    def _one_by_one(self) -> Iterator[RawRecord | Bad]:
        """Records of a list that is not JSON throughout, or is too large to hold."""
        try:
            self._texts = split.elements(self._body, self._path or ())
        except split.Unbalanced as error:
            self._path = None
            yield self._malformed(str(error))
            return
        for text in self._texts:
            yield self._record(text)

    def _broken_or_large(self) -> Iterator[RawRecord | Bad]:
        """An object that is not one JSON document throughout, or is too large to hold."""
        if lines := self._lines():
            self._texts = lines
            for line in lines:
                yield self._record(line)
        elif split.is_closed(self._body):
            try:
                split.elements(self._body, self._envelope.collection)
            except split.Unbalanced:
                yield self._record(self._body)
            else:
                self._path = self._envelope.collection
                yield from self._one_by_one()
        else:
            yield self._malformed("it ends before it is complete, or is no JSON")

    def _lines(self) -> list[bytes]:
        """The lines, when the body is JSON Lines; any line but the first, or any but the last, may be broken."""
        lines = [line for line in self._body.splitlines() if line.strip()]
        if len(lines) < 2:
            return []
        broken_first = all(line.lstrip().startswith(b"{") for line in lines) and split.is_closed(lines[-1])
        return lines if split.is_closed(lines[0]) or broken_first else []

    def _record(self, text: bytes) -> RawRecord | Bad:
        try:
            return self._model.model_validate_json(text)
        except ValidationError as error:
            return Bad(text, record_errors(error))

    def _is_small(self) -> bool:
        return len(self._body) <= WHOLE_PAGE_LIMIT


def record_errors(error: ValidationError, table: str | None = None) -> tuple[RecordError, ...]:
    """pydantic's errors as ours, without the values; with a table, the paths are its columns.

    The number and the length are bounded, because a hostile record can make both as large as it likes.
    """
    details = error.errors(include_url=False, include_input=False, include_context=False)[:_MOST_ERRORS]
    return tuple(
        RecordError(
            ".".join((table, *map(str, each["loc"]))) if table else json_path(*each["loc"]),
            "malformed_json" if each["type"] == "json_invalid" else each["type"],
            each["msg"][:_LONGEST_MESSAGE],
        )
        for each in details
    )
