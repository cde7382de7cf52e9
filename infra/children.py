"""Programs that the launcher hands the terminal to: Airflow's command line, pytest, linters, benchmarks."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

INTERRUPTED = 130
"""Exit code after Ctrl-C."""


def run(command: Sequence[str], environment: Mapping[str, str], folder: Path | None = None) -> int:
    """Run a program to its end and return its exit code.

    Ctrl-C reaches the program, too: it is given the time to clean up, as pytest's fixtures must, and is not killed.
    """
    with subprocess.Popen(list(command), env=dict(environment), cwd=folder) as process:
        is_interrupted = False
        while True:
            try:
                code = process.wait()
            except KeyboardInterrupt:
                is_interrupted = True
                continue
            return INTERRUPTED if is_interrupted or code == -2 else code
