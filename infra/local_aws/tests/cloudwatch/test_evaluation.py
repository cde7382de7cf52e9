"""CloudWatch's rules, case by case: `0` within the threshold, `X` over it, `-` missing; oldest first."""

import pytest

from infra.local_aws.cloudwatch.evaluation import MISSING, Rule, State, evaluate, range_of

VALUES = {"0": 0.0, "X": 2.0, "-": None}
KEPT = None
OK: State = "OK"
ALARM: State = "ALARM"
NO_DATA: State = "INSUFFICIENT_DATA"


def state(points: str, periods: int, to_alarm: int, missing: str) -> State | None:
    rule = Rule("GreaterThanThreshold", 1, periods, to_alarm, missing)  # type: ignore[arg-type]
    return evaluate(rule, [VALUES[point] for point in points])


@pytest.mark.parametrize(
    ("points", "periods", "to_alarm", "expected", "reason"),
    [
        # missing, notBreaching, breaching, ignore. The first eleven are the tables of CloudWatch's user guide.
        ("0-X-X", 3, 3, (OK, OK, OK, OK), "three real points, one of them within"),
        ("0----", 3, 3, (OK, OK, OK, OK), "the one real point is within, two of three can breach at most"),
        ("-----", 3, 3, (NO_DATA, OK, ALARM, KEPT), "nothing but what stands for missing data"),
        ("0XX-X", 3, 3, (ALARM, ALARM, ALARM, ALARM), "the three newest real points breach"),
        ("--X--", 3, 3, (ALARM, OK, ALARM, KEPT), "the oldest real point is three periods old, nothing better since"),
        ("----X", 3, 3, (NO_DATA, OK, ALARM, KEPT), "one new breaching point: no alarm before its time"),
        ("0-X-X", 3, 2, (ALARM, ALARM, ALARM, ALARM), "two of three real points breach"),
        ("00X0X", 3, 2, (ALARM, ALARM, ALARM, ALARM), "two of the three newest breach"),
        ("0-X--", 3, 2, (OK, OK, ALARM, OK), "one breaches, one is within"),
        ("----0", 3, 2, (OK, OK, ALARM, OK), "two missing ones breach if they stand for breaching"),
        ("---X-", 3, 2, (ALARM, OK, ALARM, KEPT), "the oldest real point is two periods old, as M asks"),
        # the same rules where the guide has no table
        ("---X-", 3, 3, (NO_DATA, OK, ALARM, KEPT), "not old enough for three"),
        ("X----", 3, 3, (ALARM, OK, ALARM, KEPT), "the oldest real point is older than three periods"),
        ("0", 1, 1, (OK, OK, OK, OK), "one point within"),
        ("X", 1, 1, (ALARM, ALARM, ALARM, ALARM), "one point over"),
        ("-", 1, 1, (NO_DATA, OK, ALARM, KEPT), "one missing point"),
        ("X--", 1, 1, (ALARM, ALARM, ALARM, ALARM), "the range is longer than what is evaluated"),
        ("X-0", 1, 1, (OK, OK, OK, OK), "only the newest real point counts"),
        ("X0X0X", 5, 3, (ALARM, ALARM, ALARM, ALARM), "three of five"),
        ("X0X00", 5, 3, (OK, OK, OK, OK), "two of five"),
        ("-X-X-", 4, 2, (ALARM, ALARM, ALARM, ALARM), "as many breach as M asks, whatever the missing ones are"),
        ("XX0XX", 2, 2, (ALARM, ALARM, ALARM, ALARM), "of five points the two newest are evaluated"),
        ("0000X", 5, 1, (ALARM, ALARM, ALARM, ALARM), "one of five is enough for M = 1"),
    ],
)
def test_the_state_follows_from_the_newest_points(
    points: str, periods: int, to_alarm: int, expected: tuple[State | None, ...], reason: str
) -> None:
    assert tuple(state(points, periods, to_alarm, missing) for missing in MISSING) == expected, reason


@pytest.mark.parametrize(
    ("comparison", "breaching"),
    [
        ("GreaterThanThreshold", [3.0]),
        ("GreaterThanOrEqualToThreshold", [2.0, 3.0]),
        ("LessThanThreshold", [1.0]),
        ("LessThanOrEqualToThreshold", [1.0, 2.0]),
    ],
)
def test_comparisons_at_the_threshold(comparison: str, breaching: list[float]) -> None:
    rule = Rule(comparison, 2, 1, 1)
    assert [value for value in (1.0, 2.0, 3.0) if evaluate(rule, [value]) == ALARM] == breaching


@pytest.mark.parametrize(
    ("periods", "seconds", "looked_at"),
    [(3, 300, 5), (1, 60, 3), (1, 86_400, 1), (2, 43_200, 2), (23, 3600, 24), (7, 86_400, 7)],
)
def test_the_range_has_two_more_periods_within_a_day(periods: int, seconds: int, looked_at: int) -> None:
    assert range_of(periods, seconds) == looked_at
