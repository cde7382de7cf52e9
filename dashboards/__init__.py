"""Dashboards, declared once by metrics and dimensions of `semantics`, and rendered for Superset and as a page."""
