"""The steps that only a source of files has: look at the files, and land those that changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from aws_services.resources import Pipeline
from dags import retries, steps

if TYPE_CHECKING:
    from lake.layout import RunId
    from sources.files import Limits


def location(pipeline: Pipeline, asked: Mapping[str, Any]) -> str:
    """Where the files are: what the run was asked for, else the source's setting, else what the source declares."""
    from settings import get_settings
    from sources.files import file_source

    setting = get_settings().of_source(pipeline.source, "location")
    return str(asked["location"] or setting or file_source(pipeline.source).location)


def is_from(pipeline: Pipeline, location: str, run_id: RunId) -> bool:
    """Whether what is landed of an unfinished run came from a location: files of two are never one observation."""
    from aws_services.errors import NotFound
    from lake.manifests import RawManifest
    from sources.files.errors import shown

    for entity in pipeline.entities:
        try:
            manifest = RawManifest.read(steps.lake(), pipeline.source, entity, run_id)
        except NotFound:
            continue
        if manifest.extra["location"] != shown(location):
            return False
    return True


def land_settled(pipeline: Pipeline, run: steps.Run, entity: str, context: Mapping[str, Any]) -> dict[str, Any]:
    """Land one entity's files once nobody writes to them any more; what is raised besides, see `land`.

    Raises:
        AirflowRescheduleException: a file may still be being written; the task comes back.
    """
    from sources.files import Unsettled

    try:
        return land(pipeline, run, entity, context["params"])
    except Unsettled as unsettled:
        retries.look_again(unsettled, context)


def land(pipeline: Pipeline, run: steps.Run, entity: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Land one entity's files unless they are as they were landed last; a finished extract is left alone.

    Raises:
        sources.files.Unsettled: a file may still be being written.
        lake.run_lock.LockLost: another run has taken over.
        sources.files.FilesError: the files cannot be landed; see `sources.files.errors`.
    """
    from aws_services.s3 import S3, S3Files
    from lake.landing import RawLanding
    from lake.layout import RunId
    from lake.manifests import RawManifest
    from lake.observations import Observations
    from sources.files import Extracted, file_source
    from sources.files.errors import shown

    steps.check_lock(run)
    lake, run_id, folder = steps.lake(), RunId.parse(run["run_id"]), location(pipeline, asked)
    landing = RawLanding(lake, pipeline.source, run_id, [entity])
    if landing.finished:
        return {"finished": "before"}
    newest = Observations(lake, pipeline.source, pipeline.entities, pipeline.name).newest_before(run_id)
    earlier = RawManifest.read(lake, pipeline.source, entity, newest) if newest else None
    [files] = file_source(pipeline.source).extract(
        landing,
        folder,
        entities=[entity],
        bucket=S3Files(S3()),
        limits=_limits(pipeline.source),
        earlier={entity: Extracted.from_dict(earlier.extra)} if earlier else {},
        full=asked["full"],
        accept_drop=asked["accept_drop"],
    )
    steps.check_lock(run)  # it may have taken an hour
    unchanged = {entity: earlier} if earlier and files.is_unchanged else {}
    manifest = landing.finish({"location": shown(folder), **files.as_dict()}, unchanged=unchanged)[entity]
    return {"records": manifest.records, "same_as": manifest.same_as}


def _limits(source: str) -> Limits:
    """The limits of a source's files: its settings, else those of all sources."""
    from settings import get_settings
    from sources.files import Limits

    names = {"bytes": "max_file_bytes", "settle_s": "settle_seconds"}
    given = {limit: get_settings().of_source(source, name) for limit, name in names.items()}
    return Limits(**{limit: value for limit, value in given.items() if value is not None})
