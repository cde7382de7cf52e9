"""Keys are met once, in memory or beyond it."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lake import dedupe
from lake.dedupe import KeyIndex


@pytest.mark.parametrize("most_in_memory", [1, 3, 1000])
def test_a_key_is_new_once_a_table(tmp_path: Path, most_in_memory: int) -> None:
    with KeyIndex(tmp_path, most_in_memory) as keys:
        for _ in range(2):
            for number in range(10):
                first = keys.claim("events", f"k{number}")
                keys.commit()
                assert first == (_ == 0)
        assert keys.claim("venues", "k1")


def test_keys_given_back_are_new_again(tmp_path: Path) -> None:
    with KeyIndex(tmp_path, 2) as keys:
        assert keys.claim("events", "kept")
        keys.commit()
        assert keys.claim("events", "rejected")
        keys.give_back()
        assert keys.claim("events", "rejected")
        assert not keys.claim("events", "kept")


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    with KeyIndex(tmp_path, 1) as keys:
        keys.claim("events", "a")
        keys.commit()
        assert list(tmp_path.iterdir())
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("most_in_memory", [1, 3, 1000])
def test_a_key_keeps_the_note_of_its_first_record(tmp_path: Path, most_in_memory: int) -> None:
    with KeyIndex(tmp_path, most_in_memory) as keys:
        for number in range(10):
            assert keys.claim("sales", f"k{number}")
            keys.commit(b"first %d" % number)
        for number in (*range(10), *range(10)):
            assert not keys.claim("sales", f"k{number}")
            assert keys.note("sales", f"k{number}") == b"first %d" % number
            keys.commit(b"again")


def test_a_key_given_back_takes_the_note_of_the_record_that_is_kept(tmp_path: Path) -> None:
    with KeyIndex(tmp_path, 1) as keys:
        keys.claim("sales", "k")
        keys.give_back()
        keys.claim("sales", "k")
        keys.commit(b"kept")
        assert not keys.claim("sales", "k")
        assert keys.note("sales", "k") == b"kept"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    records=st.lists(st.tuples(st.lists(st.text(max_size=3).filter(str.isprintable), max_size=4), st.booleans())),
    most_in_memory=st.integers(1, 5),
    filter_bits=st.sampled_from([8, 64, 2**27]),
)
def test_it_is_a_set(
    tmp_path: Path, records: list[tuple[list[str], bool]], most_in_memory: int, filter_bits: int
) -> None:
    """However many keys share their bits in the filter."""
    met: set[str] = set()
    with mock.patch.object(dedupe, "_FILTER_BITS", filter_bits), KeyIndex(tmp_path, most_in_memory) as keys:
        for names, is_good in records:
            claimed = [name for name in names if keys.claim("t", name)]
            assert set(claimed) == set(names) - met
            assert len(claimed) == len(set(claimed))
            if is_good:
                keys.commit()
                met.update(claimed)
            else:
                keys.give_back()
