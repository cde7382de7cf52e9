"""The DAG of a source of files, from a declaration: look at the files, land those that changed, load them.

Wiring only: what a step does is in `runs`, `sources` and `dags/file_extract.py`.
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

# A file that is not there, is broken or is not what it should be is so a minute later.
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
        date="The day that the files are of (UTC). Empty: the scheduled day, else today.",
        refetch="Look at the files once more on a day that is finished, and load what changed since.",
        accept_drop="Publish although one of the files has less than half the rows that were published of it before, "
        "or looks as if it was not written to its end.",
    ),
    "location": Param(
        None,
        type=["null", "string"],
        minLength=1,
        title="Location",
        description="Folder of the files: s3://bucket/prefix/, https://host/path/ or a path of the worker's machine. "
        "Empty: the source's setting <SOURCE>_LOCATION, else where the source says that they are. Naming one looks "
        "at its files, be the day finished or not.",
    ),
    "full": Param(
        False,
        type="boolean",
        title="Full load",
        description="Land, validate and load every file, whether it changed or not. Off: only files that changed.",
    ),
}

_DOC = """

* Each day looks at all files and lands, validates and loads **those whose content changed**; the star is what the
  files of the latest day say, rows that are gone from a file included.
* If no file changed, everything after `extract` is skipped.
* A file that changed a moment ago is waited for; one that breaks off, or lost a quarter of its bytes, is refused.
* A day is a run: triggering a finished day again does nothing; a failed one resumes where it stopped.
* `date`, `location`, `full`, `refetch`, `rebuild` and `accept_drop` can be set when triggering.
"""


def file_source(pipeline: Pipeline, *, fact: str, schedule: str, description: str, doc_md: str) -> DAG:
    """The DAG of a pipeline that reads files.

    Args:
        pipeline: its entry in the list of resources; the module `sources.<source>` holds a `FileSource`.
        fact: the star's table that tells most; the star's asset is named by it.
        schedule: cron expression, in UTC; the setting `<SOURCE>_SCHEDULE`, where there is one, goes before it.
        description: a line about the pipeline.
        doc_md: what is particular to the source; what all sources of files share is added.
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
                    has_past=True,  # whoever names a past day says that the files are of that day
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
            ignore_downstream_trigger_rules=True, doc_md="End here when the star holds just these files."
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
