"""The ledger keeps the most frequent reasons of rejected records; the sum stays the same."""

from __future__ import annotations

from runs.rejects import MOST_REASONS, OTHER_REASONS, most_frequent


def test_the_others_are_one_row() -> None:
    rejected = {f"missing at $.field_{number}": number + 1 for number in range(MOST_REASONS + 5)} | {OTHER_REASONS: 100}
    counts = most_frequent(rejected)
    assert len(counts) == MOST_REASONS
    assert sum(counts.values()) == sum(rejected.values())
    assert counts[OTHER_REASONS] == 100 + sum(range(1, 7))
    assert "missing at $.field_5" not in counts


def test_long_paths_are_cut_and_added_up() -> None:
    path = "$." + "a" * 300
    assert most_frequent({f"missing at {path}.b": 2, f"missing at {path}.c": 1}) == {f"missing at {path}"[:250]: 3}
