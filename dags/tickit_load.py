"""tickit_load: the files of the TICKIT sample business, those that changed, to a checked star.

Wiring only: what a step does stands in `dags/steps.py`, `sources`, `lake` and `warehouse`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from airflow.sdk import Asset, Param, dag, get_current_context, task

from aws_services import resources
from dags import alerts, schedules, shape, steps
from settings import get_settings

if TYPE_CHECKING:
    from lake.layout import RunId

PIPELINE = "tickit_load"
SOURCE = "tickit"
STAR = Asset(
    "tickit_star",
    uri=f"redshift://{resources.WORKGROUP}:5439/{resources.WAREHOUSE_DATABASE}/tickit/fact_sales",
)

# A file that is not there, is broken or is not what it should be is so a minute later.
FINAL_ERRORS = (
    "schemas.lines.LineTooLong",
    "schemas.lines.UnknownEncoding",
    "sources.files.errors.Corrupt",
    "sources.files.errors.EmptyFile",
    "sources.files.errors.NoSuchFile",
    "sources.files.errors.Refused",
    "sources.files.errors.TooLarge",
)

PARAMS = {
    **steps.params(
        date="The day that the files are of (UTC). Empty: the scheduled day, else today.",
        refetch="Look at the files once more on a day that is finished, and load what changed since.",
        accept_drop="Publish although one of the files has less than half the rows that were published of it before.",
    ),
    "location": Param(
        None,
        type=["null", "string"],
        minLength=1,
        title="Location",
        description="Folder of the seven files: s3://bucket/prefix/, https://host/path/ or a path of the worker's "
        "machine. Empty: the setting TICKIT_LOCATION. Naming one looks at its files, be the day finished or not.",
    ),
    "full": Param(
        False,
        type="boolean",
        title="Full load",
        description="Land, validate and load every file, whether it changed or not. Off: only files that changed.",
    ),
}

DOC = """
Loads the seven files of TICKIT, a ticket resale of the year 2008: users, venues, categories, dates, events, listings
and sales. Each day looks at all of them and lands, validates and loads **those whose content changed**; the star is
what the files of the latest day say, rows that are gone from a file included.

* If no file changed, everything after `extract` is skipped.
* A day is a run: triggering a finished day again does nothing; a failed one resumes where it stopped.
* `date`, `location`, `full`, `refetch`, `rebuild` and `accept_drop` can be set when triggering.
* Names, e-mail addresses and phone numbers stay in `tickit.user_contacts`; no product shows them.
"""


@dag(
    dag_id=PIPELINE,
    schedule=schedules.at(get_settings().tickit_schedule),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=steps.LEASE,
    params=PARAMS,
    tags=["tickit", "daily", "star"],
    default_args=steps.defaults(*FINAL_ERRORS),
    doc_md=DOC,
    on_failure_callback=alerts.run_failed,
    description="TICKIT's flat files -> raw -> curated -> star schema in Redshift",
)
def tickit_load() -> None:
    """Wire the pipeline."""

    @task.short_circuit(ignore_downstream_trigger_rules=True, doc_md="Decide the day, take the lock, open the ledger.")
    def open_run(**context: Any) -> steps.Run | None:
        asked = context["params"]
        return steps.open_run(
            *(PIPELINE, SOURCE, resources.TICKIT_ENTITIES, context),
            has_past=True,  # whoever names a past day says that the files are of that day
            refetch=asked["full"] or bool(asked["location"]),
            rebuild=asked["full"],
            resumable=partial(_is_from, _location(asked)),
        )

    @task(
        doc_md="Land an entity's files as they are, if they changed.",
        map_index_template="{{ entity }}",
        execution_timeout=timedelta(hours=1),  # three attempts fit into the lease
    )
    def extract(run: steps.Run, entity: str) -> dict[str, Any]:
        context = get_current_context()
        context["entity"] = entity  # type: ignore[typeddict-unknown-key]
        return _land(run, entity, context["params"])

    @task.short_circuit(ignore_downstream_trigger_rules=True, doc_md="End here when the star holds just these files.")
    def has_changed(run: steps.Run) -> bool:
        return steps.has_changed(run, resources.TICKIT_ENTITIES)

    run: Any = open_run()
    landed = extract.partial(run=run).expand(entity=list(resources.TICKIT_ENTITIES))
    changed = has_changed(run)
    landed >> changed
    dates, others = resources.TICKIT_RAW_CRAWLERS
    shape.load(
        run,
        [landed, changed],
        entities=resources.TICKIT_ENTITIES,
        raw_crawlers={"crawl_raw_dates": dates, "crawl_raw": others},
        curated_crawler=resources.TICKIT_CURATED_CRAWLER,
        job=resources.TICKIT_JOB,
        star=STAR,
    )


def _location(asked: Mapping[str, Any]) -> str:
    from settings import get_settings

    return str(asked["location"] or get_settings().tickit_location)


def _is_from(location: str, run_id: RunId) -> bool:
    """Whether what is landed of an unfinished run came from a location: files of two are never one observation."""
    from aws_services.errors import NotFound
    from lake.manifests import RawManifest
    from sources.files.errors import shown

    for entity in resources.TICKIT_ENTITIES:
        try:
            manifest = RawManifest.read(steps.lake(), SOURCE, entity, run_id)
        except NotFound:
            continue
        if manifest.extra["location"] != shown(location):
            return False
    return True


def _land(run: steps.Run, entity: str, asked: Any) -> dict[str, Any]:
    """Land one entity's files unless they are as they were landed last; a finished extract is left alone."""
    from aws_services.s3 import S3, S3Files
    from lake.landing import RawLanding
    from lake.layout import RunId
    from lake.manifests import RawManifest
    from lake.observations import Observations
    from settings import get_settings
    from sources.files import Limits
    from sources.files.errors import shown
    from sources.tickit import extract

    steps.check_lock(run)
    settings, lake, run_id = get_settings(), steps.lake(), RunId.parse(run["run_id"])
    landing = RawLanding(lake, SOURCE, run_id, [entity])
    if landing.finished:
        return {"finished": "before"}
    newest = Observations(lake, SOURCE, resources.TICKIT_ENTITIES, PIPELINE).newest_before(run_id)
    earlier = RawManifest.read(lake, SOURCE, entity, newest) if newest and not asked["full"] else None
    [files] = extract(
        landing,
        _location(asked),
        entities=[entity],
        bucket=S3Files(S3()),
        limits=Limits(bytes=settings.tickit_max_file_bytes),
        landed_before={entity: earlier.extra["digest"]} if earlier else {},
    )
    steps.check_lock(run)  # it may have taken an hour
    unchanged = {entity: earlier} if earlier and files.is_unchanged else {}
    told = {"location": shown(_location(asked)), **files.as_dict()}
    manifest = landing.finish(told, unchanged=unchanged)[entity]
    return {"records": manifest.records, "same_as": manifest.same_as}


tickit_load()
