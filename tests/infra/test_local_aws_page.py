"""The page of the local AWS: its programs run as they are printed, and its tables are up to date."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from infra.local_aws import LocalAws
from infra.local_aws.claims.document import documents

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "local-aws.md"
PROGRAMS = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


def _run(arguments: list[str], folder: Path, environment: Mapping[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_programs_print_what_the_page_says(local_aws: LocalAws, tmp_path: Path) -> None:
    printing_programs = [program for program in PROGRAMS if "print(" in program]
    assert len(printing_programs) == 2
    for program in printing_programs:
        printed = _run(["-c", program], tmp_path, local_aws.environment)
        assert printed.strip() == program.rpartition("  # ")[2].strip()


def test_the_fixture_and_its_test_pass_as_they_stand_in_the_page(tmp_path: Path) -> None:
    for program in PROGRAMS:
        if name := re.match(r"# (\w+\.py)\n", program):
            (tmp_path / name[1]).write_text(program)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["conftest.py", "test_orders.py"]
    assert "1 passed" in _run(["-m", "pytest", "-q", "-p", "no:cacheprovider", "test_orders.py"], tmp_path, {})


def test_the_tables_say_what_the_code_claims() -> None:
    for path, text in documents().items():
        assert path.read_text("utf-8") == text, f"{path.name}: python -m infra.local_aws.claims --write"


def test_links_of_the_page_lead_somewhere() -> None:
    for page in (PAGE, PAGE.with_name("local-aws-operations.md")):
        for target in re.findall(r"\]\(([^)#]+)", page.read_text("utf-8")):
            assert target.startswith("http") or (PAGE.parent / target).exists(), target
