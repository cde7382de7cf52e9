"""TICKIT, Amazon's public sample of a ticket resale: seven files at one location."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from schemas.raw_object import Landing
from schemas.tickit import SOURCE
from sources import files
from sources.files import EntityFiles, Extracted, Limits, Store

PUBLISHED_AT = "s3://redshift-downloads/tickit/"
"""Where Amazon publishes the files, in us-east-1."""

FILES: Mapping[str, str] = {
    "users": "allusers_pipe.txt",
    "venues": "venue_pipe.txt",
    "categories": "category_pipe.txt",
    "dates": "date2008_pipe.txt",
    "events": "allevents_pipe.txt",
    "listings": "listings_pipe.txt",
    "sales": "sales_tab.txt",
}
"""The published names, by entity."""


def extract(
    landing: Landing,
    location: str,
    *,
    entities: Collection[str] = FILES.keys(),
    bucket: Store | None = None,
    limits: Limits | None = None,
    landed_before: Mapping[str, str] | None = None,
) -> list[Extracted]:
    """Land the files that changed; the arguments, and what is raised, are those of `sources.files.extract`.

    Args:
        landing: where to.
        location: a folder: a path, `file://`, `https://` or `s3://`.
        entities: which of them.
        bucket: opens `s3://` URIs.
        limits: how much a file may ask of the machine.
        landed_before: digest of the files that were landed last, by entity.
    """
    wanted = [EntityFiles(entity, FILES[entity], SOURCE.format(entity)) for entity in entities]
    return files.extract(landing, wanted, location, bucket=bucket, limits=limits, landed_before=landed_before)


__all__ = ["FILES", "PUBLISHED_AT", "extract"]
