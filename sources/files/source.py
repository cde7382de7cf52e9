"""A source whose data is files: what each entity's file is called, and where the files are."""

from __future__ import annotations

import importlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from schemas.raw_object import Landing
from schemas.source import Source
from sources.files.extract import EntityFiles, Extracted, extract
from sources.files.limits import Limits
from sources.files.stores import Store


@dataclass(frozen=True, slots=True)
class FileSource:
    """A source of files.

    Attributes:
        contract: the source's contracts, which say how each entity's records are written down.
        names: name of each entity's file at the location, or a pattern; see `EntityFiles`.
        location: the folder that the files are in, unless a setting or a run names another.
    """

    contract: Source
    names: Mapping[str, str]
    location: str

    def extract(
        self,
        landing: Landing,
        location: str,
        *,
        entities: Collection[str] = (),
        bucket: Store | None = None,
        limits: Limits | None = None,
        landed_before: Mapping[str, str] | None = None,
    ) -> list[Extracted]:
        """Land the files that changed; the other arguments, and what is raised, are those of `sources.files.extract`.

        Args:
            landing: where to.
            location: a folder: a path, `file://`, `https://` or `s3://`.
            entities: which of them; all when empty.
            bucket: opens `s3://` URIs.
            limits: how much a file may ask of the machine.
            landed_before: digest of the files that were landed last, by entity.
        """
        wanted = [
            EntityFiles(entity, self.names[entity], self.contract.format(entity)) for entity in entities or self.names
        ]
        return extract(landing, wanted, location, bucket=bucket, limits=limits, landed_before=landed_before)


def file_source(name: str) -> FileSource:
    """The file source of that name: what the module `sources.<name>` calls `SOURCE`.

    Raises:
        TypeError: the module has no such declaration.
    """
    found = getattr(importlib.import_module(f"sources.{name}"), "SOURCE", None)
    if not isinstance(found, FileSource):
        raise TypeError(f"sources/{name} declares no SOURCE = FileSource(…): it is no source of files")
    return found
