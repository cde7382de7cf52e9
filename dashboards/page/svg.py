"""Vega-Lite specifications as SVG that belongs into a page: one picture with a name, without ids, sizes and clutter."""

from __future__ import annotations

import re
from typing import Any

import vl_convert
from lxml import etree

_VEGA_LITE = "6.1"
"""The version that Altair 6 writes."""
_NAMESPACE = "{http://www.w3.org/2000/svg}"
_DECIMALS = re.compile(r"(\d+\.\d\d)\d+")
_KEPT = frozenset({"d", "fill", "transform", "x1", "x2", "y1", "y2", "width", "height", "x", "y", "viewBox", "opacity"})
_KEPT_OF_TEXT = frozenset({"text-anchor", "font-size", "font-weight"})
_KEPT_OF_STROKES = frozenset({"stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "fill-opacity"})


def drawn(specification: dict[str, Any]) -> str:
    """A specification as an SVG element, hidden from screen readers: the figure around it has the words.

    Colours stay as they are written, so `var(--accent)` follows the page's light or dark appearance. The font is the
    page's own.
    """
    source = vl_convert.vegalite_to_svg(specification, vl_version=_VEGA_LITE)
    root = etree.fromstring(source.encode())
    for element in list(root.iter()):
        _tidy(element)
    size = {"width": root.get("width", ""), "height": root.get("height", "")}
    root.attrib.update(size)
    root.set("aria-hidden", "true")
    root.set("focusable", "false")
    etree.cleanup_namespaces(root)
    return str(etree.tostring(root, encoding="unicode"))


def _tidy(element: Any) -> None:
    for name in list(element.attrib):
        if name not in _KEPT | _KEPT_OF_TEXT | _KEPT_OF_STROKES:
            del element.attrib[name]
        elif name in ("d", "transform", "x2", "y2"):
            element.set(name, _DECIMALS.sub(r"\1", element.get(name)))
    parent = element.getparent()
    if parent is None:
        return
    if element.tag == f"{_NAMESPACE}path" and element.get("d", "") in ("", "M0,0h0v0h0Z"):
        parent.remove(element)
