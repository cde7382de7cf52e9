"""Landing raw data: every response is stored once, exactly as received, before it is processed.

Each response becomes one gzip object, which never replaces another. The manifests are written last. An extract that was
interrupted lists the objects that it landed, with one listing per entity, and doesn't request them again.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from isal import igzip
from isal.igzip_lib import IsalError

from aws_services.errors import PreconditionFailed
from aws_services.s3 import S3Object
from lake import layout
from lake.layout import RunId
from lake.manifests import RawManifest
from lake.raw_objects import RawObject
from lake.store import Lake
from schemas.slices import SliceCounts

log = logging.getLogger(__name__)

_MANIFEST = "_manifest.json"
_REQUEST_BYTES = 1400  # S3 keeps 2 kB of user metadata on an object
_GZIP_LEVEL = 2  # of ISA-L: takes a fifth of the time of zlib's level 3 and a few per cent more bytes


class RawDataChanged(Exception):
    """A raw object is not what was landed, or different bytes have the same name: raw data is immutable."""


class RawIsFinished(Exception):
    """An object was landed in a run whose manifests are already written."""


class RawLanding:
    """Lands the raw data of one run; implements `sources.landing.Landing`. Safe to use from several threads.

    Args:
        lake: the lake.
        source: the source's name.
        run: the run, with its observation.
        entities: all entities that the run lands; each gets a manifest, even without objects.
        now: the time, UTC; replaced by tests.
    """

    def __init__(
        self,
        lake: Lake,
        source: str,
        run: RunId,
        entities: Sequence[str],
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._lake = lake
        self._source = source
        self._run = run
        self._entities = tuple(entities)
        self._now = now
        self._lock = threading.Lock()
        self._slices: list[SliceCounts] = []
        self._known: dict[str, RawObject] = {}
        self._listed: dict[str, S3Object] = {}
        self._with_manifest: set[str] = set()
        for entity in self._entities:
            self._list_landed(entity)
        self._started_at = min((listed.modified for listed in self._listed.values()), default=now())

    @property
    def finished(self) -> bool:
        """Whether all manifests are written: the run's raw data is complete."""
        return self._with_manifest == set(self._entities)

    @property
    def landed(self) -> int:
        """The number of objects landed so far, including those of earlier attempts."""
        return len(self._listed.keys() | self._known.keys())

    def read(self, name: str) -> bytes | None:
        """The bytes landed earlier in this run under a name, or None, which costs no request.

        Raises:
            RawDataChanged: the stored bytes differ from those that were landed.
        """
        with self._lock:
            if name not in self._listed and name not in self._known:
                return None
        return self._fetch(name)

    def land(self, name: str, body: bytes, *, records: int | None, request: Mapping[str, Any]) -> None:
        """Store the bytes of one response. Landing the same bytes under the same name again is not an error.

        Args:
            name: `<entity>/<path>` in the safe characters of the layout.
            body: the bytes as the source sent them.
            records: its number of records, or None if it could not be parsed.
            request: the request, without secrets; long values are shortened.

        Raises:
            RawDataChanged: different bytes were landed under this name.
            RawIsFinished: the run's manifests are already written.
            ValueError: the name isn't a valid path, or its entity isn't one of `entities`.
        """
        raw = RawObject(name, hashlib.sha256(body).hexdigest(), len(body), records, _fit(request))
        if raw.entity not in self._entities:
            raise ValueError(
                f"{name!r} belongs to entity {raw.entity!r}, but this run lands only {', '.join(self._entities)}"
            )
        if self.finished:
            raise RawIsFinished(
                f"run {self._run} of {self._source} is finished and immutable; start a new observation with refetch"
            )
        key = layout.raw_key(self._source, self._run, name)
        packed = igzip.compress(body, _GZIP_LEVEL, mtime=0)
        try:
            self._lake.put_if_absent(key, packed, content_type="application/gzip", metadata=_metadata(raw))
        except PreconditionFailed:
            raw = self._same_as_landed(raw)
        with self._lock:
            self._known[name] = raw

    def keep_only(self, entity: str, names: Collection[str]) -> None:
        """List only these names of an entity in the manifest, without what an interrupted attempt landed.

        For sources that don't keep their past, such as a file that has been replaced since. The other objects stay in
        the lake, but only objects that the manifest lists are raw data of the run.
        """
        with self._lock:
            for landed in (self._listed, self._known):
                for name in [name for name in landed if name.split("/", 1)[0] == entity and name not in names]:
                    del landed[name]

    def record_slice(self, counts: SliceCounts) -> None:
        """Add the counts of a slice to the manifest of its entity."""
        if counts.entity not in self._entities:
            raise ValueError(f"slice {counts.name!r} belongs to an unknown entity, {counts.entity!r}")
        with self._lock:
            self._slices.append(counts)

    def finish(
        self,
        extra: Mapping[str, Any] | None = None,
        *,
        requests: int | None = None,
        unchanged: Mapping[str, RawManifest] | None = None,
    ) -> dict[str, RawManifest]:
        """Write the manifest of every entity: the run's raw data is complete and immutable from now on.

        If the run is finished already, even by another process meanwhile, its manifests stay as they are.

        Args:
            extra: further information from the source; must be JSON.
            requests: the number of requests that the extract made.
            unchanged: manifests of an earlier run, by entity, for entities that haven't changed in the source since:
                the objects of that run are also this run's raw data.

        Returns:
            The manifests by entity.
        """
        self._with_manifest = {entity for entity in self._entities if self._has_manifest(entity)}
        if self.finished:
            return {entity: RawManifest.read(self._lake, self._source, entity, self._run) for entity in self._entities}
        for name in sorted(self._listed.keys() - self._known.keys()):
            self._recall(name)
        finished_at = self._now()
        manifests = {entity: self._manifest(entity, finished_at, requests, extra or {}) for entity in self._entities}
        for entity, earlier in (unchanged or {}).items():
            manifests[entity] = replace(
                manifests[entity],
                objects=earlier.objects,
                slices=earlier.slices,
                same_as=str(earlier.landed_by),
            )
        for entity, manifest in manifests.items():
            manifest.write(self._lake)
            self._with_manifest.add(entity)
            log.info(
                "%s/%s of %s: %d objects, %d records, residual %s",
                *(self._source, entity, self._run, len(manifest.objects), manifest.records),
                "unknown" if manifest.residual is None else manifest.residual,
            )
        return manifests

    def _list_landed(self, entity: str) -> None:
        prefix = layout.raw_prefix(self._source, entity, self._run)
        for listed in self._lake.list(prefix):
            rest = listed.key.removeprefix(prefix)
            if rest == _MANIFEST:
                self._with_manifest.add(entity)
            else:
                self._listed[f"{entity}/{rest}"] = listed

    def _has_manifest(self, entity: str) -> bool:
        return self._lake.exists(layout.raw_manifest_key(self._source, entity, self._run))

    def _fetch(self, name: str) -> bytes:
        key = layout.raw_key(self._source, self._run, name)
        packed, about = self._lake.get_with_metadata(key)
        body = unpacked(packed, self._lake.uri(key))
        raw = _recalled(name, about.metadata, body)
        verify(raw, body, self._lake.uri(key))
        with self._lock:
            self._known.setdefault(name, raw)
        return body

    def _recall(self, name: str) -> None:
        """Read the metadata of an object of an earlier attempt that this attempt did not read."""
        about = self._lake.head(layout.raw_key(self._source, self._run, name))
        if "sha256" in about.metadata:
            self._known[name] = _recalled(name, about.metadata, b"")
        else:
            self._fetch(name)

    def _same_as_landed(self, raw: RawObject) -> RawObject:
        self._fetch(raw.name)
        landed = self._known[raw.name]
        if landed.sha256 != raw.sha256:
            key = layout.raw_key(self._source, self._run, raw.name)
            raise RawDataChanged(
                f"{self._lake.uri(key)} has different content (sha256 {landed.sha256[:12]}…, {landed.size} bytes) "
                f"from the response just landed (sha256 {raw.sha256[:12]}…, {raw.size} bytes). "
                "The first was kept: raw data is immutable"
            )
        return landed

    def _manifest(
        self, entity: str, finished_at: datetime, requests: int | None, extra: Mapping[str, Any]
    ) -> RawManifest:
        objects = tuple(self._known[name] for name in sorted(self._known) if self._known[name].entity == entity)
        return RawManifest(
            source=self._source,
            entity=entity,
            run_id=str(self._run),
            started_at=self._started_at,
            finished_at=finished_at,
            objects=objects,
            slices=tuple(counts for counts in self._slices if counts.entity == entity),
            requests=requests,
            extra=extra,
        )


def unpacked(packed: bytes, uri: str) -> bytes:
    """The bytes as the source sent them. Raises RawDataChanged if the object isn't the gzip that was landed."""
    try:
        content: bytes = igzip.decompress(packed)  # type: ignore[no-untyped-call]
    except (OSError, EOFError, IsalError) as error:  # type: ignore[misc]  # its stub has an instance
        raise RawDataChanged(f"{uri} is not the gzip that was landed ({error}); refetch the day") from error
    return content


def verify(raw: RawObject, body: bytes, uri: str) -> None:
    """Raise RawDataChanged if the bytes differ from those that were landed."""
    if hashlib.sha256(body).hexdigest() != raw.sha256:
        raise RawDataChanged(
            f"{uri} changed after it was landed: its sha256 is no longer {raw.sha256}; refetch the day"
        )


def _fit(request: Mapping[str, Any]) -> dict[str, Any]:
    """The request as plain JSON, short enough for S3's user metadata; the longest values are cut first."""
    fitting: dict[str, Any] = json.loads(json.dumps(dict(request), default=str))
    while len(json.dumps(fitting)) > _REQUEST_BYTES:
        longest = max(fitting, key=lambda name: len(json.dumps(fitting[name])))
        text = str(fitting[longest])
        if len(text) <= 80:
            return {"shortened": f"{len(request)} parameters"}
        fitting[longest] = f"{text[: len(text) // 2]}… (shortened)"
    return fitting


def _metadata(raw: RawObject) -> dict[str, str]:
    return {
        "sha256": raw.sha256,
        "size": str(raw.size),
        "records": "" if raw.records is None else str(raw.records),
        "request": json.dumps(dict(raw.request), separators=(",", ":")),
    }


def _recalled(name: str, metadata: Mapping[str, str], body: bytes) -> RawObject:
    """A landed object from its user metadata, or from its bytes if it was copied without metadata."""
    return RawObject(
        name=name,
        sha256=metadata.get("sha256") or hashlib.sha256(body).hexdigest(),
        size=int(metadata.get("size") or len(body)),
        records=int(metadata["records"]) if metadata.get("records") else None,
        request=json.loads(metadata.get("request") or "{}"),
    )
