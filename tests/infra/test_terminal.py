"""Other people's text in a terminal: shown in full and unchanged, without sequences that it would obey."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.cells import cell_len

from aws_services.redshift_data import Rows
from infra import terminal
from infra.launcher import queries, summary
from infra.launcher.follow import Follower

ROOT = Path(__file__).resolve().parents[3]
BRACKETS = "[/live] [bold]Club[/bold] :cow:"
HOSTILE = "Club\x1b[2J\x1b]0;owned\x07\x9b31m\u202eevil\u2066\nsecond\r\ttab\u2028"
SEEN = r"Club\x1b[2J\x1b]0;owned\x07\x9b31m\u202eevil\u2066\nsecond\r\ttab\u2028"


@pytest.fixture(autouse=True)
def no_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)


def test_names_are_printed_as_they_are() -> None:
    for name in (BRACKETS, "Beyoncé", "東京ドーム", "👩‍🎤 Live", "back\\slash", "no\u00a0break"):
        assert terminal.printable(name) == name


def test_what_controls_a_terminal_is_printed_as_its_escape() -> None:
    assert terminal.printable(HOSTILE) == SEEN
    assert terminal.printable("\U000e0041") == r"\U000e0041"


def test_lines_stay_lines_and_nothing_else_is_obeyed(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.say(f"first {BRACKETS}\r\nsecond\x1b[0m\tthird")
    terminal.complain("\x9bno")
    done = capsys.readouterr()
    assert done.out == f"first {BRACKETS}\nsecond\\x1b[0m\tthird\n"
    assert done.err == "\\x9bno\n"


@pytest.mark.parametrize("columns", [None, 60, 20])
def test_a_hostile_cell_is_one_harmless_line(
    columns: int | None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if columns:
        monkeypatch.setenv("COLUMNS", str(columns))
    terminal.show_table(("name\x1b", "n"), [(HOSTILE, 1), (BRACKETS, 2)], title=HOSTILE)
    shown = capsys.readouterr().out
    assert set(re.findall(r"[^\x20-\x7e]", shown)) == {"\n"}
    if columns is None:
        assert shown.splitlines()[2:] == [f"{SEEN}  1", f"{BRACKETS:<{len(SEEN)}}  2"]


BOOKS = ("in the lake", "source said", "got", "residual", "raw", "= curated", "+ quarantined", "+ duplicates")


@pytest.mark.parametrize("columns", [20, 40, 60, 61, 80, 100, 140])
@pytest.mark.parametrize("folded", [True, False])
def test_numbers_are_never_cut_and_lines_never_too_long(
    columns: int, folded: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    row = ("event images", 1_234_567, 1_234_567, 0, 9_876_543, 9_876_000, 500, 43)
    terminal.show_table(BOOKS, [row], folded=folded)
    wide = ("a venue with a long name " * 4, Decimal("1234567890.50"), None, "東京" * 30)
    terminal.show_table(("venue", "revenue", "nothing", "city"), [wide], folded=folded, grouped=False)
    shown = capsys.readouterr().out
    words = shown.split()
    assert {"1,234,567", "9,876,543", "9,876,000", "500", "43", "1234567890.50"} <= set(words)
    assert all(cell_len(line) <= max(columns, 28) for line in shown.splitlines())


def test_a_text_that_is_shortened_says_so_and_one_that_is_folded_loses_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    name = "".join(chr(ord("a") + number % 26) for number in range(90))
    assert terminal.show_table(("name", "n"), [(name, 1)], folded=False)
    assert "…" in capsys.readouterr().out
    assert not terminal.show_table(("name", "n"), [(name, 1)])
    assert re.sub(r"\s|1$", "", capsys.readouterr().out.partition("\n")[2].replace("  1", "")) == name


def test_a_file_or_a_program_gets_whole_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert not terminal.show_table(("name", "n"), [("x" * 5000, 1)], folded=False)
    assert capsys.readouterr().out.splitlines()[1] == "x" * 5000 + "  1"


def test_json_is_json_with_every_digit_and_no_control_character(capsys: pytest.CaptureFixture[str]) -> None:
    value = {
        "price": Decimal("20.10"),
        "sum": Decimal("12345678901234567890.123456789"),
        "whole": Decimal("1E+3"),
        "nan": float("nan"),
        "infinite": [float("-inf"), Decimal("NaN")],
        "at": datetime(2026, 11, 20, 2, 0, tzinfo=UTC),
        "day": date(2026, 11, 20),
        "name": HOSTILE + BRACKETS + "é",
        "none": None,
        "is": True,
        "empty": [{}, []],
    }
    terminal.show_json(value)
    text = capsys.readouterr().out
    assert text.isascii()
    assert set(re.findall(r"[^\x20-\x7e]", text)) == {"\n"}
    read = json.loads(text, parse_float=Decimal)
    assert read == value | {
        "whole": 1000,
        "nan": "NaN",
        "infinite": ["-Infinity", "NaN"],
        "at": "2026-11-20T02:00:00+00:00",
        "day": "2026-11-20",
    }
    assert '"price": 20.10' in text


RESULT = Rows(
    [
        {"venue": BRACKETS, "price": Decimal("20.10"), "at": datetime(2026, 11, 20, 2, tzinfo=UTC)},
        {"venue": HOSTILE, "price": None, "at": None},
    ],
    ("venue", "price", "at"),
)


@pytest.fixture
def result(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A stack whose warehouse answers anything with hostile names."""
    monkeypatch.setattr(queries, "warehouse", lambda stack, actor: SimpleNamespace(execute=lambda statement: RESULT))
    return SimpleNamespace()


def test_a_query_of_hostile_names_in_each_form(result: Any, capsys: pytest.CaptureFixture[str]) -> None:
    queries.run(result, ["select"], "table")
    table = capsys.readouterr().out
    assert f"{BRACKETS:<{len(SEEN)}}  20.10  2026-11-20 02:00:00+00:00" in table
    assert SEEN in table
    queries.run(result, ["select"], "json")
    assert json.loads(capsys.readouterr().out)[1]["venue"] == HOSTILE
    queries.run(result, ["select"], "csv")
    exact = capsys.readouterr().out
    assert f"{BRACKETS},20.10,2026-11-20 02:00:00+00:00\n" in exact
    assert f'"{HOSTILE}",,\n' in exact, "a file gets exactly what the column holds"


def test_csv_on_a_terminal_controls_nothing(
    result: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    queries.run(result, ["select"], "csv")
    shown = capsys.readouterr().out
    assert SEEN in shown
    assert set(re.findall(r"[^\x20-\x7e]", shown)) == {"\n"}


def test_a_venue_with_brackets_ends_no_green_run(capsys: pytest.CaptureFixture[str]) -> None:
    summary._show_highlight(
        "Busiest venues", [{"venue_name": BRACKETS, "events": 3}, {"venue_name": HOSTILE, "events": 2}]
    )
    shown = capsys.readouterr().out
    assert f"{BRACKETS} " in shown
    assert SEEN in shown


def test_progress_and_failures_of_hostile_tasks_are_harmless(capsys: pytest.CaptureFixture[str]) -> None:
    task = {"task_id": "extract", "state": "failed", "map_index": 0, "rendered_map_index": HOSTILE + BRACKETS}
    task |= {"start_date": None, "end_date": None, "try_number": 1}
    log = [{"event": "x", "error_detail": [{"exc_type": "Refused", "exc_value": f"venue {HOSTILE}{BRACKETS}"}]}]
    airflow = SimpleNamespace(
        run_state=lambda dag, run: "failed", task_states=lambda dag, run: [task], task_log=lambda dag, run, task: log
    )
    outcome = Follower(airflow, Path("home"), terminal.say, interval=0).follow("dag", "run")  # type: ignore[arg-type]
    (failure,) = outcome.failures
    terminal.complain(failure.reason)
    done = capsys.readouterr()
    assert f"extract [{SEEN}{BRACKETS}]" in done.out
    assert len(done.out.splitlines()) == 1
    assert BRACKETS in done.err
    assert set(re.findall(r"[^\x20-\x7e]", done.out + done.err)) <= {"\n", "\t"}


def test_nothing_else_of_the_launcher_prints() -> None:
    """`print` itself is forbidden by the linter."""
    other = re.compile(r"\brich\b|\btyper\.(echo|secho)|\bclick\b|sys\.std(out|err)\.write|\bprint\(")
    for path in (ROOT / "infra" / "launcher").rglob("*.py"):
        if path.name not in ("terminal.py", "dictionary.py"):
            assert not other.search(path.read_text()), path
