"""MetricFlow as a plain library: it finds the joins and writes the SQL. It connects to nothing.

Importing this module takes seconds. `semantics.queries` imports it when a query needs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.redshift import RedshiftSqlPlanRenderer
from metricflow_semantic_interfaces.implementations.semantic_manifest import PydanticSemanticManifest
from metricflow_semantic_interfaces.parsing.dir_to_model import parse_yaml_files_to_validation_ready_semantic_manifest
from metricflow_semantic_interfaces.parsing.objects import YamlConfigFile
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup
from metricflow_semantics.specs.query_param_implementations import (
    DimensionOrEntityParameter,
    MetricParameter,
    TimeDimensionParameter,
)

from semantics.catalog import FOLDER, GRAINS, Catalog, split_grain
from semantics.documents import model_files


class _Redshift:
    """What MetricFlow asks of a connection: the dialect. It never gets one."""

    sql_engine_type = SqlEngine.REDSHIFT
    sql_plan_renderer = RedshiftSqlPlanRenderer()

    def render_bind_parameter_key(self, bind_parameter_key: str) -> str:
        return f":{bind_parameter_key}"

    def query(self, *_arguments: Any, **_options: Any) -> NoReturn:
        raise NotImplementedError("MetricFlow writes SQL here, and runs none")

    execute = dry_run = query

    def close(self) -> None:
        """There is nothing to close."""


@lru_cache(maxsize=4)
def engine(folder: Path) -> MetricFlowEngine:
    """MetricFlow's engine for the semantic model of a folder.

    Raises:
        SemanticManifestValidationException: MetricFlow's own schema or rules reject a document.
    """
    return MetricFlowEngine(SemanticManifestLookup(manifest(folder)), _Redshift())


def manifest(folder: Path) -> PydanticSemanticManifest:
    """MetricFlow's own objects for the semantic model of a folder. Raises as `engine` does.

    The texts are read here: MetricFlow's reader of files takes a dollar sign for a placeholder.
    """
    files = [YamlConfigFile(filepath=str(path), contents=path.read_text("utf-8")) for path in model_files(folder)]
    return parse_yaml_files_to_validation_ready_semantic_manifest(files).semantic_manifest


def explain(
    metrics: Sequence[str], by: Sequence[str], where: Sequence[str], catalog: Catalog, folder: Path = FOLDER
) -> str:
    """The SQL of a question whose names were checked, without comments, order and limit.

    Args:
        metrics: the names of its metrics.
        by: what they are grouped by.
        where: its conditions as MetricFlow's templates, without values.
        catalog: the semantic model.
        folder: the folder that it was read from.
    """
    request = MetricFlowQueryRequest.create(
        metrics=[MetricParameter(name) for name in metrics],
        group_by=[_parameter(name, catalog) for name in by],
        where_constraints=list(where) or None,
    )
    return str(engine(folder).explain(request).sql_statement.without_descriptions.sql)


def _parameter(name: str, catalog: Catalog) -> Any:
    dimension = catalog.dimension(name)
    if dimension.kind != "time":
        return DimensionOrEntityParameter(name)
    stem, grain = split_grain(name)
    return TimeDimensionParameter(stem, (grain or GRAINS[0]).upper(), alias=name)
