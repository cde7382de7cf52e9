"""A real API key goes to Secrets Manager and nowhere else: no environment, command line or file of the stack has it."""

from __future__ import annotations

import gzip
import json
import os
import zipfile
from pathlib import Path
from unittest.mock import patch

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from infra.stack.stack import Stack
from settings import Settings
from tests.fixtures.leaks import files_with

KEY = "CanaryOfTheStack0123456789"


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Stack:
    monkeypatch.setenv("TICKETMASTER_API_KEY", KEY)
    monkeypatch.setenv("BOXOFFICE_HOME", str(tmp_path))
    return Stack(Settings())


def test_the_key_is_in_no_environment_and_no_command_line(stack: Stack) -> None:
    assert not stack.uses_simulator
    for environment in (stack.environment(), stack.airflow_environment()):
        assert KEY not in str(environment)
    for service in (*stack._services(), *stack._airflow_services()):
        assert KEY not in str(service.command)


def test_tasks_find_a_folder_that_was_named_from_where_the_user_stood(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TICKIT_LOCATION", "files")
    assert Stack(Settings()).airflow_environment()["TICKIT_LOCATION"] == str(tmp_path / "files")


def test_the_launcher_itself_speaks_to_no_aws_but_the_stacks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("BOXOFFICE_HOME", str(tmp_path))
    elsewhere = {"AWS_ENDPOINT_URL_SECRETS_MANAGER": "http://minio.example:9000", "AWS_PROFILE": "mine"}
    with patch.dict(os.environ, elsewhere):
        stack = Stack(Settings())
        stack.use_aws()
        assert elsewhere.keys().isdisjoint(os.environ)
        assert os.environ["AWS_ENDPOINT_URL"] == stack.aws_url


def test_the_key_is_in_no_file_and_no_status(stack: Stack, tmp_path: Path) -> None:
    stack.airflow_environment()
    stack.record.write(stack.settings, stack.api)
    assert (tmp_path / "run" / "settings.json").exists()
    assert files_with(KEY, tmp_path) == []
    assert KEY not in json.dumps(stack.status()) + repr(stack.settings)


def test_the_search_itself_finds_what_is_hidden(tmp_path: Path) -> None:
    (tmp_path / "plain.db").write_bytes(b"\x00" + KEY.encode())
    (tmp_path / "page.json.gz").write_bytes(gzip.compress(KEY.encode()))
    pq.write_table(pa.table({"url": [KEY * 50] * 50}), tmp_path / "part.parquet", compression="zstd")
    with zipfile.ZipFile(tmp_path / "code.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("module.py", KEY * 50)
    assert files_with(KEY, tmp_path) == ["code.zip", "page.json.gz", "part.parquet", "plain.db"]
