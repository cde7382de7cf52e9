"""SUPER navigation, `t.payload.items[0].sku`, as jsonb operators.

A name with dots begins with a table's alias or with a column of type SUPER. Where the session knows the columns, the
table's alias may be left out. Attribute names are in lower case, unless `enable_case_sensitive_super_attribute` is on.
Source: https://docs.aws.amazon.com/redshift/latest/dg/query-super.html
"""

from __future__ import annotations

from sqlglot import exp

from .functions import twin
from .scopes import SCOPES, SUPER, Names, is_super_type
from .super_functions import RETURN_SUPER
from .super_typing import as_super, order_by_rank, typed

_NAME = "super_name"  # marks a path with the name of its column in a result


def rewrite_navigation(tree: exp.Expr) -> exp.Expr:
    """Replaces navigation and the operators on SUPER values. Returns statements without SUPER unchanged."""
    names = Names()
    if not _has_super(tree, names):
        return tree
    for node in reversed(list(tree.walk(bfs=False))):
        place = node.parent
        replacement = typed(_navigate(node, names), names)
        if replacement is node:
            continue
        if place is None:
            tree = replacement
        else:
            place.set(str(node.arg_key), replacement, node.index)
    return order_by_rank(tree)


def _has_super(tree: exp.Expr, names: Names) -> bool:
    return any(_names_super(node, names) for node in tree.walk())


def _names_super(node: exp.Expr, names: Names) -> bool:
    if isinstance(node, exp.Column):
        return len(node.parts) > 2
    if isinstance(node, SCOPES):
        return any(SUPER in (source.columns or {}).values() for source in names.sources(node))
    if isinstance(node, exp.Insert):
        return SUPER in (names.target_columns(node) or {}).values()
    if isinstance(node, exp.Cast):
        return is_super_type(node.to)
    if isinstance(node, exp.Anonymous):
        return str(node.this).lower() in RETURN_SUPER
    return isinstance(node, (exp.Bracket, exp.Dot, exp.ObjectTransform))


def _key(attribute: exp.Expr) -> exp.Expr:
    """The attribute's name in the JSON object, which may depend on the session."""
    name = exp.Literal.string(attribute.name)
    return name if attribute.name == attribute.name.lower() else twin("attribute", name)


def _step(value: exp.Expr, key: exp.Expr, name: str) -> exp.Expr:
    is_constant = isinstance(key, exp.Literal) or (isinstance(key, exp.Anonymous) and key.name == "rs.attribute")
    step = (
        exp.Paren(this=exp.JSONExtract(this=value, expression=key, only_json_types=True))
        if is_constant
        else twin("super_get", value, key)
    )
    step.meta[_NAME] = name
    return as_super(step)


def _navigate(node: exp.Expr, names: Names) -> exp.Expr:
    if isinstance(node, exp.Column):
        path = names.path(node)
        if path is None:
            return node
        value: exp.Expr = path[0]
        for attribute in path[1]:
            value = _step(value, _key(attribute), attribute.name.lower())
        return value
    if isinstance(node, exp.Bracket) and len(node.expressions) == 1:
        name = node.this.meta.get(_NAME) or node.this.name.lower()
        return _step(node.this, node.expressions[0], name)
    is_attribute = isinstance(node, exp.Dot) and not isinstance(node.expression, exp.Func)
    if is_attribute and not isinstance(node.this, exp.Identifier):
        return _step(node.this, _key(node.expression), node.expression.name.lower())
    if isinstance(node, exp.Select):
        for item in node.expressions:
            if item.meta.get(_NAME):
                item.replace(exp.Alias(this=item.copy(), alias=exp.to_identifier(item.meta[_NAME])))
    return node
