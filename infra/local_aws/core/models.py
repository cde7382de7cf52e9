"""Reduces the memory that moto needs for botocore's model of each service that was called.

A model describes how to read calls and write responses. Much of it is documentation for people, and thousands of equal
names. moto also keeps a botocore session, which loads every model again, for one word of each.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from botocore.exceptions import UnknownServiceError
from botocore.loaders import JSONFileLoader
from moto.core.base_backend import AccountSpecificBackend
from moto.core.loaders import Loader, create_loader
from moto.core.utils import get_service_model


class _JsonFiles(JSONFileLoader):
    """Reads botocore's files.

    Args:
        spare: called with each object as soon as it is read; returns the part of it to keep.
    """

    def __init__(self, spare: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        self._spare = spare

    def _load_file(self, full_path: str, open_method: Callable[..., BinaryIO]) -> Any:
        if not Path(full_path).is_file():
            return None
        with open_method(full_path, "rb") as file:
            return json.loads(file.read(), object_hook=self._spare)


def _without_documentation(part: dict[str, Any]) -> dict[str, Any]:
    """Drops documentation, and interns names so that each exists once."""
    if isinstance(part.get("documentation"), str):  # otherwise it is a field of that name
        del part["documentation"]
    for key, value in part.items():
        if isinstance(value, str):
            part[key] = sys.intern(value)
    return part


def sparing(original: Callable[[], Loader]) -> Callable[[], Loader]:
    """`moto.core.utils.create_loader` that loads smaller models."""

    def create() -> Loader:
        loader = original()
        loader.file_loader = _JsonFiles(_without_documentation)
        return loader

    return create


def sharing(_original: Callable[..., list[str]]) -> Callable[[AccountSpecificBackend[Any], str], list[str]]:
    """`AccountSpecificBackend._generate_regions`: the regions of a service, from the model that is loaded anyway."""

    def _generate_regions(_self: AccountSpecificBackend[Any], service_name: str) -> list[str]:
        try:
            endpoint = get_service_model(service_name).metadata.get("endpointPrefix", service_name)
        except UnknownServiceError:  # moto has services that botocore knows by another name
            return []
        return [*_regions_by_endpoint().get(endpoint, ())]

    return _generate_regions


@cache
def _regions_by_endpoint() -> dict[str, tuple[str, ...]]:
    """The regions of each service in all partitions, by the first part of its host name."""
    loader = create_loader()
    loader.file_loader = _JsonFiles(_names_of_endpoints)
    regions_by_endpoint: dict[str, tuple[str, ...]] = {}
    for partition in loader.load_data("endpoints")["partitions"]:
        for endpoint, service in partition["services"].items():
            regions = (name for name in service.get("endpoints", ()) if name in partition["regions"])
            regions_by_endpoint[endpoint] = (*regions_by_endpoint.get(endpoint, ()), *regions)
    return regions_by_endpoint


def _names_of_endpoints(part: dict[str, Any]) -> dict[str, Any]:
    """Drops everything but an endpoint's name, while the file is being read."""
    if "endpoints" in part:
        part["endpoints"] = tuple(map(sys.intern, part["endpoints"]))
    return part
