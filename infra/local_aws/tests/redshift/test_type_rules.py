"""Rules about DECIMALs and trailing blanks, against a model in Python."""

from __future__ import annotations

from decimal import ROUND_DOWN, Context, Decimal, localcontext

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.local_aws.redshift.execution import Session
from infra.local_aws.redshift.translator.kinds import INT8, Kind, calculated, combined, decimal

PROPERTY = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


@pytest.mark.parametrize(
    ("operator", "left", "right", "result"),
    [
        ("/", decimal(8, 2), decimal(8, 2), decimal(17, 9)),
        ("/", decimal(19, 0), INT8, decimal(38, 19)),
        ("/", decimal(19, 2), decimal(38, 19), decimal(38, 4)),
        ("*", decimal(8, 2), Kind("int2"), decimal(14, 2)),
        ("*", decimal(38, 19), decimal(19, 2), decimal(38, 21)),
        ("+", decimal(8, 2), decimal(8, 4), decimal(11, 4)),
        ("+", Kind("int2"), INT8, INT8),
        ("/", Kind("float4"), decimal(8, 2), Kind("float8")),
    ],
)
def test_documented_results(operator: str, left: Kind, right: Kind, result: Kind) -> None:
    assert calculated(operator, left, right) == result


def test_documented_union() -> None:
    assert combined([decimal(7, 2), decimal(15, 3)]) == decimal(15, 3)


@st.composite
def decimals(draw: st.DrawFn) -> tuple[str, int, int]:
    """A value with its precision and scale."""
    scale = draw(st.integers(0, 6))
    whole = draw(st.integers(1, 8))
    digits = draw(st.integers(1, 10 ** (whole + scale) - 1))
    value = Decimal(digits * draw(st.sampled_from((1, -1)))).scaleb(-scale)
    return f"{value:f}", whole + scale, scale


def _digits(text: str) -> tuple[Decimal, int]:
    """The number and its places after the point; Python writes a negative zero, the database does not."""
    return Decimal(text), len(text.partition(".")[2])


@PROPERTY
@given(left=decimals(), right=decimals())
def test_decimal_arithmetic(session: Session, left: tuple[str, int, int], right: tuple[str, int, int]) -> None:
    casts = [f"CAST({value} AS DECIMAL({precision},{scale}))" for value, precision, scale in (left, right)]
    items = ", ".join(f"{casts[0]} {operator} {casts[1]}" for operator in "+-*/")
    ((total, difference, product, quotient),) = session.run_alone(f"SELECT {items}").rows
    (a, _, scale_a), (b, precision_b, scale_b) = left, right
    with localcontext(Context(prec=80)):
        x, y = Decimal(a), Decimal(b)
        scale = max(scale_a, scale_b)
        quotient_scale = max(4, scale_a + precision_b - scale_b + 1)
        cut = (x / y).quantize(Decimal(1).scaleb(-quotient_scale), rounding=ROUND_DOWN)
        expected = [f"{x + y:.{scale}f}", f"{x - y:.{scale}f}", f"{x * y:.{scale_a + scale_b}f}", f"{cut:f}"]
    results = [text or "" for text in (total, difference, product, quotient)]
    assert [_digits(text) for text in results] == [_digits(text) for text in expected]


WORDS = st.text(alphabet="ab ", max_size=4)


@PROPERTY
@given(left=st.lists(WORDS, min_size=1, max_size=5), right=st.lists(WORDS, min_size=1, max_size=5))
def test_trailing_blanks(session: Session, left: list[str], right: list[str]) -> None:
    for name, words in (("l", left), ("r", right)):
        session.run_alone(f"DROP TABLE IF EXISTS {name}")
        session.run_alone(f"CREATE TABLE {name} (w VARCHAR(9))")
        session.run_alone(f"INSERT INTO {name} VALUES " + ", ".join(f"('{word}')" for word in words))
    bare_left = [word.rstrip(" ") for word in left]
    bare_right = [word.rstrip(" ") for word in right]
    sql = (
        "SELECT (SELECT COUNT(*) FROM l JOIN r ON l.w = r.w), (SELECT COUNT(DISTINCT w) FROM l),"
        " (SELECT COUNT(*) FROM l WHERE w IN (SELECT w FROM r)),"
        " (SELECT COUNT(*) FROM (SELECT w FROM l UNION SELECT w FROM r) u),"
        " (SELECT COUNT(*) FROM l JOIN r ON l.w < r.w), (SELECT SUM(LEN(w)) FROM l)"
    )
    pairs = [(a, b) for a in bare_left for b in bare_right]
    expected = [
        sum(a == b for a, b in pairs),
        len(set(bare_left)),
        sum(a in bare_right for a in bare_left),
        len({*bare_left, *bare_right}),
        sum(a < b for a, b in pairs),
        sum(map(len, left)),
    ]
    assert session.run_alone(sql).rows == [tuple(map(str, expected))]
