"""Statistics of what was put, period by period."""

from datetime import UTC, datetime, timedelta

import pytest

from infra.local_aws.cloudwatch.datapoints import EvaluationWindow, Sample, is_statistic, points

NOW = datetime(2026, 11, 30, 12, 0, 30, tzinfo=UTC)
WINDOW = EvaluationWindow.until(NOW, 300, 2)


def at(seconds_ago: float) -> datetime:
    return NOW - timedelta(seconds=seconds_ago)


def test_the_window_slides_by_the_minute_and_holds_now() -> None:
    assert WINDOW.end == datetime(2026, 11, 30, 12, 1, tzinfo=UTC)
    assert [f"{start:%H:%M}" for start in WINDOW.starts] == ["11:51", "11:56"]
    assert EvaluationWindow.until(NOW, 10, 1).end == datetime(2026, 11, 30, 12, 0, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("statistic", "expected"),
    [
        ("Sum", [None, 12.0]),
        ("Average", [None, 3.0]),
        ("Minimum", [None, 1.0]),
        ("Maximum", [None, 5.0]),
        ("SampleCount", [None, 4.0]),
        ("p50", [None, 3.0]),
        ("p0", [None, 1.0]),
        ("p100", [None, 5.0]),
        ("p90", [None, 4.4]),
    ],
)
def test_statistics(statistic: str, expected: list[float | None]) -> None:
    samples = [Sample.of(at(5 * n), value) for n, value in enumerate((3.0, 1.0, 5.0, 3.0))]
    assert points(samples, statistic, WINDOW) == pytest.approx(expected)


def test_values_count_in_the_period_of_their_time_and_no_other() -> None:
    samples = [Sample.of(at(271), 1), Sample.of(at(270), 2), Sample.of(at(900), 4), Sample.of(at(-60), 8)]
    assert points(samples, "Sum", WINDOW) == [1, 2], "older than the window, or in the future: in no period"


def test_a_set_of_values_counts_as_many() -> None:
    samples = [Sample(at(1), total=10, count=4, minimum=1, maximum=4), Sample.of(at(2), 6)]
    statistics = {
        name: points(samples, name, WINDOW)[-1] for name in ("Sum", "Average", "SampleCount", "Minimum", "p50")
    }
    assert statistics == {"Sum": 16, "Average": 3.2, "SampleCount": 5, "Minimum": 1, "p50": None}


def test_what_is_no_statistic() -> None:
    assert [name for name in ("p99.9", "p101", "tm90", "pr(1:2)", "sum", "Sum", "p5") if is_statistic(name)] == [
        "p99.9",
        "Sum",
        "p5",
    ]
