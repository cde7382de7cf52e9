"""Why a run failed becomes its note, next to the notes of people. A run that succeeds later loses it again."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("airflow")

from dags import run_notes


class DagRun(SimpleNamespace):
    """A run as the scheduler hands it to a listener, as far as a note needs it."""

    def get_task_instances(self, session: Any = None) -> list[Any]:
        return [
            SimpleNamespace(task_id="extract", state="failed"),
            SimpleNamespace(task_id="open_run", state="success"),
        ]


@pytest.fixture
def sentences(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What failed tasks left behind."""
    sentences: list[str] = []
    monkeypatch.setattr(run_notes, "object_session", lambda dag_run: "session")
    monkeypatch.setattr(run_notes, "_reason_of_task", lambda *_: sentences[0] if sentences else None)
    yield sentences


def _run(note: str | None = None) -> DagRun:
    conf = {"date": "2026-03-02"}
    return DagRun(dag_id="ticketmaster_daily", run_id="manual-1", conf=conf, logical_date=None, note=note)


def test_the_note_is_what_the_task_said(sentences: list[str]) -> None:
    sentences.append("ValueError: x Where: task extract Then: again")
    run = _run()
    run_notes.on_dag_run_failed(run, "task_failure")
    assert run.note == "Failed: ValueError: x Where: task extract Then: again"


def test_what_a_person_noted_is_kept_and_an_older_reason_is_not(sentences: list[str]) -> None:
    run = _run("ask Ada")
    for sentence in ("first", "second"):
        sentences[:] = [sentence]
        run_notes.on_dag_run_failed(run, "task_failure")
    assert run.note == "ask Ada\n\nFailed: second"
    run_notes.on_dag_run_success(run, "success")
    assert run.note == "ask Ada"


def test_a_run_whose_task_was_killed_says_which_and_how_to_go_on(sentences: list[str]) -> None:
    run = _run()
    run_notes.on_dag_run_failed(run, "task_failure")
    assert run.note.startswith("Failed: the run ended without success: extract: the task's process exited")
    assert run.note.endswith("./boxoffice trigger ticketmaster_daily --date 2026-03-02 --wait")
    assert len(run.note) <= 1000


def test_a_run_that_timed_out_says_so(sentences: list[str]) -> None:
    run = _run()
    run_notes.on_dag_run_failed(run, "timed_out")
    assert run.note.startswith("Failed: the run ended without success: timed out Where: run manual-1")
