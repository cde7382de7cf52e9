"""Rows of a result in the Data API's form: typed cells and column metadata.

Source: https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_Field.html. In the real API, numerics, dates
and timestamps are strings.
"""

from __future__ import annotations

import base64
from typing import Any

from .execution import ResultColumn

_INTEGERS = frozenset({"int2", "int4", "int8"})
_FLOATS = frozenset({"float4", "float8"})


def cell(value: str | None, type_name: str) -> dict[str, Any]:
    """One field of a record."""
    if value is None:
        return {"isNull": True}
    if type_name == "bool":
        return {"booleanValue": value == "t"}
    if type_name in _INTEGERS:
        return {"longValue": int(value)}
    if type_name in _FLOATS:
        number = float(value)
        finite = number == number and abs(number) != float("inf")  # JSON has no NaN or infinity
        return {"doubleValue": number} if finite else {"stringValue": value}
    if type_name == "varbyte":
        return {"blobValue": base64.b64encode(bytes.fromhex(value[2:])).decode()}
    return {"stringValue": value}


def metadata(column: ResultColumn) -> dict[str, Any]:
    """The description of one column."""
    text = column.type_name in ("varchar", "bpchar", "super")
    return {
        "name": column.name,
        "label": column.name,
        "typeName": column.type_name,
        "length": column.length,
        "precision": column.precision,
        "scale": column.scale,
        "nullable": 1,
        "isCaseSensitive": text,
        "isCurrency": False,
        "isSigned": column.type_name in _INTEGERS | _FLOATS or column.type_name == "numeric",
        "schemaName": "",
        "tableName": "",
    }
