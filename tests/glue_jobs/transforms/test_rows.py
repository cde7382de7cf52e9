"""One row per key, fingerprints, and exact column types."""

from __future__ import annotations

from datetime import date

import pytest
from pyspark.errors import AnalysisException, ArithmeticException, DateTimeException, NumberFormatException

from glue_jobs.transforms.rows import ENTITY, StagedTable, fingerprint, one_per_key, staged
from tests.glue_jobs.frames import frame, rows_of


def venue(name, entity, uri="s3://lake/raw/b", row_hash="b"):
    return {"venue_id": "V1", "name": name, ENTITY: entity, "_source_uri": uri, "_row_hash": row_hash}


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        (
            [venue("embedded", "events", uri="s3://lake/raw/a"), venue("looked up", "venues", uri="s3://lake/raw/z")],
            "looked up",
        ),
        (
            [venue("later", "events", uri="s3://lake/raw/b"), venue("first", "attractions", uri="s3://lake/raw/a")],
            "first",
        ),
        ([venue("high hash", "events", row_hash="f"), venue("low hash", "events", row_hash="0")], "low hash"),
    ],
    ids=["own look-up first", "then the lowest source", "then the lowest hash"],
)
def test_one_row_per_key_is_chosen_the_same_way_in_any_order(spark, rows, kept):
    for order in (rows, rows[::-1]):
        kept_rows = rows_of(one_per_key(frame(spark, "venues", *order), ["venue_id"], "venues"), "venue_id", "name")
        assert kept_rows == [{"venue_id": "V1", "name": kept}]


def test_different_keys_are_all_kept(spark):
    links = [{"venue_id": v, "market_id": m, ENTITY: "events"} for v in ("V1", "V2") for m in ("M1", "M2")]
    kept_rows = one_per_key(frame(spark, "venue_markets", *links, *links), ["venue_id", "market_id"], "venues")
    assert [(row["venue_id"], row["market_id"]) for row in rows_of(kept_rows)] == [
        ("V1", "M1"),
        ("V1", "M2"),
        ("V2", "M1"),
        ("V2", "M2"),
    ]


def test_fingerprint_tells_null_from_empty_and_where_a_value_ends(spark):
    pairs = [
        (None, "x"),
        ("", "x"),
        ("x", None),
        ("x", ""),
        ("-", "x"),
        ("1:x", ""),
        ("a1:b", "c"),
        ("a", "b1:c"),
        (None, None),
    ]
    rows = spark.createDataFrame(pairs, "left string, right string").select(
        fingerprint(["left", "right"]).alias("hash")
    )
    hashes = [row["hash"] for row in rows.collect()]
    assert len(set(hashes)) == len(pairs)
    assert all(len(text) == 64 for text in hashes)


def test_staged_rows_have_the_tables_columns_in_its_order_and_types(spark):
    table = StagedTable(
        "t",
        {"n": "int", "amount": "decimal(12,2)", "seen": "bigint", "row_hash": "string"},
        volatile=frozenset({"seen"}),
    )
    rows = spark.sql("select 7L as seen, '1.5' as amount, 3L as n, 'left out' as other")
    result = staged(rows, table, "run-1", date(2026, 11, 20))
    assert result.dtypes == [
        ("run_id", "string"),
        ("observed_on", "date"),
        ("n", "int"),
        ("amount", "decimal(12,2)"),
        ("seen", "bigint"),
        ("row_hash", "string"),
    ]
    (row,) = rows_of(result)
    assert (row["run_id"], row["observed_on"], row["n"], row["amount"]) == ("run-1", "2026-11-20", 3, "1.50")


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("1234567.89BD", "decimal(8,2)"),
        ("3000000000L", "int"),
        ("'12 tickets'", "int"),
        ("'2026-02-30'", "date"),
        ("1e19D", "bigint"),
    ],
)
def test_a_value_that_does_not_fit_its_column_is_an_error_not_a_null(spark, value, kind):
    rows = spark.sql(f"select {value} as value")
    with pytest.raises((ArithmeticException, DateTimeException, NumberFormatException)):
        staged(rows, StagedTable("t", {"value": kind}), "run-1", date(2026, 11, 20)).collect()


def test_a_volatile_column_a_run_or_a_day_do_not_change_the_fingerprint(spark):
    table = StagedTable("t", {"name": "string", "seen": "bigint", "row_hash": "string"}, volatile=frozenset({"seen"}))

    def row_hash(name, seen, run, day):
        rows = spark.createDataFrame([(name, seen)], "name string, seen bigint")
        return staged(rows, table, run, day).first()["row_hash"]

    first = row_hash("Hall", 3, "run-1", date(2026, 11, 20))
    assert row_hash("Hall", 99, "run-2", date(2026, 11, 21)) == first
    assert row_hash("Hall ", 3, "run-1", date(2026, 11, 20)) != first


def test_a_column_that_the_rows_lack_is_an_error(spark):
    table = StagedTable("t", {"name": "string", "missing": "string"})
    with pytest.raises(AnalysisException, match="missing"):
        staged(spark.sql("select 'x' as name"), table, "run-1", date(2026, 11, 20))
