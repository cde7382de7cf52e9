"""./boxoffice as a newcomer uses it: everything up from nothing, a run, the same run again, queries, all down."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest
import requests

from aws_services import resources
from aws_services.s3 import S3
from infra.stack.services import SIMULATOR_KEY
from lake.layout import RunId
from lake.run_lock import RunLock
from lake.store import Lake
from tests.e2e.launcher import (
    PIPELINE,
    PORTS,
    Launcher,
    asking,
    command_line,
    connections,
    land_again,
    opening,
    processes_of,
    run_of,
    task_group,
    until,
)
from tests.fixtures.browser_requests import ALLOWED, REFUSED
from tests.fixtures.leaks import files_with
from warehouse.stars import stars

pytestmark = pytest.mark.e2e
RUNS = f"SELECT * FROM etl.runs WHERE pipeline = '{PIPELINE}' AND status = 'succeeded' AND run_id {{}}"


@pytest.fixture(scope="module")
def boxoffice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launcher]:
    launcher = Launcher(tmp_path_factory.mktemp("home"))
    yield launcher
    launcher("down")


@pytest.fixture(scope="module")
def first_run(boxoffice: Launcher) -> subprocess.CompletedProcess[str]:
    return boxoffice("run")


def test_one_command_from_nothing_to_a_summary(first_run: subprocess.CompletedProcess[str]) -> None:
    assert first_run.returncode == 0, first_run.stdout + first_run.stderr
    for pipeline, highlight in (("ticketmaster_daily", "Busiest venues"), ("tickit_load", "Best sellers")):
        _, succeeded, summary = first_run.stdout.partition(f"{pipeline} succeeded")
        assert succeeded
        assert summary.index("Reconciliation: passed.") < summary.index(highlight)
    assert "http://127.0.0.1:" in first_run.stdout
    assert "Traceback" not in first_run.stderr


def test_the_same_command_again_does_nothing_twice(
    boxoffice: Launcher, first_run: subprocess.CompletedProcess[str]
) -> None:
    landed = sorted((boxoffice.home / "aws" / "s3").rglob("*.json.gz"))
    before = {path: path.stat().st_mtime_ns for path in landed}
    again = boxoffice("run")
    assert again.returncode == 0, again.stdout + again.stderr
    assert "starting" not in again.stdout
    assert "generating" not in again.stdout
    assert again.stdout.count("nothing to do.") == len(stars())
    after = {path: path.stat().st_mtime_ns for path in sorted((boxoffice.home / "aws" / "s3").rglob("*.json.gz"))}
    assert after == before


def test_status_tells_programs_what_is_up(boxoffice: Launcher, first_run: subprocess.CompletedProcess[str]) -> None:
    done = boxoffice("status", "--json")
    state = json.loads(done.stdout)
    assert done.returncode == 0
    assert state["up"] is True
    assert {process["state"] for process in state["processes"].values()} == {"up"}
    assert {run["pipeline"]: run["status"] for run in state["runs"]} == {star.pipeline: "succeeded" for star in stars()}


def test_the_report_is_in_the_home_and_airflows_publish_task_leads_to_it(
    boxoffice: Launcher, first_run: subprocess.CompletedProcess[str]
) -> None:
    report = boxoffice.home / "report.html"
    assert f"Report     {report}" in first_run.stdout
    airflow = f"http://127.0.0.1:{boxoffice.environment['BOXOFFICE_AIRFLOW_PORT']}"
    for star in stars():
        runs = f"{airflow}/api/v2/dags/{star.pipeline}/dagRuns"
        first, *_ = requests.get(runs, params={"order_by": "run_after"}, timeout=30).json()["dag_runs"]
        publish = f"{runs}/{quote(first['dag_run_id'])}/taskInstances/publish/links"
        links = requests.get(publish, timeout=30).json()["extra_links"]
        assert links == {"Report": f"{airflow}/boxoffice/report"}
    page = requests.get(f"{airflow}/boxoffice/report", timeout=30)
    assert (page.status_code, page.content) == (200, report.read_bytes())


@pytest.mark.parametrize("path", ["/auth/token", "/api/v2/dags", "/execution/health", "/boxoffice/report"])
def test_airflow_answers_no_foreign_page_under_no_foreign_name(
    boxoffice: Launcher, first_run: subprocess.CompletedProcess[str], path: str
) -> None:
    """It has no login: the token that it hands out is the administrator's."""
    port = int(boxoffice.environment["BOXOFFICE_AIRFLOW_PORT"])

    def ask(method: str, headers: dict[str, str]) -> requests.Response:
        sent = {name: value.format(port=port) for name, value in headers.items()}
        return requests.request(method, f"http://127.0.0.1:{port}{path}", headers=sent, timeout=30)

    for name, (method, headers) in REFUSED.items():
        answer = ask(method, headers)
        assert (answer.status_code, answer.text[:9]) == (403, "Refused: "), name
        assert not [header for header in answer.headers if header.lower().startswith(("access-control", "set-cookie"))]
    for name, (method, headers) in ALLOWED.items():
        assert ask(method, headers).ok, name
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert ask("GET", link).ok, "a link in a chat opens Airflow"


def test_every_server_of_the_stack_listens_on_the_loopback_only(
    boxoffice: Launcher, first_run: subprocess.CompletedProcess[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    listening = [
        (process.pid, connection.laddr.ip, connection.laddr.port)
        for process in processes_of(boxoffice.stack(monkeypatch))
        for connection in connections(process)
        if connection.status == psutil.CONN_LISTEN
    ]
    ports = {int(boxoffice.environment[f"BOXOFFICE_{name}_PORT"]) for name in PORTS}
    assert ports <= {port for _, _, port in listening}
    assert [connection for connection in listening if connection[1] not in ("127.0.0.1", "::1")] == []


def test_what_the_stack_wrote_is_for_its_owner_only(
    boxoffice: Launcher, first_run: subprocess.CompletedProcess[str]
) -> None:
    """Raw data, catalog, access record, job outputs, Airflow's logs and database, alerts, pids, logs of services."""
    paths = [boxoffice.home, *boxoffice.home.rglob("*")]
    seen = {path.relative_to(boxoffice.home).parts[0] for path in paths[1:]}
    assert {"aws", "airflow", "logs", "run"} <= seen
    assert len(paths) > 200
    is_open = [path for path in paths if not path.is_symlink() and path.exists() and path.stat().st_mode & 0o077]
    assert [str(path.relative_to(boxoffice.home)) for path in is_open] == []


def test_no_command_line_holds_a_key_or_a_password(
    boxoffice: Launcher, first_run: subprocess.CompletedProcess[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody on the machine can read command lines."""
    airflow = boxoffice.home / "airflow"
    secrets = [SIMULATOR_KEY, *(path.read_text().strip() for path in airflow.glob(".*-secret"))]
    passfiles = [airflow / "postgresql" / "pgpass", boxoffice.home / "aws" / "pgpass"]
    secrets += [path.read_text().strip().rpartition(":")[2] for path in passfiles]
    assert len(secrets) == 5
    lines = [command_line(process) for process in processes_of(boxoffice.stack(monkeypatch))]
    assert len(lines) >= 7
    assert [line for line in lines if any(secret in line for secret in secrets)] == []


def test_another_terminal_works_on_the_same_stack_by_its_home_alone(
    boxoffice: Launcher, first_run: subprocess.CompletedProcess[str]
) -> None:
    here, there = boxoffice("status", "--json"), boxoffice.in_another_terminal("status", "--json")
    assert json.loads(there.stdout)["urls"] == json.loads(here.stdout)["urls"]
    assert boxoffice.in_another_terminal("sql", "SELECT 20.10 AS price", "--json").stdout.split() == [
        *("[", "{", '"price":', "20.10", "}", "]")
    ]
    refused = boxoffice.in_another_terminal("sql", "SELECT 1", BOXOFFICE_AIRFLOW_PORT="1")
    assert (refused.returncode, "BOXOFFICE_AIRFLOW_PORT is 1, but the stack runs with" in refused.stderr) == (2, True)


def test_the_totals_shown_are_the_facts_own_to_the_cent(
    boxoffice: Launcher, first_run: subprocess.CompletedProcess[str]
) -> None:
    query = (
        "SELECT COUNT(*) AS sales, SUM(quantity_sold) AS tickets, SUM(price_paid) AS revenue, "
        "SUM(commission) AS commission FROM tickit.fact_sales"
    )
    (sums,) = csv.DictReader(io.StringIO(boxoffice("sql", query, "--csv").stdout))
    assert int(sums["sales"]) == 8623
    (shown,) = [line for line in first_run.stdout.splitlines() if line.startswith("all ")]
    counts = [f"{int(sums[name]):,}" for name in ("sales", "tickets")]
    assert shown.split() == ["all", *counts, *(f"{Decimal(sums[name]):,.2f}" for name in ("revenue", "commission"))]


def test_files_that_did_not_change_are_told_in_a_line(
    boxoffice: Launcher, first_run: subprocess.CompletedProcess[str]
) -> None:
    done = boxoffice("trigger", "tickit_load", "--refetch", "--wait")
    assert done.returncode == 0, done.stdout + done.stderr
    line = f"no file changed since run tickit_load-{datetime.now(UTC).date()}: nothing to load"
    assert done.stdout.splitlines()[-1] == line
    assert line in boxoffice("status").stdout


def test_files_that_are_not_there_are_refused_before_a_run(
    boxoffice: Launcher, first_run: subprocess.CompletedProcess[str]
) -> None:
    done = boxoffice("trigger", "tickit_load", "--location", "no-such-folder")
    assert done.returncode == 2
    assert "there is no folder" in done.stderr
    done = boxoffice("trigger", PIPELINE, "--full")
    assert done.returncode == 2
    assert "ticketmaster_daily has no parameter full; it has: date" in done.stderr


def test_sql_as_csv_has_a_header_line_and_json_is_json(
    boxoffice: Launcher, first_run: subprocess.CompletedProcess[str]
) -> None:
    query = "SELECT event_id, status FROM ticketmaster.fact_events ORDER BY event_id"
    rows = list(csv.DictReader(io.StringIO(boxoffice("sql", query, "--csv").stdout)))
    assert len(rows) > 200
    assert set(rows[0]) == {"event_id", "status"}
    assert json.loads(boxoffice("sql", query, "--json").stdout)[0]["event_id"] == rows[0]["event_id"]
    none = boxoffice("sql", "SELECT event_id FROM ticketmaster.fact_events WHERE event_id = 'none'", "--csv")
    assert none.stdout == "event_id\n"


def test_sql_that_redshift_would_refuse_is_refused_with_its_reason(
    boxoffice: Launcher, first_run: subprocess.CompletedProcess[str]
) -> None:
    done = boxoffice("sql", "SELECT DISTINCT ON (status) status FROM ticketmaster.fact_events")
    assert done.returncode == 1
    assert "DISTINCT ON" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_failed_run_names_task_reason_and_log(
    boxoffice: Launcher, first_run: subprocess.CompletedProcess[str]
) -> None:
    done = boxoffice("trigger", "ticketmaster_daily", "--date", "2020-01-01", "--wait")
    assert done.returncode == 1
    assert "task open_run: CannotObserveThePast: cannot observe the past" in done.stderr
    log = Path(done.stderr.split("log: ")[1].splitlines()[0])
    lines = [json.loads(line)["event"] for line in log.read_text().splitlines()]
    sentence = next(line for line in reversed(lines) if not line.startswith("::"))  # a marker of the UI's folding
    assert sentence.startswith("CannotObserveThePast: cannot observe the past")
    assert sentence.endswith("./boxoffice trigger ticketmaster_daily --date 2020-01-01 --wait")

    status = boxoffice("status")
    assert status.returncode == 4
    [line] = [line for line in status.stdout.splitlines() if line.startswith("FAILED: ")]
    assert line.startswith("FAILED: ticketmaster_daily of 2020-01-01, ")
    assert sentence in line, "the note of the run is what its task said"
    [alert] = [path for path in (boxoffice.home / "alerts").glob("*.txt") if "2020-01-01" in path.name]
    assert "What:  CannotObserveThePast: cannot observe the past" in alert.read_text()


def test_the_weekly_maintenance_says_what_it_did(
    boxoffice: Launcher, first_run: subprocess.CompletedProcess[str]
) -> None:
    done = boxoffice("trigger", "warehouse_maintenance", "--wait")
    assert done.returncode == 0, done.stdout + done.stderr
    report = {line.split(maxsplit=1)[0]: line.split(maxsplit=1)[1] for line in done.stdout.splitlines() if "  " in line}
    assert json.loads(report["lake"])["staging"] == {"objects": 0, "bytes": 0}
    assert json.loads(report["ledger"]) == {"abandoned": [], "staged_rows": {}, "details": {}}
    assert {"ticketmaster.fact_events", "tickit.fact_sales", "etl.runs", "common.dim_date"} <= set(
        json.loads(report["vacuum"])
    )
    assert json.loads(report["check_stars"]) == {star.pipeline: 100.0 for star in stars()}


def test_every_call_was_allowed_and_whatever_is_granted_has_a_use_or_a_reason(
    boxoffice: Launcher, first_run: subprocess.CompletedProcess[str]
) -> None:
    """Both pipelines and the maintenance ran under the roles of the account's template."""
    report = json.loads(boxoffice("privileges", "--json").stdout)

    assert report["denials"] == []
    assert [
        privilege for privilege in report["privileges"] if not privilege["used"] and privilege["reason"] is None
    ] == []
    used = {(privilege["role"], privilege["action"]) for privilege in report["privileges"] if privilege["used"]}
    assert {
        ("extractor", "s3:PutObject"),
        ("crawler", "s3:GetObject"),
        ("glue-job", "s3:PutObject"),
        ("redshift-copy", "s3:GetObject"),
    } <= used
    assert boxoffice("privileges").returncode == 0


def test_an_analyst_reads_the_marts_and_the_lake_but_no_personal_data(
    boxoffice: Launcher, first_run: subprocess.CompletedProcess[str]
) -> None:
    def as_analyst(query: str) -> subprocess.CompletedProcess[str]:
        return boxoffice("sql", "--as", "analyst", "--csv", query)

    assert as_analyst("SELECT COUNT(*) > 0 AS sold FROM tickit.fact_sales").stdout == "sold\nTrue\n"
    refused = as_analyst("SELECT email FROM tickit.user_contacts")
    assert (refused.returncode, "permission denied" in refused.stderr) == (1, True)
    # The lake compared with the stars: the star has exactly the sales that were validated.
    both = (
        "SELECT COUNT(*) AS in_lake, SUM(CASE WHEN f.sale_id IS NULL THEN 1 ELSE 0 END) AS missing "
        "FROM tickit_curated.sales AS s LEFT JOIN tickit.fact_sales AS f ON s.sale_id = f.sale_id"
    )
    in_lake, missing = as_analyst(both).stdout.splitlines()[1].split(",")
    assert (int(in_lake) > 1000, missing) == (True, "0")
    hidden = as_analyst("SELECT email FROM tickit_curated.user_contacts")
    assert (hidden.returncode, "AccessDenied" in hidden.stderr) == (1, True)


def test_an_unknown_dag_is_refused_with_those_there_are(
    boxoffice: Launcher, first_run: subprocess.CompletedProcess[str]
) -> None:
    done = boxoffice("trigger", "ticketmaster_dialy")
    assert done.returncode == 1
    assert "ticketmaster_daily" in done.stderr


def test_what_was_killed_behind_a_living_service_is_named_and_repaired(
    boxoffice: Launcher, first_run: subprocess.CompletedProcess[str]
) -> None:
    """The database of the warehouse, which is back by itself, and the executor's worker that holds the queue's lock."""
    database = boxoffice.home / "aws" / "data" / "postmaster.pid"
    killed = int(database.read_text().split()[0])
    os.kill(killed, signal.SIGKILL)
    assert boxoffice("sql", "SELECT COUNT(*) > 0 AS kept FROM tickit.fact_sales", "--csv").stdout == "kept\nTrue\n"
    assert int(database.read_text().split()[0]) != killed
    workers = psutil.Process(boxoffice.pid("airflow-scheduler")).children()
    os.kill(next(process.pid for process in workers if "<idle>" in process.cmdline()[0]), signal.SIGKILL)
    status = boxoffice("status")
    assert status.returncode == 3
    wrong = "\n".join(line for line in status.stdout.splitlines() if line.startswith("WRONG: "))
    assert "local-aws" not in wrong
    assert "airflow-scheduler has 3 of 4 workers" in wrong
    up = boxoffice("up")
    assert up.returncode == 0, up.stderr
    assert sorted(line for line in up.stdout.splitlines() if line.startswith("starting")) == [
        "starting airflow-scheduler",
    ]
    done = boxoffice("trigger", "tickit_load", "--wait")
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(boxoffice("status", "--json").stdout)["findings"] == []


def test_a_run_outlives_a_killed_task_the_killed_scheduler_and_the_killed_local_aws(
    boxoffice: Launcher, first_run: subprocess.CompletedProcess[str]
) -> None:
    star = "SELECT event_id, name, status, start_at, venue_id, attraction_id FROM ticketmaster.fact_events ORDER BY 1"
    before = boxoffice("sql", star, "--csv").stdout
    raw = "s3/*/raw/ticketmaster/*/*/run_id=*-2"
    (first,) = json.loads(boxoffice("sql", RUNS.format("NOT LIKE '%-2'"), "--json").stdout)
    boxoffice.hold_lock(first)
    scheduler = boxoffice.pid("airflow-scheduler")
    dag_run = boxoffice("trigger", "ticketmaster_daily", "--refetch").stdout.strip().rpartition("/")[2]

    until(lambda: boxoffice.files(f"{raw}/*.json.gz"))
    os.killpg(until(lambda: task_group(scheduler)), signal.SIGKILL)  # the task that lands them
    logs = boxoffice.home / "airflow" / "logs" / "dag_id=ticketmaster_daily" / f"run_id={dag_run}"
    until(lambda: list(logs.glob("task_id=*/**/attempt=2.log")))
    until(lambda: len(boxoffice.files(f"{raw}/_manifest.json")) == 4)

    os.kill(scheduler, signal.SIGKILL)
    status = boxoffice("status")
    assert status.returncode == 3
    assert "airflow-scheduler        died" in status.stdout
    assert "'./boxoffice up' restarts the processes that died" in status.stdout
    assert "airflow-scheduler died" in boxoffice("trigger", "ticketmaster_daily").stderr
    up = boxoffice("up")
    assert up.returncode == 0, up.stderr
    assert up.stdout.count("starting") == 1, "what runs is left alone"

    until(lambda: any('"RUNNING"' in file.read_text() for file in boxoffice.files("glue/runs/*.json")))
    os.kill(boxoffice.pid("local-aws"), signal.SIGKILL)
    up = boxoffice("up")
    assert up.returncode == 0, up.stderr
    assert "starting local-aws" in up.stdout

    behind = boxoffice("trigger", "ticketmaster_daily", "--wait")  # its turn comes when the other has ended
    assert behind.returncode == 0, behind.stdout + behind.stderr
    (run,) = json.loads(boxoffice("sql", RUNS.format("LIKE '%-2'"), "--json").stdout)
    assert (run["status"], run["dag_run_id"]) == ("succeeded", dag_run)
    assert run["fence"] == first["fence"] + 1, "taken over from a run that Airflow knows to have ended"
    assert boxoffice("sql", star, "--csv").stdout == before


def test_a_dag_is_on_unless_it_was_paused_and_then_refuses_runs_in_words(
    boxoffice: Launcher, first_run: subprocess.CompletedProcess[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    airflow = boxoffice.stack(monkeypatch).airflow
    assert {dag["is_paused"] for dag in airflow._request("GET", "dags")["dags"]} == {False}
    airflow._request("PATCH", "dags/tickit_load", {"is_paused": True})
    days = ("--from-date", "2026-11-18", "--to-date", "2026-11-20")
    for command in (("trigger", "tickit_load"), ("airflow", "backfill", "create", "--dag-id=tickit_load", *days)):
        refused = boxoffice(*command)
        assert refused.returncode == 1
        assert "./boxoffice airflow dags unpause tickit_load" in refused.stderr
    airflow._request("PATCH", "dags/tickit_load", {"is_paused": False})
    runs = airflow._request("GET", "dags/tickit_load/dagRuns")["dag_runs"]
    assert {run["run_type"] for run in runs} == {"manual"}


def test_airflow_goes_on_with_a_database_that_was_killed_and_started_again(
    boxoffice: Launcher, first_run: subprocess.CompletedProcess[str]
) -> None:
    os.kill(boxoffice.pid("airflow-db"), signal.SIGKILL)
    assert boxoffice("status").returncode == 3
    up = boxoffice("up")
    assert up.returncode == 0, up.stdout + up.stderr
    assert "starting airflow-db" in up.stdout
    assert "migrating" not in up.stdout
    done = boxoffice("trigger", "tickit_load", "--wait")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_backfill_loads_days_that_have_raw_and_refuses_others_in_words(
    boxoffice: Launcher, first_run: subprocess.CompletedProcess[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the CLI and, as a dry run, from the API. A day that meets another run waits for it and does not fail."""
    stack = boxoffice.stack(monkeypatch)
    today = datetime.now(UTC).date()
    without_raw, with_raw = today - timedelta(days=2), today - timedelta(days=1)
    lake = Lake(S3(), resources.LAKE_BUCKET)
    land_again(lake, RunId(PIPELINE, today), RunId(PIPELINE, with_raw))
    other = RunLock(lake, PIPELINE)
    other.acquire("scheduled__other", RunId(PIPELINE, today), timedelta(hours=1))

    begin, end = f"{without_raw}T00:00:00Z", f"{with_raw}T23:59:00Z"
    dates = {"dag_id": PIPELINE, "from_date": begin, "to_date": end}
    planned = stack.airflow._request("POST", "backfills/dry_run", dates)["backfills"]
    assert [run["logical_date"][:10] for run in planned] == [str(without_raw), str(with_raw)]
    days = ("--from-date", begin, "--to-date", end)
    with asking(stack.airflow_url) as answers:
        done = boxoffice("airflow", "backfill", "create", "--dag-id", PIPELINE, "--max-active-runs", "2", *days)
        assert done.returncode == 0, done.stdout + done.stderr
        refused, waiting = run_of(stack.airflow, without_raw), run_of(stack.airflow, with_raw)
        until(lambda: opening(stack.airflow, waiting)["state"] == "up_for_reschedule")
    assert len(answers) > 20
    assert set(answers) == {200}, "the UI goes on while a backfill is made and begins"
    other.release("scheduled__other")
    until(lambda: stack.airflow.run_state(PIPELINE, refused) == "failed")
    log = stack.airflow.task_log(PIPELINE, refused, opening(stack.airflow, refused))
    assert "cannot observe the past" in json.dumps(log)
    until(lambda: stack.airflow.run_state(PIPELINE, waiting) in ("success", "failed"))
    assert stack.airflow.run_state(PIPELINE, waiting) == "success"
    query = "SELECT observed_on, COUNT(*) AS n FROM ticketmaster.fact_event_snapshots GROUP BY observed_on"
    counts = {row["observed_on"]: row["n"] for row in json.loads(boxoffice("sql", query, "--json").stdout)}
    assert counts.keys() == {str(with_raw), str(today)}
    assert counts[str(with_raw)] == counts[str(today)] > 200


def test_the_api_key_is_in_no_log_database_or_object(
    boxoffice: Launcher, first_run: subprocess.CompletedProcess[str]
) -> None:
    kept = boxoffice.home / "aws" / "secrets.json"
    assert SIMULATOR_KEY in kept.read_text()
    assert files_with(SIMULATOR_KEY, boxoffice.home, spared={kept}) == []
    assert SIMULATOR_KEY not in first_run.stdout + first_run.stderr


def test_down_leaves_no_process_and_reset_no_data(
    boxoffice: Launcher, first_run: subprocess.CompletedProcess[str]
) -> None:
    assert boxoffice("down").returncode == 0
    assert boxoffice.processes() == []
    assert boxoffice("reset", "--yes").returncode == 0
    assert not (boxoffice.home / "aws").exists()
