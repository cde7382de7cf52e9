"""The second pipeline, whole: files of the published size through Airflow to the star, and what later days change.

The tests of this file are days in one warehouse's life and run in order. What must come out is computed by DuckDB from
the same files, without any code of ours.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from infra.local_aws import LocalAws
from lake import layout
from lake.layout import RunId
from lake.manifests import CuratedManifest, RawManifest
from schemas.tickit import SOURCE
from sources.tickit import FILES
from tests.fixtures.leaks import files_with
from tests.fixtures.stack import DagRun, Pipelines

pytestmark = pytest.mark.e2e

DAG = "tickit_load"
FIRST, SECOND, THIRD, FOURTH = (date(2026, 3, day) for day in (2, 3, 4, 5))
CANARY = "canary.of.tickit@nowhere.example"
"""The e-mail address of a user, to be found nowhere but where personal data is kept."""
BROKEN = "broken.canary.of.tickit@" + "nowhere." * 10 + "example"
"""That of a user whose number is none: to be found in the raw data and in the quarantine."""

_REGIONS = {"seller": "s.state", "buyer": "b.state", "venue": "v.state"}


@pytest.fixture(scope="module")
def folder(quirky_tickit_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The location of files with the published flaws, which a later day changes.

    The first and last users have the canaries' addresses.
    """
    location = tmp_path_factory.mktemp("location") / "tickit"
    shutil.copytree(quirky_tickit_files, location)
    users = location / FILES["users"]
    first, rest = users.read_text().split("\n", 1)
    values = first.split("|")
    values[6] = CANARY
    broken = ["5OOO1", "BRO99KEN", *values[2:6], BROKEN, *values[7:]]
    users.write_text("|".join(values) + "\n" + rest + "|".join(broken) + "\n")
    return location


@pytest.fixture(scope="module")
def first_day(pipelines: Pipelines, folder: Path) -> DagRun:
    return pipelines.run(DAG, None, FIRST, location=str(folder))


@pytest.fixture(scope="module")
def second_day(pipelines: Pipelines, folder: Path, first_day: DagRun) -> DagRun:
    """Nothing changed."""
    return pipelines.run(DAG, None, SECOND, location=str(folder))


@pytest.fixture(scope="module")
def third_day(pipelines: Pipelines, folder: Path, second_day: DagRun) -> DagRun:
    """The file of sales is another: one sale is gone, one dearer, one new, one line broken."""
    path = folder / FILES["sales"]
    _, dearer, *rest = path.read_text().splitlines()
    values = dearer.split("\t")
    values[0] = "9000001"
    new = "\t".join(values)
    values = dearer.split("\t")
    values[7:9] = ["1000.00", "150.00"]
    path.write_text("\n".join(["\t".join(values), *rest, new, "not\ta\tsale"]) + "\n")
    return pipelines.run(DAG, None, THIRD, location=str(folder))


@pytest.fixture(scope="module")
def fourth_day(pipelines: Pipelines, folder: Path, third_day: DagRun) -> DagRun:
    """Nothing changed, but all is to be loaded; among the raw data is an object that no longer fits."""
    odd = layout.raw_prefix("tickit", "venues", RunId(DAG, THIRD)) + "odd.gz"
    pipelines.lake.put(odd, gzip.compress(b"1|Hall|Here|NY|10|\n2|House|There|NY|20|\n"))
    return pipelines.run(DAG, None, FOURTH, location=str(folder), full=True)


@pytest.fixture
def files(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The files as they are now, as tables of text and exact numbers."""
    columns = {
        "users": "user_id INT, username TEXT, first TEXT, last TEXT, city TEXT, state TEXT, email TEXT, phone TEXT",
        "venues": "venue_id INT, name TEXT, city TEXT, state TEXT, seats TEXT",
        "categories": "category_id INT, category_group TEXT, name TEXT, long_name TEXT",
        "dates": "date_id INT, day DATE, weekday TEXT, week INT, month TEXT, quarter TEXT, year INT, holiday TEXT",
        "events": "event_id INT, venue_id INT, category_id INT, date_id INT, name TEXT, start TEXT",
        "listings": "listing_id INT, seller_id INT, event_id INT, date_id INT, tickets INT, price DECIMAL(8,2), "
        "total DECIMAL(8,2), listed TEXT",
        "sales": "sale_id INT, listing_id INT, seller_id INT, buyer_id INT, event_id INT, date_id INT, quantity INT, "
        "paid DECIMAL(8,2), commission DECIMAL(8,2), sold TEXT",
    }
    likes = ", ".join(f"like_{number} TEXT" for number in range(10))
    with duckdb.connect(config={"threads": 1}) as data:
        for entity, named in columns.items():
            names = f"{named}, {likes}" if entity == "users" else named
            data.execute(f"CREATE TABLE {entity} ({names})")
            delimiter = "\\t" if entity == "sales" else "|"
            data.execute(
                f"COPY {entity} FROM '{folder / FILES[entity]}' (DELIMITER E'{delimiter}', HEADER FALSE, QUOTE '', "
                "ESCAPE '', NULLSTR '', IGNORE_ERRORS TRUE)"
            )
        yield data


def _golden(data: duckdb.DuckDBPyConnection, keys: str) -> set[tuple[Any, ...]]:
    """Sales, tickets, revenue and commission of every combination of keys, from the files."""
    rows = data.execute(
        f"""
        SELECT {keys}, COUNT(*), SUM(quantity), SUM(paid), SUM(commission)
        FROM sales AS f
        LEFT JOIN dates AS d USING (date_id)
        LEFT JOIN events AS e USING (event_id)
        LEFT JOIN venues AS v USING (venue_id)
        LEFT JOIN categories AS c USING (category_id)
        LEFT JOIN users AS s ON f.seller_id = s.user_id
        LEFT JOIN users AS b ON f.buyer_id = b.user_id
        GROUP BY ALL
        """
    ).fetchall()
    return {tuple(_plain(value) for value in row) for row in rows}


def _served(pipelines: Pipelines, keys: str, product: str, condition: str = "TRUE") -> set[tuple[Any, ...]]:
    """The same from a data product."""
    rows = pipelines.redshift.execute(
        f"SELECT {keys}, SUM(sales) AS sales, SUM(tickets) AS tickets, SUM(revenue) AS revenue, "
        f"SUM(commission) AS commission FROM tickit.{product} WHERE {condition} "
        f"GROUP BY {', '.join(str(number + 1) for number in range(keys.count(',') + 1))}"
    )
    return {tuple(_plain(value) for value in row.values()) for row in rows}


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, Decimal | int) and value == int(value) else value


def _totals(pipelines: Pipelines) -> tuple[Any, ...]:
    (row,) = pipelines.redshift.execute(
        "SELECT COUNT(*) AS sales, SUM(quantity_sold) AS tickets, SUM(price_paid) AS paid, SUM(commission) AS share "
        "FROM tickit.fact_sales"
    )
    return tuple(row.values())


def _raw(pipelines: Pipelines, entity: str, day: date) -> RawManifest:
    return RawManifest.read(pipelines.lake, "tickit", entity, RunId(DAG, day))


class TestFirstDay:
    def test_the_run_succeeds_and_its_books_balance(self, pipelines: Pipelines, first_day: DagRun) -> None:
        assert first_day.succeeded, first_day.output[-6000:]
        assert pipelines.one("SELECT quality_score FROM etl.runs") >= 95
        books = {
            row["table_name"]: (row["said_records"], row["raw_records"], row["curated_records"])
            for row in pipelines.redshift.execute("SELECT * FROM etl.run_tables WHERE layer = 'raw'")
        }
        assert books["sales"] == (172_456, 172_456, 172_456)
        assert books["listings"] == (192_497, 192_497, 192_497)
        assert books["users"] == (49_991, 49_991, 49_990)

    @pytest.mark.parametrize("region", _REGIONS)
    @pytest.mark.parametrize(
        ("golden", "served"),
        [
            ("d.year, 'Q' || quarter(d.day), c.name", "year, 'Q' || quarter, category_name"),
            ("strftime(d.day, '%Y-%m'), c.category_id", "year_month, category_id"),
        ],
    )
    def test_every_region_and_period_is_right_to_the_cent(
        self,
        pipelines: Pipelines,
        first_day: DagRun,
        files: duckdb.DuckDBPyConnection,
        region: str,
        golden: str,
        served: str,
    ) -> None:
        expected = _golden(files, f"COALESCE({_REGIONS[region]}, 'Unknown'), {golden}")
        assert len(expected) > 300
        assert _served(pipelines, f"state, {served}", "mv_sales_by_region", f"region_of = '{region}'") == expected

    def test_every_month_and_category_is_right_to_the_cent(
        self, pipelines: Pipelines, first_day: DagRun, files: duckdb.DuckDBPyConnection
    ) -> None:
        expected = _golden(files, "strftime(d.day, '%Y-%m'), c.category_id")
        assert _served(pipelines, "year_month, category_id", "mv_sales_by_month") == expected

    def test_every_event_is_right_to_the_cent(
        self, pipelines: Pipelines, first_day: DagRun, files: duckdb.DuckDBPyConnection
    ) -> None:
        expected = _golden(files, "event_id")
        assert _served(pipelines, "event_id", "mv_sales_by_event", "sales > 0") == expected
        assert len(expected) > 8_000

    def test_every_seller_is_right_to_the_cent(
        self, pipelines: Pipelines, first_day: DagRun, files: duckdb.DuckDBPyConnection
    ) -> None:
        assert _served(pipelines, "seller_id", "mv_sellers") == _golden(files, "f.seller_id")

    def test_sales_of_events_without_a_venue_are_in_every_total(
        self, pipelines: Pipelines, first_day: DagRun, files: duckdb.DuckDBPyConnection
    ) -> None:
        lost = files.execute(
            "SELECT COUNT(*), SUM(paid) FROM sales JOIN events USING (event_id) ANTI JOIN venues USING (venue_id)"
        ).fetchone()
        assert lost is not None and lost[0] > 1_000
        (kept,) = pipelines.redshift.execute(
            "SELECT COUNT(*) AS sales, SUM(price_paid) AS paid FROM tickit.fact_sales WHERE venue_sk = 0"
        )
        assert tuple(kept.values()) == lost

    def test_listings_and_what_was_sold_of_them(
        self, pipelines: Pipelines, first_day: DagRun, files: duckdb.DuckDBPyConnection
    ) -> None:
        listed = files.execute("SELECT COUNT(*), SUM(tickets), SUM(total) FROM listings").fetchone()
        (totals,) = pipelines.redshift.execute(
            "SELECT COUNT(*) AS listings, SUM(ticket_count) AS tickets, SUM(total_price) AS price "
            "FROM tickit.fact_listings"
        )
        assert tuple(totals.values()) == listed

    def test_days_are_derived_and_starts_are_on_the_true_day(
        self, pipelines: Pipelines, first_day: DagRun, files: duckdb.DuckDBPyConnection
    ) -> None:
        true_days = files.execute("SELECT event_id, day FROM events JOIN dates USING (date_id)").fetchall()
        rows = pipelines.redshift.execute(
            "SELECT e.event_id, d.date, e.start_local_at, e.is_day_corrected FROM tickit.dim_event AS e "
            "INNER JOIN common.dim_date AS d ON e.event_date_key = d.date_key WHERE e.event_sk <> 0"
        )
        assert {row["event_id"]: row["date"] for row in rows} == dict(true_days)
        assert all(row["start_local_at"].date() == row["date"] for row in rows)
        assert sum(row["is_day_corrected"] for row in rows) == 703

    def test_personal_data_is_where_it_belongs_only(self, pipelines: Pipelines, first_day: DagRun) -> None:
        assert pipelines.one("SELECT COUNT(*) FROM tickit.user_contacts WHERE email = :email", email=CANARY) == 1
        assert _relations_with(pipelines, CANARY) == {"tickit.user_contacts"}
        assert CANARY not in first_day.output
        assert files_with(CANARY, Path(pipelines.environment["AIRFLOW_HOME"])) == []  # XComs, task logs

    def test_personal_data_of_a_broken_line_is_in_quarantine_and_nowhere_else(
        self, pipelines: Pipelines, first_day: DagRun, local_aws: LocalAws
    ) -> None:
        users = CuratedManifest.read(pipelines.lake, "tickit", "users", FIRST)
        assert users.report["quarantined_by_reason"] == {"string_pattern_mismatch at $.userid": 1}
        (key,) = users.quarantine
        (line,) = gzip.decompress(pipelines.lake.get(key)).splitlines()
        assert BROKEN in json.loads(line)["record"]

        kept = files_with(BROKEN, local_aws.state_dir)  # lake, manifests, warehouse, logs of jobs
        folders = {re.sub(r"^.*/((?:raw|quarantine)/tickit/users)/.*\.gz$", r"\1", f"/{path}") for path in kept}
        assert folders == {"raw/tickit/users", "quarantine/tickit/users"}
        assert files_with(BROKEN, Path(pipelines.environment["AIRFLOW_HOME"])) == []  # XComs, task logs
        assert BROKEN not in first_day.output
        assert _relations_with(pipelines, BROKEN) == set()


def _relations_with(pipelines: Pipelines, secret: str) -> set[str]:
    """Tables and views that have a secret in a text column."""
    texts: dict[str, list[str]] = {}
    for row in pipelines.redshift.execute(
        "SELECT table_schema || '.' || table_name AS relation, column_name FROM information_schema.columns "
        "WHERE table_schema IN ('tickit', 'etl', 'common') AND data_type LIKE 'character%'"
    ):
        texts.setdefault(row["relation"], []).append(row["column_name"])
    assert {"tickit.v_sales", "tickit.v_users_masked", "tickit.dim_user", "etl.etl_log"} <= texts.keys()
    return {
        relation
        for relation, columns in texts.items()
        if pipelines.one(
            f"SELECT COUNT(*) FROM {relation} WHERE "
            + " OR ".join(f"\"{column}\" LIKE '%{secret}%'" for column in columns)
        )
    }


class TestADayWithoutChange:
    def test_nothing_is_landed_validated_or_loaded(self, pipelines: Pipelines, second_day: DagRun) -> None:
        assert second_day.succeeded, second_day.output[-6000:]
        manifests = [_raw(pipelines, entity, SECOND) for entity in SOURCE.entities]
        assert {manifest.same_as for manifest in manifests} == {f"{DAG}-{FIRST}"}
        for entity in SOURCE.entities:
            raw = layout.raw_prefix("tickit", entity, RunId(DAG, SECOND))
            assert [entry.key for entry in pipelines.lake.list(raw)] == [f"{raw}_manifest.json"]
            assert not list(pipelines.lake.list(layout.curated_prefix("tickit", entity, SECOND)))

    def test_the_ledger_says_why(self, pipelines: Pipelines, second_day: DagRun) -> None:
        (run,) = pipelines.redshift.execute(
            "SELECT status, published_at, same_as FROM etl.runs WHERE run_id = :run", {"run": f"{DAG}-{SECOND}"}
        )
        assert run == {"status": "succeeded", "published_at": None, "same_as": f"{DAG}-{FIRST}"}


class TestAChangedFile:
    def test_it_replaces_what_was(
        self, pipelines: Pipelines, third_day: DagRun, files: duckdb.DuckDBPyConnection
    ) -> None:
        assert third_day.succeeded, third_day.output[-6000:]
        expected = files.execute("SELECT COUNT(*), SUM(quantity), SUM(paid), SUM(commission) FROM sales").fetchone()
        assert _totals(pipelines) == expected
        assert _served(pipelines, "event_id", "mv_sales_by_event", "sales > 0") == _golden(files, "event_id")
        (books,) = pipelines.redshift.execute(
            "SELECT staged_rows, inserted_rows, versioned_rows, unchanged_rows, deleted_rows FROM etl.run_tables "
            "WHERE run_id = :run AND layer = 'star' AND table_name = 'fact_sales'",
            {"run": f"{DAG}-{THIRD}"},
        )
        assert tuple(books.values()) == (172_456, 1, 1, 172_454, 1)

    def test_only_it_is_landed_and_validated(self, pipelines: Pipelines, third_day: DagRun) -> None:
        landed = {entity for entity in SOURCE.entities if _raw(pipelines, entity, THIRD).same_as is None}
        assert landed == {"sales"}
        users = CuratedManifest.read(pipelines.lake, "tickit", "users", THIRD)
        assert (users.days_of("users"), users.curated_records) == ((FIRST,), 49_990)

    def test_the_broken_line_is_in_quarantine_with_its_place(self, pipelines: Pipelines, third_day: DagRun) -> None:
        sales = CuratedManifest.read(pipelines.lake, "tickit", "sales", THIRD)
        assert (sales.raw_records, sales.curated_records, sales.quarantined_records) == (172_457, 172_456, 1)
        (example,) = sales.report["first_quarantined"].values()
        assert f"{FILES['sales']}" in example and "172457" in example


class TestAFullLoad:
    def test_it_lands_everything_and_changes_nothing(
        self, pipelines: Pipelines, third_day: DagRun, request: pytest.FixtureRequest
    ) -> None:
        keys = "SELECT user_id, user_sk FROM tickit.dim_user ORDER BY user_id"
        before = (_totals(pipelines), pipelines.redshift.execute(keys))
        fourth_day: DagRun = request.getfixturevalue("fourth_day")
        assert fourth_day.succeeded, fourth_day.output[-6000:]
        assert (_totals(pipelines), pipelines.redshift.execute(keys)) == before
        assert {_raw(pipelines, entity, FOURTH).same_as for entity in SOURCE.entities} == {None}
        changed = pipelines.one(
            "SELECT SUM(inserted_rows + versioned_rows + deleted_rows) FROM etl.run_tables "
            "WHERE run_id = :run AND layer = 'star'",
            run=f"{DAG}-{FOURTH}",
        )
        assert changed == 0

    def test_a_raw_object_that_cannot_be_cataloged_is_a_warning(self, pipelines: Pipelines, fourth_day: DagRun) -> None:
        assert fourth_day.succeeded, fourth_day.output[-6000:]
        runs = pipelines.redshift.execute(
            "SELECT status, warnings FROM etl.runs WHERE run_id = :run", {"run": f"{DAG}-{FOURTH}"}
        )
        assert [run["status"] for run in runs] == ["succeeded"]
        assert re.search(r"^crawl_raw: .*/odd\.gz", runs[0]["warnings"])
