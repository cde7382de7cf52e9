"""The DAG of a source of files, from a declaration: check the files, land those that changed, load them.

Wiring only: the steps are in `runs`, `sources` and `dags/file_extract.py`.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import cast

from airflow.sdk import DAG, Param, get_current_context, task

from aws_services.resources import Pipeline
from dags import defaults, file_extract, retries, shape, waiting
from dags.task_context import run_context, task_context
from runs.results import LandedFiles
from runs.run import Run

# A file that is missing, broken or wrong will still be so in the next attempt.
FINAL_ERRORS = (
    "schemas.lines.LineTooLong",
    "schemas.lines.UnknownEncoding",
    "sources.files.errors.Corrupt",
    "sources.files.errors.EmptyFile",
    "sources.files.errors.Incomplete",
    "sources.files.errors.NoSuchFile",
    "sources.files.errors.LocationRefused",
    "sources.files.errors.TooLarge",
)

OUTAGES = ("sources.files.errors.LocationUnreachable",)

PARAMS = {
    **defaults.params(
        date="The business date of the files (UTC). Empty: the scheduled day, else today.",
        refetch="Check the files of a finished day again, and load those that changed since.",
        accept_drop="Publish even if a file has fewer than half the rows that were published from it before, or seems "
        "to be truncated.",
    ),
    "location": Param(
        None,
        type=["null", "string"],
        minLength=1,
        title="Location",
        description="Folder of the files: s3://bucket/prefix/, https://host/path/ or a path of the worker's machine. "
        "Empty: the source's setting <SOURCE>_LOCATION, else the source's default. If you set it, its files are "
        "checked even if the day is finished.",
    ),
    "full": Param(
        False,
        type="boolean",
        title="Full load",
        description="Land, validate and load every file, whether it changed or not. Off: only files that changed.",
    ),
}

_DOC = """

* Each run checks all files and lands, validates and loads **those whose content changed**. The star has the rows of the
  latest day's files; rows that are gone from a file are removed.
* If no file changed, everything after `extract` is skipped.
* A run waits for a file that has just changed. It refuses a file that is truncated or lost a quarter of its bytes.
* One day is one run: triggering a finished day again has no effect; a failed one resumes where it stopped.
* `date`, `location`, `full`, `refetch`, `rebuild` and `accept_drop` can be set when triggering.
"""


def file_source(pipeline: Pipeline, *, fact: str, schedule: str, description: str, doc_md: str) -> DAG:
    """The DAG of a pipeline that reads files.

    Args:
        pipeline: its entry in the list of resources; the module `sources.<source>` defines a `FileSource`.
        fact: the star's main fact table; the star's asset is named after it.
        schedule: cron expression, in UTC; the setting `<SOURCE>_SCHEDULE`, if it exists, overrides it.
        description: a line about the pipeline.
        doc_md: documentation of the source; the text for all sources of files is appended.
    """

    @shape.pipeline_dag(pipeline, schedule, PARAMS, FINAL_ERRORS, OUTAGES, description, doc_md.rstrip() + _DOC)
    def wired() -> None:
        @task.short_circuit(
            ignore_downstream_trigger_rules=True,
            doc_md="Decide the day, take the lock, open the ledger.",
            retries=retries.WITHIN_DAY,
        )
        def open_run() -> Run | None:
            from runs import opening

            context = task_context(pipeline)
            params = context.dag_run.params
            with waiting.for_its_turn():
                return opening.open_run(
                    context,
                    has_past=True,  # a past `date` means that the files are of that day
                    refetch=params.full or bool(params.location),
                    rebuild=params.full,
                    resumable=partial(file_extract.is_from_location, context),
                )

        @task(
            doc_md="Land an entity's files as they are, if they changed.",
            map_index_template="{{ entity }}",
            execution_timeout=timedelta(hours=1),
            retries=retries.WITHIN_DAY,
        )
        def extract(run: Run, entity: str) -> LandedFiles:
            get_current_context()["entity"] = entity  # type: ignore[typeddict-unknown-key]
            return file_extract.land_settled(run_context(pipeline, run), entity)

        @task.short_circuit(
            ignore_downstream_trigger_rules=True, doc_md="End here if the star already has these files."
        )
        def has_changed(run: Run) -> bool:
            from runs import loading

            return loading.has_changed(run_context(pipeline, run))

        run = cast("Run", open_run())
        landed = extract.partial(run=run).expand(entity=list(pipeline.entities))
        changed = shape.node(has_changed(run))
        landed >> changed
        shape.load(run, [landed, changed], pipeline=pipeline, fact=fact)

    return wired()
