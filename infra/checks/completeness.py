"""What every star must have, checked without a warehouse: rules, meanings, grants, resources, a job, a DAG.

    python -m infra.checks.completeness

Each finding says which star lacks what, and how to add it. A star that declares its facts
(`warehouse.stars.current_star`) has the rules already; one with procedures of its own writes them down.
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
    """What a quality rule must promise of every star.

    Attributes:
        name: what the rule's name matches as a whole.
        phase: when it is asked.
        what: the promise, in words.
        severity: that it must have.
    """

    name: str
    phase: str
    what: str
    severity: Severity = "CRITICAL"


_OF_EVERY_STAR = (
    Promise("books_balance", "staged", "raw records are curated, quarantined or duplicates, and none is lost"),
    Promise(r"\w+_complete", "staged", "what the source said it has was landed"),
    Promise(r"\w+_rejected", "staged", "few records are in quarantine", "MEDIUM"),
    Promise(r"\w+_all_staged", "staged", "every curated row is staged, and nothing else"),
    Promise(r"(tables|\w+s)_present", "staged", "an empty load never empties the star"),
    Promise(r"\w+_drop", "staged", "a load with half the rows of the one before is not published unasked"),
    Promise("observed_on_business_date", "staged", "what is staged was observed on the run's day"),
    Promise("star_books_balance", "star", "staged = inserted + versioned + unchanged, per table of the star"),
    Promise("unknown_members_present", "star", "every dimension has its unknown member, key 0"),
)


def faults(root: Path = ROOT) -> list[str]:
    """What is missing of any star or source, in sentences; empty when all is there.

    Args:
        root: the repository, where scripts, DAGs and templates are looked for.
    """
    tables = warehouse_tables()
    found = [fault for star in stars() for fault in of_star(star, tables, root)]
    with_star = {star.name for star in stars()}
    missing = sorted(set(source_names()) - with_star)
    return found + [f"source {name}: it has no star: add warehouse/{name}/__init__.py with a STAR" for name in missing]


def of_star(star: Star, tables: Mapping[str, Table], root: Path) -> Iterator[str]:
    """What one star lacks."""
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


def of_rules(star: Star, found: Sequence[Rule]) -> Iterator[str]:
    """Promises that no quality rule makes."""
    for promise in _promises(star):
        if not any(_keeps(rule, promise) for rule in found):
            weight = f"severity {promise.severity}, phase {promise.phase}"
            name = promise.name.replace(r"\w+", "<what>").replace("(tables|<what>s)", "tables")
            yield (
                f"no rule promises that {promise.what}: declare it in warehouse/{star.name}/rules.py or write "
                f"warehouse/{star.name}/quality/{name}.sql ({weight}). A star of declared facts has it already "
                "(warehouse/stars.py, current_star)"
            )
    for table in star.staged:
        unique = (rule for rule in found if rule.table == f"staging.{table}" and rule.name.endswith("_keys_unique"))
        if not any(rule.phase == "staged" and rule.severity == "CRITICAL" for rule in unique):
            yield (
                f"no rule promises that a key is in staging.{table} once: add a CRITICAL rule <thing>_keys_unique "
                f"of phase staged about that table to warehouse/{star.name}/rules.py"
            )
    yield from _unasked(star, found, "observed_on_business_date", [f"staging.{table}" for table in star.staged])
    dimensions = [f"{star.name}.{table}" for table in star.tables if table.startswith("dim_")]
    yield from _unasked(star, found, "unknown_members_present", dimensions)
    if not any(rule.phase == "star" for rule in found):
        yield (
            "it has no rule of phase star, and a publication fails without one (etl.sp_assert_star): add "
            f"star_books_balance() to warehouse/{star.name}/rules.py"
        )


def _promises(star: Star) -> Iterator[Promise]:
    """Those of every star, and those of each of its facts and bridges."""
    yield from _OF_EVERY_STAR
    for table in star.tables:
        if table.startswith("fact_"):
            yield Promise(rf"{table}_one_row_per_\w+", "star", f"{table} has one row for each thing it counts")
        if table.startswith(("fact_", "bridge_")):
            yield Promise(f"{table}_keys_resolve", "star", f"every key of {table} is in its dimension")


def _keeps(rule: Rule, promise: Promise) -> bool:
    return (
        re.fullmatch(promise.name, rule.name) is not None
        and rule.phase == promise.phase
        and (rule.severity == promise.severity or rule.severity == "CRITICAL")
    )


def _unasked(star: Star, found: Sequence[Rule], name: str, tables: Iterable[str]) -> Iterator[str]:
    """Tables that a rule about all of them passes over."""
    for rule in found:
        if rule.name == name:
            for table in tables:
                if not re.search(rf"\b{re.escape(table)}\b", rule.query):
                    yield f"its rule {name} passes over {table}: add the table to it in warehouse/{star.name}/rules.py"


def of_meanings(star: Star, tables: Iterable[Table]) -> Iterator[str]:
    """Tables and columns that people see and nobody explains."""
    for table in tables:
        if is_for_analysts(table):
            silent = [column.name for column in table.columns.values() if not column.meaning]
            if silent or not table.meaning:
                what = (
                    f"the column{'s' if len(silent) > 1 else ''} {', '.join(silent)}" if silent else "the table itself"
                )
                yield (
                    f"{table.full_name} does not say what {what} mean: add COMMENT ON in "
                    f"warehouse/{star.name}/comments, or for a view '-- <column>: <meaning>' at the head of its file"
                )


def of_grants(star: Star, tables: Iterable[Table], grants: Iterable[str]) -> Iterator[str]:
    """Tables and views that people are meant to query and may not, and a loader without rights."""
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
    """What the contracts and the list of resources say differently, or do not say."""
    if source is None:
        yield f"it has no contracts: add schemas/{star.name}/__init__.py with a SOURCE"
    if pipeline is None:
        yield f"its pipeline {star.pipeline} has no resources: add it to PIPELINES in aws_services/resources.py"
        return
    if pipeline.source != star.name:
        yield f"its pipeline reads {pipeline.source!r}: a star, its source and its contracts have one name"
    if source and pipeline.entities != source.entities:
        yield _differ("entities", pipeline.entities, source.entities)
    if source and pipeline.tables != tuple(source.tables):
        yield _differ("tables", pipeline.tables, tuple(source.tables))


def _differ(what: str, listed: tuple[str, ...], declared: tuple[str, ...]) -> str:
    return (
        f"aws_services/resources.py lists the {what} {', '.join(listed)} and its contracts declare "
        f"{', '.join(declared)}: name the same in both, in the same order"
    )


def of_personal_data(pipeline: Pipeline, source: Source) -> Iterator[str]:
    """Curated columns that name a person, and tables that hold such columns without being listed."""
    place = "personal_data of the pipeline in aws_services/resources.py"
    for name, row in source.tables.items():
        marked = [column.name for column in row.columns() if "Personal data" in column.description]
        for column in row.columns():
            if _NAMES_A_PERSON.fullmatch(column.name) and column.name not in marked:
                yield (
                    f"{name}.{column.name} looks like personal data: say 'Personal data.' in its description, or "
                    "rename the column"
                )
        uri = f"s3://{resources.LAKE_BUCKET}/curated/{source.name}/{name}/"
        if marked and uri not in pipeline.personal_data:
            yield f"curated {name} holds personal data ({', '.join(marked)}) and is not listed: add {uri!r} to {place}"
        raw = f"s3://{resources.LAKE_BUCKET}/raw/{source.name}/"
        if marked and not any(listed.startswith(raw) for listed in pipeline.personal_data):
            yield f"no raw data of it is listed as personal: add '{raw}<entity>/' to {place}"


def of_programs(pipeline: Pipeline, root: Path) -> Iterator[str]:
    """A job's script, a DAG and the account's templates, where they are not there or know nothing of the pipeline."""
    script = Path("glue_jobs", pipeline.job.script)
    if not (root / script).is_file():
        yield f"its Glue job has no script: add {script}"
    dag = Path("dags", f"{pipeline.name}.py")
    if not (root / dag).is_file():
        yield f"nothing runs it: add {dag}, a DAG called {pipeline.name}"
    for environment in _TEMPLATES:
        template = root / "infra" / "aws" / f"{environment}.template.json"
        job = f"boxoffice-{pipeline.source}-star-{environment}"
        if not template.is_file() or job not in template.read_text("utf-8"):
            yield (
                f"{template.relative_to(root)} does not know it, and local roles, too, come from there: run "
                f".boxoffice/venv-cdk/bin/python -m infra.aws --env {environment} --write"
            )


def _in(star: Star, found: Iterable[str]) -> Iterator[str]:
    return (f"star {star.name}: {fault}" for fault in found)


def main() -> int:
    """Print what is missing. Returns an exit code."""
    found = faults()
    for fault in found:
        terminal.complain(fault)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
