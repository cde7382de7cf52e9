"""The semantic model is complete and true to the warehouse: columns exist, types fit, no personal data is reachable."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from infra.checks.warehouse_tables import warehouse_tables
from schemas.registry import get_source, source_names
from semantics.catalog import FOLDER, load
from semantics.elements import Model
from semantics.names import UnknownName
from semantics.reading import BadModel
from warehouse.stars import sql_files

CATALOG = load()
TABLES = warehouse_tables()
_TYPES = {
    "VARCHAR": "string", "CHAR": "string", "SMALLINT": "integer", "INTEGER": "integer", "BIGINT": "integer",
    "DECIMAL": "decimal", "DOUBLE PRECISION": "decimal", "BOOLEAN": "boolean", "DATE": "date", "TIMESTAMP": "datetime",
}  # fmt: skip


def expressions(model: Model) -> list[str]:
    measures = [measure.expression for measure in model.measures.values()]
    return [*model.keys.values(), *(item.expression for item in model.dimensions), *measures]


def columns(expression: str) -> set[str]:
    return {column.name for column in sqlglot.parse_one(expression, dialect="redshift").find_all(exp.Column)}


@pytest.mark.parametrize("name", CATALOG.models)
def test_every_column_is_in_the_data_dictionary(name: str) -> None:
    model = CATALOG.model(name)
    table = TABLES[model.relation]
    used = set().union(*(columns(expression) for expression in expressions(model)))
    assert used
    assert used <= table.columns.keys()


@pytest.mark.parametrize("name", CATALOG.models)
def test_a_dimension_has_the_type_of_its_column(name: str) -> None:
    model = CATALOG.model(name)
    for dimension in model.dimensions:
        column = TABLES[model.relation].columns[dimension.expression]
        assert dimension.datatype == _TYPES[column.type.partition("(")[0]], dimension.name
        assert (dimension.kind == "time") <= (dimension.datatype == "date")


def test_no_personal_data_is_reachable() -> None:
    personal = {
        column.name
        for source in map(get_source, source_names())
        for row in source.tables.values()
        for column in row.columns()
        if "Personal data" in column.description
    }
    assert {"email", "phone", "first_name"} <= personal
    for model in CATALOG.models.values():
        assert model.relation != "tickit.user_contacts"
        for expression in expressions(model):
            assert not columns(expression) & personal, model.name


def test_analysts_may_read_every_relation() -> None:
    folders = {model.relation.partition(".")[0] for model in CATALOG.models.values()}
    grants = " ".join(file.text for folder in folders for file in sql_files(folder, "grants"))
    for model in CATALOG.models.values():
        assert f"GRANT SELECT ON TABLE {model.relation} TO ROLE data_analysts;" in grants


def test_everything_is_described() -> None:
    for metric in CATALOG.metrics.values():
        assert metric.label and metric.description and metric.unit and metric.format and metric.synonyms, metric.name
    for dimension in CATALOG.dimensions.values():
        assert dimension.label and dimension.description, dimension.name


def test_a_synonym_means_one_metric_of_a_star() -> None:
    for star in CATALOG.stars:
        words = [
            word for item in CATALOG.metrics.values() if item.star == star for word in (item.label, *item.synonyms)
        ]
        assert len({word.lower() for word in words}) == len(words), sorted(words)


def test_metricflow_accepts_the_model() -> None:
    from metricflow_semantic_interfaces.validations.semantic_manifest_validator import SemanticManifestValidator

    from semantics.engine import manifest

    issues = SemanticManifestValidator().validate_semantic_manifest(manifest(FOLDER)).all_issues
    assert [issue.as_readable_str() for issue in issues] == []


def test_names_are_read_without_metricflow() -> None:
    code = "import sys; from semantics.catalog import load; load(); assert 'metricflow' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=FOLDER.parent)


def test_an_unknown_name_suggests_the_nearest() -> None:
    with pytest.raises(UnknownName, match=r"there is no metric 'upcoming_event'. Did you mean upcoming_events"):
        CATALOG.metric("upcoming_event")
    with pytest.raises(UnknownName, match=r"no dimension 'show__city'. Did you mean venue__city"):
        CATALOG.dimension("show__city")


def test_a_time_dimension_has_grains_and_others_have_none() -> None:
    assert CATALOG.dimension("show__start_date__month").kind == "time"
    assert CATALOG.dimension("metric_time__week").kind == "time"
    with pytest.raises(UnknownName):
        CATALOG.dimension("venue__city__month")


_BAD = {
    "declared twice": "metric: {name: a, label: A, description: A, type: simple, type_params: {measure: m}}\n",
    "no semantic model has the measure": "metric: {name: b, label: B, description: B, type: simple, type_params: "
    "{measure: nope}}\n",
    "no model labels the entity": "semantic_model: {name: s, label: S, description: S, node_relation: {schema_name: x, "
    "alias: y}, primary_entity: s, entities: [{name: lost, type: foreign, expr: l}]}\n",
}


@pytest.mark.parametrize("message", _BAD)
def test_a_contradiction_names_itself(tmp_path: Path, message: str) -> None:
    star = tmp_path / "star"
    star.mkdir()
    good = (
        "semantic_model: {name: t, label: T, description: T, node_relation: {schema_name: x, alias: t}, "
        "primary_entity: t, measures: [{name: m, agg: sum, expr: '1'}]}\n---\n"
        "metric: {name: a, label: A, description: A, type: simple, type_params: {measure: m}}\n"
    )
    (star / "t.yaml").write_text(f"{good}---\n{_BAD[message]}")
    with pytest.raises(BadModel, match=message):
        load(tmp_path)


_WATCHED = """
import sys
def watch(event, arguments):
    if event.startswith("socket.") and event not in ("socket.__new__", "socket.gethostname"):
        raise SystemExit(f"reached the network: {event} {arguments}")
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        raise SystemExit(f"wrote a file: {arguments}")
sys.addaudithook(watch)
from semantics.queries import Query, sql_of
print(sql_of(Query(("revenue",), ("seller__state",))))
"""


def test_a_question_reaches_no_network_and_writes_no_file() -> None:
    command = [sys.executable, "-B", "-c", _WATCHED]
    done = subprocess.run(command, capture_output=True, text=True, cwd=FOLDER.parent, check=False)
    assert done.returncode == 0, done.stderr
    assert "FROM tickit.v_sales" in done.stdout
