"""Rows of a result in the Data API's form: typed cells and column metadata.

Source: https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_Field.html. In the real API, numerics, dates
and timestamps are strings.
"""

from __future__ import annotations

import base64
from typing import Any

from ..execution import ResultColumn

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


_SIZES = {
    "int2": (2, 5, 0), "int4": (4, 10, 0), "int8": (8, 19, 0), "float4": (4, 8, 8), "float8": (8, 17, 17),
    "bool": (1, 1, 0), "date": (4, 13, 0), "time": (8, 15, 6), "timetz": (12, 21, 6), "timestamp": (8, 29, 6),
    "timestamptz": (8, 35, 6),
}  # fmt: skip
"""Length in bytes, precision and scale of types without a size of their own, as the API and the JDBC driver have them.

Source: the results in https://docs.aws.amazon.com/cli/latest/reference/redshift-data/get-statement-result.html, and
`getPrecision` of https://github.com/aws/amazon-redshift-jdbc-driver
"""


def _sizes(column: ResultColumn) -> tuple[int, int, int]:
    """Length, precision and scale. The precision of a text is its limit of bytes."""
    if column.type_name == "numeric":
        return 0, column.precision, column.scale
    return _SIZES.get(column.type_name, (0, column.length, 0))


def metadata(column: ResultColumn) -> dict[str, Any]:
    """The description of one column."""
    text = column.type_name in ("varchar", "bpchar", "super")
    length, precision, scale = _sizes(column)
    return {
        "name": column.name,
        "label": column.name,
        "typeName": column.type_name,
        "length": length,
        "precision": precision,
        "scale": scale,
        "nullable": 1,
        "isCaseSensitive": text,
        "isCurrency": False,
        "isSigned": column.type_name in _INTEGERS | _FLOATS or column.type_name == "numeric",
        "schemaName": "",
        "tableName": "",
    }
