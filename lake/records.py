"""Reads the records of a raw object, whatever holds them: a page, one record, a JSON array, JSON Lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import ValidationError

from lake import split
from schemas.raw import RawRecord, json_path
from schemas.source import Envelope

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
    """A record that broke the raw contract."""

    errors: tuple[RecordError, ...]


def read(body: bytes, model: type[RawRecord], envelope: Envelope) -> Iterator[tuple[bytes, RawRecord | Bad]]:
    """The records of a raw object, in order: the bytes of each, exactly as they came, and what they say.

    An object that cannot be taken apart is one bad record.
    """
    body = body.removeprefix(_BYTE_ORDER_MARK)
    try:
        texts = split.records_of(body, envelope)
    except split.NotJson as error:
        yield body, Bad((RecordError("$", "malformed_json", str(error)),))
        return
    except split.ErrorBody as error:
        yield body, Bad((RecordError("$", "error_body", str(error)),))
        return
    validate = model.__pydantic_validator__.validate_json
    for text in texts:
        try:
            yield text, validate(text)
        except ValidationError as error:
            yield text, Bad(record_errors(error))


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
