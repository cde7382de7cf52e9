"""The generator as its users see it: the command and the files it leaves."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.simulators.tickit import FILES, trade, write_files

SCALED = {"allusers_pipe.txt", "listings_pipe.txt", "sales_tab.txt"}


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_the_same_seed_and_scale_give_the_same_bytes_in_any_process(tmp_path: Path) -> None:
    line_counts = write_files(tmp_path / "here", seed=3, scale=0.01)
    arguments = ["--to", str(tmp_path / "there"), "--seed", "3", "--scale", "0.01"]
    command = [sys.executable, "-m", "infra.simulators.tickit", *arguments]
    environment = os.environ | {"PYTHONHASHSEED": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    here = contents(tmp_path / "here")
    assert here == contents(tmp_path / "there")
    assert set(here) == set(FILES)
    assert line_counts == {name: body.count(b"\n") for name, body in here.items()}
    assert all(f"{count:,} lines" in done.stdout for count in line_counts.values())


def test_scale_multiplies_users_listings_and_sales_and_leaves_the_rest(tmp_path: Path) -> None:
    small = write_files(tmp_path / "small", scale=0.01)
    large = write_files(tmp_path / "large", scale=0.02)
    assert [large[name] for name in sorted(SCALED)] == [1_000, 3_850, 3_449]
    assert [small[name] for name in sorted(SCALED)] == [500, 1_925, 1_725]
    small_files, large_files = contents(tmp_path / "small"), contents(tmp_path / "large")
    assert {name for name in FILES if small_files[name] != large_files[name]} == SCALED


def test_another_seed_is_another_world_with_the_same_calendar(tmp_path: Path) -> None:
    write_files(tmp_path / "one", seed=1, scale=0.01)
    write_files(tmp_path / "two", seed=2, scale=0.01)
    first, second = contents(tmp_path / "one"), contents(tmp_path / "two")
    assert {name for name in FILES if first[name] == second[name]} == {"date2008_pipe.txt", "category_pipe.txt"}


def test_the_switch_changes_what_has_flaws(tmp_path: Path) -> None:
    write_files(tmp_path / "clean", seed=1, scale=0.01)
    arguments = ["--to", str(tmp_path / "quirky"), "--seed", "1", "--scale", "0.01", "--quirks"]
    subprocess.run([sys.executable, "-m", "infra.simulators.tickit", *arguments], capture_output=True, check=True)
    clean, quirky = contents(tmp_path / "clean"), contents(tmp_path / "quirky")
    assert clean.keys() == quirky.keys()
    assert clean["category_pipe.txt"] == quirky["category_pipe.txt"]
    flawed = ("allusers_pipe.txt", "venue_pipe.txt", "date2008_pipe.txt", "allevents_pipe.txt")
    assert all(clean[name] != quirky[name] for name in flawed)


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path, seed=1, scale=0.01)
    before = contents(tmp_path)

    def torn(*_: object) -> Iterator[tuple[str, str]]:
        yield "half a line", "half a line"
        raise OSError("no space left")

    monkeypatch.setattr(trade, "blocks", torn)
    with pytest.raises(OSError, match="no space left"):
        write_files(tmp_path, seed=2, scale=0.01)
    after = contents(tmp_path)
    assert all(after[name] == before[name] for name in ("listings_pipe.txt", "sales_tab.txt"))
    assert after["allusers_pipe.txt"] != before["allusers_pipe.txt"]


def test_a_scale_without_two_users_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a sale needs two"):
        write_files(tmp_path, scale=0.00002)
