"""How a rule is applied to a parsed statement."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

Rule = Callable[[exp.Expr], exp.Expr]


def apply(tree: exp.Expr, rule: Rule) -> exp.Expr:
    """Replaces every node by the rule's result, children first."""
    for node in reversed(list(tree.walk(bfs=False))):
        parent = node.parent
        key = node.arg_key
        index = node.index
        replacement = rule(node)
        if replacement is node:
            continue
        if parent is None or key is None or node is tree:
            tree = replacement
        else:
            parent.set(key, replacement, index)
    return tree


def postgres_type(text: str) -> exp.DataType:
    """A PostgreSQL type as a node."""
    return exp.DataType.build(text, dialect="postgres")
