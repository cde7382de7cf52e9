"""The report in Airflow: a page of the API server, for people who are logged in.

`./boxoffice report` makes the page and puts it into the home. This module only serves that file.

Airflow doesn't protect a plugin's pages: each of them has to demand a login itself
(https://airflow.apache.org/docs/apache-airflow/stable/administration-and-deployment/plugins.html).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from dags.report_link import PAGE, PREFIX, report_url
from settings import get_settings

if TYPE_CHECKING:
    from fastapi import FastAPI
    from fastapi.responses import Response

FILE = "report.html"
"""Its name in the home; `infra.launcher.report` writes it."""

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_NO_REPORT = """\
There is no report in {home} yet. Make it: run './boxoffice report', and open this page again.
'./boxoffice run' makes it too. For the data of an account, run the command where you have the account's credentials:
the report is one HTML file, and the command shows where it is.
"""

_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]


class ReportPage:
    """The application that serves the report, for `AirflowPlugin.fastapi_apps`.

    It is built for its first request: every process of Airflow loads the plugins, and only the API server has requests.
    """

    async def __call__(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        """Handle one request."""
        await self._application(scope, receive, send)

    @cached_property
    def _application(self) -> FastAPI:
        from airflow.api_fastapi.auth.managers.models.resource_details import AccessView
        from airflow.api_fastapi.core_api.security import requires_access_view
        from fastapi import Depends, FastAPI, HTTPException
        from fastapi.responses import PlainTextResponse, RedirectResponse

        application = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        demand = [Depends(requires_access_view(AccessView.WEBSITE))]
        application.get(PAGE, dependencies=demand, response_model=None)(_report)

        @application.exception_handler(HTTPException)
        def refuse(_: Any, error: HTTPException) -> Response:
            if error.status_code == 401:
                base = report_url().removesuffix(f"{PREFIX}{PAGE}")
                return RedirectResponse(
                    f"{base}/api/v2/auth/login?{urlencode({'next': report_url()})}", headers=_HEADERS
                )
            return PlainTextResponse(str(error.detail), error.status_code, _HEADERS)

        return application


def _report() -> Response:
    """The newest report of the home, or how to make one."""
    from fastapi.responses import HTMLResponse, PlainTextResponse

    home = get_settings().home
    try:
        return HTMLResponse((home / FILE).read_bytes(), headers=_HEADERS)
    except FileNotFoundError:
        return PlainTextResponse(_NO_REPORT.format(home=home), 404, _HEADERS)
