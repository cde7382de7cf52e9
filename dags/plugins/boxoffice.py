"""What Airflow loads of Boxoffice besides the DAGs: `AIRFLOW__CORE__PLUGINS_FOLDER` names this folder."""

from __future__ import annotations

from airflow.plugins_manager import AirflowPlugin

from dags import run_notes


class BoxofficePlugin(AirflowPlugin):
    """Writes why a run failed into its note."""

    name = "boxoffice"
    listeners = [run_notes]
