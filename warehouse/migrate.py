"""Brings a warehouse up to date: migrations once and in order; procedures, comments and data products on each change.

`etl.schema_migrations` has the checksum of every applied file. A migration whose statements were edited after it was
applied is refused, because its tables would no longer match the file. Procedures, quality rules, comments and views
have no data of their own, so they're simply created again. Descriptions of views are applied after all views, and again
whenever their view was created. Privileges are applied last, and again whenever anything was created: a new object has
none.

A table that a star declares is created from its declaration. When the declaration changes, the table keeps its rows,
and new columns are added. A change that Redshift can't make to an existing table, such as another type, needs a
migration, and is refused without one. That migration begins with the line `-- upgrades: <schema>.<table>`. It is for
warehouses that have the table already; a table created from its declaration doesn't need it.
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
from warehouse.stars import SHARED, SqlFile, Star, packages, sql_files, stars
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
_RESERVED = 3  # statements of a batch that write the ledger
_UPGRADES = re.compile(r"\A-- upgrades: (\w+\.\w+)\n")


class MigrationRefused(RuntimeError):
    """A migration cannot be applied as it is. The message names it and the remedy."""


@dataclass(frozen=True, slots=True)
class Step:
    """One file to apply, or the SQL that a declaration generates.

    Attributes:
        name: its name in the ledger.
        kind: the kind of object that it creates, which decides how it is applied.
        text: its SQL.
        view: the view that a product creates; the step `description` describes it.
        description: the name of that step.
        table: the table that a step of kind `table` creates, or changes if it exists.
        due: migrations that this table doesn't need once it is created from its declaration.
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
        """The declared table that a migration changes if it exists; empty for other migrations."""
        match = _UPGRADES.match(self.text) if self.kind == "migration" else None
        return match[1] if match else ""

    @property
    def checksum(self) -> str:
        """SHA-256 of the statements, without comments and layout."""
        return hashlib.sha256(without_words(self.text).encode()).hexdigest()

    @property
    def record(self) -> tuple[str, str]:
        """The statements that write this step into the ledger.

        Every step but a grant makes the grants due again. A product also makes its description due again.
        """
        due = "" if self.kind == "grant" else " OR kind = 'grant'"
        return (
            f"DELETE FROM etl.schema_migrations WHERE name IN ('{self.name}', '{self.description}'){due}",
            "INSERT INTO etl.schema_migrations (name, kind, checksum, applied_at) "
            f"VALUES ('{self.name}', '{self.kind}', '{self.checksum}', GETDATE())",
        )


def steps() -> list[Step]:
    """All steps in order: the shared ones, those of each star, then descriptions and privileges."""
    star_steps = (step for star in stars() for step in _star_steps(star))
    shared_steps = (step for package in SHARED for step in _package_steps(package))
    creating = [*shared_steps, *star_steps, *_dispatcher(), *_external_schemas()]
    return [*creating, *_descriptions(creating), *_grants()]


def described_tables(creating: Sequence[Step]) -> dict[str, catalog.Table]:
    """All tables and data products that the steps create, with their meanings, by full name."""
    definitions = (step.text for step in creating if step.kind in ("table", "migration") and not step.upgrades)
    comments = (step.text for step in creating if step.kind == "comment")
    return dict(_described(tuple(definitions), tuple(comments), tuple(_products())))


@cache
def _described(
    definitions: tuple[str, ...], comments: tuple[str, ...], products: tuple[SqlFile, ...]
) -> dict[str, catalog.Table]:
    return catalog.read_tables(definitions, comments, products)


def _products() -> Iterator[SqlFile]:
    for package in packages():
        yield from sql_files(package, "products")


def _dispatcher() -> Iterator[Step]:
    yield Step("shared/quality", "procedure", dispatching_procedure(stars()))


def _external_schemas() -> Iterator[Step]:
    for name in access.EXTERNAL_SCHEMAS:
        yield Step(f"shared/external/{name}", "external", access.external_schema(name))


def _descriptions(creating: Sequence[Step]) -> Iterator[Step]:
    tables = described_tables(creating)
    for file in _products():
        name = file.name.replace("/products/", "/descriptions/")
        yield Step(name, "description", catalog.description(file, tables))


def _grants() -> Iterator[Step]:
    for package in packages():
        yield from (Step(file.name, "grant", file.text) for file in sql_files(package, "grants"))
    views = [view for star in stars() for view in materialized_views(star)]
    yield Step("shared/grants/users", "grant", access.grants_of_users(views))
    yield Step("shared/grants/external_schemas", "grant", access.grants_of_external_schemas())


def _package_steps(package: str, tables: Sequence[Table] = ()) -> Iterator[Step]:
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


def _star_steps(star: Star) -> Iterator[Step]:
    """The steps from the star's declarations, from its own files, and from shared templates."""
    yield from _package_steps(star.name, star.declared_tables)
    comments = [comment(f"SCHEMA {star.name}", star.description), *(table.comments() for table in star.declared_tables)]
    yield Step(f"{star.name}/comments", "comment", "\n".join(filter(None, comments)))
    for name, text in procedures(star):
        yield Step(f"{star.name}/{name}", "procedure", text)


def _product(package: str, file: SqlFile) -> Step:
    description = f"{package}/descriptions/{file.stem}.sql"
    return Step(file.name, "product", file.text, catalog.product_name(file), description)


def migrate(redshift: RedshiftData, on_applied: Callable[[str], None] = lambda name: None) -> list[str]:
    """Apply every step that is new or has changed.

    Two processes can do this at once: each step is one transaction that first locks the ledger, and views are created
    again.

    Args:
        redshift: the warehouse.
        on_applied: called with the name of each step as soon as it is applied.

    Returns:
        The names of the applied steps, in order; empty if the warehouse was up to date.

    Raises:
        MigrationRefused: an applied migration was edited, a table differs from its declaration by more than new
            columns, or a file has too many statements for one transaction.
        StatementFailed: Redshift refused a statement. The steps before it stay applied.
    """
    _bootstrap(redshift)
    all_steps = steps()
    applied = _apply_all(redshift, [step for step in all_steps if step.kind not in _LAST], on_applied)
    access.create_users(redshift)
    # Each applied step has deleted the steps that it makes due again from the ledger.
    for kind in _LAST:
        applied += _apply_all(redshift, [step for step in all_steps if step.kind == kind], on_applied)
    return applied


def _bootstrap(redshift: RedshiftData) -> None:
    for statement in _BOOTSTRAP:
        try:
            redshift.execute(statement)
        except StatementFailed:
            # Another process created it at the same time, so now it exists.
            redshift.execute(statement)


def _applied(redshift: RedshiftData) -> dict[str, str]:
    rows = redshift.execute("SELECT name, checksum FROM etl.schema_migrations")
    checksums = {str(row["name"]): str(row["checksum"]).strip() for row in rows}
    return {name: _released().get(name, {}).get(checksum, checksum) for name, checksum in checksums.items()}


@cache
def _released() -> dict[str, dict[str, str]]:
    """Checksums of the statements of released migrations, by name and by the checksum that they were applied with.

    Checksums once included comments. A warehouse keeps the checksums that it recorded then.
    """
    text = resources.files("warehouse").joinpath("released_checksums.json").read_text("utf-8")
    released: dict[str, dict[str, str]] = json.loads(text)
    return released


def _apply_all(redshift: RedshiftData, due: list[Step], on_applied: Callable[[str], None]) -> list[str]:
    checksums = _applied(redshift)
    names = []
    for step in due:
        if _apply(redshift, step, checksums):
            names.append(step.name)
            on_applied(step.name)
    return names


def _apply(redshift: RedshiftData, step: Step, checksums: dict[str, str]) -> bool:
    if checksums.get(step.name) == step.checksum or not _is_needed(redshift, step):
        return False
    if step.kind == "migration" and step.name in checksums:
        raise MigrationRefused(
            f"{step.name} was changed after it was applied: restore it, and put the change in a new migration"
        )
    for attempt in range(_ATTEMPTS):
        try:
            _run(redshift, step)
        except StatementFailed:
            if _applied(redshift).get(step.name) == step.checksum:
                return False  # another process was faster, and did the same
            # A view is not created in one transaction: two processes can disturb each other, and both must try again.
            if step.kind in ("table", "migration") or attempt == _ATTEMPTS - 1:
                raise
            time.sleep(_PAUSE_SECONDS * (attempt + 1))
        else:
            return True
    return False


def _is_needed(redshift: RedshiftData, step: Step) -> bool:
    """False for a migration that upgrades a declared table that does not exist, or was just created as declared."""
    if not step.upgrades:
        return True
    schema, name = step.upgrades.split(".")
    exists = bool(present_columns(redshift, Table(schema, name, ())))
    return exists and _applied(redshift).get(step.name) != step.checksum


def _run(redshift: RedshiftData, step: Step) -> None:
    if step.table:
        redshift.batch(["LOCK etl.schema_migrations", *_statements(redshift, step, step.table), *step.record])
        return
    statements = split(step.text)
    limit = BATCH_LIMIT - _RESERVED
    if step.kind in ("comment", "description"):  # each statement is complete: they need not be one transaction
        for first in range(0, len(statements), limit):
            redshift.batch(statements[first : first + limit])
        redshift.batch(["LOCK etl.schema_migrations", *step.record])  # two processes at once would both insert it
        return
    if len(statements) > limit:
        raise MigrationRefused(f"{step.name} has {len(statements)} statements; one transaction holds {limit}: split it")
    if step.kind == "product":
        _create_view(redshift, step, statements)
    elif step.kind == "external":  # Redshift creates external schemas outside of transactions
        for statement in statements:
            redshift.execute(statement)
        redshift.batch(["LOCK etl.schema_migrations", *step.record])
    else:
        redshift.batch(["LOCK etl.schema_migrations", *statements, *step.record])


def _statements(redshift: RedshiftData, step: Step, table: Table) -> list[str]:
    """The statements that create a table or change it. A table that they create needs none of its migrations."""
    present = present_columns(redshift, table)
    if not present:
        return [*split(step.text), *(statement for migration in step.due for statement in migration.record)]
    try:
        return changes(table, present)
    except CannotChange as error:
        raise MigrationRefused(str(error)) from error


def _create_view(redshift: RedshiftData, step: Step, statements: list[str]) -> None:
    """Create a view again: each statement alone, because a materialized view is created outside of transactions."""
    kind = "MATERIALIZED VIEW" if "CREATE MATERIALIZED VIEW" in step.text.upper() else "VIEW"
    for statement in (f"DROP {kind} IF EXISTS {step.view}", *statements):
        redshift.execute(statement)
    redshift.batch(["LOCK etl.schema_migrations", *step.record])
