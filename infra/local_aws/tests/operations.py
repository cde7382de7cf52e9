"""Calls every operation of a service: minimal parameters, made from botocore's model of the service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import botocore.session
from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

ACCOUNT = "123456789012"
_DEPTH = 6
_TEXTS = {
    "arn": f"arn:aws:iam::{ACCOUNT}:role/none",
    "policydocument": '{"Version": "2012-10-17", "Statement": []}',
    "policy": '{"Version": "2012-10-17", "Statement": []}',
    "bucket": "no-such-bucket",
    "key": "no-such-key",
    "url": f"http://127.0.0.1/{ACCOUNT}/none",
    "sql": "select 1",
}
"""What a text must look like, by a part of its member's name: the first that fits."""


def operations(service: str) -> tuple[str, ...]:
    """The names of a service's operations, as botocore's model has them."""
    return tuple(botocore.session.get_session().get_service_model(service).operation_names)


def minimal(operation: OperationModel) -> dict[str, Any]:
    """Parameters that botocore accepts: required ones only, with the shortest values."""
    return _structure(operation.input_shape, _DEPTH) if operation.input_shape else {}


def _structure(shape: StructureShape, depth: int) -> dict[str, Any]:
    names = list(shape.required_members)
    if getattr(shape, "is_tagged_union", False) and not names:
        names = [next(iter(shape.members))]
    return {name: _value(name, shape.members[name], depth - 1) for name in names}


def _value(name: str, shape: Shape, depth: int) -> Any:
    if isinstance(shape, StructureShape):
        return _structure(shape, depth) if depth > 0 else {}
    if isinstance(shape, ListShape):
        return [_value(name, shape.member, depth - 1)] if depth > 0 else []
    if isinstance(shape, MapShape):
        return {"none": _value(name, shape.value, depth - 1)} if depth > 0 else {}
    return _scalar(name, shape)


def _scalar(name: str, shape: Shape) -> Any:
    kind, least = shape.type_name, shape.metadata.get("min", 1)
    if kind == "string":
        return shape.enum[0] if shape.enum else _text(name, int(least), shape.metadata.get("max"))
    return {
        "boolean": True,
        "blob": b"x" * max(1, int(least)),
        "timestamp": "2026-01-01T00:00:00Z",
    }.get(kind, max(1, int(least)))


def _text(name: str, least: int, most: int | None) -> str:
    found = next((text for part, text in _TEXTS.items() if name.lower().endswith(part)), "none")
    return found.ljust(least, "0")[:most]


def calls(client: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each operation of a client, and parameters for it."""
    model = client.meta.service_model
    for name in model.operation_names:
        yield name, minimal(model.operation_model(name))
