"""Airflow's hook and operators for Redshift, in a process of their own: the local AWS does without Airflow."""

from __future__ import annotations

import sys
from pathlib import Path

from .conftest import Environment
from .environments import run

SESSION = Path(__file__).with_name("sessions") / "airflow_operators.py"


def test_airflow_loads_and_unloads(administrator: Environment, tmp_path: Path) -> None:
    run([sys.executable, SESSION], administrator | {"AIRFLOW_HOME": str(tmp_path)})
