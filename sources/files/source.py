"""A source whose data is files: what each entity's file is called, and where the files are."""

from __future__ import annotations

import importlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from schemas.source import Source
from sources.files.extract import EntityFiles, Extracted, extract
from sources.files.limits import Limits
from sources.files.stores import Store
from sources.landing import Landing


@dataclass(frozen=True, slots=True)
class FileSource:
    """A source of files.

    Attributes:
        contract: the source's contracts, which say how each entity's records are written down.
        names: name of each entity's file at the location, or a pattern; see `EntityFiles`.
        location: the folder that the files are in, unless a setting or a run names another.
        least_share: of the bytes that a file had the last time, the least that it may have now; see `EntityFiles`.
    """

    contract: Source
    names: Mapping[str, str]
    location: str
    least_share: float = 0.75

    def extract(
        self,
        landing: Landing,
        location: str,
        *,
        entities: Collection[str] = (),
        bucket: Store | None = None,
        limits: Limits | None = None,
        earlier: Mapping[str, Extracted] | None = None,
        full: bool = False,
        accept_drop: bool = False,
    ) -> list[Extracted]:
        """Land the files that changed; the other arguments, and what is raised, are those of `sources.files.extract`.

        Args:
            landing: where to.
            location: a folder: a path, `file://`, `https://` or `s3://`.
            entities: which of them; all when empty.
            bucket: opens `s3://` URIs.
            limits: how much a file may ask of the machine.
            earlier: what became of the files that were looked at last, by entity.
            full: whether to land them although they did not change.
            accept_drop: whether a file that looks incomplete is meant to be so.
        """
        wanted = [self._files(entity) for entity in entities or self.names]
        how = {"full": full, "accept_drop": accept_drop}
        return extract(landing, wanted, location, bucket=bucket, limits=limits, earlier=earlier, **how)

    def _files(self, entity: str) -> EntityFiles:
        form, record = self.contract.format(entity), self.contract.record(entity)
        return EntityFiles(entity, self.names[entity], form, record=record, least_share=self.least_share)


def file_source(name: str) -> FileSource:
    """The file source of that name: what the module `sources.<name>` calls `SOURCE`.

    Raises:
        TypeError: the module has no such declaration.
    """
    found = getattr(importlib.import_module(f"sources.{name}"), "SOURCE", None)
    if not isinstance(found, FileSource):
        raise TypeError(f"sources/{name} declares no SOURCE = FileSource(…): it is no source of files")
    return found
