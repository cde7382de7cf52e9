"""Parses the text of COPY into plain data. Unknown options are errors.

Source: https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ..errors import RefusedByRedshift
from ..translator.reader import Reader
from . import text_options
from .credentials import CredentialClauses, Credentials

COLUMNAR = ("PARQUET", "ORC")
_MOST_ERRORS = 100_000


@dataclass(slots=True)
class CopyCommand:
    """COPY table [(columns)] FROM 's3://…'.

    Attributes:
        unsupported: A clause that Redshift has and the stand-in does not; empty if there is none.
    """

    table: str
    columns: list[str]
    source: str
    format: str = "TEXT"
    credentials: Credentials = ""
    manifest: bool = False
    json_paths: str = "auto"
    compression: str = ""
    delimiter: str = ""
    widths: list[tuple[str, int]] = field(default_factory=list)
    header_lines: int = 0
    ignore_blank_lines: bool = False
    escape: bool = False
    remove_quotes: bool = False
    fill_record: bool = False
    trim_blanks: bool = False
    empty_as_null: bool = False
    blanks_as_null: bool = False
    truncate_columns: bool = False
    round_decimals: bool = False
    explicit_ids: bool = False
    serialize_to_json: bool = False
    accept_any_date: bool = False
    replacement: str = ""
    date_format: str = ""
    time_format: str = ""
    encoding: str = "utf-8"
    null_as: str | None = "\\N"
    quote: str = ""
    max_error: int = 0
    no_load: bool = False
    update_statistics: bool = False
    words: set[str] = field(default_factory=set)
    unsupported: str = ""


_FLAGS = {
    "MANIFEST": "manifest", "EMPTYASNULL": "empty_as_null", "BLANKSASNULL": "blanks_as_null",
    "TRUNCATECOLUMNS": "truncate_columns", "ROUNDEC": "round_decimals", "ESCAPE": "escape",
    "REMOVEQUOTES": "remove_quotes", "FILLRECORD": "fill_record", "IGNOREBLANKLINES": "ignore_blank_lines",
    "TRIMBLANKS": "trim_blanks", "EXPLICIT_IDS": "explicit_ids", "SERIALIZETOJSON": "serialize_to_json",
    "NOLOAD": "no_load", "ACCEPTANYDATE": "accept_any_date",
}  # fmt: skip
_COMPRESSIONS = ("GZIP", "BZIP2", "ZSTD", "LZOP")
_ENCODINGS = {
    "UTF8": "utf-8", "UTF-8": "utf-8", "UTF16": "utf-16", "UTF16LE": "utf-16-le", "UTF16BE": "utf-16-be",
    "ISO88591": "iso-8859-1",
}  # fmt: skip


def _format(reader: Reader, command: CopyCommand) -> bool:
    is_named = reader.accept("FORMAT")
    if is_named:
        reader.accept("AS")
    word = reader.accept_any("PARQUET", "CSV", "JSON", "ORC", "AVRO", "SHAPEFILE")
    if word is None:
        if is_named:
            raise reader.error("expected a format")
        return False
    if command.format != "TEXT":
        raise RefusedByRedshift(f"COPY: {command.format} and {word} cannot be used together")
    command.format = word
    if word in ("JSON", "AVRO"):
        reader.accept("AS")
        command.json_paths = reader.string() if text_options.at_string(reader) else "auto"
    if word in ("AVRO", "SHAPEFILE"):
        command.unsupported = f"COPY of {word}"
    if word == "SHAPEFILE" and reader.accept("SIMPLIFY"):
        reader.accept("AUTO")
        if not reader.done and reader.tokens[reader.at].kind == "number":
            reader.next()
    return True


def _quote(reader: Reader, command: CopyCommand) -> None:
    reader.accept("AS")
    command.quote = reader.string()
    if len(command.quote) != 1:
        raise RefusedByRedshift("QUOTE must be a single character")


def _encoding(reader: Reader, command: CopyCommand) -> None:
    reader.accept("AS")
    name = reader.string() if text_options.at_string(reader) else reader.next().text
    if not text_options.at_string(reader) and reader.accept("-"):
        name += f"-{reader.next().text}"
    if name.upper() not in _ENCODINGS:
        raise RefusedByRedshift(f"encoding {name} is not supported; use UTF8, UTF16, UTF16LE, UTF16BE or ISO88591")
    command.encoding = _ENCODINGS[name.upper()]


def _replacement(reader: Reader, command: CopyCommand) -> None:
    reader.accept("AS")
    command.replacement = reader.string() if text_options.at_string(reader) else "?"
    if len(command.replacement) != 1 or not command.replacement.isascii() or command.replacement == text_options.NUL:
        raise RefusedByRedshift("ACCEPTINVCHARS: the replacement must be one ASCII character other than NUL")


def _max_error(reader: Reader, command: CopyCommand) -> None:
    reader.accept("AS")
    command.max_error = reader.integer()
    if not 0 <= command.max_error <= _MOST_ERRORS:
        raise RefusedByRedshift(f"MAXERROR must be between 0 and {_MOST_ERRORS}")


def _header(reader: Reader, command: CopyCommand) -> None:
    reader.accept("AS")
    command.header_lines = reader.integer()
    if command.header_lines < 0:
        raise RefusedByRedshift("IGNOREHEADER must not be negative")


def _statistics(reader: Reader, command: CopyCommand) -> None:
    command.update_statistics = reader.accept_any("ON", "OFF", "TRUE", "FALSE") not in ("OFF", "FALSE")


def _encrypted(_reader: Reader, command: CopyCommand) -> None:
    command.unsupported = "COPY of files that were encrypted on the client's side (ENCRYPTED)"


def _ssh(_reader: Reader, command: CopyCommand) -> None:
    command.unsupported = "COPY from a remote host (SSH)"


def _region(reader: Reader, _command: CopyCommand) -> None:
    reader.accept("AS")
    reader.string()


def _number(reader: Reader, _command: CopyCommand) -> None:
    reader.accept("AS")
    reader.integer()


def _compression_update(reader: Reader, _command: CopyCommand) -> None:
    reader.accept_any("ON", "OFF", "TRUE", "FALSE", "PRESET")


def _date_format(reader: Reader) -> str:
    reader.accept("AS")
    return reader.string()


_OPTIONS: dict[str, Callable[[Reader, CopyCommand], None]] = {
    "DELIMITER": lambda reader, command: setattr(command, "delimiter", text_options.delimiter(reader)),
    "FIXEDWIDTH": lambda reader, command: setattr(command, "widths", text_options.widths(reader)),
    "NULL": lambda reader, command: setattr(command, "null_as", text_options.null_string(reader)),
    "DATEFORMAT": lambda reader, command: setattr(command, "date_format", _date_format(reader)),
    "TIMEFORMAT": lambda reader, command: setattr(command, "time_format", _date_format(reader)),
    "REGION": _region, "COMPUPDATE": _compression_update, "COMPROWS": _number, "READRATIO": _number,
    "QUOTE": _quote, "ENCODING": _encoding, "ACCEPTINVCHARS": _replacement, "MAXERROR": _max_error,
    "IGNOREHEADER": _header, "STATUPDATE": _statistics, "ENCRYPTED": _encrypted, "SSH": _ssh,
}  # fmt: skip


def _option(reader: Reader, command: CopyCommand) -> None:
    if flag := reader.accept_any(*_FLAGS):
        setattr(command, _FLAGS[flag], True)
        command.words.add(flag)
    elif compression := reader.accept_any(*_COMPRESSIONS):
        if command.compression:
            raise RefusedByRedshift("COPY: only one compression can be used")
        command.compression = compression
        command.words.add(compression)
    elif word := reader.accept_any(*_OPTIONS):
        command.words.add(word)
        _OPTIONS[word](reader, command)
    else:
        raise text_options.unknown(reader)


_OF_TEXT = frozenset({"DELIMITER", "ESCAPE", "REMOVEQUOTES", "FIXEDWIDTH"})
_NOT_WITH = {
    "CSV": _OF_TEXT - {"DELIMITER"},
    "JSON": _OF_TEXT | {"FILLRECORD", "IGNOREBLANKLINES", "IGNOREHEADER", "NULL", "READRATIO", "QUOTE"},
    "AVRO": _OF_TEXT | {"FILLRECORD", "IGNOREBLANKLINES", "IGNOREHEADER", "NULL", "READRATIO", "QUOTE", "ENCODING"},
    "TEXT": frozenset({"QUOTE", "SERIALIZETOJSON"}),
    "SHAPEFILE": frozenset(),
}
_WITH_COLUMNAR = frozenset(
    {"FILLRECORD", "STATUPDATE", "MANIFEST", "EXPLICIT_IDS", "SERIALIZETOJSON", "ACCEPTINVCHARS"}
)
"""The options that COPY supports for columnar files.

Source: https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-columnar.html
"""


def _check(command: CopyCommand) -> None:
    words = command.words - ({"MAXERROR"} if command.max_error == 0 else set())
    if command.format in COLUMNAR:
        for word in sorted(words - _WITH_COLUMNAR - {"ENCRYPTED"}):
            raise RefusedByRedshift(f"{word} argument is not supported for {command.format} based COPY")
        return
    for word in sorted(words & _NOT_WITH[command.format]):
        name = "delimited text" if command.format == "TEXT" else command.format
        raise RefusedByRedshift(f"{word} is not compatible with {name}")
    if command.widths and words & {"DELIMITER", "ESCAPE", "REMOVEQUOTES", "IGNOREHEADER"}:
        raise RefusedByRedshift("FIXEDWIDTH cannot be used with DELIMITER, ESCAPE, REMOVEQUOTES or IGNOREHEADER")
    if command.quote and command.quote == command.delimiter:
        raise RefusedByRedshift("COPY quote and delimiter must be different")
    command.quote = command.quote or '"'
    command.null_as = None if command.format == "JSON" else command.null_as
    command.delimiter = command.delimiter or ("," if command.format == "CSV" else "|")


def _check_source(command: CopyCommand) -> None:
    scheme = command.source.partition("://")[0].lower()
    if scheme in ("dynamodb", "emr"):
        command.unsupported = f"COPY from {'DynamoDB' if scheme == 'dynamodb' else 'Amazon EMR'}"
    if scheme == "dynamodb" and "READRATIO" not in command.words:
        raise RefusedByRedshift("READRATIO is required for COPY from DynamoDB")
    if command.compression == "LZOP":
        command.unsupported = "COPY of LZOP files"
    if not command.unsupported and scheme != "s3":
        raise RefusedByRedshift(f"'{command.source}' is not a valid data source: COPY reads from s3://bucket/key")


def parse_copy(sql: str) -> CopyCommand:
    """Parses COPY.

    Raises:
        RefusedByRedshift: There are no credentials, an option is unknown, or options can't be combined.
    """
    reader = Reader(sql)
    reader.expect("COPY")
    table = reader.name()
    columns = reader.names_in_parens() if reader.peek("(") else []
    reader.expect("FROM")
    command = CopyCommand(table, columns, reader.string())
    credentials = CredentialClauses()
    while not reader.done:
        if not credentials.accept(reader) and not _format(reader, command):
            _option(reader, command)
    command.credentials = credentials.checked("COPY")
    if credentials.has_master_key:
        _encrypted(reader, command)
    _check(command)
    _check_source(command)
    return command
