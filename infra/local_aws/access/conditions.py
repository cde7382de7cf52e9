"""Condition operators of IAM policies.

A condition is true (True), false (False), or unknown (None): unknown if its operator is not known, its key cannot be
known here, or a value has the wrong type.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html and, for
several values, reference_policies_condition-logic-multiple-context-keys-or-values.html in the same guide.
"""

from __future__ import annotations

import base64
import functools
import ipaddress
import operator
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from .context import Context, Values
from .patterns import Text, fill_variables, is_arn_like, is_like, literal

Compare = Callable[[Text, str], bool]
"""Whether a policy's value matches a request's value. Raises ValueError if one of them has the wrong type."""


@dataclass(frozen=True, slots=True)
class Operator:
    """How values are compared.

    Attributes:
        compare: compares one value of the policy with one of the request.
        is_negated: the condition is true if no value of the policy matches.
        has_variables: its values may contain policy variables and escaped wildcards.
    """

    compare: Compare
    is_negated: bool = False
    has_variables: bool = False


def _typed(parse: Callable[[str], Any], compare: Callable[[Any, Any], bool]) -> Compare:
    return lambda text, value: compare(parse(value), parse(literal(text)))


def _number(text: str) -> Decimal:
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        raise ValueError(text) from None


def _time(text: str) -> datetime:
    """A date in ISO 8601, by default in UTC, or in seconds since 1970."""
    try:
        return datetime.fromtimestamp(float(text), UTC)
    except ValueError:
        time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _boolean(text: str) -> bool:
    if (value := {"true": True, "false": False}.get(text.lower())) is None:
        raise ValueError(text)
    return value


def _is_in_network(network: Text, value: str) -> bool:
    return ipaddress.ip_address(value) in ipaddress.ip_network(literal(network), strict=False)


def _family(name: str, compare: Compare, negation: str, *, has_variables: bool = False) -> dict[str, Operator]:
    return {
        name: Operator(compare, has_variables=has_variables),
        negation: Operator(compare, is_negated=True, has_variables=has_variables),
    }


OPERATORS: dict[str, Operator] = {
    **_family("StringEquals", lambda text, value: literal(text) == value, "StringNotEquals", has_variables=True),
    **_family(
        "StringEqualsIgnoreCase",
        lambda text, value: literal(text).casefold() == value.casefold(),
        "StringNotEqualsIgnoreCase",
        has_variables=True,
    ),
    **_family("StringLike", is_like, "StringNotLike", has_variables=True),
    **_family("ArnEquals", is_arn_like, "ArnNotEquals", has_variables=True),
    **_family("ArnLike", is_arn_like, "ArnNotLike", has_variables=True),
    **_family("NumericEquals", _typed(_number, operator.eq), "NumericNotEquals"),
    **_family("DateEquals", _typed(_time, operator.eq), "DateNotEquals"),
    **_family("IpAddress", _is_in_network, "NotIpAddress"),
    "Bool": Operator(_typed(_boolean, operator.eq)),
    "BinaryEquals": Operator(_typed(functools.partial(base64.b64decode, validate=True), operator.eq)),
    **{
        f"{family}{name}": Operator(_typed(parse, compare))
        for family, parse in (("Numeric", _number), ("Date", _time))
        for name, compare in (
            ("LessThan", operator.lt),
            ("LessThanEquals", operator.le),
            ("GreaterThan", operator.gt),
            ("GreaterThanEquals", operator.ge),
        )
    },
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator with one key and the values in the policy."""

    operator: str
    key: str
    texts: tuple[Text, ...]

    def holds(self, context: Context) -> bool | None:
        """Whether the condition is true for a request; None if unknown."""
        values = context.values(self.key)
        if values is None:
            return None
        if self.operator == "Null":
            return self._is_null(values)
        quantifier, _, name = self.operator.rpartition(":")
        plain = name.removesuffix("IfExists")
        condition_operator = OPERATORS.get(plain)
        if condition_operator is None or quantifier not in ("", "ForAllValues", "ForAnyValue"):
            return None
        if not values:
            return _without_key(quantifier, condition_operator, is_optional=plain != name)
        try:
            return self._compare(condition_operator, quantifier, values, context)
        except ValueError:
            return None

    def _compare(self, condition_operator: Operator, quantifier: str, values: Values, context: Context) -> bool | None:
        texts = [fill_variables(text, context) if condition_operator.has_variables else text for text in self.texts]
        if None in texts:
            return None
        present = [text for text in texts if isinstance(text, str)]
        agreeing = [any(condition_operator.compare(text, value) for text in present) for value in values]
        if quantifier == "ForAllValues":
            return all(agrees is not condition_operator.is_negated for agrees in agreeing)
        if quantifier == "ForAnyValue":
            return any(agrees is not condition_operator.is_negated for agrees in agreeing)
        return any(agreeing) is not condition_operator.is_negated

    def _is_null(self, values: Values) -> bool | None:
        answers = [{"true": not values, "false": bool(values)}.get(literal(text).lower()) for text in self.texts]
        return None if None in answers else any(answers)


def _without_key(quantifier: str, condition_operator: Operator, *, is_optional: bool) -> bool:
    """The result of a condition for a request without its key."""
    if quantifier:  # IfExists makes no difference here: without values, ForAnyValue is false and ForAllValues is true
        return quantifier == "ForAllValues"
    return is_optional or condition_operator.is_negated
