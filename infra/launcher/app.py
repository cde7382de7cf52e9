"""The commands of ./boxoffice."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import pydantic
import typer
from rich.console import Console

from infra.launcher.airflow_api import AirflowError
from infra.launcher.follow import Follower, Outcome
from infra.launcher.stack import ROOT, Stack, StackError
from settings import Settings
from warehouse.stars import stars

app = typer.Typer(
    help="Boxoffice: live-event data from the source to a checked star schema. Start with: ./boxoffice run",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_WIDTH = None if sys.stdout.isatty() else 140  # a log has no width of its own: leave room for the tables
console = Console(highlight=False, soft_wrap=True, width=_WIDTH)
errors = Console(stderr=True, highlight=False, soft_wrap=True, width=_WIDTH)

_FETCHING = ("refetch", "full", "location")
"""Parameters that make a run look at its source anew."""

DateOption = Annotated[
    datetime | None,
    typer.Option("--date", formats=["%Y-%m-%d"], help="Business date, YYYY-MM-DD. Default: today in UTC."),
]
Actor = Literal["analyst", "extractor"]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
EnvironmentOption = Annotated[str, typer.Option("--env", help="Which environment: dev or prod.")]


def _say(line: str) -> None:
    console.print(line, markup=False)


def _fail(message: str, code: int = 1) -> NoReturn:
    errors.print(f"boxoffice: {message}", markup=False)
    raise typer.Exit(code)


def _settings() -> Settings:
    try:
        return Settings()
    except pydantic.ValidationError as error:
        lines = [f"{'.'.join(map(str, item['loc'])).upper()}: {item['msg']}" for item in error.errors()]
        _fail("a setting is not valid:\n  " + "\n  ".join(lines), code=2)


def _stack() -> Stack:
    return Stack(_settings(), say=_say)


def _bring_up(stack: Stack) -> None:
    try:
        stack.up()
    except StackError as error:
        _fail(str(error))


def _require_up(stack: Stack) -> None:
    if dead := stack.dead():
        _fail(f"{', '.join(dead)} died (logs: {stack.processes.logs}); './boxoffice up' starts again what is missing")
    if not stack.is_up():
        _fail("the stack is not up; './boxoffice up' starts it")


@app.command()
def run(date_: DateOption = None) -> None:
    """Bring the stack up, run every pipeline for a day, and show what came of it.

    The stack stays up afterwards. A day that is finished already is not done again.
    """
    stack = _stack()
    _bring_up(stack)
    failed = [star.pipeline for star in stars() if not _succeeds(stack, star.pipeline, date_.date() if date_ else None)]
    if failed:
        errors.print(f"boxoffice: {', '.join(failed)} failed", markup=False)
    _show_addresses(stack)
    raise typer.Exit(1 if failed else 0)


@app.command()
def up() -> None:
    """Bring the local stack up: local AWS, warehouse, simulator, Airflow. What runs already is left alone."""
    stack = _stack()
    _bring_up(stack)
    _show_addresses(stack)


@app.command()
def down() -> None:
    """Stop the stack; no process stays behind. Data is kept (`reset` removes it)."""
    stopped = _stack().down()
    _say(f"stopped {stopped} processes" if stopped else "nothing was running")


@app.command()
def status(as_json: JsonOption = False) -> None:
    """Show what is up, where, and how the latest runs ended. Exit code 0 only when everything is up."""
    from infra.launcher import summary

    stack = _stack()
    state = stack.status() | {"runs": summary.latest(stack) if stack.is_up() else []}
    if as_json:
        console.print_json(json.dumps(state))
    else:
        for name, process in state["processes"].items():
            pid = f"pid {process['pid']}" if process["pid"] else f"log {process['log']}"
            _say(f"{name:<24} {process['state']:<6} {pid}")
        if stack.dead():
            _say("'./boxoffice up' starts again what died; runs that were under way go on, or say what to do")
        for name, url in state["urls"].items():
            _say(f"{name:<24} {url}")
        for run_ in state["runs"]:
            at = run_["finished_at"] or f"since {run_['started_at']}"
            _say(f"{run_['run_id']:<36} {run_['status']:<10} {at:<28} {summary.unchanged(run_)}".rstrip())
    raise typer.Exit(0 if state["up"] else 3)


@app.command()
def reset(yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False) -> None:
    """Stop the stack and remove all of its data: lake, warehouse, Airflow's history. Keeps the environment."""
    stack = _stack()
    if not yes:
        typer.confirm(f"Remove all data under {stack.home}?", abort=True)
    stack.down()
    for name in ("aws", "airflow", "alerts", "logs", "run"):
        shutil.rmtree(stack.home / name, ignore_errors=True)
    _say(f"removed the data under {stack.home}")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})
def airflow(context: typer.Context) -> None:
    """Airflow's own command line on this stack, such as: airflow backfill create --help."""
    stack = _stack()
    _require_up(stack)
    command = [sys.executable, "-m", "airflow", *context.args]
    raise typer.Exit(subprocess.run(command, env=stack.airflow_environment(), check=False).returncode)


@app.command()
def trigger(
    dag: Annotated[str, typer.Argument(help="The DAG to trigger, such as tickit_load.")],
    date_: DateOption = None,
    location: Annotated[
        str | None, typer.Option("--location", help="Where the files lie: a folder, file://, https:// or s3://.")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Load all files, whether they changed or not.")] = False,
    refetch: Annotated[
        bool, typer.Option("--refetch", help="Observe the day once more, beside what is landed.")
    ] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Load a finished day anew from its raw data.")] = False,
    accept_drop: Annotated[
        bool,
        typer.Option("--accept-drop", help="Publish although there is less than half of what there was before."),
    ] = False,
    wait: Annotated[
        bool, typer.Option("--wait", help="Follow the run to its end; exit code 0 only if it succeeds.")
    ] = False,
) -> None:
    """Trigger a DAG through Airflow's API.

    The options but --wait are the DAG's parameters; one that the DAG does not have is refused.
    """
    stack = _stack()
    _require_up(stack)
    day = date_.date() if date_ else None
    where = _absolute(location) if location else None
    given = {"location": where, "full": full, "refetch": refetch, "rebuild": rebuild, "accept_drop": accept_drop}
    params = {name: value for name, value in given.items() if value}
    if wait:
        outcome = _run_dag(stack, dag, day, **params)
        raise typer.Exit(0 if outcome.succeeded else 1)
    run_id = _trigger(stack, dag, day, **params)
    _say(f"triggered {dag}: {stack.airflow_url}/dags/{dag}/runs/{run_id}")


def _absolute(location: str) -> str:
    """A location as Airflow, which works elsewhere, understands it: a folder of this machine by its whole path."""
    if "://" in location:
        return location
    folder = Path(location).expanduser().resolve()
    if not folder.is_dir():
        _fail(f"there is no folder {folder}; --location takes a folder, file://, https:// or s3://", code=2)
    return str(folder)


@app.command()
def replay(
    source: Annotated[str, typer.Argument(help="The source: ticketmaster or tickit.")],
    date_: DateOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what passes now.")] = False,
) -> None:
    """Validate a day's quarantined records by today's contracts, and load the day anew if any of them pass now.

    For when a contract was mended. The day is validated and loaded from its raw data, each record once.
    """
    from infra.launcher import replaying

    stack = _stack()
    _require_up(stack)
    try:
        day = replaying.Replaying(stack, source, date_.date() if date_ else stack.settings.current_date())
        found = day.look()
    except replaying.Refused as error:
        _fail(str(error))
    replaying.show(found, day.day, console)
    if dry_run or not any(each.passing for each in found):
        return
    before = day.state()
    outcome = _run_dag(stack, day.pipeline, day.day, rebuild=True)
    if not outcome.succeeded:
        raise typer.Exit(1)
    replaying.show_gain(before, day.state(), console)


@app.command()
def sql(
    statement: Annotated[str, typer.Argument(help="One statement, in Redshift's SQL.")],
    as_json: JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV with a header line.")] = False,
    actor: Annotated[
        Actor | None, typer.Option("--as", help="Whose privileges to have. Default: the administrator's.")
    ] = None,
) -> None:
    """Run one SQL statement in the warehouse through the Redshift Data API."""
    from infra.launcher import queries

    stack = _stack()
    _require_up(stack)
    try:
        queries.show(stack, statement, "json" if as_json else "csv" if as_csv else "table", console, actor)
    except queries.QueryFailed as error:
        _fail(str(error))


@app.command()
def privileges(as_json: JsonOption = False) -> None:
    """Show what each role of the account may do, and what of it this stack's runs have used.

    Exit code 0 only when there is a reason for whatever is granted and was not used, and no call was denied.
    """
    from infra.launcher import privileges as granted

    found = granted.report(_stack().home / "aws")
    granted.show(found, console, as_json=as_json)
    raise typer.Exit(1 if found.too_many or found.denials else 0)


@app.command()
def validate(
    source: Annotated[str, typer.Argument(help="The source, such as tickit.")],
    entity: Annotated[str, typer.Argument(help="The entity, such as sales.")],
    files: Annotated[list[Path], typer.Argument(help="Raw records as the source gives them; .gz too.")],
    as_json: JsonOption = False,
) -> None:
    """Validate local files of raw records against the contracts. Needs no running stack, writes nothing."""
    from infra.launcher import offline

    try:
        report = offline.validate(source, entity, files)
    except offline.Refused as error:
        _fail(str(error), code=2)
    offline.show(report, console, as_json=as_json)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def test(context: typer.Context) -> None:
    """Run all tests (further arguments go to pytest)."""
    from infra.launcher import checks

    raise typer.Exit(checks.test(context.args))


@app.command(add_help_option=False, context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def bench(context: typer.Context) -> None:
    """Measure Boxoffice beside the plain way of doing the same (`bench --help` tells more)."""
    from infra.launcher import checks

    raise typer.Exit(checks.bench(context.args))


@app.command()
def deploy(
    env: EnvironmentOption,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would be done; needs no account and no network.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before permissions are widened.")] = False,
) -> None:
    """Bring an environment into an AWS account, or up to date there: infrastructure, warehouse, Glue jobs' code.

    Whatever is not as it must be is refused before anything is changed; after a step that failed, the same command
    resumes. It ends with what to configure Airflow with. docs/deploy.md tells what must be there.
    """
    _in_account(env, "deploy", dry_run and "--dry-run", yes and "--yes")


@app.command()
def destroy(
    env: EnvironmentOption,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would be lost and kept; needs no account.")
    ] = False,
    confirm: Annotated[
        str | None, typer.Option("--confirm", metavar="STACK", help="The stack's name, instead of typing it.")
    ] = None,
) -> None:
    """Take an environment out of its AWS account, after its stack's name was typed.

    Of dev everything goes, data too. Of prod the buckets, the warehouse's data, the secret and the key are kept.
    """
    _in_account(env, "destroy", dry_run and "--dry-run", *(["--confirm", confirm] if confirm else []))


@app.command()
def lint() -> None:
    """Check format, style, types, import rules and SQL."""
    from infra.launcher import checks

    raise typer.Exit(checks.lint(_say))


def _in_account(environment: str, *arguments: str | bool) -> NoReturn:
    """Become the process that works in an account: it names resources as that environment's."""
    from infra.aws.environments import ENVIRONMENTS
    from infra.launcher import in_account

    if environment not in ENVIRONMENTS:
        _fail(f"there is no environment {environment!r}; there is {', '.join(ENVIRONMENTS)}", code=2)
    in_account.become(environment, *(argument for argument in arguments if isinstance(argument, str)))


def _succeeds(stack: Stack, pipeline: str, day: date | None) -> bool:
    """Run a pipeline; whatever comes of it, the others can be run after it."""
    try:
        return _run_dag(stack, pipeline, day).succeeded
    except typer.Exit:
        return False  # it has been told why


def _is_pipeline(dag_id: str) -> bool:
    return any(star.pipeline == dag_id for star in stars())


def _trigger(stack: Stack, dag_id: str, day: date | None, **params: str | bool) -> str:
    try:
        stack.wait_for_dag(dag_id)
        conf = _conf(stack, dag_id, day, params)
        stack.airflow.unpause(dag_id)
        return stack.airflow.trigger(dag_id, conf)
    except (AirflowError, StackError) as error:
        _fail(f"{dag_id} could not be triggered: {error}")


def _conf(stack: Stack, dag_id: str, day: date | None, params: Mapping[str, str | bool]) -> dict[str, str | bool]:
    """What to trigger a DAG with; parameters that it does not declare are refused, a day that it needs is added."""
    declared = stack.airflow.params(dag_id)
    conf = {"date": day.isoformat(), **params} if day else dict(params)
    if refused := [name for name in conf if name not in declared]:
        _fail(f"{dag_id} has no parameter {', '.join(refused)}; it has: {', '.join(declared) or 'none'}", code=2)
    return {"date": stack.settings.current_date().isoformat(), **conf} if "date" in declared else conf


def _run_dag(stack: Stack, dag_id: str, day: date | None, **params: str | bool) -> Outcome:
    from infra.launcher import summary

    run_id = _trigger(stack, dag_id, day, **params)
    business_date, is_pipeline = day or stack.settings.current_date(), _is_pipeline(dag_id)
    of_day = f" for {business_date}" if is_pipeline else ""
    _say(f"running {dag_id}{of_day}: {stack.airflow_url}/dags/{dag_id}/runs/{run_id}")
    detail = summary.Progress(stack, dag_id, business_date).detail if is_pipeline else lambda task: None
    try:
        outcome = Follower(stack.airflow, stack.home / "airflow", _say, detail).follow(dag_id, run_id)
    except AirflowError as error:
        _fail(f"{error}; the run itself may go on: './boxoffice status' tells whether Airflow is up")
    if outcome.succeeded:
        _say(f"{dag_id} succeeded in {outcome.seconds:.0f} s")
        if is_pipeline:
            summary.show(stack, dag_id, business_date, run_id, console)
        else:
            summary.show_returned(stack, dag_id, run_id, console)
    else:
        errors.print(f"{dag_id} failed after {outcome.seconds:.0f} s", markup=False)
        for failure in outcome.failures:
            errors.print(f"  task {failure.task}: {failure.reason}\n  log: {failure.log}", markup=False)
        if not outcome.failures:
            errors.print(f"  no task failed: it was stopped, or ran out of time; see {stack.airflow_url}", markup=False)
        is_fetched = {"open_run", "extract"}.isdisjoint(failure.task.split()[0] for failure in outcome.failures)
        anew = [f"--{name}" for name in _FETCHING if params.get(name)] if is_fetched else []
        resumes = "the same command" + (f" without {', '.join(anew)}" if anew else "")
        errors.print(f"What was landed and loaded before is kept; {resumes} resumes the run.", markup=False)
    return outcome


def _show_addresses(stack: Stack) -> None:
    urls = stack.status()["urls"]
    _say(f"Airflow    {urls['airflow']}")
    if "warehouse" in urls:
        _say(f'Warehouse  {urls["warehouse"]}   (any PostgreSQL client; or ./boxoffice sql "select …")')
    _say("The stack stays up; './boxoffice down' stops it.")


def main() -> None:
    """Run the command line."""
    try:
        app(prog_name="./boxoffice")
    except KeyboardInterrupt:
        errors.print("boxoffice: interrupted; the stack stays as it is ('./boxoffice down' stops it)")
        sys.exit(130)


__all__ = ["ROOT", "app", "main"]
