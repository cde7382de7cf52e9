"""Policies as the evaluation reads them: statements, and whether one concerns a request.

A statement concerns a request (True), does not (False), or nobody can tell (None). An explicit Deny of which nobody
can tell counts, an Allow does not: a stand-in must not be more lenient than the real thing.
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
from .patterns import QUOTE, Missing, filled, is_action, is_resource
from .principals import Principals

_WITH_VARIABLES = "2012-10-17"
"""In a policy of an older version, and one that names none is, `${` is ordinary text."""


class MalformedPolicy(ValueError):
    """It is no policy; the message says why."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for.

    Attributes:
        action: such as `s3:GetObject`.
        resource: its ARN, or `*` for an action that knows none.
        context: what conditions look at.
        is_resource_known: False when the action has a resource, and nobody can tell which.
    """

    action: str
    resource: str
    context: Context
    is_resource_known: bool = True


@dataclass(frozen=True, slots=True)
class Element:
    """`Action` or `NotAction`, `Resource` or `NotResource`: texts, and whether they are those that are left out."""

    texts: tuple[str, ...]
    is_negated: bool

    def concerns(self, is_match: Callable[[str], bool | None]) -> bool | None:
        """Whether it concerns a request.

        Args:
            is_match: whether a text fits; None when nobody can tell.
        """
        found = _any(map(is_match, self.texts))
        return found if found is None else found is not self.is_negated


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of a policy. Without a resource, as in a trust policy, it is about the resource that has it."""

    sid: str
    is_allow: bool
    action: Element
    resource: Element | None
    principals: Principals | None
    conditions: tuple[Condition, ...]
    has_variables: bool

    def concerns(self, request: Request) -> bool:
        """Whether it counts for a request, whoever makes it."""
        answer = self._concerns(request)
        return not self.is_allow if answer is None else answer

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
            found = filled(text, request.context) if self.has_variables else text
            if found is None:
                return None
            return not isinstance(found, Missing) and is_resource(found, request.resource)

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
        return tuple(_statement(each, has_variables=has_variables) for each in several(content["Statement"]))
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
    for found, is_negated in ((name, False), (f"Not{name}", True)):
        if found in content:
            return Element(tuple(map(str, several(content[found]))), is_negated)
    return None


def _conditions(content: Mapping[str, Any], *, has_variables: bool) -> Iterator[Condition]:
    for operator, keys in content.items():
        for key, wanted in keys.items():
            texts = tuple(map(_text, several(wanted)))
            yield Condition(operator, key, texts if has_variables else tuple(map(_plain, texts)))


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _plain(text: str) -> str:
    """A text whose `${` is no variable."""
    return text.replace("${", f"${QUOTE}{{")


def several(value: Any) -> list[Any]:
    """The items of what may be a list or a single one."""
    return value if isinstance(value, list) else [value]


def _any(answers: Iterable[bool | None]) -> bool | None:
    is_sure = True
    for answer in answers:
        if answer:
            return True
        is_sure = is_sure and answer is not None
    return False if is_sure else None


def _all(answers: Iterable[bool | None]) -> bool | None:
    found = list(answers)
    return False if False in found else None if None in found else True
