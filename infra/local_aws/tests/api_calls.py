"""Arguments for any operation of AWS, made from botocore's model of its service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import botocore.session
from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

_DEPTH = 6
_NOBODY = "123456789012"
_TEXTS = {
    "arn": f"arn:aws:iam::{_NOBODY}:role/none",
    "policydocument": '{"Version": "2012-10-17", "Statement": []}',
    "policy": '{"Version": "2012-10-17", "Statement": []}',
    "bucket": "no-such-bucket",
    "key": "no-such-key",
    "url": f"http://127.0.0.1/{_NOBODY}/none",
    "sql": "select 1",
}
"""Values for texts that must have a format, by the end of the member's name. The first match is used."""


class Arguments:
    """The fewest and shortest arguments that botocore accepts; they name nothing that exists.

    A subclass adds members and knows values that mean something.
    """

    def of(self, operation: OperationModel) -> dict[str, Any]:
        """Arguments of an operation."""
        return self._structure(operation.input_shape, 0) if operation.input_shape else {}

    def members(self, shape: StructureShape, depth: int) -> list[str]:
        """The members of a structure that get a value; the arguments themselves are at depth 0."""
        return list(shape.required_members)

    def known(self, member: str, shape: Shape) -> Any:
        """The fixed value of a member, which takes precedence over its shape; or None."""
        return None

    def text(self, member: str, shape: Shape) -> str:
        """A text that is not one of an enumeration."""
        text = next((text for ending, text in _TEXTS.items() if member.lower().endswith(ending)), "none")
        return text.ljust(int(shape.metadata.get("min", 1)), "0")[: shape.metadata.get("max")]

    def _structure(self, shape: StructureShape, depth: int) -> dict[str, Any]:
        is_deep = depth >= _DEPTH  # models refer to themselves, but never by a required member alone
        names = list(shape.required_members) if is_deep else self.members(shape, depth)
        if shape.metadata.get("union") or getattr(shape, "is_tagged_union", False):
            names = (names or list(shape.members))[:1]
        return {name: self._value(name, shape.members[name], depth + 1) for name in names}

    def _value(self, member: str, shape: Shape, depth: int) -> Any:
        known = self.known(member, shape)
        if known is not None:
            return known
        if isinstance(shape, StructureShape):
            return self._structure(shape, depth)
        is_deep = depth >= _DEPTH
        if isinstance(shape, ListShape):
            return [] if is_deep else [self._value(member, shape.member, depth + 1)]
        if isinstance(shape, MapShape):
            return {} if is_deep else {"key": self._value(member, shape.value, depth + 1)}
        return self._scalar(member, shape)

    def _scalar(self, member: str, shape: Shape) -> Any:
        if shape.type_name == "string":
            values: list[str] = getattr(shape, "enum", [])
            return values[0] if values else self.text(member, shape)
        least = max(1, int(shape.metadata.get("min", 1)))
        scalars: dict[str, Any] = {
            "boolean": True,
            "blob": b"x" * least,
            "timestamp": datetime(2026, 11, 30, tzinfo=UTC),
            "float": float(least),
            "double": float(least),
        }
        return scalars.get(shape.type_name, least)


def operation_names(service: str) -> tuple[str, ...]:
    """The names of a service's operations, as botocore's model has them."""
    return tuple(botocore.session.get_session().get_service_model(service).operation_names)


def calls(client: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each operation of a client, and the fewest arguments for it."""
    model, arguments = client.meta.service_model, Arguments()
    for name in model.operation_names:
        yield name, arguments.of(model.operation_model(name))
