"""Parses the text of COPY and UNLOAD into plain data. Unknown options are errors.

Sources: https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html and r_UNLOAD.html
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .errors import RefusedByRedshift, UnsupportedStatement
from .lexer import quote_name
from .reader import Reader


@dataclass(slots=True)
class CopyCommand:
    """COPY table [(columns)] FROM 's3://…'."""

    table: str
    columns: list[str]
    source: str
    format: str = "TEXT"
    manifest: bool = False
    json_paths: str = "auto"
    gzip: bool = False
    delimiter: str = ","
    header_lines: int = 0
    empty_as_null: bool = False
    blanks_as_null: bool = False
    truncate_columns: bool = False
    round_decimals: bool = False
    null_as: str = "\\N"
    quote: str = '"'
    max_error: int = 0
    update_statistics: bool = False
    role: str = ""


@dataclass(slots=True)
class UnloadCommand:
    """UNLOAD ('query') TO 's3://…'."""

    query: str
    target: str
    format: str = "TEXT"
    partition_by: list[str] = field(default_factory=list)
    include_partitions: bool = False
    allow_overwrite: bool = False
    clean_path: bool = False
    manifest: bool = False
    max_file_bytes: int = 6_200_000_000
    parallel: bool = True
    header: bool = False
    role: str = ""


def _role(reader: Reader, command: CopyCommand | UnloadCommand) -> bool:
    if reader.accept("IAM_ROLE"):
        command.role = "DEFAULT" if reader.accept("DEFAULT") else reader.string()
        if command.role != "DEFAULT" and not command.role.startswith("arn:aws:iam::"):
            raise RefusedByRedshift("IAM_ROLE must be the ARN of a role, or DEFAULT")
    elif reader.accept("CREDENTIALS"):
        reader.accept("AS")
        name, _, command.role = reader.string().partition("=")
        if name != "aws_iam_role":
            raise UnsupportedStatement("CREDENTIALS with keys are not supported here; use IAM_ROLE")
    else:
        return False
    return True


def _copy_format(reader: Reader, command: CopyCommand) -> bool:
    if reader.accept("FORMAT"):
        reader.accept("AS")
    word = reader.accept_any("PARQUET", "CSV", "JSON", "ORC", "AVRO")
    if word is None:
        return False
    if word in ("ORC", "AVRO"):
        raise UnsupportedStatement(f"COPY of {word} is not supported here")
    command.format = word
    if word == "JSON":
        reader.accept("AS")
        command.json_paths = reader.string() if _at_string(reader) else "auto"
        if command.json_paths.lower() not in ("auto", "auto ignorecase", "noshred"):
            raise UnsupportedStatement("COPY JSON with a jsonpaths file is not supported here; use 'auto'")
    return True


def _at_string(reader: Reader) -> bool:
    return not reader.done and reader.tokens[reader.at].kind == "string"


_FLAGS = {
    "MANIFEST": "manifest", "GZIP": "gzip", "EMPTYASNULL": "empty_as_null", "BLANKSASNULL": "blanks_as_null",
    "TRUNCATECOLUMNS": "truncate_columns", "ROUNDEC": "round_decimals",
}  # fmt: skip


def _copy_option(reader: Reader, command: CopyCommand) -> None:  # noqa: C901  one branch a clause
    flag = reader.accept_any(*_FLAGS)
    if flag:
        setattr(command, _FLAGS[flag], True)
    elif reader.accept("DELIMITER"):
        reader.accept("AS")
        command.delimiter = reader.string()
    elif reader.accept("NULL"):
        reader.accept("AS")
        raw = reader.tokens[reader.at].text if _at_string(reader) else ""
        value = reader.string()
        command.null_as = "\\N" if raw in (r"'\N'", r"'\\N'") else value  # COPY's own escape, not a string's
    elif reader.accept("QUOTE"):
        reader.accept("AS")
        command.quote = reader.string()
        if command.format != "CSV" or len(command.quote) != 1:
            raise RefusedByRedshift("QUOTE must be a single character and follow CSV")
    elif reader.accept("IGNOREHEADER"):
        reader.accept("AS")
        command.header_lines = reader.integer()
    elif reader.accept("MAXERROR"):
        reader.accept("AS")
        command.max_error = reader.integer()
        if command.max_error:
            raise UnsupportedStatement("MAXERROR above 0 is not supported here")
    elif reader.accept_any("DATEFORMAT", "TIMEFORMAT"):
        reader.accept("AS")
        if reader.string().lower() != "auto":
            raise UnsupportedStatement("DATEFORMAT and TIMEFORMAT other than 'auto' are not supported here")
    elif reader.accept("REGION"):
        reader.accept("AS")
        reader.string()
    elif reader.accept("COMPUPDATE"):
        reader.accept_any("ON", "OFF", "TRUE", "FALSE", "PRESET")
    elif reader.accept("STATUPDATE"):
        command.update_statistics = reader.accept_any("ON", "OFF", "TRUE", "FALSE") not in ("OFF", "FALSE")
    elif reader.accept("ACCEPTINVCHARS"):
        raise UnsupportedStatement("ACCEPTINVCHARS is not supported here")
    else:
        raise reader.unsupported("option of COPY")


_PARQUET_REFUSES = (
    ("gzip", "GZIP"), ("header_lines", "IGNOREHEADER"), ("empty_as_null", "EMPTYASNULL"),
    ("blanks_as_null", "BLANKSASNULL"), ("truncate_columns", "TRUNCATECOLUMNS"), ("round_decimals", "ROUNDEC"),
)  # fmt: skip


def parse_copy(sql: str) -> CopyCommand:
    """Parses COPY.

    Raises:
        RefusedByRedshift: There is no IAM role, or options can't be combined.
        UnsupportedStatement: An option is not supported here.
    """
    reader = Reader(sql)
    reader.expect("COPY")
    table = reader.name()
    columns = reader.names_in_parens() if reader.peek("(") else []
    reader.expect("FROM")
    command = CopyCommand(table, columns, reader.string())
    while not reader.done:
        if not _role(reader, command) and not _copy_format(reader, command):
            _copy_option(reader, command)
    if not command.role:
        raise RefusedByRedshift("COPY needs credentials: IAM_ROLE")
    if command.format == "TEXT":
        raise UnsupportedStatement("COPY of delimited text is not supported here; use PARQUET, CSV or JSON")
    for name, word in _PARQUET_REFUSES if command.format == "PARQUET" else ():
        if getattr(command, name):
            raise RefusedByRedshift(f"{word} argument is not supported for PARQUET based COPY")
    return command


_MEGA = {"MB": 1_000_000, "GB": 1_000_000_000}


def _unload_option(reader: Reader, command: UnloadCommand) -> None:
    if reader.accept("PARTITION", "BY"):
        command.partition_by = reader.names_in_parens()
        command.include_partitions = reader.accept("INCLUDE")
    elif reader.accept("ALLOWOVERWRITE"):
        command.allow_overwrite = True
    elif reader.accept("CLEANPATH"):
        command.clean_path = True
    elif reader.accept("MANIFEST"):
        command.manifest = True
        if reader.accept("VERBOSE"):
            raise UnsupportedStatement("MANIFEST VERBOSE is not supported here")
    elif reader.accept("HEADER"):
        command.header = True
    elif reader.accept("PARALLEL"):
        command.parallel = reader.accept_any("ON", "TRUE", "OFF", "FALSE") in ("ON", "TRUE")
    elif reader.accept("MAXFILESIZE"):
        reader.accept("AS")
        size = float(reader.next().text)
        command.max_file_bytes = int(size * _MEGA[reader.accept_any("MB", "GB") or "MB"])
        if not 5_000_000 <= command.max_file_bytes <= 6_200_000_000:
            raise RefusedByRedshift("MAXFILESIZE must be between 5 MB and 6.2 GB")
    elif reader.accept("REGION"):
        reader.accept("AS")
        reader.string()
    else:
        raise reader.unsupported("option of UNLOAD")


def parse_unload(sql: str) -> UnloadCommand:
    """Parses UNLOAD. Raises like `parse_copy`."""
    reader = Reader(sql)
    reader.expect("UNLOAD")
    inner = reader.parens()
    query = inner.string()
    reader.expect("TO")
    command = UnloadCommand(query, reader.string())
    while not reader.done:
        if _role(reader, command):
            continue
        if reader.accept("FORMAT"):
            reader.accept("AS")
        word = reader.accept_any("PARQUET", "CSV", "JSON")
        if word is None:
            _unload_option(reader, command)
        else:
            command.format = word
    _check_unload(command)
    return command


def _check_unload(command: UnloadCommand) -> None:
    if not command.role:
        raise RefusedByRedshift("UNLOAD needs credentials: IAM_ROLE")
    if command.format not in ("PARQUET", "CSV"):
        raise UnsupportedStatement(f"UNLOAD as {command.format} is not supported here; use PARQUET or CSV")
    if command.clean_path and command.allow_overwrite:
        raise RefusedByRedshift("CLEANPATH and ALLOWOVERWRITE cannot be used together")
    words = [token.upper for token in Reader(command.query).tokens]
    if "LIMIT" in words and "(" not in words:
        raise RefusedByRedshift("Limit clause is not supported in the outer SELECT of UNLOAD")


def quoted(columns: list[str]) -> str:
    """A column list for PostgreSQL."""
    return ", ".join(map(quote_name, columns))
