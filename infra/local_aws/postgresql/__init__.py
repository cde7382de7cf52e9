"""Embedded PostgreSQL: where its files are, and what a cluster needs before its server starts."""
