"""FROM items that iterate over a SUPER value, as PostgreSQL's table functions.

`t.items AS i AT n` gives a row for each element of an array, `UNPIVOT t.data AS v AT k` one for each attribute of an
object, and `UNNEST(t.items) AS u (i)` is the standard's spelling of the first.
Sources: https://docs.aws.amazon.com/redshift/latest/dg/query-super.html,
https://docs.aws.amazon.com/redshift/latest/dg/r_FROM_clause-unnest-examples.html
"""

from __future__ import annotations

from sqlglot import exp

from ...errors import RefusedByRedshift
from ..relations import Columns, columns_of
from ..scopes import SCOPES, SUPER, Names, Scope, has_common_table, mark_item, source_nodes


def replace_items(tree: exp.Expr) -> exp.Expr:
    """Replaces every FROM item that iterates over a SUPER value."""
    for scope in [node for node in tree.walk() if isinstance(node, SCOPES)]:
        for number, node in enumerate(list(source_nodes(scope))):
            item = _item(scope, node, number)
            if item is not None:
                node.replace(item)
    return tree


def _item(scope: Scope, node: exp.Expr, number: int) -> exp.Expr | None:
    if isinstance(node, exp.Pivot):
        value, alias, index = _parts(node.this)
        if not alias:
            raise RefusedByRedshift("syntax error: UNPIVOT of a SUPER value needs AS and an alias")
        return _call("rs.super_attributes", value, [alias, index], ["jsonb", "text"])
    if isinstance(node, exp.AtIndex):
        return _array_item(*_parts(node))
    if isinstance(node, exp.Unnest):
        return _unnest(node)
    if isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier) and _is_path(scope, node, number):
        return _array_item(node.to_column(), node.alias or node.name, "")
    return None


def _parts(node: exp.Expr) -> tuple[exp.Expr, str, str]:
    """Value, alias and index of `value AS alias AT index`."""
    index = node.expression.name if isinstance(node, exp.AtIndex) and node.args.get("expression") else ""
    named = node.this if isinstance(node, exp.AtIndex) else node
    if isinstance(named, exp.Table):
        alias = named.alias
        value = named.copy()
        value.set("alias", None)
        return value.to_column(), alias or named.name, index
    if isinstance(named, exp.Alias):
        return named.this.copy(), named.alias, index
    return named.copy(), named.name, index


def _array_item(value: exp.Expr, alias: str, index: str) -> exp.Expr:
    if isinstance(value, exp.Alias):
        value = value.this
    return _call("rs.super_items" if not index else "rs.super_items_at", value, [alias, index], [SUPER, "bigint"])


def _unnest(node: exp.Unnest) -> exp.Expr:
    alias = node.args.get("alias") or exp.TableAlias()
    columns = [column.name for column in alias.columns]
    if len(node.expressions) != 1 or not columns or len(columns) > 1 + bool(node.args.get("offset")):
        raise RefusedByRedshift("UNNEST takes one SUPER value, and an alias with names for its columns")
    index = columns[1] if len(columns) > 1 else "offset" if node.args.get("offset") else ""
    function = "rs.super_items_at" if index else "rs.super_items"
    return _call(function, node.expressions[0], [columns[0], index], [SUPER, "bigint"], alias.name)


def _call(function: str, value: exp.Expr, names: list[str], types: list[str], alias: str = "") -> exp.Expr:
    call = exp.Anonymous(this=function, expressions=[value.copy()])
    call.meta["rs_raw"] = True
    columns = Columns((name.lower(), kind) for name, kind in zip(names, types, strict=True) if name)
    if len(columns) > 1 and not names[1]:
        columns.popitem()
    identifiers = [exp.to_identifier(name) for name in columns]
    table_alias = exp.TableAlias(this=exp.to_identifier(alias or names[0]), columns=identifiers)
    return mark_item(exp.Table(this=call, alias=table_alias), columns)


def _is_path(scope: Scope, table: exp.Table, number: int) -> bool:
    """Whether a name in FROM begins with another source, or with a SUPER column: then it is no table."""
    head = table.parts[0].name
    if len(table.parts) == 1:
        if has_common_table(table) or columns_of(None, head) is not None:
            return False
        match = _before(scope, number).column(head, scope)
        return match is not None and match[1] == SUPER
    source = _before(scope, number).source(head, scope)
    return source is not None and (len(table.parts) > 2 or columns_of(head, table.name) is None)


def _before(scope: Scope, number: int) -> Names:
    """Names where the scope has only the sources before the given one."""
    names = Names()
    names.limit(scope, number)
    return names
