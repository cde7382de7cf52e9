"""Airflow writes into its home as soon as it is imported: give it one that goes away with the tests."""

from __future__ import annotations

import os
import tempfile

_HOME = tempfile.TemporaryDirectory(prefix="boxoffice-airflow-home-")
os.environ.setdefault("AIRFLOW_HOME", _HOME.name)
