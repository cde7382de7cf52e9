"""Runs `./boxoffice lint`, `./boxoffice test` and `./boxoffice bench`."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from infra import children
from infra.checkout import ROOT

_BIN = Path(sys.executable).parent
PACKAGES = (
    "aws_services",
    "dags",
    "dashboards",
    "glue_jobs",
    "infra",
    "lake",
    "runs",
    "same_origin.py",
    "schemas",
    "semantics",
    "settings.py",
    "sources",
    "warehouse",
)
TYPED_TESTS = ("conftest.py", "tests/fixtures")

_MOST_WORKERS = 4
"""Each worker has its own local AWS, Spark and Airflow, and needs about 3 GB."""

LINTERS: dict[str, Sequence[str]] = {
    "style": (str(_BIN / "ruff"), "check", "."),
    "format": (str(_BIN / "ruff"), "format", "--check", "."),
    "types": (str(_BIN / "mypy"), "--no-error-summary", *PACKAGES, *TYPED_TESTS),
    "imports": (str(_BIN / "lint-imports"), "--no-cache"),
    "Redshift SQL": (sys.executable, "-m", "infra.checks.redshift_sql"),
    "SQL style": (sys.executable, "-m", "infra.checks.sql_style"),
    "spelling": (str(_BIN / "typos"), "--format", "brief"),
    "plain words": (sys.executable, "-m", "infra.checks.words"),
    "data dictionary": (sys.executable, "-m", "infra.checks.dictionary"),
    "metrics page": (sys.executable, "-m", "infra.checks.metrics"),
    "local AWS page": (sys.executable, "-m", "infra.local_aws.claims"),
    "marts": (sys.executable, "-m", "infra.checks.marts"),
    "every star": (sys.executable, "-m", "infra.checks.completeness"),
    "file lengths": (sys.executable, "-m", "infra.checks.file_lengths"),
    "dashboards": (sys.executable, "-m", "dashboards.superset"),
    "help texts": (sys.executable, "-m", "infra.launcher.help"),
    "launcher script": ("bash", "-n", "boxoffice"),
    "docs site": (sys.executable, "-m", "infra.checks.site"),
}


def lint(say: Callable[[str], None]) -> int:
    """Run every linter, as many at the same time as there are CPUs, and report each on one line.

    The whole output of a failed linter is printed. Returns an exit code.
    """
    failed = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, (process, seconds) in zip(LINTERS, pool.map(_run_linter, LINTERS.values()), strict=True):
            say(f"{name:<16} {'ok' if process.returncode == 0 else 'FAILED':<7} {seconds:5.1f} s")
            if process.returncode:
                failed.append(name)
                say((process.stdout + process.stderr).rstrip())
    say(f"lint: {', '.join(failed)} failed" if failed else "lint: all clean")
    return 1 if failed else 0


def _run_linter(command: Sequence[str]) -> tuple[subprocess.CompletedProcess[str], float]:
    """A linter's result and its duration in seconds."""
    began = time.monotonic()
    process = subprocess.run(command, cwd=ROOT, env=_environment(), capture_output=True, text=True, check=False)
    return process, time.monotonic() - began


def test(arguments: Sequence[str], *, quick: bool = False) -> int:
    """Run pytest on the repository and return its exit code. By default, several files run at the same time.

    Args:
        arguments: arguments for pytest. They replace the default options for parallel runs.
        quick: whether to skip slow tests, see `tests.quick`.
    """
    workers = min(os.cpu_count() or 1, _MOST_WORKERS)
    # In the order of the folders, whole pipelines start early, so that no slow file runs alone at the end.
    by_file = ("-n", str(workers), "--dist", "loadfile", "--no-loadscope-reorder")
    plugin = ("-p", "tests.quick") if quick else ()
    command = [sys.executable, "-m", "pytest", *plugin, *(arguments or by_file)]
    return children.run(command, _environment(), ROOT)


def bench(arguments: Sequence[str]) -> int:
    """Run the benchmark programs and return their exit code."""
    command = [sys.executable, "-m", "tests.bench", *arguments]
    return children.run(command, _environment(), ROOT)


def _environment() -> dict[str, str]:
    """The environment without the user's settings, so that tests don't depend on them or reach a real account."""
    prefixes = ("TICKETMASTER_", "AWS_", "AIRFLOW_", "BOXOFFICE_")
    needed = ("BOXOFFICE_CHROMIUM", "BOXOFFICE_HOME", "BOXOFFICE_RECORDED_DATA")
    variables = {key: value for key, value in os.environ.items() if key in needed or not key.startswith(prefixes)}
    return variables | {"PYTHONPATH": str(ROOT), "PATH": f"{_BIN}{os.pathsep}{variables.get('PATH', '')}"}
