"""What Airflow loads of Boxoffice besides the DAGs: `AIRFLOW__CORE__PLUGINS_FOLDER` names this folder."""

from __future__ import annotations

from urllib.parse import urlsplit

from airflow.configuration import conf
from airflow.plugins_manager import AirflowPlugin

from dags import run_notes
from same_origin import AsgiGuard
from settings import Settings


def _guards() -> list[dict[str, object]]:
    """What keeps foreign web pages from Airflow's API where it has no login: every request is then the administrator's.

    With a login, an Airflow is guarded by that, and is known by names that nothing here knows.
    """
    if not conf.getboolean("core", "simple_auth_manager_all_admins"):
        return []
    urls = (conf.get("api", "base_url", fallback=""), conf.get("core", "execution_api_server_url", fallback=""))
    hosts = [*Settings().host_names, *filter(None, (urlsplit(url or "").hostname for url in urls))]
    return [{"name": "same origin", "middleware": AsgiGuard, "kwargs": {"hosts": hosts}}]


class BoxofficePlugin(AirflowPlugin):
    """Writes why a run failed into its note, and keeps foreign web pages from the API."""

    name = "boxoffice"
    listeners = [run_notes]
    fastapi_root_middlewares = _guards()
