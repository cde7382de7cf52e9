"""The procedures that shared templates and a star's declarations generate."""

from __future__ import annotations

from collections.abc import Iterator

from warehouse.stars import Star
from warehouse.templates import render


def procedures(star: Star) -> Iterator[tuple[str, str]]:
    """The procedures that check staged tables, replace observations, and merge each declared table: names and SQL."""
    if star.facts:
        yield "standard/sp_check_staged", render("checks/staged", star=star)
    for dimension in star.dimensions:
        text = render(f"dimensions/{dimension.history}", star=star, dimension=dimension)
        yield f"dimensions/{dimension.table_name}", text
    for fact in star.facts:
        yield f"standard/sp_merge_{fact.table_name}", render("facts/current", star=star, fact=fact)
    if star.bridges:
        yield "observations/sp_replace_observations", render("observations/replace", star=star)
    for bridge in star.bridges:
        text = render("bridges/latest_observation", star=star, bridge=bridge)
        yield f"bridges/{bridge.table_name}", text
