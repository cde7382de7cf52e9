"""All dashboards: each module of this folder that has a `DASHBOARD`. A new star's dashboard is a new file."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import dashboards
from dashboards.declarations import Dashboard


@cache
def all_dashboards() -> tuple[Dashboard, ...]:
    """Every dashboard, by slug."""
    names = (module.name for module in iter_modules(dashboards.__path__) if not module.ispkg)
    modules = (import_module(f"dashboards.{name}") for name in names)
    declared = (module.DASHBOARD for module in modules if isinstance(getattr(module, "DASHBOARD", None), Dashboard))
    return tuple(sorted(declared, key=lambda dashboard: dashboard.slug))


def dashboard(slug: str) -> Dashboard:
    """The dashboard of that slug.

    Raises:
        KeyError: no dashboard has it. The message lists the slugs.
    """
    by_slug = {entry.slug: entry for entry in all_dashboards()}
    if slug not in by_slug:
        raise KeyError(f"No dashboard {slug!r}. Dashboards: {', '.join(by_slug)}")
    return by_slug[slug]
