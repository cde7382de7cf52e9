"""The benchmarks report what was measured."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from tests.bench import __main__ as command
from tests.bench import report
from tests.bench.harness import Comparison, Figure, Options, alone, compare
from tests.bench.report import Section

MEGABYTES = 60


def test_the_sides_take_turns_and_the_first_round_does_not_count() -> None:
    order: list[str] = []
    seconds = {"ours": iter([90.0, 6.0, 2.0, 4.0]), "theirs": iter([1.0, 3.0, 1.0, 2.0])}

    def side(name: str) -> float:
        order.append(name)
        return next(seconds[name])

    comparison = compare("work", lambda: side("ours"), lambda: side("theirs"), against="plain", rounds=3)
    assert order == ["ours", "theirs"] * 4
    assert (comparison.ours, comparison.theirs, comparison.ratio) == ((6.0, 2.0, 4.0), (3.0, 1.0, 2.0), 2.0)


def test_a_call_that_tells_no_seconds_is_timed() -> None:
    comparison = compare("work", lambda: None, lambda: None, against="plain", rounds=1)
    assert 0 <= comparison.ours[0] < 1


@pytest.mark.parametrize(("at_most", "verdict"), [(2.0, "at most 2x: met"), (1.5, "at most 1.5x: **missed**")])
def test_a_target_is_met_or_missed(at_most: float, verdict: str) -> None:
    cells = Comparison("load", "psql", (2.0, 4.0, 3.0), (1.0, 2.0, 1.5), at_most).cells()
    assert cells == ("load, compared with psql", "3.00 s (2.00 to 4.00)", "1.50 s (1.00 to 2.00)", "2.00x", verdict)


def test_a_table_leaves_out_what_nothing_is_in() -> None:
    findings = [Figure("requests", 0, "", 0), Figure("peak memory", 1234.5, "MB")]
    assert report.table(findings).splitlines() == [
        "|  | ours | target |",
        "|---|---:|---:|",
        "| requests | 0 | at most 0: met |",
        "| peak memory | 1,234.50 MB |  |",
    ]


def _hold(megabytes: int) -> int:
    return len(bytearray(b"x") * (megabytes * 10**6))


def test_peak_memory_is_that_of_the_call_alone() -> None:
    ballast = bytearray(b"x") * (3 * MEGABYTES * 10**6)  # of this process, not of the one that is measured
    small, large = alone(_hold, 1), alone(_hold, MEGABYTES)
    assert large.value == MEGABYTES * 10**6
    assert MEGABYTES * 0.8 < large.peak_mb - small.peak_mb < MEGABYTES * 1.5
    del ballast


def test_a_program_that_fails_is_told_and_stops_no_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaks(options: Options) -> Iterator[Figure]:
        yield Figure("before", 1, "MB")
        raise RuntimeError("no server")

    programs = {"bad": breaks, "good": lambda options: [Figure("rounds", options.rounds, "")]}
    monkeypatch.setattr(command, "all_programs", lambda: {name: f"About {name}.\n\nMore of it." for name in programs})
    monkeypatch.setattr(command, "load", lambda name: SimpleNamespace(measure=programs[name]))
    assert command.main(["--rounds", "7", "--output", str(tmp_path / "page.md")]) == 1
    page = (tmp_path / "page.md").read_text()
    assert "## bad: About bad\n\nMore of it.\n" in page
    assert "| before | 1 MB |" in page
    assert "Failed: RuntimeError: no server" in page
    assert "| rounds | 7 |" in page


def test_the_list_names_each_program_and_imports_none() -> None:
    code = "import sys; from tests.bench import __main__ as m; m.main(['--list']); print('airflow' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    *listed, is_imported = ran.stdout.splitlines()
    assert (is_imported, ran.stderr) == ("False", "")
    assert [line.split()[0] for line in listed] == list(command.all_programs())
    assert {"landing", "scale"} <= set(command.all_programs())


def test_an_unknown_program_is_answered_with_the_known_ones(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "all_programs", lambda: {"landing": "Landing."})
    with pytest.raises(SystemExit):
        command.main(["nonesuch"])
    assert "no benchmark nonesuch; there are: landing" in capsys.readouterr().err


def test_the_page_names_the_machine() -> None:
    page = report.markdown([Section("a", "A.")], "./boxoffice bench", datetime(2026, 11, 20, tzinfo=UTC), quick=True)
    assert "`./boxoffice bench` on 2026-11-20 00:00 UTC" in page
    assert "cores" in page
    assert "pyarrow" in page
    assert "Quick sizes" in page
