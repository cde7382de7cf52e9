"""Texts of policies: wildcards, and policy variables with the values that a request has.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html,
reference_policies_elements_resource.html and reference_policies_elements_condition_operators.html beside it.
"""

from __future__ import annotations

import functools
import re
from typing import Final

from .context import Context

Text = str
"""A text of a policy. What stands after `QUOTE` is the character itself, no wildcard."""


class Missing:
    """The text names a policy variable that the request does not have: it matches nothing."""


MISSING: Final = Missing()
QUOTE = "\ue000"
"""Marks the wildcards in the value of a variable, which are ordinary characters. Of Unicode's private use area."""

_VARIABLE = re.compile(r"\$\{\s*([^},]+?)\s*(?:,\s*'([^']*)'\s*)?\}")
_CHARACTERS = ("*", "?", "$")
_SEGMENTS = 6
"""Of an ARN; the last one may hold colons of its own."""


def filled(text: str, context: Context) -> Text | Missing | None:
    """A text with its variables filled in; None when the value of one cannot be known here.

    Args:
        text: as it stands in a policy of version 2012-10-17.
        context: has the values.
    """
    if "${" not in text:
        return text
    parts, end = [], 0
    for variable in _VARIABLE.finditer(text):
        value = _value(variable[1], variable[2], context)
        if not isinstance(value, str):
            return value
        parts += [text[end : variable.start()], _quoted(value)]
        end = variable.end()
    return "".join([*parts, text[end:]])


def _value(name: str, default: str | None, context: Context) -> str | Missing | None:
    if name in _CHARACTERS:
        return name
    values = context.values(name)
    if values is None:
        return None
    if len(values) > 1:  # a key of several values cannot be a variable
        return MISSING
    return values[0] if values else MISSING if default is None else default


def _quoted(value: str) -> str:
    return re.sub(r"[*?]", rf"{QUOTE}\g<0>", value)


def literal(text: Text) -> str:
    """The text itself, where wildcards have no meaning."""
    return text.replace(QUOTE, "")


def is_like(text: Text, value: str) -> bool:
    """Whether a value fits: `*` is any text, `?` any character."""
    return _glob(text).fullmatch(value) is not None


def is_action(pattern: str, action: str) -> bool:
    """Whether an action fits a pattern in lower case."""
    return _glob(pattern).fullmatch(action.lower()) is not None


def is_resource(text: Text, arn: str) -> bool:
    """Whether an ARN fits a `Resource`.

    A wildcard stays within its part of the ARN, unless it is the last character of the part.
    """
    return _resource(text).fullmatch(arn) is not None


def is_arn_like(text: Text, arn: str) -> bool:
    """Whether an ARN fits one of a condition: each of its six parts by itself."""
    if text == "*":
        return True
    wanted, parts = text.split(":", _SEGMENTS - 1), arn.split(":", _SEGMENTS - 1)
    return len(wanted) == len(parts) == _SEGMENTS and all(map(is_like, wanted, parts))


@functools.lru_cache(maxsize=8192)
def _glob(text: Text) -> re.Pattern[str]:
    return re.compile(_expression(text, ".*"), re.DOTALL)


@functools.lru_cache(maxsize=8192)
def _resource(text: Text) -> re.Pattern[str]:
    parts = text.split(":", _SEGMENTS - 1)
    last = [_expression(parts.pop(), ".*")] if len(parts) == _SEGMENTS else []
    return re.compile(":".join([*map(_part, parts), *last]), re.DOTALL)


def _part(text: Text) -> str:
    if text.endswith("*") and not text.endswith(f"{QUOTE}*"):
        return f"{_expression(text[:-1], '[^:]*')}.*"
    return _expression(text, "[^:]*")


def _expression(text: Text, anything: str) -> str:
    one = "." if anything == ".*" else "[^:]"
    found, is_quoted = [], False
    for character in text:
        if character == QUOTE and not is_quoted:
            is_quoted = True
            continue
        wildcard = {"*": anything, "?": one}.get(character)
        found.append(re.escape(character) if is_quoted or wildcard is None else wildcard)
        is_quoted = False
    return "".join(found)
