"""Column types: from Arrow, from JSON, and of many files together."""

import pyarrow as pa
import pytest

from infra.local_aws.glue.column_types import GlueType, TypeConflict, merge, of_arrow, of_json, settled


@pytest.mark.parametrize(
    ("arrow", "glue"),
    [
        (pa.int32(), "int"),
        (pa.int64(), "bigint"),
        (pa.large_string(), "string"),
        (pa.timestamp("us", tz="UTC"), "timestamp"),
        (pa.date32(), "date"),
        (pa.decimal128(12, 2), "decimal(12,2)"),
        (pa.binary(), "binary"),
        (pa.dictionary(pa.int32(), pa.string()), "string"),
        (pa.list_(pa.struct([("a", pa.bool_())])), "array<struct<a:boolean>>"),
        (pa.map_(pa.string(), pa.float64()), "map<string,double>"),
    ],
)
def test_parquet_types(arrow: pa.DataType, glue: str) -> None:
    assert str(of_arrow(arrow)) == glue


def test_a_type_without_a_counterpart_is_refused() -> None:
    with pytest.raises(TypeConflict, match="no type for duration"):
        of_arrow(pa.duration("s"))


@pytest.mark.parametrize(
    ("values", "glue"),
    [
        ([1, 2**40], "bigint"),
        ([1, 2.5], "double"),
        ([None, True], "boolean"),
        ([None, None], "string"),
        ([[], [1]], "array<int>"),
        ([[], None], "array<string>"),
        ([{}, {"a": None}], "struct<a:string>"),
        ([{"a": 1}, {"b": {"c": "x"}}, {"a": 1.5}], "struct<a:double,b:struct<c:string>>"),
        ([1, "x"], "string"),
        ([{"a": 1}, [1]], "string"),
    ],
)
def test_json_values_make_one_type(values: list[object], glue: str) -> None:
    kind = of_json(values[0])
    for value in values[1:]:
        kind = merge(kind, of_json(value), strict=False)
    assert str(settled(kind)) == glue


def test_parquet_numbers_widen_but_nothing_is_guessed() -> None:
    assert merge(GlueType("int"), GlueType("bigint"), strict=True).name == "bigint"
    assert merge(GlueType("double"), GlueType("float"), strict=True).name == "double"
    for other in ("string", "double", "date"):
        with pytest.raises(TypeConflict):
            merge(GlueType("int"), GlueType(other), strict=True)
