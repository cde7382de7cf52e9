"""Dynamic typing: operators and functions on SUPER values, next to values of other types.

Equality of different types is false, any other comparison of them is NULL, and arithmetic with anything but numbers is
NULL, as is a cast that is not possible.
Sources: https://docs.aws.amazon.com/redshift/latest/dg/query-super.html#dynamic-typing-lax-processing,
https://docs.aws.amazon.com/redshift/latest/dg/operators-functions.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from sqlglot import exp

from ..errors import RefusedByRedshift
from .datatypes import type_from_text
from .function_names import ALIASES
from .functions import twin
from .relations import Columns
from .scopes import SUPER, UNKNOWN, Names, is_super_type
from .super_functions import NUMBERS_TO_SUPER, OF_ONE_TYPE, TAKE_NUMBERS, TAKE_TEXT
from .tree import postgres_type

_ARITHMETIC: dict[type[exp.Expr], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/", exp.Mod: "%"}
_COMPARISONS = (exp.LT, exp.LTE, exp.GT, exp.GTE)
_TEXT_NODES = (exp.Like, exp.ILike, exp.SimilarTo, exp.RegexpLike, exp.DPipe, exp.Substring, exp.Trim, exp.StrPosition)
_Operands = tuple[exp.Expr, exp.Expr]


def as_super(node: exp.Expr) -> exp.Expr:
    """Marks an expression whose type is SUPER."""
    node.meta["super"] = True
    return node


def _super(node: exp.Expr) -> exp.Expr:
    """Any value as SUPER."""
    return node if isinstance(node, exp.Null) else as_super(twin("super", node))


def _equal_form(node: exp.Expr) -> exp.Expr:
    """A value as SUPER for equality, where a null inside of SUPER is NULL."""
    return node if isinstance(node, exp.Null) else twin("super_or_null", twin("super", node))


def typed(node: exp.Expr, names: Names) -> exp.Expr:
    """The replacement of an operator, function or cast with SUPER operands, which are already rewritten."""
    for kinds, rule in _RULES:
        if isinstance(node, kinds):
            return rule(node, names)
    return node


def _is_super(node: exp.Expr | None, names: Names) -> bool:
    return node is not None and names.type_of(node) == SUPER


def _equality(node: exp.Expr, names: Names) -> exp.Expr:
    if isinstance(node.parent, exp.Update) and node.arg_key == "expressions":
        return _assignment(node, names)
    if _is_super(node.this, names) or _is_super(node.expression, names):
        node.set("this", _equal_form(node.this))
        node.set("expression", _equal_form(node.expression))
    return node


def _assignment(node: exp.Expr, names: Names) -> exp.Expr:
    update = node.parent
    if isinstance(update, exp.Update) and update.args.get("this"):
        columns = names.sources(update)[0].columns or Columns()
        target = columns.get(node.this.name.lower(), UNKNOWN)
        node.set("expression", _stored(node.expression, target, names))
    return node


def _comparison(node: exp.Expr, names: Names) -> exp.Expr:
    if not (_is_super(node.this, names) or _is_super(node.expression, names)):
        return node
    order = twin("super_compare", _super(node.this), _super(node.expression))
    return exp.Paren(this=type(node)(this=order, expression=exp.Literal.number(0)))


def _between(node: exp.Expr, names: Names) -> exp.Expr:
    value = node.this
    low = node.args["low"]
    high = node.args["high"]
    if not any(_is_super(part, names) for part in (value, low, high)):
        return node
    bounds = (exp.GTE(this=value, expression=low), exp.LTE(this=value.copy(), expression=high))
    parts = [
        type(part)(this=twin("super_compare", _super(part.this), _super(part.expression)),
                   expression=exp.Literal.number(0))
        for part in bounds
    ]  # fmt: skip
    return exp.Paren(this=exp.And(this=parts[0], expression=parts[1]))


def _in(node: exp.Expr, names: Names) -> exp.Expr:
    query = node.args.get("query")
    if query is None:
        if any(_is_super(part, names) for part in (node.this, *node.expressions)):
            node.set("this", _equal_form(node.this))
            node.set("expressions", [_equal_form(part) for part in node.expressions])
        return node
    left = _is_super(node.this, names)
    right = _is_super(query, names)
    inner = query.this
    if left and not right and isinstance(inner, exp.Select) and len(inner.expressions) == 1:
        inner.set("expressions", [_equal_form(inner.expressions[0].unalias())])
    if left or right:
        node.set("this", _equal_form(node.this))
    return node


def _is(node: exp.Expr, names: Names) -> exp.Expr:
    if _is_super(node.this, names):
        form = "super_or_null" if isinstance(node.expression, exp.Null) else "super_boolean"
        node.set("this", twin(form, node.this))
    return node


def _arithmetic(node: exp.Expr, names: Names) -> exp.Expr:
    if not (_is_super(node.this, names) or _is_super(node.expression, names)):
        return node
    sign = exp.Literal.string(_ARITHMETIC[type(node)])
    return as_super(twin("super_calculate", sign, _super(node.this), _super(node.expression)))


def _negative(node: exp.Expr, names: Names) -> exp.Expr:
    if not _is_super(node.this, names):
        return node
    zero = _super(exp.Literal.number(0))
    return as_super(twin("super_calculate", exp.Literal.string("-"), zero, node.this))


def _text_operands(node: exp.Expr, names: Names) -> exp.Expr:
    for key in ("this", "expression", "substr"):
        if isinstance(node.args.get(key), exp.Expr) and _is_super(node.args[key], names):
            node.set(key, twin("super_text", node.args[key]))
    return node


def _condition(node: exp.Expr, names: Names) -> exp.Expr:
    keys = ("this", "expression") if isinstance(node, exp.Connector) else ("this",)
    if isinstance(node, exp.Join):
        keys = ("on",)
    if isinstance(node, exp.If) and isinstance(node.parent, exp.Case) and node.parent.args.get("this"):
        return node
    for key in keys:
        if _is_super(node.args.get(key), names):
            node.set(key, twin("super_boolean", node.args[key]))
    return node


def _case(node: exp.Expr, names: Names) -> exp.Expr:
    subject = node.args.get("this")
    branches = node.args["ifs"]
    if subject is not None and any(_is_super(part, names) for part in (subject, *(branch.this for branch in branches))):
        node.set("this", _equal_form(subject))
        for branch in branches:
            branch.set("this", _equal_form(branch.this))
    if _is_super(node, names):
        for branch in branches:
            branch.set("true", _super(branch.args["true"]))
        if node.args.get("default"):
            node.set("default", _super(node.args["default"]))
    return node


def _cast(node: exp.Expr, names: Names) -> exp.Expr:
    if not isinstance(node, exp.Cast) or node.meta.get("rs_raw"):
        return node
    if is_super_type(node.to):
        if isinstance(node.this, exp.Null):
            return node
        return _super(node.this)
    if _is_super(node.this, names):
        node.set("this", _converted(node.this, type_from_text(node.to.sql("redshift")).postgres))
    return node


def _converted(value: exp.Expr, target: str) -> exp.Expr:
    """A SUPER value cast to another type, without its length or precision."""
    sample = exp.Cast(this=exp.Null(), to=postgres_type(target.split("(", 1)[0]))
    sample.meta["rs_raw"] = True
    return twin("super_cast", value, sample)


def _transform(node: exp.Expr, _names: Names) -> exp.Expr:
    """OBJECT_TRANSFORM: keeps paths of an object, then sets others.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_object_transform_function.html
    """
    value = node.this
    kept = node.args.get("keep") or []
    changes = node.args.get("set_") or []
    if len(changes) % 2:
        raise RefusedByRedshift("OBJECT_TRANSFORM: SET takes pairs of a path and a value")
    if kept:
        paths = json.dumps([_attributes(path) for path in kept])
        value = twin("object_keep", value, exp.Literal.string(paths))
    for path, change in zip(changes[::2], changes[1::2], strict=True):
        names = exp.Literal.string(json.dumps(_attributes(path)))
        value = twin("object_set", value, names, _super(change))
    return as_super(value)


def _attributes(path: exp.Expr) -> list[str]:
    """The names in a path such as '"person"."name"'."""
    names = re.findall(r'"((?:[^"]|"")*)"', path.name) if isinstance(path, exp.Literal) else []
    if not names or ".".join(f'"{name}"' for name in names) != path.name:
        raise RefusedByRedshift("OBJECT_TRANSFORM: a path is a constant of attribute names in double quotes")
    return names


def _call(node: exp.Expr, names: Names) -> exp.Expr:
    name = ALIASES.get(str(node.this).lower(), str(node.this).lower())
    arguments = node.expressions
    if node.meta.get("rs_raw") or not any(_is_super(argument, names) for argument in _values(arguments)):
        return node
    if name in ("min", "max"):
        return as_super(twin(f"super_{name}", *arguments))
    if name in OF_ONE_TYPE:
        node.set("expressions", [_super(argument) for argument in arguments])
        return as_super(node)
    if name == "decode":
        node.set("expressions", _decode_arguments(arguments))
    if name == "nvl2":
        arguments[0].replace(twin("super_or_null", arguments[0].copy()))
    if name in TAKE_TEXT:
        _convert(node, names, "super_text")
    if name in TAKE_NUMBERS:
        _convert(node, names, "super_number")
    if name in NUMBERS_TO_SUPER:
        _convert(node, names, "super_number")
        return as_super(twin("super", node.copy()))
    return node


def _decode_arguments(arguments: list[exp.Expr]) -> list[exp.Expr]:
    """The arguments of DECODE, with its first and those that are compared with it as SUPER."""
    pairs = len(arguments) - (len(arguments) % 2 == 0)
    return [
        _equal_form(argument) if number == 0 or (number % 2 and number < pairs) else argument
        for number, argument in enumerate(arguments)
    ]


def _values(arguments: list[exp.Expr]) -> list[exp.Expr]:
    """The arguments, with those behind DISTINCT."""
    inner = [value for argument in arguments if isinstance(argument, exp.Distinct) for value in argument.expressions]
    return [*arguments, *inner]


def _convert(call: exp.Expr, names: Names, conversion: str) -> None:
    for argument in _values(call.expressions):
        if _is_super(argument, names):
            argument.replace(twin(conversion, argument.copy()))


def _stored(value: exp.Expr, target: str, names: Names) -> exp.Expr:
    """A value as it is stored in a column of the target's type."""
    if target == UNKNOWN or isinstance(value, exp.Null) or value.name.upper() == "DEFAULT":
        return value
    if target == SUPER:
        return value if _is_super(value, names) else _super(value)
    return _converted(value, target) if _is_super(value, names) else value


def _insert(node: exp.Expr, names: Names) -> exp.Expr:
    columns = names.target_columns(node)
    if not columns:
        return node
    types = list(columns.values())
    source = node.expression
    if isinstance(source, exp.Values):
        for row in source.expressions:
            items = row.expressions if isinstance(row, exp.Tuple) else [row]
            for item, target in zip(items, types, strict=False):
                item.replace(_stored(item.copy(), target, Names()) if not _is_super(item, names) else item)
    else:
        for select in _arms(source):
            if not any(item.is_star for item in select.expressions):
                _store_items(select, types, names)
    return node


def _arms(query: exp.Expr) -> list[exp.Select]:
    """The SELECTs of a query and its set operations."""
    if isinstance(query, exp.SetOperation):
        return [*_arms(query.this), *_arms(query.expression)]
    if isinstance(query, exp.Subquery):
        return _arms(query.this)
    return [query] if isinstance(query, exp.Select) else []


def _store_items(select: exp.Select, types: list[str], names: Names) -> None:
    items: list[exp.Expr] = []
    for item, target in zip(select.expressions, types, strict=False):
        value = _stored(item.unalias(), target, names)
        items.append(item if value is item.unalias() else value)
    select.set("expressions", [*items, *select.expressions[len(items) :]])


_RULES: tuple[tuple[type[exp.Expr] | tuple[type[exp.Expr], ...], Callable[[exp.Expr, Names], exp.Expr]], ...] = (
    ((exp.EQ, exp.NEQ), _equality),
    (_COMPARISONS, _comparison),
    (exp.Between, _between),
    (exp.In, _in),
    (exp.Is, _is),
    (tuple(_ARITHMETIC), _arithmetic),
    (exp.Neg, _negative),
    (_TEXT_NODES, _text_operands),
    ((exp.Connector, exp.Not, exp.Where, exp.Having, exp.Qualify, exp.Join, exp.If), _condition),
    (exp.Case, _case),
    (exp.Cast, _cast),
    (exp.Anonymous, _call),
    (exp.ObjectTransform, _transform),
    (exp.Insert, _insert),
)


def order_by_rank(tree: exp.Expr) -> exp.Expr:
    """ORDER BY of SUPER values: booleans, numbers, strings, arrays, objects.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/query-super.html#order-by
    """
    names = Names()
    for order in list(tree.find_all(exp.Order)):
        select = order.parent
        if isinstance(select, exp.Select) and not select.args.get("distinct"):
            terms = []
            for term in order.expressions:
                value = _ordered_value(term.this, select)
                if _is_super(value, names):
                    terms.append(exp.Ordered(**{**term.args, "this": twin("super_rank", value.copy())}))
                terms.append(term)
            order.set("expressions", terms)
    return tree


def _ordered_value(term: exp.Expr, select: exp.Select) -> exp.Expr:
    """The expression of an ORDER BY term, which may be the number or alias of an item."""
    items = select.expressions
    if isinstance(term, exp.Literal) and term.is_int and 1 <= int(term.name) <= len(items):
        item: exp.Expr = items[int(term.name) - 1]
        return item.unalias()
    if isinstance(term, exp.Column) and not term.table:
        for item in items:
            if item.alias and item.alias.lower() == term.name.lower():
                aliased: exp.Expr = item.unalias()
                return aliased
    return term
