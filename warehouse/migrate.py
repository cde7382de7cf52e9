"""Brings a warehouse up to date: migrations once and in order; procedures, comments and data products on each change.

`etl.schema_migrations` keeps the checksum of every file that was applied. A migration whose statements were edited
after it was applied is refused, because the tables it made would no longer match the file. Procedures, quality rules,
comments and views have no data of their own, so they're simply created again. Descriptions of views come after all
views, and again whenever their view was created. Privileges come last, and again whenever anything was created: a new
object has none.

A table that a star declares is made from its declaration, and keeps its rows when the declaration changes: a new column
is added. What Redshift can't do to a table that exists, such as another type, needs a migration, and is refused
without one. That migration begins with the line `-- upgrades: <schema>.<table>`: it is for warehouses that have the
table, and a table that is made from its declaration doesn't need it.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

from aws_services.errors import StatementFailed
from aws_services.redshift_data import BATCH_LIMIT, RedshiftData
from warehouse import access, catalog
from warehouse.procedures import procedures
from warehouse.refresh import materialized_views
from warehouse.rule_files import rules
from warehouse.rule_procedures import dispatching_procedure, star_procedure
from warehouse.stars import SqlFile, Star, sql_files, stars
from warehouse.statements import split, without_words
from warehouse.table_changes import CannotChange, changes, present_columns
from warehouse.tables import Table, comment

Kind = Literal["table", "migration", "comment", "procedure", "product", "external", "description", "grant"]
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
_UPGRADES = re.compile(r"\A-- upgrades: (\w+\.\w+)\n")


class MigrationRefused(RuntimeError):
    """A migration cannot be applied as it stands; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Step:
    """One file to apply, or what is made of a declaration.

    Attributes:
        name: in the ledger.
        kind: what it makes, which decides how it is applied.
        text: its SQL.
        view: what a product makes; the step `description` describes it.
        description: the name of that step.
        table: what a step of kind `table` makes, or changes when it is there.
        due: migrations that such a table does not need, once it is made from its declaration.
    """

    name: str
    kind: Kind
    text: str
    view: str = ""
    description: str = ""
    table: Table | None = None
    due: tuple[Step, ...] = ()

    @property
    def upgrades(self) -> str:
        """The declared table that a migration changes where it is there; empty for other migrations."""
        return upgraded[1] if self.kind == "migration" and (upgraded := _UPGRADES.match(self.text)) else ""

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
    return [*made, *_descriptions(made), *_grants()]


def described_tables(made: Sequence[Step]) -> dict[str, catalog.Table]:
    """All tables and data products that the steps make, with what they mean, by full name."""
    definitions = (step.text for step in made if step.kind in ("table", "migration") and not step.upgrades)
    comments = (step.text for step in made if step.kind == "comment")
    return dict(_described(tuple(definitions), tuple(comments), tuple(_products())))


@cache
def _described(
    definitions: tuple[str, ...], comments: tuple[str, ...], products: tuple[SqlFile, ...]
) -> dict[str, catalog.Table]:
    return catalog.read_tables(definitions, comments, products)


def _products() -> Iterator[SqlFile]:
    for package in ("shared", *(star.name for star in stars())):
        yield from sql_files(package, "products")


def _dispatcher() -> Iterator[Step]:
    yield Step("shared/quality", "procedure", dispatching_procedure(stars()))


def _external_schemas() -> Iterator[Step]:
    for name in access.EXTERNAL_SCHEMAS:
        yield Step(f"shared/external/{name}", "external", access.external_schema(name))


def _descriptions(made: Sequence[Step]) -> Iterator[Step]:
    tables = described_tables(made)
    for file in _products():
        name = file.name.replace("/products/", "/descriptions/")
        yield Step(name, "description", catalog.description(file, tables))


def _grants() -> Iterator[Step]:
    for package in ("shared", *(star.name for star in stars())):
        yield from (Step(file.name, "grant", file.text) for file in sql_files(package, "grants"))
    views = [view for star in stars() for view in materialized_views(star)]
    yield Step("shared/grants/users", "grant", access.grants_of_users(views))
    yield Step("shared/grants/external_schemas", "grant", access.grants_of_external_schemas())


def _of_package(package: str, tables: Sequence[Table] = ()) -> Iterator[Step]:
    migrations = [Step(file.name, "migration", file.text) for file in sql_files(package, "migrations")]
    yield from (step for step in migrations if step.upgrades)
    if tables:
        yield Step(f"{package}/schema", "table", f"CREATE SCHEMA IF NOT EXISTS {package};\n")
    for table in tables:
        due = tuple(step for step in migrations if step.upgrades == table.full_name)
        yield Step(f"{package}/tables/{table.full_name}", "table", table.create(), table=table, due=due)
    yield from (step for step in migrations if not step.upgrades)
    yield from (Step(file.name, "comment", file.text) for file in sql_files(package, "comments"))
    yield from (Step(file.name, "procedure", file.text) for file in sql_files(package, "procedures"))
    if star_rules := rules(package):
        yield Step(f"{package}/quality", "procedure", star_procedure(package, star_rules))
    yield from (_product(package, file) for file in sql_files(package, "products"))


def _of_star(star: Star) -> Iterator[Step]:
    """What is made of the star's declarations, what its own files say, and what is made from shared templates."""
    yield from _of_package(star.name, star.declared_tables)
    comments = [comment(f"SCHEMA {star.name}", star.description), *(t.comments() for t in star.declared_tables)]
    yield Step(f"{star.name}/comments", "comment", "\n".join(filter(None, comments)))
    for name, text in procedures(star):
        yield Step(f"{star.name}/{name}", "procedure", text)


def _product(package: str, file: SqlFile) -> Step:
    description = f"{package}/descriptions/{file.stem}.sql"
    return Step(file.name, "product", file.text, catalog.product_name(file), description)


def migrate(redshift: RedshiftData, told: Callable[[str], None] = lambda name: None) -> list[str]:
    """Apply what is missing or has changed.

    Safe to run twice at once: each step is one transaction that first locks the ledger; views are made again.

    Args:
        redshift: the warehouse.
        told: called with the name of each file as soon as it is applied.

    Returns:
        The names of the files applied, in order; empty when the warehouse was up to date.

    Raises:
        MigrationRefused: an applied migration was edited, a table differs from its declaration by more than new
            columns, or a file has too many statements for one transaction.
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
    if applied.get(step.name) == step.checksum or not _is_needed(redshift, step):
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
            if step.kind in ("table", "migration") or attempt == _ATTEMPTS - 1:
                raise
            time.sleep(_PAUSE_SECONDS * (attempt + 1))
        else:
            return True
    return False


def _is_needed(redshift: RedshiftData, step: Step) -> bool:
    """False for a migration that upgrades a declared table that is not there, or was just made as declared."""
    if not step.upgrades:
        return True
    schema, name = step.upgrades.split(".")
    is_there = bool(present_columns(redshift, Table(schema, name, ())))
    return is_there and _applied(redshift).get(step.name) != step.checksum


def _run(redshift: RedshiftData, step: Step) -> None:
    if step.table:
        redshift.batch(["LOCK etl.schema_migrations", *_statements(redshift, step, step.table), *step.record])
        return
    statements, limit = split(step.text), BATCH_LIMIT - _RESERVED
    if step.kind in ("comment", "description"):  # each says the whole of something: they need not be one transaction
        for first in range(0, len(statements), limit):
            redshift.batch(statements[first : first + limit])
        redshift.batch(["LOCK etl.schema_migrations", *step.record])  # two appliers at once would both insert it
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


def _statements(redshift: RedshiftData, step: Step, table: Table) -> list[str]:
    """What makes a table as declared; one that is made at once needs no migration that upgrades it."""
    present = present_columns(redshift, table)
    if not present:
        return [*split(step.text), *(statement for migration in step.due for statement in migration.record)]
    try:
        return changes(table, present)
    except CannotChange as error:
        raise MigrationRefused(str(error)) from error


def _make_view(redshift: RedshiftData, step: Step, statements: list[str]) -> None:
    """Make a view again: each statement alone, because a materialized view is made outside of other transactions."""
    kind = "MATERIALIZED VIEW" if "CREATE MATERIALIZED VIEW" in step.text.upper() else "VIEW"
    for statement in (f"DROP {kind} IF EXISTS {step.view}", *statements):
        redshift.execute(statement)
    redshift.batch(["LOCK etl.schema_migrations", *step.record])
