"""The SQL templates of `warehouse/shared`: Redshift SQL with Jinja's marks, which loop over what a star declares.

What is rendered is static SQL, as if it had been written out for the star. `python -m warehouse.generated` prints it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from importlib import resources

from jinja2 import Environment, FunctionLoader, StrictUndefined


def render(template: str, **names: object) -> str:
    """The SQL of `warehouse/shared/<template>.sql`; also when imported from a zip.

    Raises:
        jinja2.TemplateNotFound: there is no such template.
        jinja2.UndefinedError: the template uses a name that was not passed.
    """
    return _ENVIRONMENT.get_template(template).render(**names)


def render_text(text: str, **names: object) -> str:
    """A text with such marks. Raises like `render`."""
    return _ENVIRONMENT.from_string(text).render(**names)


def _read(template: str) -> str | None:
    path = resources.files("warehouse").joinpath("shared", *f"{template}.sql".split("/"))
    return path.read_text("utf-8") if path.is_file() else None


# The output is SQL, and the names come from a star's declaration: there is no HTML to escape.
_ENVIRONMENT = Environment(
    loader=FunctionLoader(_read),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    autoescape=False,  # noqa: S701
)


def _with_article(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def _qualified(columns: Iterable[str], alias: str) -> list[str]:
    return [f"{alias}.{column}" for column in columns]


def _affixed(text: str, before: str, after: str) -> str:
    return before + text + after


def _listed(columns: Iterable[str], indent: int) -> str:
    """The names with commas between them, in lines of at most 120 characters that are indented alike."""
    lines = textwrap.wrap(", ".join(columns), 120 - indent, break_long_words=False)
    return f"\n{' ' * indent}".join(lines)


_ENVIRONMENT.filters |= {
    "with_article": _with_article,
    "qualified": _qualified,
    "affixed": _affixed,
    "listed": _listed,
}
