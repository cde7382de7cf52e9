"""The extract of a source of pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lake.landing import RawLanding
    from runs.context import RunContext
    from runs.landing import Extract


def land_pages(context: RunContext) -> dict[str, int | str]:
    """Land every page of a run; returns the records by entity."""
    from runs.landing import land

    manifests = land(context, context.pipeline.entities, lambda landing: _extract(context, landing))
    if manifests is None:
        return {"finished": "before"}
    return {entity: manifest.records for entity, manifest in manifests.items()}


def _extract(context: RunContext, landing: RawLanding) -> Extract:
    from runs.landing import Extract
    from sources.pages import page_source

    source = context.pipeline.source
    page_source(source).extract(landing, context.settings.of_source(source, "url") or "")
    return Extract()
