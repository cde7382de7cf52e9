"""Policies in the form that the evaluation uses: statements, and whether a statement applies to a request.

A statement applies to a request (True), doesn't (False), or it is unknown (None). If unknown, an explicit Deny counts
and an Allow does not: a stand-in must not be more lenient than AWS.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .conditions import Condition
from .context import Context
from .patterns import QUOTE, Missing, fill_variables, is_action, is_resource
from .principals import Principals

_WITH_VARIABLES = "2012-10-17"
"""In a policy with an older version, or without a version, `${` is ordinary text."""


class MalformedPolicy(ValueError):
    """The document is not a policy. The message gives the reason."""


@dataclass(frozen=True, slots=True)
class Request:
    """The request to decide.

    Attributes:
        action: such as `s3:GetObject`.
        resource: its ARN, or `*` for an action without a resource.
        context: the condition keys.
        is_resource_known: False if the action has a resource, but it is unknown here.
    """

    action: str
    resource: str
    context: Context
    is_resource_known: bool = True


@dataclass(frozen=True, slots=True)
class Element:
    """`Action` or `NotAction`, `Resource` or `NotResource`: texts, and whether it is the negated form."""

    texts: tuple[str, ...]
    is_negated: bool

    def concerns(self, is_match: Callable[[str], bool | None]) -> bool | None:
        """Whether the element applies to a request.

        Args:
            is_match: whether a text matches; None if unknown.
        """
        is_included = _any(map(is_match, self.texts))
        return is_included if is_included is None else is_included is not self.is_negated


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of a policy. Without a resource, as in a trust policy, it is about the resource it belongs to."""

    sid: str
    is_allow: bool
    action: Element
    resource: Element | None
    principals: Principals | None
    conditions: tuple[Condition, ...]
    has_variables: bool

    def concerns(self, request: Request) -> bool:
        """Whether the statement applies to a request by any principal."""
        is_concerned = self._concerns(request)
        return not self.is_allow if is_concerned is None else is_concerned

    def _concerns(self, request: Request) -> bool | None:
        if not self.action.concerns(lambda text: is_action(text, request.action)):
            return False
        answers = [self._concerns_resource(self.resource, request)] if self.resource is not None else []
        for condition in self.conditions:
            if False in answers:
                return False
            answers.append(condition.holds(request.context))
        return _all(answers)

    def _concerns_resource(self, resource: Element, request: Request) -> bool | None:
        def is_match(text: str) -> bool | None:
            if not request.is_resource_known:
                return True if text == "*" else None
            pattern = fill_variables(text, request.context) if self.has_variables else text
            if pattern is None:
                return None
            return not isinstance(pattern, Missing) and is_resource(pattern, request.resource)

        return resource.concerns(is_match)


@functools.lru_cache(maxsize=1024)
def parsed(document: str) -> tuple[Statement, ...]:
    """The statements of a policy.

    Raises:
        MalformedPolicy: the document is not a policy.
    """
    try:
        content = json.loads(document)
    except ValueError:
        raise MalformedPolicy("This policy contains invalid Json") from None
    if not isinstance(content, dict) or "Statement" not in content:
        raise MalformedPolicy("Syntax errors in policy.")
    has_variables = content.get("Version") == _WITH_VARIABLES
    try:
        return tuple(_statement(statement, has_variables=has_variables) for statement in several(content["Statement"]))
    except (AttributeError, KeyError, TypeError):
        raise MalformedPolicy("Syntax errors in policy.") from None


def _statement(content: Mapping[str, Any], *, has_variables: bool) -> Statement:
    if content["Effect"] not in ("Allow", "Deny"):
        raise MalformedPolicy("Syntax errors in policy.")
    if (action := _element(content, "Action")) is None:
        raise MalformedPolicy("Syntax errors in policy.")
    return Statement(
        sid=content.get("Sid", ""),
        is_allow=content["Effect"] == "Allow",
        action=Element(tuple(text.lower() for text in action.texts), action.is_negated),
        resource=_element(content, "Resource"),
        principals=Principals.of(content),
        conditions=tuple(_conditions(content.get("Condition") or {}, has_variables=has_variables)),
        has_variables=has_variables,
    )


def _element(content: Mapping[str, Any], name: str) -> Element | None:
    for key, is_negated in ((name, False), (f"Not{name}", True)):
        if key in content:
            return Element(tuple(map(str, several(content[key]))), is_negated)
    return None


def _conditions(content: Mapping[str, Any], *, has_variables: bool) -> Iterator[Condition]:
    for operator, keys in content.items():
        for key, values in keys.items():
            texts = tuple(map(_text, several(values)))
            yield Condition(operator, key, texts if has_variables else tuple(map(_escape_variables, texts)))


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _escape_variables(text: str) -> str:
    """A text with `${` as ordinary characters."""
    return text.replace("${", f"${QUOTE}{{")


def several(value: Any) -> list[Any]:
    """The items of a list, or a single item as a list."""
    return value if isinstance(value, list) else [value]


def _any(results: Iterable[bool | None]) -> bool | None:
    is_sure = True
    for result in results:
        if result:
            return True
        is_sure = is_sure and result is not None
    return False if is_sure else None


def _all(items: Iterable[bool | None]) -> bool | None:
    results = list(items)
    return False if False in results else None if None in results else True
