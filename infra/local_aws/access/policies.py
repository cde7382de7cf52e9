"""Evaluates policies: action, resource and condition against the statements of a role.

Of IAM's rules, those that policies of roles need: an explicit Deny wins, an Allow must match action, resource and every
condition, everything else is denied. A condition whose operator or key is not known does not hold: a stand-in must not
be more lenient than the real thing.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from moto.iam.models import Role

Context = Mapping[str, str]
Statement = Mapping[str, Any]

_VARIABLE = re.compile(r"\$\{([^}]+)\}")


def statements(role: Role) -> list[Statement]:
    """The statements of a role's own and of its attached policies."""
    documents = [*role.policies.values(), *(policy.document for policy in role.managed_policies.values())]
    return [statement for document in documents for statement in _parsed(document)]


@functools.lru_cache(maxsize=256)
def _parsed(document: str) -> tuple[Statement, ...]:
    return tuple(_several(json.loads(document)["Statement"]))


def allowing(found: Iterable[Statement], action: str, resource: str, context: Context) -> Statement | None:
    """The statement that allows an action on a resource, or None when none does or one denies it.

    Args:
        found: the statements to look at.
        action: such as `s3:GetObject`.
        resource: its ARN, or `*` for an action that knows none.
        context: the keys of conditions that the request has, with their values.
    """
    matching = [statement for statement in found if _matches(statement, action, resource, context)]
    if any(statement["Effect"] == "Deny" for statement in matching):
        return None
    return matching[0] if matching else None


def _matches(statement: Statement, action: str, resource: str, context: Context) -> bool:
    return (
        any(_glob(pattern.lower(), action.lower()) for pattern in _several(statement.get("Action", [])))
        and any(_glob(_filled(pattern, context), resource) for pattern in _several(statement.get("Resource", [])))
        and all(
            _holds(operator, key, _several(wanted), context)
            for operator, keys in statement.get("Condition", {}).items()
            for key, wanted in keys.items()
        )
    )


def _holds(operator: str, key: str, wanted: list[str], context: Context) -> bool:
    compare = _OPERATORS.get(operator)
    value = {name.lower(): value for name, value in context.items()}.get(key.lower())
    if compare is None or value is None:
        return False
    return any(compare(_filled(str(pattern), context), value) for pattern in wanted)


def _filled(pattern: str, context: Context) -> str:
    """Policy variables as the request has them; one that it does not have matches nothing."""
    return _VARIABLE.sub(lambda found: context.get(found[1], "\0"), pattern)


def _glob(pattern: str, text: str) -> bool:
    return _compiled(pattern).fullmatch(text) is not None


@functools.lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    """IAM's wildcards: `*` is any text, slashes and colons too, `?` one character."""
    return re.compile("".join({"*": ".*", "?": "."}.get(part) or re.escape(part) for part in pattern), re.DOTALL)


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": str.__eq__,
    "StringLike": _glob,
    "ArnLike": _glob,
    "ArnEquals": _glob,
    "Bool": lambda wanted, value: wanted.lower() == value.lower(),
}


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
