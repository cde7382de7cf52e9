"""Checks that every star is complete, without a warehouse: rules, meanings, grants, resources, a job, a DAG.

    python -m infra.checks.completeness

Each finding names the star, the missing part, and how to add it. A star that declares its facts
(`warehouse.stars.current_star`) already has the rules. A star with its own procedures must declare them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aws_services import resources
from aws_services.resources import Pipeline
from infra import terminal
from infra.checkout import ROOT
from infra.checks.dictionary import is_for_analysts
from infra.checks.warehouse_tables import warehouse_tables
from schemas.registry import get_source, source_names
from schemas.source import Source
from warehouse.catalog import Table
from warehouse.rule_files import BadRule, rules
from warehouse.rules import Rule, Severity
from warehouse.stars import Star, stars

_TEMPLATES = ("dev", "prod")
_NAMES_A_PERSON = re.compile(r"(user_?name|first_name|last_name|full_name|e_?mail|phone|birth)")


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise that every star must keep with a quality rule.

    Attributes:
        name: a regular expression for the rule's whole name.
        phase: the phase when the rule runs.
        text: the promise, for messages.
        severity: the rule's minimum severity.
    """

    name: str
    phase: str
    text: str
    severity: Severity = "CRITICAL"


_OF_EVERY_STAR = (
    Promise("books_balance", "staged", "raw records are curated, quarantined or duplicates, and none is lost"),
    Promise(r"\w+_complete", "staged", "all records that the source reported were landed"),
    Promise(r"\w+_rejected", "staged", "few records are in quarantine", "MEDIUM"),
    Promise(r"\w+_all_staged", "staged", "every curated row is staged, and nothing else"),
    Promise(r"(tables|\w+s)_present", "staged", "an empty load never empties the star"),
    Promise(r"\w+_drop", "staged", "less than half the rows of the previous load are published only on request"),
    Promise("observed_on_business_date", "staged", "staged rows were observed on the run's day"),
    Promise("star_books_balance", "star", "staged = inserted + versioned + unchanged, per table of the star"),
    Promise("unknown_members_present", "star", "every dimension has its unknown member, key 0"),
)


def faults(root: Path = ROOT) -> list[str]:
    """The missing parts of all stars and sources, one sentence each. Empty if every star is complete.

    Args:
        root: the repository with the scripts, DAGs and templates.
    """
    tables = warehouse_tables()
    star_faults = [fault for star in stars() for fault in of_star(star, tables, root)]
    names = {star.name for star in stars()}
    missing_stars = sorted(set(source_names()) - names)
    return star_faults + [
        f"source {name}: it has no star: add warehouse/{name}/__init__.py with a STAR" for name in missing_stars
    ]


def of_star(star: Star, tables: Mapping[str, Table], root: Path) -> Iterator[str]:
    """The missing parts of one star."""
    own = [table for table in tables.values() if table.schema == star.name]
    try:
        yield from _in(star, of_rules(star, rules(star.name)))
    except BadRule as error:
        yield from _in(star, [str(error)])
    yield from _in(star, of_meanings(star, own))
    yield from _in(star, of_grants(star, own, [file.text for file in star.sql_files("grants")]))
    source = get_source(star.name) if star.name in source_names() else None
    pipeline = resources.PIPELINES.get(star.pipeline)
    yield from _in(star, of_resources(star, pipeline, source))
    if source and pipeline:
        yield from _in(star, of_personal_data(pipeline, source))
    if pipeline:
        yield from _in(star, of_programs(pipeline, root))


def of_rules(star: Star, quality_rules: Sequence[Rule]) -> Iterator[str]:
    """Promises without a quality rule."""
    for promise in _promises(star):
        if not any(_keeps(rule, promise) for rule in quality_rules):
            weight = f"severity {promise.severity}, phase {promise.phase}"
            name = promise.name.replace(r"\w+", "<what>").replace("(tables|<what>s)", "tables")
            yield (
                f"no rule promises that {promise.text}: declare it in warehouse/{star.name}/rules.py or write "
                f"warehouse/{star.name}/quality/{name}.sql ({weight}). A star with declared facts already has it "
                "(warehouse/stars.py, current_star)"
            )
    for table in star.staged:
        of_table = (rule for rule in quality_rules if rule.table == f"staging.{table}")
        unique = (rule for rule in of_table if rule.name.endswith("_keys_unique"))
        if not any(rule.phase == "staged" and rule.severity == "CRITICAL" for rule in unique):
            yield (
                f"no rule promises that a key is in staging.{table} once: add a CRITICAL rule <entity>_keys_unique "
                f"of phase staged about that table to warehouse/{star.name}/rules.py"
            )
    staged = [f"staging.{table}" for table in star.staged]
    yield from _unchecked(star, quality_rules, "observed_on_business_date", staged)
    dimensions = [f"{star.name}.{table}" for table in star.tables if table.startswith("dim_")]
    yield from _unchecked(star, quality_rules, "unknown_members_present", dimensions)
    if not any(rule.phase == "star" for rule in quality_rules):
        yield (
            "it has no rule of phase star, and a publication fails without one (etl.sp_assert_star): add "
            f"star_books_balance() to warehouse/{star.name}/rules.py"
        )


def _promises(star: Star) -> Iterator[Promise]:
    """The promises of every star, and the promises of this star's facts and bridges."""
    yield from _OF_EVERY_STAR
    for table in star.tables:
        if table.startswith("fact_"):
            yield Promise(rf"{table}_one_row_per_\w+", "star", f"{table} has one row per item that it counts")
        if table.startswith(("fact_", "bridge_")):
            yield Promise(f"{table}_keys_resolve", "star", f"every key of {table} is in its dimension")


def _keeps(rule: Rule, promise: Promise) -> bool:
    return (
        re.fullmatch(promise.name, rule.name) is not None
        and rule.phase == promise.phase
        and (rule.severity == promise.severity or rule.severity == "CRITICAL")
    )


def _unchecked(star: Star, quality_rules: Sequence[Rule], name: str, tables: Iterable[str]) -> Iterator[str]:
    """Tables that a rule about all tables doesn't check."""
    for rule in quality_rules:
        if rule.name == name:
            for table in tables:
                if not re.search(rf"\b{re.escape(table)}\b", rule.query):
                    yield f"its rule {name} doesn't check {table}: add the table in warehouse/{star.name}/rules.py"


def of_meanings(star: Star, tables: Iterable[Table]) -> Iterator[str]:
    """Tables and columns that people query but that have no description."""
    for table in tables:
        if is_for_analysts(table):
            columns = [column.name for column in table.columns.values() if not column.meaning]
            if columns or not table.meaning:
                subject = (
                    f"column{'s' if len(columns) > 1 else ''} {', '.join(columns)}" if columns else "the table itself"
                )
                yield (
                    f"{table.full_name} has no description for {subject}: describe it in the contract's row or in "
                    f"warehouse/{star.name}/__init__.py if the table is declared there, in the head of its file "
                    f"('-- <column>: <meaning>') if it is a view, else by COMMENT ON in warehouse/{star.name}/comments"
                )


def of_grants(star: Star, tables: Iterable[Table], grants: Iterable[str]) -> Iterator[str]:
    """Missing grants: on the tables and views that people query, and for the loader."""
    text = " ".join(" ".join(grants).split())
    place = f"in warehouse/{star.name}/grants"
    for role in ("etl", "data_analysts"):
        usage = f"GRANT USAGE ON SCHEMA {star.name} TO ROLE {role};"
        if usage not in text:
            yield f"the role {role} may not use its schema: add '{usage}' {place}"
    for table in tables:
        grant = f"GRANT SELECT ON TABLE {table.full_name} TO ROLE data_analysts;"
        if is_for_analysts(table) and grant not in text:
            yield f"analysts may not read {table.full_name}: add '{grant}' {place}"


def of_resources(star: Star, pipeline: Pipeline | None, source: Source | None) -> Iterator[str]:
    """Differences between the contracts and the list of resources, and missing declarations."""
    if source is None:
        yield f"it has no contracts: add schemas/{star.name}/__init__.py with a SOURCE"
    if pipeline is None:
        yield f"its pipeline {star.pipeline} has no resources: add it to PIPELINES in aws_services/resources.py"
        return
    if pipeline.source != star.name:
        yield f"its pipeline reads {pipeline.source!r}: a star, its source and its contracts must have the same name"
    if source and pipeline.entities != source.entities:
        yield _differ("entities", pipeline.entities, source.entities)
    if source and pipeline.tables != tuple(source.tables):
        yield _differ("tables", pipeline.tables, tuple(source.tables))


def _differ(kind: str, listed: tuple[str, ...], declared: tuple[str, ...]) -> str:
    return (
        f"aws_services/resources.py lists the {kind} {', '.join(listed)} and its contracts declare "
        f"{', '.join(declared)}: list the same names in both, in the same order"
    )


def of_personal_data(pipeline: Pipeline, source: Source) -> Iterator[str]:
    """Curated columns that look like personal data, and tables with personal data that aren't listed."""
    place = "personal_data of the pipeline in aws_services/resources.py"
    for name, row in source.tables.items():
        marked = [column.name for column in row.columns() if "Personal data" in column.description]
        for column in row.columns():
            if _NAMES_A_PERSON.fullmatch(column.name) and column.name not in marked:
                yield (
                    f"{name}.{column.name} looks like personal data: add 'Personal data.' to its description, or "
                    "rename the column"
                )
        uri = f"s3://{resources.LAKE_BUCKET}/curated/{source.name}/{name}/"
        if marked and uri not in pipeline.personal_data:
            yield f"curated {name} has personal data ({', '.join(marked)}) and is not listed: add {uri!r} to {place}"
        raw = f"s3://{resources.LAKE_BUCKET}/raw/{source.name}/"
        if marked and not any(listed.startswith(raw) for listed in pipeline.personal_data):
            yield f"no raw data of it is listed as personal: add '{raw}<entity>/' to {place}"


def of_programs(pipeline: Pipeline, root: Path) -> Iterator[str]:
    """A missing job script or DAG, and account templates without the pipeline."""
    script = Path("glue_jobs", pipeline.job.script)
    if not (root / script).is_file():
        yield f"its Glue job has no script: add {script}"
    dag = Path("dags", f"{pipeline.name}.py")
    if not (root / dag).is_file():
        yield f"it has no DAG: add {dag}, a DAG called {pipeline.name}"
    for environment in _TEMPLATES:
        template = root / "infra" / "aws" / f"{environment}.template.json"
        job = f"boxoffice-{pipeline.source}-star-{environment}"
        if not template.is_file() or job not in template.read_text("utf-8"):
            yield (
                f"{template.relative_to(root)} doesn't contain it (local roles come from there too): run "
                f".boxoffice/venv-cdk/bin/python -m infra.aws --env {environment} --write"
            )


def _in(star: Star, star_faults: Iterable[str]) -> Iterator[str]:
    return (f"star {star.name}: {fault}" for fault in star_faults)


def main() -> int:
    """Print the missing parts. Returns an exit code."""
    all_faults = faults()
    for fault in all_faults:
        terminal.complain(fault)
    return 1 if all_faults else 0


if __name__ == "__main__":
    sys.exit(main())
