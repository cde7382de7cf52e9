"""The objects that a COPY reads: those with a prefix, or those in a manifest.

Source: https://docs.aws.amazon.com/redshift/latest/dg/loading-data-files-using-manifest.html
"""

from __future__ import annotations

import json
from typing import Any

from ..errors import LoadError, Rejection
from .copy_command import COLUMNAR, CopyCommand
from .objects import ObjectStore

_LARGEST_MANIFEST = 256 * 1024 * 1024


def sources(store: ObjectStore, command: CopyCommand) -> list[str]:
    """The URIs of the objects to load.

    Raises:
        LoadError: there are none, the manifest is not valid, or a mandatory object is missing.
    """
    uris = _manifest(store, command) if command.manifest else store.list(command.source)
    if not uris and not command.manifest:
        reason = f"The specified S3 prefix '{command.source}' does not exist"
        raise LoadError(reason, command.source, rejections=[Rejection(1212, reason, command.source)])
    return uris


def _manifest(store: ObjectStore, command: CopyCommand) -> list[str]:
    uris = []
    for entry in _entries(store, command.source):
        uri = entry["url"]
        length = (entry.get("meta") or {}).get("content_length")
        if command.format in COLUMNAR and length is None:
            raise LoadError(
                f"Manifest entry is missing meta.content_length, which is required for {command.format}", uri
            )
        try:
            size = store.size(uri)
        except LoadError:
            if entry.get("mandatory"):
                raise
            continue
        if length is not None and length != size:
            raise LoadError(f"File {uri} has {size} bytes, the manifest's meta.content_length says {length}", uri)
        uris.append(uri)
    if not uris:
        raise LoadError(f"No file of the manifest {command.source} exists", command.source)
    return uris


def _entries(store: ObjectStore, uri: str) -> list[dict[str, Any]]:
    """The entries of a manifest. Each has a URL and possibly a length in bytes."""
    problem = f"Problem reading manifest file - {uri}"
    try:
        with store.open(uri) as stream:
            entries = json.loads(stream.read(_LARGEST_MANIFEST))["entries"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise LoadError(problem, uri) from error
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise LoadError(f"{problem}: entries must be a list of objects", uri)
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry.get("url"), str):
            raise LoadError(f"Mandatory url is not present in manifest file - {uri}, entry {number}", uri)
        meta = entry.get("meta") or {}
        if not isinstance(meta, dict) or not isinstance(meta.get("content_length", 0), int):
            raise LoadError(f"{problem}: meta.content_length of entry {number} is not a number", uri)
        if not isinstance(entry.get("mandatory", False), bool):
            raise LoadError(f"{problem}: mandatory of entry {number} is not true or false", uri)
    return entries
