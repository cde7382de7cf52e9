"""`./boxoffice report`: what it reads as whom, where it writes, and its messages when it can't."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from typer.testing import CliRunner, Result

from aws_services.errors import StatementFailed
from aws_services.redshift_data import Rows, StatementResult
from infra.launcher import report as reports
from infra.launcher.app import app
from infra.launcher.commands import runs
from infra.stack.stack import Stack
from settings import Settings
from tests.dashboards.page.conftest import ANALYST, event, publish_day
from tests.fixtures.warehouse import DirectRedshift


class DataApi:
    """An actor's session with the Data API's batches and results. It counts its transactions."""

    def __init__(self, session: DirectRedshift) -> None:
        self._session = session
        self._results: list[Rows] = []
        self.batches = 0

    def execute(self, statement: str) -> Rows:
        return Rows(self._session.execute(statement))

    def batch(self, statements: Sequence[str]) -> list[StatementResult]:
        self.batches += 1
        first = len(self._results)
        self._results += [Rows(rows) for rows in self._session.batch(statements)]
        return [StatementResult(str(number), 0, has_rows=True) for number in range(first, len(self._results))]

    def result_of(self, statement_id: str) -> Rows:
        return self._results[int(statement_id)]


@pytest.fixture
def analyst(redshift: DirectRedshift, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[DataApi]:
    """The warehouse as the report sees it, and a home."""
    session = redshift.sibling(ANALYST)
    api = DataApi(session)
    actors: list[Any] = []
    monkeypatch.setenv("BOXOFFICE_HOME", str(tmp_path))
    monkeypatch.setattr("infra.launcher.commands.access.require_warehouse", lambda stack: None)
    monkeypatch.setattr(reports, "warehouse", lambda stack, actor: actors.append(actor) or api)
    yield api
    assert set(actors) <= {"analyst"}
    session.close()


@pytest.fixture
def published(redshift: DirectRedshift) -> None:
    publish_day(redshift, [event(number) for number in range(30)])


def report(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["report", *arguments])


def test_all_dashboards_are_one_private_file_in_the_home(analyst: DataApi, published: None, tmp_path: Path) -> None:
    done = report()
    assert done.exit_code == 0, done.output
    file = tmp_path / "report.html"
    assert f"kB: {file}" in done.stdout
    document = html.document_fromstring(file.read_text())
    assert {"account-managers"} <= {section.get("id") for section in document.iter("section")}
    assert "data of 1 Dec 2026" in document.xpath("//header")[0].text_content()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if "report" in path.name] == ["report.html"]


def test_the_charts_of_a_dashboard_are_read_in_one_transaction(analyst: DataApi, published: None) -> None:
    assert report("--dashboard", "account-managers").exit_code == 0
    assert analyst.batches == 1


def test_one_dashboard_goes_to_a_file_of_its_own_or_where_one_says(
    analyst: DataApi, published: None, tmp_path: Path
) -> None:
    assert report("--dashboard", "account-managers").exit_code == 0
    assert (tmp_path / "report-account-managers.html").is_file()
    chosen = tmp_path / "sent" / "report.html"
    assert report("--output", str(chosen)).exit_code == 2, "the folder doesn't exist"
    chosen.parent.mkdir()
    assert report("--output", str(chosen)).exit_code == 0
    assert not (tmp_path / "report.html").exists()


def test_an_unknown_dashboard_is_refused_with_the_known_ones(analyst: DataApi) -> None:
    done = report("--dashboard", "nope")
    assert done.exit_code == 2
    assert "there is no dashboard 'nope'; the dashboards are: account-managers" in done.stderr


def test_before_the_first_publication_it_says_what_to_run(analyst: DataApi, tmp_path: Path) -> None:
    done = report()
    assert done.exit_code == 1
    assert "no star is loaded yet, so there is nothing to show; './boxoffice run' loads them" in done.stderr
    assert not (tmp_path / "report.html").exists()


def test_a_chart_that_the_warehouse_refuses_is_named_and_the_old_report_stays(
    analyst: DataApi, published: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "report.html").write_text("yesterday's")

    def refuse(statements: Sequence[str]) -> list[StatementResult]:
        raise StatementFailed("statement", "dev", "permission denied", statements[1], 2)

    monkeypatch.setattr(analyst, "batch", refuse)
    done = report()
    assert done.exit_code == 1
    assert "the warehouse refused the chart 'Venues with shows'" in done.stderr
    assert "permission denied" in done.stderr
    assert (tmp_path / "report.html").read_text() == "yesterday's"


def test_it_opens_in_the_browser(
    analyst: DataApi, published: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda address: addresses.append(address) or True)
    assert report("--open").exit_code == 0
    assert addresses == [(tmp_path / "report.html").as_uri()]


def test_a_stack_that_is_down_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BOXOFFICE_HOME", str(tmp_path))
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    done = report()
    assert done.exit_code == 1
    assert "is not up; './boxoffice up' starts it" in done.stderr


def test_a_run_says_where_the_report_is_and_survives_without_one(
    analyst: DataApi, redshift: DirectRedshift, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stack = Stack(Settings(home=tmp_path))
    runs._write_report(stack)
    assert "the report was not written: no star is loaded yet" in capsys.readouterr().err
    publish_day(redshift, [event(number) for number in range(30)])
    runs._write_report(stack)
    assert f"Report     {tmp_path / 'report.html'}" in capsys.readouterr().out
