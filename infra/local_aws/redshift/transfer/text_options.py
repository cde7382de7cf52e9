r"""How COPY and UNLOAD read the strings of their options: `'\t'`, `'\011'`, `'\N'`, `'a:3,b:25'`."""

from __future__ import annotations

import re

from ..errors import RefusedByRedshift, StatementError
from ..translator.lexer import dollar_body, string_value
from ..translator.reader import Reader

_ESCAPES = re.compile(r"\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{2})|(.))", re.DOTALL)
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f", "v": "\v"}
NUL = "\0"


def at_string(reader: Reader) -> bool:
    """Whether a string literal comes next."""
    return not reader.done and reader.tokens[reader.at].kind == "string"


def unknown(reader: Reader) -> StatementError:
    """The error for an unknown option. It does not quote a string, which may be a secret."""
    if reader.peek("IGNOREALLERRORS") or reader.peek("JOB"):
        return reader.unsupported("option")
    return RefusedByRedshift("syntax error at or near a string") if at_string(reader) else reader.error()


def raw_string(reader: Reader) -> str:
    """Reads a string literal. Its backslashes are kept, because these options have escapes of their own."""
    if not at_string(reader):
        raise reader.error("expected a string")
    return reader.next().text[1:-1].replace("''", "'")


def query_text(reader: Reader) -> str:
    """Reads a query in quotation marks or dollar quotes."""
    if not reader.done and reader.tokens[reader.at].kind == "dollar":
        return dollar_body(reader.next().text)
    return reader.string()


def delimiter(reader: Reader) -> str:
    r"""Reads a delimiter: characters, `\t`, or octal (`\011`) and hexadecimal (`\x09`) codes."""
    reader.accept("AS")
    text = _ESCAPES.sub(_character, raw_string(reader))
    if not text or not text.isascii() or "\n" in text or "\r" in text:
        raise RefusedByRedshift("COPY delimiter must be ASCII characters without line ends")
    return text


def _character(match: re.Match[str]) -> str:
    octal, hexadecimal, letter = match.groups()
    if octal or hexadecimal:
        return chr(int(octal, 8) if octal else int(hexadecimal, 16))
    return _CONTROLS.get(letter, letter)


def null_string(reader: Reader) -> str:
    r"""Reads the text of NULL AS. `'\N'` is these two characters; `'\0'` and `'\000'` are the character NUL."""
    reader.accept("AS")
    raw = raw_string(reader)
    if raw in (r"\0", r"\000"):
        return NUL
    if raw in (r"\N", r"\\N"):
        return r"\N"
    if raw in (r"\n", "\n"):
        raise RefusedByRedshift("NULL AS can't be a line feed")
    return string_value(f"'{raw}'")


def widths(reader: Reader) -> list[tuple[str, int]]:
    """Reads FIXEDWIDTH's labels and widths."""
    reader.accept("AS")
    pairs = []
    for part in reader.string().split(","):
        label, colon, width = part.partition(":")
        if not colon or not width.strip().isdigit() or int(width) == 0:
            raise RefusedByRedshift("Invalid fixed width specification; use 'label:width,label:width'")
        pairs.append((label.strip(), int(width)))
    return pairs
