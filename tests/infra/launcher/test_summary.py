"""The summary of a run: money, data that was left unchanged, and the last run of each pipeline."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from aws_services import resources
from infra import terminal
from infra.launcher import summary
from lake.landing import RawLanding
from lake.layout import RunId
from lake.store import Lake
from runs import ledger
from schemas.ticketmaster import SOURCE
from tests.fixtures.warehouse import DirectRedshift
from warehouse import tickit
from warehouse.stars import Highlight

PIPELINE, DAY = "ticketmaster_daily", date(2026, 11, 20)
RUN = str(RunId(PIPELINE, DAY))
STACK: Any = SimpleNamespace(use_aws=lambda: None)
SELLERS = Highlight(
    "Best sellers",
    "SELECT 1 AS rank, CAST(36 AS VARCHAR) AS seller_id, CAST(NULL AS VARCHAR) AS city, 12345 AS tickets, "
    "CAST(1234567.5 AS DECIMAL(12,2)) AS revenue",
)


@pytest.fixture
def shown(
    redshift: DirectRedshift, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[str], list[str]]:
    """The lines that are shown after a DAG run was followed."""
    monkeypatch.setattr(summary, "warehouse", lambda stack: redshift)

    def show(dag_run_id: str) -> list[str]:
        capsys.readouterr()
        summary.show(STACK, PIPELINE, DAY, dag_run_id)
        return capsys.readouterr().out.splitlines()

    return show


def close(redshift: Any, *, run_id: str = RUN, same_as: str | None = None, **outcome: Any) -> None:
    day = RunId.parse(run_id).business_date
    ledger.open_run(redshift, run_id, RunId.parse(run_id).pipeline, day, 1, "manual__1")
    if same_as:
        ledger.record_same(redshift, run_id, same_as)
    ledger.close_run(redshift, run_id, "succeeded", **outcome)


def test_money_has_cents_and_ids_no_commas(
    redshift: DirectRedshift, shown: Callable[[str], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    star = SimpleNamespace(name="ticketmaster", tables=("dim_venue",), highlights=(SELLERS,))
    monkeypatch.setattr("warehouse.summary.star_of", lambda pipeline: star)
    close(redshift)
    title, heading, row = shown("manual__1")[-3:]
    assert title.strip() == "Best sellers"
    assert heading.split() == ["rank", "seller", "id", "city", "tickets", "revenue"]
    assert row.split() == ["1", "36", "12,345", "1,234,567.50"]
    assert len(heading.rstrip()) == len(row.rstrip()), "numbers end where their headings do"


def test_the_highlights_of_the_resale_are_its_totals_and_nobodys_name(
    redshift: DirectRedshift, shown: Callable[[str], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sums and ranks are the products' own; here it counts that all of it is shown, and of whom."""
    redshift.insert("tickit.dim_user", [{"user_sk": 5, "user_id": 36, "city": "Ames", "state": "IA", "row_hash": ""}])
    redshift.insert(
        "tickit.user_contacts", [{"user_id": 36, "username": "IRONWREN", "first_name": "Ilka", "row_hash": ""}]
    )
    redshift.insert("tickit.dim_venue", [{"venue_sk": 8, "venue_id": 3, "name": "Hall", "state": "NY", "row_hash": ""}])
    sale = {"listing_id": 1, "event_sk": 0, "category_sk": 0, "buyer_sk": 0, "sale_date_key": 0, "event_date_key": 0}
    sale |= {"event_id": 0, "buyer_id": 0, "row_hash": "", "run_id": RUN}
    sale |= {"seller_sk": 5, "seller_id": 36, "quantity_sold": 2, "price_paid": "1200.50", "commission": "180.08"}
    sold = [{"sale_id": 1, "venue_sk": 8, **sale}, {"sale_id": 2, "venue_sk": 0, **sale, "price_paid": "0.01"}]
    redshift.insert("tickit.fact_sales", sold)
    for product in ("mv_sellers", "mv_sales_by_region"):
        redshift.execute(f"REFRESH MATERIALIZED VIEW tickit.{product}")
    monkeypatch.setattr("warehouse.summary.star_of", lambda pipeline: tickit.STAR)
    close(redshift)
    lines = [line.split() for line in shown("manual__1")]
    assert ["1", "36", "Ames", "IA", "2", "4", "1,200.51", "360.16"] in lines
    assert lines[-3:] == [
        ["all", "2", "4", "1,200.51", "360.16"],
        ["NY", "1", "2", "1,200.50", "180.08"],
        ["Unknown", "1", "2", "0.01", "180.08"],
    ]
    assert not {"IRONWREN", "Ilka"} & {word for line in lines for word in line}


def test_a_run_that_found_nothing_new_says_so_in_a_line(
    redshift: DirectRedshift, shown: Callable[[str], list[str]]
) -> None:
    close(redshift, same_as=str(RunId(PIPELINE, date(2026, 11, 19))))
    assert shown("manual__1") == [
        "",
        f"Run {RUN}: succeeded",
        "no file changed since run ticketmaster_daily-2026-11-19: nothing to load",
    ]


def test_who_comes_after_the_run_reads_that_it_was_finished(
    redshift: DirectRedshift, shown: Callable[[str], list[str]]
) -> None:
    close(redshift)
    assert not any("already finished" in line for line in shown("manual__1"))
    (line,) = [line for line in shown("manual__2") if "already finished" in line]
    assert line.endswith("nothing to do.")


def test_the_latest_runs_are_those_of_every_pipeline(redshift: DirectRedshift, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summary, "warehouse", lambda stack: redshift)
    close(redshift, run_id="tickit_load-2026-11-01")
    for day in range(10, 15):
        close(redshift, run_id=f"{PIPELINE}-2026-11-{day}", same_as=f"{PIPELINE}-2026-11-10" if day == 14 else None)
    words = {run["run_id"]: summary.unchanged(run) for run in summary.latest(STACK)}
    newest = f"{PIPELINE}-2026-11-14"
    assert words.keys() == {newest, f"{PIPELINE}-2026-11-13", f"{PIPELINE}-2026-11-12", "tickit_load-2026-11-01"}
    assert words.pop(newest) == f"no file changed since run {PIPELINE}-2026-11-10: nothing to load"
    assert set(words.values()) == {""}


def test_the_latest_runs_are_told_to_programs_in_iso_8601_and_numbers(
    redshift: DirectRedshift, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(summary, "warehouse", lambda stack: redshift)
    close(redshift)
    redshift.execute("UPDATE etl.runs SET quality_score = 99.50")
    terminal.show_json(summary.latest(STACK))
    (run,) = json.loads(capsys.readouterr().out, parse_float=Decimal)
    assert run["quality_score"] == Decimal("99.50")
    for name in ("started_at", "finished_at"):
        assert "T" in run[name]
        assert datetime.now(UTC) - datetime.fromisoformat(run[name]) < timedelta(days=1)


def test_progress_counts_what_is_landed_of_an_unfinished_extract(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "LAKE_BUCKET", lake.bucket)
    progress = summary.Progress(STACK, PIPELINE, DAY)
    assert progress.detail("extract") is None
    first = RawLanding(lake, SOURCE.name, RunId(PIPELINE, DAY), SOURCE.entities)
    for name in ("events/p0.json.gz", "events/p1.json.gz", "venues/v0.json.gz"):
        first.land(name, b"[]", records=0, request={})
    assert progress.detail("extract") == "objects landed: events 2, venues 1"
    assert progress.detail("publish") is None
    first.finish()
    assert progress.detail("extract") is None
    again = RawLanding(lake, SOURCE.name, RunId(PIPELINE, DAY, 2), SOURCE.entities)
    again.land("events/p0.json.gz", b"[]", records=0, request={})
    assert progress.detail("extract") == "objects landed: events 1"


def test_what_a_run_warned_of_is_shown_a_line_each(redshift: DirectRedshift, shown: Callable[[str], list[str]]) -> None:
    close(redshift, warnings="crawl_raw: [bold]the catalog is old\nextract: slow")
    assert {"Warning: crawl_raw: [bold]the catalog is old", "Warning: extract: slow"} <= {*shown("manual__1")}
    ledger.open_run(redshift, RUN, PIPELINE, DAY, 2, "manual__2")
    assert redshift.execute("SELECT warnings FROM etl.runs") == [{"warnings": None}]
