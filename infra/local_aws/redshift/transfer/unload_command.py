"""Parses the text of UNLOAD into plain data. Unknown options are errors.

Source: https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ..errors import RefusedByRedshift
from ..translator.reader import Reader
from . import text_options
from .credentials import CredentialClauses, Credentials

_MEGA = {"MB": 1_000_000, "GB": 1_000_000_000}
_SUFFIXES = {"GZIP": ".gz", "BZIP2": ".bz2", "ZSTD": ".zst", "": ""}


@dataclass(slots=True)
class UnloadCommand:
    """UNLOAD ('query') TO 's3://…'.

    Attributes:
        null_as: The text of NULL; None means the format's own: an empty field, or blanks.
        unsupported: A clause that Redshift has and the stand-in does not; empty if there is none.
    """

    query: str
    target: str
    format: str = "TEXT"
    credentials: Credentials = ""
    partition_by: list[str] = field(default_factory=list)
    include_partitions: bool = False
    allow_overwrite: bool = False
    clean_path: bool = False
    manifest: bool = False
    verbose: bool = False
    max_file_bytes: int = 6_200_000_000
    row_group_bytes: int = 128_000_000
    parallel: bool = True
    header: bool = False
    escape: bool = False
    add_quotes: bool = False
    delimiter: str = ""
    widths: list[tuple[str, int]] = field(default_factory=list)
    null_as: str | None = None
    compression: str = ""
    extension: str | None = None
    words: set[str] = field(default_factory=set)
    unsupported: str = ""

    @property
    def suffix(self) -> str:
        """The end of each file's name."""
        if self.extension is not None:
            return f".{self.extension.removeprefix('.')}"
        return ".parquet" if self.format == "PARQUET" else _SUFFIXES[self.compression]


_FLAGS = {
    "ALLOWOVERWRITE": "allow_overwrite", "CLEANPATH": "clean_path", "HEADER": "header", "ESCAPE": "escape",
    "ADDQUOTES": "add_quotes",
}  # fmt: skip


def _partition(reader: Reader, command: UnloadCommand) -> None:
    reader.expect("BY")
    command.partition_by = reader.names_in_parens()
    command.include_partitions = reader.accept("INCLUDE")


def _manifest(reader: Reader, command: UnloadCommand) -> None:
    command.manifest = True
    command.verbose = reader.accept("VERBOSE")


def _parallel(reader: Reader, command: UnloadCommand) -> None:
    command.parallel = reader.accept_any("ON", "TRUE", "OFF", "FALSE") not in ("OFF", "FALSE")


def _bytes(reader: Reader) -> int:
    reader.accept("AS")
    token = reader.next()
    if token.kind != "number":
        reader.at -= 1
        raise reader.error("expected a size")
    return int(float(token.text) * _MEGA[reader.accept_any("MB", "GB") or "MB"])


def _file_size(reader: Reader, command: UnloadCommand) -> None:
    command.max_file_bytes = _bytes(reader)
    if not 5_000_000 <= command.max_file_bytes <= 6_200_000_000:
        raise RefusedByRedshift("MAXFILESIZE must be between 5 MB and 6.2 GB")


def _row_group_size(reader: Reader, command: UnloadCommand) -> None:
    command.row_group_bytes = _bytes(reader)
    if not 32_000_000 <= command.row_group_bytes <= 128_000_000:
        raise RefusedByRedshift("ROWGROUPSIZE must be between 32 MB and 128 MB")


def _delimiter(reader: Reader, command: UnloadCommand) -> None:
    command.delimiter = text_options.delimiter(reader)
    if len(command.delimiter) != 1:
        raise RefusedByRedshift("UNLOAD delimiter must be a single ASCII character")


def _extension(reader: Reader, command: UnloadCommand) -> None:
    reader.accept("AS")
    command.extension = reader.string()


def _encrypted(reader: Reader, _command: UnloadCommand) -> None:
    reader.accept("AUTO")  # S3 encrypts, and decrypts for every reader


def _string(reader: Reader, _command: UnloadCommand) -> None:
    reader.accept("AS")
    reader.string()


_OPTIONS: dict[str, Callable[[Reader, UnloadCommand], None]] = {
    "PARTITION": _partition, "MANIFEST": _manifest, "PARALLEL": _parallel, "MAXFILESIZE": _file_size,
    "ROWGROUPSIZE": _row_group_size, "DELIMITER": _delimiter, "EXTENSION": _extension, "REGION": _string,
    "KMS_KEY_ID": _string,
    "FIXEDWIDTH": lambda reader, command: setattr(command, "widths", text_options.widths(reader)),
    "NULL": lambda reader, command: setattr(command, "null_as", text_options.null_string(reader)),
    "ENCRYPTED": _encrypted,
}  # fmt: skip


def _option(reader: Reader, command: UnloadCommand) -> None:
    if flag := reader.accept_any(*_FLAGS):
        setattr(command, _FLAGS[flag], True)
        command.words.add(flag)
    elif compression := reader.accept_any("GZIP", "BZIP2", "ZSTD"):
        if command.compression:
            raise RefusedByRedshift("UNLOAD: only one compression can be used")
        command.compression = compression
        command.words.add(compression)
    elif word := reader.accept_any(*_OPTIONS):
        command.words.add(word)
        _OPTIONS[word](reader, command)
    else:
        raise text_options.unknown(reader)


def _format(reader: Reader, command: UnloadCommand) -> bool:
    is_named = reader.accept("FORMAT")
    if is_named:
        reader.accept("AS")
    word = reader.accept_any("PARQUET", "CSV", "JSON")
    if word is None:
        if is_named:
            raise reader.error("expected a format")
        return False
    if command.format != "TEXT":
        raise RefusedByRedshift(f"UNLOAD: {command.format} and {word} cannot be used together")
    command.format = word
    return True


def parse_unload(sql: str) -> UnloadCommand:
    """Parses UNLOAD.

    Raises:
        RefusedByRedshift: There are no credentials, an option is unknown, or options can't be combined.
    """
    reader = Reader(sql)
    reader.expect("UNLOAD")
    inner = reader.parens()
    query = text_options.query_text(inner)
    if not inner.done:
        raise inner.error()
    reader.expect("TO")
    command = UnloadCommand(query, reader.string())
    credentials = CredentialClauses()
    while not reader.done:
        if not credentials.accept(reader) and not _format(reader, command):
            _option(reader, command)
    command.credentials = credentials.checked("UNLOAD")
    if credentials.has_master_key:
        _check_master_key(command)
    _check(command)
    return command


_OF_TEXT = frozenset({"FIXEDWIDTH", "ESCAPE", "ADDQUOTES"})
_NOT_WITH = {
    "PARQUET": _OF_TEXT | {"DELIMITER", "NULL", "HEADER", "GZIP", "BZIP2", "ZSTD"},
    "JSON": _OF_TEXT | {"DELIMITER", "NULL", "HEADER"},
    "CSV": _OF_TEXT,
    "TEXT": frozenset(),
}


def _check(command: UnloadCommand) -> None:
    for word in sorted(command.words & _NOT_WITH[command.format]):
        raise RefusedByRedshift(f"{word} is not supported for UNLOAD to {command.format}")
    if command.widths and command.words & {"DELIMITER", "ESCAPE", "ADDQUOTES", "HEADER"}:
        raise RefusedByRedshift("FIXEDWIDTH cannot be used with DELIMITER, ESCAPE, ADDQUOTES or HEADER")
    if "ROWGROUPSIZE" in command.words and command.format != "PARQUET":
        raise RefusedByRedshift("ROWGROUPSIZE is supported for UNLOAD to PARQUET only")
    if command.clean_path and command.allow_overwrite:
        raise RefusedByRedshift("CLEANPATH and ALLOWOVERWRITE cannot be used together")
    if "KMS_KEY_ID" in command.words and "ENCRYPTED" not in command.words:
        raise RefusedByRedshift("KMS_KEY_ID requires ENCRYPTED")
    if _limits(command.query):
        raise RefusedByRedshift("Limit clause is not supported in the outer SELECT of UNLOAD")
    command.delimiter = command.delimiter or ("," if command.format == "CSV" else "|")


def _check_master_key(command: UnloadCommand) -> None:
    if "KMS_KEY_ID" in command.words:
        raise RefusedByRedshift("KMS_KEY_ID and MASTER_SYMMETRIC_KEY cannot be used together")
    if command.format == "PARQUET":
        raise RefusedByRedshift("MASTER_SYMMETRIC_KEY is not supported for UNLOAD to PARQUET")
    command.unsupported = "UNLOAD of files that are encrypted on the client's side (MASTER_SYMMETRIC_KEY)"


def _limits(query: str) -> bool:
    depth = 0
    for token in Reader(query).tokens:
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0 and token.upper == "LIMIT":
            return True
    return False
