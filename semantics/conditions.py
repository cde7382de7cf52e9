"""Conditions on dimensions: `venue__state_code = TX`. A condition is data, never SQL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from semantics.documents import Datatype
from semantics.literals import Value, literal

_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_NUMBER_OF_VALUES = {
    **dict.fromkeys(_COMPARISONS, (1, 1)),
    "in": (1, 200),
    "not in": (1, 200),
    "between": (2, 2),
    "is null": (0, 0),
    "is not null": (0, 0),
}

OPERATORS = tuple(_NUMBER_OF_VALUES)


class BadCondition(ValueError):
    """A condition with an unknown operator or a wrong number of values."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition.

    Attributes:
        dimension: its name, such as `venue__state_code`.
        operator: one of `OPERATORS`.
        values: what to compare with: one value, two for `between`, up to 200 for `in`, none for `is null`.
    """

    dimension: str
    operator: str
    values: tuple[Value, ...] = ()

    def __post_init__(self) -> None:
        if self.operator not in _NUMBER_OF_VALUES:
            raise BadCondition(f"there is no operator {self.operator!r}; the operators are: {', '.join(OPERATORS)}")
        least, most = _NUMBER_OF_VALUES[self.operator]
        if not least <= len(self.values) <= most:
            expected = str(least) if least == most else f"{least} to {most}"
            raise BadCondition(f"{self.dimension} {self.operator}: {len(self.values)} values instead of {expected}")

    def sql(self, column: str, datatype: Datatype, quote: Callable[[Value, Datatype], str] = literal) -> str:
        """The condition as SQL.

        Args:
            column: SQL for the dimension.
            datatype: its type.
            quote: writes a value.

        Raises:
            BadValue: a value does not fit the type.
        """
        values = [quote(value, datatype) for value in self.values]
        match self.operator:
            case "in" | "not in":
                return f"{column} {self.operator.upper()} ({', '.join(values)})"
            case "between":
                return f"{column} BETWEEN {values[0]} AND {values[1]}"
            case "is null" | "is not null":
                return f"{column} {self.operator.upper()}"
            case _:
                return f"{column} {self.operator.replace('!=', '<>')} {values[0]}"
