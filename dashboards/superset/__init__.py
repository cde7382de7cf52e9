"""Superset's files, written from the declarations: `python -m dashboards.superset --write`."""
