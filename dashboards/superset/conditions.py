"""Conditions of charts as Superset's filters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from semantics.queries import Condition

_OPERATORS = {
    "=": "==",
    "!=": "!=",
    "<": "<",
    "<=": "<=",
    ">": ">",
    ">=": ">=",
    "in": "IN",
    "not in": "NOT IN",
    "is null": "IS NULL",
    "is not null": "IS NOT NULL",
}


def adhoc_filters(where: Sequence[Condition], time_dimension: str | None) -> list[dict[str, Any]]:
    """The filters of one chart.

    Args:
        where: its conditions.
        time_dimension: the dimension that a dashboard's filter for time acts on. Superset puts the chosen range into a
            filter of this kind, so a chart without it would ignore the choice.
    """
    filters = [_filter(condition) for condition in where]
    if time_dimension:
        filters.append(_simple(time_dimension, "TEMPORAL_RANGE", "No filter"))
    return filters


def _filter(condition: Condition) -> dict[str, Any]:
    values = list(condition.values)
    comparator = values if condition.operator in ("in", "not in") else next(iter(values), None)
    return _simple(condition.dimension, _OPERATORS[condition.operator], comparator)


def _simple(subject: str, operator: str, comparator: Any) -> dict[str, Any]:
    return {
        "clause": "WHERE",
        "expressionType": "SIMPLE",
        "subject": subject,
        "operator": operator,
        "comparator": comparator,
    }
