"""Lint reports which file is too long, and how long it is."""

from pathlib import Path

import pytest

from infra.checks.file_lengths import MOST_LINES, too_long


@pytest.mark.parametrize("name", ["lake/big.py", "docs/big.md", "warehouse/a/b/big.sql"])
def test_a_file_that_is_too_long_is_named_with_its_length(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_text("line\n" * MOST_LINES)
    assert list(too_long(tmp_path)) == []
    path.write_text("line\n" * (MOST_LINES + 1))
    assert list(too_long(tmp_path)) == [f"{name} has 401 lines, but the limit is 400: split it by concept"]


@pytest.mark.parametrize("name", ["data.json", "lake/names.tsv", ".home/big.py", "docs/data-dictionary.md", "a.py.j2"])
def test_data_templates_generated_pages_and_homes_are_not_counted(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("line\n" * 1000)
    assert list(too_long(tmp_path)) == []
