"""The records of JSON files: by the columns' names (`auto`), by jsonpaths, or whole (`noshred`).

Source: https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-format.html#copy-json
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Generator, Sequence
from typing import Any, BinaryIO

from ..errors import LoadError, Rejection
from .columns import Column
from .copy_command import CopyCommand
from .delimited import MAX_RECORD, accepted, reader_of, wrong_encoding
from .objects import ObjectStore
from .records import BrokenRecord, Fields, Record, failed

_CHUNK = 256 * 1024
_STEP = re.compile(r"\.([A-Za-z_][\w-]*)|\[\s*(?:'([^']*)'|\"([^\"]*)\"|(\d+))\s*\]")
_BLANKS = re.compile(r"\s*")
_TAIL = 16
"""An error this close to the end of what was read may be a token that goes on."""

Shred = Callable[[Any], "Fields | BrokenRecord"]
Convert = Callable[[Any], "str | None"]


class _Number(float):
    """A number with a fraction, and its text: a DECIMAL must not pass through a binary fraction."""

    text: str

    def __new__(cls, text: str) -> _Number:
        number = super().__new__(cls, text)
        number.text = text
        return number


_DECODER = json.JSONDecoder(parse_float=_Number)


def shredder(command: CopyCommand, columns: Sequence[Column], store: ObjectStore) -> Shred:
    """How a JSON value becomes the fields of a record.

    Raises:
        LoadError: the jsonpaths file is missing, not valid, or does not have a path for each column.
    """
    mode = command.json_paths.lower()
    if mode == "noshred":
        if [column.kind for column in columns] != ["jsonb"]:
            raise LoadError("COPY with JSON 'noshred' needs a table with one column, of type SUPER")
        return lambda value: [_json(value)]
    if mode in ("auto", "auto ignorecase"):
        return _by_names([(column.name, _converter(column)) for column in columns], ignore_case=mode != "auto")
    paths = _paths(store, command, len(columns))
    return _by_paths([(path, _converter(column)) for path, column in zip(paths, columns, strict=True)])


def _by_names(targets: list[tuple[str, Convert]], *, ignore_case: bool) -> Shred:
    def shred(value: Any) -> Fields | BrokenRecord:
        if not isinstance(value, dict):
            return BrokenRecord(1216, "Invalid JSON: COPY 'auto' needs objects, not arrays or scalars")
        values = {key.lower(): item for key, item in value.items()} if ignore_case else value
        return [convert(values.get(name)) for name, convert in targets]

    return shred


def _by_paths(targets: list[tuple[list[str | int], Convert]]) -> Shred:
    def shred(value: Any) -> Fields | BrokenRecord:
        if not isinstance(value, (dict, list)):
            return BrokenRecord(1216, "Invalid JSON: a record must be an object or an array")
        return [convert(_follow(value, path)) for path, convert in targets]

    return shred


def _follow(value: Any, path: list[str | int]) -> Any:
    for step in path:
        if isinstance(step, int) and isinstance(value, list) and step < len(value):
            value = value[step]
        elif isinstance(step, str) and isinstance(value, dict):
            value = value.get(step)
        else:
            return None
    return value


def _paths(store: ObjectStore, command: CopyCommand, columns: int) -> list[list[str | int]]:
    uri = command.json_paths
    try:
        with store.open(uri) as stream:
            expressions = json.loads(stream.read(MAX_RECORD))["jsonpaths"]
    except (ValueError, KeyError, TypeError) as error:
        raise LoadError(
            f"Invalid JSONPaths file {uri}: it must be an object with the array 'jsonpaths'", uri
        ) from error
    if not isinstance(expressions, list) or not all(isinstance(expression, str) for expression in expressions):
        raise LoadError(f"Invalid JSONPaths file {uri}: 'jsonpaths' must be an array of strings", uri)
    if len(expressions) != columns:
        raise LoadError(
            "Number of jsonpaths and the number of columns should match. "
            f"JSONPath size: {len(expressions)}, Number of columns in table or column list: {columns}",
            uri,
        )
    return [_steps(expression, uri) for expression in expressions]


def _steps(expression: str, uri: str) -> list[str | int]:
    steps: list[str | int] = []
    at = 1
    while at < len(expression) and (match := _STEP.match(expression, at)):
        name = match[1] or match[2] or match[3]
        steps.append(int(match[4]) if match[4] else name or "")
        at = match.end()
    if not expression.startswith("$") or at != len(expression):
        notations = "Supported notations are 'dot-notation' and 'bracket-notation'"
        raise LoadError(f"Invalid JSONPath format. {notations}: {expression}", uri)
    return steps


def records(stream: BinaryIO, command: CopyCommand, uri: str, shred: Shred) -> Generator[Record, None, None]:
    """The records of a file: JSON values in a row, with any white space in between. Memory is bounded.

    Raises:
        LoadError: the file has another encoding, or a record over 4 MB.
    """
    text = reader_of(stream, command)
    buffer = ""
    line = 1
    at = 0
    try:
        is_at_end = False
        while True:
            start = _after_blanks(buffer, at)
            line += buffer.count("\n", at, start)
            at = start
            try:
                value, end = _DECODER.raw_decode(buffer, at) if at < len(buffer) else (None, at)
            except (ValueError, RecursionError) as error:
                value, end = error, at
            is_complete = end > at and (end < len(buffer) or is_at_end)
            if not is_complete and not is_at_end and _may_go_on(value, buffer, at):
                chunk = text.read(max(_CHUNK, len(buffer) - at))
                is_at_end = not chunk
                buffer = buffer[at:] + accepted(chunk, command)
                at = 0
                continue
            if at >= len(buffer):
                return
            if end == at:
                raw, end = _broken_line(buffer, at, command, uri, line)
                yield line, raw, BrokenRecord(1216, f"Invalid JSON: {value}")
            else:
                yield line, buffer[at : min(end, at + 1024)], shred(value)
            line += buffer.count("\n", at, end)
            at = end
    except UnicodeError as error:
        raise wrong_encoding(command, uri) from error
    finally:
        text.detach()  # the caller closes the stream


def _after_blanks(buffer: str, at: int) -> int:
    match = _BLANKS.match(buffer, at)
    return match.end() if match else at


def _may_go_on(value: Any, buffer: str, at: int) -> bool:
    """Whether the record may be valid with the text that follows."""
    if len(buffer) - at >= MAX_RECORD:
        return False
    if not isinstance(value, json.JSONDecodeError):
        return True
    return value.msg.startswith("Unterminated string") or value.pos >= len(buffer) - _TAIL


def _broken_line(buffer: str, at: int, command: CopyCommand, uri: str, line: int) -> tuple[str, int]:
    """The line that is not JSON, and where the next record may begin."""
    if len(buffer) - at >= MAX_RECORD:
        raise failed(command.table, [Rejection(1216, "JSON object exceeds the maximum of 4 MB", uri, line)])
    end = buffer.find("\n", at)
    end = len(buffer) if end < 0 else end
    return buffer[at : min(end, at + 1024)], max(end, at + 1)


def _converter(column: Column) -> Convert:
    return _json if column.kind == "jsonb" else _text


def _json(value: Any) -> str | None:
    """A JSON value as SUPER's text."""
    return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _text(value: Any) -> str | None:
    """A JSON value as a field's text."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, _Number):
        return value.text
    return None if value is None else str(value)
