"""The files of UNLOAD: their names, formats, compressions, partitions and manifests."""

from __future__ import annotations

import bz2
import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from infra.local_aws.redshift import LoadError, RefusedByRedshift
from infra.local_aws.redshift.execution import Session

Lake = Callable[[str], Path]
ROLE = "IAM_ROLE 'arn:aws:iam::123456789012:role/loader'"
ROWS = r"""
    SELECT 1::int AS id, 'a|b'::varchar(20) AS name, TRUE AS open, 1.50::decimal(8,2) AS price
    UNION ALL SELECT 2, NULL, NULL, NULL UNION ALL SELECT 3, 'x"y\\z', FALSE, -2::decimal(8,2) ORDER BY 1
"""


@pytest.fixture
def unloaded(session: Session, lake: Lake) -> Callable[[str], bytes]:
    """Unloads a few rows with some options, and gives the content of the only file."""

    def unload(options: str) -> bytes:
        session.run_alone(f"UNLOAD ($${ROWS}$$) TO 's3://lake/out/rows_' {ROLE} {options}")
        (file,) = lake("s3://lake/out").iterdir()
        return file.read_bytes()

    return unload


@pytest.mark.parametrize(
    ("options", "content"),
    [
        ("", '1|a|b|t|1.50\n2|||\n3|x"y\\z|f|-2.00\n'),
        ("DELIMITER AS ',' NULL AS '@'", '1,a|b,t,1.50\n2,@,@,@\n3,x"y\\z,f,-2.00\n'),
        ("ESCAPE", '1|a\\|b|t|1.50\n2|||\n3|x"y\\\\z|f|-2.00\n'),
        ("ADDQUOTES", '"1"|"a|b"|"t"|"1.50"\n"2"|||\n"3"|"x"y\\z"|"f"|"-2.00"\n'),
        ("ADDQUOTES ESCAPE", '"1"|"a\\|b"|"t"|"1.50"\n"2"|||\n"3"|"x\\"y\\\\z"|"f"|"-2.00"\n'),
        ("HEADER", 'id|name|open|price\n1|a|b|t|1.50\n2|||\n3|x"y\\z|f|-2.00\n'),
        ("CSV", '1,a|b,t,1.50\n2,,,\n3,"x""y\\z",f,-2.00\n'),
        ("FORMAT AS CSV DELIMITER '|' HEADER", 'id|name|open|price\n1|"a|b"|t|1.50\n2|||\n3|"x""y\\z"|f|-2.00\n'),
        ("FIXEDWIDTH 'id:2,name:6,open:1,price:5'", '1 a|b   t1.50 \n2             \n3 x"y\\z f-2.00\n'),
        (
            "JSON",
            '{"id":1,"name":"a|b","open":true,"price":1.50}\n{"id":2,"name":null,"open":null,"price":null}\n'
            '{"id":3,"name":"x\\"y\\\\z","open":false,"price":-2.00}\n',
        ),
    ],
)
def test_texts_are_written_as_redshift_writes_them(
    unloaded: Callable[[str], bytes], options: str, content: str
) -> None:
    assert unloaded(options).decode() == content


PLAIN = b'1,a|b,t,1.50\n2,,,\n3,"x""y\\z",f,-2.00\n'


def zstd(content: bytes) -> bytes:
    with pa.CompressedInputStream(pa.BufferReader(content), "zstd") as stream:
        return bytes(stream.read())


@pytest.mark.parametrize(
    ("options", "name", "decompress"),
    [
        ("", "rows_0000_part_00", bytes),
        ("PARALLEL OFF", "rows_000", bytes),
        ("PARALLEL FALSE GZIP", "rows_000.gz", gzip.decompress),
        ("GZIP", "rows_0000_part_00.gz", gzip.decompress),
        ("BZIP2", "rows_0000_part_00.bz2", bz2.decompress),
        ("ZSTD", "rows_0000_part_00.zst", zstd),
        ("EXTENSION 'csv.gz' GZIP", "rows_0000_part_00.csv.gz", gzip.decompress),
        ("EXTENSION 'csv' PARALLEL ON ENCRYPTED AUTO REGION 'us-east-1'", "rows_0000_part_00.csv", bytes),
        ("KMS_KEY_ID '1234abcd' ENCRYPTED", "rows_0000_part_00", bytes),
    ],
)
def test_files_have_redshifts_names(
    unloaded: Callable[[str], bytes], lake: Lake, options: str, name: str, decompress: Callable[[bytes], bytes]
) -> None:
    assert decompress(unloaded(f"CSV {options}")) == PLAIN
    assert [file.name for file in lake("s3://lake/out").iterdir()] == [name]


@pytest.mark.parametrize("options", ["", "ESCAPE", "CSV", "JSON", "PARQUET", "CSV ZSTD", "ADDQUOTES ESCAPE GZIP"])
def test_what_was_unloaded_can_be_loaded(session: Session, options: str) -> None:
    columns = "id INT, name VARCHAR(30), at TIMESTAMP, zoned TIMESTAMPTZ, day DATE, price DECIMAL(8,2), ok BOOLEAN"
    session.run_alone(f"CREATE TABLE kept ({columns})")
    session.run_alone(
        "INSERT INTO kept VALUES (1, 'plain', '2024-02-29 01:02:03.5', '2024-02-29 01:02:03+02', '2024-02-29', 1.5,"
        " TRUE),"
        " (2, 'é, ü', NULL, NULL, NULL, NULL, FALSE)"
    )
    session.run_alone(f"UNLOAD ('SELECT * FROM kept') TO 's3://lake/out/' {ROLE} {options}")
    session.run_alone("CREATE TABLE back (LIKE kept)")
    load = options.replace("ADDQUOTES", "REMOVEQUOTES").replace("JSON", "JSON 'auto'")
    session.run_alone(f"COPY back FROM 's3://lake/out/' {ROLE} {load}")
    rows = session.run_alone("SELECT * FROM back ORDER BY id").rows
    assert rows == session.run_alone("SELECT * FROM kept ORDER BY id").rows
    assert len(rows) == 2


def test_super_and_varbyte(session: Session, lake: Lake) -> None:
    query = "SELECT JSON_PARSE(''{\"a\": [1, \"x\"]}'') AS s, ''ab''::varbyte AS b"
    session.run_alone(f"UNLOAD ('{query}') TO 's3://lake/json/' {ROLE} JSON")
    assert json.loads(lake("s3://lake/json/0000_part_00").read_text()) == {"s": {"a": [1, "x"]}, "b": "6162"}
    session.run_alone(f"UNLOAD ('{query}') TO 's3://lake/parquet/' {ROLE} PARQUET")
    table = pq.read_table(lake("s3://lake/parquet/0000_part_00.parquet"))
    assert table.to_pylist() == [{"s": '{"a":[1,"x"]}', "b": b"ab"}]


@pytest.mark.parametrize(
    ("options", "files"),
    [
        ("PARQUET PARTITION BY (kind)", {"kind=a/0000_part_00.parquet", "kind=b%2F/0000_part_00.parquet"}),
        ("CSV PARTITION BY (kind)", {"kind=a/0000_part_00", "kind=b%2F/0000_part_00"}),
        ("JSON PARTITION BY (kind) INCLUDE", {"kind=a/0000_part_00", "kind=b%2F/0000_part_00"}),
    ],
)
def test_partitions_are_folders(session: Session, lake: Lake, options: str, files: set[str]) -> None:
    query = "SELECT 1 AS id, ''a'' AS kind UNION ALL SELECT 2, ''b/'' UNION ALL SELECT 3, ''a''"
    session.run_alone(f"UNLOAD ('{query}') TO 's3://lake/out/' {ROLE} {options}")
    folder = lake("s3://lake/out")
    assert {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()} == files
    if options.startswith("CSV"):
        assert sorted((folder / "kind=a/0000_part_00").read_text().split()) == ["1", "3"]
    if options.startswith("JSON"):
        assert json.loads((folder / "kind=b%2F/0000_part_00").read_text()) == {"id": 2, "kind": "b/"}


def test_more_partitions_than_open_files(session: Session, lake: Lake) -> None:
    values = " UNION ALL ".join(f"SELECT {number} AS id, {number % 200} AS kind" for number in range(400))
    session.run_alone(f"UNLOAD ('{values}') TO 's3://lake/out/' {ROLE} CSV PARTITION BY (kind)")
    folders = list(lake("s3://lake/out").iterdir())
    assert len(folders) == 200
    assert all(len("".join(file.read_text() for file in folder.iterdir()).split()) == 2 for folder in folders)


def test_a_file_has_at_most_the_maximum_size(session: Session, lake: Lake) -> None:
    session.run_alone("CREATE TABLE wide (id INT, text VARCHAR(2000))")
    session.connection.execute("INSERT INTO wide SELECT n, repeat('x', 1500) FROM generate_series(1, 9000) n")
    session.run_alone(
        f"UNLOAD ('SELECT * FROM wide') TO 's3://lake/out/' {ROLE} CSV MAXFILESIZE AS 5 MB MANIFEST VERBOSE"
    )
    sizes = {file.name: file.stat().st_size for file in lake("s3://lake/out").glob("0000*")}
    assert sorted(sizes) == ["0000_part_00", "0000_part_01", "0000_part_02"]
    assert max(sizes.values()) <= 5_000_000
    manifest = json.loads(lake("s3://lake/out/manifest").read_text())
    assert {entry["url"].rpartition("/")[2]: entry["meta"]["content_length"] for entry in manifest["entries"]} == sizes
    assert manifest["meta"] == {"content_length": sum(sizes.values()), "record_count": 9000}
    assert manifest["schema"]["elements"] == [
        {"name": "id", "type": {"base": "integer"}},
        {"name": "text", "type": {"base": "character varying", "max_length": 2000}},
    ]
    assert manifest["author"]["name"] == "Amazon Redshift"


def test_a_query_without_rows_writes_an_empty_file(session: Session, lake: Lake) -> None:
    session.run_alone(f"UNLOAD ('SELECT 1 AS a WHERE 1 = 0') TO 's3://lake/out/' {ROLE} PARQUET")
    assert pq.read_table(lake("s3://lake/out/0000_part_00.parquet")).schema.names == ["a"]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ("PARQUET DELIMITER ','", "DELIMITER is not supported for UNLOAD to PARQUET"),
        ("PARQUET GZIP", "GZIP is not supported for UNLOAD to PARQUET"),
        ("CSV ESCAPE", "ESCAPE is not supported for UNLOAD to CSV"),
        ("JSON HEADER", "HEADER is not supported for UNLOAD to JSON"),
        ("HEADER FIXEDWIDTH 'a:3'", "FIXEDWIDTH cannot be used with"),
        ("GZIP ZSTD", "only one compression"),
        ("CSV JSON", "CSV and JSON cannot be used together"),
        ("CLEANPATH ALLOWOVERWRITE", "cannot be used together"),
        ("MAXFILESIZE 1 MB", "between 5 MB and 6.2 GB"),
        ("PARQUET ROWGROUPSIZE 1 GB", "between 32 MB and 128 MB"),
        ("ROWGROUPSIZE 64 MB", "PARQUET only"),
        ("KMS_KEY_ID 'x'", "requires ENCRYPTED"),
        ("DELIMITER '||'", "single ASCII character"),
        ("COLOURFUL", 'syntax error at or near "COLOURFUL"'),
        ("PARTITION BY (absent)", "partition column absent is not in the query"),
        ("PARTITION BY (a)", "needs INCLUDE"),
        ("FIXEDWIDTH 'a:1,b:2'", "FIXEDWIDTH has 2 columns"),
        ("FIXEDWIDTH 'a:1'", "longer than its fixed width"),
    ],
)
def test_options_that_do_not_go_together_are_refused(session: Session, options: str, reason: str) -> None:
    with pytest.raises((RefusedByRedshift, LoadError), match=reason):
        session.run_alone(f"UNLOAD ('SELECT 100 AS a') TO 's3://lake/out/' {ROLE} {options}")


def test_clean_path_removes_what_was_there(session: Session, lake: Lake) -> None:
    unload = f"UNLOAD ('SELECT 1 AS a') TO 's3://lake/out/' {ROLE}"
    session.run_alone(f"{unload} EXTENSION 'old'")
    session.run_alone(f"{unload} CLEANPATH")
    assert [file.name for file in lake("s3://lake/out").iterdir()] == ["0000_part_00"]
