"""Writes `docs/metrics.md` from the semantic model, or checks whether it is up to date.

python -m infra.checks.metrics [--write]
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence

from infra import terminal
from infra.checkout import ROOT
from semantics.catalog import Catalog, load
from semantics.elements import Dimension, Metric, Model, Question

PAGE = ROOT / "docs" / "metrics.md"
COMMAND = "python -m infra.checks.metrics --write"

_INTRODUCTION = f"""\
# Metrics

This page has the meanings of the warehouse's numbers and the names to ask for them. `{COMMAND}` writes it
from the semantic model in `semantics/`. The dashboards, the report and `./boxoffice metrics` read the same model.

```
./boxoffice metrics query upcoming_events --by venue__city --where "venue__state_code = TX" --order -upcoming_events
./boxoffice metrics query busiest_venues
```

The first asks for a metric by a dimension; the second asks a saved question. Answers are read as an analyst, so there
is no personal data in them. `--sql` prints the SQL.

- A dimension of type date also has grains: `show__start_date__month` (day, week, month, quarter, year).
- `metric_time` is the date that a metric counts by.
- A key identifies what its label only describes: group by both.
- A condition is a dimension, an operator and a value: `=`, `!=`, `<`, `<=`, `>`, `>=`; `in`, `not in` with values and
  commas between them; `between` with two values; `is null`, `is not null`. A value with a comma is in double quotes.

`./boxoffice metrics export` writes the model as YAML of Apache Ossie (Open Semantic Interchange, core specification
0.2.0.dev0) for other tools.
"""


def render(catalog: Catalog) -> str:
    """The whole page."""
    return "\n".join([_INTRODUCTION, *(line for star in catalog.stars for line in _star(catalog, star))]) + "\n"


def _star(catalog: Catalog, star: str) -> Iterator[str]:
    yield f"## Star `{star}`\n"
    questions = [question for question in catalog.questions.values() if question.star == star]
    if questions:
        yield "### Saved questions\n"
        yield from _table(("name", "question", "answer", "verified"), map(_question, questions))
    for model in catalog.models.values():
        if model.star == star:
            yield from _model(catalog, model)


def _question(question: Question) -> tuple[str, ...]:
    columns = ", ".join(f"`{name}`" for name in question.columns)
    verified = f"{question.verified_by}, {question.verified_at}"
    return f"`{question.name}`", question.question, f"{question.chart}: {columns}", verified


def _model(catalog: Catalog, model: Model) -> Iterator[str]:
    yield f"### {model.label}\n"
    yield f"{model.description} Read from `{model.relation}`.\n"
    metrics = [metric for metric in catalog.metrics.values() if metric.model == model.name]
    if metrics:
        yield from _table(("metric", "label", "meaning", "unit", "also called"), map(_metric, metrics))
    yield from _table(("dimension", "label", "type", "meaning", "also called"), map(_dimension, model.dimensions))
    others = [f"[{other.label}](#{_anchor(other.label)})" for other, _ in catalog.joined(model)]
    if metrics and others:
        yield f"Metrics can also be grouped by the dimensions of {', '.join(others)}.\n"


def _metric(metric: Metric) -> tuple[str, ...]:
    return f"`{metric.name}`", metric.label, metric.description, metric.unit, ", ".join(metric.synonyms)


def _dimension(dimension: Dimension) -> tuple[str, ...]:
    key = " (key)" if dimension.is_key else ""
    synonyms = ", ".join(dimension.synonyms)
    return f"`{dimension.name}`", dimension.label, f"{dimension.datatype}{key}", dimension.description, synonyms


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield f"|{'---|' * len(headings)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
    yield ""


def _anchor(heading: str) -> str:
    return heading.lower().replace(" ", "-")


def main(arguments: Sequence[str]) -> int:
    """Write the page, or check it. Returns an exit code."""
    current = render(load())
    if "--write" in arguments:
        PAGE.write_text(current, "utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text("utf-8") == current:
        return 0
    terminal.complain(f"{PAGE.relative_to(ROOT)} is out of date: {COMMAND}")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
