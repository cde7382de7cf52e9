"""A source of files: the name of each entity's file, and the files' location."""

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
        contract: the source's contracts, with the format of each entity's records.
        names: name of each entity's file at the location, or a pattern; see `EntityFiles`.
        location: the files' folder, unless a setting or a run names another.
        least_share: the smallest share of the bytes that a file had last time; see `EntityFiles`.
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
        """Land the files that changed. Raises the same errors as `sources.files.extract`.

        Args:
            landing: takes the parts.
            location: a folder: a path, `file://`, `https://` or `s3://`.
            entities: the entities to land; all if empty.
            bucket: opens `s3://` URIs.
            limits: how many resources the files of an entity may use.
            earlier: the result of the last extract, by entity.
            full: whether to land unchanged files too.
            accept_drop: whether to land a file that looks incomplete.
        """
        files = [self._files(entity) for entity in entities or self.names]
        flags = {"full": full, "accept_drop": accept_drop}
        return extract(landing, files, location, bucket=bucket, limits=limits, earlier=earlier, **flags)

    def _files(self, entity: str) -> EntityFiles:
        form = self.contract.format(entity)
        record = self.contract.record(entity)
        return EntityFiles(entity, self.names[entity], form, record=record, least_share=self.least_share)


def file_source(name: str) -> FileSource:
    """The file source of that name: the constant `SOURCE` of the module `sources.<name>`.

    Raises:
        TypeError: the module has no such constant.
    """
    source = getattr(importlib.import_module(f"sources.{name}"), "SOURCE", None)
    if not isinstance(source, FileSource):
        raise TypeError(f"sources/{name} declares no SOURCE = FileSource(…): it is not a source of files")
    return source
