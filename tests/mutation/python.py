"""Errors in Python: moved bounds, dropped conditions, calls and arguments, other constants; in SQL in strings too."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator

from tests.mutation import sql
from tests.mutation.mutant import Mutant

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.LShift: ast.RShift, ast.RShift: ast.LShift,
}  # fmt: skip
_FUNCTIONS = {"min": "max", "max": "min", "any": "all", "all": "any", "sorted": "list"}
_SQL = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH|CALL|LOCK|MERGE)\b")

_SQL_PART = re.compile(r"\b(SELECT|WHERE|AND|IS NULL|IS NOT NULL)\b")
_F_STRING = re.compile(r'f(?P<quote>"""|")(?P<body>[^"]*)(?P=quote)')
_PLACE = re.compile(r"\{[^{}]*\}")


def mutants(text: str) -> Iterator[Mutant]:
    """Every error that is made in a module, in order; none in annotations, log lines, messages and docstrings."""
    yield from _Finder(text).all()


class _Finder:
    """Walks over a module."""

    def __init__(self, text: str) -> None:
        self._text = text
        lines = text.splitlines(keepends=True)
        self._lines = [0]
        for line in lines:
            self._lines.append(self._lines[-1] + len(line))
        self._encoded = [line.encode() for line in lines]

    def all(self) -> Iterator[Mutant]:
        """The errors of the whole module."""
        yield from self._walk(ast.parse(self._text), in_function=False)

    def _offset(self, line: int, column: int) -> int:
        return self._lines[line - 1] + len(self._encoded[line - 1][:column].decode())

    def _replace(self, node: ast.expr | ast.stmt, after: ast.AST | str, kind: str) -> Mutant:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start = self._offset(node.lineno, node.col_offset)
        end = self._offset(node.end_lineno, node.end_col_offset)
        new = after if isinstance(after, str) else ast.unparse(ast.fix_missing_locations(after))
        return Mutant.of(self._text, start, end, f"({new})" if isinstance(node, ast.expr) else new, kind)

    def _walk(self, node: ast.AST, *, in_function: bool) -> Iterator[Mutant]:
        if isinstance(node, ast.JoinedStr):
            yield from self._f_string(node)
            return
        if _is_left_alone(node):
            return
        yield from self._of(node, in_function=in_function)
        inside = in_function or isinstance(node, ast.FunctionDef | ast.Lambda)
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list", "bases", "slice") and not in_function:
                continue
            if name in ("annotation", "returns", "decorator_list"):
                continue
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from self._walk(child, in_function=inside)

    def _of(self, node: ast.AST, *, in_function: bool) -> Iterator[Mutant]:  # noqa: C901  one branch a kind of node
        if isinstance(node, ast.Compare):
            yield from self._comparison(node)
        elif isinstance(node, ast.BoolOp):
            for operand in node.values:
                rest = [value for value in node.values if value is not operand]
                left_out = rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
                yield self._replace(node, left_out, "dropped condition")
            other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield self._replace(node, ast.BoolOp(other, node.values), "and or or")
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield self._replace(node, node.operand, "dropped not")
        elif isinstance(node, ast.If | ast.IfExp):
            for value in ("True", "False"):
                yield self._replace(node.test, value, "condition")
        elif isinstance(node, ast.comprehension):
            for test in node.ifs:
                yield self._replace(test, "True", "dropped filter")
        elif isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS and not _has_text(node):
            yield self._replace(node, ast.BinOp(node.left, _OPERATORS[type(node.op)](), node.right), "operator")
        elif isinstance(node, ast.AugAssign):
            yield self._replace(node, ast.Assign([node.target], node.value, lineno=1), "assignment")
        elif isinstance(node, ast.Constant):
            yield from self._constant(node)
        elif isinstance(node, ast.Call):
            yield from self._call(node)
        elif isinstance(node, ast.List | ast.Tuple | ast.Set) and in_function:
            yield from self._display(node)
        elif isinstance(node, ast.Raise) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
            kind = "dropped raise" if isinstance(node, ast.Raise) else "dropped call"
            yield self._replace(node, "pass", kind)
        elif isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
            yield self._replace(node, "return None", "return")

    def _f_string(self, node: ast.JoinedStr) -> Iterator[Mutant]:
        """Errors in a condition or a statement of SQL that names are put into; none in any other f-string."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start = self._offset(node.lineno, node.col_offset)
        literal = _F_STRING.fullmatch(self._text, start, self._offset(node.end_lineno, node.end_col_offset))
        if literal is None or not _SQL_PART.search(literal["body"]):
            return
        body = _PLACE.sub(lambda place: "_" * len(place.group()), literal["body"]).replace("\\n", "  ")
        before = "" if _SQL.match(body) else "WHERE "
        shift = literal.start("body") - len(before)
        for mutant in sql.mutants(before + body):
            if literal["quote"] not in mutant.after:
                yield Mutant.of(
                    self._text, shift + mutant.start, shift + mutant.end, mutant.after, f"SQL {mutant.kind}"
                )

    def _comparison(self, node: ast.Compare) -> Iterator[Mutant]:
        for index, operator in enumerate(node.ops):
            if type(operator) in _COMPARISONS:
                new = copy.copy(node)
                new.ops = [*node.ops[:index], _COMPARISONS[type(operator)](), *node.ops[index + 1 :]]
                ordered = isinstance(operator, ast.Lt | ast.LtE | ast.Gt | ast.GtE)
                yield self._replace(node, new, "bound" if ordered else "comparison")
        for value in (node.left, *node.comparators):
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
                yield self._replace(value, repr(value.value + "~"), "constant")

    def _constant(self, node: ast.Constant) -> Iterator[Mutant]:
        value = node.value
        if isinstance(value, bool):
            yield self._replace(node, repr(not value), "constant")
        elif isinstance(value, int | float):
            yield self._replace(node, repr(value + 1), "constant")
        elif isinstance(value, str) and _SQL.match(value):
            for mutant in sql.mutants(value):
                replacement = self._replace(node, repr(mutant.apply(value)), f"SQL {mutant.kind}")
                yield Mutant(
                    replacement.line,
                    replacement.start,
                    replacement.end,
                    replacement.before,
                    replacement.after,
                    replacement.kind,
                )

    def _call(self, node: ast.Call) -> Iterator[Mutant]:
        if isinstance(node.func, ast.Name) and node.func.id in _FUNCTIONS and node.args:
            new = copy.copy(node)
            new.func = ast.Name(_FUNCTIONS[node.func.id])
            if node.func.id == "sorted":
                new.keywords = []
            yield self._replace(node, new, "function")
        for keyword in node.keywords:
            if keyword.arg is not None:
                new = copy.copy(node)
                new.keywords = [argument for argument in node.keywords if argument is not keyword]
                yield self._replace(node, new, "dropped argument")

    def _display(self, node: ast.List | ast.Tuple | ast.Set) -> Iterator[Mutant]:
        if isinstance(node, ast.Set) or isinstance(node.ctx, ast.Load):
            for element in node.elts if len(node.elts) > 1 else ():
                new = copy.copy(node)
                new.elts = [item for item in node.elts if item is not element]
                yield self._replace(node, new, "dropped element")


def _is_left_alone(node: ast.AST) -> bool:
    """Whether nothing in it is worth an error: a message, a log line, an f-string, a docstring, an assertion."""
    if isinstance(node, ast.JoinedStr | ast.Assert | ast.ImportFrom | ast.Import):
        return True
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
        return node.func.value.id in ("log", "logging")
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant) or _is_left_alone(node.value)
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name):
        return node.test.id == "TYPE_CHECKING"
    return isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets)


def _has_text(node: ast.BinOp) -> bool:
    sides = (node.left, node.right)
    return any(
        isinstance(s, ast.JoinedStr) or (isinstance(s, ast.Constant) and isinstance(s.value, str)) for s in sides
    )


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
