"""The recorded statements of Redshift's documentation and tools, run by the program that comes with them.

`docs/redshift-conformance.md` has the whole table. The bounds here are the targets of that page.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from infra.local_aws import LocalAws

pytestmark = pytest.mark.recorded

_MOST_ACCEPTED = 10
_MOST_UNCLEAR = 10
_SHARES = "sqlfluff: data shares, RLS, models, Spectrum tables"
"""A category of statements about features that a single local warehouse lacks."""
_MOST_UNKNOWN = 0.12


@pytest.fixture(scope="module")
def outcomes(recorded: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    """The outcome of each statement."""
    folder = tmp_path_factory.mktemp("conformance")
    output = folder / "outcomes.jsonl"
    program = recorded / "redshift_conformance" / "run.py"
    with LocalAws(folder / "aws") as server:
        command = [sys.executable, str(program), "--endpoint", server.url, "--cluster", "local", "--out", str(output)]
        subprocess.run(command, check=True, capture_output=True, timeout=500)
    return [json.loads(line) for line in output.read_text().splitlines()]


def test_no_result_is_wrong_and_every_statement_ends(outcomes: list[dict[str, str]]) -> None:
    assert [case["id"] for case in outcomes if case["outcome"] in ("WRONG", "crash")] == []


def test_hardly_any_statement_is_accepted_though_redshift_refuses_it(outcomes: list[dict[str, str]]) -> None:
    accepted = [case["id"] for case in outcomes if case["outcome"] == "ACCEPTED"]
    assert len(accepted) <= _MOST_ACCEPTED, accepted


def test_errors_are_clear(outcomes: list[dict[str, str]]) -> None:
    unclear = [case["id"] for case in outcomes if case["outcome"] == "unclear"]
    assert len(unclear) <= _MOST_UNCLEAR, unclear


def test_hardly_any_statement_is_unknown(outcomes: list[dict[str, str]]) -> None:
    counts = Counter(case["outcome"] for case in outcomes if case["category"] != _SHARES)
    assert counts["not_known"] / counts.total() < _MOST_UNKNOWN
