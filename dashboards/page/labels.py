"""Labels that several keys share, such as a venue's name: each gets its key, to tell them apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from dashboards.page.figures import Figure

SEPARATOR = " · "


def distinct(figure: Figure, keys: Mapping[str, str]) -> Figure:
    """The figure with a different label for each key.

    Args:
        figure: the figure.
        keys: the name of each label's key, by the name of the label.
    """
    for label, key in keys.items():
        figure = _distinct(figure, label, key)
    return figure


def _distinct(figure: Figure, label: str, key: str) -> Figure:
    names = [column.name for column in figure.columns]
    at, key_at = names.index(label), names.index(key)
    holders = defaultdict(set)
    for row in figure.rows:
        holders[row[at]].add(row[key_at])
    shared = {text for text, ids in holders.items() if text is not None and len(ids) > 1}
    rows = (
        (*row[:at], f"{row[at]}{SEPARATOR}{row[key_at]}", *row[at + 1 :]) if row[at] in shared else row
        for row in figure.rows
    )
    return replace(figure, rows=tuple(rows)) if shared else figure
