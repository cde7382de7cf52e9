"""What a run came to, told to a person: the books, the tables, the score, what is busiest."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from rich.console import Console
from rich.table import Table

from aws_services import resources
from aws_services.errors import AwsError
from aws_services.s3 import S3
from infra.launcher.queries import warehouse
from infra.launcher.stack import Stack
from lake import layout
from lake.store import Lake
from schemas.registry import get_source
from warehouse.stars import star_of
from warehouse.summary import Summary, latest_run, summarise


class Progress:
    """What a working task has come to so far, read from the lake."""

    def __init__(self, stack: Stack, pipeline: str, business_date: date) -> None:
        stack.use_aws()
        self._lake = Lake(S3(), resources.LAKE_BUCKET)
        self._source = star_of(pipeline).name
        self._day = business_date

    def detail(self, task_id: str) -> str | None:
        """For `extract`: the responses landed for the day so far."""
        if task_id != "extract":
            return None
        prefixes = [
            layout.raw_day_prefix(self._source, entity, self._day) for entity in get_source(self._source).entities
        ]
        try:
            landed = sum(1 for prefix in prefixes for _ in self._lake.list(prefix))
        except AwsError:
            return None  # only a decoration: the run itself reports what is wrong
        return f"{landed} responses landed" if landed else None


def latest(stack: Stack, count: int = 5) -> list[dict[str, Any]]:
    """The latest runs in the ledger, newest first, times in UTC; empty while there is no ledger."""
    statement = (
        "SELECT run_id, pipeline, status, started_at, finished_at, quality_score, failed_task "
        f"FROM etl.runs ORDER BY started_at DESC, run_id DESC LIMIT {int(count)}"
    )
    try:
        rows = warehouse(stack).execute(statement)
    except AwsError:
        return []  # no warehouse, or not migrated yet: `status` tells what is up, it does not fail
    return [{name: None if value is None else str(value) for name, value in row.items()} for row in rows]


def show(stack: Stack, pipeline: str, business_date: date, console: Console) -> None:
    """Print the summary of a day's newest run."""
    redshift = warehouse(stack)
    run_id = latest_run(redshift, pipeline, business_date)
    summary = summarise(redshift, run_id)
    console.print()
    console.print(f"Run {run_id}: {summary.run['status']}", style="bold", markup=False)
    console.print(_books(summary))
    console.print(_star(summary))
    verdict = "balanced" if summary.balanced else "NOT balanced: " + "; ".join(summary.faults)
    score = "not audited" if summary.score is None else f"{summary.score:.2f} of 100"
    console.print(f"Books: {verdict}. Quality score: {score}.", markup=False)
    if summary.ranking:
        console.print(_ranking(summary))


def show_returned(stack: Stack, dag_id: str, run_id: str, console: Console) -> None:
    """Print what each task of a run returned: what there is to say of a DAG that loads no star."""
    for task in stack.airflow.task_states(dag_id, run_id):
        returned = stack.airflow.returned(dag_id, run_id, task["task_id"])
        if returned is not None:
            text = returned if isinstance(returned, str) else json.dumps(returned)
            console.print(f"{task['task_id']:<12} {text}", markup=False)


def _books(summary: Summary) -> Table:
    table = _table("in the lake", "source said", "got", "residual", "raw", "= curated", "+ quarantined", "+ duplicates")
    columns = ["said_records", "got_records", "residual_records", "raw_records"]
    columns += ["curated_records", "quarantined_records", "duplicate_records"]
    for row in summary.entities:
        if row["layer"] == "raw":
            table.add_row(row["table_name"], *(_number(row[name]) for name in columns))
    return table


def _star(summary: Summary) -> Table:
    table = _table("in the star", "staged", "= inserted", "+ versioned", "+ unchanged", "rows now")
    columns = ("staged_rows", "inserted_rows", "versioned_rows", "unchanged_rows")
    books = {row["table_name"]: row for row in summary.star}
    for name, rows in summary.rows.items():
        table.add_row(name, *(_number(books.get(name, {}).get(column)) for column in columns), _number(rows))
    return table


def _ranking(summary: Summary) -> Table:
    names = list(summary.ranking[0])
    table = Table(title="Busiest venues of the coming weeks", title_justify="left", box=None, pad_edge=False)
    for name in names:
        right = isinstance(summary.ranking[0][name], int)
        table.add_column(name.replace("_", " "), justify="right" if right else "left")
    for row in summary.ranking:
        table.add_row(*(_number(row[name]) if isinstance(row[name], int) else str(row[name] or "") for name in names))
    return table


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(first)
    for name in others:
        table.add_column(name, justify="right")
    return table


def _number(value: Any) -> str:
    return "" if value is None else f"{int(value):,}"
