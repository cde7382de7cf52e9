"""What a star of declared dimensions and facts need not write itself: procedures and quality rules, from templates.

A template of `warehouse/shared/standard` is Redshift SQL with Jinja's marks, which loop over the star's tables. What is
made holds static SQL only, as if it had been written out for the star. The templates of the folder `star` are rendered
once, those of `member` for each dimension and fact, those of `fact` for each fact.
"""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import Environment, StrictUndefined

from warehouse.stars import Star, sql_files

# What is rendered is SQL, and what goes in are names that a star declares: there is no HTML to escape.
_JINJA = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)  # noqa: S701


def rules(star: Star) -> Iterator[str]:
    """The texts of the quality rules that every star of declared facts has."""
    if not star.has_standard_rules:
        return
    for folder, each in (("star", [None]), ("member", star.members), ("fact", star.facts)):
        for file in sql_files("shared", f"standard/{folder}"):
            yield from (_JINJA.from_string(file.text).render(star=star, one=one) for one in each)


def procedures(star: Star) -> Iterator[tuple[str, str]]:
    """Names and SQL of the procedures that check what is staged and merge the facts."""
    if not star.has_standard_rules:
        return
    templates = {file.stem: file.text for file in sql_files("shared", "standard/procedures")}
    yield "sp_check_staged", _JINJA.from_string(templates["sp_check_staged"]).render(star=star)
    for fact in star.facts:
        merge = _JINJA.from_string(templates["sp_merge_fact"]).render(star=star, fact=fact)
        yield f"sp_merge_{fact.table_name}", merge
