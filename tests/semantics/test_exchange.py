"""The export holds the whole model, refers to nothing that it lacks, and its SQL runs."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml

from semantics import exchange
from semantics.catalog import load
from tests.fixtures.warehouse import DirectRedshift

CATALOG = load()
DOCUMENT = yaml.safe_load(exchange.to_yaml(CATALOG, "dev"))
STARS = {star["name"]: star for star in DOCUMENT["semantic_model"]}


def sql(node: dict[str, Any]) -> str:
    (dialect,) = node["expression"]["dialects"]
    assert dialect["dialect"] == "ANSI_SQL"
    return dialect["expression"]


def test_it_names_its_version_and_holds_everything() -> None:
    assert DOCUMENT["version"] == "0.2.0.dev0"
    metrics = {metric["name"] for star in STARS.values() for metric in star["metrics"]}
    fields = {field["name"] for star in STARS.values() for dataset in star["datasets"] for field in dataset["fields"]}
    assert metrics == set(CATALOG.metrics)
    assert set(CATALOG.dimensions) <= fields


@pytest.mark.parametrize("name", STARS)
def test_it_has_the_fields_of_the_specification_and_no_others(name: str) -> None:
    star = STARS[name]
    assert star.keys() <= {"name", "description", "ai_context", "datasets", "relationships", "metrics"}
    for dataset in star["datasets"]:
        assert dataset.keys() <= {"name", "source", "primary_key", "description", "fields"}
        assert re.fullmatch(r"dev\.[a-z_]+\.[a-z_]+", dataset["source"])
        for field in dataset["fields"]:
            assert field.keys() <= {"name", "expression", "dimension", "label", "description", "ai_context"}
    for metric in star["metrics"]:
        assert metric.keys() <= {"name", "expression", "description", "ai_context", "custom_extensions"}
        (extension,) = metric["custom_extensions"]
        assert json.loads(extension["data"]).keys() == {"label", "unit", "format"}


@pytest.mark.parametrize("name", STARS)
def test_relationships_lead_to_a_primary_key(name: str) -> None:
    datasets = {dataset["name"]: dataset for dataset in STARS[name]["datasets"]}
    assert STARS[name]["relationships"]
    for link in STARS[name]["relationships"]:
        assert link["from"] in datasets
        assert link["to_columns"] == datasets[link["to"]]["primary_key"]


@pytest.mark.parametrize("name", STARS)
def test_a_metric_of_the_export_is_the_same_number(analyst: DirectRedshift, name: str) -> None:
    from semantics.queries import Query, sql_of

    datasets = {dataset["name"]: dataset for dataset in STARS[name]["datasets"]}
    for metric in STARS[name]["metrics"]:
        (source,) = set(re.findall(r"(\w+)\.\w+__value", sql(metric)))
        fields = ", ".join(f"{sql(field)} AS {field['name']}" for field in datasets[source]["fields"])
        relation = datasets[source]["source"].removeprefix("dev.")
        exported = f"SELECT {sql(metric)} AS {metric['name']} FROM (SELECT {fields} FROM {relation}) AS {source}"
        assert analyst.execute(exported) == analyst.execute(sql_of(Query((metric["name"],)))), metric["name"]
