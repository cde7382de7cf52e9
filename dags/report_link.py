"""The link of every `publish` task to the report, which the API server serves: see `dags.report_page`."""

from __future__ import annotations

from urllib.parse import urljoin

from airflow.configuration import conf
from airflow.sdk import BaseOperator, BaseOperatorLink
from airflow.sdk.types import TaskInstanceKey

PREFIX = "/boxoffice"
PAGE = "/report"


def report_url() -> str:
    """The address of the report at Airflow's API server; without its host if Airflow doesn't know it."""
    base = conf.get("api", "base_url", fallback="/") or "/"
    return urljoin(f"{base.rstrip('/')}/", f"{PREFIX}{PAGE}".lstrip("/"))


class ReportLink(BaseOperatorLink):
    """Leads to the report. Airflow shows it at a task that has it as an extra link."""

    name = "Report"

    def get_link(self, operator: BaseOperator, *, ti_key: TaskInstanceKey) -> str:  # noqa: ARG002  Airflow's signature
        """The address of the report, which shows the newest data whatever the task instance is."""
        return report_url()
