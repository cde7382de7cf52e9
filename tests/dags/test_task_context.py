"""The steps of a run get their parameters from Airflow's context."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("airflow")

from airflow.sdk.api.datamodels._generated import DagRunType

from dags.task_context import AirflowTask, business_date_of, dag_run_of
from runs.dag_run import RunParams, Step
from settings import Settings

NIGHT = datetime(2026, 11, 30, 2, tzinfo=UTC)
TASKS: list[dict[str, Any]] = [
    {"task_id": "validate", "map_index": 1, "state": "failed", "operator": "task", "duration": 2.5},
    {"task_id": "open_run", "map_index": -1, "state": "success", "operator": "task", "duration": 1.0},
    {"task_id": "validate", "map_index": 0, "state": "success", "operator": "task", "duration": 4.0},
    {"task_id": "crawl_raw_events", "map_index": -1, "state": "skipped", "operator": "task", "duration": 0.1},
    {"task_id": "audit", "map_index": -1, "state": "upstream_failed", "operator": "task", "duration": None},
]
"""What Airflow answers about the tasks of a DAG run that have ended."""
WARNINGS: dict[str, list[Any]] = {"crawl_raw": ["the catalog is old"], "extract": [None], "validate": [None, None]}


def context(**params: Any) -> Any:
    dag_run = SimpleNamespace(
        dag_id="tickit_load",
        run_id="manual__1",
        run_type=DagRunType.MANUAL,
        run_after=NIGHT,
        start_date=NIGHT,
        clear_number=None,
    )
    return {"dag_run": dag_run, "params": params, "logical_date": NIGHT}


def task(states: dict[str, str]) -> AirflowTask:
    ti: Any = SimpleNamespace(
        dag_id="d",
        run_id="manual__1",
        get_task_breadcrumbs=lambda dag_id, run_id: TASKS,
        get_task_states=lambda **_: {"manual__1": states},
        get_dr_count=lambda dag_id, run_ids, states: int(run_ids == ["manual__0"] and states == ["success", "failed"]),
        task=SimpleNamespace(upstream_task_ids=set(WARNINGS)),
        xcom_pull=lambda *, task_ids, key: [warning for name in task_ids for warning in WARNINGS[name]],
    )
    return AirflowTask(ti)


def test_a_run_that_a_person_started_is_manual_and_was_never_cleared() -> None:
    dag_run = dag_run_of(context(date=None))
    assert dag_run.run_type == "manual"
    assert dag_run.clear_number == 0
    assert (dag_run.run_after, dag_run.started_at) == (NIGHT, NIGHT)


def test_parameters_are_typed_and_those_that_a_dag_does_not_have_are_off() -> None:
    assert dag_run_of(context(date="2026-03-02", refetch=True, location="")).params == RunParams(
        day=date(2026, 3, 2), refetch=True
    )


@pytest.mark.parametrize(
    ("params", "logical_date", "day"),
    [
        ({"date": "2026-03-02"}, NIGHT, date(2026, 3, 2)),
        ({"date": None}, NIGHT, date(2026, 11, 30)),
        ({"date": None}, None, date(2026, 12, 24)),
        ({"dry_run": True}, NIGHT, None),
    ],
    ids=["the parameter", "else the scheduled day", "else today", "a DAG that has no days"],
)
def test_the_business_date(
    params: dict[str, Any], logical_date: datetime | None, day: date | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOXOFFICE_TODAY", "2026-12-24")
    monkeypatch.setattr("settings.get_settings", Settings)
    context: Any = {"params": params, "logical_date": logical_date}
    assert business_date_of(context) == day


def test_warnings_of_the_tasks_before_are_told_with_their_names() -> None:
    assert task({}).warnings() == ["crawl_raw: the catalog is old"]


@pytest.mark.parametrize(
    ("states", "failed"),
    [
        ({"publish": "failed", "audit": "failed", "refresh": "upstream_failed"}, ["audit", "publish"]),
        ({"extract": "success", "refresh": "upstream_failed"}, ["refresh"]),
        ({"extract": "success", "refresh": "skipped"}, []),
    ],
)
def test_tasks_that_failed_come_first_else_those_that_were_not_run(states: dict[str, str], failed: list[str]) -> None:
    assert task(states).failed_tasks() == failed


def test_only_a_run_that_airflow_knows_has_ended() -> None:
    assert task({}).has_ended("manual__0")
    assert not task({}).has_ended("manual__7")


def test_steps_have_the_seconds_of_their_tasks_and_leave_out_what_did_not_run() -> None:
    assert task({}).steps() == [Step("open_run", 1, 0, 1.0, 1.0), Step("validate", 2, 1, 6.5, 4.0)]
