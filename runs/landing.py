"""Landing the raw data of a run: once, under its lock, and finished only when all of it is landed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aws_services.errors import NotFound
from lake.landing import RawLanding
from lake.layout import RunId
from lake.manifests import RawManifest
from lake.observations import Observations
from runs.context import RunContext, TaskContext
from runs.lock import check_lock

LOCATION = "location"
"""What the manifest calls the place that files were landed from."""


@dataclass(frozen=True, slots=True)
class Extract:
    """What a source reports once everything is landed.

    Attributes:
        details: for the manifests; must be JSON.
        requests: requests made, or None when the source does not count them.
        unchanged: entities that the source has as an earlier run landed them, with that run's manifests.
    """

    details: Mapping[str, Any] = field(default_factory=dict)
    requests: int | None = None
    unchanged: Mapping[str, RawManifest] = field(default_factory=dict)


def land(
    context: RunContext, entities: Sequence[str], extract: Callable[[RawLanding], Extract]
) -> dict[str, RawManifest] | None:
    """Let a source land entities of a run; a finished extract is left alone.

    Args:
        context: of the task.
        entities: all entities that the source lands in this call.
        extract: fetches from the source and lands what it gets; it may take an hour.

    Returns:
        The manifests by entity; None when an earlier attempt finished them.

    Raises:
        lake.run_lock.LockLost: another run has taken over; nothing is finished.
    """
    check_lock(context)
    landing = RawLanding(context.lake, context.pipeline.source, context.run_id, entities)
    if landing.finished:
        return None
    report = extract(landing)
    check_lock(context)
    return landing.finish(report.details, requests=report.requests, unchanged=report.unchanged)


def earlier_manifest(context: RunContext, entity: str) -> RawManifest | None:
    """The manifest of an entity in the newest finished observation before the run's; None when there is none."""
    pipeline = context.pipeline
    observations = Observations(context.lake, pipeline.source, pipeline.entities, pipeline.name)
    earlier = observations.newest_before(context.run_id)
    return RawManifest.read(context.lake, pipeline.source, entity, earlier) if earlier else None


def is_landed_from(context: TaskContext, location: str, run_id: RunId) -> bool:
    """Whether all that an unfinished run has landed came from a location: files of two are never one observation.

    Args:
        context: of the task.
        location: as manifests have it, without secrets.
        run_id: the unfinished run.
    """
    pipeline = context.pipeline
    for entity in pipeline.entities:
        try:
            manifest = RawManifest.read(context.lake, pipeline.source, entity, run_id)
        except NotFound:
            continue
        if manifest.extra[LOCATION] != location:
            return False
    return True
