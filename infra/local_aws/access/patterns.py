"""Texts in policies: wildcards, and policy variables with values from the request.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html,
reference_policies_elements_resource.html and reference_policies_elements_condition_operators.html in the same guide.
"""

from __future__ import annotations

import functools
import re
from typing import Final

from .context import Context

Text = str
"""A text in a policy. A character after `QUOTE` is the character itself, not a wildcard."""


class Missing:
    """The text has a policy variable that the request does not have, so it matches nothing."""


MISSING: Final = Missing()
QUOTE = "\ue000"
"""Marks wildcards in the value of a variable, which are ordinary characters. From Unicode's private use area."""

_VARIABLE = re.compile(r"\$\{\s*([^},]+?)\s*(?:,\s*'([^']*)'\s*)?\}")
_CHARACTERS = ("*", "?", "$")
_SEGMENTS = 6
"""Number of parts of an ARN. The last part may contain colons."""


def fill_variables(text: str, context: Context) -> Text | Missing | None:
    """A text with its variables replaced; None if the value of one is unknown here.

    Args:
        text: as written in a policy of version 2012-10-17.
        context: has the values.
    """
    if "${" not in text:
        return text
    parts = []
    end = 0
    for variable in _VARIABLE.finditer(text):
        value = _value(variable[1], variable[2], context)
        if not isinstance(value, str):
            return value
        parts += [text[end : variable.start()], _quote(value)]
        end = variable.end()
    return "".join([*parts, text[end:]])


def _value(name: str, default: str | None, context: Context) -> str | Missing | None:
    if name in _CHARACTERS:
        return name
    values = context.values(name)
    if values is None:
        return None
    if len(values) > 1:  # a key with several values can't be a variable
        return MISSING
    return values[0] if values else MISSING if default is None else default


def _quote(value: str) -> str:
    return re.sub(r"[*?]", rf"{QUOTE}\g<0>", value)


def literal(text: Text) -> str:
    """The text itself, without wildcards."""
    return text.replace(QUOTE, "")


def is_like(text: Text, value: str) -> bool:
    """Whether a value matches: `*` is any text, `?` any character."""
    return _glob(text).fullmatch(value) is not None


def is_action(pattern: str, action: str) -> bool:
    """Whether an action matches a pattern in lower case."""
    return _glob(pattern).fullmatch(action.lower()) is not None


def is_resource(text: Text, arn: str) -> bool:
    """Whether an ARN matches a `Resource`.

    A wildcard stays within its part of the ARN, unless it is the last character of the part.
    """
    return _resource(text).fullmatch(arn) is not None


def is_arn_like(text: Text, arn: str) -> bool:
    """Whether an ARN matches the ARN of a condition. Each of the six parts must match."""
    if text == "*":
        return True
    patterns = text.split(":", _SEGMENTS - 1)
    parts = arn.split(":", _SEGMENTS - 1)
    return len(patterns) == len(parts) == _SEGMENTS and all(map(is_like, patterns, parts))


@functools.lru_cache(maxsize=8192)
def _glob(text: Text) -> re.Pattern[str]:
    return re.compile(_expression(text, ".*"), re.DOTALL)


@functools.lru_cache(maxsize=8192)
def _resource(text: Text) -> re.Pattern[str]:
    parts = text.split(":", _SEGMENTS - 1)
    last_part = [_expression(parts.pop(), ".*")] if len(parts) == _SEGMENTS else []
    return re.compile(":".join([*map(_part, parts), *last_part]), re.DOTALL)


def _part(text: Text) -> str:
    if text.endswith("*") and not text.endswith(f"{QUOTE}*"):
        return f"{_expression(text[:-1], '[^:]*')}.*"
    return _expression(text, "[^:]*")


def _expression(text: Text, any_text: str) -> str:
    any_character = "." if any_text == ".*" else "[^:]"
    fragments = []
    is_quoted = False
    for character in text:
        if character == QUOTE and not is_quoted:
            is_quoted = True
            continue
        wildcard = {"*": any_text, "?": any_character}.get(character)
        fragments.append(re.escape(character) if is_quoted or wildcard is None else wildcard)
        is_quoted = False
    return "".join(fragments)
