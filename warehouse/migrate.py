"""Brings a warehouse up to date: migrations once and in order; procedures, comments and data products on each change.

`etl.schema_migrations` keeps the checksum of every file that was applied. A migration whose statements were edited
after it was applied is refused, because the tables it made would no longer match the file. Procedures, quality rules,
comments and views have no data of their own, so they're simply created again. Descriptions of views come after all
views, and again whenever their view was created. Privileges come last, and again whenever anything was created: a new
object has none.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

from aws_services.errors import StatementFailed
from aws_services.redshift_data import BATCH_LIMIT, RedshiftData
from warehouse import access, quality, standard
from warehouse.refresh import materialized_views
from warehouse.stars import SqlFile, Star, sql_files, stars
from warehouse.statements import split, without_words

Kind = Literal["migration", "comment", "procedure", "product", "external", "description", "grant"]
_LAST: tuple[Kind, ...] = ("description", "grant")

_BOOTSTRAP = (
    "CREATE SCHEMA IF NOT EXISTS etl",
    "CREATE TABLE IF NOT EXISTS etl.schema_migrations ("
    "name VARCHAR(256) NOT NULL ENCODE ZSTD, kind VARCHAR(16) NOT NULL ENCODE ZSTD, "
    "checksum CHAR(64) NOT NULL ENCODE ZSTD, applied_at TIMESTAMP NOT NULL ENCODE AZ64, PRIMARY KEY (name)"
    ") DISTSTYLE ALL",
)
_ATTEMPTS = 5
_PAUSE_SECONDS = 0.2
_RESERVED = 3  # statements of a batch that keep the ledger


class MigrationRefused(RuntimeError):
    """A migration cannot be applied as it stands; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Step:
    """One file to apply; a product makes a `view`, which the step `description` describes."""

    name: str
    kind: Kind
    text: str
    view: str = ""
    description: str = ""

    @property
    def checksum(self) -> str:
        """SHA-256 of what the text does: of its statements, without comments and layout."""
        return hashlib.sha256(without_words(self.text).encode()).hexdigest()

    @property
    def record(self) -> tuple[str, str]:
        """The statements that write this step into the ledger.

        Whatever is not a grant makes the grants due again, and a product its description.
        """
        due = "" if self.kind == "grant" else " OR kind = 'grant'"
        return (
            f"DELETE FROM etl.schema_migrations WHERE name IN ('{self.name}', '{self.description}'){due}",
            "INSERT INTO etl.schema_migrations (name, kind, checksum, applied_at) "
            f"VALUES ('{self.name}', '{self.kind}', '{self.checksum}', GETDATE())",
        )


def steps() -> list[Step]:
    """Everything there is to apply, in order: what is shared, then star by star, then who may do what."""
    of_stars = (step for star in stars() for step in _of_star(star))
    made = [*_of_package("shared"), *of_stars, *_dispatcher(), *_external_schemas()]
    return [*made, *_descriptions(), *_grants()]


def _dispatcher() -> Iterator[Step]:
    yield Step("shared/quality", "procedure", quality.dispatching_procedure(stars()))


def _external_schemas() -> Iterator[Step]:
    for name in access.EXTERNAL_SCHEMAS:
        yield Step(f"shared/external/{name}", "external", access.external_schema(name))


def _descriptions() -> Iterator[Step]:
    for star in stars():
        yield from (Step(file.name, "description", file.text) for file in star.sql_files("descriptions"))


def _grants() -> Iterator[Step]:
    for package in ("shared", *(star.name for star in stars())):
        yield from (Step(file.name, "grant", file.text) for file in sql_files(package, "grants"))
    views = [view for star in stars() for view in materialized_views(star)]
    yield Step("shared/grants/users", "grant", access.grants_of_users(views))
    yield Step("shared/grants/external_schemas", "grant", access.grants_of_external_schemas())


def _of_package(package: str) -> Iterator[Step]:
    yield from (Step(file.name, "migration", file.text) for file in sql_files(package, "migrations"))
    yield from (Step(file.name, "comment", file.text) for file in sql_files(package, "comments"))
    yield from (Step(file.name, "procedure", file.text) for file in sql_files(package, "procedures"))
    if rules := quality.rules(package):
        yield Step(f"{package}/quality", "procedure", quality.star_procedure(package, rules))
    yield from (_product(package, file) for file in sql_files(package, "products"))


def _of_star(star: Star) -> Iterator[Step]:
    """What the star's own files say, and what is made of it from shared templates."""
    yield from _of_package(star.name)
    templates = {file.stem: file.text for file in sql_files("shared", "dimensions")}
    for dimension in star.dimensions:
        text = dimension.procedure(star.name, templates[dimension.history])
        yield Step(f"{star.name}/dimensions/{dimension.table_name}", "procedure", text)
    for name, text in standard.procedures(star):
        yield Step(f"{star.name}/standard/{name}", "procedure", text)


def _product(package: str, file: SqlFile) -> Step:
    description = f"{package}/descriptions/{file.stem}.sql"
    return Step(file.name, "product", file.text, product_name(package, file), description)


def product_name(package: str, file: SqlFile) -> str:
    """Schema and name of the view that a file of a package's products makes."""
    return f"{package}.{file.stem.split('_', 1)[1]}"


def migrate(redshift: RedshiftData, told: Callable[[str], None] = lambda name: None) -> list[str]:
    """Apply what is missing or has changed.

    Safe to run twice at once: each step is one transaction that first locks the ledger; views are made again.

    Args:
        redshift: the warehouse.
        told: called with the name of each file as soon as it is applied.

    Returns:
        The names of the files applied, in order; empty when the warehouse was up to date.

    Raises:
        MigrationRefused: an applied migration was edited, or a file has too many statements for one transaction.
        StatementFailed: Redshift refused a statement; the steps before it stay applied.
    """
    _bootstrap(redshift)
    wanted = steps()
    made = _apply_all(redshift, [step for step in wanted if step.kind not in _LAST], told)
    access.create_users(redshift)
    # Whatever was made has taken what is due again out of the ledger.
    for kind in _LAST:
        made += _apply_all(redshift, [step for step in wanted if step.kind == kind], told)
    return made


def _bootstrap(redshift: RedshiftData) -> None:
    for statement in _BOOTSTRAP:
        try:
            redshift.execute(statement)
        except StatementFailed:
            # Two appliers that create at once: the one that lost finds it there.
            redshift.execute(statement)


def _applied(redshift: RedshiftData) -> dict[str, str]:
    rows = redshift.execute("SELECT name, checksum FROM etl.schema_migrations")
    checksums = {str(row["name"]): str(row["checksum"]).strip() for row in rows}
    return {name: _released().get(name, {}).get(checksum, checksum) for name, checksum in checksums.items()}


@cache
def _released() -> dict[str, dict[str, str]]:
    """Checksums of the statements of released migrations, by name and by the checksum that they were applied with.

    Comments once counted in a checksum. A warehouse keeps what it was told then.
    """
    text = resources.files("warehouse").joinpath("released_checksums.json").read_text("utf-8")
    released: dict[str, dict[str, str]] = json.loads(text)
    return released


def _apply_all(redshift: RedshiftData, wanted: list[Step], told: Callable[[str], None]) -> list[str]:
    applied, done = _applied(redshift), []
    for step in wanted:
        if _apply(redshift, step, applied):
            done.append(step.name)
            told(step.name)
    return done


def _apply(redshift: RedshiftData, step: Step, applied: dict[str, str]) -> bool:
    if applied.get(step.name) == step.checksum:
        return False
    if step.kind == "migration" and step.name in applied:
        raise MigrationRefused(
            f"{step.name} was changed after it was applied: restore it as it was, and put the change in a new migration"
        )
    for attempt in range(_ATTEMPTS):
        try:
            _run(redshift, step)
        except StatementFailed:
            if _applied(redshift).get(step.name) == step.checksum:
                return False  # another applier was faster, and did the same
            # A view is not made in one transaction: two appliers can trip over each other and both must try again.
            if step.kind == "migration" or attempt == _ATTEMPTS - 1:
                raise
            time.sleep(_PAUSE_SECONDS * (attempt + 1))
        else:
            return True
    return False


def _run(redshift: RedshiftData, step: Step) -> None:
    statements, limit = split(step.text), BATCH_LIMIT - _RESERVED
    if step.kind in ("comment", "description"):  # each says the whole of something: they need not be one transaction
        for first in range(0, len(statements), limit):
            redshift.batch(statements[first : first + limit])
        redshift.batch(step.record)
        return
    if len(statements) > limit:
        raise MigrationRefused(f"{step.name} has {len(statements)} statements; one transaction holds {limit}: split it")
    if step.kind == "product":
        _make_view(redshift, step, statements)
    elif step.kind == "external":  # Redshift makes external things outside of transactions
        for statement in statements:
            redshift.execute(statement)
        redshift.batch(["LOCK etl.schema_migrations", *step.record])
    else:
        redshift.batch(["LOCK etl.schema_migrations", *statements, *step.record])


def _make_view(redshift: RedshiftData, step: Step, statements: list[str]) -> None:
    """Make a view again: each statement alone, because a materialized view is made outside of other transactions."""
    kind = "MATERIALIZED VIEW" if "CREATE MATERIALIZED VIEW" in step.text.upper() else "VIEW"
    for statement in (f"DROP {kind} IF EXISTS {step.view}", *statements):
        redshift.execute(statement)
    redshift.batch(["LOCK etl.schema_migrations", *step.record])
