"""The one object that a task makes, and hands to the steps of a run: the run, its lake, its warehouse, its settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from aws_services import resources
from aws_services.redshift_data import RedshiftData
from aws_services.resources import Pipeline
from aws_services.s3 import S3
from lake.layout import RunId
from lake.store import Lake
from runs.dag_run import DagRun, Orchestrator
from runs.run import Run
from settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskContext:
    """What a task of a pipeline works with.

    Attributes:
        pipeline: the pipeline, its source and entities.
        dag_run: the DAG run that the task belongs to.
        orchestrator: what Airflow can be asked.
        lake: the lake of this environment.
        warehouse: the warehouse of this environment.
        settings: the settings of this process.
    """

    pipeline: Pipeline
    dag_run: DagRun
    orchestrator: Orchestrator
    lake: Lake
    warehouse: RedshiftData
    settings: Settings

    @property
    def business_date(self) -> date:
        """The day that the task's DAG run is about."""
        return self.dag_run.business_date(self.settings)

    def of_run(self, run: Run) -> RunContext:
        """The context of a task of a run that is open."""
        return RunContext(
            pipeline=self.pipeline,
            dag_run=self.dag_run,
            orchestrator=self.orchestrator,
            lake=self.lake,
            warehouse=self.warehouse,
            settings=self.settings,
            run=run,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext(TaskContext):
    """What a task of an open run works with.

    Attributes:
        run: the run.
    """

    run: Run

    @property
    def run_id(self) -> RunId:
        """The run's identity."""
        return RunId.parse(self.run["run_id"])

    @property
    def business_date(self) -> date:
        """The day that the run is about."""
        return date.fromisoformat(self.run["business_date"])


def open_lake() -> Lake:
    """The lake of this environment."""
    return Lake(S3(), resources.LAKE_BUCKET)
