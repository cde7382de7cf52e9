"""The rules that need types. They see the statement as it is written, before other rules replace anything."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from .column_names import result_queries
from .inference import Inference
from .rules import comparisons, decimals, varbytes
from .tree import apply

_RULES: tuple[Callable[[exp.Expr, Inference], exp.Expr], ...] = (
    decimals.set_operation,
    comparisons.comparison,
    comparisons.truth,
    comparisons.concatenation,
    decimals.choice,
    decimals.division,
    decimals.average,
    varbytes.operator,
)


def rewrite_by_type(tree: exp.Expr, is_stored: bool = False) -> exp.Expr:
    """Replaces what depends on the types of its operands.

    Args:
        tree: A statement as it is written.
        is_stored: The query's columns become a table's or a view's. Then texts get their length, too.
    """
    inference = Inference(is_stored)
    for node in reversed(list(tree.walk(bfs=False))):  # inner nodes first, so that inference is never deep
        if not isinstance(node, exp.Column):  # its table is looked up when a rule asks
            inference.kind(node)
        if isinstance(node, exp.SetOperation):
            inference.outputs(node)
    for query in result_queries(tree):
        if not _is_recursive(query):
            decimals.size_outputs(query, inference)
    return apply(tree, lambda node: _rewritten(node, inference))


def _is_recursive(query: exp.Select) -> bool:
    """Whether it is part of a recursive WITH: both sides must have the same type, so neither is changed."""
    with_ = query.find_ancestor(exp.With)
    return with_ is not None and bool(with_.recursive)


def _rewritten(node: exp.Expr, inference: Inference) -> exp.Expr:
    """The first rule that replaces a node decides. Each kind of node is the business of one of them."""
    for rule in _RULES:
        replacement = rule(node, inference)
        if replacement is not node:
            return replacement
    return node
