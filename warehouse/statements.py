"""Takes a SQL file apart into statements: Redshift's Data API runs one statement at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"""
    (?P<comment>--[^\n]*|/\*.*?\*/)
  | (?P<string>'(?:[^']|'')*')
  | (?P<identifier>"(?:[^"]|"")*")
  | (?P<body>(?P<tag>\$[A-Za-z_]*\$).*?(?P=tag))
  | (?P<end>;)
    """,
    re.VERBOSE | re.DOTALL,
)


def split(sql: str) -> list[str]:
    """The statements of a file, without the semicolons between them.

    Semicolons in comments, strings, quoted identifiers and `$$` bodies do not end a statement. Comments outside
    bodies are dropped, so that what is sent is what is run.

    >>> split("SELECT 'a;b'; -- a note; not a statement\\nSELECT 2;")
    ["SELECT 'a;b'", 'SELECT 2']

    Raises:
        ValueError: a string or a `$$` body is not closed.
    """
    statements, current, position = [], [], 0
    for match in _TOKEN.finditer(sql):
        current.append(_plain(sql[position : match.start()]))
        position = match.end()
        if match["end"]:
            statements.append("".join(current))
            current = []
        elif not match["comment"]:
            current.append(match[0])
    current.append(_plain(sql[position:]))
    statements.append("".join(current))
    return [text for statement in statements if (text := statement.strip())]


def _plain(text: str) -> str:
    """Text between tokens, in which a lone quote or `$$` means that something was not closed."""
    if "'" in text or "$$" in text or "/*" in text:
        raise ValueError(f"a string, comment or $$ body is not closed near {text.strip()[:60]!r}")
    return text


def without_noise(sql: str) -> str:
    """The SQL with comments, string contents and quoted identifiers blanked, line by line as before: for linting."""

    def blank(match: re.Match[str]) -> str:
        if match["body"]:
            tag = match["tag"]
            return tag + without_noise(match["body"][len(tag) : -len(tag)]) + tag
        if match["end"]:
            return ";"
        return re.sub(r"[^\n]", " ", match[0])

    return _TOKEN.sub(blank, sql)


def without_words(sql: str) -> str:
    """The statements alone: without comments, also in `$$` bodies, and without layout.

    Two texts that give the same do the same.
    """
    return " ".join(_code(sql))


def _code(sql: str) -> Iterator[str]:
    position = 0
    for match in _TOKEN.finditer(sql):
        yield from sql[position : match.start()].split()
        position = match.end()
        if match["body"]:
            tag = match["tag"]
            yield from (tag, *_code(match["body"][len(tag) : -len(tag)]), tag)
        elif not match["comment"]:
            yield match[0]
    yield from sql[position:].split()
