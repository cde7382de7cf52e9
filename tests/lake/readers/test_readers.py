"""Every format: what is well written becomes records, what is not is one bad record at its line, nothing is lost."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lake.quarantine import head_bytes, record_bytes
from lake.readers import reader_of
from lake.records import Bad
from schemas.formats import Delimited, Format, Json, JsonLines, Parquet, Xml
from schemas.lines import LONGEST_LINE, MOST_LINES
from schemas.raw import ContractMode
from tests.fixtures.sales import COLUMNS, RawSale
from tests.lake.readers.reading import FILE, run, sales

PIPE = Delimited(COLUMNS, "|", quote=None, null=frozenset({"", r"\N"}))
CSV = Delimited(COLUMNS, ",", header=True)
PIPED = Delimited(COLUMNS, "|")


BOTH = [(1, 'Ann, "the" Fan', Decimal("109.20")), (2, None, None)]
XML = """<?xml version="1.0" encoding="utf-8"?>
<shop xmlns="urn:shop"><sale><id>1</id><buyer>Ann, "the" Fan</buyer><price>109.20</price></sale>
<sale><id>2</id><buyer/></sale></shop>"""


def parquet() -> bytes:
    out = io.BytesIO()
    columns = {"id": [1, 2], "buyer": [BOTH[0][1], None], "price": pa.array([BOTH[0][2], None], pa.decimal128(8, 2))}
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


def two_of_a_name() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table([pa.array([1]), pa.array([2])], ["id", "id"]), out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("form", "body"),
    [
        (PIPE, b'1|Ann, "the" Fan|109.20\n2|\\N|\n'),
        (PIPE, b'1|Ann, "the" Fan|109.20\r\n\r\n2||\\N'),
        (Delimited(COLUMNS, "\t"), b'1\t"Ann, ""the"" Fan"\t109.20\n2\t\t\n'),
        (CSV, b'id,buyer,price\n1,"Ann, ""the"" Fan",109.20\n2,,\n'),
        (CSV, b'\xef\xbb\xbfPRICE,ID,Buyer\r\n109.20,1,"Ann, ""the"" Fan"\r\n,2,\r\n'),
        (CSV, 'id,buyer,price\n1,"Ann, ""the"" Fan",109.20\n2,,\n'.encode("utf-16")),
        (
            Delimited(COLUMNS, "|", quote=None, encoding="utf-16-be"),
            '1|Ann, "the" Fan|109.20\n2||\n'.encode("utf-16-be"),
        ),
        (JsonLines(), b'\xef\xbb\xbf{"id": 1, "buyer": "Ann, \\"the\\" Fan", "price": "109.20"}\n \n{"id": 2}'),
        (Json(), b'[{"id": 1, "buyer": "Ann, \\"the\\" Fan", "price": "109.20"}, {"id": 2}]'),
        (Json(), b'{"id": 1, "buyer": "Ann, \\"the\\" Fan", "price": "109.20"}\n{"id": 2}'),
        (Xml("sale"), XML.encode()),
        (Xml("sale"), XML.replace("utf-8", "utf-16").encode("utf-16")),
        (Parquet(), parquet()),
    ],
)
def test_a_record_is_the_same_in_every_format(form: Format, body: bytes) -> None:
    result = run(form, body)
    assert sales(result) == BOTH
    assert result.report.raw_records == 2


LINES = Delimited(COLUMNS, "|", spans_lines=False, null=frozenset({"", r"\N"}))


@pytest.mark.parametrize(
    ("line", "buyer"),
    [
        ('1|"Ann, ""the"" Fan"|2', 'Ann, "the" Fan'),
        ('1|"Ann|Fan"|"2"', "Ann|Fan"),
        ('1|Ann, "the" Fan|2', 'Ann, "the" Fan'),
        ('1|"the" Fan|2', '"the" Fan'),
        ('1|"Ann" and "Bob"|2', '"Ann" and "Bob"'),
        ('1|"Ann|2', '"Ann'),
        ('1|Ann"|2', 'Ann"'),
        ('1|"|2', '"'),
        ('1|""""|2', '"'),
        ('1|""|2', None),
        ('1|"\\N"|2', None),
        ('"1"|"Ann"|"2"', "Ann"),
        ('1| "Ann"|2', ' "Ann"'),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_marks_around_a_whole_value_are_taken_off_where_lines_are_records(
    line: str, buyer: str | None, encoding: str
) -> None:
    body = f"{line}\r\n2|b|3\n".encode(encoding)
    assert sales(run(replace(LINES, encoding=encoding), body)) == [(1, buyer, Decimal(2)), (2, "b", Decimal(3))]


def test_marks_that_would_take_a_value_along_are_text() -> None:
    text = Delimited(("buyer", "venue", "id"), "|", spans_lines=False)
    records = run(text, b'"a|b"|7\n"c"|"d"|8\n')
    assert [(row["sale_id"], row["buyer"]) for row in records.rows] == [(7, '"a'), (8, "c")]


def test_a_mark_that_is_left_open_costs_no_other_line() -> None:
    result = run(LINES, b'1|"a|2\n2|"b\n3|c"|4\n4|d|5\n')
    assert [row["sale_id"] for row in result.rows] == [1, 3, 4]
    assert result.reasons == [(2, "too_few_columns at $")]


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-8", "utf-16-le"])
def test_text_is_read_in_the_declared_encoding(encoding: str) -> None:
    result = run(replace(PIPE, encoding=encoding), "1|Zoë Lück|2.50\n".encode(encoding))
    assert sales(result) == [(1, "Zoë Lück", Decimal("2.50"))]


def xml(*sales: str, top: str = "") -> bytes:
    """A document of sales, one a line; it begins on line 1."""
    return f"{top}<s>{chr(10).join(sales)}</s>".encode()


ONE, TWO = "<sale><id>1</id></sale>", "<sale><id>2</id></sale>"
ENTITY = '<!DOCTYPE s [<!ENTITY b "bb">]>'
BROKEN: list[tuple[str, Format, bytes, list[tuple[int | None, str]]]] = [
    ("too few", PIPE, b"1|a|2\n7|a\n2|b|3\n", [(2, "too_few_columns at $")]),
    ("too many", PIPE, b"1|a|2\n7|a|1|x\n2|b|3\n", [(2, "too_many_columns at $")]),
    ("NUL", PIPE, b"1|a|2\n7|a\0b|1\n2|b|3\n", [(2, "nul_character at $")]),
    ("bytes", PIPE, b"1|a|2\n7|\xff\xfe|1\n2|b|3\n", [(2, "undecodable at $")]),
    ("a value", PIPE, b"1|a|2\n7|a|1.234\n2|b|3\n", [(2, "decimal_max_places at $.price")]),
    ("no key", PIPE, b"1|a|2\n|a|1\n2|b|3\n", [(2, "null at $.id")]),
    ("after a header", CSV, b"id,buyer,price\n1,a,2\n\n7,a\n2,b,3\n", [(4, "too_few_columns at $")]),
    ("quoted lines before", CSV, b'id,buyer,price\n1,"a\nb",2\n7,a\n2,b,3\n', [(4, "too_few_columns at $")]),
    ("text after a quote", CSV, b'id,buyer,price\n1,a,2\n7,"a"x,2\n2,b,3\n', [(3, "malformed_line at $")]),
    ("a quote left open", CSV, b'id,buyer,price\n1,a,2\n2,b,3\n7,"a,2\n', [(4, "unclosed_quote at $")]),
    ("a quote opened before", CSV, b'id,buyer,price\n7,"a,2\n1,a,2\n2,b,3\n', [(2, "unclosed_quote at $")]),
    ("a quote closed by another", CSV, b'id,buyer,price\n7,"a,2\n1,"x y",2\n2,b,3\n', [(2, "unclosed_quote at $")]),
    (
        "a quote closed too late",
        PIPED,
        b'7|"a|2\n1|a|2\n2|b|3\n"7|x\n',
        [(1, "unclosed_quote at $"), (4, "unclosed_quote at $")],
    ),
    (
        "one column of two lines",
        CSV,
        b'id,buyer,price\n"7\n7"\n1,a,2\n2,b,3\n',
        [(2, "unclosed_quote at $"), (3, "too_few_columns at $")],
    ),
    ("JSON lines", JsonLines(), b'{"id": 1}\n{"id": \n{"id": 2}\n', [(2, "malformed_json at $")]),
    ("a line of JSON that is a list", JsonLines(), b'{"id": 1}\n[{"id": 7}]\n{"id": 2}\n', [(2, "model_type at $")]),
    ("XML", Xml("sale"), xml(ONE, "<sale><id>x</id></sale>", TWO), [(2, "int_parsing at $.id")]),
    ("XML without values", Xml("sale"), xml(ONE, "<sale>7</sale>", TWO), [(2, "no_values at $")]),
    ("XML that breaks off", Xml("sale"), xml(ONE, TWO, "<sale><id>")[:-4], [(3, "malformed_xml at $")]),
    ("an entity", Xml("sale"), xml(ONE, "<sale><id>&b;</id></sale>", TWO, top=ENTITY), [(2, "xml_entity at $")]),
]


@pytest.mark.parametrize(("form", "body", "reasons"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_what_is_broken_is_rejected_at_its_line_and_the_rest_is_kept(
    form: Format, body: bytes, reasons: list[tuple[int | None, str]]
) -> None:
    result = run(form, body)
    assert [row["sale_id"] for row in result.rows] == [1, 2]
    assert result.reasons == reasons
    assert {line["file"] for line in result.lines} == {FILE}


@pytest.mark.parametrize(
    ("form", "body", "reason"),
    [
        (Parquet(), b"PAR1 and nothing else", (None, "malformed_parquet at $")),
        (Parquet(), parquet()[:-9], (None, "malformed_parquet at $")),
        (Parquet(), two_of_a_name(), (None, "malformed_parquet at $")),
        (Xml("sale"), b"<html><p>Not found</p></html>", (None, "no_record at $")),
        (Xml("sale"), b"", (0, "malformed_xml at $")),
        (Delimited(COLUMNS, encoding="utf-16"), b"1,a,2\n", (None, "unknown_encoding at $")),
        (CSV, b"id,id,price\n1,a,2\n", (2, "bad_header at $")),
    ],
)
def test_a_file_that_cannot_be_read_is_told(form: Format, body: bytes, reason: tuple[int | None, str]) -> None:
    result = run(form, body)
    assert (result.rows, result.reasons) == ([], [reason])


def test_a_quote_that_is_opened_by_mistake_costs_one_line() -> None:
    """However many good lines come after it, and wherever the file is cut."""
    lines = [b'7,"Ann,2\n', *(b"%d,b,3\n" % number for number in range(10, 20_000)), b'8,"x" y,2\n', b'9,"Bo,2']
    result = run(CSV, b"id,buyer,price\n" + b"".join(lines[:5000]), b"".join(lines[5000:]))
    assert result.reasons == [
        (2, "unclosed_quote at $"),
        (19993, "malformed_line at $"),
        (19994, "unclosed_quote at $"),
    ]
    assert [record_bytes(line) for line in result.lines] == [lines[0][:-1], lines[-2][:-1], lines[-1]]
    assert [row["sale_id"] for row in result.rows] == list(range(10, 20_000))


@pytest.mark.parametrize("line", [b'x",","\n', b'"\n', b'7,"a,2\n', b'","",""",\n'])
def test_a_file_of_nothing_but_open_quotes_is_read_in_time(line: bytes) -> None:
    """Each line opens a quote, or the one before it does: every line is one reject at most, none is lost."""
    result = run(CSV, b"id,buyer,price\n" + line * 3000)
    assert result.rows == []
    assert result.report.quarantined_records == 3000


@pytest.mark.parametrize(("lines", "rejected"), [(MOST_LINES, 0), (MOST_LINES + 1, 2)])
def test_a_quoted_value_may_run_over_many_lines(lines: int, rejected: int) -> None:
    text = "\n" * (lines - 1)
    result = run(CSV, f'id,buyer,price\n1,a,2\n7,"{text}",3\n2,b,3\n'.encode())
    assert [row["sale_id"] for row in result.rows] == ([1, 7, 2] if not rejected else [1, 2])
    assert result.report.quarantined_records == rejected


def test_a_line_that_never_ends_is_told() -> None:
    result = run(PIPE, b"1|a|2\n" + b"x" * LONGEST_LINE + b"\n2|b|3\n")
    assert [row["sale_id"] for row in result.rows] == [1]
    assert result.reasons == [(2, "line_too_long at $")]


def test_rejected_bytes_are_kept_as_they_came() -> None:
    bad = [b"7|\xff\xfe|1", b"8|a", b"9|a\0|1", b"x|" + "é".encode("latin-1") + b"|1"]
    result = run(PIPE, b"1|a|2\n" + b"\r\n".join(bad) + b"\n")
    assert [record_bytes(line) for line in result.lines] == bad


@pytest.mark.parametrize(
    ("form", "body"),
    [
        (CSV, 'price,id,buyer\n1,1,"x\ny"\nmuch,2,é\n3,3,z\n'.encode("utf-16")),
        (CSV, "\ufeffprice,id,buyer\n1,1,x\nmuch,2,é\n3,3,z\n".encode()),
        (PIPE, "1|x|1\n2|é|much\n3|z|3\n".encode()),
        (JsonLines(), '{"id": 1}\n{"id": 2, "price": "much", "buyer": "é"}\n{"id": 3}\n'.encode()),
        (Xml("sale"), xml(ONE, "<sale><id>2</id><buyer>é</buyer><price>much</price></sale>")),
    ],
)
def test_a_rejected_record_can_be_read_alone(form: Format, body: bytes) -> None:
    (line,) = run(form, body).lines

    class Mended(RawSale):
        reject_threshold: ClassVar[float] = 1.0
        price: str | None = None  # type: ignore[assignment]

        def to_rows(self, first: Any = None) -> Iterator[Any]:
            self.price = Decimal(9)  # type: ignore[assignment]
            return super().to_rows()

    assert sales(run(form, head_bytes(line) + record_bytes(line), model=Mended)) == [(2, "é", Decimal(9))]


def test_new_columns_of_a_header_are_drift() -> None:
    result = run(CSV, b"id,buyer,price,colour\n1,a,2,red\n2,b,3,blue\n")
    assert {path: seen.count for path, seen in result.report.unknown_fields.items()} == {"$.colour": 2}
    assert len(result.rows) == 2


@pytest.mark.parametrize(("mode", "rows"), [("evolve", [1]), ("discard_value", [1, 2])])
def test_contract_modes_hold_for_text(mode: ContractMode, rows: list[int]) -> None:
    model = type("RawSale", (RawSale,), {"__module__": __name__, "mode": mode, "__annotations__": {}})
    result = run(PIPE, b"1|a|2\n2|b|much\n", model=model)
    assert [row["sale_id"] for row in result.rows] == rows


def test_entities_are_not_resolved(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hush")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    top = f'<!DOCTYPE s [<!ENTITY l0 "ha">{laughs}<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    for entity in ("l9", "x"):
        result = run(Xml("sale"), xml(f"<sale><id>1</id><buyer>&{entity};</buyer></sale>", top=top))
        assert result.rows == []
        assert result.lines[0]["reason"].split()[0] in ("xml_entity", "malformed_xml")
        assert "hush" not in str(result.lines)


def test_attributes_lists_and_nested_records_of_xml_are_values() -> None:
    inner = '<x:sale><note lang="en">n</note></x:sale>'
    body = xml(f'<sale id="7" xmlns:x="urn:x"><tag>a</tag><tag>b</tag>{inner}</sale>')
    ((_, record),) = reader_of(Xml("sale"), RawSale).read(io.BytesIO(body))
    assert isinstance(record, Bad)
    assert record.content == {"@id": "7", "tag": ["a", "b"], "sale": {"note": {"@lang": "en", "#text": "n"}}}


@pytest.mark.parametrize(
    "bad", [{"delimiter": "||"}, {"delimiter": "\n"}, {"quote": ","}, {"columns": ()}, {"columns": ("a", "a")}]
)
def test_a_format_that_cannot_be_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"cannot|must"):
        Delimited(**{"columns": COLUMNS, **bad})
