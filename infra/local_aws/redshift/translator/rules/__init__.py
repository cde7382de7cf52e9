"""The rules that a query goes through, in this order.

A rule of the last list is a function from a node to its replacement. The others change whole SELECTs: they take the
statement's tree, replace clauses that PostgreSQL lacks, and return it.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from ..tree import Rule
from . import (
    aliases,
    casts,
    changes,
    hierarchy,
    literals,
    names,
    outer_joins,
    pivot,
    qualify,
    select_list,
    session_functions,
    super_items,
    windows,
)

_OfTrees = tuple[type[exp.Expr], Callable[[exp.Expr], exp.Expr]]
"""A rule, and the kind of node without which it has nothing to do."""

OF_WHOLE_SELECTS: tuple[_OfTrees, ...] = (
    (exp.Delete, changes.add_from_to_delete),
    (exp.Update, changes.refuse_lists_in_set),
    (exp.Subquery, select_list.unwrap_tables),
    (exp.From, super_items.replace_items),
    (exp.Pivot, pivot.replace_pivots),
    (exp.Select, select_list.exclude_columns),
    (exp.Group, select_list.group_by_all),
    (exp.Connect, hierarchy.replace_connect_by),
    (exp.Where, outer_joins.replace_join_marks),
    (exp.Alias, aliases.expand_aliases),
)
AFTER_CHECKS: tuple[_OfTrees, ...] = ((exp.Qualify, qualify.replace_qualify),)


def reshape(tree: exp.Expr, rules: tuple[_OfTrees, ...]) -> exp.Expr:
    """Applies those rules on whole SELECTs that a statement needs."""
    kinds = {type(node) for node in tree.walk()}
    for kind, rule in rules:
        if kind in kinds:
            tree = rule(tree)
    return tree


BEFORE_FUNCTIONS: tuple[Rule, ...] = (
    literals.integer_as_truth,
    literals.adjacent_strings,
    windows.window,
    windows.ordered_aggregate,
    casts.extract,
    casts.cast,
    names.system_relation,
    names.default_keyword,
    session_functions.current_user_id,
    session_functions.setting,
)
