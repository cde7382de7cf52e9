"""What a run came to, told to a person: the books, the tables, the score, and what its star has to say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from aws_services import resources
from aws_services.errors import AwsError
from aws_services.s3 import S3
from infra import terminal
from infra.launcher.queries import warehouse
from infra.stack.stack import Stack
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
    """The latest runs of each pipeline, newest first, times aware in UTC; empty while there is no ledger."""
    statement = (
        "SELECT run_id, pipeline, status, started_at, finished_at, quality_score, failed_task, same_as "
        "FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY pipeline ORDER BY started_at DESC, run_id DESC) AS age "
        f"FROM etl.runs) AS aged WHERE age <= {int(count)} ORDER BY started_at DESC, run_id DESC"
    )
    try:
        rows = warehouse(stack).execute(statement)
    except AwsError:
        return []  # no warehouse, or not migrated yet: `status` tells what is up, it does not fail
    return [{name: _in_utc(value) for name, value in row.items()} for row in rows]


def _in_utc(value: object) -> object:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


def show(stack: Stack, pipeline: str, business_date: date, dag_run_id: str) -> None:
    """Print the summary of a day's newest run, which a DAG run may have found finished."""
    redshift = warehouse(stack)
    run_id = latest_run(redshift, pipeline, business_date)
    summary = summarise(redshift, run_id)
    run = summary.run
    terminal.say(f"\nRun {run_id}: {run['status']}")
    if run["dag_run_id"] != dag_run_id:
        terminal.say(f"It was finished before, at {run['finished_at']} UTC: nothing to do.")
    for warning in (run["warnings"] or "").splitlines():
        terminal.say(f"Warning: {warning}")
    if run["same_as"]:
        terminal.say(unchanged(run))
        return
    _books(summary)
    _star(summary)
    verdict = "balanced" if summary.balanced else "NOT balanced: " + "; ".join(summary.faults)
    score = "not audited" if summary.score is None else f"{summary.score:.2f} of 100"
    terminal.say(f"Books: {verdict}. Quality score: {score}.")
    for title, rows in summary.highlights.items():
        if rows:
            _highlight(title, rows)


def unchanged(run: Mapping[str, Any]) -> str:
    """In words: that a run found nothing new; empty for one that did."""
    return f"no file changed since run {run['same_as']}: nothing to load" if run["same_as"] else ""


def show_returned(stack: Stack, dag_id: str, run_id: str) -> None:
    """Print what each task of a run returned: what there is to say of a DAG that loads no star."""
    for task in stack.airflow.task_states(dag_id, run_id):
        returned = stack.airflow.returned(dag_id, run_id, task["task_id"])
        if returned is not None:
            terminal.say(f"{task['task_id']:<12} {terminal.as_text(returned)}")


def _books(summary: Summary) -> None:
    entities = [row for row in summary.entities if row["layer"] == "raw"]
    rows = [(row["table_name"], *(row[name] for name in _BOOKS)) for row in entities]
    terminal.show_table(("in the lake", *_BOOKS.values()), rows)


def _star(summary: Summary) -> None:
    headings = ("in the star", "staged", "= inserted", "+ versioned", "+ unchanged", "deleted", "rows now")
    columns = ("staged_rows", "inserted_rows", "versioned_rows", "unchanged_rows", "deleted_rows")
    books = {row["table_name"]: row for row in summary.star}
    terminal.show_table(
        headings,
        [(name, *(books.get(name, {}).get(column) for column in columns), rows) for name, rows in summary.rows.items()],
    )


def _highlight(title: str, rows: Sequence[Mapping[str, Any]]) -> None:
    terminal.show_table([name.replace("_", " ") for name in rows[0]], [list(row.values()) for row in rows], title=title)
