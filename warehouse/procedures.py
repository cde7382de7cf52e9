"""The procedures of a star that come from shared templates, by what the star declares."""

from __future__ import annotations

from collections.abc import Iterator

from warehouse.stars import Star
from warehouse.templates import render


def procedures(star: Star) -> Iterator[tuple[str, str]]:
    """What checks the staged tables, and what merges each table that the star declares: names of steps, and SQL."""
    if star.facts:
        yield "standard/sp_check_staged", render("checks/staged", star=star)
    for dimension in star.dimensions:
        text = render(f"dimensions/{dimension.history}", star=star, dimension=dimension)
        yield f"dimensions/{dimension.table_name}", text
    for fact in star.facts:
        yield f"standard/sp_merge_{fact.table_name}", render("facts/current", star=star, fact=fact)
    for bridge in star.bridges:
        text = render("bridges/latest_observation", star=star, bridge=bridge)
        yield f"bridges/{bridge.table_name}", text
