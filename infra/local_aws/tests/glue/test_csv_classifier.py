"""What Glue's CSV classifiers make of text: its delimiter, its heading, its columns and their types."""

from typing import Any

import pytest

from infra.local_aws.glue.column_types import settled
from infra.local_aws.glue.csv_classifier import (
    BUILT_IN,
    SAMPLE_BYTES,
    SAMPLE_ROWS,
    CsvClassifier,
    Recognised,
    recognise,
)

VENUES = b"1|Toyota Park|Bridgeview|IL|0\n2|Columbus Crew Stadium|Columbus|OH|0\n3|RFK Stadium|Washington|DC|\\N\n"
HEADER = ("venueid", "venuename", "venuecity", "venuestate", "venueseats")


def columns(recognised: Recognised | None) -> dict[str, str]:
    assert recognised is not None
    return {name: str(settled(kind)) for name, kind in recognised.columns.items()}


@pytest.mark.parametrize("delimiter", [",", "|", "\t", ";", "\x01"])
def test_the_built_in_classifier_finds_the_delimiter_and_names_columns_by_number(delimiter: str) -> None:
    text = "1,9.50,x y,TRUE\n2,10,z,false\n".replace(",", delimiter)
    recognised = recognise(text.encode(), [BUILT_IN])
    assert columns(recognised) == {"col0": "bigint", "col1": "double", "col2": "string", "col3": "boolean"}
    assert recognised is not None
    assert (recognised.layout.delimiter, recognised.layout.has_heading) == (delimiter, False)
    assert recognised.layout.serde == "LazySimpleSerDe"


def test_a_delimiter_within_values_is_not_taken_for_the_one_between_them() -> None:
    text = b"1|Mamma Mia!, the musical|x\n2|Hello, Dolly|y\n3|Salome|z\n4|A, B, and C|z\n"
    assert list(columns(recognise(text, [BUILT_IN]))) == ["col0", "col1", "col2"]


def test_of_two_delimiters_the_one_of_more_rows_is_taken_then_the_one_of_more_columns() -> None:
    assert len(columns(recognise(b"1,a|b|c\n2,d|e|f\n3,g|h|i\n4,j\n", [BUILT_IN]))) == 2
    assert len(columns(recognise(b"1|2|a,b\n3|4|c,d\n", [BUILT_IN]))) == 3


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1", "-2", "+3"], "bigint"),
        (["9223372036854775807", "1"], "bigint"),
        (["9223372036854775808", "1"], "double"),
        (["1", "2.50"], "double"),
        (["1e3", ".5", "1."], "double"),
        (["TRUE", "false"], "boolean"),
        (["1", "true"], "string"),
        (["1", ""], "bigint"),
        (["", ""], "string"),
        (["1", "\\N"], "string"),
        (["2008-01-01", "2008-01-02"], "string"),
        (["2008-01-01 20:00:00", "2008-01-02 20:00:00"], "string"),
        (["NaN", "1.5"], "string"),
        (["१", "२"], "string"),
        ([" 1", "2"], "string"),
    ],
)
def test_types_are_those_of_all_values(values: list[str], kind: str) -> None:
    text = "".join(f"a|{value}|b\n" for value in values)
    recognised = recognise(text.encode(), [CsvClassifier("c", heading="ABSENT")])
    assert columns(recognised)["col1"] == kind


def test_values_are_trimmed_only_when_told_to() -> None:
    assert columns(recognise(b"a| 1\nb|2 \n", [CsvClassifier("c", trims_values=True)]))["col1"] == "bigint"


@pytest.mark.parametrize(
    ("first", "named"),
    [
        ("id|name|price", ["id", "name", "price"]),
        ("id|name|" + "x" * 200, ["id", "name", "x" * 200]),
        ("1|name|price", None),
        ("id|true|price", None),
        ("id||price", None),
        ("id|" + "x" * 150 + "|price", None),
        ("id|na\x07me|price", None),
    ],
)
def test_what_a_heading_is(first: str, named: list[str] | None) -> None:
    recognised = recognise(f"{first}\n1|x|2.5\n2|y|3\n".encode(), [BUILT_IN])
    assert recognised is not None
    assert recognised.layout.has_heading == (named is not None)
    assert list(recognised.columns) == (named or ["col0", "col1", "col2"])


def test_text_above_nothing_but_text_is_no_heading() -> None:
    recognised = recognise(b"id|name\na|x\nb|y\n", [BUILT_IN])
    assert columns(recognised) == {"col0": "string", "col1": "string"}


def test_lines_may_end_in_a_delimiter() -> None:
    recognised = recognise(b"id|name|\n1|x|\n2|y|\n", [BUILT_IN])
    assert columns(recognised) == {"id": "bigint", "name": "string", "col2": "string"}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\n\n", id="empty lines"),
        pytest.param(b"1|one\n", id="one row"),
        pytest.param(b"id|name\n1|one\n", id="a heading and one row"),
        pytest.param(b"1\n2\n3\n", id="one column"),
        pytest.param(b"1|2\n1|2|3\n1|2|3|4\n1\n", id="rows of all lengths"),
        pytest.param(b'{"a": 1, "b": 2}\n{"a": 3, "b": 4}\n', id="JSON lines"),
        pytest.param(b"<a>1,2</a>\n<a>1,2</a>\n", id="XML"),
        pytest.param(b"PAR1\0\0,\n\0,\n", id="binary"),
        pytest.param("1|2\n3|4\n".encode("utf-16"), id="UTF-16"),
        pytest.param(b"x" * SAMPLE_BYTES, id="no line end in the whole sample"),
    ],
)
def test_what_the_built_in_classifier_does_not_take(text: bytes) -> None:
    assert recognise(text, [BUILT_IN]) is None


def test_a_custom_classifier_names_the_columns_and_wins_over_the_built_in_one() -> None:
    custom = CsvClassifier("venues", "|", heading="ABSENT", header=HEADER)
    recognised = recognise(VENUES, [custom, BUILT_IN])
    assert columns(recognised) == dict(zip(HEADER, ["bigint", "string", "string", "string", "string"], strict=True))
    assert recognised is not None
    assert not recognised.layout.has_heading


@pytest.mark.parametrize(
    "settings",
    [
        {"delimiter": ",", "header": HEADER},
        {"delimiter": "|", "header": HEADER[:4]},
        {"delimiter": "|", "header": (*HEADER, "more")},
        {"delimiter": "\t"},
    ],
)
def test_where_a_custom_classifier_does_not_fit_the_next_one_is_asked(settings: dict[str, Any]) -> None:
    other = CsvClassifier("other", "|", heading="ABSENT", header=("a", "b", "c", "d", "e"))
    for fallback, first in ((other, "a"), (BUILT_IN, "col0")):
        assert next(iter(columns(recognise(VENUES, [CsvClassifier("c", **settings), fallback])))) == first


def test_a_few_broken_lines_hide_neither_columns_nor_types() -> None:
    custom = CsvClassifier("venues", "|", heading="ABSENT", header=HEADER[:3])
    good, broken = b"1|Salome|Graz\n" * 8, b'x|y\n"unclosed|1|2|3|4\n'
    assert columns(recognise(broken + good, [custom])) == {
        "venueid": "bigint",
        "venuename": "string",
        "venuecity": "string",
    }
    assert recognise(broken * 2 + good, [custom]) is None


def test_a_heading_is_there_or_not_as_the_classifier_says() -> None:
    text = b"id|ID\n1|2\n3|4\n"
    present = recognise(text, [CsvClassifier("c", "|", heading="PRESENT")])
    assert columns(present) == {"id": "bigint", "ID_1": "bigint"}
    renamed = recognise(text, [CsvClassifier("c", "|", heading="PRESENT", header=("a", "b"))])
    assert columns(renamed) == {"a": "bigint", "b": "bigint"}
    absent = recognise(text, [CsvClassifier("c", "|", heading="ABSENT")])
    assert columns(absent) == {"col0": "string", "col1": "string"}


def test_one_column_is_enough_only_when_allowed() -> None:
    assert recognise(b"1\n2\n", [CsvClassifier("c", ",")]) is None
    assert columns(recognise(b"1\n2\n", [CsvClassifier("c", ",", allows_single_column=True)])) == {"col0": "bigint"}


@pytest.mark.parametrize(
    ("text", "fixed", "serde"),
    [
        (b"1,'a, b'\n2,'c'\n", None, "OpenCSVSerDe"),
        (b"1,rock'n'roll\n2,c\n", None, "LazySimpleSerDe"),
        (b"1,'a, b'\n2,'c'\n", "LazySimpleSerDe", "LazySimpleSerDe"),
        (b"1,a\n2,c\n", "OpenCSVSerDe", "OpenCSVSerDe"),
    ],
)
def test_quoted_values_choose_the_library_that_knows_quotes(text: bytes, fixed: Any, serde: str) -> None:
    recognised = recognise(text, [CsvClassifier("c", ",", quote="'", serde=fixed)])
    assert columns(recognised) == {"col0": "bigint", "col1": "string"}
    assert recognised is not None
    assert recognised.layout.serde == serde


def test_only_the_beginning_counts_and_a_line_cut_in_two_does_not() -> None:
    rows = b"1|2\n" * SAMPLE_ROWS + b"x|y\n"
    assert columns(recognise(rows, [BUILT_IN])) == {"col0": "bigint", "col1": "bigint"}
    long_row = b"|".join([b"x" * 100_000] * 4) + b"\n"
    sample = (long_row * 3)[:SAMPLE_BYTES]
    assert len(columns(recognise(sample, [BUILT_IN]))) == 4


def test_a_byte_order_mark_and_other_line_ends_are_no_part_of_the_values() -> None:
    for end in ("\r\n", "\r", "\n"):
        text = f"\ufeff1|2{end}3|4{end}{end}"
        assert columns(recognise(text.encode(), [BUILT_IN])) == {"col0": "bigint", "col1": "bigint"}
