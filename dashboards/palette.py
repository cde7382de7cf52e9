"""The colours of all dashboards, in Superset and in the report.

Every colour has a contrast of at least 3:1 against white and against the report's dark background, which is what WCAG
2.2 asks of graphics (criterion 1.4.11). Any two stay apart for readers who are colour-blind: a test simulates the three
kinds. Use them in this order; a chart with more series than colours is a chart to split.
"""

from __future__ import annotations

CATEGORICAL = ("#1f6fb5", "#d37812", "#935267", "#2794fb", "#968da8", "#c73f15")
"""For series and categories. The first is the colour of every chart that has a single series."""

SEQUENTIAL = ("#deebf7", "#9ecae1", "#4292c6", "#2171b5", "#08306b")
"""For heatmaps, from little to much: lightness carries the meaning, so hue need not be seen."""

LIGHT_BACKGROUND = "#ffffff"
DARK_BACKGROUND = "#15191e"
