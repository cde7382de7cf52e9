"""Following a run shows each change once, and the error message of a failed task."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from infra.launcher.follow import Follower, reason


class Airflow:
    """Answers as Airflow's API does, one scripted look after the other."""

    def __init__(self, looks: list[tuple[str, list[dict[str, Any]]]], log: list[dict[str, Any]]) -> None:
        self._looks = looks
        self._log = log
        self._at = -1

    def run_state(self, dag_id: str, run_id: str) -> str:
        self._at = min(self._at + 1, len(self._looks) - 1)
        return self._looks[self._at][0]

    def task_states(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        return self._looks[self._at][1]

    url = "http://127.0.0.1:8080"
    ahead: tuple[str, ...] = ()

    def running_runs(self, dag_id: str) -> list[str]:
        return list(self.ahead)

    def task_log(self, dag_id: str, run_id: str, task: dict[str, Any]) -> list[dict[str, Any]]:
        return self._log


def _task(task_id: str, state: str | None, map_index: int = -1, **more: Any) -> dict[str, Any]:
    began, ended = "2026-11-20T02:00:00Z", "2026-11-20T02:00:04.500Z"
    times = {"start_date": began, "end_date": ended if state in ("success", "failed") else None}
    return {"task_id": task_id, "state": state, "map_index": map_index, "try_number": 2, **times, **more}


LOG = [
    {"event": "Task started", "level": "info"},
    {
        "event": "Task failed with exception",
        "level": "error",
        "error_detail": [{"exc_type": "QuotaExceeded", "exc_value": "5,000 of 5,000 requests used"}, {"exc_type": "X"}],
    },
]


def test_each_change_is_told_once() -> None:
    looks = [
        ("running", [_task("extract", "running"), _task("validate", None)]),
        ("running", [_task("extract", "running"), _task("validate", "queued"), _task("crawl", "skipped")]),
        ("success", [_task("extract", "success"), _task("validate", "success", 1, rendered_map_index="venues")]),
    ]
    lines: list[str] = []
    outcome = Follower(Airflow(looks, []), Path("home"), lines.append, interval=0).follow("dag", "run")
    assert outcome.succeeded
    assert [line.split(" s  ", 1)[1] for line in lines] == [
        "extract                    running",
        "extract                    success in 4.5 s",
        "validate [venues]          success in 4.5 s",
    ]


@pytest.mark.parametrize(
    ("ahead", "queue_message"),
    [(("manual__1",), "queued until this run has ended (to stop it, mark it as failed there): "), ((), "queued; no ")],
    ids=["behind a run", "behind none"],
)
def test_a_queued_run_names_what_it_waits_for(
    monkeypatch: pytest.MonkeyPatch, ahead: tuple[str, ...], queue_message: str
) -> None:
    monkeypatch.setattr("infra.launcher.follow._QUEUED_SECONDS", -1)
    airflow = Airflow([("queued", []), ("queued", []), ("success", [])], [])
    airflow.ahead = ahead
    lines: list[str] = []
    Follower(airflow, Path("home"), lines.append, interval=0).follow("tickit_load", "run")
    (line,) = lines
    assert queue_message in line
    assert all(f"http://127.0.0.1:8080/dags/tickit_load/runs/{run}" in line for run in ahead)


def test_a_failure_names_task_reason_and_log() -> None:
    looks = [("failed", [_task("extract", "failed"), _task("publish", "upstream_failed")])]
    outcome = Follower(Airflow(looks, LOG), Path("home"), lambda line: None, interval=0).follow("dag", "run")
    assert not outcome.succeeded
    (failure,) = outcome.failures
    assert failure.task == "extract"
    assert failure.reason == "QuotaExceeded: 5,000 of 5,000 requests used"
    assert failure.log == Path("home/logs/dag_id=dag/run_id=run/task_id=extract/attempt=2.log")


def test_progress_within_a_task_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.launcher.follow._DETAIL_SECONDS", 0)
    running = ("running", [_task("extract", "running")])
    looks = [running, running, ("success", [_task("extract", "success")])]
    lines: list[str] = []
    Follower(Airflow(looks, []), Path("h"), lines.append, lambda task: "12 pages landed", 0).follow("d", "r")
    assert lines[1].endswith("12 pages landed")


def test_progress_within_a_mapped_task_is_told_once_for_all_its_instances(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.launcher.follow._DETAIL_SECONDS", 60)
    clock = iter(range(0, 10_000, 20))
    monkeypatch.setattr("infra.launcher.follow.time.monotonic", lambda: next(clock))
    both = ("running", [_task("extract", "running", 0), _task("extract", "running", 1)])
    looks = [both] * 5 + [("success", [_task("extract", "success", 0, rendered_map_index="sales")])]
    lines: list[str] = []
    queried_tasks: list[str] = []

    def detail(task_id: str) -> str:
        queried_tasks.append(task_id)
        return "objects landed: sales 3"

    Follower(Airflow(looks, []), Path("h"), lines.append, detail, 0).follow("d", "r")
    texts = [line.split(" s  ", 1)[1] for line in lines]
    assert set(queried_tasks) == {"extract"}
    assert texts == ["extract                    objects landed: sales 3"] * len(queried_tasks) + [
        "extract [sales]            success in 4.5 s"
    ]
    assert 1 <= len(queried_tasks) < 10, "not at every look, nor for every instance"


def test_a_killed_task_has_a_reason_too() -> None:
    assert "killed" in reason([{"event": "Task started", "level": "info"}])


def test_a_task_that_will_be_tried_again_says_when_and_why() -> None:
    again = _task("extract", "up_for_retry", dag_id="dag", dag_run_id="run")
    looks = [("running", [again]), ("running", [again]), ("success", [_task("extract", "success")])]
    log = [{"event": "Retry policy decision", "reason": "it tries again at 02:47:13 UTC: ServerError: \x1b[31m503"}, {}]
    lines: list[str] = []
    Follower(Airflow(looks, log), Path("h"), lines.append, interval=0).follow("dag", "run")
    assert (
        lines[0]
        .split(" s  ", 1)[1]
        .startswith("extract                    will be retried: it tries again at 02:47:13 UTC: ServerError: ")
    )
    assert len(lines) == 2
    assert "\x1b" not in lines[0]
