"""Condition operators of IAM policies.

A condition holds (True), does not hold (False), or nobody can tell (None): its operator is not known, its key cannot
be known here, or a value is not of the operator's type.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html and, for
several values, reference_policies_condition-logic-multiple-context-keys-or-values.html beside it.
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
from .patterns import Text, filled, is_arn_like, is_like, literal

Compare = Callable[[Text, str], bool]
"""Whether a policy's value and a request's agree. Raises ValueError when one of them is not of the type."""


@dataclass(frozen=True, slots=True)
class Operator:
    """How values are compared.

    Attributes:
        compare: one value of the policy with one of the request.
        is_negated: the condition holds when no value of the policy agrees.
        has_variables: policy variables and wildcards that are escaped like them have a meaning in its values.
    """

    compare: Compare
    is_negated: bool = False
    has_variables: bool = False


def _typed(read: Callable[[str], Any], compare: Callable[[Any, Any], bool]) -> Compare:
    return lambda wanted, value: compare(read(value), read(literal(wanted)))


def _number(text: str) -> Decimal:
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        raise ValueError(text) from None


def _time(text: str) -> datetime:
    """A date of ISO 8601, in UTC unless it says otherwise, or seconds since 1970."""
    try:
        return datetime.fromtimestamp(float(text), UTC)
    except ValueError:
        found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _boolean(text: str) -> bool:
    if (found := {"true": True, "false": False}.get(text.lower())) is None:
        raise ValueError(text)
    return found


def _is_in_network(wanted: Text, value: str) -> bool:
    return ipaddress.ip_address(value) in ipaddress.ip_network(literal(wanted), strict=False)


def _family(name: str, compare: Compare, negation: str, *, has_variables: bool = False) -> dict[str, Operator]:
    return {
        name: Operator(compare, has_variables=has_variables),
        negation: Operator(compare, is_negated=True, has_variables=has_variables),
    }


OPERATORS: dict[str, Operator] = {
    **_family("StringEquals", lambda wanted, value: literal(wanted) == value, "StringNotEquals", has_variables=True),
    **_family(
        "StringEqualsIgnoreCase",
        lambda wanted, value: literal(wanted).casefold() == value.casefold(),
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
        f"{family}{name}": Operator(_typed(read, compare))
        for family, read in (("Numeric", _number), ("Date", _time))
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
    """One operator with one key and the values that the policy lists for it."""

    operator: str
    key: str
    wanted: tuple[Text, ...]

    def holds(self, context: Context) -> bool | None:
        """Whether it holds for a request; None when nobody can tell."""
        values = context.values(self.key)
        if values is None:
            return None
        if self.operator == "Null":
            return self._is_null(values)
        quantifier, _, name = self.operator.rpartition(":")
        plain = name.removesuffix("IfExists")
        found = OPERATORS.get(plain)
        if found is None or quantifier not in ("", "ForAllValues", "ForAnyValue"):
            return None
        if not values:
            return _without_key(quantifier, found, is_optional=plain != name)
        try:
            return self._compare(found, quantifier, values, context)
        except ValueError:
            return None

    def _compare(self, found: Operator, quantifier: str, values: Values, context: Context) -> bool | None:
        wanted = [filled(text, context) if found.has_variables else text for text in self.wanted]
        if None in wanted:
            return None
        present = [text for text in wanted if isinstance(text, str)]
        agreeing = [any(found.compare(text, value) for text in present) for value in values]
        if quantifier == "ForAllValues":
            return all(agrees is not found.is_negated for agrees in agreeing)
        if quantifier == "ForAnyValue":
            return any(agrees is not found.is_negated for agrees in agreeing)
        return any(agreeing) is not found.is_negated

    def _is_null(self, values: Values) -> bool | None:
        answers = [{"true": not values, "false": bool(values)}.get(literal(text).lower()) for text in self.wanted]
        return None if None in answers else any(answers)


def _without_key(quantifier: str, found: Operator, *, is_optional: bool) -> bool:
    """What a condition says of a request that does not have its key."""
    if quantifier:  # here IfExists changes nothing: none of no values agrees, and all of them do
        return quantifier == "ForAllValues"
    return is_optional or found.is_negated
