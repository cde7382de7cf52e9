"""The prose of a file: its docstrings, comments and text, without code."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_SPAN = re.compile(r"`[^`\n]*`|https?://\S+")
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_SQL_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/|(?<=\bIS )'(?:[^']|'')*'", re.DOTALL)
"""Comments, and the texts of COMMENT ON … IS."""
_HASH_COMMENT = re.compile(r"(?m)^\s*#.*$|\s# .*$")


@dataclass(frozen=True, slots=True)
class Passage:
    """Some lines of prose, and the line of the file that they begin in."""

    line: int
    text: str


def passages(path: Path) -> list[Passage]:
    """The prose of a file, with what is between backticks blanked."""
    text = path.read_text("utf-8")
    kind = path.name.removesuffix(".j2").rpartition(".")[2]
    if kind == "py":
        prose = list(_of_python(text))
    elif kind == "sql":
        prose = [_at(text, match) for match in _SQL_COMMENT.finditer(text)]
    elif kind in ("md", "txt"):
        prose = [Passage(1, _FENCE.sub(_blanked, text))]
    else:
        prose = [_at(text, match) for match in _HASH_COMMENT.finditer(text)]
    return [Passage(passage.line, _SPAN.sub(_blanked, passage.text)) for passage in prose]


def _at(text: str, match: re.Match[str]) -> Passage:
    return Passage(text.count("\n", 0, match.start()) + 1, match[0])


def _blanked(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def _of_python(text: str) -> Iterator[Passage]:
    """Docstrings, of attributes too, and comments. A template that is no Python yet has comments only."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        yield from (_at(text, match) for match in _HASH_COMMENT.finditer(text))
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield Passage(node.lineno, node.value.value)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield Passage(token.start[0], token.string)
