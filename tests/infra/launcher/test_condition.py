"""`status` in words and as an exit code: what is down, what is wrong, and which runs failed and why."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Any

from infra.launcher import condition
from infra.stack.failures import failed_runs
from infra.stack.findings import Finding


class Airflow:
    """Answers with these runs, the last to end first."""

    def __init__(self, *runs: dict[str, Any]) -> None:
        self._runs = runs

    def newest_runs(self) -> list[dict[str, Any]]:
        return list(self._runs)


def _run(dag_id: str, state: str, date: str | None, note: str | None = None) -> dict[str, Any]:
    times = {"end_date": "2026-11-30T02:10:00.5Z", "logical_date": None}
    conf = {"date": date} if date else {}
    return {"dag_id": dag_id, "dag_run_id": f"{dag_id}-{date}", "state": state, "note": note, "conf": conf, **times}


def test_failed_runs_are_told_until_the_same_day_succeeds() -> None:
    runs = [
        _run("tickit_load", "success", "2026-11-30"),
        _run("tickit_load", "failed", "2026-11-30", "made good since"),
        _run("ticketmaster_daily", "failed", "2026-11-30", "Failed: ValueError: x"),
        _run("tickit_load", "failed", "2026-11-29", "ValueError: y"),
        _run("ticketmaster_daily", "failed", "2026-11-30", "an earlier attempt"),
        _run("ticketmaster_daily", "success", "2026-11-29"),
    ]
    failures = failed_runs(Airflow(*runs))  # type: ignore[arg-type]
    assert [(run["dag_id"], run["date"], run["reason"], run["is_newest"]) for run in failures] == [
        ("ticketmaster_daily", "2026-11-30", "ValueError: x", True),
        ("tickit_load", "2026-11-29", "ValueError: y", False),
    ]


def test_a_scheduled_run_is_of_its_logical_date_and_one_without_a_note_says_where_to_look() -> None:
    run = _run("tickit_load", "failed", None) | {"logical_date": "2026-11-30T03:00:00Z"}
    [failure] = failed_runs(Airflow(run))  # type: ignore[arg-type]
    assert failure["date"] == "2026-11-30"
    assert "Airflow's UI shows its tasks and their logs" in failure["reason"]


def _condition(*problems: Finding, failed: list[dict[str, Any]] | None = None, up: bool = True) -> dict[str, Any]:
    process = {"state": "up" if up else "died", "pid": 7 if up else None, "log": "/home/logs/local-aws.log"}
    return {
        "up": up and not problems,
        "home": "/home",
        "processes": {"local-aws": process},
        "urls": {"aws": "http://127.0.0.1:4566"},
        "findings": [dataclasses.asdict(finding) for finding in problems],
        "failed_runs": failed or [],
        "runs": [],
    }


def test_the_exit_code_tells_what_is_wrong() -> None:
    newest, older = {"is_newest": True}, {"is_newest": False}
    assert condition.exit_code(_condition()) == 0
    assert condition.exit_code(_condition(failed=[older])) == 0
    assert condition.exit_code(_condition(failed=[newest])) == 4
    assert condition.exit_code(_condition(Finding("local-aws", "does not answer"), failed=[newest])) == 3
    assert condition.exit_code(_condition(up=False)) == 3


def test_each_finding_and_each_failed_run_is_a_line() -> None:
    [failed] = failed_runs(Airflow(_run("tickit_load", "failed", "2026-11-30", "ValueError: x\nThen: again")))  # type: ignore[arg-type]
    finding = Finding("local-aws", "does not answer")
    assert list(condition.lines(_condition(finding, failed=[failed]))) == [
        "local-aws                up     pid 7",
        "WRONG: local-aws does not answer; './boxoffice up' starts it again",
        "aws                      http://127.0.0.1:4566",
        "FAILED: tickit_load of 2026-11-30, 2026-11-30T02:10:00: ValueError: x Then: again",
    ]


def test_a_run_is_told_with_when_it_ended_or_since_when_it_goes_on() -> None:
    began, ended = datetime(2026, 11, 30, 2, tzinfo=UTC), datetime(2026, 11, 30, 2, 5, 1, 7, tzinfo=UTC)
    run = {"run_id": "tickit_load-2026-11-30", "status": "succeeded", "started_at": began, "same_as": None}
    state = _condition() | {"runs": [run | {"finished_at": ended}, run | {"status": "running", "finished_at": None}]}
    assert [line.split(maxsplit=2)[1:] for line in condition.lines(state)][-2:] == [
        ["succeeded", "2026-11-30 02:05:01"],
        ["running", "since 2026-11-30 02:00:00"],
    ]
