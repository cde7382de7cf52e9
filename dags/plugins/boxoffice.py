"""Boxoffice's plugin for Airflow, which loads it from `AIRFLOW__CORE__PLUGINS_FOLDER`."""

from __future__ import annotations

from urllib.parse import urlsplit

from airflow.configuration import conf
from airflow.plugins_manager import AirflowPlugin

from dags import run_notes
from dags.report_link import PREFIX
from dags.report_page import ReportPage
from same_origin import AsgiGuard
from settings import Settings


def _guards() -> list[dict[str, object]]:
    """The middleware that keeps foreign web pages from Airflow's API if it has no login: all are administrators then.

    An Airflow with a login has its own protection, and may have host names that aren't known here.
    """
    if not conf.getboolean("core", "simple_auth_manager_all_admins"):
        return []
    urls = (conf.get("api", "base_url", fallback=""), conf.get("core", "execution_api_server_url", fallback=""))
    hosts = [*Settings().host_names, *filter(None, (urlsplit(url or "").hostname for url in urls))]
    return [{"name": "same origin", "middleware": AsgiGuard, "kwargs": {"hosts": hosts}}]


class BoxofficePlugin(AirflowPlugin):
    """Writes a failure's reason into the run's note, serves the report, and keeps foreign web pages from the API."""

    name = "boxoffice"
    listeners = [run_notes]
    fastapi_apps = [{"name": "report", "app": ReportPage(), "url_prefix": PREFIX}]
    fastapi_root_middlewares = _guards()
