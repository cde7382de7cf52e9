"""The report in Airflow: its API server serves it to people who are logged in, and every publish task links to it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dags.report_link import ReportLink
from tests.dags.test_schedules import dag_of

ROOT = Path(__file__).resolve().parents[2]
REPORT = "<!doctype html><title>The report</title>"

ASK = """
import json, sys
from airflow.api_fastapi.app import create_app, get_auth_manager
from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
from airflow.models.revoked_token import RevokedToken
from airflow.settings import engine
from fastapi.testclient import TestClient

application = create_app("core")
RevokedToken.__table__.create(engine)
token = get_auth_manager().generate_jwt(SimpleAuthManagerUser(username="ann", role="viewer"))
client = TestClient(application, follow_redirects=False)
answers = {}
for name, headers in {
    "nobody": {},
    "stranger": {"Authorization": "Bearer x.y.z"},
    "reader": {"Authorization": f"Bearer {token}"},
    "cookie": {"Cookie": f"_token={token}"},
}.items():
    answer = client.get("/boxoffice/report", headers=headers)
    answers[name] = [answer.status_code, dict(answer.headers), answer.text]
pages = ("docs", "openapi.json", "report.html")
answers["documentation"] = [client.get(f"/boxoffice/{page}").status_code for page in pages]
print(json.dumps(answers))
"""


def ask_airflow(home: Path) -> dict[str, Any]:
    """What Airflow's own application answers, in a process with this home, to someone with and without a login."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW_")} | {
        "AIRFLOW_HOME": str(home / "airflow"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/airflow.db",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "dags" / "plugins"),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "ann:viewer",
        "AIRFLOW__API__BASE_URL": "http://testserver",
        "AIRFLOW__API_AUTH__JWT_SECRET": "0" * 64,
        "BOXOFFICE_HOME": str(home),
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run([sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    answers: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answers


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    home = tmp_path_factory.mktemp("home")
    (home / "report.html").write_text(REPORT)
    return ask_airflow(home)


@pytest.mark.parametrize("reader", ["reader", "cookie"])
def test_a_person_who_is_logged_in_gets_the_report_of_the_home(answers: dict[str, Any], reader: str) -> None:
    status, headers, text = answers[reader]
    assert (status, text) == (200, REPORT)
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert headers["cache-control"] == "no-store"
    assert headers["content-security-policy"].startswith("default-src 'none'; ")


def test_a_person_without_a_login_is_sent_there_and_comes_back(answers: dict[str, Any]) -> None:
    status, headers, text = answers["nobody"]
    assert status == 307
    assert headers["location"] == (
        "http://testserver/api/v2/auth/login?next=http%3A%2F%2Ftestserver%2Fboxoffice%2Freport"
    )
    assert REPORT not in text


def test_a_false_token_is_refused(answers: dict[str, Any]) -> None:
    status, _, text = answers["stranger"]
    assert status == 403
    assert REPORT not in text


def test_nothing_else_is_served(answers: dict[str, Any]) -> None:
    assert answers["documentation"] == [404, 404, 404]


def test_without_a_report_the_page_says_how_to_make_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from dags import report_page
    from settings import Settings

    monkeypatch.setattr(report_page, "get_settings", lambda: Settings(home=tmp_path))
    answer = report_page._report()
    assert answer.status_code == 404
    assert b"run './boxoffice report'" in answer.body
    (tmp_path / "report.html").write_text(REPORT)
    assert report_page._report().body == REPORT.encode(), "the newest one, without a restart"


@pytest.mark.parametrize("pipeline", ["ticketmaster_daily", "tickit_load"])
def test_publish_alone_links_to_the_report(pipeline: str) -> None:
    linked = {task.task_id: [link.name for link in task.operator_extra_links] for task in dag_of(pipeline).tasks}
    assert linked["publish"] == ["Report"]
    assert sum("Report" in links for links in linked.values()) == 1


def test_the_link_leads_to_airflows_own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "https://airflow.example/team/")
    link = ReportLink()
    assert link.get_link(None, ti_key=None) == "https://airflow.example/team/boxoffice/report"  # type: ignore[arg-type]
    assert link.xcom_key == "_link_ReportLink"
