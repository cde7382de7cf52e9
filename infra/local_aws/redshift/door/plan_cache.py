"""Plans by text, for all sessions. A plan is used again only while what it depends on is the same."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Protocol

from ..translator.late_binding import LateView, Name, late_views_found_by
from ..translator.relations import Columns, looked_up_by
from ..translator.routines import Modes, procedures_found_by
from .planning import Plan, make_plan

_LONGEST_CACHED = 20_000
_MOST_CACHED = 2_000


class Knowledge(Protocol):
    """Look-ups in the database, as a session sees it."""

    def columns(self, relations: Iterable[Name]) -> dict[Name, Columns | None]:
        """The columns of relations; None for one that does not exist."""
        ...

    def late_views(self, names: Iterable[Name]) -> dict[Name, LateView]:
        """Those of the relations that are late-binding views."""
        ...

    def procedures(self, schema: str | None, name: str) -> list[Modes]:
        """The modes of the arguments of each procedure of a name."""
        ...

    def schema_of_function(self, name: str) -> str | None:
        """The schema of a user-defined function that is called by its bare name; None if there is none."""
        ...


@dataclass(slots=True)
class _Basis:
    """The definitions that a plan depends on, as they were when it was made."""

    columns: dict[Name, Columns | None] = field(default_factory=dict)
    views: dict[Name, LateView | None] = field(default_factory=dict)
    functions: dict[str, str | None] = field(default_factory=dict)

    def holds(self, knowledge: Knowledge) -> bool:
        """Whether it is still so, whoever may have changed it."""
        return (
            (not self.views or _views(knowledge, self.views) == self.views)
            and (not self.columns or knowledge.columns(self.columns) == self.columns)
            and all(knowledge.schema_of_function(name) == schema for name, schema in self.functions.items())
        )


class PlanCache:
    """The plans. Those used last are kept."""

    def __init__(self) -> None:
        self._plans: OrderedDict[str, tuple[Plan, _Basis]] = OrderedDict()
        self._lock = threading.Lock()

    def plan(self, text: str, knowledge: Knowledge) -> Plan:
        """The plan of a statement.

        Raises:
            StatementError: Redshift would refuse the statement, or we don't support it.
        """
        with self._lock:
            entry = self._plans.get(text)
            if entry is not None:
                self._plans.move_to_end(text)
        if entry is not None and entry[1].holds(knowledge):
            return entry[0]
        plan, basis = _planned(text, knowledge)
        if len(text) <= _LONGEST_CACHED and plan.kind != "call":  # a call depends on the procedures of its name
            with self._lock:
                self._plans[text] = (plan, basis)
                while len(self._plans) > _MOST_CACHED:
                    self._plans.popitem(last=False)
        return plan


def _planned(text: str, knowledge: Knowledge) -> tuple[Plan, _Basis]:
    basis = _Basis()

    def columns(schema: str | None, name: str) -> Columns | None:
        relation = (schema, name)
        if relation not in basis.columns:
            basis.columns.update(knowledge.columns([relation]))
        return basis.columns[relation]

    def schema_of_function(name: str) -> str | None:
        basis.functions[name] = knowledge.schema_of_function(name)
        return basis.functions[name]

    def late_views(names: Iterable[Name]) -> dict[Name, LateView]:
        views = _views(knowledge, list(names))
        basis.views.update(views)
        return {name: view for name, view in views.items() if view is not None}

    with ExitStack() as stack:
        stack.enter_context(looked_up_by(columns, schema_of_function))
        stack.enter_context(late_views_found_by(late_views))
        stack.enter_context(procedures_found_by(knowledge.procedures))
        plan = make_plan(text)
    sources = [text, *(view.text for view in basis.views.values() if view is not None)]
    return replace(plan, sources="\n".join(sources)), basis


def _views(knowledge: Knowledge, names: Iterable[Name]) -> dict[Name, LateView | None]:
    views = knowledge.late_views(names)
    return {name: views.get(name) for name in names}
