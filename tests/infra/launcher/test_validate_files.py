"""`./boxoffice validate` on a delimited file: what is wrong, and on which line to look for it."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from infra.launcher import offline
from infra.launcher.app import app

LINES = [
    b"1|Park|Bridgeview|IL|0",
    b"2|Hall|Columbus|OH|\\N",
    b"3|Hall|Columbus",
    b"four|Hall|Columbus|OH|7",
    b"5|Hall|Columbus",
]


@pytest.fixture(autouse=True)
def wide_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """No path is folded, however long the tests' folder is."""
    monkeypatch.setenv("COLUMNS", "400")


@pytest.mark.parametrize("packed", [False, True])
def test_a_rejected_line_is_named(tmp_path: Path, packed: bool, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / ("venues.txt.gz" if packed else "venues.txt")
    text = b"\n".join(LINES)
    file.write_bytes(gzip.compress(text) if packed else text)
    report = offline.validate("tickit", "venues", [file])
    assert (report.raw_records, report.curated_records, report.quarantined_records) == (5, 2, 3)
    offline.show(report, as_json=False)
    shown = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["too_few_columns", "at", "$", "2", "line", "3", "of", file.as_uri()] in shown
    assert any(line[-4:] == ["line", "4", "of", file.as_uri()] for line in shown)


def test_a_value_that_was_set_aside_is_named_with_its_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "venues.txt"
    file.write_bytes(b"1|Park|Bridgeview|IL|many")
    report = offline.validate("tickit", "venues", [file])
    assert (report.curated_records, report.quarantined_records) == (1, 0)
    offline.show(report, as_json=False)
    shown = " ".join(capsys.readouterr().out.split())
    assert "1 records stay without values that were set aside" in shown
    assert f"discarded: $.venueseats 1 record 0 of {file.as_uri()}: String should match pattern" in shown


def test_a_broken_gzip_is_refused_in_words(tmp_path: Path) -> None:
    file = tmp_path / "venues.txt.gz"
    file.write_bytes(gzip.compress(b"\n".join(LINES))[:-12])
    with pytest.raises(offline.InvalidArguments, match="broken gzip"):
        offline.validate("tickit", "venues", [file])


def validate(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["validate", *map(str, arguments)])


def test_more_rejects_than_the_contract_accepts_are_a_failure(tmp_path: Path) -> None:
    file = tmp_path / "venues.txt"
    file.write_bytes(b"\n".join(LINES))
    done = validate("tickit", "venues", file)
    assert done.exit_code == 1
    assert "quarantined by reason" in done.stdout, "the report is shown all the same"
    assert "3 of 5 records (60.0%) were rejected, more than the " in done.stderr
    as_json = validate("tickit", "venues", file, "--json")
    assert (as_json.exit_code, json.loads(as_json.stdout)["quarantined_records"]) == (1, 3)
    file.write_bytes(LINES[0])
    assert validate("tickit", "venues", file).exit_code == 0


@pytest.mark.parametrize(
    ("name", "words"),
    [("missing.txt", "there is no file"), (".", "is a folder; a file is expected"), ("empty.txt", "is empty")],
)
def test_a_file_that_is_none_is_said_in_a_line(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "empty.txt").touch()
    done = validate("tickit", "venues", tmp_path / name)
    assert done.exit_code == 2
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1
