"""Cuts a file into parts between its records; put together, the parts are the file, byte for byte.

The cuts depend only on the file's bytes and the size of a part, so an interrupted landing can be resumed.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from schemas.formats import Delimited, Format, JsonLines
from schemas.lines import (
    LONGEST_LINE,
    LineTooLong,
    Records,
    encoding_of,
    is_blank,
    line_end,
    lines,
    width_at_start,
)
from sources.files.errors import TooLarge
from sources.files.limits import Limits


@dataclass(frozen=True, slots=True)
class Part:
    """Some records of a file.

    Attributes:
        body: their bytes, as they are in the file.
        records: their number; None for a document, which the source doesn't parse.
    """

    body: bytes
    records: int | None


def parts(stream: IO[bytes], form: Format, limits: Limits) -> tuple[str | None, Iterator[Part]]:
    """The encoding of a file of lines (None for a document), and its parts; an empty file has one part.

    Args:
        stream: the file's bytes; `read` must return as many as requested, and `peek` at least four.
        form: the format of its records.
        limits: how large a part and a document may be.

    Raises:
        schemas.lines.UnknownEncoding: the encoding of the text is unknown.
        schemas.lines.LineTooLong: while iterating: a line seems never to end.
        TooLarge: while iterating: a document is too large for memory.
    """
    if not isinstance(form, Delimited | JsonLines):
        return None, _document(stream, limits.document_bytes)
    declared = form.encoding if isinstance(form, Delimited) else "utf-8"
    start = stream.peek(4)[:4]  # type: ignore[attr-defined]
    encoding, mark = encoding_of(start, declared)
    if isinstance(form, Delimited) and not form.is_line_a_record:
        return encoding, _quoted(stream, form, encoding, mark, limits.part_bytes)
    return encoding, _plain(stream, form, encoding, mark, limits.part_bytes)


def _document(stream: IO[bytes], most: int) -> Iterator[Part]:
    body = stream.read(most + 1)
    if len(body) > most:
        raise TooLarge(
            f"the document is larger than {most:,} bytes and cannot be cut: ask the sender for a file of lines"
        )
    yield Part(body, None)


def _plain(stream: IO[bytes], form: Delimited | JsonLines, encoding: str, mark: bytes, size: int) -> Iterator[Part]:
    """Parts of a file with one record per line; blank lines are not records."""
    headers = _headers(form)
    is_empty = True
    for body in _bodies(stream, line_end(encoding), size):
        text = io.BytesIO(body)
        text.seek(len(mark) if is_empty else 0)
        count = sum(not _is_blank(line, form, encoding) for line in lines(text, encoding))
        yield Part(body, max(count - headers, 0))
        headers = max(headers - count, 0)
        is_empty = False
    if is_empty:
        yield Part(b"", 0)


def _bodies(stream: IO[bytes], end: bytes, size: int) -> Iterator[bytes]:
    """The file in blocks of whole lines."""
    rest = b""
    while block := stream.read(size):
        body = rest + block
        at = _last_line_end(body, end)
        if at:
            yield body[:at]
        rest = body[at:]
        if len(rest) > LONGEST_LINE:
            raise LineTooLong
    if rest:
        yield rest


def _last_line_end(body: bytes, end: bytes) -> int:
    """Where the last whole line ends, or 0. A line end counts only at the position of a character."""
    at = body.rfind(end)
    while at > 0 and at % len(end):
        at = body.rfind(end, 0, at + len(end) - 1)
    return at + len(end) if at >= 0 else 0


def _is_blank(line: bytes, form: Delimited | JsonLines, encoding: str) -> bool:
    return not line.strip(b" \t\r\n") if isinstance(form, JsonLines) else is_blank(line, encoding)


def _headers(form: Delimited | JsonLines) -> int:
    return int(isinstance(form, Delimited) and form.header)


def _quoted(stream: IO[bytes], form: Delimited, encoding: str, mark: bytes, size: int) -> Iterator[Part]:
    """Parts of a file whose values may extend over several lines."""
    body = bytearray(stream.read(len(mark)))
    headers = _headers(form)
    count = 0
    is_empty = True
    records = Records(lines(stream, encoding), form, encoding, width_at_start(form))
    for values in records:
        body += b"".join(records.lines)
        count += bool(values or records.flaw)
        if len(body) >= size:
            yield Part(bytes(body), max(count - headers, 0))
            headers = max(headers - count, 0)
            count = 0
            is_empty = False
            body.clear()
    if body or is_empty:
        yield Part(bytes(body), max(count - headers, 0))
