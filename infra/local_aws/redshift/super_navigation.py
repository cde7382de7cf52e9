"""SUPER navigation: `t.payload.items[0].sku` and `FROM t, t.payload.items i`, as jsonb operators.

PostgreSQL would read the dots as schema and table names. The first name is looked up among the tables in scope, so you
must navigate columns through their table's alias, as Redshift's own documentation advises. Attribute names are in lower
case (`enable_case_sensitive_super_attribute` is off).
"""

from __future__ import annotations

from sqlglot import exp

from .rules import apply


def _aliases(tree: exp.Expr) -> dict[str, str]:
    """Every table alias in the statement, with the schema of an unaliased table (else an empty string)."""
    return {t.alias_or_name.lower(): "" if t.alias else t.db.lower() for t in tree.find_all(exp.Table)}


def _step(value: exp.Expr, key: exp.Expr) -> exp.Expr:
    extraction = exp.JSONExtract(this=value, expression=key, only_json_types=True)
    return exp.Paren(this=extraction)


def _path(column: exp.Column, aliases: dict[str, str]) -> exp.Expr:
    names = [part.name.lower() for part in column.parts]
    if len(names) < 3 or names[0] not in aliases or aliases.get(names[1]) == names[0]:
        return column
    value: exp.Expr = exp.column(names[1], table=names[0])
    for name in names[2:]:
        value = _step(value, exp.Literal.string(name))
    return value


def _navigate(node: exp.Expr, aliases: dict[str, str]) -> exp.Expr:
    if isinstance(node, exp.Column) and not isinstance(node.this, exp.Star):
        return _path(node, aliases)
    if isinstance(node, exp.Bracket) and len(node.expressions) == 1:
        return _step(node.this, node.expressions[0])
    is_attribute = isinstance(node, exp.Dot) and not isinstance(node.expression, exp.Func)
    if is_attribute and not isinstance(node.this, exp.Identifier):
        return _step(node.this, exp.Literal.string(node.expression.name.lower()))
    return node


def _unnest(table: exp.Expr, aliases: dict[str, str]) -> exp.Expr:
    """`FROM t, t.payload.items i`: each item of the array becomes a row with one column."""
    if not isinstance(table, exp.Table) or not isinstance(table.parent, exp.Join) or not table.alias:
        return table
    names = [part.name.lower() for part in table.parts]
    if len(names) < 2 or names[0] not in aliases or names[0] == table.alias.lower():
        return table
    value: exp.Expr = exp.column(names[1], table=names[0])
    for name in names[2:]:
        value = _step(value, exp.Literal.string(name))
    call = exp.Anonymous(this="rs.super_items", expressions=[value])
    call.meta["rs_raw"] = True
    return exp.Table(this=call, alias=exp.TableAlias(this=exp.to_identifier(f"{table.alias}")))


def rewrite_navigation(tree: exp.Expr) -> exp.Expr:
    """Replaces SUPER navigation by jsonb operators. Returns other trees unchanged."""
    aliases = _aliases(tree)
    items = {
        t.alias.lower()
        for t in tree.find_all(exp.Table)
        if t.alias and isinstance(t.parent, exp.Join) and len(t.parts) > 1 and t.parts[0].name.lower() in aliases
        and t.parts[0].name.lower() != t.alias.lower() and t.parts[0].name.lower() not in _schemas(tree)
    }  # fmt: skip
    if not items and not _has_navigation(tree, aliases):
        return tree
    tree = apply(tree, lambda node: _unnest(node, aliases))
    tree = apply(tree, lambda node: _item_attribute(node, items))
    return apply(tree, lambda node: _navigate(node, aliases))


def _schemas(tree: exp.Expr) -> set[str]:
    return {t.db.lower() for t in tree.find_all(exp.Table) if t.db and isinstance(t.parent, exp.From)}


def _item_attribute(node: exp.Expr, items: set[str]) -> exp.Expr:
    if isinstance(node, exp.Column) and len(node.parts) >= 2 and node.parts[0].name.lower() in items:
        value: exp.Expr = exp.column(node.parts[0].name.lower())
        for part in node.parts[1:]:
            value = _step(value, exp.Literal.string(part.name.lower()))
        return value
    return node


def _has_navigation(tree: exp.Expr, aliases: dict[str, str]) -> bool:
    if tree.find(exp.Bracket, exp.Dot):
        return True
    return any(len(c.parts) > 2 and _path(c, aliases) is not c for c in tree.find_all(exp.Column))
