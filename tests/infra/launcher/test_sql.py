"""`./boxoffice sql`: statements from an argument, a file, standard input or a prompt, against a warehouse."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from aws_services.redshift_data import Rows
from infra.launcher import queries
from infra.launcher.app import app
from infra.launcher.prompt import Prompt
from tests.fixtures.warehouse import DirectRedshift

THREE = "select 1 as a; -- one; not two\nselect 'x;y' as b;\nselect 20.10::decimal(8,2) as c\n"


@pytest.fixture
def warehouse(redshift: DirectRedshift, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> DirectRedshift:
    monkeypatch.setenv("BOXOFFICE_HOME", str(tmp_path))
    monkeypatch.setattr("infra.launcher.commands.access.require_warehouse", lambda stack: None)
    monkeypatch.setattr(queries, "warehouse", lambda stack, actor: DataApi(redshift))
    return redshift


class DataApi:
    """The warehouse with the names of columns, as the Data API gives them."""

    def __init__(self, redshift: DirectRedshift) -> None:
        self._redshift = redshift

    def execute(self, statement: str) -> Rows:
        rows = self._redshift.execute(statement)
        return Rows(rows, rows[0].keys() if rows else ())


def sql(*arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(app, ["sql", *arguments], input=typed)


@pytest.mark.parametrize("way", ["argument", "file", "dash", "piped"])
def test_statements_come_from_wherever_they_are(warehouse: DirectRedshift, tmp_path: Path, way: str) -> None:
    (tmp_path / "q.sql").write_text(THREE)
    arguments = {"argument": [THREE], "file": ["-f", str(tmp_path / "q.sql")], "dash": ["-"], "piped": []}[way]
    done = sql(*arguments, "--json", typed=THREE)
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == [[{"a": 1}], [{"b": "x;y"}], [{"c": 20.10}]]
    assert "20.10" in done.stdout


def test_one_statement_is_a_plain_list(warehouse: DirectRedshift) -> None:
    assert json.loads(sql("select 1 as a;", "--json").stdout) == [{"a": 1}]


def test_the_first_that_fails_ends_it_with_its_number(warehouse: DirectRedshift, tmp_path: Path) -> None:
    (tmp_path / "q.sql").write_text("select 1 as a;\nselect nope;\nselect 3 as c;")
    done = sql("--file", str(tmp_path / "q.sql"))
    assert done.exit_code == 1
    assert "statement 2 of 3 failed, the ones before it took effect:" in done.stderr
    assert "(1 row)" in done.stdout
    assert "c" not in done.stdout.split()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("q.sql", "", "q.sql is empty"),
        ("q.sql", "-- nothing\n ;", "there is no statement in"),
        ("q.sql", "select 'open", "a string, comment or $$ body is not closed"),
        ("q.sql", b"\xff\xfe\x00", "cannot be read"),
        ("q.sql", None, "there is no file"),
        (".", None, "is a folder; a file is expected"),
    ],
)
def test_a_file_that_holds_no_sql_is_said_in_a_line(
    warehouse: DirectRedshift, tmp_path: Path, name: str, content: str | bytes | None, words: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    done = sql("-f", str(tmp_path / name))
    assert done.exit_code == 2
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_an_argument_and_a_file_are_one_too_many(warehouse: DirectRedshift) -> None:
    assert sql("select 1", "-f", "q.sql").exit_code == 2


def converse(tmp_path: Path, *lines: str | type[BaseException]) -> list[str]:
    """Type lines at a prompt; returns the statements that were run."""
    ran: list[str] = []
    typed: Iterator[str | type[BaseException]] = iter(lines)

    def ask(prompt: str) -> str:
        line = next(typed, EOFError)
        if isinstance(line, str):
            return line
        raise line

    def run(statement: str) -> None:
        ran.append(statement)
        if "nope" in statement:
            raise queries.QueryFailed("no such column")

    Prompt(run, tmp_path / "sql_history", ask).converse()
    return ran


def test_a_statement_is_run_when_its_semicolon_is_typed(tmp_path: Path) -> None:
    assert converse(tmp_path, "select 1", "  as a;", "", "select 'x;", "y' ; select 3;") == [
        "select 1\n  as a",
        "select 'x;\ny'",
        "select 3",
    ]


def test_a_failure_is_told_and_the_conversation_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert converse(tmp_path, "select nope;", "select 2;") == ["select nope", "select 2"]
    assert "failed: no such column" in capsys.readouterr().err


def test_ctrl_c_drops_what_was_typed_and_q_leaves(tmp_path: Path) -> None:
    assert converse(tmp_path, "select 1", KeyboardInterrupt, "select 2;", "\\q", "select 3;") == ["select 2"]


def test_tables_and_columns_are_described(warehouse: DirectRedshift, tmp_path: Path) -> None:
    tables, columns = converse(tmp_path, "\\d", "\\d ticketmaster.dim_venue", "\\d x'; drop")
    assert ("ticketmaster", "dim_venue") in {(row["schema"], row["table"]) for row in warehouse.execute(tables)}
    assert "venue_id" in {row["column"] for row in warehouse.execute(columns)}


def test_the_history_is_its_owners_alone(tmp_path: Path) -> None:
    converse(tmp_path, "select 1;")
    assert (tmp_path / "sql_history").stat().st_mode & 0o777 == 0o600
