"""Killed after every side effect, a load of changed files ends as if nothing had happened.

The warehouse holds a day. On the next one two files are others: one run loads them undisturbed; then the world is put
back, and another dies once after each of its side effects and is taken up again, while files are replaced under its
hands. Both must give the same lake, the same manifests and the same star, to the key. On a third day nothing changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from aws_services import resources
from infra.local_aws import LocalAws
from infra.simulators.tickit import write_files
from lake.layout import RunId
from lake.manifests import RawManifest
from sources.tickit import FILES
from tests.faults.attempts import Attempt
from tests.faults.conftest import Content, Runs, taken_up
from tests.faults.world import World, leftovers

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]  # the chain of deaths is one fixture

PIPELINE = "tickit_load"
FIRST, SECOND, THIRD = (date(2026, 2, day) for day in (26, 27, 28))
CHANGED = ("users", "sales")
NEW_SALE = 9_000_001


@dataclass(frozen=True)
class Files:
    """The files at the pipeline's location."""

    folder: Path

    def lines(self, entity: str) -> list[str]:
        """An entity's lines."""
        return (self.folder / FILES[entity]).read_text().splitlines()

    def write(self, entity: str, lines: list[str]) -> None:
        """Replace an entity's file."""
        (self.folder / FILES[entity]).write_text("\n".join(lines) + "\n")

    def change(self) -> None:
        """What differs on the second day: a sale is gone, one dearer, one new; a seller is gone, one moved."""
        gone, dearer, *rest = self.lines("sales")
        values = dearer.split("\t")
        new = "\t".join([str(NEW_SALE), *values[1:]])
        values[7:9] = ["1000.00", "150.00"]
        self.write("sales", ["\t".join(values), *rest, new])
        users = {line.split("|", 1)[0]: line.split("|") for line in self.lines("users")}
        seller, buyer = gone.split("\t")[2:4]
        del users[seller]
        users[buyer][4] = "Springfield"
        self.write("users", ["|".join(user) for user in users.values()])


@pytest.fixture(scope="module")
def world(provisioned_aws: LocalAws) -> Iterator[World]:
    """A lake, a catalog and a warehouse that are empty when the first test comes and after the last."""
    fresh_world = World(PIPELINE, "tickit", resources.TICKIT_JOB.name)
    fresh_world.forget_kept()
    fresh_world.empty()
    yield fresh_world
    fresh_world.forget_kept()
    fresh_world.empty()


@pytest.fixture(scope="module")
def files(runs: Runs) -> Files:
    """Small files, of the events only that something is listed of."""
    small_files = Files(runs.folder / "tickit")
    write_files(small_files.folder, scale=0.002)
    listed = {line.split("|")[2] for line in small_files.lines("listings")}
    small_files.write("events", [line for line in small_files.lines("events") if line.split("|", 1)[0] in listed])
    return small_files


@pytest.fixture(scope="module")
def first_day(world: World, runs: Runs, files: Files) -> None:
    """A loaded day that the world can be reset to."""
    assert runs.to_the_end(runs.new("first", pipeline=PIPELINE, params={"date": str(FIRST)})) == 0
    world.keep()


@pytest.fixture(scope="module")
def undisturbed(first_day: None, world: World, runs: Runs, files: Files) -> Content:
    """The results of an undisturbed run of the second day."""
    files.change()
    attempt = runs.new("second-undisturbed", pipeline=PIPELINE, params={"date": str(SECOND)})
    assert runs.to_the_end(attempt) == 0
    assert leftovers(world, attempt.folder / "tmp") == []
    return Content(world.lake_content(), world.warehouse())


@dataclass(frozen=True)
class Killed:
    """A run that died after each of its side effects.

    Attributes:
        effects: what it died after.
        content: what it made.
        leftovers: what it left behind.
        replaced: raw objects that it had landed of files that were replaced meanwhile.
    """

    effects: list[str]
    content: Content
    leftovers: list[str]
    replaced: set[str]


@pytest.fixture(scope="module")
def killed(undisturbed: Content, world: World, runs: Runs, files: Files) -> Killed:
    """Such a run of the second day; what it has landed of two files, and all of a third, is replaced meanwhile."""
    world.back(SECOND)
    final = {entity: files.lines(entity) for entity in ("sales", "users", "venues")}
    files.write("sales", ["5" + line for line in final["sales"]])
    files.write("venues", ["77|Nowhere Hall|Nowhere|NY|1", *final["venues"]])
    attempt = runs.new("second-killed", pipeline=PIPELINE, params={"date": str(SECOND)}, deadly=True)
    replaced: dict[str, str] = {}

    def replace_files(attempt: Attempt, deaths: int) -> Attempt:
        task, _, effect = died_after(attempt)[-1].partition(" | ")
        entity = task.removeprefix("extract-")
        if entity in ("sales", "venues") and entity not in replaced and effect.endswith("-00000.gz"):
            files.write(entity, final[entity])
            replaced[entity] = effect.removeprefix("PutObject ")
        if task == "extract-users" and effect.endswith("_manifest.json"):
            files.write("users", ["1|come|too|late"])
        return taken_up(attempt, deaths)

    deaths = runs.to_the_end(attempt, replace_files)
    files.write("users", final["users"])
    assert len(died_after(attempt)) == deaths
    content = Content(world.lake_content(), world.warehouse())
    return Killed(died_after(attempt), content, leftovers(world, attempt.folder / "tmp"), set(replaced.values()))


def died_after(attempt: Attempt) -> list[str]:
    """The side effects that attempts at a run died after."""
    return (attempt.folder / "died_after.txt").read_text().splitlines()


@pytest.mark.parametrize(
    "effect",
    [
        "open_run | PutObject state/locks/",
        "extract-users | PutObject raw/tickit/users/",
        f"extract-dates | PutObject raw/tickit/dates/ingest_date={SECOND}/run_id={PIPELINE}-{SECOND}/_manifest.json",
        "extract-sales | PutObject raw/tickit/sales/",
        "validate-users | PutObject curated/tickit/users/",
        f"validate-venues | PutObject curated/tickit/venues/ingest_date={SECOND}/_manifest.json",
        "crawl_curated | StartCrawler",
        "build_star | StartJobRun",
        "load | done LOCK staging.",
        "audit | done LOCK etl.data_quality_results",
        "publish | accepted LOCK etl.fences",
        "refresh | accepted REFRESH MATERIALIZED VIEW tickit.",
        "close_run | PutObject state/locks/",
    ],
)
def test_it_died_after(killed: Killed, effect: str) -> None:
    assert any(known.startswith(effect) for known in killed.effects)


def test_the_lake_and_its_manifests_equal_the_undisturbed_ones(killed: Killed, undisturbed: Content) -> None:
    kept_objects = {key: content for key, content in killed.content.lake.items() if key not in killed.replaced}
    assert kept_objects.keys() == undisturbed.lake.keys()
    for key, content in undisturbed.lake.items():
        assert kept_objects[key] == content, key


def test_the_star_and_the_books_equal_the_undisturbed_ones_to_the_key(killed: Killed, undisturbed: Content) -> None:
    assert killed.content.warehouse.keys() == undisturbed.warehouse.keys()
    assert undisturbed.warehouse["tickit.fact_sales"]
    for table, rows in undisturbed.warehouse.items():
        assert killed.content.warehouse[table] == rows, table


def test_nothing_is_left_over_but_what_was_landed_of_files_that_were_replaced(killed: Killed) -> None:
    assert len(killed.replaced) == 2
    assert sorted(killed.leftovers) == sorted(f"{key} is in no manifest" for key in killed.replaced)


def test_a_file_that_changed_only_for_a_moment_is_as_the_day_before(killed: Killed, world: World) -> None:
    same = {entity: raw(world, entity, SECOND).same_as for entity in FILES}
    unchanged = f"{PIPELINE}-{FIRST}"
    assert same == {entity: None if entity in CHANGED else unchanged for entity in FILES}


def test_the_star_is_of_the_files_as_they_are_now(killed: Killed, files: Files, world: World) -> None:
    sold = world.redshift.execute("SELECT sale_id, price_paid FROM tickit.fact_sales")
    lines = (line.split("\t") for line in files.lines("sales"))
    assert {row["sale_id"]: str(row["price_paid"]) for row in sold} == {int(line[0]): line[7] for line in lines}
    users = world.redshift.execute("SELECT user_id FROM tickit.dim_user WHERE user_sk <> 0")
    assert {row["user_id"] for row in users} == {int(line.split("|", 1)[0]) for line in files.lines("users")}


def raw(world: World, entity: str, day: date) -> RawManifest:
    """The raw manifest of an entity from a day's run."""
    return RawManifest.read(world.lake, "tickit", entity, RunId(PIPELINE, day))


@dataclass(frozen=True)
class Unchanged:
    """A run of a day on which no file changed, and that died after each of its side effects.

    Attributes:
        effects: what it died after.
        run: its row in the ledger.
        served_before, served: what readers saw before and after.
        leftovers: what it left behind.
    """

    effects: list[str]
    run: dict[str, Any]
    served_before: dict[str, Any]
    served: dict[str, Any]
    leftovers: list[str]


@pytest.fixture(scope="module")
def unchanged(killed: Killed, world: World, runs: Runs) -> Unchanged:
    """Such a run of the third day."""
    before = world.served()
    attempt = runs.new("third", pipeline=PIPELINE, params={"date": str(THIRD)}, deadly=True)
    runs.to_the_end(attempt, taken_up)
    left = leftovers(world, attempt.folder / "tmp")
    return Unchanged(died_after(attempt), in_ledger(world, THIRD), before, world.served(), left)


def in_ledger(world: World, day: date) -> dict[str, Any]:
    """How a day's run stands."""
    query = "SELECT status, same_as, published_at FROM etl.runs WHERE run_id = :run_id"
    (row,) = world.redshift.execute(query, {"run_id": f"{PIPELINE}-{day}"})
    return row


def test_a_run_without_change_that_died_while_it_said_so_has_nothing_to_load(unchanged: Unchanged) -> None:
    assert any(effect.startswith("has_changed | done UPDATE etl.runs") for effect in unchanged.effects)
    assert unchanged.run == {"status": "succeeded", "same_as": f"{PIPELINE}-{SECOND}", "published_at": None}
    assert unchanged.served == unchanged.served_before
    assert not any(effect.startswith(("validate", "build_star", "publish")) for effect in unchanged.effects)


def test_it_landed_nothing(unchanged: Unchanged, killed: Killed, world: World) -> None:
    assert [key for key in world.keys("raw/") if str(THIRD) in key and not key.endswith("_manifest.json")] == []
    assert set(unchanged.leftovers) == set(killed.leftovers)


def test_a_rebuild_of_such_a_day_is_the_same_as_no_other_and_once_superseded_changes_nothing(
    unchanged: Unchanged, world: World, runs: Runs
) -> None:
    about: dict[str, Any] = {"pipeline": PIPELINE, "params": {"date": str(THIRD), "rebuild": True}}
    first = runs.new("third-again", dag_run="manual-again", until="has_changed", **about)
    assert runs.once(first) == 0, first.log
    assert in_ledger(world, THIRD) == {"status": "running", "same_as": None, "published_at": None}

    second = runs.new("third-taken-over", dag_run="manual-other", ended=("manual-again",), until="open_run", **about)
    assert runs.once(second) == 0, second.log
    before = world.lake_content()
    asleep = ("extract-users", "has_changed", "validate-users")
    first.forget(*asleep)
    for task in asleep:
        again = replace(first, until=task, skip=tuple(other for other in asleep if other != task))
        before_it = len(again.log)
        assert runs.once(again) == 1
        assert "LockLost: manual-again lost the lock of tickit_load, now held" in again.log[before_it:], task
    assert world.lake_content() == before
