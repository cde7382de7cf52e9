"""`./boxoffice validate` on a delimited file: what is wrong, and on which line to look for it."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from infra.launcher import offline

LINES = [
    b"1|Park|Bridgeview|IL|0",
    b"2|Hall|Columbus|OH|\\N",
    b"3|Hall|Columbus",
    b"four|Hall|Columbus|OH|7",
    b"5|Hall|Columbus",
]


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
    with pytest.raises(offline.Refused, match="broken gzip"):
        offline.validate("tickit", "venues", [file])
