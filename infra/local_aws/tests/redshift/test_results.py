"""Results that are kept: the same rows from memory and from disk, bounded in memory, gone when they are forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.local_aws.redshift.results import Results, StoredRows

ROWS = [(str(number), None if number % 7 else "", "é" * (number % 3)) for number in range(2_500)]


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.exists() else []


@pytest.mark.parametrize("memory", [10**9, 30_000, 0], ids=["in memory", "in part", "on disk"])
def test_rows_are_the_same_wherever_they_are_kept(tmp_path: Path, memory: int) -> None:
    results = Results(tmp_path / "results", memory)
    kept = results.keep(ROWS)
    assert kept == ROWS
    for start, stop in ((0, 1000), (999, 1001), (1000, 2000), (2400, 3000), (2500, 2600), (3, 3)):
        assert kept[start:stop] == ROWS[start:stop]
    assert (kept[0], kept[-1], len(kept)) == (ROWS[0], ROWS[-1], 2_500)
    assert kept.size == sum(len(text.encode()) for row in ROWS for text in row if text)
    assert results.bytes_in_memory <= memory


def test_the_oldest_go_to_disk_for_their_owner_only_and_the_newest_stay(tmp_path: Path) -> None:
    folder = tmp_path / "results"
    size = Results().keep(ROWS).bytes_in_memory
    results = Results(folder, memory=2 * size)
    kept = [results.keep(ROWS) for _ in range(5)]
    assert [rows.bytes_in_memory for rows in kept] == [0, 0, 0, size, size]
    assert all(rows == ROWS for rows in kept)
    assert len(files(folder)) == 3
    assert {path.stat().st_mode & 0o777 for path in [folder, *files(folder)]} == {0o700, 0o600}


def test_what_is_forgotten_leaves_no_file(tmp_path: Path) -> None:
    results = Results(tmp_path / "results", memory=0)
    kept: list[StoredRows] = [results.keep(ROWS), results.keep(ROWS)]
    del kept[0]
    assert len(files(tmp_path / "results")) == 1
    assert kept[0] == ROWS
    kept.clear()
    assert files(tmp_path / "results") == []


def test_a_server_that_starts_removes_what_an_earlier_one_left(tmp_path: Path) -> None:
    left = tmp_path / "results" / "1"
    left.parent.mkdir()
    left.write_bytes(b"rows of a server that was killed")
    assert Results(tmp_path / "results", memory=0).keep(ROWS) == ROWS
    assert not left.read_bytes().startswith(b"rows of a server") if left.exists() else True


def test_without_room_on_disk_a_result_is_refused_and_the_others_stay(tmp_path: Path) -> None:
    folder = tmp_path / "results"
    results = Results(folder, memory=Results().keep(ROWS).bytes_in_memory)
    first = results.keep(ROWS)
    folder.parent.joinpath("results").write_text("a file where the folder would be")
    with pytest.raises(OSError, match="results"):
        results.keep(ROWS)
    assert first == ROWS
