"""Superset's configuration. Superset runs this file because `SUPERSET_CONFIG_PATH` names it.

What differs between homes comes from the environment, which `infra.stack.dashboards` sets. Superset's protections
against foreign pages work on the loopback's plain HTTP and stay on: CSRF tokens, and a Content-Security-Policy. This
policy names no other server, so a page cannot load a font, a map or a tracking pixel from the internet.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from superset.utils.log import AbstractEventLogger

from dashboards import palette
from same_origin import WsgiGuard

FOLDER = Path(os.environ["BOXOFFICE_SUPERSET_FOLDER"])
"""All state of Superset in this home."""
_WAREHOUSE = os.environ["BOXOFFICE_SUPERSET_WAREHOUSE"]
_HOSTS = os.environ.get("BOXOFFICE_ALLOWED_HOSTS", "")
_DAY = 24 * 60 * 60

SECRET_KEY = (FOLDER / "secret-key").read_text(encoding="utf-8")
SQLALCHEMY_DATABASE_URI = f"sqlite:///{os.environ['BOXOFFICE_SUPERSET_METADATA']}?check_same_thread=false"
UPLOAD_FOLDER = ""

# -- the warehouse -----------------------------------------------------------------------------------------------------

ROW_LIMIT = 10_000
"""Rows of a chart that sets no limit of its own."""
SQL_MAX_ROW = 50_000
"""Rows of a chart at most."""
SAMPLES_ROW_LIMIT = 1_000
NATIVE_FILTER_DEFAULT_ROW_LIMIT = 1_000
SUPERSET_WEBSERVER_TIMEOUT = 60  # seconds, as the database user's statement timeout


def DB_CONNECTION_MUTATOR(uri: Any, params: dict[str, Any], *_: object) -> tuple[Any, dict[str, Any]]:  # noqa: N802
    """Connect the assets' database to the warehouse of this home, or of an account.

    The metadata has neither the port nor a password, and the same assets serve every warehouse.
    """
    from sqlalchemy.engine.url import make_url

    return (make_url(_WAREHOUSE) if uri.get_backend_name() == "redshift" else uri), params


# -- access ------------------------------------------------------------------------------------------------------------

WTF_CSRF_ENABLED = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
TALISMAN_ENABLED = True
TALISMAN_CONFIG = {
    "content_security_policy": {
        "base-uri": ["'self'"],
        "default-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "object-src": "'none'",
        "style-src": ["'self'", "'unsafe-inline'"],
        "font-src": ["'self'"],
        "script-src": ["'self'", "'strict-dynamic'"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": False,  # no browser trusts a certificate of the loopback
    "session_cookie_secure": False,  # over plain HTTP, the browser would not send the cookie
}
ENABLE_CORS = False
FAB_API_SWAGGER_UI = False
AUTH_USER_REGISTRATION = False
PREVENT_UNSAFE_DB_CONNECTIONS = True
ADDITIONAL_MIDDLEWARE = [lambda application: WsgiGuard(application, filter(None, _HOSTS.split(",")), allows_links=True)]

# -- caches, on disk ---------------------------------------------------------------------------------------------------


def _cache(name: str, seconds: int) -> dict[str, Any]:
    return {
        "CACHE_TYPE": "FileSystemCache",
        "CACHE_DIR": str(FOLDER / "cache" / name),
        "CACHE_DEFAULT_TIMEOUT": seconds,
        "CACHE_THRESHOLD": 2_000,
    }


CACHE_CONFIG = _cache("metadata", _DAY)
DATA_CACHE_CONFIG = _cache("data", 60)
"""A chart may be a minute older than the warehouse, where the pipelines publish once a day."""
FILTER_STATE_CACHE_CONFIG = _cache("filters", 90 * _DAY)
EXPLORE_FORM_DATA_CACHE_CONFIG = _cache("explore", 7 * _DAY)

# -- colours -----------------------------------------------------------------------------------------------------------


def _scheme(name: str, colors: tuple[str, ...], **more: Any) -> dict[str, Any]:
    return {"id": name, "label": name, "description": "", "colors": list(colors), "isDefault": True, **more}


EXTRA_CATEGORICAL_COLOR_SCHEMES = [_scheme("boxoffice", palette.CATEGORICAL)]
EXTRA_SEQUENTIAL_COLOR_SCHEMES = [_scheme("boxoffice_sequential", palette.SEQUENTIAL, isDiverging=False)]

# -- no other servers, and no record of who looked at what -------------------------------------------------------------


class _NoEvents(AbstractEventLogger):
    """Drops the events of users. By default, each click becomes a row of the metadata."""

    def log(self, *_: object, **__: object) -> None:
        """Drop an event."""


EVENT_LOGGER = _NoEvents()
CELERY_CONFIG = None
FEATURE_FLAGS = {"ALERT_REPORTS": False, "THUMBNAILS": False, "ENABLE_TEMPLATE_PROCESSING": False}
LOGO_TARGET_PATH = "/dashboard/list/"
SILENCE_FAB = True
