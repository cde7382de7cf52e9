"""The steps that every pipeline's DAG wires together: a few calls each to the lake and the warehouse.

Imports of what a step needs stand in the step, so that reading a DAG file stays cheap.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, TypedDict

from airflow.sdk import Param

from aws_services import resources
from dags import alerts, retries, schedules

if TYPE_CHECKING:
    from lake.layout import RunId

log = logging.getLogger(__name__)

LEASE = timedelta(hours=4)
"""How long a run may take when nothing it needs is away; also the lease of its lock, which every step renews."""

LONGEST_RUN = timedelta(days=1) + LEASE
"""How long a run may take that waited out an outage until its day was over: the timeout of its DAG."""

_BACK_IN = timedelta(seconds=30)
"""When a run that found its pipeline busy looks again."""

# Asking again does not help here: the answer is known, and the message says what to do. A source's DAG adds its own.
_FINAL_ERRORS = (
    "aws_services.errors.AccessDenied",
    "aws_services.errors.InvalidInput",
    "aws_services.errors.NotFound",
    "runs.choosing.CannotObserve",
    "lake.report.ContractViolation",
    "lake.report.TooManyRejects",
    "lake.run_lock.LockLost",
    "lake.run_lock.RunInProgress",
    "warehouse.quality.QualityGateFailed",
    "warehouse.quality.StarIsDamaged",
)


# What is away for a while and comes back. A source's DAG adds its own.
_OUTAGES = (
    "airflow.sdk.exceptions.AirflowTaskTimeout",
    "aws_services.errors.ServiceFailed",
    "aws_services.errors.Throttled",
    "aws_services.errors.Unreachable",
)


def defaults(*, final: Sequence[str] = (), outages: Sequence[str] = ()) -> dict[str, Any]:
    """The `default_args` of a pipeline: how its tasks are tried again, and who is told; see `dags.retries`.

    A task without which the day is lost sets `retries` to `retries.WITHIN_DAY`.

    Args:
        final: dotted names of the source's own errors that another attempt would meet again.
        outages: dotted names of its own errors that say that it is away for a while.
    """
    return {
        "owner": "data-engineering",
        "retries": retries.RETRIES,
        "retry_delay": timedelta(seconds=15),
        "retry_exponential_backoff": 2.0,
        "max_retry_delay": timedelta(minutes=10),
        "retry_policy": retries.RetryWithinTheDay([*_FINAL_ERRORS, *final], [*_OUTAGES, *outages]),
        "execution_timeout": LEASE,
        "on_failure_callback": alerts.task_failed,
        "on_retry_callback": alerts.task_retried,
        "on_success_callback": alerts.task_succeeded,
    }


def params(*, date: str, refetch: str, accept_drop: str) -> dict[str, Param]:
    """The parameters that every pipeline has; what they mean for its source, its DAG says."""
    return {
        "date": Param(None, type=["null", "string"], format="date", title="Business date", description=date),
        "refetch": Param(False, type="boolean", title="Observe again", description=refetch),
        "rebuild": Param(
            False,
            type="boolean",
            title="Rebuild",
            description="Validate and load a finished day anew from its raw data, as after a mended contract.",
        ),
        "accept_drop": Param(False, type="boolean", title="Accept a drop", description=accept_drop),
    }


class Run(TypedDict):
    """A run as it travels between tasks: identity and lock; no secret, no data."""

    run_id: str
    pipeline: str
    source: str
    business_date: str
    holder: str
    fence: int
    rebuild: bool


def job_arguments() -> dict[str, str]:
    """The arguments of a pipeline's Glue job, as templates over what `open_run` returned."""
    run = "ti.xcom_pull(task_ids='open_run')"
    return {
        "--run_id": f"{{{{ {run}['run_id'] }}}}",
        "--lake_bucket": resources.LAKE_BUCKET,
        "--workgroup": resources.WORKGROUP,
        "--database": resources.WAREHOUSE_DATABASE,
        "--copy_role": resources.COPY_ROLE_ARN,
    }


def business_date(context: Mapping[str, Any]) -> date:
    """The day to observe: the parameter, else the scheduled day, else today (UTC)."""
    from settings import get_settings

    if chosen := context["params"].get("date"):
        return date.fromisoformat(chosen)
    logical_date = context.get("logical_date")
    return logical_date.date() if logical_date else get_settings().current_date()


def open_run(
    pipeline: str,
    source: str,
    entities: Sequence[str],
    context: Mapping[str, Any],
    *,
    has_past: bool,
    refetch: bool = False,
    rebuild: bool = False,
    resumable: Callable[[RunId], bool] = lambda run: True,
) -> Run | None:
    """Decide which observation of which day to work on, take the pipeline's lock, open the ledger.

    Args:
        pipeline: the pipeline.
        source: the source that it reads.
        entities: the source's raw entities.
        context: Airflow's task context.
        has_past: whether the source can still tell what was true on a past day.
        refetch: whether to observe a finished day again, though the parameter of that name does not say so.
        rebuild: whether to load it anew, likewise.
        resumable: whether an unfinished observation may be resumed; else another is begun beside it.

    Returns:
        The run, or None when there is nothing to do: the day is finished already, or the run's hour has passed.

    Raises:
        runs.choosing.CannotObserve: a past day without raw data, or a future one.
        lake.run_lock.RunInProgress: another run of the pipeline holds the lock and has not ended, and a person started
            this one.
        AirflowRescheduleException: another run holds the lock; the task comes back, and takes no slot until then.
    """
    from aws_services.redshift_data import RedshiftData
    from lake.observations import Observations
    from lake.run_lock import RunLock
    from runs import ledger
    from runs.choosing import choose
    from runs.outcomes import open_outcome
    from settings import get_settings

    store, redshift, holder = lake(), RedshiftData(), context["dag_run"].run_id
    lock = RunLock(store, pipeline)
    if not schedules.is_due(context, lock.current()):
        return None
    day, today, asked = business_date(context), get_settings().current_date(), context["params"]
    refetch, rebuild = refetch or asked["refetch"], rebuild or asked["rebuild"]
    found = choose(
        Observations(store, source, entities, pipeline),
        day,
        today=today,
        has_past=has_past,
        refetch=refetch,
        dag_run_id=holder,
        resumable=resumable,
    )
    if found.finished and ledger.has_succeeded(redshift, str(found.run)) and not rebuild:
        log.info("run %s is finished: nothing to do. Trigger with rebuild to load it anew from its raw data", found.run)
        return None
    acquire = partial(lock.acquire, holder, found.run, LEASE, is_over=partial(_is_over, context))
    held = _take(acquire, context["dag_run"])
    try:
        open_outcome(store, found.run, holder, datetime.now(UTC))
        drop = asked["accept_drop"]
        ledger.open_run(redshift, str(found.run), pipeline, day, held.fence, holder, accepts_drop=drop)
    except Exception:
        lock.release(holder)
        raise
    log.info("opened run %s (fence %d)", found.run, held.fence)
    return Run(
        run_id=str(found.run),
        pipeline=pipeline,
        source=source,
        business_date=day.isoformat(),
        holder=holder,
        fence=held.fence,
        rebuild=rebuild,
    )


def _take(acquire: Callable[[], Any], dag_run: Any) -> Any:
    """Take the pipeline's lock, or come back later.

    A person is told who is at work. A backfill opens several runs at once, and a scheduled run may meet a backfill: the
    days of those must not fail because they overlap. They wait for as long as a run may take (the DAG's timeout).
    """
    from airflow.sdk.exceptions import AirflowRescheduleException

    from lake.run_lock import RunInProgress

    try:
        return acquire()
    except RunInProgress as busy:
        if dag_run.run_type == "manual":
            raise
        log.info("%s is being run by %s: looking again in %s", busy.lock.pipeline, busy.lock.holder, _BACK_IN)
        raise AirflowRescheduleException(datetime.now(UTC) + _BACK_IN) from busy


def has_changed(run: Run, entities: Sequence[str]) -> bool:
    """Whether there is anything to load: False when the star holds this very raw data, loaded by today's contracts.

    Then the ledger is told which run it is the same as. A run that is to rebuild always has something to load.

    Raises:
        lake.run_lock.LockLost: another run has taken over.
    """
    from aws_services.redshift_data import RedshiftData
    from lake.curate import is_curated_alike
    from lake.layout import RunId
    from runs import ledger

    check_lock(run)
    redshift, run_id = RedshiftData(), RunId.parse(run["run_id"])
    standing = ledger.standing_run(redshift, run["pipeline"])
    if run["rebuild"] or standing is None:
        return True
    if not all(is_curated_alike(lake(), run["source"], each, run_id, RunId.parse(standing)) for each in entities):
        return True
    log.info("the source is as run %s loaded it: nothing to load. Trigger with rebuild to load it anew", standing)
    ledger.record_same(redshift, run["run_id"], standing)
    return False


def validate(run: Run, entity: str) -> dict[str, Any]:
    """Validate one entity's raw records into the curated tables, record its drift; returns the counts.

    Raises:
        lake.run_lock.LockLost: another run has taken over; nothing was written.
        lake.report.TooManyRejects: too much was rejected; what was validated is kept, and the drift is recorded.
    """
    from lake.curate import curate
    from lake.layout import RunId
    from lake.report import TooManyRejects

    check_lock(run)
    try:
        manifest = curate(lake(), run["source"], entity, RunId.parse(run["run_id"]), anew=run["rebuild"])
    except TooManyRejects:  # just then one wants to know what is different
        _record_drift(run, entity)
        raise
    _record_drift(run, entity)
    counts = {
        "raw": manifest.raw_records,
        "curated": manifest.curated_records,
        "quarantined": manifest.quarantined_records,
        "duplicates": manifest.duplicate_records,
    }
    log.info("%s: %s", entity, counts)
    return counts


def audit(run: Run, entities: Sequence[str]) -> dict[str, Any]:
    """Write the books of the lake into the ledger, then ask the quality rules.

    Raises:
        lake.run_lock.LockLost: another run has taken over.
        warehouse.quality.QualityGateFailed: the run is not good enough; the evidence is committed.
    """
    from aws_services.redshift_data import RedshiftData
    from runs import ledger
    from warehouse import quality

    check_lock(run)
    redshift = RedshiftData()
    day = date.fromisoformat(run["business_date"])
    ledger.record_entities(redshift, run["run_id"], run["pipeline"], day, _books(run, entities))
    if observed_to := _observed_to(run, entities):
        ledger.record_window(redshift, run["run_id"], observed_to)
    result = quality.audit(redshift, run["run_id"])
    log.info("quality score %.2f (gate %g); failing: %s", result.score, result.gate, list(map(str, result.failing)))
    return {"score": result.score, "rules": len(result.results), "failing": [rule.name for rule in result.failing]}


def publish(run: Run) -> dict[str, Any]:
    """Publish the audited run in one transaction.

    Raises:
        warehouse.publish.PublishFailed: nothing was changed.
        lake.run_lock.LockLost: another run has taken over.
    """
    from aws_services.redshift_data import RedshiftData
    from warehouse.publish import publish as publish_run

    check_lock(run)
    published = publish_run(RedshiftData(), run["pipeline"], run["run_id"], run["fence"])
    log.info("run %s %s", run["run_id"], "published" if published else "was published before")
    return {"published": published}


def refresh(run: Run) -> list[str]:
    """Refresh every data product of the pipeline's star; returns their names."""
    from aws_services.redshift_data import RedshiftData
    from warehouse.refresh import refresh as refresh_products

    return refresh_products(RedshiftData(), run["pipeline"], run["run_id"])


def close_run(run: Run | None, context: Mapping[str, Any]) -> str:
    """Write ledger, outcome and metrics, and give the lock back. Returns how the run ended.

    Nothing is written when another run has taken the lock over: the ledger's row may be that run's by now. A lock that
    was given back is no hindrance: an earlier attempt may have failed after that.
    """
    from aws_services.cloudwatch import CloudWatch
    from aws_services.redshift_data import RedshiftData
    from lake.layout import RunId
    from lake.run_lock import RunLock
    from runs import ledger
    from runs.outcomes import close_outcome

    if not run:
        return "nothing to do"
    last = RunLock(lake(), run["pipeline"]).current()
    if last is None or (last.holder, last.fence) != (run["holder"], run["fence"]):
        log.warning("another run has taken the lock over: nothing is written")
        return "not this run's any more"
    store, redshift, run_id = lake(), RedshiftData(), RunId.parse(run["run_id"])
    failed = _failed_tasks(context)
    status: ledger.Status = "failed" if failed else "succeeded"
    task = failed[0] if failed else None
    error = f"failed: {', '.join(failed)}; see the task's log" if failed else None
    now, totals = datetime.now(UTC), dict[str, float]()
    with ExitStack() as always:  # whatever fails: the outcome is written, and last of all the lock given back
        always.callback(RunLock(store, run["pipeline"]).release, run["holder"])
        always.callback(close_outcome, store, run_id, status, now, failed_task=task, error=error, counts=totals)
        told = {"failed_task": task, "error": error, "warnings": _warnings(context)}
        ledger.close_run(redshift, run["run_id"], status, requests=_requests(run), **told)
        totals |= ledger.totals_of(redshift, run["run_id"])
        values = {**totals, "succeeded_runs": float(not failed), "failed_runs": float(bool(failed))}
        dimensions = {"Pipeline": run["pipeline"]}
        CloudWatch().put_metrics(resources.METRIC_NAMESPACE, values, dimensions=dimensions, at=now, unit="None")
    return status


def lake() -> Any:
    """The lake of this environment."""
    from aws_services.s3 import S3
    from lake.store import Lake

    return Lake(S3(), resources.LAKE_BUCKET)


def check_lock(run: Run) -> None:
    """Raise lake.run_lock.LockLost unless the pipeline is still this run's: before a step that writes. Renews it."""
    from lake.run_lock import RunLock

    RunLock(lake(), run["pipeline"]).renew(run["holder"], run["fence"], LEASE)


def _is_over(context: Mapping[str, Any], dag_run_id: str) -> bool:
    """Whether Airflow knows another run of this DAG to have ended; one that it does not know may run elsewhere."""
    ti = context["ti"]
    return bool(ti.get_dr_count(dag_id=ti.dag_id, run_ids=[dag_run_id], states=["success", "failed"]))


def _failed_tasks(context: Mapping[str, Any]) -> list[str]:
    """Tasks of this DAG run that failed, or were not run because another failed, in order of their names."""
    ti = context["ti"]
    states = ti.get_task_states(dag_id=ti.dag_id, run_ids=[ti.run_id]).get(ti.run_id, {})
    failed = [name for name, state in states.items() if state == "failed"]
    return sorted(failed) or sorted(name for name, state in states.items() if state == "upstream_failed")


def _warnings(context: Mapping[str, Any]) -> str | None:
    """What the tasks before this one warned of, a line each; None when none did."""
    from aws_services.airflow_operators import RawCrawlerOperator

    ti, lines = context["ti"], list[str]()
    for name in sorted(ti.task.upstream_task_ids):
        warnings = ti.xcom_pull(task_ids=[name], key=RawCrawlerOperator.WARNING)
        lines += [f"{name}: {warning}" for warning in warnings if warning]
    return "\n".join(lines) or None


def _requests(run: Run) -> int | None:
    """Requests that the run's extract made, from the manifest of any of its entities; None when it did not finish."""
    from aws_services.errors import NotFound
    from lake.layout import RunId
    from lake.manifests import RawManifest
    from schemas.registry import get_source

    entity = get_source(run["source"]).entities[0]
    try:
        return RawManifest.read(lake(), run["source"], entity, RunId.parse(run["run_id"])).requests
    except NotFound:
        return None


def _record_drift(run: Run, entity: str) -> None:
    """Write what the validation of an entity found to differ from the contract, and from the day before."""
    from aws_services.redshift_data import RedshiftData
    from lake import drift
    from lake.manifests import CuratedManifest
    from runs import ledger

    store = lake()
    manifest = CuratedManifest.read(store, run["source"], entity, date.fromisoformat(run["business_date"]))
    found = [
        ledger.DriftRecord(path, kind, seen["count"], seen["example_uri"], seen["example_index"], seen.get("reason"))
        for kind, fields in manifest.report["drift"].items()
        for path, seen in fields.items()
    ]
    before = next(CuratedManifest.before(store, manifest.source, entity, manifest.business_date), None)
    gone = drift.gone(manifest, before) if before else {}
    found += [ledger.DriftRecord(name, drift.GONE, rows) for name, rows in gone.items()]
    ledger.record_drift(RedshiftData(), run["run_id"], entity, found)
    if found:
        examples = ", ".join(f"{seen.kind} {seen.field_path}" for seen in found[:5])
        log.warning("%s: %d fields drift, such as %s; all are in etl.schema_drift", entity, len(found), examples)


def _observed_to(run: Run, entities: Sequence[str]) -> date | None:
    """The day on which the window of the run's observation ends, exclusive; None when it has none."""
    from lake.layout import RunId
    from lake.manifests import RawManifest

    run_id = RunId.parse(run["run_id"])
    ends = (RawManifest.read(lake(), run["source"], each, run_id).extra.get("observed_to") for each in entities)
    return next((date.fromisoformat(end) for end in ends if end), None)


def _books(run: Run, entities: Sequence[str]) -> list[Any]:
    """The counts of every raw entity and derived table, from the manifests."""
    from lake.layout import RunId
    from lake.manifests import CuratedManifest, RawManifest
    from runs.ledger import TableCounts

    store, run_id, day = lake(), RunId.parse(run["run_id"]), date.fromisoformat(run["business_date"])
    books, derived = [], dict[str, int]()
    for entity in entities:
        raw = RawManifest.read(store, run["source"], entity, run_id)
        curated = CuratedManifest.read(store, run["source"], entity, day)
        books.append(
            TableCounts(
                table_name=entity,
                said_records=raw.reported,
                got_records=raw.fetched,
                distinct_records=raw.extra.get("distinct_records", {}).get(entity),
                raw_records=curated.raw_records,
                curated_records=curated.curated_records,
                quarantined_records=curated.quarantined_records,
                duplicate_records=curated.duplicate_records,
                residual_records=raw.residual,
            )
        )
        for table, rows in curated.tables.items():
            if table != entity:
                derived[table] = derived.get(table, 0) + rows
    books += [
        TableCounts(table_name=name, layer="curated", derived_records=rows)
        for name, rows in sorted(derived.items())
        if rows or name not in entities  # a table of its own entity alone has no derived rows to tell of
    ]
    return books
