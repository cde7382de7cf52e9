"""Metric math of one period."""

import pytest

from infra.local_aws.cloudwatch.expressions import Expression, UnknownExpression

VALUES = {"raw": 200.0, "rejected": 30.0, "none": 0.0, "gone": None}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("100 * rejected / raw", 15.0),
        ("IF(raw > 0, 100 * rejected / raw, 0)", 15.0),
        ("IF(none > 0, 1 / none, 7)", 7.0),
        ("IF(none, 1)", None),
        ("raw / none", None),
        ("raw + gone", None),
        ("IF(gone > 1, 1, 0)", None),
        ("FILL(gone, 5) + 1", 6.0),
        ("FILL(raw, 5)", 200.0),
        ("-raw + 2^3", -192.0),
        ("raw > 100 AND rejected > 100", 0.0),
        ("raw > 100 || rejected > 100", 1.0),
        ("ABS(rejected - raw) / PERIOD(raw)", 170 / 60),
        ("CEIL(raw / 3) - FLOOR(raw / 3)", 1.0),
        ("raw == 200", 1.0),
    ],
)
def test_values(text: str, expected: float | None) -> None:
    assert Expression(text).value(VALUES, 60) == (expected if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    "text",
    [
        "SUM(METRICS())",
        "ANOMALY_DETECTION_BAND(m1, 2)",
        "SEARCH('{AWS/EC2} x', 'Sum', 60)",
        "SELECT AVG(x) FROM y",
        "[m1, m2]",
        "m1 +",
        "IF(m1)",
        "__import__('os').system('true')",
        "m1.real",
        "'text'",
        "",
    ],
)
def test_what_is_not_evaluated_is_refused(text: str) -> None:
    with pytest.raises(UnknownExpression):
        Expression(text)


def test_the_ids_that_an_expression_uses() -> None:
    assert Expression("IF(raw > 0, 100 * rejected / raw, FILL(x, 0))").names == {"raw", "rejected", "x"}
