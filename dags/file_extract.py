"""The extract of a source of files: where they are, and how those that changed are landed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from dags import waiting
from runs.results import LandedFiles

if TYPE_CHECKING:
    from lake.landing import RawLanding
    from lake.layout import RunId
    from runs.context import RunContext, TaskContext
    from runs.landing import Extract
    from settings import Settings
    from sources.files import Limits


def location(context: TaskContext) -> str:
    """Where the files are: the run's parameter, else the source's setting, else what the source declares."""
    from sources.files import file_source

    source = context.pipeline.source
    setting = context.settings.of_source(source, "location")
    return str(context.dag_run.params.location or setting or file_source(source).location)


def is_from_location(context: TaskContext, run_id: RunId) -> bool:
    """Whether all that an unfinished run has landed came from where this run looks."""
    from runs.landing import is_landed_from
    from sources.files.errors import shown

    return is_landed_from(context, shown(location(context)), run_id)


def land_settled(context: RunContext, entity: str) -> LandedFiles:
    """Land one entity's files once no one writes to them any more; what is raised besides, see `land_files`.

    Raises:
        AirflowRescheduleException: a file may still be being written; the task comes back.
    """
    from sources.files import Unsettled

    try:
        return land_files(context, entity)
    except Unsettled as unsettled:
        waiting.look_again(unsettled, _began_at(context))


def land_files(context: RunContext, entity: str) -> LandedFiles:
    """Land one entity's files unless they are as they were landed last; a finished extract is left alone.

    Raises:
        sources.files.Unsettled: a file may still be being written.
        lake.run_lock.LockLost: another run has taken over.
        sources.files.FilesError: the files cannot be landed; see `sources.files.errors`.
    """
    from runs.landing import land

    manifests = land(context, [entity], lambda landing: _extract(context, entity, landing))
    if manifests is None:
        return {"finished": "before"}
    manifest = manifests[entity]
    return {"records": manifest.records, "same_as": manifest.same_as}


def _extract(context: RunContext, entity: str, landing: RawLanding) -> Extract:
    from aws_services.s3 import S3, S3Files
    from runs.landing import LOCATION, Extract, earlier_manifest
    from sources.files import Extracted, file_source
    from sources.files.errors import shown

    source, folder, params = context.pipeline.source, location(context), context.dag_run.params
    earlier = earlier_manifest(context, entity)
    [files] = file_source(source).extract(
        landing,
        folder,
        entities=[entity],
        bucket=S3Files(S3()),
        limits=_limits(context.settings, source),
        earlier={entity: Extracted.from_dict(earlier.extra)} if earlier else {},
        full=params.full,
        accept_drop=params.accept_drop,
    )
    unchanged = {entity: earlier} if earlier and files.is_unchanged else {}
    return Extract({LOCATION: shown(folder), **files.as_dict()}, unchanged=unchanged)


def _limits(settings: Settings, source: str) -> Limits:
    """The limits of a source's files: its settings, else those of all sources."""
    from sources.files import Limits

    names = {"bytes": "max_file_bytes", "settle_s": "settle_seconds"}
    values = {limit: settings.of_source(source, name) for limit, name in names.items()}
    return Limits(**{limit: value for limit, value in values.items() if value is not None})


def _began_at(context: RunContext) -> datetime:
    started_at = context.dag_run.started_at
    if started_at is None:
        raise ValueError(f"DAG run {context.dag_run.run_id} has no time at which it began")
    return started_at
