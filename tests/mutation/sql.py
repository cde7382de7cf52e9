"""Errors in SQL: moved bounds, dropped conditions, other joins, other constants, dropped statements.

They are made token by token, because no parser reads the bodies of Redshift's procedures. In a template the SQL is
changed, and Jinja's marks are left as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from jinja2 import Environment, TemplateSyntaxError
from sqlglot.dialects.redshift import Redshift
from sqlglot.tokenizer_core import Token, TokenType

from tests.mutation.mutant import Mutant

_SWAPS = {
    TokenType.LT: ("<=", "bound"),
    TokenType.LTE: ("<", "bound"),
    TokenType.GT: (">=", "bound"),
    TokenType.GTE: (">", "bound"),
    TokenType.NEQ: ("=", "comparison"),
    TokenType.EQ: ("<>", "comparison"),
}
_FUNCTIONS = {"MIN": "MAX", "MAX": "MIN", "LEAST": "GREATEST", "GREATEST": "LEAST"}
_CONDITIONS = {"WHERE", "ON", "WHEN", "HAVING", "IF", "ELSIF"}
_ENDS = {"THEN", "GROUP", "ORDER", "HAVING", "WHERE", "INNER", "LEFT", "CROSS", "JOIN", "UNION", "LIMIT", "LOOP", "SET"}
_STATEMENTS = {"DELETE", "UPDATE", "INSERT", "CALL", "RAISE", "LOCK"}
_TYPES = {"VARCHAR", "CHAR", "DECIMAL", "NUMERIC"}
_MARKS = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_STARTS = {"BEGIN", "THEN", "ELSE", "LOOP", ";"}


def mutants(text: str) -> Iterator[Mutant]:
    """Every error that is made in a file of SQL, or in a statement, in order.

    The head of a procedure and the declarations of tables are left alone.
    """
    position = 0
    for part in re.split(r"(\$\$)", _MARKS.sub(_blank, text)):
        if part != "$$" and "PROCEDURE" not in part:
            for mutant in _of_part(part):
                start, end = position + mutant.start, position + mutant.end
                change = Mutant.of(text, start, end, mutant.after, mutant.kind)
                if _is_template(change.apply(text)):
                    yield change
        position += len(part)


def _blank(mark: re.Match[str]) -> str:
    """The text that replaces a Jinja mark, of the same length: a name, a UNION where it may write one, or blanks."""
    text = mark.group()
    if not text.startswith("{{"):
        return " " * len(text)
    return ("UNION" if "UNION ALL" in text else "_" * len(text)).ljust(len(text))


def _is_template(text: str) -> bool:
    """Whether the marks in a text are still whole: no loop without its end."""
    try:
        Environment(autoescape=True).parse(text)
    except TemplateSyntaxError:
        return False
    return True


def _of_part(text: str) -> Iterator[Mutant]:
    tokens = Redshift().tokenize(text)
    depths = list(_depths(tokens))
    words = [(token.text.upper().split() or [""])[0] for token in tokens]  # GROUP BY is one token
    assigns = _assignments(tokens, words, depths)
    for index, token in enumerate(tokens):
        if index not in assigns and not _is_declaration(words, index):
            yield from _of_token(text, tokens, words, index)
        if words[index] in _CONDITIONS and (index == 0 or words[index - 1] not in ("END", "TABLE", "VIEW")):
            yield from _conditions(text, tokens, words, depths, index)
        if words[index] in _STATEMENTS and (index == 0 or words[index - 1] in _STARTS) and depths[index] == 0:
            end = next((n for n in range(index, len(tokens)) if words[n] == ";"), None)
            if end is not None:
                yield Mutant.of(text, token.start, tokens[end].start, "NULL", "dropped statement")


def _of_token(text: str, tokens: Sequence[Token], words: Sequence[str], index: int) -> Iterator[Mutant]:
    """The errors at one token."""
    token, word = tokens[index], words[index]
    start, end = token.start, token.end + 1
    before, after = words[index - 1] if index else "", words[index + 1] if index + 1 < len(words) else ""
    if token.token_type in _SWAPS:
        yield Mutant.of(text, start, end, *_SWAPS[token.token_type])
    elif word == "NOT" and after not in ("NULL", "EXISTS", "IN"):
        yield Mutant.of(text, start, end, "", "dropped NOT")
    elif word == "IS" and after == "NULL":
        yield Mutant.of(text, start, end, "IS NOT", "null test")
    elif word == "IS" and after == "NOT":
        yield Mutant.of(text, start, tokens[index + 1].end + 1, "IS", "null test")
    elif word == "LEFT" and after == "JOIN":
        yield Mutant.of(text, start, end, "INNER", "join")
    elif word == "INNER":
        yield Mutant.of(text, start, end, "LEFT", "join")
    elif word == "DISTINCT" and before == "(":
        yield Mutant.of(text, start, end, "", "dropped DISTINCT")
    elif word == "DESC":
        yield Mutant.of(text, start, end, "", "order")
    elif word in _FUNCTIONS and after == "(":
        yield Mutant.of(text, start, end, _FUNCTIONS[word], "function")
    elif token.token_type is TokenType.NUMBER and token.text.isdigit():
        yield Mutant.of(text, start, end, str(int(token.text) + 1), "constant")
    elif token.token_type is TokenType.STRING and before in ("=", "<>", "(", ",") and re.search("[a-z]", token.text):
        yield Mutant.of(text, start, end, f"'{token.text.upper()}~'", "constant")


def _conditions(
    text: str, tokens: Sequence[Token], words: Sequence[str], depths: Sequence[int], index: int
) -> Iterator[Mutant]:
    """One condition after another left out of a list of ANDs or ORs, or the only one; and AND for OR."""
    depth = depths[index]
    end = next(
        (
            n
            for n in range(index + 1, len(tokens))
            if depths[n] < depth or (depths[n] == depth and (words[n] in _ENDS or words[n] == ";"))
        ),
        len(tokens),
    )
    yield from _within(text, tokens, words, depths, index + 1, end)


def _within(
    text: str, tokens: Sequence[Token], words: Sequence[str], depths: Sequence[int], first: int, end: int
) -> Iterator[Mutant]:
    if first >= end:
        return
    depth = min(depths[first:end])
    is_between = False
    cuts: list[int] = []
    for n in range(first, end):
        if depths[n] == depth and words[n] == "BETWEEN":
            is_between = True
        elif depths[n] == depth and words[n] in ("AND", "OR"):
            if not is_between:
                cuts.append(n)
            is_between = False
    bounds = [first - 1, *cuts, end]
    joint = words[cuts[0]] if cuts else ""
    for left, right in pairwise(bounds):
        start, stop = tokens[left + 1].start, tokens[right - 1].end + 1
        yield Mutant.of(text, start, stop, "FALSE" if joint == "OR" else "TRUE", "dropped condition")
        if words[left + 1] == "(" and words[right - 1] == ")":
            inner = [n for n in range(left + 2, right - 1) if depths[n] == depth + 1 and words[n] in ("AND", "OR")]
            if inner:
                yield from _within(text, tokens, words, depths, left + 2, right - 1)
    for cut in cuts:
        other = "OR" if words[cut] == "AND" else "AND"
        yield Mutant.of(text, tokens[cut].start, tokens[cut].end + 1, other, "AND or OR")


def _depths(tokens: Sequence[Token]) -> Iterator[int]:
    """How many parentheses and CASEs each token is in."""
    depth = 0
    for index, token in enumerate(tokens):
        if token.token_type is TokenType.R_PAREN or (
            token.token_type is TokenType.END
            and not (index + 1 < len(tokens) and tokens[index + 1].text.upper() in ("IF", "LOOP", ";"))
        ):
            depth -= 1
        yield depth
        if token.token_type in (TokenType.L_PAREN, TokenType.CASE):
            depth += 1


def _assignments(tokens: Sequence[Token], words: Sequence[str], depths: Sequence[int]) -> set[int]:
    """The equal signs of `SET column = value`, which compare nothing."""
    positions: set[int] = set()
    in_set, depth = False, 0
    for index, word in enumerate(words):
        if word == "SET":
            in_set, depth = True, depths[index]
        elif in_set and depths[index] <= depth and word in ("FROM", "WHERE", ";"):
            in_set = False
        elif in_set and tokens[index].token_type is TokenType.EQ and depths[index] == depth:
            positions.add(index)
    return positions


def _is_declaration(words: Sequence[str], index: int) -> bool:
    """Whether a token is the length of a type."""
    return any(words[n] in _TYPES for n in range(max(0, index - 4), index)) and words[index].isdigit()
