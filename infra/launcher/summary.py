"""What a run came to, told to a person: the books, the tables, the score, and what its star has to say."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
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

_BOOKS = {
    "said_records": "source said",
    "got_records": "got",
    "residual_records": "residual",
    "raw_records": "raw",
    "curated_records": "= curated",
    "quarantined_records": "+ quarantined",
    "duplicate_records": "+ duplicates",
}
_MANIFEST = "_manifest.json"


class Progress:
    """What a working task has come to so far, read from the lake."""

    def __init__(self, stack: Stack, pipeline: str, business_date: date) -> None:
        stack.use_aws()
        self._lake = Lake(S3(), resources.LAKE_BUCKET)
        self._source = star_of(pipeline).name
        self._day = business_date

    def detail(self, task_id: str) -> str | None:
        """For `extract`: the objects landed so far of each entity that is not finished."""
        if task_id != "extract":
            return None
        try:
            landed = {entity: self._landed(entity) for entity in get_source(self._source).entities}
        except AwsError:
            return None  # only a decoration: the run itself reports what is wrong
        parts = [f"{entity} {count:,}" for entity, count in landed.items() if count]
        return f"objects landed: {', '.join(parts)}" if parts else None

    def _landed(self, entity: str) -> int:
        """Objects of an entity in the day's observation that has no manifest yet."""
        prefix = layout.raw_day_prefix(self._source, entity, self._day)
        found = [each.key.removeprefix(prefix).partition("/") for each in self._lake.list(prefix)]
        finished = {observation for observation, _, name in found if name == _MANIFEST}
        return sum(observation not in finished for observation, _, _ in found)


def latest(stack: Stack, count: int = 3) -> list[dict[str, Any]]:
    """The latest runs of each pipeline, newest first, times in UTC; empty while there is no ledger."""
    statement = (
        "SELECT run_id, pipeline, status, started_at, finished_at, quality_score, failed_task, same_as "
        "FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY pipeline ORDER BY started_at DESC, run_id DESC) AS age "
        f"FROM etl.runs) AS aged WHERE age <= {int(count)} ORDER BY started_at DESC, run_id DESC"
    )
    try:
        rows = warehouse(stack).execute(statement)
    except AwsError:
        return []  # no warehouse, or not migrated yet: `status` tells what is up, it does not fail
    return [{name: None if value is None else str(value) for name, value in row.items()} for row in rows]


def show(stack: Stack, pipeline: str, business_date: date, dag_run_id: str, console: Console) -> None:
    """Print the summary of a day's newest run, which a DAG run may have found finished."""
    redshift = warehouse(stack)
    run_id = latest_run(redshift, pipeline, business_date)
    summary = summarise(redshift, run_id)
    run = summary.run
    console.print()
    console.print(f"Run {run_id}: {run['status']}", style="bold", markup=False)
    if run["dag_run_id"] != dag_run_id:
        console.print(f"It was finished before, at {run['finished_at']} UTC: nothing to do.", markup=False)
    for warning in (run["warnings"] or "").splitlines():
        console.print(f"Warning: {warning}", style="yellow", markup=False)
    if run["same_as"]:
        console.print(unchanged(run), markup=False)
        return
    console.print(_books(summary))
    console.print(_star(summary))
    verdict = "balanced" if summary.balanced else "NOT balanced: " + "; ".join(summary.faults)
    score = "not audited" if summary.score is None else f"{summary.score:.2f} of 100"
    console.print(f"Books: {verdict}. Quality score: {score}.", markup=False)
    for title, rows in summary.highlights.items():
        if rows:
            console.print(_highlight(title, rows))


def unchanged(run: Mapping[str, Any]) -> str:
    """In words: that a run found nothing new; empty for one that did."""
    return f"no file changed since run {run['same_as']}: nothing to load" if run["same_as"] else ""


def show_returned(stack: Stack, dag_id: str, run_id: str, console: Console) -> None:
    """Print what each task of a run returned: what there is to say of a DAG that loads no star."""
    for task in stack.airflow.task_states(dag_id, run_id):
        returned = stack.airflow.returned(dag_id, run_id, task["task_id"])
        if returned is not None:
            text = returned if isinstance(returned, str) else json.dumps(returned)
            console.print(f"{task['task_id']:<12} {text}", markup=False)


def _books(summary: Summary) -> Table:
    table = _table("in the lake", *_BOOKS.values())
    for row in summary.entities:
        if row["layer"] == "raw":
            table.add_row(row["table_name"], *(_number(row[name]) for name in _BOOKS))
    return table


def _star(summary: Summary) -> Table:
    table = _table("in the star", "staged", "= inserted", "+ versioned", "+ unchanged", "deleted", "rows now")
    columns = ("staged_rows", "inserted_rows", "versioned_rows", "unchanged_rows", "deleted_rows")
    books = {row["table_name"]: row for row in summary.star}
    for name, rows in summary.rows.items():
        table.add_row(name, *(_number(books.get(name, {}).get(column)) for column in columns), _number(rows))
    return table


def _highlight(title: str, rows: Sequence[Mapping[str, Any]]) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for name, value in rows[0].items():
        table.add_column(name.replace("_", " "), justify="right" if isinstance(value, int | Decimal) else "left")
    for row in rows:
        table.add_row(*map(_cell, row.values()))
    return table


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(first)
    for name in others:
        table.add_column(name, justify="right")
    return table


def _cell(value: Any) -> str:
    if isinstance(value, int | Decimal):
        return f"{value:,}"  # a decimal has the places that its column has
    return str(value or "")


def _number(value: Any) -> str:
    return "" if value is None else f"{int(value):,}"
