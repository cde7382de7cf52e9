"""Superset's configuration, and the preparation of its metadata. Both run in Superset's own environment.

Besides Superset they import the standard library, `same_origin.py` and `dashboards.palette`, and nothing else of ours.
"""

STEP = "step: "
"""Begins each line that the preparation prints about its progress."""
ADMINISTRATOR, VIEWER = "admin", "analyst"
"""The names of Superset's users."""
