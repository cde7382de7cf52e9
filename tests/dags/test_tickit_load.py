"""What of TICKIT's files is landed on which day, and when there is nothing to load."""

from __future__ import annotations

from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("airflow")

from airflow.sdk.exceptions import AirflowRescheduleException

from aws_services.resources import TICKIT
from dags import alerts, file_extract
from infra.simulators.tickit import write_files
from lake.curate import curate
from lake.layout import RunId
from lake.manifests import RawManifest
from lake.observations import Observations
from lake.readers.delimited import DelimitedReader
from lake.run_lock import RunLock
from lake.store import Lake
from runs import ledger
from runs.choosing import choose
from runs.context import RunContext
from runs.loading import has_changed
from runs.reconciliation import table_counts
from runs.run import LEASE, Run
from schemas.tickit import SOURCE
from sources.files import Incomplete
from sources.tickit import FILES
from tests.dags import test_alerts
from tests.fixtures.task_context import task_context
from tests.fixtures.warehouse import DirectRedshift
from warehouse.quality import QualityGateFailed, audit


@pytest.fixture
def folder(tmp_path: Path, lake: Lake, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A few files in the folder of the setting."""
    write_files(tmp_path / "files", scale=0.0005)
    monkeypatch.setenv("TICKIT_LOCATION", str(tmp_path / "files"))
    monkeypatch.setenv("TICKIT_SETTLE_SECONDS", "0")
    return tmp_path / "files"


def opened(lake: Lake, day: int, observation: int = 1, *, rebuild: bool = False) -> Run:
    run = RunId(TICKIT.name, date(2026, 3, day), observation)
    lock = RunLock(lake, run.pipeline).acquire("manual", run, LEASE)
    day_text = run.business_date.isoformat()
    return Run(
        run_id=str(run),
        pipeline=run.pipeline,
        source="tickit",
        business_date=day_text,
        holder="manual",
        fence=lock.fence,
        rebuild=rebuild,
    )


def context_of(lake: Lake, run: Run, **params: Any) -> RunContext:
    return task_context(TICKIT, lake, dag_run_id="manual", **params).of_run(run)


def landed(lake: Lake, run: Run, params: dict[str, Any] | None = None) -> dict[str, RawManifest]:
    """The manifests after the extract of every entity."""
    for entity in SOURCE.entities:
        file_extract.land_files(context_of(lake, run, **(params or {})), entity)
    run_id = RunId.parse(run["run_id"])
    return {entity: RawManifest.read(lake, "tickit", entity, run_id) for entity in SOURCE.entities}


def append(path: Path, line: str) -> None:
    with path.open("a") as file:
        file.write(line + "\n")


def test_only_files_that_changed_are_landed(lake: Lake, folder: Path) -> None:
    first = landed(lake, opened(lake, 2))
    append(folder / FILES["venues"], "999|New Hall|Here|NY|10")
    second = landed(lake, opened(lake, 3))
    assert {entity for entity, manifest in second.items() if manifest.same_as is None} == {"venues"}
    assert second["venues"].records == first["venues"].records + 1
    assert second["sales"].digest == first["sales"].digest
    assert landed(lake, opened(lake, 4))["venues"].same_as == "tickit_load-2026-03-03"


def test_a_full_load_lands_all_of_them(lake: Lake, folder: Path) -> None:
    first = landed(lake, opened(lake, 2))
    again = landed(lake, opened(lake, 2, observation=2), {"full": True})
    assert {manifest.same_as for manifest in again.values()} == {None}
    assert {entity: manifest.digest for entity, manifest in again.items()} == {
        entity: manifest.digest for entity, manifest in first.items()
    }


def test_another_location_with_the_same_files_is_no_change(lake: Lake, folder: Path, tmp_path: Path) -> None:
    landed(lake, opened(lake, 2))
    folder.rename(tmp_path / "elsewhere")
    elsewhere = landed(lake, opened(lake, 3), {"location": str(tmp_path / "elsewhere")})
    assert {manifest.same_as for manifest in elsewhere.values()} == {"tickit_load-2026-03-02"}


def test_files_of_two_locations_are_never_one_observation(lake: Lake, folder: Path, tmp_path: Path) -> None:
    run = opened(lake, 2)
    file_extract.land_files(context_of(lake, run), "venues")  # and no other entity: the run was killed
    day, seen = date(2026, 3, 2), Observations(lake, "tickit", SOURCE.entities, TICKIT.name)
    chosen = partial(choose, seen, day, today=day, has_past=True)
    for refetch in (False, True):
        at_home = task_context(TICKIT, lake)
        away = task_context(TICKIT, lake, location=str(tmp_path / "elsewhere"))
        here = chosen(refetch=refetch, resumable=partial(file_extract.is_from_location, at_home))
        elsewhere = chosen(refetch=refetch, resumable=partial(file_extract.is_from_location, away))
        assert (here.run.observation, here.finished) == (1, False)
        assert (elsewhere.run.observation, elsewhere.finished) == (2, False)


def test_a_file_that_is_still_being_written_is_waited_for(
    lake: Lake, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = opened(lake, 2)
    monkeypatch.setenv("TICKIT_SETTLE_SECONDS", "600")
    with pytest.raises(AirflowRescheduleException):
        file_extract.land_settled(context_of(lake, run), "venues")
    monkeypatch.setenv("TICKIT_SETTLE_SECONDS", "0")
    assert file_extract.land_settled(context_of(lake, run), "venues")["records"] > 0


@pytest.mark.parametrize("day", ["the first", "a later one"])
def test_a_file_that_was_not_written_to_its_end_is_refused_until_a_person_takes_it_as_it_is(
    lake: Lake, folder: Path, day: str
) -> None:
    run = opened(lake, 2)
    if day == "a later one":
        landed(lake, run)
        run = opened(lake, 3)
    sales = folder / FILES["sales"]
    whole = sales.read_bytes()
    end_of_line = whole.index(b"\n", len(whole) * 6 // 10)
    sales.write_bytes(whole[: end_of_line - 5] if day == "the first" else whole[: end_of_line + 1])
    with pytest.raises(Incomplete, match=r"sales_tab\.txt.*--accept-drop"):
        landed(lake, run)
    assert landed(lake, run, {"accept_drop": True})["sales"].records < whole.count(b"\n") * 0.65


def test_a_finished_extract_does_not_look_at_the_files_again(lake: Lake, folder: Path) -> None:
    first = landed(lake, opened(lake, 2))
    append(folder / FILES["venues"], "999|New Hall|Here|NY|10")
    assert landed(lake, opened(lake, 2)) == first


def _books_fail(lake: Lake, redshift: DirectRedshift, run: Run) -> bool:
    """Whether the reconciliation rule fails on what was landed and validated."""
    run_id = RunId.parse(run["run_id"])
    for entity in SOURCE.entities:
        curate(lake, "tickit", entity, run_id)
    day = run_id.business_date
    ledger.open_run(redshift, str(run_id), run_id.pipeline, day, 1, "manual")
    ledger.record_entities(redshift, str(run_id), run_id.pipeline, day, table_counts(context_of(lake, run)))
    with pytest.raises(QualityGateFailed) as failure:  # nothing is staged
        audit(redshift, str(run_id))
    return "books_balance" in {result.name for result in failure.value.result.failing}


def test_what_a_reader_passes_over_is_missed_in_the_books(
    lake: Lake, folder: Path, redshift: DirectRedshift, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(folder / FILES["sales"], "")  # blank, and so no record for either
    good, bad = opened(lake, 2), RunId(TICKIT.name, date(2026, 3, 2), 2)
    landed(lake, good)
    assert not _books_fail(lake, redshift, good)

    read = DelimitedReader.read
    monkeypatch.setattr(DelimitedReader, "read", lambda self, body: islice(read(self, body), 1, None))
    losing = Run(**{**good, "run_id": str(bad)})
    landed(lake, losing, {"full": True})
    assert _books_fail(lake, redshift, losing)


class TestWhetherThereIsAnythingToLoad:
    @pytest.fixture(autouse=True)
    def _ledger(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.standing: str | None = "tickit_load-2026-03-02"
        self.same: list[tuple[str, str]] = []
        monkeypatch.setattr(ledger, "standing_run", lambda *_: self.standing)
        monkeypatch.setattr(ledger, "record_same", lambda _, run, same: self.same.append((run, same)))

    def load(self, lake: Lake, run: Run) -> None:
        landed(lake, run)
        for entity in SOURCE.entities:
            curate(lake, "tickit", entity, RunId.parse(run["run_id"]))

    def test_there_is_nothing_when_the_star_holds_just_these_files(self, lake: Lake, folder: Path) -> None:
        self.load(lake, opened(lake, 2))
        today = opened(lake, 3)
        landed(lake, today)
        assert not has_changed(context_of(lake, today))
        assert self.same == [("tickit_load-2026-03-03", "tickit_load-2026-03-02")]

    @pytest.mark.parametrize("why", ["file", "rebuild", "nothing stands", "contract"])
    def test_there_is_something(self, lake: Lake, folder: Path, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.load(lake, opened(lake, 2))
        if why == "file":
            append(folder / FILES["categories"], "99|Shows|New|New shows")
        today = opened(lake, 3, rebuild=why == "rebuild")
        landed(lake, today)
        if why == "contract":
            monkeypatch.setattr(type(SOURCE), "contract_version", lambda *_: "mended")
        if why == "nothing stands":
            self.standing = None
        assert has_changed(context_of(lake, today))
        assert self.same == []


@pytest.mark.parametrize(
    ("task", "options"),
    [
        ("extract", "--date 2026-03-02 --full --accept-drop --location s3://bucket/files/ --wait"),
        ("validate", "--date 2026-03-02 --rebuild --accept-drop --wait"),
    ],
)
def test_an_alert_says_how_the_load_is_taken_up(task: str, options: str) -> None:
    context = test_alerts.task_context(
        ValueError("x"), full=True, accept_drop=True, location="s3://user:secret@bucket/files/"
    )
    context["ti"].dag_id, context["ti"].task_id = "tickit_load", task
    _, message = alerts.of_task(context)
    assert f"./boxoffice trigger tickit_load {options}\n" in message
    assert "secret" not in message
