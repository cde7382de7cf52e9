"""The types that Redshift's functions return, by the types of their arguments.

Source: the "Return type" of each function's page, from https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_functions.html
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from . import kinds
from .kinds import Kind

_FIXED: dict[str, str] = {
    name: kind
    for kind, names in {
        "int4": "length len char_length character_length octet_length bit_length ascii strpos charindex regexp_count"
        " regexp_instr rank dense_rank json_array_length text_to_int_alt",
        "int8": "fnv_hash count datediff row_number ntile strtol get_array_length pg_last_query_id",
        "float8": "sqrt exp ln log dlog10 power pi random sin cos tan cot asin acos atan atan2 degrees radians cbrt"
        " months_between date_part percent_rank cume_dist ratio_to_report stddev stddev_samp stddev_pop variance"
        " var_samp var_pop",
        "date": "last_day next_day to_date",
        "timestamp": "getdate sysdate add_months",
        "timestamptz": "to_timestamp",
        "bool": "bool_and bool_or is_valid_json is_valid_json_array can_json_parse is_array is_object is_scalar"
        " is_varchar",
        "varchar": "to_char listagg md5 func_sha1 sha2 chr json_extract_path_text json_extract_array_element_text"
        " json_serialize json_typeof timeofday regexp_replace regexp_substr repeat replicate replace lpad rpad"
        " split_part translate quote_ident quote_literal current_user current_database current_schema user"
        " session_user version from_varbyte to_hex crc32",
        "varbyte": "from_hex to_varbyte",
        "super": "json_parse array object",
    }.items()
    for name in names.split()
}
_LIKE_FIRST = frozenset(
    "abs min max any_value first_value last_value nth_value lag lead nullif upper lower".split()  # noqa: SIM905
)
_TEXT_LIKE_FIRST = frozenset("initcap btrim ltrim rtrim left right reverse substring substr".split())  # noqa: SIM905
_COMBINING = frozenset(("coalesce", "nvl", "isnull", "greatest", "least"))


def _integer_argument(arguments: Sequence[exp.Expr], index: int, default: int | None) -> int | None:
    if len(arguments) <= index:
        return default
    node = arguments[index]
    sign = -1 if isinstance(node, exp.Neg) else 1
    literal = node.this if isinstance(node, exp.Neg) else node
    return sign * int(literal.name) if isinstance(literal, exp.Literal) and literal.is_int else None


def decoded(arguments: Sequence[exp.Expr]) -> list[exp.Expr]:
    """The results that DECODE can have."""
    default = [arguments[-1]] if len(arguments) % 2 == 0 else []
    return [*arguments[2 : len(arguments) - len(default) : 2], *default]


def of_call(name: str, arguments: Sequence[Kind | None], nodes: Sequence[exp.Expr]) -> Kind | None:
    """The kind of a call's result; None if it is not known.

    Args:
        name: The function in lower case, without aliases of Redshift's.
        arguments: The kinds of its arguments.
        nodes: Its arguments.
    """
    if name in _FIXED:
        return Kind(_FIXED[name])
    if name == "text_to_numeric_alt":
        precision = _integer_argument(nodes, 1, kinds.MAX_PRECISION)
        scale = _integer_argument(nodes, 2, 0)
        return kinds.NUMERIC if precision is None or scale is None else kinds.decimal(precision, scale)
    first = arguments[0] if arguments else None
    if name in _COMBINING:
        return kinds.combined(arguments)
    if name == "nvl2" and len(arguments) == 3:
        return kinds.combined(arguments[1:])
    if name == "decode" and len(arguments) > 2:
        results = {id(node) for node in decoded(nodes)}
        return kinds.combined([kind for kind, node in zip(arguments, nodes, strict=True) if id(node) in results])
    if first is None:
        return None
    if name == "concat" and len(arguments) == 2:
        return kinds.joined(*arguments)
    if name == "mod" and len(arguments) == 2:
        return kinds.calculated("%", *arguments)
    if name in _LIKE_FIRST:
        return Kind(first.name, first.size, first.scale)
    if name in _TEXT_LIKE_FIRST:
        return Kind("varchar", first.size) if first.is_text else first
    if name == "date_trunc":
        return arguments[1] if arguments[1] and arguments[1].name == "timestamptz" else kinds.TIMESTAMP
    return _of_number(name, first, nodes)


def _of_number(name: str, first: Kind, nodes: Sequence[exp.Expr]) -> Kind | None:
    if name in ("sum", "avg"):
        return _of_total(name, first)
    if name == "median":
        return of_percentile("percentile_cont", first)
    if name == "sign" and first.digits is not None:
        return kinds.decimal(1, 0) if first.name == "numeric" else first
    if name in ("round", "trunc") and first.name == "numeric" and first.digits is not None:
        places = _integer_argument(nodes, 1, 0)
        return (
            None if places is None else kinds.decimal(first.digits.precision, max(min(places, first.digits.scale), 0))
        )
    if name == "trunc" and first.name in ("timestamp", "date"):
        return kinds.DATE
    if name in ("ceil", "ceiling", "floor") and first.name == "numeric":
        return kinds.NUMERIC
    return first if first.is_float and name in ("ceil", "ceiling", "floor", "round", "trunc") else None


def _of_total(name: str, first: Kind) -> Kind | None:
    """SUM and AVG. A sum of BIGINT is a DECIMAL, and both have all 38 digits.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_SUM.html, …/r_AVG.html
    """
    if first.is_float:
        return kinds.FLOAT8
    if first.is_integer:
        return kinds.decimal(kinds.MAX_PRECISION, 0) if (name, first.name) == ("sum", "int8") else kinds.INT8
    if first.name != "numeric":
        return None
    return kinds.NUMERIC if first.scale is None else kinds.decimal(kinds.MAX_PRECISION, first.scale)


def of_percentile(name: str, ordered: Kind | None) -> Kind | None:
    """MEDIAN and the percentiles: of the type of the ordered values, but an interpolated integer is a DECIMAL.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_MEDIAN.html, …/r_PERCENTILE_CONT.html
    """
    if ordered is None or name == "percentile_disc":
        return ordered
    return kinds.NUMERIC if ordered.is_integer else ordered


def of_special_form(node: exp.Expr) -> Kind | None:
    """The kind of a function with a grammar of its own."""
    if isinstance(node, exp.CurrentDate):
        return kinds.DATE
    if isinstance(node, exp.StrPosition):
        return kinds.INT4
    if isinstance(node, exp.Extract):
        return kinds.INT4 if node.name.lower() != "epoch" else kinds.INT8
    if isinstance(node, exp.CurrentUser):
        return kinds.VARCHAR
    return None
