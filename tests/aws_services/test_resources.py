"""The list of resources and the contracts name the same entities and tables."""

from __future__ import annotations

import pytest

from aws_services import resources
from schemas.registry import get_source, source_names


@pytest.mark.parametrize("source", source_names())
def test_a_sources_entities_and_tables_are_its_contracts(source: str) -> None:
    contracts = get_source(source)
    [pipeline] = (candidate for candidate in resources.PIPELINES.values() if candidate.source == source)
    assert pipeline.entities == contracts.entities
    assert set(pipeline.tables) == contracts.tables.keys()


@pytest.mark.parametrize("source", source_names())
def test_every_entity_and_table_is_crawled_once(source: str) -> None:
    contracts = get_source(source)
    targets = [target for crawler in resources.CRAWLERS for target in crawler.targets if f"/{source}/" in target]
    prefixes = [f"raw/{source}/{entity}/" for entity in contracts.entities]
    prefixes += [f"curated/{source}/{table}/" for table in contracts.tables]
    assert sorted(targets) == sorted(f"s3://{resources.LAKE_BUCKET}/{prefix}" for prefix in prefixes)
