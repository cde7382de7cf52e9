"""The steps of every pipeline after its extract: validate, crawl, build, audit, publish, refresh, close.

Wiring only: the steps are in `runs`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from airflow.sdk import DAG, Asset, Param, XComArg, dag, get_current_context, task

from aws_services import airflow_operators as operators
from aws_services import resources
from aws_services.resources import Pipeline
from dags import alerts, defaults, schedules
from dags.report_link import ReportLink
from dags.task_context import run_context
from runs.results import Audited, Published, RecordCounts
from runs.run import LONGEST_RUN, Run
from settings import get_settings


def pipeline_dag(
    pipeline: Pipeline,
    schedule: str,
    params: Mapping[str, Param],
    final_errors: Sequence[str],
    outages: Sequence[str],
    description: str,
    doc_md: str,
) -> Callable[[Callable[[], None]], Callable[[], DAG]]:
    """A decorator for the function that wires the tasks of a declared source: it makes the DAG.

    Args:
        pipeline: its entry in the list of resources.
        schedule: cron expression, in UTC; the setting `<SOURCE>_SCHEDULE`, if it exists, overrides it.
        params: its parameters.
        final_errors: dotted names of the source's errors that another attempt can't avoid.
        outages: dotted names of its errors that mean a temporary outage.
        description: a line about the pipeline.
        doc_md: the page in the UI.
    """
    return dag(
        dag_id=pipeline.name,
        schedule=schedules.at(schedule, get_settings().of_source(pipeline.source, "schedule")),
        catchup=False,
        max_active_runs=1,
        dagrun_timeout=LONGEST_RUN,
        params=dict(params),
        tags=[pipeline.source, "daily", "star"],
        default_args=defaults.default_args(final=final_errors, outages=outages),
        doc_md=doc_md,
        on_failure_callback=alerts.run_failed,
        description=description,
    )


def job_arguments() -> dict[str, str]:
    """The arguments of a pipeline's Glue job, as templates over the result of `open_run`."""
    run = "ti.xcom_pull(task_ids='open_run')"
    return {
        "--run_id": f"{{{{ {run}['run_id'] }}}}",
        "--lake_bucket": resources.LAKE_BUCKET,
        "--workgroup": resources.WORKGROUP,
        "--database": resources.WAREHOUSE_DATABASE,
        "--copy_role": resources.COPY_ROLE_ARN,
    }


def load(run: Run, extracted: Sequence[object], *, pipeline: Pipeline, fact: str) -> None:
    """Wire all steps after a pipeline's extract, and the last one, which always runs.

    Args:
        run: the task `open_run`, which returns the run.
        extracted: the tasks of the extract, in order; the next steps follow the last one.
        pipeline: its entities, crawlers and job.
        fact: the star's main fact table; the asset of the published star is named after it.
    """
    uri = f"redshift://{resources.WORKGROUP}:5439/{resources.WAREHOUSE_DATABASE}/{pipeline.source}/{fact}"
    star = Asset(f"{pipeline.source}_star", uri=uri)

    @task(doc_md="Validate raw records into curated rows or quarantine.", map_index_template="{{ entity }}")
    def validate(run: Run, entity: str) -> RecordCounts:
        from runs import validating

        get_current_context()["entity"] = entity  # type: ignore[typeddict-unknown-key]
        return validating.validate(run_context(pipeline, run), entity)

    @task(doc_md="Run the quality rules on staged rows; all results are kept.")
    def audit(run: Run) -> Audited:
        from runs import loading

        return loading.audit(run_context(pipeline, run))

    @task(doc_md="One transaction: fence, dimensions, facts, assertions, ledger.", outlets=[star])
    def publish(run: Run) -> Published:
        from runs import loading

        return loading.publish(run_context(pipeline, run))

    @task(doc_md="Refresh each data product separately.")
    def refresh(run: Run) -> list[str]:
        from runs import loading

        return loading.refresh(run_context(pipeline, run))

    @task(doc_md="Write ledger, metrics and outcome, even after a failure; release the lock.", retries=2)
    def close_run() -> str:
        from runs import closing

        run: Run | None = get_current_context()["ti"].xcom_pull(task_ids="open_run")
        return closing.close_run(run_context(pipeline, run)) if run else "nothing to do"

    landed = [node(extract) for extract in extracted]
    validated = validate.partial(run=run).expand(entity=list(pipeline.entities))
    crawl_raw = [
        operators.run_crawler(f"crawl_{part}", crawler.name, is_raw=True)
        for part, crawler in pipeline.raw_crawlers.items()
    ]
    crawl_curated = operators.run_crawler("crawl_curated", pipeline.curated_crawler.name)
    build_star = operators.run_job("build_star", pipeline.job, job_arguments())
    published = node(publish(run))
    for publisher, _ in published.iter_references():
        publisher.operator_extra_links = (ReportLink(),)
    refreshed = node(refresh(run))

    # Not on_failure_fail_dagrun: the teardown's own state would then be the run's state, and turn a failed run green.
    closed = node(close_run()).as_teardown(setups=[node(run)])  # type: ignore[list-item]  # Airflow takes these, too

    landed[-1] >> [validated, *crawl_raw]
    validated >> crawl_curated >> build_star >> node(audit(run)) >> published >> refreshed
    # All of them: the lock must be held while any of them works. A raw crawl that fails is skipped and fails no run.
    [*landed, validated, *crawl_raw, crawl_curated, build_star, refreshed] >> closed


def node(returned: object) -> XComArg:
    """The task that a call has wired. Airflow types such a call as if it returned the task's result."""
    return cast("XComArg", returned)
